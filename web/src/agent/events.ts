// Events into what the page shows. An event is the only thing that changes the agent's state and calls here: a 202
// does not.

import { eventFault, type Fault } from '../lib/fault.ts';
import { systemInfo, user as readUser, type User } from '../lib/model.ts';
import { parseUpdate, type Update } from '../lib/update.ts';
import { child } from '../lib/xml.ts';
import { dialogsPath, onCallEvent, onCallRefusal } from './calls.ts';
import { userPath, type Desktop, type Session } from './desktop.ts';
import { refreshUser, watchService } from './service.ts';
import { endSession } from './session-end.ts';
import { showUser, signedOutBecause } from './show.ts';
import { onQueueEvent } from './queues.ts';
import { onTeamEvent } from './team.ts';
import * as view from './view.ts';

/** Takes one event in. Throws XmlError for a payload that is no Update. */
export function onEvent(desktop: Desktop, session: Session, node: string, payload: string): void {
  if (session.over.signal.aborted || payload.startsWith('{')) return;
  const update = parseUpdate(payload);
  const refusal = eventFault(update.data);
  if (refusal !== undefined) {
    if (!onRefusal(session, node, update, refusal))
      desktop.log.services(`Received the following event with an invalid or unknown requestId: ${payload}`);
    return;
  }
  const system = child(update.data, 'systemInfo');
  if (system !== undefined || node === '/finesse/api/SystemInfo') {
    if (system !== undefined) onSystemInfo(desktop, session, systemInfo(system).status);
    return;
  }
  if (onQueueEvent(node, update)) return;
  if (onTeamEvent(desktop, session, node, update)) return;
  if (onCallEvent(desktop, session, update)) return;
  const data = child(update.data, 'user');
  if (data === undefined || update.source !== userPath(session.credential.id)) return;
  onUser(desktop, session, readUser(data), update.requestId);
}

/** A refusal goes to whoever waits for it; without anybody, it is shown where it belongs. False for that case. */
function onRefusal(session: Session, node: string, update: Update, refusal: Fault): boolean {
  const awaited = [session.pending, session.calling, session.members].some((pending) =>
    pending.refused(update.requestId, refusal),
  );
  if (awaited) return true;
  if (view.phase.value !== 'in') return false;
  const { id } = session.credential;
  if (node === dialogsPath(id)) onCallRefusal(update.source, refusal);
  else if (node === userPath(id)) view.stateFault.value = refusal;
  return false;
}

function onUser(desktop: Desktop, session: Session, user: User, requestId: string): void {
  session.pending.happened(user, requestId);
  if (view.phase.value !== 'in') return;
  desktop.log.write(`_displayUserData(): User's current state is: ${user.state}`);
  // Our own sign-out has ended the session by now, one turn later; whatever else signs out was not asked for here.
  if (user.state === 'LOGOUT') {
    if (view.asked.value !== 'LOGOUT') endSession(desktop, session, signedOutBecause(user));
    return;
  }
  showUser(desktop, user);
}

function onSystemInfo(desktop: Desktop, session: Session, status: string): void {
  if (view.phase.value !== 'in') return;
  const inService = status === 'IN_SERVICE';
  const cameBack = inService && !view.inService.value;
  view.inService.value = inService;
  if (!inService) void watchService(desktop, session);
  else if (cameBack) void refreshUser(desktop, session);
}
