// The page that third-party desktops load in an iframe: it holds the event channel, and speaks with the desktop around it
// in the numbered messages of protocol.ts. It has nothing of its own to give away: the desktop brings the login, and
// only the window around this one is listened to and answered.

import { $iq, $pres, Strophe } from 'strophe.js';
import { every } from '../lib/ticker.ts';
import { isComplete, MessageType, parse, render, type Login, type MessageNumber } from './protocol.ts';

const PING_INTERVAL = 20_000;
const PING_TIMEOUT = 10_000;
const BOSH_WAIT = 30;
const RESOURCE = 'desktop';
const PING = 'urn:xmpp:ping';
const PUBSUB = 'http://jabber.org/protocol/pubsub';

const login: Partial<Login> = {};
let connection: InstanceType<typeof Strophe.Connection> | null = null;
let stopPings: () => void = () => {};
/** The origin of the desktop, known from its first message on. */
let desktop: string | null = null;

/** Before the desktop has spoken only `loaded` is said, which is no secret. A page without an origin cannot be named. */
function tell(type: MessageNumber, payload: string): void {
  const target = desktop === null || desktop === 'null' ? '*' : desktop;
  window.parent.postMessage(render(type, payload), target);
}

const status = (word: string): void => tell(MessageType.STATUS, word);

function domain(): string {
  return login.domain ?? '';
}

function pubSub(): string {
  return login.pubSubDomain ?? `pubsub.${domain()}`;
}

function connect(): void {
  if (connection !== null || !isComplete(login)) return;
  const { host, protocol } = window.location;
  const service = login.webSocket
    ? `${protocol.replace('http', 'ws')}//${host}/ws/`
    : `${protocol}//${host}/http-bind/`;
  // As the desktop does: the password is checked by the same authority as that of REST.
  const opened = new Strophe.Connection(service, { mechanisms: [Strophe.SASLPlain] });
  connection = opened;
  let conflict = false;
  opened.connect(
    `${login.id}@${login.domain}/${login.resource ?? RESOURCE}`,
    login.password,
    (now, condition) => {
      if (connection !== opened) return;
      if (condition === 'conflict') conflict = true;
      const { Status } = Strophe;
      switch (now) {
        case Status.CONNECTING:
          status('connecting');
          break;
        case Status.CONNECTED:
          available(opened);
          break;
        case Status.DISCONNECTING:
          status('disconnecting');
          break;
        case Status.AUTHFAIL:
          gone(opened);
          status('unauthorized');
          break;
        case Status.CONNFAIL:
        case Status.ERROR:
        case Status.CONNTIMEOUT:
        case Status.DISCONNECTED:
          gone(opened);
          status(conflict ? 'conflict' : 'disconnected');
          break;
      }
    },
    BOSH_WAIT,
  );
}

function gone(closed: InstanceType<typeof Strophe.Connection>): void {
  if (connection !== closed) return;
  connection = null;
  stopPings();
  closed.reset();
}

function disconnect(): void {
  if (connection === null) return;
  connection.flush();
  connection.disconnect('asked for');
}

/** Presence makes the service send events; the handlers come first, so that none is missed. Stanzas are handled in order, so
 * the answer to a ping behind it says that it was taken in: what the desktop does from then on it will hear of. */
function available(opened: InstanceType<typeof Strophe.Connection>): void {
  const forward = (type: MessageNumber) => (stanza: Element) => {
    tell(type, Strophe.serialize(stanza) ?? '');
    return true; // stay
  };
  opened.addHandler(forward(MessageType.EVENT), null, 'message', null);
  opened.addHandler(forward(MessageType.PRESENCE), null, 'presence', null);
  opened.addHandler((request) => answerPing(opened, request), PING, 'iq', 'get');
  opened.send($pres().c('priority').t('0'));
  const first = $iq({ type: 'get', to: domain() }).c('ping', { xmlns: PING });
  const ready = (): void => {
    if (connection === opened) status('connected');
  };
  opened.sendIQ(first, ready, (answer) => answer !== null && ready(), PING_TIMEOUT);
  opened.flush();
  stopPings = every(PING_INTERVAL, () => {
    const lost = (answer: Element | null): void => {
      // Refused is alive; silence is not.
      if (answer !== null || connection !== opened) return;
      gone(opened);
      status('disconnected');
    };
    const ping = $iq({ type: 'get', to: domain() }).c('ping', { xmlns: PING });
    opened.sendIQ(ping, undefined, lost, PING_TIMEOUT);
    opened.flush();
  });
}

function answerPing(opened: InstanceType<typeof Strophe.Connection>, request: Element): true {
  const [id, from] = [request.getAttribute('id'), request.getAttribute('from')];
  if (id !== null) opened.send($iq({ type: 'result', id, ...(from === null ? {} : { to: from }) }));
  opened.flush();
  return true;
}

/** Subscribes or unsubscribes the whole address, so that it ends with the session. */
function change(what: 'subscribe' | 'unsubscribe', node: string): void {
  const opened = connection;
  if (opened === null || node === '') return;
  const request = $iq({ type: 'set', to: pubSub() })
    .c('pubsub', { xmlns: PUBSUB })
    .c(what, { node, jid: opened.jid });
  const say = (result: string) => tell(MessageType.LOGGING, `${what} '${node}': ${result}`);
  opened.sendIQ(
    request,
    () => say('done'),
    (answer) => say(answer?.getElementsByTagName('error')[0]?.firstElementChild?.nodeName ?? 'timeout'),
    PING_TIMEOUT,
  );
  opened.flush();
}

function list(): void {
  const opened = connection;
  if (opened === null) return;
  const request = $iq({ type: 'get', to: pubSub() }).c('pubsub', { xmlns: PUBSUB }).c('subscriptions');
  opened.sendIQ(
    request,
    (answer) => {
      const all = [...answer.getElementsByTagName('subscription')].map((one) => ({
        node: one.getAttribute('node') ?? '',
        jid: one.getAttribute('jid') ?? '',
        status: one.getAttribute('subscription') ?? '',
      }));
      tell(MessageType.SUBSCRIPTIONS, JSON.stringify(all));
    },
    () => tell(MessageType.SUBSCRIPTIONS, '[]'),
    PING_TIMEOUT,
  );
  opened.flush();
}

function take(type: MessageNumber, payload: string): void {
  switch (type) {
    case MessageType.ID:
      login.id = payload;
      break;
    case MessageType.PASSWORD:
      login.password = payload;
      break;
    case MessageType.RESOURCE:
      login.resource = payload;
      break;
    case MessageType.XMPP_DOMAIN:
      login.domain = payload;
      break;
    case MessageType.PUBSUB_DOMAIN:
      login.pubSubDomain = payload;
      break;
    case MessageType.CONNECTION_TYPE:
      login.webSocket = payload.toLowerCase() === 'websocket';
      return;
    case MessageType.SUBSCRIBE:
      return change('subscribe', payload);
    case MessageType.UNSUBSCRIBE:
      return change('unsubscribe', payload);
    case MessageType.SUBSCRIPTIONS:
      return list();
    case MessageType.DISCONNECT:
      return disconnect();
    case MessageType.CONNECT:
      break;
    default:
      return;
  }
  // Messages of one login come in one go: all of it is there by the end of this turn.
  setTimeout(connect);
}

window.addEventListener('message', (event) => {
  if (event.source !== window.parent || window.parent === window) return;
  const message = parse(event.data);
  if (message === null) return;
  // The first desktop that speaks is the one that is served.
  desktop ??= event.origin;
  if (event.origin === desktop) take(message.type, message.payload);
});
window.addEventListener('pagehide', disconnect);
status('loaded');
