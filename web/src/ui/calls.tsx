// All calls of the agent, the most urgent first, and what of them is said aloud.

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ringing } from '../agent/ring.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import { isMonitoring, role, shown } from '../lib/call.ts';
import type { Dialog } from '../lib/dialog.ts';
import type { User } from '../lib/model.ts';
import { CallCard, title } from './call-card.tsx';
import { nameInCall } from './names.ts';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
}

export function CallList({ desktop, user }: Props): JSX.Element {
  const list = shown(calls.calls.value, user.extension);
  const said = useAnnouncement(list, user.extension);
  useRinging(list, user.extension);
  return (
    <>
      {list.length > 0 && (
        <section class="calls" aria-label={t('calls.heading')}>
          {list.map((call) => (
            <CallCard key={call.id} desktop={desktop} user={user} call={call} />
          ))}
        </section>
      )}
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

/** The words for the last change of a call's role. */
function useAnnouncement(list: readonly Dialog[], extension: string): string {
  const [said, say] = useState('');
  const before = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const now = new Map(list.map((call) => [call.id, role(call, extension)] as const));
    for (const call of list) {
      const what = now.get(call.id);
      if (what === undefined || before.current.get(call.id) === what || isMonitoring(call)) continue;
      const name = title(call, extension);
      if (what === 'ringing' && call.queueName !== '')
        say(t('call.announce.ringingQueue', { name, queue: call.queueName }));
      else if (what !== 'dialing' && what !== 'passive' && what !== 'over')
        say(t(`call.announce.${what}`, { name }));
    }
    before.current = now;
  }, [list, extension]);
  return said;
}

/** Lets the call that rings be heard; a call that is dialed from here does not ring here. */
function useRinging(list: readonly Dialog[], extension: string): void {
  const call = list.find((c) => ['ringing', 'preview'].includes(role(c, extension)));
  const name = call === undefined ? '' : nameInCall(call, extension);
  useEffect(() => {
    ringing.value =
      call === undefined
        ? undefined
        : { tag: call.id, title: t('call.title', { name }), body: call.queueName || call.dialedNumber };
    return () => {
      ringing.value = undefined;
    };
  }, [call?.id, name]);
}
