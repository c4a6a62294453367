// The end of a session, however it came: the credential is forgotten, the channel closed, the sign-in page shown.

import type { Desktop, Session } from './desktop.ts';
import { sayWhy } from './gone.ts';
import { closeQueues } from './queues.ts';
import { closeTeam } from './team.ts';
import * as view from './view.ts';

/** Ends the session and says why on the sign-in page. */
export function endSession(desktop: Desktop, session: Session, why: view.Notice): void {
  if (session.over.signal.aborted) return;
  session.over.abort();
  desktop.log.write(`SignIn._triggerLoggedOut(): Signed out: ${why}`);
  // The question goes out with the credential that is forgotten next.
  if (why === 'disconnected' || why === 'supervisor' || why === 'byServer')
    void sayWhy(desktop, session.credential.id);
  desktop.memory.forget();
  desktop.rest.forget();
  closeTeam(session);
  closeQueues(session);
  session.channel?.close();
  desktop.session = undefined;
  view.clearAgent();
  view.notice.value = why;
  view.resuming.value = false;
  view.phase.value = 'out';
}
