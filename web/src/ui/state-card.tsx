// The heart of the desktop: the state, how long it has lasted, and what can be done about it.

import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import { changeState } from '../agent/state.ts';
import * as view from '../agent/view.ts';
import { formatDuration, isoDuration } from '../lib/clock.ts';
import type { User } from '../lib/model.ts';
import { FaultNote } from './fault.tsx';
import { Icon, stateIcon } from './icons.tsx';
import { Menu } from './menu.tsx';
import { stateName, t, timeOfDay } from './text.ts';

export function StateCard({
  desktop,
  user,
}: {
  readonly desktop: Desktop;
  readonly user: User;
}): JSX.Element {
  const asked = view.asked.value;
  const fault = view.stateFault.value;
  const reason = user.reason?.label ?? '';
  return (
    <section class="card state-card" data-state={user.state} aria-labelledby="state-heading">
      <h2 id="state-heading" class="eyebrow">
        {t('desk.state')}
      </h2>
      <p class="badge">
        <Icon name={stateIcon(user.state)} />
        <span id="state-name">{stateName(user.state)}</span>
      </p>
      <p class="state-reason">{reason}</p>
      <Timer desktop={desktop} user={user} />
      <p class="state-next" role="status">
        {asked !== undefined
          ? t('desk.asking', { state: stateName(asked) })
          : user.pendingState !== '' && t('desk.pending', { state: stateName(user.pendingState) })}
      </p>
      <StateActions desktop={desktop} user={user} />
      {fault !== undefined && <FaultNote fault={fault} extension={user.extension} />}
      <p class="hidden" role="status">
        {reason === ''
          ? t('desk.announce', { state: stateName(user.state) })
          : t('desk.announceReason', { state: stateName(user.state), reason })}
      </p>
    </section>
  );
}

/** Counts by the server's clock from the moment that the server named, so that every desktop shows the same. */
function Timer({ desktop, user }: { readonly desktop: Desktop; readonly user: User }): JSX.Element {
  const began = user.stateChangeTime;
  const ms = began === undefined ? 0 : desktop.clock.at(view.now.value) - began;
  const drift = desktop.clock.drift ?? 0;
  return (
    <div class="timing">
      <time class="timer timer-big" role="timer" dateTime={isoDuration(ms)} aria-label={t('desk.timer')}>
        {began === undefined ? '–:––' : formatDuration(ms)}
      </time>
      <p class="quiet">{began !== undefined && t('desk.since', { time: timeOfDay(began - drift) })}</p>
    </div>
  );
}

function StateActions({ desktop, user }: { readonly desktop: Desktop; readonly user: User }): JSX.Element {
  const locked = view.asked.value !== undefined || !view.link.value.up || !view.inService.value;
  const known = view.reasonsOf('NOT_READY');
  const codes = known ?? [];
  const notReady = user.state === 'NOT_READY';
  const label = t(notReady ? 'desk.changeReason' : 'desk.notReady');
  return (
    <div class="actions">
      <button
        type="button"
        id="go-ready"
        class={`button button-big ${notReady ? 'button-primary' : ''}`}
        disabled={locked || user.state === 'READY'}
        onClick={() => void changeState(desktop, 'READY')}
      >
        <Icon name="check" />
        {t('desk.ready')}
      </button>
      {codes.length > 0 ? (
        <Menu
          id="go-not-ready"
          className={`button button-big ${notReady ? '' : 'button-primary'}`}
          label={t('desk.reasons')}
          disabled={locked}
          choices={codes.map(({ id, label: name }) => ({
            id,
            label: name,
            current: notReady && user.reason?.id === id,
          }))}
          onChoose={(id) => void changeState(desktop, 'NOT_READY', id)}
        >
          <Icon name="pause" />
          {label}
        </Menu>
      ) : (
        <button
          type="button"
          id="go-not-ready"
          class={`button button-big ${notReady ? '' : 'button-primary'}`}
          disabled={locked || notReady || known === undefined}
          onClick={() => void changeState(desktop, 'NOT_READY')}
        >
          <Icon name="pause" />
          {t('desk.notReady')}
        </button>
      )}
    </div>
  );
}
