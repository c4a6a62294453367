// The event channel: one XMPP session over WebSocket or BOSH. It signs in, sends presence, keeps the session alive
// with pings, hands over the payloads of events, and says when the session is gone. It does not know what events
// mean. Statuses are logged in the words that readers of client logs look for.

import { Strophe } from 'strophe.js';
import type { ClientLog } from './clientlog.ts';
import { fault, FaultError, type Fault } from './fault.ts';
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
  type Transport,
} from './stream.ts';
import { every } from './ticker.ts';

export type { Transport };

/** So many failed pings in a row mean that the session is gone. */
const PING_FAILURES = 2;
/** How long connecting, signing in and binding may take together, in ms. */
const OPEN_TIMEOUT = 15_000;
/** No session in time, or none at all. */
const NO_WAY = fault('network', 'No event channel');

export interface ChannelOptions {
  readonly transport: Transport;
  /** The origin of the page: `https://host:8445`. */
  readonly origin: string;
  readonly id: string;
  readonly password: string;
  readonly domain: string;
  readonly pubSubDomain: string;
  readonly log: ClientLog;
  /** An event: its node and the payload, one XML document as text. */
  readonly onEvent: (node: string, payload: string) => void;
  /** The session that was open is gone; `conflict` when another desktop of this agent took its place. */
  readonly onLost: (reason: 'lost' | 'conflict') => void;
}

type Phase = 'new' | 'opening' | 'open' | 'closed';

export class Channel {
  readonly #connection: Connection;
  #phase: Phase = 'new';
  #conflict = false;
  #stopPings: () => void = () => {};
  #failedPings = 0;

  constructor(private readonly options: ChannelOptions) {
    this.#connection = connectionTo(options.origin, options.transport);
  }

  /** Connects, authenticates, binds, sends presence. Rejects with a FaultError, then the channel is closed. */
  open(): Promise<void> {
    const { id, domain, password } = this.options;
    this.#phase = 'opening';
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => fail(NO_WAY), OPEN_TIMEOUT);
      const fail = (why: Fault): void => {
        if (this.#phase !== 'opening') return;
        clearTimeout(timer);
        this.close();
        reject(new FaultError(why));
      };
      const { Status } = Strophe;
      this.#connection.connect(
        `${id}@${domain}/${RESOURCE}`,
        password,
        (status, reason, element) => {
          if (reason === 'conflict') this.#conflict = true;
          switch (status) {
            case Status.CONNECTING:
              this.#say('connecting');
              break;
            case Status.CONNECTED:
            case Status.ATTACHED:
              if (this.#phase !== 'opening') break;
              this.#say('connected');
              this.#available(() => {
                if (this.#phase !== 'opening') return;
                clearTimeout(timer);
                this.#keepAlive();
                resolve();
              });
              break;
            case Status.AUTHFAIL:
              this.#say('unauthorized');
              // The condition inside the refusal, as SASL names it.
              fail(fault('channel', element?.firstElementChild?.localName ?? 'not-authorized'));
              break;
            case Status.DISCONNECTING:
              this.#say('disconnecting');
              break;
            case Status.CONNFAIL:
            case Status.ERROR:
            case Status.DISCONNECTED:
            case Status.CONNTIMEOUT:
              if (this.#phase === 'open') this.#lost();
              else {
                if (this.#phase === 'opening') this.#say('disconnected');
                fail(NO_WAY);
              }
              break;
          }
        },
        BOSH_WAIT,
      );
      // A socket that the other side closes in good order before the session is open is not reported by Strophe.
      const { _proto: proto } = this.#connection;
      if ('socket' in proto && proto.socket instanceof WebSocket)
        proto.socket.addEventListener('close', () => fail(NO_WAY));
    });
  }

  /** Subscribes to a node that the service does not send by itself; resolves to whether it was granted. */
  subscribe(node: string): Promise<boolean> {
    const { log, pubSubDomain } = this.options;
    log.services(`MasterPublisher._subscribeNode() - Attempting to subscribe to node '${node}'`);
    const request = pubsub(pubSubDomain, 'set', 'subscribe', { node, jid: this.#connection.jid });
    return new Promise((resolve) => {
      this.#connection.sendIQ(
        request,
        () => {
          log.services(`MasterPublisher._subscribeNode() - Subscribed to node '${node}'`);
          resolve(true);
        },
        (answer) => {
          log.services(
            `MasterPublisher._subscribeNode() - Error subscribing to node '${node}': ${condition(answer)}`,
          );
          resolve(false);
        },
        ANSWER_TIMEOUT,
      );
    });
  }

  /** Takes an explicit subscription back: the service would keep it for ever. */
  unsubscribe(node: string): void {
    if (this.#phase !== 'open') return;
    this.options.log.services(
      `MasterPublisher._unsubscribeNode() - Attempting to unsubscribe from node '${node}'`,
    );
    const { jid } = this.#connection;
    this.#connection.sendIQ(pubsub(this.options.pubSubDomain, 'set', 'unsubscribe', { node, jid }));
  }

  /** Ends the session; nothing is reported any more. */
  close(): void {
    const wasOpen = this.#phase === 'open';
    this.#phase = 'closed';
    this.#stopPings();
    this.#connection.disconnect(wasOpen ? 'signed out' : 'given up');
    if (wasOpen) this.#say('disconnected');
  }

  #say(status: string): void {
    this.options.log.services(`MasterPublisher._connInfoHandler() - Connection status: ${status}`);
  }

  #available(done: () => void): void {
    this.#connection.addHandler((message) => this.#message(message), null, 'message', null);
    // Without an answer the time for opening runs out.
    becomeAvailable(this.#connection, this.options.domain, done);
  }

  #keepAlive(): void {
    this.#phase = 'open';
    const { domain } = this.options;
    this.#stopPings = every(PING_INTERVAL, () => {
      this.#connection.sendIQ(
        ping(domain),
        () => {
          this.#failedPings = 0;
        },
        (answer) => {
          if (answer !== null) return; // refused, but alive
          this.#failedPings += 1;
          if (this.#failedPings >= PING_FAILURES) this.#lost();
        },
        ANSWER_TIMEOUT,
      );
      // At once, not when the page's next timer fires: see ticker.ts.
      this.#connection.flush();
    });
  }

  #lost(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'closed';
    this.#stopPings();
    this.#say(this.#conflict ? 'conflict' : 'disconnected');
    this.#connection.reset();
    this.options.onLost(this.#conflict ? 'conflict' : 'lost');
  }

  /** Handlers return true to stay; one that throws would be dropped, so nothing here may throw. */
  #message(message: Element): true {
    for (const items of message.getElementsByTagName('items')) {
      const node = items.getAttribute('node') ?? '';
      for (const notification of items.getElementsByTagName('notification')) {
        const payload = notification.textContent ?? '';
        const kind = payload.startsWith('{') ? 'JSON' : 'XML';
        this.options.log.services(
          `MasterPublisher._parseAndPublish${kind}Event() - Received ${kind} event on node '${node}': ${payload}`,
        );
        try {
          this.options.onEvent(node, payload);
        } catch {
          this.options.log.services(`[ERROR] Malformed event payload on node '${node}'`);
        }
      }
    }
    return true;
  }
}
