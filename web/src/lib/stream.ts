// What every XMPP session of ours has in common, whoever holds it: where it goes, how it becomes available, how it stays.

import { $iq, $pres, Strophe } from 'strophe.js';

export type Connection = InstanceType<typeof Strophe.Connection>;
export type Transport = 'websocket' | 'bosh';

/** The service drops a client that is silent for longer, so a ping goes out this often, in ms. */
export const PING_INTERVAL = 20_000;
/** A request without an answer for this long has failed, in ms. */
export const ANSWER_TIMEOUT = 10_000;
/** How long a BOSH request may wait at the server, in seconds. */
export const BOSH_WAIT = 30;
/** Every desktop binds this resource, so a second one of the same agent replaces the first. */
export const RESOURCE = 'desktop';

const PING = 'urn:xmpp:ping';
const PUBSUB = 'http://jabber.org/protocol/pubsub';

type Stanza = ReturnType<typeof $iq>;

/** A connection to the service of an origin such as `https://host:8445`. */
export function connectionTo(origin: string, transport: Transport): Connection {
  const service = transport === 'websocket' ? `${origin.replace(/^http/, 'ws')}/ws/` : `${origin}/http-bind/`;
  // PLAIN alone: passwords are checked by the same authority as those of REST, over TLS or on this machine.
  return new Strophe.Connection(service, { mechanisms: [Strophe.SASLPlain] });
}

export const ping = (domain: string): Stanza => $iq({ type: 'get', to: domain }).c('ping', { xmlns: PING });

/** A request to the PubSub service about the subscriptions of this session. */
export function pubsub(
  to: string,
  type: 'get' | 'set',
  what: 'subscribe' | 'unsubscribe' | 'subscriptions',
  about: Record<string, string> = {},
): Stanza {
  return $iq({ type, to }).c('pubsub', { xmlns: PUBSUB }).c(what, about);
}

/** Why a request was refused; null is no answer in time. */
export const condition = (answer: Element | null): string =>
  answer?.getElementsByTagName('error')[0]?.firstElementChild?.nodeName ?? 'timeout';

/** Answers pings, sends presence, and calls back once the service has taken it in: stanzas are handled in order, so the
 * answer to a ping that follows says so. Without it a fast event would find nobody to go to. */
export function becomeAvailable(connection: Connection, domain: string, done: () => void): void {
  connection.addHandler((request) => answerPing(connection, request), PING, 'iq', 'get');
  // Only a session with presence of priority 0 or more is sent events.
  connection.send($pres().c('priority').t('0'));
  // Any answer will do.
  connection.sendIQ(ping(domain), done, (answer) => answer !== null && done());
  connection.flush();
}

/** Handlers return true to stay. */
function answerPing(connection: Connection, request: Element): true {
  const [id, from] = [request.getAttribute('id'), request.getAttribute('from')];
  if (id !== null) connection.send($iq({ type: 'result', id, ...(from === null ? {} : { to: from }) }));
  connection.flush();
  return true;
}
