// The phone books of the agent, searchable.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import * as view from '../agent/view.ts';
import { matchContacts } from '../lib/search.ts';
import { Icon } from './icons.tsx';
import { t } from './text.ts';

/** So many rows are drawn; a phone book may have thousands. */
const MAX_ROWS = 200;

export function PhoneBookCard(): JSX.Element {
  const query = useSignal('');
  const all = view.contacts.value;
  const found = matchContacts(all ?? [], query.value);
  return (
    <section class="card book" aria-labelledby="book-heading">
      <div class="card-head">
        <h2 id="book-heading">{t('book.heading')}</h2>
        <span class="quiet" role="status">
          {all !== undefined && count(found.length)}
        </span>
      </div>
      <div class="search">
        <Icon name="search" />
        <input
          type="search"
          id="book-search"
          aria-label={t('book.search')}
          placeholder={t('book.placeholder')}
          autocomplete="off"
          spellcheck={false}
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value;
          }}
        />
      </div>
      {all === undefined && view.dataFault.value === undefined && (
        <p class="quiet empty">{t('book.loading')}</p>
      )}
      {all !== undefined && all.length === 0 && <p class="quiet empty">{t('book.empty')}</p>}
      {all !== undefined && all.length > 0 && found.length === 0 && (
        <p class="quiet empty">{t('book.none', { query: query.value })}</p>
      )}
      {found.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-labelledby="book-heading">
          <ul class="rows">
            {found.slice(0, MAX_ROWS).map((contact) => (
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
              </li>
            ))}
          </ul>
          {found.length > MAX_ROWS && (
            <p class="quiet empty">{t('book.shown', { count: String(MAX_ROWS) })}</p>
          )}
        </div>
      )}
    </section>
  );
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
