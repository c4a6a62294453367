// A fault as the agent sees it: words first, the code small beside them.

import type { JSX } from 'preact';
import { faultKey } from '../i18n/faults.ts';
import { codeOf, type Fault } from '../lib/fault.ts';
import { Icon } from './icons.tsx';
import { t } from './text.ts';

interface Props {
  readonly fault: Fault;
  /** The extension that the words may name. */
  readonly extension: string;
  readonly children?: JSX.Element;
}

export function FaultNote({ fault, extension, children }: Props): JSX.Element {
  const code = codeOf(fault);
  return (
    <div class="note note-error" role="alert">
      <Icon name="warning" />
      <div class="note-text">
        <p>{t(faultKey(fault), { extension })}</p>
        {fault.peripheral !== '' && <p class="quiet">{fault.peripheral}</p>}
        {code !== '' && (
          <p class="code">
            {t('fault.code')}: <code>{code}</code>
          </p>
        )}
        {children}
      </div>
    </div>
  );
}
