// The keyboard shortcuts, and the list of them. Alt and Shift with a letter: free in browsers, typed the same on
// English and French keyboards, and never needed to write text.

import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from './text.ts';

const open = signal(false);

/** Opens the list. */
export function showShortcuts(): void {
  open.value = true;
}

/** What each letter does: click or focus the element of that id. */
const TARGETS: Readonly<Record<string, string>> = {
  KeyR: 'go-ready',
  KeyN: 'go-not-ready',
  KeyO: 'sign-out',
  KeyP: 'book-search',
  KeyK: 'show-keys',
};

/** Listens for the shortcuts as long as the desktop is shown. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || open.value) return;
      const target = document.getElementById(TARGETS[event.code] ?? '');
      if (target === null) return;
      event.preventDefault();
      target.focus();
      if (target instanceof HTMLButtonElement) target.click();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

export function Shortcuts(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open.value) dialog.current?.showModal();
  }, [open.value]);
  const row = (keys: string, what: string): JSX.Element => (
    <div class="key-row">
      <dt>{what}</dt>
      <dd>
        <kbd>{keys}</kbd>
      </dd>
    </div>
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
      <dl>
        {row('R', t('keys.ready'))}
        {row('N', t('keys.notReady'))}
        {row('O', t('keys.signOut'))}
        {row('P', t('keys.search'))}
        {row('K', t('keys.help'))}
      </dl>
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
