// What the browser remembers. For good: agent id, extension, language (localStorage). For this tab only: the
// credential, so that a page reload goes on silently. It is stamped while the page lives and thrown away when the
// stamp is older than the server's grace: a reload takes seconds, and after the grace the agent is signed out anyway.
// A sign-out, a forced one, and a wrong password all forget it. It never leaves sessionStorage.

import type { Mobile } from './model.ts';

/** The server waits this long for a desktop that vanished, in ms; a credential older than that is worthless. */
export const GRACE = 60_000;

export interface Remembered {
  readonly id: string;
  readonly extension: string;
  readonly language: string;
  /** `on` or `off`: whether an incoming call is heard, and whether the system shows it. */
  readonly tone: string;
  readonly notifications: string;
  /** How and where a mobile agent signed in last; the mode is empty for everybody else. */
  readonly mode: string;
  readonly dialNumber: string;
}

export interface TabCredential {
  readonly id: string;
  readonly password: string;
  readonly extension: string;
  /** Only of a mobile agent. */
  readonly mobile?: Mobile | undefined;
}

const REMEMBERED = 'tact.remembered';
const CREDENTIAL = 'tact.tab';

/** The two stores of a browser; a test gives its own. Either may refuse to work (private windows, policies). */
export class Memory {
  constructor(
    private readonly lasting: Pick<Storage, 'getItem' | 'setItem'>,
    private readonly tab: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  ) {}

  recall(): Partial<Remembered> {
    const found = read(this.lasting, REMEMBERED);
    return {
      ...pick(found, 'id'),
      ...pick(found, 'extension'),
      ...pick(found, 'language'),
      ...pick(found, 'tone'),
      ...pick(found, 'notifications'),
      ...pick(found, 'mode'),
      ...pick(found, 'dialNumber'),
    };
  }

  remember(change: Partial<Remembered>): void {
    write(this.lasting, REMEMBERED, { ...this.recall(), ...change });
  }

  /** The credential of this tab, when it was stamped less than the grace ago. */
  credential(now: number): TabCredential | undefined {
    const found = this.#kept();
    if (found !== undefined && now - found.stamp < GRACE && now >= found.stamp) return found.credential;
    this.forget();
    return undefined;
  }

  /** A credential that is older than that, and when it was stamped. It is forgotten. */
  expired(now: number): { readonly credential: TabCredential; readonly stamp: number } | undefined {
    const found = this.#kept();
    if (found === undefined || now - found.stamp < GRACE) return undefined;
    this.forget();
    return found;
  }

  #kept(): { readonly credential: TabCredential; readonly stamp: number } | undefined {
    const found = read(this.tab, CREDENTIAL);
    const { id, password, extension, stamp } = found;
    const whole = typeof id === 'string' && typeof password === 'string' && typeof extension === 'string';
    if (!whole || typeof stamp !== 'number') return undefined;
    return { credential: { id, password, extension, ...mobileOf(found['mobile']) }, stamp };
  }

  /** Keeps the credential, stamped; called again while the page lives. */
  keep(credential: TabCredential, now: number): void {
    write(this.tab, CREDENTIAL, { ...credential, stamp: now });
  }

  forget(): void {
    try {
      this.tab.removeItem(CREDENTIAL);
    } catch {
      // a store that refuses has kept nothing
    }
  }
}

function mobileOf(value: unknown): Pick<TabCredential, 'mobile'> {
  const { mode, dialNumber } = (value ?? {}) as Record<string, unknown>;
  return typeof mode === 'string' && typeof dialNumber === 'string' ? { mobile: { mode, dialNumber } } : {};
}

function read(store: Pick<Storage, 'getItem'>, key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(store.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function write(store: Pick<Storage, 'setItem'>, key: string, value: object): void {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    // full or forbidden: the desktop works without its memory
  }
}

function pick<K extends keyof Remembered>(from: Record<string, unknown>, key: K): Partial<Record<K, string>> {
  const value = from[key];
  return typeof value === 'string' ? ({ [key]: value } as Record<K, string>) : {};
}
