// The login, step by step, exactly as a desktop does it: SystemInfo, event channel, presence, User, sign-in, the
// event that confirms it, then the agent's data. The log lines are what a reader of client logs follows.

import { codeOf, faultOf } from '../lib/fault.ts';
import { GRACE, type TabCredential } from '../lib/memory.ts';
import { isSignedIn, NAILED, type User } from '../lib/model.ts';
import { Pending } from '../lib/pending.ts';
import { escapeXml } from '../lib/xml.ts';
import { loadAgentData } from './agent-data.ts';
import { inService, openChannel } from './connection.ts';
import { userPath, type Desktop, type Session } from './desktop.ts';
import { submit } from './report.ts';
import { showUser } from './show.ts';
import * as view from './view.ts';

/** How long the event that confirms a sign-in may take, in ms. */
const SIGN_IN_TIMEOUT = 15_000;
/** The same when the agent is signed in there already: then a server may have nothing to tell. In ms. */
const RESUME_TIMEOUT = 3_000;
/** The same when a line has to be picked up first, in ms. */
const LINE_TIMEOUT = 75_000;
/** The credential in the tab is stamped this often, well within the grace, in ms. */
const STAMP_INTERVAL = GRACE / 12;

/** Signs in and shows the desktop, or shows why not. `typed` may hold a login name in place of the agent id. */
export async function signIn(desktop: Desktop, typed: TabCredential): Promise<void> {
  const over = new AbortController();
  view.failure.value = undefined;
  view.notice.value = undefined;
  view.clearAgent();
  view.phase.value = 'signingIn';
  let session: Session | undefined;
  let accepted = false;
  try {
    view.step.value = 'system_info';
    const info = await inService(desktop);
    desktop.rest.authorize(typed.id, typed.password);
    const id = await agentId(desktop, typed.id);
    const credential = { ...typed, id };
    desktop.rest.authorize(id, typed.password);
    session = {
      credential,
      pending: new Pending(),
      calling: new Pending(),
      members: new Pending(),
      channel: undefined,
      settled: Promise.resolve(),
      over,
    };
    desktop.session = session;

    view.step.value = 'event_channel';
    await openChannel(desktop, session, info);
    accepted = true;

    view.step.value = 'user';
    const before = await desktop.user(id);

    view.step.value = 'sign_in';
    desktop.log.write(`SignIn.handleUserLoad(): Performing login: extn=${credential.extension}`);
    const user = await requestLogin(desktop, session, before);
    signedIn(desktop, session, user);
    // Once the data is there, the log holds the whole login; sending it lets a tracer follow all of its steps.
    session.settled = loadAgentData(desktop, session).then(() => submit(desktop));
  } catch (error) {
    if (over.signal.aborted) return;
    const reason = faultOf(error);
    desktop.log.write(`SignIn._triggerLoginFailed(): Login failed at ${view.step.value}: ${codeOf(reason)}`);
    desktop.memory.forget();
    session?.channel?.close();
    if (!accepted) desktop.rest.forget();
    view.resuming.value = false;
    view.phase.value = 'out';
    view.failure.value = {
      fault: reason,
      step: view.step.value,
      extension: typed.extension,
      canSend: accepted,
    };
  }
}

/** The agent id of what was typed: itself when it is a number, else whoever has that login name. */
async function agentId(desktop: Desktop, typed: string): Promise<string> {
  if (/^\d+$/.test(typed)) return typed;
  return (await desktop.user(typed)).id;
}

/** Asks for the sign-in and waits until an event shows it. */
async function requestLogin(desktop: Desktop, session: Session, before: User): Promise<User> {
  const { extension, id, mobile } = session.credential;
  const there = (user: User): boolean => isSignedIn(user) && user.extension === extension;
  const requestId = desktop.rest.requestId();
  const confirmed = session.pending.expect(
    requestId,
    there,
    there(before) ? RESUME_TIMEOUT : mobile?.mode === NAILED ? LINE_TIMEOUT : SIGN_IN_TIMEOUT,
  );
  const elsewhere =
    mobile === undefined
      ? ''
      : `<mobileAgent><mode>${escapeXml(mobile.mode)}</mode><dialNumber>${escapeXml(mobile.dialNumber)}</dialNumber></mobileAgent>`;
  const body = `<User><state>LOGIN</state><extension>${escapeXml(extension)}</extension>${elsewhere}</User>`;
  desktop.rest.send('User', 'PUT', userPath(id), body, requestId).catch((error: unknown) => {
    session.pending.cancel(requestId, faultOf(error));
  });
  try {
    return await confirmed;
  } catch (error) {
    // No event: ask. A re-login that changes nothing need not publish one.
    if (faultOf(error).type !== 'No event') throw error;
    const user = await desktop.user(id);
    if (there(user)) return user;
    throw error;
  }
}

function signedIn(desktop: Desktop, session: Session, user: User): void {
  const { log, memory } = desktop;
  const { credential, over } = session;
  log.write('SignIn._triggerLoggedIn(): Successfully logged in!');
  log.write(`_displayUserData(): User's current state is: ${user.state}`);
  showUser(desktop, user);
  view.phase.value = 'in';
  view.resuming.value = false;
  const { mode, dialNumber } = credential.mobile ?? { mode: '', dialNumber: '' };
  memory.remember({ id: credential.id, extension: credential.extension, mode });
  if (dialNumber !== '') memory.remember({ dialNumber });
  const stamp = (): void => memory.keep(credential, Date.now());
  stamp();
  const stamps = setInterval(stamp, STAMP_INTERVAL);
  window.addEventListener('pagehide', stamp, { signal: over.signal });
  over.signal.addEventListener('abort', () => clearInterval(stamps));
}
