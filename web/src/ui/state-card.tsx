// The heart of the desktop: the state, how long it has lasted, and what can be done about it.

import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import { calls } from '../agent/calls-view.ts';
import { changeState } from '../agent/state.ts';
import * as view from '../agent/view.ts';
import { isOutgoing, role } from '../lib/call.ts';
import type { User } from '../lib/model.ts';
import { FaultNote } from './fault.tsx';
import { Icon, stateIcon } from './icons.tsx';
import { Menu } from './menu.tsx';
import { keyHint } from './shortcuts.tsx';
import { stateName, t, timeOfDay } from './text.ts';
import { Timer } from './timer.tsx';

/** The states in which a change waits until the call is over. */
const ON_CALL = ['TALKING', 'HOLD', 'RESERVED', 'RESERVED_OUTBOUND', 'RESERVED_OUTBOUND_PREVIEW'];
/** The states that are left by choosing the next one. */
const WRAPPING_UP = ['WORK', 'WORK_READY'];

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
  /** Whether it takes one line only, because something else is more important. */
  readonly compact?: boolean;
}

export function StateCard({ desktop, user, compact }: Props): JSX.Element {
  const asked = view.asked.value;
  const fault = view.stateFault.value;
  const reason = user.reason?.label ?? '';
  return (
    <section
      class={`card state-card ${compact === true ? 'state-compact' : ''}`}
      data-state={user.state}
      aria-labelledby="state-heading"
    >
      <h2 id="state-heading" class="eyebrow">
        {t('desk.state')}
      </h2>
      <p class="badge">
        <Icon name={stateIcon(user.state)} />
        <span id="state-name">{stateName(user.state)}</span>
      </p>
      <p class="state-reason">{reason}</p>
      <StateTimer desktop={desktop} user={user} />
      <p class="state-next" data-only={user.pendingState === 'LOGOUT'} role="status">
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

function StateTimer({ desktop, user }: Props): JSX.Element {
  const began = user.stateChangeTime;
  const drift = desktop.clock.drift ?? 0;
  return (
    <div class="timing">
      <Timer desktop={desktop} since={began} label={t('desk.timer')} className="timer-big" />
      <p class="quiet">{began !== undefined && t('desk.since', { time: timeOfDay(began - drift) })}</p>
    </div>
  );
}

function StateActions({ desktop, user }: Props): JSX.Element {
  const locked = view.asked.value !== undefined || !view.link.value.up || !view.inService.value;
  const known = view.reasonsOf('NOT_READY');
  const codes = known ?? [];
  const notReady = user.state === 'NOT_READY';
  const after = ON_CALL.includes(user.state);
  const heading = after ? 'after.heading' : WRAPPING_UP.includes(user.state) ? 'after.finish' : undefined;
  const next = after ? user.pendingState : '';
  // Where wrap-up is optional, the agent asks for it while the call goes on.
  const mayWrapUp =
    after &&
    user.wrapUpOnIncoming === 'OPTIONAL' &&
    calls.value.some(
      (call) => !isOutgoing(call, user.extension) && ['talking', 'held'].includes(role(call, user.extension)),
    );
  const label = t(
    heading !== undefined ? 'after.notReady' : notReady ? 'desk.changeReason' : 'desk.notReady',
  );
  return (
    <div class="actions" role="group" aria-labelledby={heading === undefined ? undefined : 'after-heading'}>
      {heading !== undefined && (
        <span id="after-heading" class="quiet actions-heading">
          {t(heading)}
        </span>
      )}
      <button
        type="button"
        id="go-ready"
        {...keyHint('#go-ready')}
        class={`button button-big ${notReady ? 'button-primary' : ''}`}
        disabled={locked || user.state === 'READY'}
        aria-pressed={after ? next === 'READY' : undefined}
        onClick={() => void changeState(desktop, 'READY')}
      >
        <Icon name="check" />
        {t(heading !== undefined ? 'after.ready' : 'desk.ready')}
      </button>
      {mayWrapUp && (
        <button
          type="button"
          id="go-wrap-up"
          class="button button-big"
          disabled={locked || next.startsWith('WORK')}
          aria-pressed={next.startsWith('WORK')}
          onClick={() => void changeState(desktop, next === 'NOT_READY' ? 'WORK' : 'WORK_READY')}
        >
          <Icon name="pencil" />
          {t('state.WORK')}
        </button>
      )}
      {codes.length > 0 ? (
        <Menu
          id="go-not-ready"
          className={`button button-big ${next === 'NOT_READY' ? 'button-chosen' : notReady ? '' : 'button-primary'}`}
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
          {...keyHint('#go-not-ready')}
          class={`button button-big ${notReady ? '' : 'button-primary'}`}
          disabled={locked || notReady || known === undefined}
          onClick={() => void changeState(desktop, 'NOT_READY')}
        >
          <Icon name="pause" />
          {label}
        </button>
      )}
    </div>
  );
}
