// The documents of the REST API that an agent's desktop reads, as values. Elements that are missing become empty
// text or undefined; elements that are not known are ignored, so that newer servers are fine.

import { parseTimestamp } from './clock.ts';
import { child, childrenOf, textOf, type XmlElement } from './xml.ts';

export interface SystemInfo {
  readonly status: string;
  readonly statusReason: string;
  readonly xmppDomain: string;
  readonly xmppPubSubDomain: string;
  /** The server's clock, ms since 1970. */
  readonly currentTimestamp: number | undefined;
  /** Minutes that the server is east of UTC; undefined when it does not say. */
  readonly timezoneOffset: number | undefined;
}

export interface ReasonCode {
  /** The id that requests carry: the last part of the uri. */
  readonly id: string;
  /** The code that reports show. */
  readonly code: string;
  readonly label: string;
}

/** A wrap-up reason; requests carry its label. */
export interface WrapUpReason {
  readonly id: string;
  readonly label: string;
}

/** The mode of a mobile agent whose line is kept open. */
export const NAILED = 'NAILED_CONNECTION';

/** Where a mobile agent takes calls: at a phone outside, called for each call or kept on the line. */
export interface Mobile {
  /** `CALL_BY_CALL` or `NAILED_CONNECTION`. */
  readonly mode: string;
  readonly dialNumber: string;
}

export interface User {
  readonly id: string;
  readonly loginName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly extension: string;
  /** Undefined for an agent who is at the phone of the extension. */
  readonly mobile: Mobile | undefined;
  readonly teamName: string;
  /** `LOGOUT`, `NOT_READY`, `READY`, `TALKING`, ...: the wire's word, also one that we do not know. */
  readonly state: string;
  /** When that state began by the server's clock, ms since 1970. */
  readonly stateChangeTime: number | undefined;
  readonly pendingState: string;
  readonly reason: ReasonCode | undefined;
  readonly isSupervisor: boolean;
  /** The teams that a supervisor supervises. */
  readonly teams: readonly TeamRef[];
  /** `REQUIRED`, `REQUIRED_WITH_WRAP_UP_DATA`, `OPTIONAL`, `NOT_ALLOWED`, or nothing. */
  readonly wrapUpOnIncoming: string;
  /** How long wrap-up may last, in seconds; undefined when it has no end or nobody says. */
  readonly wrapUpTimer: number | undefined;
}

export interface TeamRef {
  readonly id: string;
  readonly name: string;
}

export interface Contact {
  readonly name: string;
  readonly phoneNumber: string;
  readonly description: string;
  readonly book: string;
}

/** A phone book, its contacts inside it or behind an address. */
export interface PhoneBook {
  readonly name: string;
  readonly contacts: readonly Contact[];
  /** Where the contacts are when they are not inside; empty otherwise. */
  readonly contactsUri: string;
}

export function systemInfo(root: XmlElement): SystemInfo {
  const offset = textOf(root, 'timezoneOffset');
  return {
    status: textOf(root, 'status'),
    statusReason: textOf(root, 'statusReason'),
    xmppDomain: textOf(root, 'xmppDomain'),
    xmppPubSubDomain: textOf(root, 'xmppPubSubDomain'),
    currentTimestamp: parseTimestamp(textOf(root, 'currentTimestamp')),
    timezoneOffset: /^-?\d{1,4}$/.test(offset) ? Number(offset) : undefined,
  };
}

export function user(root: XmlElement): User {
  const reason = child(root, 'ReasonCode');
  const settings = child(root, 'settings');
  const wrapUpTimer = textOf(settings, 'wrapUpTimer');
  const mobile = child(root, 'mobileAgent');
  return {
    id: textOf(root, 'loginId') || lastSegment(textOf(root, 'uri')),
    loginName: textOf(root, 'loginName'),
    firstName: textOf(root, 'firstName'),
    lastName: textOf(root, 'lastName'),
    extension: textOf(root, 'extension'),
    mobile:
      mobile === undefined
        ? undefined
        : { mode: textOf(mobile, 'mode'), dialNumber: textOf(mobile, 'dialNumber') },
    teamName: textOf(root, 'teamName'),
    state: textOf(root, 'state'),
    stateChangeTime: parseTimestamp(textOf(root, 'stateChangeTime')),
    pendingState: textOf(root, 'pendingState'),
    reason: reason === undefined ? undefined : reasonCode(reason),
    isSupervisor: childrenOf(child(root, 'roles'), 'role').some(({ text }) => text.trim() === 'Supervisor'),
    teams: childrenOf(child(root, 'teams'), 'Team').map((team) => ({
      id: textOf(team, 'id') || lastSegment(textOf(team, 'uri')),
      name: textOf(team, 'name'),
    })),
    wrapUpOnIncoming: textOf(settings, 'wrapUpOnIncoming'),
    wrapUpTimer: /^\d{1,6}$/.test(wrapUpTimer) && Number(wrapUpTimer) > 0 ? Number(wrapUpTimer) : undefined,
  };
}

/** Whether the server has the agent in a state that is not signed out or on the way. */
export function isSignedIn(user: User): boolean {
  return !['', 'LOGOUT', 'LOGIN', 'UNKNOWN'].includes(user.state);
}

export function reasonCodes(root: XmlElement): readonly ReasonCode[] {
  return childrenOf(root, 'ReasonCode').map(reasonCode);
}

export function wrapUpReasons(root: XmlElement): readonly WrapUpReason[] {
  return childrenOf(root, 'WrapUpReason')
    .map((reason) => ({
      id: lastSegment(textOf(reason, 'uri')) || textOf(reason, 'id'),
      label: textOf(reason, 'label'),
    }))
    .filter(({ label }) => label !== '');
}

export function phoneBooks(root: XmlElement): readonly PhoneBook[] {
  return childrenOf(root, 'PhoneBook').map((book) => {
    const name = textOf(book, 'name');
    const holder = child(book, 'contacts');
    const inside = contacts(holder ?? book, name);
    return { name, contacts: inside, contactsUri: inside.length === 0 ? (holder?.text.trim() ?? '') : '' };
  });
}

export function contacts(root: XmlElement, book: string): readonly Contact[] {
  return childrenOf(root, 'Contact').map((c) => ({
    name: [textOf(c, 'firstName'), textOf(c, 'lastName')].filter((part) => part !== '').join(' '),
    phoneNumber: textOf(c, 'phoneNumber'),
    description: textOf(c, 'description'),
    book,
  }));
}

function reasonCode(element: XmlElement): ReasonCode {
  return {
    id: lastSegment(textOf(element, 'uri')) || textOf(element, 'id'),
    code: textOf(element, 'code'),
    label: textOf(element, 'label'),
  };
}

function lastSegment(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
