// The server's own state: out of service means that it has lost the contact centre behind it. The channel stays; an
// event says when it is back, and a slow poll stands in for an event that was missed.

import { faultOf } from '../lib/fault.ts';
import { isSignedIn } from '../lib/model.ts';
import { loadCalls } from './calls.ts';
import type { Desktop, Session } from './desktop.ts';
import { pause } from './pause.ts';
import { endSession } from './session-end.ts';
import { showUser, signedOutBecause } from './show.ts';
import * as view from './view.ts';

/** How often SystemInfo is asked for while the server is out of service, in ms. */
const POLL_INTERVAL = 20_000;

/** Asks until the server is in service again. */
export async function watchService(desktop: Desktop, session: Session): Promise<void> {
  for (;;) {
    await pause(POLL_INTERVAL, session.over.signal);
    if (session.over.signal.aborted || view.inService.value) return;
    try {
      const info = await desktop.systemInfo();
      if (info.status !== 'IN_SERVICE') continue;
      view.inService.value = true;
      await refreshUser(desktop, session);
    } catch {
      // still away: the channel notices a server that is gone
    }
  }
}

/** Shows the state that the server has now; without it, whatever happened meanwhile would stay unseen. */
export async function refreshUser(desktop: Desktop, session: Session): Promise<void> {
  try {
    const user = await desktop.user(session.credential.id);
    if (session.over.signal.aborted) return;
    if (user.state === 'LOGOUT') endSession(desktop, session, signedOutBecause(user));
    else if (isSignedIn(user)) {
      showUser(desktop, user);
      await loadCalls(desktop, session);
    }
  } catch (error) {
    view.stateFault.value = faultOf(error);
  }
}
