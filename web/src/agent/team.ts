// A supervisor watches a team: read when the page is opened, then kept by events of nodes that have to be subscribed
// to. All of it is let go of when the page is left: the service would send it for ever.

import { takeEvent } from '../lib/calls.ts';
import { dialogs as readDialogs } from '../lib/dialog.ts';
import { fault, faultOf } from '../lib/fault.ts';
import { user as readUser, type User } from '../lib/model.ts';
import { groupOf, members as readMembers, takeMember } from '../lib/team.ts';
import type { Update } from '../lib/update.ts';
import { child } from '../lib/xml.ts';
import * as calls from './calls-view.ts';
import { dialogsPath } from './calls.ts';
import { userPath, type Desktop, type Session } from './desktop.ts';
import * as view from './team-view.ts';

/** How long the outcome of a forced state may take, in ms. */
const FORCE_TIMEOUT = 8_000;

/** The nodes that are subscribed to on the channel that is open. */
let nodes = new Set<string>();
/** Counts what was opened, so that a slow answer to an earlier question is known. */
let opening = 0;

/** Watches a team: the one that was watched, or the first that there is. Does not throw. */
export async function openTeam(desktop: Desktop, session: Session, teams: User['teams']): Promise<void> {
  const watched = teams.find(({ id }) => id === view.teamId.value) ?? teams[0];
  opening += 1;
  const mine = opening;
  const current = (): boolean => mine === opening && !session.over.signal.aborted;
  view.teamFault.value = undefined;
  view.teamId.value = watched?.id;
  if (watched === undefined) {
    view.members.value = [];
    return;
  }
  try {
    // The nodes first: what changes while the list is on its way comes as an event after it.
    await subscribe(session, `/finesse/api/Team/${watched.id}/Users`);
    const team = `/finesse/api/Team/${encodeURIComponent(watched.id)}?includeLoggedOutAgents=true`;
    const { root } = await desktop.rest.get('Team', team);
    if (!current()) return;
    view.members.value = readMembers(root);
    for (const member of view.members.value) watchCalls(desktop, session, member);
  } catch (error) {
    if (current()) view.teamFault.value = faultOf(error);
  }
}

/** Lets go of the team. */
export function closeTeam(session: Session): void {
  opening += 1;
  for (const node of nodes) session.channel?.unsubscribe(node);
  nodes = new Set();
  view.memberCalls.value = new Map();
}

/** Watches the team again on a new channel; on the one before, everything was subscribed to in vain. */
export function reopenTeam(desktop: Desktop, session: Session, teams: User['teams']): void {
  nodes = new Set();
  view.memberCalls.value = new Map();
  if (view.page.value === 'team') void openTeam(desktop, session, teams);
}

/** Takes an event of one of the team's nodes in; false when it is about something else. */
export function onTeamEvent(desktop: Desktop, session: Session, node: string, update: Update): boolean {
  const { pathname } = new URL(node, 'http://node');
  const [, , , kind, id, part] = pathname.split('/');
  if (kind === 'Team' && part === 'Users') {
    const data = child(update.data, 'user');
    if (data !== undefined) onMember(desktop, session, readUser(data), update.requestId);
    return true;
  }
  if (
    kind === 'User' &&
    part === 'Dialogs' &&
    id !== undefined &&
    node !== dialogsPath(session.credential.id)
  ) {
    const taken = takeEvent(view.memberCalls.value.get(id) ?? [], update);
    if (taken !== undefined && nodes.has(node))
      view.memberCalls.value = new Map(view.memberCalls.value).set(id, taken.calls);
    return true;
  }
  return false;
}

function onMember(desktop: Desktop, session: Session, member: User, requestId: string): void {
  session.members.happened(member, requestId);
  if (view.members.value === undefined) return;
  view.members.value = takeMember(view.members.value, member);
  watchCalls(desktop, session, member);
}

/** Follows the calls of a member who is signed in. A server that does not let us shows the table without them. */
function watchCalls(desktop: Desktop, session: Session, member: User): void {
  const node = dialogsPath(member.id);
  const signedOut = groupOf(member.state) === 'signedOut';
  if (member.id === session.credential.id || signedOut === !nodes.has(node)) return;
  if (signedOut) {
    nodes.delete(node);
    session.channel?.unsubscribe(node);
    const rest = new Map(view.memberCalls.value);
    rest.delete(member.id);
    view.memberCalls.value = rest;
    return;
  }
  void subscribe(session, node).then(async (granted) => {
    if (!granted || groupOf(member.state) !== 'onCall') return;
    const { root } = await desktop.rest.get('Dialogs', node);
    // An event that has come meanwhile is newer.
    if (nodes.has(node) && !view.memberCalls.value.has(member.id))
      view.memberCalls.value = new Map(view.memberCalls.value).set(member.id, readDialogs(root));
  }, ignore);
}

async function subscribe(session: Session, node: string): Promise<boolean> {
  if (nodes.has(node)) return true;
  nodes.add(node);
  const granted = (await session.channel?.subscribe(node)) ?? false;
  if (!granted) nodes.delete(node);
  return granted;
}

/** Puts a member into a state, or signs the member out. Does not throw. */
export async function force(
  desktop: Desktop,
  member: User,
  wanted: 'READY' | 'NOT_READY' | 'LOGOUT',
): Promise<void> {
  const { session } = desktop;
  const place = calls.statePlace(member.id);
  if (session === undefined || calls.doing.value.has(place)) return;
  calls.begin(place, wanted);
  const there = (u: User): boolean => u.id === member.id && (u.state === wanted || u.pendingState === wanted);
  // A refusal comes on the member's own node.
  await subscribe(session, userPath(member.id));
  const requestId = desktop.rest.requestId();
  const outcome = session.members.expect(requestId, there, FORCE_TIMEOUT);
  desktop.rest
    .send('User', 'PUT', userPath(member.id), `<User><state>${wanted}</state></User>`, requestId)
    .catch((error: unknown) => session.members.refused(requestId, faultOf(error)));
  try {
    await outcome;
  } catch (error) {
    const reason = faultOf(error);
    if (session.over.signal.aborted) return;
    if (reason.type !== 'No event') calls.showFault(place, reason);
    else if (!there(await desktop.user(member.id).catch(() => member)))
      calls.showFault(place, fault('timeout', 'No event'));
  } finally {
    calls.end(place);
  }
}

function ignore(): void {}
