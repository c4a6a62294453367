// The wire between a desktop and the tunnel page: texts of the form `number|payload`, sent with postMessage. The numbers
// are those of the product that third-party desktops were written for (reference client-facts.md, 1).

export const MessageType = {
  /** To the desktop: an event, as the whole message stanza. */
  EVENT: 0,
  /** From the desktop, the login: */
  ID: 1,
  PASSWORD: 2,
  RESOURCE: 3,
  /** To the desktop: a status in one word. */
  STATUS: 4,
  XMPP_DOMAIN: 5,
  PUBSUB_DOMAIN: 6,
  /** From the desktop: a node. */
  SUBSCRIBE: 7,
  UNSUBSCRIBE: 8,
  /** To the desktop: somebody's presence, as the whole stanza. */
  PRESENCE: 9,
  CONNECT: 10,
  DISCONNECT: 11,
  /** From the desktop: `websocket`, or BOSH for whatever else. */
  CONNECTION_TYPE: 12,
  /** To the desktop: a line for its log. */
  LOGGING: 13,
  /** From the desktop, and the answer: a JSON list of `node`, `jid`, `status`. */
  SUBSCRIPTIONS: 14,
  /** From the desktop, as JSON: what to do before disconnecting. */
  DISCONNECT_PROPERTIES: 15,
} as const;

export type MessageNumber = (typeof MessageType)[keyof typeof MessageType];

const NUMBERS: ReadonlySet<number> = new Set(Object.values(MessageType));

/** A message, or null for what is none: other scripts post messages too. */
export function parse(data: unknown): { type: MessageNumber; payload: string } | null {
  if (typeof data !== 'string') return null;
  const bar = data.indexOf('|');
  const number = bar < 0 ? data : data.slice(0, bar);
  if (!/^\d{1,2}$/.test(number) || !NUMBERS.has(Number(number))) return null;
  return { type: Number(number) as MessageNumber, payload: bar < 0 ? '' : data.slice(bar + 1) };
}

export function render(type: MessageNumber, payload: string): string {
  return `${type}|${payload}`;
}

/** The login, as it comes piece by piece and in any order. */
export interface Login {
  id: string;
  password: string;
  domain: string;
  pubSubDomain: string;
  resource: string;
  webSocket: boolean;
}

/** What a login still lacks before it can be tried. */
export function isComplete(
  login: Partial<Login>,
): login is Partial<Login> & Pick<Login, 'id' | 'password' | 'domain'> {
  return [login.id, login.password, login.domain].every((part) => part !== undefined && part !== '');
}
