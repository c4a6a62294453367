// The agent's state onto the page, with a history of how it got there.

import type { User } from '../lib/model.ts';
import type { Desktop } from './desktop.ts';
import * as view from './view.ts';

/** Shows the agent, and notes a change of state in the history. */
export function showUser(desktop: Desktop, user: User): void {
  const before = view.user.value;
  view.user.value = user;
  const changed = before?.state !== user.state || before.reason?.label !== user.reason?.label;
  if (!changed) return;
  view.stateFault.value = undefined;
  const drift = desktop.clock.drift ?? 0;
  const at = user.stateChangeTime === undefined ? Date.now() : user.stateChangeTime - drift;
  const entry = { at, state: user.state, reason: user.reason?.label ?? '' };
  view.history.value = [entry, ...view.history.value].slice(0, view.MAX_HISTORY);
}

/** The reserved reason codes that say who signed an agent out. */
export function signedOutBecause(user: User): view.Notice {
  switch (user.reason?.code) {
    case '255':
    case '50002':
      return 'disconnected';
    case '999':
    case '33':
      return 'supervisor';
    default:
      return 'byServer';
  }
}
