// A supervisor's view of a team: its members and what each is doing, kept up to date by events. Pure.

import { user, type User } from './model.ts';
import { childrenOf, textOf, type XmlElement } from './xml.ts';

export interface Queue {
  readonly id: string;
  readonly name: string;
  /** Undefined where the server has no figures: a queue that nobody is assigned to. */
  readonly waiting: number | undefined;
  /** When the call that has waited longest came in, ms since 1970; undefined when none waits. */
  readonly longestSince: number | undefined;
  readonly ready: number | undefined;
  readonly notReady: number | undefined;
  readonly talking: number | undefined;
  readonly wrapUp: number | undefined;
  readonly signedIn: number | undefined;
}

/** How the members are counted and filtered. */
export type Group = 'ready' | 'onCall' | 'wrapUp' | 'notReady' | 'signedOut';

export const GROUPS: readonly Group[] = ['onCall', 'wrapUp', 'ready', 'notReady', 'signedOut'];

/** The group of a state. A state that we do not know is taken as not ready: nobody should wait for that agent. */
export function groupOf(state: string): Group {
  if (state === 'READY') return 'ready';
  if (state === 'TALKING' || state === 'HOLD' || state.startsWith('RESERVED')) return 'onCall';
  if (state === 'WORK' || state === 'WORK_READY') return 'wrapUp';
  if (state === 'LOGOUT' || state === 'LOGIN' || state === '') return 'signedOut';
  return 'notReady';
}

/** The members out of `<Team>`. */
export function members(root: XmlElement): readonly User[] {
  const list = childrenOf(root, 'users')[0];
  return childrenOf(list, 'User')
    .map(user)
    .filter(({ id }) => id !== '');
}

/** A member as an event shows it. Those that are not of the list stay outside: the list says who is a member. */
export function takeMember(list: readonly User[], changed: User): readonly User[] {
  const at = list.findIndex(({ id }) => id === changed.id);
  const before = list[at];
  if (before === undefined) return list;
  // A summary leaves out what does not change; signed out, the extension is empty on purpose.
  const whole = {
    ...changed,
    firstName: changed.firstName || before.firstName,
    lastName: changed.lastName || before.lastName,
    teamName: changed.teamName || before.teamName,
  };
  return list.with(at, whole);
}

export type Order = 'name' | 'state' | 'time';

/** The members in an order; the same names and times keep to the order of ids, so that nothing jumps. */
export function sorted(list: readonly User[], order: Order): readonly User[] {
  const name = (u: User): string => `${u.lastName} ${u.firstName}`;
  const byName = (a: User, b: User): number => name(a).localeCompare(name(b)) || a.id.localeCompare(b.id);
  const rank = (u: User): number => GROUPS.indexOf(groupOf(u.state));
  // Who has been in a state longest comes first; without a time, last.
  const since = (u: User): number => u.stateChangeTime ?? Number.POSITIVE_INFINITY;
  const byTime = (a: User, b: User): number => (since(a) === since(b) ? 0 : since(a) - since(b));
  switch (order) {
    case 'name':
      return [...list].sort(byName);
    case 'state':
      return [...list].sort((a, b) => rank(a) - rank(b) || byTime(a, b) || byName(a, b));
    case 'time':
      return [...list].sort((a, b) => byTime(a, b) || byName(a, b));
  }
}

/** A queue out of `<Queue>`. Its id is the last part of its uri. */
export function queue(root: XmlElement): Queue {
  const statistics = childrenOf(root, 'statistics')[0];
  const count = (name: string): number | undefined => {
    const text = textOf(statistics, name);
    return /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const sum = (...names: readonly string[]): number | undefined => {
    const found = names.map(count).filter((n) => n !== undefined);
    return found.length === 0 ? undefined : found.reduce((a, b) => a + b, 0);
  };
  const longest = Date.parse(textOf(statistics, 'startTimeOfLongestCallInQueue'));
  const uri = textOf(root, 'uri');
  return {
    id: uri.slice(uri.lastIndexOf('/') + 1),
    name: textOf(root, 'name'),
    waiting: count('callsInQueue'),
    longestSince: Number.isNaN(longest) ? undefined : longest,
    ready: count('agentsReady'),
    notReady: count('agentsNotReady'),
    talking: sum('agentsTalkingInbound', 'agentsTalkingOutbound', 'agentsTalkingInternal'),
    wrapUp: sum('agentsWrapUpNotReady', 'agentsWrapUpReady'),
    signedIn: count('agentsLoggedOn'),
  };
}

export function queues(root: XmlElement): readonly Queue[] {
  return childrenOf(root, 'Queue')
    .map(queue)
    .filter(({ id }) => id !== '');
}

/** A queue as an event shows it. A name that is left out stays. */
export function takeQueue(list: readonly Queue[], changed: Queue): readonly Queue[] {
  const at = list.findIndex(({ id }) => id === changed.id);
  const before = list[at];
  if (before === undefined) return list;
  return list.with(at, { ...changed, name: changed.name || before.name });
}
