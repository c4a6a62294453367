// The connection of a session: opened, lost, opened again. SystemInfo first, then the channel, then the agent's state
// as it is now. Attempts back off; the browser's `online` event and the agent's button cut the wait short. Within the
// server's grace nothing changes for the agent; after it the server has signed the agent out, and the page says so.

import { fault, FaultError, faultOf } from '../lib/fault.ts';
import type { SystemInfo, User } from '../lib/model.ts';
import { Channel, type Transport } from '../lib/notify.ts';
import { retryDelay } from '../lib/retry.ts';
import { loadCalls } from './calls.ts';
import type { Desktop, Session } from './desktop.ts';
import { onEvent } from './events.ts';
import { pause } from './pause.ts';
import { endSession } from './session-end.ts';
import { showUser } from './show.ts';
import { reopenQueues } from './queues.ts';
import { reopenTeam } from './team.ts';
import * as view from './view.ts';

/** Opens the event channel of a session: by the chosen transport, by BOSH where WebSocket finds no way. */
export async function openChannel(desktop: Desktop, session: Session, info: SystemInfo): Promise<void> {
  const { log } = desktop;
  const open = async (transport: Transport): Promise<void> => {
    const name = transport === 'bosh' ? 'BOSH' : 'WebSocket';
    log.write(`PageServices.init(): Establishing ${name} connection...`);
    const channel = new Channel({
      transport,
      origin: location.origin,
      id: session.credential.id,
      password: session.credential.password,
      domain: info.xmppDomain,
      pubSubDomain: info.xmppPubSubDomain,
      log,
      onEvent: (node, payload) => onEvent(desktop, session, node, payload),
      onLost: (reason) => void onLost(desktop, session, reason),
    });
    session.channel = channel;
    await channel.open();
    log.write(`PageServices.onLoad(): ${name} established!`);
  };
  try {
    await open(desktop.transport);
  } catch (error) {
    const noWay = error instanceof FaultError && error.fault.kind === 'network';
    if (!noWay || desktop.transport === 'bosh') throw error;
    log.write('PageServices._onDisconnect(): retryCount=0, retrying...');
    await open('bosh');
  }
}

/** SystemInfo of a server that is in service; anything else is a fault. */
export async function inService(desktop: Desktop): Promise<SystemInfo> {
  const info = await desktop.systemInfo();
  desktop.log.write(`PageServices.init().onLoad: System info status: ${info.status}`);
  if (info.status !== 'IN_SERVICE')
    throw new FaultError(fault('http', 'Service Unavailable', 'SERVER_OUT_OF_SERVICE', 503));
  return info;
}

let hurry = new AbortController();

/** Tries again at once. */
export function tryNow(): void {
  hurry.abort();
}

/** Called by the channel when its session is gone. */
async function onLost(desktop: Desktop, session: Session, reason: 'lost' | 'conflict'): Promise<void> {
  if (session.over.signal.aborted || view.phase.value !== 'in') return;
  if (reason === 'conflict') return endSession(desktop, session, 'conflict');
  if (!view.link.value.up) return; // a loop is at it
  window.addEventListener('online', tryNow, { signal: session.over.signal });
  for (let attempt = 0; !session.over.signal.aborted; attempt += 1) {
    const wait = retryDelay(attempt, Math.random());
    hurry = new AbortController();
    view.link.value = { up: false, retryAt: Date.now() + wait };
    await pause(wait, session.over.signal, hurry.signal);
    if (session.over.signal.aborted) return;
    view.link.value = { up: false, retryAt: 0 };
    desktop.log.write(`PageServices._onDisconnect(): retryCount=${attempt}, retrying...`);
    if (await comeBack(desktop, session)) break;
  }
  window.removeEventListener('online', tryNow);
}

async function comeBack(desktop: Desktop, session: Session): Promise<boolean> {
  try {
    const info = await inService(desktop);
    await openChannel(desktop, session, info);
    const user = await desktop.user(session.credential.id);
    if (session.over.signal.aborted) return true;
    view.link.value = { up: true };
    view.inService.value = true;
    if (user.state === 'LOGOUT') endSession(desktop, session, 'disconnected');
    else {
      showUser(desktop, user);
      await refreshCalls(desktop, session, user.teams);
    }
    return true;
  } catch (error) {
    const reason = faultOf(error);
    session.channel?.close();
    const refused = reason.kind === 'channel' && reason.type !== 'temporary-auth-failure';
    if (refused || reason.status === 401) {
      endSession(desktop, session, 'credentials');
      return true;
    }
    return false;
  }
}

/** What happened to calls while nobody listened. They are not worth another reconnect when they cannot be read. */
async function refreshCalls(desktop: Desktop, session: Session, teams: User['teams']): Promise<void> {
  reopenTeam(desktop, session, teams);
  reopenQueues(desktop, session);
  await loadCalls(desktop, session).catch((error: unknown) => {
    view.dataFault.value = faultOf(error);
  });
}
