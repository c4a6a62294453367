// Changes of state that the agent asks for: ready, not ready with a reason, sign out with a reason, wrap-up. The request is
// accepted with 202; the event that follows, or its refusal, is the outcome.

import { faultOf } from '../lib/fault.ts';
import type { User } from '../lib/model.ts';
import { userPath, type Desktop, type Session } from './desktop.ts';
import { pause } from './pause.ts';
import { endSession } from './session-end.ts';
import { showUser } from './show.ts';
import * as view from './view.ts';

/** How long the outcome of a change may take, in ms. */
const CHANGE_TIMEOUT = 15_000;

/** A sign-out waits this long for what the sign-in began, in ms. */
const SETTLE_TIMEOUT = 3_000;

export type Wanted = 'READY' | 'NOT_READY' | 'LOGOUT' | 'WORK' | 'WORK_READY';

/** Asks for a state; `reasonId` is the id of a reason code where the category has any. */
export async function changeState(desktop: Desktop, wanted: Wanted, reasonId?: string): Promise<void> {
  const { session } = desktop;
  if (session === undefined || view.asked.value !== undefined) return;
  view.asked.value = wanted;
  view.stateFault.value = undefined;
  try {
    // A sign-out forgets the credentials, so it lets the report of the sign-in go first.
    if (wanted === 'LOGOUT')
      await Promise.race([session.settled, pause(SETTLE_TIMEOUT, session.over.signal)]);
    const user = await request(desktop, session, wanted, reasonId);
    if (user.state === 'LOGOUT') endSession(desktop, session, 'signedOut');
    else showUser(desktop, user);
  } catch (error) {
    if (!session.over.signal.aborted) view.stateFault.value = faultOf(error);
  } finally {
    view.asked.value = undefined;
  }
}

async function request(
  desktop: Desktop,
  session: Session,
  wanted: Wanted,
  reasonId: string | undefined,
): Promise<User> {
  const { id } = session.credential;
  const before = view.user.value;
  const requestId = desktop.rest.requestId();
  const reached = (user: User, own: boolean): boolean =>
    user.pendingState === wanted || (user.state === wanted && (own || !sameMoment(user, before)));
  const outcome = session.pending.expect(requestId, reached, CHANGE_TIMEOUT);
  const reason = reasonId === undefined ? '' : `<reasonCodeId>${reasonId}</reasonCodeId>`;
  desktop.rest
    .send('User', 'PUT', userPath(id), `<User><state>${wanted}</state>${reason}</User>`, requestId)
    .catch((error: unknown) => session.pending.cancel(requestId, faultOf(error)));
  try {
    return await outcome;
  } catch (error) {
    if (faultOf(error).type !== 'No event') throw error;
    const user = await desktop.user(id);
    if (user.state === wanted || user.pendingState === wanted) return user;
    throw error;
  }
}

/** Whether nothing has happened to the state in between: a repeated event of the state before is no outcome. */
function sameMoment(user: User, before: User | undefined): boolean {
  return user.state === before?.state && user.stateChangeTime === before.stateChangeTime;
}
