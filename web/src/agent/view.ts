// What the page shows, as signals. The parts of src/agent write them, the components of src/ui read them.

import { signal } from '@preact/signals';
import type { Fault } from '../lib/fault.ts';
import type { Contact, ReasonCode, User } from '../lib/model.ts';
import type { SignOut } from '../lib/sign-out.ts';
import { clearCalls } from './calls-view.ts';
import { clearTeam, page } from './team-view.ts';

/** The steps of a login that the page names while it waits; the ids are those of the whole system. */
export type Step = 'system_info' | 'event_channel' | 'user' | 'sign_in';

/** Why the desktop is on the sign-in page although it was signed in. */
export type Notice = 'signedOut' | 'disconnected' | 'supervisor' | 'byServer' | 'conflict' | 'credentials';

export type Phase = 'out' | 'signingIn' | 'in';
export type Category = 'NOT_READY' | 'LOGOUT';

export interface Failure {
  readonly fault: Fault;
  readonly step: Step;
  /** What the agent had typed, for the words. */
  readonly extension: string;
  /** Whether the server accepted the credentials, so that it would take a report. */
  readonly canSend: boolean;
}

/** The link to the server: up, or lost and tried again at `retryAt` (client's clock, ms; 0 while trying). */
export type Link = { readonly up: true } | { readonly up: false; readonly retryAt: number };

export interface HistoryEntry {
  /** When the state began by the client's clock, ms. */
  readonly at: number;
  readonly state: string;
  readonly reason: string;
}

/** So many entries of the history are kept. */
export const MAX_HISTORY = 50;

export const phase = signal<Phase>('out');
/** A sign-in that goes on by itself after a page reload. */
export const resuming = signal(false);
export const step = signal<Step>('system_info');
export const failure = signal<Failure | undefined>(undefined);
export const notice = signal<Notice | undefined>(undefined);
/** The same as the server tells it, once it has. */
export const gone = signal<SignOut | undefined>(undefined);

export const user = signal<User | undefined>(undefined);
export const history = signal<readonly HistoryEntry[]>([]);
export const link = signal<Link>({ up: true });
export const inService = signal(true);

/** The state that was asked for and has not come yet. */
export const asked = signal<string | undefined>(undefined);
export const stateFault = signal<Fault | undefined>(undefined);

/** The reason codes of a category, undefined until they are known. */
export const reasons = signal<Readonly<Partial<Record<Category, readonly ReasonCode[]>>>>({});
export const contacts = signal<readonly Contact[] | undefined>(undefined);
export const dataFault = signal<Fault | undefined>(undefined);

export const report = signal<'idle' | 'sending' | 'sent' | 'failed'>('idle');

/** The client's clock, ms, once a second while somebody looks at a timer. */
export const now = signal(Date.now());

/** The reason codes of a category; undefined while they may still come. Without an answer none are offered. */
export function reasonsOf(category: Category): readonly ReasonCode[] | undefined {
  return reasons.value[category] ?? (dataFault.value === undefined ? undefined : []);
}

/** Forgets everything about the agent who was signed in. */
export function clearAgent(): void {
  clearCalls();
  clearTeam();
  page.value = 'desk';
  user.value = undefined;
  history.value = [];
  link.value = { up: true };
  inService.value = true;
  asked.value = undefined;
  stateFault.value = undefined;
  reasons.value = {};
  contacts.value = undefined;
  dataFault.value = undefined;
  report.value = 'idle';
  gone.value = undefined;
}
