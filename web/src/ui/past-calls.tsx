// The calls that are over, newest first; each number can be called again.

import type { JSX } from 'preact';
import { makeCall } from '../agent/call-actions.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { dialable } from '../lib/call.ts';
import { formatDuration } from '../lib/clock.ts';
import { Icon } from './icons.tsx';
import { knownName, nameOf } from './names.ts';
import { t, timeOfDay } from './text.ts';

export function PastCalls({ desktop }: { readonly desktop: Desktop }): JSX.Element {
  const list = calls.pastCalls.value;
  const busy = calls.doing.value.has(calls.MAKE) || calls.calls.value.length > 0 || !view.link.value.up;
  if (list.length === 0) return <p class="quiet empty">{t('past.none')}</p>;
  return (
    <ol class="rows">
      {list.map((call, i) => {
        const name = knownName(call.number) ?? (call.name || nameOf(call.number));
        const number = dialable(call.number);
        return (
          <li key={list.length - i} class="row" data-state={call.answered ? 'TALKING' : 'MISSED'}>
            <span class="dot">
              <Icon name={call.outgoing ? 'out' : 'in'} />
            </span>
            <span class="row-text">
              <span class="row-name">{name}</span>
              <span class="quiet">
                {[
                  t(kind(call)),
                  timeOfDay(call.began),
                  name === call.number ? '' : call.number,
                  call.queueName,
                  call.wrapUpReason,
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </span>
            </span>
            <span class="number">{formatDuration(call.ended - call.began)}</span>
            {number !== undefined && (
              <button
                type="button"
                class="button button-small"
                aria-label={t('dial.callName', { name, number: call.number })}
                title={t('dial.call')}
                aria-disabled={busy}
                onClick={() => {
                  if (!busy) void makeCall(desktop, number);
                }}
              >
                <Icon name="answer" />
              </button>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function kind({
  outgoing,
  answered,
}: calls.PastCall): 'past.in' | 'past.out' | 'past.missed' | 'past.unanswered' {
  if (outgoing) return answered ? 'past.out' : 'past.unanswered';
  return answered ? 'past.in' : 'past.missed';
}
