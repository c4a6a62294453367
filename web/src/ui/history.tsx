// What has been since the sign-in on this page, newest first: the agent's states, or the calls.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { formatDuration } from '../lib/clock.ts';
import { Icon, stateIcon } from './icons.tsx';
import { PastCalls } from './past-calls.tsx';
import { stateName, t, timeOfDay } from './text.ts';

export function HistoryCard({ desktop }: { readonly desktop: Desktop }): JSX.Element {
  const showsCalls = useSignal(false);
  const heading = showsCalls.value ? 'past.heading' : 'history.heading';
  const choice = (key: 'past.heading' | 'history.heading', calls: boolean): JSX.Element => (
    <button
      type="button"
      aria-pressed={showsCalls.value === calls}
      onClick={() => {
        showsCalls.value = calls;
      }}
    >
      {t(key)}
    </button>
  );
  return (
    <section class="card history" aria-label={t(heading)}>
      <div class="card-head">
        <div class="languages" role="group" aria-label={t('past.tabs')}>
          {choice('history.heading', false)}
          {choice('past.heading', true)}
        </div>
        <span class="quiet">{t('history.lead')}</span>
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-label={t(heading)}>
        {showsCalls.value ? <PastCalls desktop={desktop} /> : <States />}
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
