// The states of the agent since the sign-in on this page, newest first.

import type { JSX } from 'preact';
import * as view from '../agent/view.ts';
import { formatDuration } from '../lib/clock.ts';
import { Icon, stateIcon } from './icons.tsx';
import { stateName, t, timeOfDay } from './text.ts';

export function HistoryCard(): JSX.Element {
  const entries = view.history.value;
  return (
    <section class="card history" aria-labelledby="history-heading">
      <div class="card-head">
        <h2 id="history-heading">{t('history.heading')}</h2>
        <span class="quiet">{t('history.lead')}</span>
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="history-heading">
        <ol class="rows">
          {entries.map((entry, i) => {
            const until = i === 0 ? view.now.value : (entries[i - 1]?.at ?? entry.at);
            return (
              <li key={entries.length - i} class="row" data-state={entry.state}>
                <span class="dot">
                  <Icon name={stateIcon(entry.state)} />
                </span>
                <span class="row-text">
                  <span class="row-name">{stateName(entry.state)}</span>
                  <span class="quiet">
                    {[timeOfDay(entry.at), entry.reason].filter((p) => p !== '').join(' · ')}
                  </span>
                </span>
                <span class="number">{formatDuration(until - entry.at)}</span>
              </li>
            );
          })}
        </ol>
      </div>
    </section>
  );
}
