// What has been since the sign-in on this page, newest first: the agent's states, or the calls; and the queues.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { formatDuration } from '../lib/clock.ts';
import { Icon, stateIcon } from './icons.tsx';
import { PastCalls } from './past-calls.tsx';
import { QueueRows } from './queues.tsx';
import { stateName, t, timeOfDay } from './text.ts';

type Tab = 'history.heading' | 'past.heading' | 'queues.heading';

export function HistoryCard({ desktop }: { readonly desktop: Desktop }): JSX.Element {
  const shown = useSignal<Tab>('history.heading');
  const heading = shown.value;
  const choice = (tab: Tab): JSX.Element => (
    <button
      type="button"
      aria-pressed={heading === tab}
      onClick={() => {
        shown.value = tab;
      }}
    >
      {t(tab)}
    </button>
  );
  return (
    <section class="card history" aria-label={t(heading)}>
      <div class="card-head">
        <div class="languages" role="group" aria-label={t('past.tabs')}>
          {choice('history.heading')}
          {choice('past.heading')}
          {choice('queues.heading')}
        </div>
        {heading !== 'queues.heading' && <span class="quiet">{t('history.lead')}</span>}
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-label={t(heading)}>
        {heading === 'history.heading' && <States />}
        {heading === 'past.heading' && <PastCalls desktop={desktop} />}
        {heading === 'queues.heading' && <QueueRows desktop={desktop} />}
      </div>
    </section>
  );
}

function States(): JSX.Element {
  const entries = view.history.value;
  return (
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
  );
}
