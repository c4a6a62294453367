// The keyboard shortcuts, and the list of them. Alt and Shift with a letter: free in browsers, typed the same on
// English and French keyboards, and never needed to write text.

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Key } from '../i18n/index.ts';
import { t } from './text.ts';

const open = signal(false);

/** Opens the list. */
export function showShortcuts(): void {
  open.value = true;
}

interface Shortcut {
  readonly letter: string;
  readonly words: Key;
  /** What is focused and, when it is a button, pressed: the first of these selectors that finds something. */
  readonly targets: readonly string[];
  /** Only for supervisors. */
  readonly supervisor?: true;
}

const doing = (action: string, within = ''): string => `${within} [data-do=${action}]`;

/** The shortcuts of calls. Hanging up never reaches a caller on hold: twice the key must not lose the second call. */
const CALLS: readonly Shortcut[] = [
  { letter: 'Y', words: 'keys.answer', targets: [doing('ANSWER'), doing('ACCEPT')] },
  { letter: 'H', words: 'keys.hold', targets: [doing('RETRIEVE'), doing('HOLD')] },
  { letter: 'E', words: 'keys.hangUp', targets: [doing('DROP', '.call:not([data-role=held])')] },
  { letter: 'C', words: 'keys.consult', targets: [doing('CONSULT_CALL')] },
  { letter: 'X', words: 'keys.transfer', targets: [doing('TRANSFER'), doing('TRANSFER_SST')] },
  { letter: 'J', words: 'keys.conference', targets: [doing('CONFERENCE')] },
  { letter: 'D', words: 'keys.keypad', targets: [doing('SEND_DTMF')] },
  {
    letter: 'L',
    words: 'keys.wrapUp',
    targets: [doing('WRAP_UP', '.call:not(:focus-within)'), doing('UPDATE_CALL_DATA')],
  },
];

const DESK: readonly Shortcut[] = [
  { letter: 'R', words: 'keys.ready', targets: ['#go-ready'] },
  { letter: 'N', words: 'keys.notReady', targets: ['#go-not-ready'] },
  { letter: 'O', words: 'keys.signOut', targets: ['#sign-out'] },
  { letter: 'P', words: 'keys.search', targets: ['#book-search', '#team-search'] },
  { letter: 'S', words: 'keys.page', targets: ['.nav [aria-current=false]'], supervisor: true },
  { letter: 'V', words: 'keys.tone', targets: ['#ring-tone'] },
  { letter: 'K', words: 'keys.help', targets: ['#show-keys'] },
];

interface KeyHint {
  readonly 'aria-keyshortcuts'?: string;
  readonly title?: string;
  /** The letter, drawn on the button while Alt and Shift are held. */
  readonly 'data-key'?: string;
}

/** What a button shows of its shortcut; `target` is its selector, or `[data-do=X]` for the action X of a call. */
export function keyHint(target: string): KeyHint {
  const found = [...CALLS, ...DESK].find(({ targets }) => targets.some((one) => one.endsWith(target)));
  if (found === undefined) return {};
  const spelled = `Alt+Shift+${found.letter}`;
  return { 'aria-keyshortcuts': spelled, title: spelled, 'data-key': found.letter };
}

/** Only the letter, for what stands around a field: nothing can be drawn on the field itself. */
export function keyLetter(target: string): KeyHint {
  const letter = keyHint(target)['data-key'];
  return letter === undefined ? {} : { 'data-key': letter };
}

/** While Alt and Shift are held, every button that has a letter shows it. */
function showLetters(held: boolean): void {
  document.documentElement.toggleAttribute('data-keys', held);
}

/** Listens for the shortcuts as long as the desktop is shown. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const held = event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey;
      showLetters(held && (event.key === 'Alt' || event.key === 'Shift' || event.key === 'Meta'));
      if (!held) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const shortcut = [...CALLS, ...DESK].find(({ letter }) => event.code === `Key${letter}`);
      const target = shortcut?.targets
        .map((selector) => document.querySelector<HTMLElement>(selector))
        .find((found) => found !== null);
      if (target === null || target === undefined) return;
      event.preventDefault();
      // A held key must not answer, hang up or swap again and again.
      if (event.repeat) return;
      target.focus();
      // A reason is chosen by its own key press, once it has the focus.
      if (target instanceof HTMLButtonElement && target.dataset['do'] !== 'WRAP_UP') target.click();
    };
    const hide = (): void => showLetters(false);
    document.addEventListener('keydown', onKey);
    document.addEventListener('keyup', hide);
    window.addEventListener('blur', hide);
    return () => {
      hide();
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('keyup', hide);
      window.removeEventListener('blur', hide);
    };
  }, []);
}

export function Shortcuts({ supervisor }: { readonly supervisor: boolean }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open.value) dialog.current?.showModal();
  }, [open.value]);
  const list = (heading: Key, shortcuts: readonly Shortcut[]): JSX.Element => (
    <section>
      <h3>{t(heading)}</h3>
      <dl>
        {shortcuts
          .filter((shortcut) => supervisor || shortcut.supervisor !== true)
          .map(({ letter, words }) => (
            <div class="key-row" key={letter}>
              <dt>{t(words)}</dt>
              <dd>
                <kbd>{letter}</kbd>
              </dd>
            </div>
          ))}
      </dl>
    </section>
  );
  return (
    <dialog
      ref={dialog}
      class="card keys"
      aria-labelledby="keys-heading"
      onClose={() => {
        open.value = false;
      }}
    >
      <h2 id="keys-heading">{t('keys.heading')}</h2>
      <p class="quiet">{t('keys.lead')}</p>
      <div class="keys-lists">
        {list('keys.calls', CALLS)}
        {list('keys.desk', DESK)}
      </div>
      <p class="quiet">
        {t('keys.menu')}: {t('keys.menuHow')}.
      </p>
      <form method="dialog">
        <button type="submit" class="button button-primary">
          {t('keys.close')}
        </button>
      </form>
    </dialog>
  );
}
