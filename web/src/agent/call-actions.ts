// What the agent asks for about calls. The server accepts with 202; the event that follows, or its refusal, is the
// outcome, and a refusal is shown where the agent acted.

import { active, actions, own, role } from '../lib/call.ts';
import { callRequest, dialogRequest, type Details } from '../lib/call-requests.ts';
import type { Taken } from '../lib/calls.ts';
import type { Dialog } from '../lib/dialog.ts';
import { fault, faultOf } from '../lib/fault.ts';
import { dialogsPath, loadCalls } from './calls.ts';
import * as view from './calls-view.ts';
import type { Desktop, Session } from './desktop.ts';

/** How long the outcome of a request about a call may take, in ms. */
const OUTCOME_TIMEOUT = 8_000;

interface Request {
  readonly place: view.Place;
  readonly action: string;
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly body: string;
  /** Whether an event is the outcome; one with the request's own id always is. */
  readonly reached: (taken: Taken) => boolean;
  /** Whether the server may find nothing to do, and so nothing to tell. */
  readonly mayBeSilent: boolean;
}

/**
 * Does one of the actions that the server lists for the agent's part in a call. A second call is put on hold first
 * where the agent would be in two at once. Resolves to whether it was done; does not throw.
 */
export async function act(
  desktop: Desktop,
  call: Dialog,
  action: string,
  details: Details = {},
): Promise<boolean> {
  const { session } = desktop;
  if (session === undefined) return false;
  const { extension } = session.credential;
  if (action === 'ANSWER' || action === 'RETRIEVE') {
    const other = active(view.calls.value, extension);
    if (other !== undefined && other.id !== call.id && actions(other, extension).includes('HOLD')) {
      if (!(await change(desktop, session, other, 'HOLD', {}, call.id))) return false;
    }
  }
  return change(desktop, session, call, action, details, call.id);
}

/** Drops another participant out of a conference. */
export function dropParticipant(desktop: Desktop, call: Dialog, address: string): Promise<boolean> {
  const { session } = desktop;
  if (session === undefined) return Promise.resolve(false);
  const body = dialogRequest('PARTICIPANT_DROP', address);
  return request(desktop, session, {
    ...put(call, 'PARTICIPANT_DROP', body, call.id),
    mayBeSilent: false,
    reached: ({ touched }) => touched.some((d) => d.id === call.id && isGone(d, address)),
  });
}

/** Sends digits. No event follows; a refusal does, and is shown with the call. */
export async function sendDigits(desktop: Desktop, call: Dialog, digits: string): Promise<void> {
  const { session } = desktop;
  if (session === undefined) return;
  const { extension } = session.credential;
  const body = dialogRequest('SEND_DTMF', extension, { params: { dtmfString: digits } });
  try {
    await desktop.rest.send(
      'Dialog',
      'PUT',
      `/finesse/api/Dialog/${call.id}`,
      body,
      desktop.rest.requestId(),
    );
  } catch (error) {
    if (!session.over.signal.aborted) view.showFault(call.id, faultOf(error));
  }
}

/** Calls a number. */
export function makeCall(desktop: Desktop, to: string): Promise<boolean> {
  return open(desktop, view.MAKE, 'MAKE_CALL', to);
}

/** Listens in on the agent at an extension. */
export function monitor(desktop: Desktop, member: string, extension: string): Promise<boolean> {
  return open(desktop, view.memberPlace(member), 'SILENT_MONITOR', extension);
}

/** Joins the call that is listened in on. */
export function barge(desktop: Desktop, monitored: Dialog): Promise<boolean> {
  const extension = desktop.session?.credential.extension ?? '';
  const agent = monitored.from === extension ? monitored.to : monitored.from;
  return open(desktop, monitored.id, 'BARGE_CALL', agent, monitored.id);
}

function open(
  desktop: Desktop,
  place: view.Place,
  action: 'MAKE_CALL' | 'SILENT_MONITOR' | 'BARGE_CALL',
  to: string,
  associated?: string,
): Promise<boolean> {
  const { session } = desktop;
  if (session === undefined) return Promise.resolve(false);
  const { id, extension } = session.credential;
  return request(desktop, session, {
    place,
    action,
    method: 'POST',
    path: dialogsPath(id),
    body: callRequest(action, extension, to, associated),
    mayBeSilent: false,
    reached: ({ event, touched }) =>
      event === 'POST' && touched.some((call) => own(call, extension) !== undefined),
  });
}

function change(
  desktop: Desktop,
  session: Session,
  call: Dialog,
  action: string,
  details: Details,
  place: view.Place,
): Promise<boolean> {
  const { extension } = session.credential;
  const before = JSON.stringify(call);
  const changed = (d: Dialog): boolean =>
    action === 'HOLD' ? role(d, extension) === 'held' : JSON.stringify(d) !== before;
  return request(desktop, session, {
    ...put(call, action, dialogRequest(action, extension, details), place),
    mayBeSilent: action === 'UPDATE_CALL_DATA',
    reached: ({ event, touched }) =>
      touched.some((d) => d.id === call.id && (event === 'DELETE' || changed(d))),
  });
}

function put(
  call: Dialog,
  action: string,
  body: string,
  place: view.Place,
): Omit<Request, 'reached' | 'mayBeSilent'> {
  return { place, action, method: 'PUT', path: `/finesse/api/Dialog/${call.id}`, body };
}

async function request(desktop: Desktop, session: Session, what: Request): Promise<boolean> {
  const { place, action, method, path, body, reached, mayBeSilent } = what;
  if (view.doing.value.has(place)) return false;
  view.begin(place, action);
  const requestId = desktop.rest.requestId();
  const outcome = session.calling.expect(requestId, (t, isOwn) => isOwn || reached(t), OUTCOME_TIMEOUT);
  desktop.rest
    .send(method === 'POST' ? 'Dialogs' : 'Dialog', method, path, body, requestId)
    .catch((error: unknown) => session.calling.refused(requestId, faultOf(error)));
  try {
    await outcome;
    return true;
  } catch (error) {
    if (session.over.signal.aborted) return false;
    const reason = faultOf(error);
    if (reason.type !== 'No event') {
      view.showFault(place, reason);
      return false;
    }
    // No event: ask. What was asked for may have happened all the same.
    const before = JSON.stringify(view.calls.value);
    await loadCalls(desktop, session).catch(() => undefined);
    const silent = JSON.stringify(view.calls.value) === before;
    if (silent && !mayBeSilent) view.showFault(place, fault('timeout', 'No event'));
    return !silent;
  } finally {
    view.end(place);
  }
}

function isGone(call: Dialog, address: string): boolean {
  return !call.participants.some((p) => p.address === address && p.state !== 'DROPPED');
}
