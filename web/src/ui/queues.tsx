// The queues that the supervisor's teams serve: who waits, for how long, and who could take the call.

import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import * as team from '../agent/team-view.ts';
import * as view from '../agent/view.ts';
import { formatDuration } from '../lib/clock.ts';
import type { Queue } from '../lib/team.ts';
import type { Key } from '../i18n/index.ts';
import { t } from './text.ts';

export function Queues({ desktop }: { readonly desktop: Desktop }): JSX.Element {
  const queues = team.queues.value;
  return (
    <section class="queues" aria-labelledby="queues-heading">
      <h2 id="queues-heading">{t('queues.heading')}</h2>
      {queues === undefined && team.teamFault.value === undefined && (
        <p class="quiet">{t('queues.loading')}</p>
      )}
      {queues !== undefined && queues.length === 0 && <p class="quiet">{t('queues.none')}</p>}
      {queues !== undefined && queues.length > 0 && (
        <ul class="queue-list">
          {queues.map((queue) => (
            <QueueCard key={queue.id} desktop={desktop} queue={queue} />
          ))}
        </ul>
      )}
    </section>
  );
}

function QueueCard({ desktop, queue }: { readonly desktop: Desktop; readonly queue: Queue }): JSX.Element {
  const { waiting, longestSince } = queue;
  const some = waiting !== undefined && waiting > 0;
  const figures: readonly (readonly [Key, number | undefined])[] = [
    ['queues.ready', queue.ready],
    ['queues.talking', queue.talking],
    ['queues.wrapUp', queue.wrapUp],
    ['queues.notReady', queue.notReady],
  ];
  return (
    <li class="card queue" data-waiting={some}>
      <h3>{queue.name}</h3>
      <p class="queue-waiting">
        <strong class="number">{waiting ?? '–'}</strong>
        <span>
          {waiting === undefined
            ? t('queues.unknown')
            : waiting === 0
              ? t('queues.calm')
              : t(waiting === 1 ? 'queues.waiting.one' : 'queues.waiting.other')}
          {some && longestSince !== undefined && (
            <span class="queue-longest timer">
              {t('queues.longest', {
                time: formatDuration(desktop.clock.at(view.now.value) - longestSince),
              })}
            </span>
          )}
        </span>
      </p>
      <p class="queue-figures quiet">
        {figures
          .filter(([, n]) => n !== undefined)
          .map(([key, n]) => (
            <span key={key}>{t(key, { count: String(n) })}</span>
          ))}
      </p>
    </li>
  );
}
