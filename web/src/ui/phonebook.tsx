// The phone books of the agent, searchable, and the place to make a call: a number that is typed, or a contact's.
// While a call is under way, calling somebody means consulting them about it.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { act, makeCall } from '../agent/call-actions.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { actions, active, dialable } from '../lib/call.ts';
import type { User } from '../lib/model.ts';
import { matchContacts } from '../lib/search.ts';
import { FaultNote } from './fault.tsx';
import { Icon } from './icons.tsx';
import { keyLetter } from './shortcuts.tsx';
import { t } from './text.ts';

/** So many rows are drawn; a phone book may have thousands. */
const MAX_ROWS = 200;

const PAD = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
}

export function PhoneBookCard({ desktop, user }: Props): JSX.Element {
  const query = useSignal('');
  const pad = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const all = view.contacts.value;
  const found = matchContacts(all ?? [], query.value);
  const typed = dialable(query.value);
  const fault = calls.faults.value.get(calls.MAKE);
  const { consult, busy, dial } = useDialing(desktop, user);
  const go = (number: string): void => {
    if (!busy)
      void dial(number).then((done) => {
        if (done) query.value = '';
      });
  };
  return (
    <section class="card book" aria-labelledby="book-heading">
      <div class="card-head">
        <h2 id="book-heading">{t('book.heading')}</h2>
        <span class="quiet" role="status">
          {all !== undefined && count(found.length)}
        </span>
      </div>
      <form
        class="dial"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== undefined) go(typed);
          else event.currentTarget.parentElement?.querySelector<HTMLElement>('.row .button')?.focus();
        }}
      >
        <div class="search" {...keyLetter('#book-search')}>
          <Icon name="search" />
          <input
            ref={field}
            type="search"
            id="book-search"
            aria-label={t('dial.search')}
            placeholder={t('dial.placeholder')}
            autocomplete="off"
            spellcheck={false}
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
            }}
          />
        </div>
        <button
          type="button"
          class="button"
          aria-label={t('dial.pad')}
          title={t('dial.pad')}
          aria-expanded={pad.value}
          onClick={() => {
            pad.value = !pad.value;
          }}
        >
          <Icon name="keypad" />
        </button>
        {typed !== undefined && (
          <button type="submit" class="button button-answer" aria-disabled={busy}>
            <Icon name={consult ? 'consult' : 'answer'} />
            {t(consult ? 'dial.consultNumber' : 'dial.number', { number: typed })}
          </button>
        )}
      </form>
      {pad.value && (
        <div class="keys-grid book-pad" role="group" aria-label={t('dial.pad')}>
          {PAD.map((key) => (
            <button
              type="button"
              key={key}
              class="button keypad-key"
              onClick={() => {
                query.value += key;
              }}
            >
              {key}
            </button>
          ))}
        </div>
      )}
      {fault !== undefined && (
        <FaultNote
          fault={fault}
          extension={user.extension}
          about="call"
          onDismiss={() => calls.clearFault(calls.MAKE)}
        />
      )}
      {all === undefined && view.dataFault.value === undefined && (
        <p class="quiet empty">{t('book.loading')}</p>
      )}
      {all !== undefined && all.length === 0 && <p class="quiet empty">{t('book.empty')}</p>}
      {all !== undefined && all.length > 0 && found.length === 0 && typed === undefined && (
        <p class="quiet empty">{t('book.none', { query: query.value })}</p>
      )}
      {found.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-labelledby="book-heading">
          <ul class="rows">
            {found.slice(0, MAX_ROWS).map((contact) => {
              const number = dialable(contact.phoneNumber);
              const values = { name: contact.name || contact.phoneNumber, number: contact.phoneNumber };
              return (
                <li key={`${contact.book}/${contact.name}/${contact.phoneNumber}`} class="row">
                  <span class="initials" aria-hidden="true">
                    {initials(contact.name)}
                  </span>
                  <span class="row-text">
                    <span class="row-name">{contact.name || contact.phoneNumber}</span>
                    <span class="quiet">
                      {[contact.description, contact.book].filter((p) => p !== '').join(' · ')}
                    </span>
                  </span>
                  <span class="number">{contact.phoneNumber}</span>
                  {number !== undefined && (
                    <button
                      type="button"
                      class="button button-small"
                      aria-label={t(consult ? 'dial.consultName' : 'dial.callName', values)}
                      title={t(consult ? 'dial.consult' : 'dial.call')}
                      aria-disabled={busy}
                      onClick={() => go(number)}
                    >
                      <Icon name={consult ? 'consult' : 'answer'} />
                    </button>
                  )}
                </li>
              );
            })}
          </ul>
          {found.length > MAX_ROWS && (
            <p class="quiet empty">{t('book.shown', { count: String(MAX_ROWS) })}</p>
          )}
        </div>
      )}
    </section>
  );
}

/** What calling a number means now: a call of its own, or a consult about the one that is under way. */
function useDialing(
  desktop: Desktop,
  user: User,
): {
  readonly consult: boolean;
  readonly busy: boolean;
  readonly dial: (number: string) => Promise<boolean>;
} {
  const current = active(calls.calls.value, user.extension);
  const consult = current !== undefined && actions(current, user.extension).includes('CONSULT_CALL');
  const place = consult && current !== undefined ? current.id : calls.MAKE;
  return {
    consult,
    busy: calls.doing.value.has(place) || !view.link.value.up || !view.inService.value,
    dial: (number) =>
      consult && current !== undefined
        ? act(desktop, current, 'CONSULT_CALL', { to: number })
        : makeCall(desktop, number),
  };
}

function count(n: number): string {
  return t(n === 1 ? 'book.count.one' : 'book.count.other', { count: String(n) });
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => (word === undefined ? '' : (Array.from(word)[0] ?? '')))
    .join('')
    .toUpperCase();
}
