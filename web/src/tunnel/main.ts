// The page that third-party desktops load in an iframe: it holds the event channel, and speaks with the desktop around it
// in the numbered messages of protocol.ts. It has nothing of its own to give away: the desktop brings the login, and
// only the window around this one is listened to and answered.

import { Strophe } from 'strophe.js';
import {
  ANSWER_TIMEOUT,
  becomeAvailable,
  BOSH_WAIT,
  condition,
  connectionTo,
  ping,
  PING_INTERVAL,
  pubsub,
  RESOURCE,
  type Connection,
} from '../lib/stream.ts';
import { every } from '../lib/ticker.ts';
import { isComplete, MessageType, parse, render, type Login, type MessageNumber } from './protocol.ts';

const login: Partial<Login> = {};
let connection: Connection | null = null;
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
  const opened = connectionTo(window.location.origin, login.webSocket ? 'websocket' : 'bosh');
  connection = opened;
  let conflict = false;
  opened.connect(
    `${login.id}@${login.domain}/${login.resource ?? RESOURCE}`,
    login.password,
    (now, reason) => {
      if (connection !== opened) return;
      if (reason === 'conflict') conflict = true;
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

function gone(closed: Connection): void {
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

/** The handlers come first, so that no event is missed; what the desktop does once it is connected it will hear of. */
function available(opened: Connection): void {
  const forward = (type: MessageNumber) => (stanza: Element) => {
    tell(type, Strophe.serialize(stanza) ?? '');
    return true; // stay
  };
  opened.addHandler(forward(MessageType.EVENT), null, 'message', null);
  opened.addHandler(forward(MessageType.PRESENCE), null, 'presence', null);
  becomeAvailable(opened, domain(), () => {
    if (connection === opened) status('connected');
  });
  stopPings = every(PING_INTERVAL, () => {
    const lost = (answer: Element | null): void => {
      // Refused is alive; silence is not.
      if (answer !== null || connection !== opened) return;
      gone(opened);
      status('disconnected');
    };
    opened.sendIQ(ping(domain()), undefined, lost, ANSWER_TIMEOUT);
    opened.flush();
  });
}

/** Subscribes or unsubscribes the whole address, so that it ends with the session. */
function change(what: 'subscribe' | 'unsubscribe', node: string): void {
  const opened = connection;
  if (opened === null || node === '') return;
  const request = pubsub(pubSub(), 'set', what, { node, jid: opened.jid });
  const say = (result: string) => tell(MessageType.LOGGING, `${what} '${node}': ${result}`);
  opened.sendIQ(
    request,
    () => say('done'),
    (answer) => say(condition(answer)),
    ANSWER_TIMEOUT,
  );
  opened.flush();
}

function list(): void {
  const opened = connection;
  if (opened === null) return;
  const request = pubsub(pubSub(), 'get', 'subscriptions');
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
    ANSWER_TIMEOUT,
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
