// All calls of the agent, the most urgent first, and what of them is said aloud.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { act } from '../agent/call-actions.ts';
import { ringing } from '../agent/ring.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import { actions, isMonitoring, role, shown, type Role } from '../lib/call.ts';
import type { Dialog } from '../lib/dialog.ts';
import type { User } from '../lib/model.ts';
import { CallCard, title } from './call-card.tsx';
import { Icon } from './icons.tsx';
import { nameInCall } from './names.ts';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
}

export function CallList({ desktop, user }: Props): JSX.Element {
  const list = shown(calls.calls.value, user.extension);
  const { urgent, said } = useAnnouncement(list, user.extension);
  const waiting = list.find((call) => isOffered(role(call, user.extension)));
  useRinging(waiting, user.extension);
  return (
    <>
      {list.length > 0 && (
        <section class="calls" aria-label={t('calls.heading')}>
          {list.map((call) => (
            <CallCard key={call.id} desktop={desktop} user={user} call={call} />
          ))}
        </section>
      )}
      {waiting !== undefined && <OfferBar key={waiting.id} desktop={desktop} user={user} call={waiting} />}
      <p class="hidden" role="alert">
        {urgent}
      </p>
      <p class="hidden" role="status">
        {said}
      </p>
    </>
  );
}

/** Whether the agent has a call on the page. */
export function hasCalls(user: User): boolean {
  return shown(calls.calls.value, user.extension).length > 0;
}

function isOffered(what: Role): what is 'ringing' | 'preview' {
  return what === 'ringing' || what === 'preview';
}

/** A call that is offered below or above what is seen of the page: who it is, at the edge of the screen. */
function OfferBar({ desktop, user, call }: Props & { readonly call: Dialog }): JSX.Element | null {
  const [outOfSight, setOutOfSight] = useState(false);
  useEffect(() => {
    const card = document.querySelector(`[data-call="${call.id}"] .call-actions`);
    if (card === null) return undefined;
    const observer = new IntersectionObserver((seen) => setOutOfSight(seen.at(-1)?.isIntersecting === false));
    observer.observe(card);
    return () => observer.disconnect();
  }, [call.id]);
  if (!outOfSight) return null;
  const what = role(call, user.extension);
  const action = what === 'preview' ? 'ACCEPT' : 'ANSWER';
  return (
    <div
      class="offer-bar"
      data-role={what}
      role="group"
      aria-label={t(what === 'preview' ? 'call.role.preview' : 'call.role.ringing')}
    >
      <Icon name={what === 'preview' ? 'search' : 'bell'} />
      <strong>{title(call, user.extension)}</strong>
      {actions(call, user.extension).includes(action) && (
        <button
          type="button"
          class="button button-answer"
          aria-disabled={calls.doing.value.has(call.id)}
          onClick={() => void act(desktop, call, action)}
        >
          {t(`call.do.${action}`)}
        </button>
      )}
    </div>
  );
}

interface Announcement {
  /** Interrupts what is being read. */
  readonly urgent: string;
  readonly said: string;
}

/** The words for the last change of a call's role. */
function useAnnouncement(list: readonly Dialog[], extension: string): Announcement {
  const [words, say] = useState<Announcement>({ urgent: '', said: '' });
  const before = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const now = new Map(list.map((call) => [call.id, role(call, extension)] as const));
    for (const call of list) {
      const what = now.get(call.id);
      if (what === undefined || before.current.get(call.id) === what || isMonitoring(call)) continue;
      const name = title(call, extension);
      if (what === 'ringing' && call.queueName !== '')
        say({ urgent: t('call.announce.ringingQueue', { name, queue: call.queueName }), said: '' });
      else if (isOffered(what)) say({ urgent: t(`call.announce.${what}`, { name }), said: '' });
      else if (what !== 'dialing' && what !== 'passive' && what !== 'over')
        say({ urgent: '', said: t(`call.announce.${what}`, { name }) });
    }
    before.current = now;
  }, [list, extension]);
  return words;
}

/** Lets the call that rings be heard; a call that is dialed from here does not ring here. */
function useRinging(call: Dialog | undefined, extension: string): void {
  const name = call === undefined ? '' : nameInCall(call, extension);
  useEffect(() => {
    ringing.value =
      call === undefined
        ? undefined
        : {
            tag: call.id,
            title: t(role(call, extension) === 'preview' ? 'call.announce.preview' : 'call.title', { name }),
            body: call.queueName || call.dialedNumber,
          };
    return () => {
      ringing.value = undefined;
    };
  }, [call?.id, name]);
}
