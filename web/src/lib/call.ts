// One call as its agent sees it: what it is to this extension, who is at the other end, what can be done. Pure.

import type { Dialog, Participant, Variable } from './dialog.ts';

/**
 * What a call is to an agent:
 * `preview` an outbound call that is offered before anybody is called, `ringing` it rings here, `dialing` it rings
 * there, `talking`, `held` by this agent, `failed` it did not come about, `wrapUp` the talking is over and the
 * work after it is not, `passive` somebody listens in on this agent, `over`.
 */
export type Role =
  'preview' | 'ringing' | 'dialing' | 'talking' | 'held' | 'failed' | 'wrapUp' | 'passive' | 'over';

/** Call types of a supervisor's call that leaves the agent's own call as it is. */
const LISTENING = ['SUPERVISOR_MONITOR', 'SUPERVISOR_WHISPER'];

/** The agent's own part in a call; undefined for somebody else's call. */
export function own(call: Dialog, extension: string): Participant | undefined {
  return call.participants.find(({ address }) => address === extension);
}

/** What the agent may do with the call: exactly what the server says. */
export function actions(call: Dialog, extension: string): readonly string[] {
  return own(call, extension)?.actions ?? [];
}

export function role(call: Dialog, extension: string): Role {
  const me = own(call, extension);
  if (me === undefined) return 'over';
  if (isMonitoring(call) && me.actions.length === 0) return 'passive';
  const may = (action: string): boolean => me.actions.includes(action);
  if (may('ACCEPT') || may('REJECT') || may('CLOSE')) return 'preview';
  switch (me.state) {
    case 'ALERTING':
      return 'ringing';
    case 'INITIATING':
    case 'INITIATED':
      return 'dialing';
    case 'HELD':
      return 'held';
    case 'FAILED':
      return 'failed';
    case 'WRAP_UP':
      return 'wrapUp';
    case 'ACCEPTED':
      return 'dialing';
    case 'DROPPED':
      // A server that has no state of its own for wrap-up leaves what can still be done.
      return may('UPDATE_CALL_DATA') ? 'wrapUp' : 'over';
    default:
      return 'talking';
  }
}

/** The order of urgency: what needs the agent now comes first. */
const URGENCY: readonly Role[] = [
  'ringing',
  'preview',
  'talking',
  'dialing',
  'failed',
  'held',
  'wrapUp',
  'passive',
  'over',
];

/**
 * The calls that are shown, the most urgent first, otherwise in the order in which they came. One in which somebody
 * listens in silently is not.
 */
export function shown(calls: readonly Dialog[], extension: string): readonly Dialog[] {
  const rank = (call: Dialog): number => URGENCY.indexOf(role(call, extension));
  const hidden: readonly Role[] = ['over', 'passive'];
  return calls.filter((call) => !hidden.includes(role(call, extension))).sort((a, b) => rank(a) - rank(b));
}

/** The call that the agent is in at this moment. */
export function active(calls: readonly Dialog[], extension: string): Dialog | undefined {
  return calls.find((call) => ['talking', 'dialing'].includes(role(call, extension)));
}

/** The other participants who are still there. */
export function others(call: Dialog, extension: string): readonly Participant[] {
  return call.participants.filter(
    ({ address, state }) => address !== extension && state !== 'DROPPED' && state !== 'WRAP_UP',
  );
}

/** Who is at the other end, as an address; empty when nobody knows. */
export function otherEnd(call: Dialog, extension: string): string {
  const customer = variable(call, 'BACustomerNumber');
  if (role(call, extension) === 'preview' && customer !== '') return customer;
  const there = others(call, extension).filter(({ address }) => address !== '');
  const original = call.from === extension ? call.to : call.from;
  if (there.length > 1 && there.some(({ address }) => address === original)) return original;
  // Without anybody else, they have all left, or nobody has come yet.
  return there[0]?.address ?? original;
}

/** Call types of a call that was made of two: who called first may be in it, and not be its `from` any more. */
const MERGED = ['TRANSFER', 'CONFERENCE'];

/**
 * The name that the call itself carries for who is at the other end, or at that number; empty when it has none. By
 * custom the first call variable is the one that desktops show on top, and a campaign names its contact. Both speak of
 * the customer: who calls, or who alone of a call that was transferred is no agent.
 */
export function carriedName(call: Dialog, extension: string, number = otherEnd(call, extension)): string {
  const them = call.participants.find(({ address }) => address === number);
  if (number === extension || (them !== undefined && isAgent(them))) return '';
  const contact = variable(call, 'BABuddyName');
  if (contact !== '') return contact;
  const outside = others(call, extension).filter((party) => !isAgent(party));
  const passedOn = MERGED.includes(call.callType) && outside.length === 1 && them === outside[0];
  if (number !== call.from && !passedOn) return '';
  const name = variable(call, 'callVariable1');
  return /\p{L}{2}/u.test(name) ? name : '';
}

/** The value of a call variable; empty when there is none. `user.` before the name makes no difference. */
export function variable(call: Dialog, name: string): string {
  const found = call.variables.find((v) => v.name === name || v.name === `user.${name}`);
  return found?.value.trim() ?? '';
}

/** The variables that say something; the others are not worth a line, and what a dialer notes for itself neither. */
export function filled(call: Dialog): readonly Variable[] {
  return call.variables.filter(({ name, value }) => value.trim() !== '' && !isCampaignVariable(name));
}

/** Whether a variable belongs to the campaign of an outbound call: what of it agents need has a place of its own. */
export function isCampaignVariable(name: string): boolean {
  return /^(user\.)?BA[A-Z]/.test(name);
}

export function isConference(call: Dialog, extension: string): boolean {
  return others(call, extension).length > 1;
}

export function isMonitoring(call: Dialog): boolean {
  return LISTENING.includes(call.callType);
}

/** Whether this agent began the call. */
export function isOutgoing(call: Dialog, extension: string): boolean {
  return call.from === extension;
}

/** Whether a participant is an agent's phone: only those can be dropped out of a call one by one. */
export function isAgent(participant: Participant): boolean {
  return participant.kind === 'AGENT_DEVICE';
}

/** What is left of the wrap-up time, in ms; undefined when it has no end. `seconds` is the agent's `wrapUpTimer`. */
export function wrapUpLeft(
  began: number | undefined,
  seconds: number | undefined,
  now: number,
): number | undefined {
  if (began === undefined || seconds === undefined || seconds <= 0) return undefined;
  return Math.max(0, began + seconds * 1000 - now);
}

/** A number as it is dialed: what people put between digits for reading is left out. Undefined for anything else. */
export function dialable(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^\+?[\d*#()\s./-]+$/.test(trimmed)) return undefined;
  const digits = trimmed.replace(/[()\s./-]/g, '');
  return /\d/.test(digits) || /^[*#]/.test(digits) ? digits : undefined;
}
