// The queues of the agent, or of a supervisor's teams: read when they are looked at, then kept by events of their nodes.
// Their figures change all the time, so nobody gets them who does not look.

import { faultOf } from '../lib/fault.ts';
import { queue, queues, takeQueue } from '../lib/team.ts';
import type { Update } from '../lib/update.ts';
import { child } from '../lib/xml.ts';
import { userPath, type Desktop, type Session } from './desktop.ts';
import * as view from './team-view.ts';

/** The nodes that are subscribed to on the channel that is open; undefined while nobody looks. */
let nodes: Set<string> | undefined;

/** Watches the queues. Does not throw. */
export async function openQueues(desktop: Desktop, session: Session): Promise<void> {
  const mine = new Set<string>();
  nodes = mine;
  view.queuesFault.value = undefined;
  try {
    const { root } = await desktop.rest.get('Queues', `${userPath(session.credential.id)}/Queues`);
    if (nodes !== mine) return;
    view.queues.value = queues(root);
    for (const { id } of view.queues.value) {
      const node = `/finesse/api/Queue/${id}`;
      mine.add(node);
      void session.channel?.subscribe(node);
    }
  } catch (error) {
    if (nodes === mine) view.queuesFault.value = faultOf(error);
  }
}

/** Lets go of the queues. */
export function closeQueues(session: Session): void {
  for (const node of nodes ?? []) session.channel?.unsubscribe(node);
  nodes = undefined;
  view.queues.value = undefined;
}

/** Watches the queues again on a new channel; on the one before, everything was subscribed to in vain. */
export function reopenQueues(desktop: Desktop, session: Session): void {
  if (nodes !== undefined) void openQueues(desktop, session);
}

/** Takes an event of a queue in; false when it is about something else. */
export function onQueueEvent(node: string, update: Update): boolean {
  if (!/^\/finesse\/api\/Queue\/[^/]+$/.test(node)) return false;
  const data = child(update.data, 'queue');
  if (data !== undefined && view.queues.value !== undefined && update.event !== 'DELETE')
    view.queues.value = takeQueue(view.queues.value, queue(data));
  return true;
}
