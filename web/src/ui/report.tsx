// The button that sends the client log, or saves it where the server cannot take it, with the outcome beside it.

import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import { saveReport, sendReport } from '../agent/report.ts';
import * as view from '../agent/view.ts';
import { Icon } from './icons.tsx';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  /** Whether the server would take a report: it must have accepted the credentials. */
  readonly canSend: boolean;
}

export function ReportButton({ desktop, canSend }: Props): JSX.Element {
  const send = canSend && view.report.value !== 'failed';
  const state = canSend ? view.report.value : 'idle';
  return (
    <span class="report">
      <button
        type="button"
        class="button button-quiet"
        onClick={() => (send ? void sendReport(desktop) : saveReport(desktop))}
      >
        <Icon name="report" />
        {t(send ? 'report.send' : 'report.save')}
      </button>
      <span class="quiet" role="status">
        {state !== 'idle' && t(`report.${state}`)}
      </span>
    </span>
  );
}
