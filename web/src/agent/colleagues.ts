// Who the other agents are: documents of calls have only numbers, so the server is asked whose phone that is.

import { own } from '../lib/call.ts';
import type { Calls } from '../lib/calls.ts';
import { user as readUser } from '../lib/model.ts';
import { members } from '../lib/team.ts';
import { childrenOf } from '../lib/xml.ts';
import * as view from './calls-view.ts';
import type { Desktop, Session } from './desktop.ts';

const COLLEAGUES = '/tact/colleagues';

/** What was asked about already, by session: a phone in a call. Later calls ask again, others may sit there then. */
const asked = new WeakMap<Session, Set<string>>();

/** Learns the names of the agents in these calls. What cannot be learnt stays a number. */
export function learnNames(desktop: Desktop, session: Session, calls: Calls): void {
  const known = asked.get(session) ?? new Set<string>();
  asked.set(session, known);
  const { extension } = session.credential;
  for (const call of calls) {
    const me = own(call, extension);
    if (me === undefined) continue;
    for (const { address, kind } of call.participants) {
      const agent = kind === 'AGENT_DEVICE' || (address === call.to && call.from === extension);
      const key = `${call.id} ${address}`;
      if (!agent || address === extension || address === '' || known.has(key)) continue;
      known.add(key);
      void learn(desktop, session, address);
    }
  }
}

async function learn(desktop: Desktop, session: Session, extension: string): Promise<void> {
  try {
    const { root } = await desktop.rest.get('User', `${COLLEAGUES}/${encodeURIComponent(extension)}`);
    const { firstName, lastName } = readUser(root);
    const name = `${firstName} ${lastName}`.trim();
    if (session.over.signal.aborted || name === '') return;
    view.names.value = new Map(view.names.value).set(extension, name);
  } catch {
    // an outside number, or a server that does not tell
  }
}

/** Reads who is signed in in the agent's teams, as it is now. Without an answer nobody is offered. */
export async function loadColleagues(desktop: Desktop, session: Session): Promise<void> {
  try {
    const { root } = await desktop.rest.get('User', COLLEAGUES);
    const found = childrenOf(root, 'Team').flatMap(members);
    if (!session.over.signal.aborted)
      view.colleagues.value = found.filter(({ id }) => id !== session.credential.id);
  } catch {
    view.colleagues.value = [];
  }
}
