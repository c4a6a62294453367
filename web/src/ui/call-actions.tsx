// The buttons of a call: the actions that the server lists for the agent's part in it, in an order that stays the same
// from call to call. Left out is only what there is nothing for yet.

import type { JSX } from 'preact';
import { act, barge } from '../agent/call-actions.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { actions, active, isConference, isMonitoring, role } from '../lib/call.ts';
import type { Dialog } from '../lib/dialog.ts';
import type { User } from '../lib/model.ts';
import { isKey } from '../i18n/index.ts';
import { Icon, type IconName } from './icons.tsx';
import { nameInCall } from './names.ts';
import { OutcomeMenu } from './outcome.tsx';
import { keyHint } from './shortcuts.tsx';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
  readonly call: Dialog;
}

interface Shape {
  readonly icon: IconName;
  readonly form?: calls.Form;
  /** `decline` stands beside what answers or accepts, and is as high. */
  readonly look?: 'answer' | 'primary' | 'end' | 'decline';
}

/** Every action that is a button of the card, in order. Dropping others is a button beside each of them. */
const SHAPES: Readonly<Record<string, Shape>> = {
  ANSWER: { icon: 'answer', look: 'answer' },
  ACCEPT: { icon: 'out', look: 'answer' },
  RETRIEVE: { icon: 'play', look: 'primary' },
  HOLD: { icon: 'pause' },
  TRANSFER: { icon: 'transfer' },
  CONFERENCE: { icon: 'people' },
  CONSULT_CALL: { icon: 'consult', form: 'consult' },
  TRANSFER_SST: { icon: 'transfer', form: 'transfer' },
  SEND_DTMF: { icon: 'keypad', form: 'keypad' },
  START_RECORDING: { icon: 'record' },
  BARGE_CALL: { icon: 'people', look: 'primary' },
  RECLASSIFY: { icon: 'report' },
  UPDATE_SCHEDULED_CALLBACK: { icon: 'clock', form: 'callback' },
  CANCEL_SCHEDULED_CALLBACK: { icon: 'cross' },
  UPDATE_CALL_DATA: { icon: 'pencil', form: 'data' },
  REJECT: { icon: 'skip', look: 'decline' },
  CLOSE: { icon: 'cross', look: 'decline' },
  DROP: { icon: 'hangUp', look: 'end' },
};

export function CallActions({ desktop, user, call }: Props): JSX.Element | null {
  const allowed = actions(call, user.extension);
  const over = role(call, user.extension) === 'wrapUp';
  // After the call what it has come to is chosen among buttons of its own.
  const listed = Object.entries(SHAPES).filter(
    ([action]) =>
      allowed.includes(action) &&
      !(over && action === 'RECLASSIFY') &&
      !(call.callbackTime === '' && action === 'CANCEL_SCHEDULED_CALLBACK'),
  );
  if (listed.length === 0) return null;
  return (
    <div class="call-actions" role="group" aria-label={t('call.actions')}>
      {listed.map(([action, shape]) =>
        action === 'RECLASSIFY' ? (
          <OutcomeMenu key={action} desktop={desktop} user={user} call={call} />
        ) : (
          <Action key={action} desktop={desktop} user={user} call={call} action={action} shape={shape} />
        ),
      )}
    </div>
  );
}

function Action({
  desktop,
  user,
  call,
  action,
  shape,
}: Props & { readonly action: string; readonly shape: Shape }): JSX.Element {
  const doing = calls.doing.value.get(call.id);
  const busy = doing !== undefined || !view.link.value.up;
  const { form, icon, look } = shape;
  const isOpen = form !== undefined && calls.form.value?.call === call.id && calls.form.value.form === form;
  const press = (): void => {
    if (form !== undefined) calls.toggleForm(call.id, form);
    else if (busy) return;
    else if (action === 'BARGE_CALL') void barge(desktop, call);
    else void act(desktop, call, action);
  };
  return (
    <button
      type="button"
      class={`button ${look === 'answer' || look === 'decline' || role(call, user.extension) === 'wrapUp' ? '' : 'tile'} ${look === undefined ? '' : `button-${look}`}`}
      data-do={action}
      data-busy={doing === action}
      aria-disabled={busy && form === undefined}
      aria-expanded={form === undefined ? undefined : isOpen}
      {...keyHint(`[data-do=${action}]`)}
      onClick={press}
    >
      <Icon name={icon} />
      {label(action, call, user.extension)}
    </button>
  );
}

/** What stands on the button; with two calls at once, whom it brings together. */
function label(action: string, call: Dialog, extension: string): string {
  if (action === 'DROP' && isMonitoring(call)) return t('call.do.endMonitor');
  if (action === 'DROP' && isConference(call, extension)) return t('call.do.leave');
  const other = role(call, extension) === 'held' ? active(calls.calls.value, extension) : undefined;
  if (other !== undefined && (action === 'TRANSFER' || action === 'CONFERENCE')) {
    const name = nameInCall(other, extension);
    return t(action === 'TRANSFER' ? 'call.do.transferTo' : 'call.do.conferenceWith', { name });
  }
  const key = `call.do.${action}`;
  return isKey(key) ? t(key) : action;
}
