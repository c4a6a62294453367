// Why an agent was signed out, as the server keeps it, and which sentence says so.

import type { Key } from '../i18n/index.ts';
import { parseTimestamp } from './clock.ts';
import { childrenOf, textOf, type XmlElement } from './xml.ts';

/** One end of a sign-in. */
export interface SignOut {
  /** When, by the server's clock, ms since 1970. */
  readonly at: number;
  /** `OWN_REQUEST`, `SUPERVISOR`, `PRESENCE_LOST`, `INACTIVITY`, `LINE_LOST`, `CTI_SERVER`: the wire's word. */
  readonly cause: string;
  /** The id of who asked for it; may be empty. */
  readonly by: string;
  /** How the loss of presence was noticed: `LEFT`, `SILENT`, `RESTART`, ...; empty with other causes. */
  readonly noticed: string;
  /** For how long nobody was there, in whole seconds, one at least; 0 with other causes. */
  readonly absent: number;
}

/** The last sign-out that the server knows of; undefined when there is none. */
export function lastSignOut(root: XmlElement): SignOut | undefined {
  const [last] = childrenOf(root, 'SignOut');
  if (last === undefined) return undefined;
  const at = parseTimestamp(textOf(last, 'time'));
  if (at === undefined) return undefined;
  const since = parseTimestamp(textOf(last, 'absentSince'));
  return {
    at,
    cause: textOf(last, 'cause'),
    by: textOf(last, 'by'),
    noticed: textOf(last, 'noticed'),
    absent: since === undefined ? 0 : Math.max(1, Math.round((at - since) / 1000)),
  };
}

/** The text for a sign-out that the agent did not ask for; undefined for one that needs no words. */
export function sentence({ cause, noticed }: SignOut): Key | undefined {
  switch (cause) {
    case 'PRESENCE_LOST':
      if (noticed === 'LEFT') return 'gone.left';
      return noticed === 'RESTART' ? 'gone.restart' : 'gone.lost';
    case 'SUPERVISOR':
      return 'gone.supervisor';
    case 'INACTIVITY':
      return 'gone.inactivity';
    case 'LINE_LOST':
      return 'gone.line';
    case 'CTI_SERVER':
      return 'gone.byServer';
    default:
      return undefined;
  }
}
