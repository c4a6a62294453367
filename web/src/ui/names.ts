// Whose number it is: the phone books and the team know some.

import { computed } from '@preact/signals';
import { names } from '../agent/calls-view.ts';
import * as team from '../agent/team-view.ts';
import * as view from '../agent/view.ts';
import { carriedName, dialable, otherEnd } from '../lib/call.ts';
import type { Dialog } from '../lib/dialog.ts';
import { t } from './text.ts';

const contacts = computed(() => {
  const found = new Map<string, string>();
  for (const { name, phoneNumber } of view.contacts.value ?? []) {
    const number = dialable(phoneNumber);
    if (number !== undefined && name !== '' && !found.has(number)) found.set(number, name);
  }
  return found;
});

const members = computed(
  () =>
    new Map(
      (team.members.value ?? []).map((m) => [m.extension, `${m.firstName} ${m.lastName}`.trim()] as const),
    ),
);

/** The name that goes with a number; undefined when nobody knows. */
export function knownName(number: string): string | undefined {
  if (number === '') return undefined;
  return (
    members.value.get(number) || names.value.get(number) || contacts.value.get(dialable(number) ?? number)
  );
}

/**
 * Whom a call is with, or who is at that number in it: the name that is known here, else the one that the call
 * carries, else the number.
 */
export function nameInCall(call: Dialog, extension: string, number = otherEnd(call, extension)): string {
  return knownName(number) ?? (carriedName(call, extension, number) || nameOf(number));
}

/** What a call variable is called here: the ten that every centre has are numbered. */
export function variableName(name: string): string {
  const number = /^callVariable(\d+)$/.exec(name)?.[1];
  return number === undefined ? name.replace(/^user\./, '') : t('call.variable', { number });
}

/** What to call somebody: the name, the number, or words for neither. */
export function nameOf(number: string): string {
  return knownName(number) ?? (number === '' ? t('call.nobody') : number);
}
