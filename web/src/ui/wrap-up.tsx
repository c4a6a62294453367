// The work after a call: its reason, and how long is left.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { act } from '../agent/call-actions.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { own, wrapUpLeft } from '../lib/call.ts';
import { formatDuration, isoDuration } from '../lib/clock.ts';
import type { Dialog } from '../lib/dialog.ts';
import type { User } from '../lib/model.ts';
import { fold } from '../lib/search.ts';
import { Chips } from './chips.tsx';
import { Icon } from './icons.tsx';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
  readonly call: Dialog;
}

/** More reasons than this get a field to search them. */
const MANY = 12;

export function WrapUp({ desktop, user, call }: Props): JSX.Element {
  const began = own(call, user.extension)?.changed ?? user.stateChangeTime;
  const left = wrapUpLeft(began, user.wrapUpTimer, desktop.clock.at(view.now.value));
  const required = user.wrapUpOnIncoming === 'REQUIRED_WITH_WRAP_UP_DATA' && call.wrapUpReason === '';
  const reasons = calls.wrapUpReasons.value;
  return (
    <section class="wrap-up" aria-labelledby={`wrap-up-${call.id}`}>
      <div class="wrap-up-head">
        <h4 id={`wrap-up-${call.id}`}>{t('wrapUp.heading')}</h4>
        {left !== undefined && (
          <span class="wrap-up-left" data-short={left < 10_000}>
            <span class="quiet">{t('wrapUp.left')}</span>{' '}
            <time class="timer" role="timer" dateTime={isoDuration(left)} aria-label={t('wrapUp.left')}>
              {formatDuration(left + 999)}
            </time>
          </span>
        )}
      </div>
      {left !== undefined && user.wrapUpTimer !== undefined && (
        <progress class="wrap-up-bar" max={user.wrapUpTimer * 1000} value={left} aria-hidden="true" />
      )}
      {required && <p class="wrap-up-required">{t('wrapUp.required')}</p>}
      {reasons.length === 0 ? (
        <p class="quiet">{t('wrapUp.none')}</p>
      ) : (
        <Reasons desktop={desktop} call={call} user={user} />
      )}
    </section>
  );
}

/** The reasons as buttons, one of them pressed. */
export function Reasons({ desktop, call }: Props): JSX.Element {
  const query = useSignal('');
  const reasons = calls.wrapUpReasons.value;
  const busy = calls.doing.value.has(call.id) || !view.link.value.up;
  const words = fold(query.value.trim());
  const found = reasons.filter(({ label }) => fold(label).includes(words));
  return (
    <>
      {reasons.length > MANY && (
        <div class="search search-inside">
          <Icon name="search" />
          <input
            type="search"
            aria-label={t('wrapUp.filter')}
            autocomplete="off"
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
            }}
          />
        </div>
      )}
      <Chips
        aria-label={t('wrapUp.choose')}
        does="WRAP_UP"
        choices={found}
        chosen={({ label }) => call.wrapUpReason === label}
        busy={busy}
        onChoose={({ label }) => void act(desktop, call, 'UPDATE_CALL_DATA', { wrapUpReason: label })}
      />
    </>
  );
}
