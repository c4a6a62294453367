// A field for whom to call: a number, or the name of a colleague or of the phone book with the matches below it. Arrow
// keys choose among them, Enter takes the chosen one, else the number that was typed.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import * as calls from '../agent/calls-view.ts';
import { loadColleagues } from '../agent/colleagues.ts';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { dialable } from '../lib/call.ts';
import type { Contact } from '../lib/model.ts';
import { matchContacts } from '../lib/search.ts';
import { sorted } from '../lib/team.ts';
import { Icon, stateIcon } from './icons.tsx';
import { stateName, t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  /** The words for doing it, with the number in them. */
  readonly verb: 'form.consultNumber' | 'form.transferNumber';
  readonly busy: boolean;
  readonly onChoose: (number: string) => void;
  /** Set to what the form's submit shall do. */
  readonly submit: { current: () => void };
}

/** Somebody who may be called; a colleague has a state. */
interface Match extends Contact {
  readonly state?: string;
}

/** So many matches are listed, and so many colleagues among them. */
const MAX_MATCHES = 7;
const MAX_COLLEAGUES = 4;

/** The colleagues and contacts that match, those who are ready first. */
function matching(query: string): readonly Match[] {
  const ready = (state: string): number => (state === 'READY' ? 0 : 1);
  const colleagues = sorted(calls.colleagues.value, 'name')
    .toSorted((a, b) => ready(a.state) - ready(b.state))
    .map((user) => ({
      name: `${user.firstName} ${user.lastName}`.trim(),
      phoneNumber: user.extension,
      description: stateName(user.state),
      book: '',
      state: user.state,
    }));
  const found: readonly Match[] = matchContacts(colleagues, query).slice(0, MAX_COLLEAGUES);
  return [...found, ...matchContacts(view.contacts.value ?? [], query)].slice(0, MAX_MATCHES);
}

export function TargetField({ desktop, verb, busy, onChoose, submit }: Props): JSX.Element {
  const query = useSignal('');
  const chosen = useSignal(-1);
  const wrong = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    field.current?.focus();
    if (desktop.session !== undefined) void loadColleagues(desktop, desktop.session);
  }, []);
  const matches = matching(query.value);
  const typed = dialable(query.value);
  const numberOf = (match: Match | undefined): string | undefined =>
    match === undefined ? undefined : dialable(match.phoneNumber);
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
          {matches.map((match, i) => (
            <li
              key={`${match.book}/${match.name}/${match.phoneNumber}`}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === chosen.value}
              class="target-match"
              data-state={match.state}
              onClick={() => {
                const number = numberOf(match);
                if (number !== undefined && !busy) onChoose(number);
              }}
            >
              <span class="row-name">{match.name || match.phoneNumber}</span>
              {match.state === undefined ? (
                <span class="quiet">{match.description}</span>
              ) : (
                <span class="target-state">
                  <Icon name={stateIcon(match.state)} />
                  {match.description}
                </span>
              )}
              <span class="number">{match.phoneNumber}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
