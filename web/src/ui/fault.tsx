// A fault as the agent sees it: words first, the code small beside them.

import type { JSX } from 'preact';
import { faultKey } from '../i18n/faults.ts';
import { callFaultKey } from '../i18n/call-faults.ts';
import type { Key } from '../i18n/index.ts';
import { codeOf, type Fault } from '../lib/fault.ts';
import { Icon } from './icons.tsx';
import { t } from './text.ts';

interface Props {
  readonly fault: Fault;
  /** The extension that the words may name. */
  readonly extension: string;
  /** What was asked for, where the words depend on it. */
  readonly about?: 'call' | 'member';
  /** Takes the note away; without it, the note goes when what it is about does. */
  readonly onDismiss?: () => void;
  readonly children?: JSX.Element;
}

export function FaultNote({ fault, extension, about, onDismiss, children }: Props): JSX.Element {
  const code = codeOf(fault);
  return (
    <div class="note note-error" role="alert">
      <Icon name="warning" />
      <div class="note-text">
        <p>{t(words(fault, about), { extension })}</p>
        {fault.peripheral !== '' && <p class="quiet">{fault.peripheral}</p>}
        {code !== '' && (
          <p class="code">
            {t('fault.code')}: <code>{code}</code>
          </p>
        )}
        {children}
      </div>
      {onDismiss !== undefined && (
        <button type="button" class="icon-button" aria-label={t('fault.dismiss')} onClick={onDismiss}>
          <Icon name="cross" />
        </button>
      )}
    </div>
  );
}

function words(fault: Fault, about: Props['about']): Key {
  if (about === 'call') return callFaultKey(fault);
  const key = faultKey(fault);
  return about === 'member' && key === 'fault.stateNotAllowed' ? 'fault.memberState' : key;
}
