// Why the agent is on the sign-in page: the server keeps it, and is asked while the credential is still there.

import { lastSignOut, sentence, type SignOut } from '../lib/sign-out.ts';
import type { TabCredential } from '../lib/memory.ts';
import type { Desktop } from './desktop.ts';
import * as view from './view.ts';

/** Asks why the agent was signed out, and says it; without an answer the page says what it knows itself. */
export async function sayWhy(desktop: Desktop, id: string): Promise<void> {
  const signOut = await last(desktop, id);
  // The agent may be at the next sign-in by now, and what nobody did to the agent needs no words.
  if (signOut !== undefined && view.phase.value === 'out' && sentence(signOut) !== undefined)
    view.gone.value = signOut;
}

/** The page was away for longer than the server waits: its credential is good for one question, and then forgotten. */
export async function sayWhyAfter(desktop: Desktop, credential: TabCredential, seen: number): Promise<void> {
  desktop.rest.authorize(credential.id, credential.password);
  const asked = last(desktop, credential.id);
  desktop.rest.forget();
  const signOut = await asked;
  if (signOut === undefined || signOut.at < seen || view.phase.value !== 'out') return;
  if (sentence(signOut) === undefined) return;
  view.notice.value = 'disconnected';
  view.gone.value = signOut;
}

async function last(desktop: Desktop, id: string): Promise<SignOut | undefined> {
  try {
    const path = `/tact/agents/${encodeURIComponent(id)}/sign-outs`;
    const { root } = await desktop.rest.get('SignOuts', path);
    return lastSignOut(root);
  } catch {
    return undefined;
  }
}
