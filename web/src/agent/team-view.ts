// What the supervisor's page shows, as signals.

import { signal } from '@preact/signals';
import type { Calls } from '../lib/calls.ts';
import type { Fault } from '../lib/fault.ts';
import type { User } from '../lib/model.ts';
import type { Group, Order, Queue } from '../lib/team.ts';

/** The page of a supervisor that is shown. Agents have only their desk. */
export const page = signal<'desk' | 'team'>('desk');

/** The team that is watched and its members, and the queues; undefined until they are known. */
export const teamId = signal<string | undefined>(undefined);
export const members = signal<readonly User[] | undefined>(undefined);
export const queues = signal<readonly Queue[] | undefined>(undefined);
/** The calls of members, by the member's id. */
export const memberCalls = signal<ReadonlyMap<string, Calls>>(new Map());
export const teamFault = signal<Fault | undefined>(undefined);
export const queuesFault = signal<Fault | undefined>(undefined);

export const order = signal<Order>('state');
export const group = signal<Group | undefined>(undefined);

/** Forgets the team. */
export function clearTeam(): void {
  teamId.value = undefined;
  members.value = undefined;
  queues.value = undefined;
  memberCalls.value = new Map();
  teamFault.value = undefined;
  queuesFault.value = undefined;
  group.value = undefined;
}
