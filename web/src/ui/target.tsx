// A field for whom to call: a number, or a name of the phone book with the matches below it. Arrow keys choose
// among them, Enter takes the chosen one, else the number that was typed.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import * as view from '../agent/view.ts';
import { dialable } from '../lib/call.ts';
import type { Contact } from '../lib/model.ts';
import { matchContacts } from '../lib/search.ts';
import { Icon } from './icons.tsx';
import { t } from './text.ts';

interface Props {
  /** The words for doing it, with the number in them. */
  readonly verb: 'form.consultNumber' | 'form.transferNumber';
  readonly busy: boolean;
  readonly onChoose: (number: string) => void;
  /** Set to what the form's submit shall do. */
  readonly submit: { current: () => void };
}

/** So many matches are listed. */
const MAX_MATCHES = 5;

export function TargetField({ verb, busy, onChoose, submit }: Props): JSX.Element {
  const query = useSignal('');
  const chosen = useSignal(-1);
  const wrong = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => field.current?.focus(), []);
  const matches = matchContacts(view.contacts.value ?? [], query.value).slice(0, MAX_MATCHES);
  const typed = dialable(query.value);
  const numberOf = (contact: Contact | undefined): string | undefined =>
    contact === undefined ? undefined : dialable(contact.phoneNumber);
  const only = query.value.trim() !== '' && matches.length === 1 ? matches[0] : undefined;
  const target = numberOf(matches[chosen.value]) ?? typed ?? numberOf(only);
  submit.current = () => {
    wrong.value = target === undefined;
    if (target !== undefined && !busy) onChoose(target);
    if (target === undefined) field.current?.focus();
  };
  return (
    <div class="target">
      <div class="target-line">
        <div class="search search-inside">
          <Icon name="search" />
          <input
            ref={field}
            type="text"
            inputMode="text"
            role="combobox"
            aria-label={t('form.target')}
            aria-expanded={matches.length > 0}
            aria-controls={matches.length > 0 ? `${id}-list` : undefined}
            aria-autocomplete="list"
            aria-activedescendant={chosen.value >= 0 ? `${id}-${chosen.value}` : undefined}
            aria-invalid={wrong.value}
            aria-describedby={wrong.value ? `${id}-wrong` : undefined}
            placeholder={t('form.target')}
            autocomplete="off"
            spellcheck={false}
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
              chosen.value = -1;
              wrong.value = false;
            }}
            onKeyDown={(event) => {
              const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
              if (step === 0 || matches.length === 0) return;
              event.preventDefault();
              const places = matches.length + 1;
              chosen.value = ((chosen.value + 1 + step + places) % places) - 1;
            }}
          />
        </div>
        <button type="submit" class="button button-primary" aria-disabled={busy} data-busy={busy}>
          {t(verb, { number: target ?? '' }).trim()}
        </button>
      </div>
      {wrong.value && (
        <p id={`${id}-wrong`} class="field-wrong" role="alert">
          {t('form.noNumber')}
        </p>
      )}
      {matches.length > 0 && (
        <ul id={`${id}-list`} class="target-list" role="listbox" aria-label={t('form.matches')}>
          {matches.map((contact, i) => (
            <li
              key={`${contact.book}/${contact.name}/${contact.phoneNumber}`}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === chosen.value}
              class="target-match"
              onClick={() => {
                const number = numberOf(contact);
                if (number !== undefined && !busy) onChoose(number);
              }}
            >
              <span class="row-name">{contact.name || contact.phoneNumber}</span>
              <span class="quiet">{contact.description}</span>
              <span class="number">{contact.phoneNumber}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
