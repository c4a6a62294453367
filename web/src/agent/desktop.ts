// The parts of one desktop, put together once: log, clock, REST, memory, and the session while there is one.
// Everything in src/agent takes it as its first argument.

import { ServerClock } from '../lib/clock.ts';
import { ClientLog } from '../lib/clientlog.ts';
import type { Taken } from '../lib/calls.ts';
import { Memory, type TabCredential } from '../lib/memory.ts';
import { systemInfo, user, type SystemInfo, type User } from '../lib/model.ts';
import type { Channel, Transport } from '../lib/notify.ts';
import { Pending } from '../lib/pending.ts';
import { Rest } from '../lib/rest.ts';

/** One signed-in agent, from the first request of the login to the sign-out. */
export interface Session {
  readonly credential: TabCredential;
  /** What is under way: changes of the agent's own state, requests about calls. */
  readonly pending: Pending<User>;
  readonly calling: Pending<Taken>;
  /** Changes of the states of other agents, by a supervisor. */
  readonly members: Pending<User>;
  channel: Channel | undefined;
  /** Resolves when what follows a sign-in is done: the agent's data is there, the client log is sent. */
  settled: Promise<unknown>;
  /** Ends waits and loops of a session that is over. */
  readonly over: AbortController;
}

export class Desktop {
  readonly clock = new ServerClock();
  readonly log: ClientLog;
  readonly rest: Rest;
  readonly memory: Memory;
  session: Session | undefined;
  #host: string | undefined;
  #serverZone: number | undefined;

  constructor(
    /** The transport to begin with; WebSocket falls back to BOSH. */
    readonly transport: Transport,
    browser: Pick<Window, 'localStorage' | 'sessionStorage' | 'navigator'>,
  ) {
    this.log = new ClientLog(browser.navigator.userAgent, () => {
      const now = Date.now();
      const zone = -new Date(now).getTimezoneOffset();
      const { drift } = this.clock;
      return { now, zone, drift, serverZone: this.#serverZone ?? zone, host: this.#host };
    });
    this.rest = new Rest({
      log: this.log,
      fetch: (input, init) => fetch(input, init),
      now: () => Date.now(),
      uuid,
    });
    this.memory = new Memory(browser.localStorage, browser.sessionStorage);
  }

  /** GETs SystemInfo as nobody, and takes the server's clock from it. */
  async systemInfo(): Promise<SystemInfo> {
    const { root, sent, received } = await this.rest.get('SystemInfo', '/finesse/api/SystemInfo', false);
    const info = systemInfo(root);
    if (info.currentTimestamp !== undefined)
      this.clock.measure({ sent, received, server: info.currentTimestamp });
    this.#serverZone = info.timezoneOffset;
    if (info.xmppDomain !== '') this.#host = info.xmppDomain;
    return info;
  }

  /** GETs a user by agent id or login name. */
  async user(id: string): Promise<User> {
    const { root } = await this.rest.get('User', userPath(id));
    return user(root);
  }
}

/** The REST address of an agent, which is also the name of the agent's event node. */
export function userPath(id: string): string {
  return `/finesse/api/User/${encodeURIComponent(id)}`;
}

/** A random version 4 uuid. `crypto.randomUUID` needs a secure origin, and the demo may be opened over plain HTTP. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, i) => {
    const value = i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, '0');
  }).join('');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return parts.join('-');
}
