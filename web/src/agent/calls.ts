// The agent's calls: read at the start and after a reconnect, then kept by events.

import { carriedName, isMonitoring, isOutgoing, otherEnd, own, role } from '../lib/call.ts';
import { takeEvent, takeList, type Taken } from '../lib/calls.ts';
import { dialogs as readDialogs, type Dialog } from '../lib/dialog.ts';
import type { Fault } from '../lib/fault.ts';
import type { Update } from '../lib/update.ts';
import * as view from './calls-view.ts';
import { learnNames } from './colleagues.ts';
import { userPath, type Desktop, type Session } from './desktop.ts';

/** A list that was overtaken by events is read again, so often at most. */
const MAX_READS = 4;

/** Counts the events that were taken in, so that a list can be known to be older than one. */
let taken = 0;

/** The node of an agent's calls, which is also the address of their list. */
export function dialogsPath(id: string): string {
  return `${userPath(id)}/Dialogs`;
}

/** Reads the agent's calls. Throws FaultError. */
export async function loadCalls(desktop: Desktop, session: Session): Promise<void> {
  for (let read = 1; ; read += 1) {
    const before = taken;
    const { root } = await desktop.rest.get('Dialogs', dialogsPath(session.credential.id));
    if (session.over.signal.aborted) return;
    // An event that came meanwhile may say more than the list does, or less.
    if (taken !== before && read < MAX_READS) continue;
    const { extension } = session.credential;
    const listed = takeList(view.calls.value, readDialogs(root));
    for (const gone of view.calls.value.filter((call) => !listed.some(({ id }) => id === call.id)))
      remember(desktop, gone, extension);
    view.calls.value = listed;
    learnNames(desktop, session, listed);
    forgetGone();
    return;
  }
}

/** Takes an event of the agent's own calls in; false when it is about something else. */
export function onCallEvent(desktop: Desktop, session: Session, update: Update): boolean {
  const before = view.calls.value;
  const result = takeEvent(before, update);
  if (result === undefined) return false;
  taken += 1;
  if (result.event === 'DELETE')
    for (const { id } of result.touched) {
      const gone = before.find((call) => call.id === id);
      if (gone !== undefined) remember(desktop, gone, session.credential.extension);
    }
  for (const call of result.touched) {
    const known = before.find(({ id }) => id === call.id);
    const { extension } = session.credential;
    // What was refused in another state of the call says nothing any more.
    if (known !== undefined && role(known, extension) !== role(call, extension)) view.clearFault(call.id);
  }
  view.calls.value = result.calls;
  learnNames(desktop, session, result.touched);
  for (const call of result.touched) logState(desktop, result, call, session.credential.extension);
  session.calling.happened(result, update.requestId);
  forgetGone();
  return true;
}

/** A refusal that nobody waits for any more, beside the call that it is about, else where calls are made. */
export function onCallRefusal(source: string, refusal: Fault): void {
  const id = /\/Dialog\/(\d+)$/.exec(source)?.[1] ?? '';
  view.showFault(view.calls.value.some((call) => call.id === id) ? id : view.MAKE, refusal);
}

function logState(desktop: Desktop, { event }: Taken, call: Dialog, extension: string): void {
  const state = own(call, extension)?.state ?? 'none';
  desktop.log.write(`Dialogs.${event}: dialog ${call.id} is ${call.state}, own participant ${state}`);
}

/** Notes a call that is over. Listening in on somebody is no call of one's own. */
function remember(desktop: Desktop, call: Dialog, extension: string): void {
  const me = own(call, extension);
  if (me === undefined || isMonitoring(call)) return;
  const drift = desktop.clock.drift ?? 0;
  const number = otherEnd(call, extension);
  const past: view.PastCall = {
    began: me.started === undefined ? Date.now() : me.started - drift,
    ended: Date.now(),
    number,
    name: view.names.value.get(number) ?? carriedName(call, extension),
    outgoing: isOutgoing(call, extension),
    answered: !['ringing', 'dialing', 'failed', 'preview'].includes(role(call, extension)),
    queueName: call.queueName,
    wrapUpReason: call.wrapUpReason,
  };
  view.pastCalls.value = [past, ...view.pastCalls.value].slice(0, view.MAX_PAST);
}

/** Lets go of forms and refusals of calls that are gone. A refusal is kept where it can still be read. */
function forgetGone(): void {
  const there = (id: string): boolean => view.calls.value.some((call) => call.id === id);
  if (view.form.value !== undefined && !there(view.form.value.call)) view.form.value = undefined;
  for (const place of view.faults.value.keys())
    if (/^\d+$/.test(place) && !there(place)) view.clearFault(place);
}
