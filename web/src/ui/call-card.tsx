// One call: what it is, who is there, how long it has lasted, what it carries, and what can be done with it.

import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { dropParticipant } from '../agent/call-actions.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import {
  actions,
  filled,
  isAgent,
  isConference,
  isMonitoring,
  otherEnd,
  others,
  own,
  role,
  variable,
  type Role,
} from '../lib/call.ts';
import { formatDuration, isoDuration } from '../lib/clock.ts';
import type { Dialog, Participant } from '../lib/dialog.ts';
import type { User } from '../lib/model.ts';
import { isKey } from '../i18n/index.ts';
import { CallActions } from './call-actions.tsx';
import { CallForm } from './call-forms.tsx';
import { FaultNote } from './fault.tsx';
import { Icon, type IconName } from './icons.tsx';
import { nameInCall, variableName } from './names.ts';
import { Outcome, outcomeName } from './outcome.tsx';
import { t } from './text.ts';
import { Timer } from './timer.tsx';
import { WrapUp } from './wrap-up.tsx';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
  readonly call: Dialog;
}

const ICONS: Readonly<Record<Role, IconName>> = {
  ringing: 'bell',
  preview: 'search',
  dialing: 'out',
  talking: 'phone',
  held: 'pause',
  failed: 'warning',
  wrapUp: 'pencil',
  passive: 'ear',
  over: 'cross',
};

export function CallCard({ desktop, user, call }: Props): JSX.Element {
  const { extension } = user;
  const what = role(call, extension);
  const me = own(call, extension);
  const fault = calls.faults.value.get(call.id);
  const form = calls.form.value;
  const card = useFocusKeeper();
  const number = otherEnd(call, extension);
  const cause = me?.cause ?? '';
  const causeKey = `call.cause.${cause}`;
  return (
    <article
      ref={card}
      class="card call"
      data-role={what}
      data-call={call.id}
      aria-labelledby={`call-${call.id}`}
      tabIndex={-1}
    >
      <header class="call-head">
        <span class="call-sign">
          <Icon name={isMonitoring(call) ? 'ear' : ICONS[what]} />
        </span>
        <div class="call-who">
          <p class="eyebrow">{sign(call, extension, what)}</p>
          <h3 id={`call-${call.id}`}>{title(call, extension)}</h3>
          <Facts call={call} number={number} named={nameInCall(call, extension) !== number} />
        </div>
        <Times desktop={desktop} what={what} me={me} />
      </header>
      {what === 'failed' && cause !== '' && (
        <p class="call-cause">{t(isKey(causeKey) ? causeKey : 'call.cause.OTHER')}</p>
      )}
      {what !== 'wrapUp' && isConference(call, extension) && (
        <Participants desktop={desktop} call={call} extension={extension} />
      )}
      {what !== 'held' && <Data call={call} extension={extension} />}
      {what === 'wrapUp' && <WrapUp desktop={desktop} user={user} call={call} />}
      {what === 'wrapUp' && <Outcome desktop={desktop} user={user} call={call} />}
      <CallActions desktop={desktop} user={user} call={call} />
      {form?.call === call.id && <CallForm desktop={desktop} user={user} call={call} form={form.form} />}
      {fault !== undefined && (
        <FaultNote
          fault={fault}
          extension={extension}
          about="call"
          onDismiss={() => calls.clearFault(call.id)}
        />
      )}
    </article>
  );
}

/** What the call is, in a word or two. */
function sign(call: Dialog, extension: string, what: Role): string {
  const kind = isMonitoring(call)
    ? t('call.kind.monitor')
    : isConference(call, extension) && what !== 'wrapUp'
      ? t('call.kind.conference')
      : call.callType === 'CONSULT'
        ? t('call.kind.consult')
        : '';
  if (what === 'passive' || what === 'over') return kind;
  const state = t(`call.role.${what}`);
  if (isMonitoring(call)) return kind;
  return kind === '' ? state : `${kind} · ${state}`;
}

/** Who is at the other end, or who of several. */
export function title(call: Dialog, extension: string): string {
  const name = nameInCall(call, extension);
  const all = others(call, extension);
  const [other, ...more] = all.filter(({ address }) => address !== otherEnd(call, extension));
  if (all.length < 2 || other === undefined) return name;
  return more.length === 0
    ? t('call.conferenceOfTwo', { name, other: nameInCall(call, extension, other.address) })
    : t('call.conferenceWith', { name, count: String(more.length + 1) });
}

/** Number, queue, what was dialed: what is not known, and what is in the title, is left out. */
function Facts({
  call,
  number,
  named,
}: {
  readonly call: Dialog;
  readonly number: string;
  readonly named: boolean;
}): JSX.Element {
  const facts: readonly (readonly [string, string])[] = [
    ['', named ? number : ''],
    [t('call.queue'), call.queueName],
    [t('call.campaign'), variable(call, 'BACampaign')],
    [t('call.account'), variable(call, 'BAAccountNumber')],
    [t('call.dialed'), call.dialedNumber === number ? '' : call.dialedNumber],
    [t('call.wrapUpReason'), call.wrapUpReason],
    [t('call.outcome'), outcomeName(call)],
  ];
  return (
    <p class="call-facts">
      {facts
        .filter(([, value]) => value !== '')
        .map(([label, value]) => (
          <span key={label}>
            {label !== '' && <span class="quiet">{label} </span>}
            <span class={label === '' ? 'number' : 'fact'}>{value}</span>
          </span>
        ))}
    </p>
  );
}

function Times({
  desktop,
  what,
  me,
}: {
  readonly desktop: Desktop;
  readonly what: Role;
  readonly me: Participant | undefined;
}): JSX.Element | null {
  const waiting = what === 'ringing' || what === 'preview' || what === 'dialing';
  const since = me?.changed ?? me?.started;
  if (what === 'wrapUp') return <Lasted me={me} />;
  if (waiting)
    return <Timer desktop={desktop} since={since} label={t('call.ringTime')} className="call-time" />;
  return (
    <div class="call-times">
      <Timer
        desktop={desktop}
        since={me?.started ?? since}
        label={t('call.duration')}
        className={what === 'held' ? 'call-time-small' : 'call-time'}
      />
      {what === 'held' && (
        <Timer desktop={desktop} since={since} label={t('call.heldFor')} className="call-time" />
      )}
    </div>
  );
}

/** How long a call that is over has lasted. */
function Lasted({ me }: { readonly me: Participant | undefined }): JSX.Element | null {
  if (me?.started === undefined || me.changed === undefined) return null;
  const ms = me.changed - me.started;
  return (
    <time class="timer quiet" dateTime={isoDuration(ms)} title={t('call.duration')}>
      {formatDuration(ms)}
    </time>
  );
}

/** Everybody else in a conference, and who can be dropped out of it. */
function Participants({
  desktop,
  call,
  extension,
}: {
  readonly desktop: Desktop;
  readonly call: Dialog;
  readonly extension: string;
}): JSX.Element {
  const mayDrop = actions(call, extension).includes('PARTICIPANT_DROP');
  const busy = calls.doing.value.has(call.id);
  return (
    <ul class="parties" aria-label={t('call.participants')}>
      {others(call, extension).map((party) => {
        const state = `call.party.${party.state}`;
        const name = nameInCall(call, extension, party.address);
        return (
          <li key={party.address} class="party">
            <span class="party-name">{name}</span>
            <span class="quiet">
              {[name === party.address ? '' : party.address, isKey(state) ? t(state) : party.state]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
            <Timer
              desktop={desktop}
              since={party.started}
              label={t('call.duration')}
              className="quiet party-time"
            />
            {mayDrop && isAgent(party) && (
              <button
                type="button"
                class="button button-small"
                aria-label={t('call.do.PARTICIPANT_DROP', { name })}
                aria-disabled={busy}
                onClick={() => void dropParticipant(desktop, call, party.address)}
              >
                {t('call.do.drop')}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** What the call carries, but for the name that is shown above it. */
function Data({
  call,
  extension,
}: {
  readonly call: Dialog;
  readonly extension: string;
}): JSX.Element | null {
  const shown = [undefined, ...others(call, extension).map(({ address }) => address)].map((number) =>
    nameInCall(call, extension, number),
  );
  const variables = filled(call).filter(({ value }) => !shown.includes(value));
  if (variables.length === 0) return null;
  return (
    <dl class="call-data" aria-label={t('call.variables')}>
      {variables.map(({ name, value }) => (
        <div key={name}>
          <dt>{variableName(name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/**
 * Keeps the focus in a card whose focused button has gone: after Answer there is no Answer any more, and without
 * this the keyboard would start again at the top of the page. It never takes the focus from elsewhere.
 */
function useFocusKeeper(): { current: HTMLElement | null } {
  const card = useRef<HTMLElement>(null);
  const inside = useRef(false);
  /** Whether the card has the focus because its button has gone. */
  const kept = useRef(false);
  useLayoutEffect(() => {
    const element = card.current;
    const enter = (): void => {
      inside.current = true;
    };
    const leave = (event: FocusEvent): void => {
      kept.current = false;
      const left = event.target;
      // What is taken out of the page is left too; that focus is still ours to keep.
      setTimeout(() => {
        if (left instanceof Node && left.isConnected)
          inside.current = element?.contains(document.activeElement) ?? false;
      });
    };
    element?.addEventListener('focusin', enter);
    element?.addEventListener('focusout', leave);
    return () => {
      element?.removeEventListener('focusin', enter);
      element?.removeEventListener('focusout', leave);
      // The card itself goes: on to the next call, else to the start of the page's content.
      if (inside.current)
        setTimeout(() => {
          if (document.activeElement === document.body)
            (document.querySelector<HTMLElement>('.call') ?? document.querySelector('main'))?.focus();
        });
    };
  }, []);
  useLayoutEffect(() => {
    if (inside.current && document.activeElement === document.body) {
      kept.current = true;
      card.current?.focus();
    }
    // A call that was put on hold for another one has nothing more to say: on to the other, once it is there.
    const onHold = card.current?.dataset['role'] === 'held';
    if (kept.current && onHold && document.activeElement === card.current)
      document.querySelector<HTMLElement>('.call:is([data-role=dialing], [data-role=talking])')?.focus();
  });
  return card;
}
