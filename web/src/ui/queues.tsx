// Who waits in which queue, for how long, and who could take the call: as cards for a supervisor, as rows for an agent.

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Desktop } from '../agent/desktop.ts';
import { closeQueues, openQueues } from '../agent/queues.ts';
import * as team from '../agent/team-view.ts';
import * as view from '../agent/view.ts';
import { formatDuration } from '../lib/clock.ts';
import type { Queue } from '../lib/team.ts';
import type { Key } from '../i18n/index.ts';
import { FaultNote } from './fault.tsx';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
}

/** The queues of a supervisor's teams. */
export function Queues({ desktop }: Props): JSX.Element {
  const queues = useQueues(desktop);
  return (
    <section class="queues" aria-labelledby="queues-heading">
      <h2 id="queues-heading">{t('queues.heading')}</h2>
      <NoQueues />
      {queues.length > 0 && (
        <ul class="queue-list">
          {queues.map((queue) => (
            <QueueCard key={queue.id} desktop={desktop} queue={queue} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** The queues that an agent serves. */
export function QueueRows({ desktop }: Props): JSX.Element {
  const queues = useQueues(desktop);
  return (
    <>
      <NoQueues />
      <ul class="rows">
        {queues.map((queue) => (
          <li key={queue.id} class="row queue-row" data-waiting={isWaiting(queue)}>
            <strong class="number">{queue.waiting ?? '–'}</strong>
            <span class="row-text">
              <span class="row-name">{queue.name}</span>
              <span class="quiet">{waiting(queue)}</span>
            </span>
            <span class="number">{longest(desktop, queue)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Watches the queues as long as they are shown. */
function useQueues(desktop: Desktop): readonly Queue[] {
  const { session } = desktop;
  useEffect(() => {
    if (session === undefined) return undefined;
    void openQueues(desktop, session);
    return () => closeQueues(session);
  }, [session]);
  return team.queues.value ?? [];
}

/** What stands in place of queues. */
function NoQueues(): JSX.Element | null {
  const queues = team.queues.value;
  const fault = team.queuesFault.value;
  if (fault !== undefined) return <FaultNote fault={fault} extension="" />;
  if (queues === undefined) return <p class="quiet empty">{t('queues.loading')}</p>;
  return queues.length === 0 ? <p class="quiet empty">{t('queues.none')}</p> : null;
}

function isWaiting({ waiting }: Queue): boolean {
  return waiting !== undefined && waiting > 0;
}

function waiting({ waiting: count }: Queue): string {
  if (count === undefined) return t('queues.unknown');
  return t(count === 0 ? 'queues.calm' : count === 1 ? 'queues.waiting.one' : 'queues.waiting.other');
}

/** How long the first has waited; empty when nobody waits. */
function longest(desktop: Desktop, queue: Queue): string {
  if (!isWaiting(queue) || queue.longestSince === undefined) return '';
  return t('queues.longest', {
    time: formatDuration(desktop.clock.at(view.now.value) - queue.longestSince),
  });
}

function QueueCard({ desktop, queue }: Props & { readonly queue: Queue }): JSX.Element {
  const time = longest(desktop, queue);
  const figures: readonly (readonly [Key, number | undefined])[] = [
    ['queues.ready', queue.ready],
    ['queues.talking', queue.talking],
    ['queues.wrapUp', queue.wrapUp],
    ['queues.notReady', queue.notReady],
  ];
  return (
    <li class="card queue" data-waiting={isWaiting(queue)}>
      <h3>{queue.name}</h3>
      <p class="queue-waiting">
        <strong class="number">{queue.waiting ?? '–'}</strong>
        <span>
          {waiting(queue)}
          {time !== '' && <span class="queue-longest timer">{time}</span>}
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
