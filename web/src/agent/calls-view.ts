// What the page shows about calls, as signals. The parts of src/agent write them, the components of src/ui read them.

import { signal } from '@preact/signals';
import type { Calls } from '../lib/calls.ts';
import type { Fault } from '../lib/fault.ts';
import type { User, WrapUpReason } from '../lib/model.ts';

/** Where something was asked for, and so where its refusal is shown: a dialog's id, or one of these. */
export type Place = string;
/** The field for making a call. */
export const MAKE: Place = 'make';
/** The row of a team member: listening in, and the member's state. */
export const memberPlace = (id: string): Place => `member ${id}`;
export const statePlace = (id: string): Place => `state ${id}`;

export interface PastCall {
  /** When it began and ended by the client's clock, ms. */
  readonly began: number;
  readonly ended: number;
  readonly number: string;
  /** The name that the call carried; empty when it had none. */
  readonly name: string;
  readonly outgoing: boolean;
  /** Whether it was ever answered here. */
  readonly answered: boolean;
  readonly queueName: string;
  readonly wrapUpReason: string;
}

/** So many past calls are kept. */
export const MAX_PAST = 50;

export const calls = signal<Calls>([]);
export const pastCalls = signal<readonly PastCall[]>([]);
export const wrapUpReasons = signal<readonly WrapUpReason[]>([]);

/** The names of agents who are or were in a call here, by extension. */
export const names = signal<ReadonlyMap<string, string>>(new Map());
/** Who was signed in in the agent's teams when a form last asked whom to call. */
export const colleagues = signal<readonly User[]>([]);

/** What is under way, by place: the action's name. */
export const doing = signal<ReadonlyMap<Place, string>>(new Map());
/** What was refused last, by place. */
export const faults = signal<ReadonlyMap<Place, Fault>>(new Map());

/** The form that is open in a call's card: whom to consult or transfer to, the keypad, the data. */
export type Form = 'consult' | 'transfer' | 'keypad' | 'data' | 'callback';
export const form = signal<{ readonly call: string; readonly form: Form } | undefined>(undefined);

/** Opens a form in a call's card, or closes it when it is open. */
export function toggleForm(call: string, which: Form): void {
  const open = form.value;
  form.value = open?.call === call && open.form === which ? undefined : { call, form: which };
}

export function begin(place: Place, action: string): void {
  doing.value = new Map(doing.value).set(place, action);
  clearFault(place);
}

export function end(place: Place): void {
  const next = new Map(doing.value);
  next.delete(place);
  doing.value = next;
}

export function showFault(place: Place, fault: Fault): void {
  faults.value = new Map(faults.value).set(place, fault);
}

export function clearFault(place: Place): void {
  if (!faults.value.has(place)) return;
  const next = new Map(faults.value);
  next.delete(place);
  faults.value = next;
}

/** Forgets everything about the agent who was signed in. */
export function clearCalls(): void {
  calls.value = [];
  pastCalls.value = [];
  wrapUpReasons.value = [];
  names.value = new Map();
  colleagues.value = [];
  doing.value = new Map();
  faults.value = new Map();
  form.value = undefined;
}
