// The client log: what this desktop did, in the line format of a 10.5+ client log, bounded, ready to be submitted.
// Each line carries the client's clock and the server's as measured, so their difference is the skew.
// No password and no Authorization value is ever given to it; the tests of rest.ts hold that.

import { escapeXml } from './xml.ts';

/** The most that one submitted log may hold, in characters after XML escaping; oldest lines go first. */
export const MAX_LOG_CHARS = 1_048_576;

/** The part of the desktop that writes; everything but gadgets is the container. */
export type Gadget = 'Container';

/** What a line needs beside its text. */
export interface LogContext {
  /** The client's clock, ms since 1970. */
  readonly now: number;
  /** Minutes that the client's zone is east of UTC at `now`. */
  readonly zone: number;
  /** Server minus client, ms; undefined until measured. */
  readonly drift: number | undefined;
  /** Minutes that the server's zone is east of UTC. */
  readonly serverZone: number;
  /** The server's host name; undefined until known. */
  readonly host: string | undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const UNKNOWN_SERVER_TIME = '--- -- ---- --:--:--.--- -----';
const UNKNOWN_HOST = '?.?.?.?';

/** One line, without its line end. The session column is empty: it is used when a browser keeps several logs. */
export function formatLine(context: LogContext, gadget: Gadget, text: string): string {
  const { now, zone, drift, serverZone, host } = context;
  const server = drift === undefined ? UNKNOWN_SERVER_TIME : serverTime(now + drift, serverZone);
  return `${clientTime(now, zone)}: : ${host ?? UNKNOWN_HOST}: ${server}: ${gadget} : ${text}`;
}

/** `2026-11-23T11:00:00.123 +01:00` */
function clientTime(at: number, zone: number): string {
  return `${new Date(at + zone * 60_000).toISOString().slice(0, 23)} ${offset(zone, ':')}`;
}

/** `Nov 23 2026 11:00:00.123 +0100` */
function serverTime(at: number, zone: number): string {
  const iso = new Date(at + zone * 60_000).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1] ?? '---';
  return `${month} ${iso.slice(8, 10)} ${iso.slice(0, 4)} ${iso.slice(11, 23)} ${offset(zone, '')}`;
}

function offset(minutes: number, separator: string): string {
  const size = Math.abs(minutes);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`;
}

/** The lines in memory, oldest dropped when the escaped whole would exceed the bound. */
export class ClientLog {
  #lines: { text: string; size: number }[] = [];
  #size = 0;
  readonly #header: string;

  /** `userAgent` is the first line of what is submitted; `context` is asked for at each line. */
  constructor(
    userAgent: string,
    private readonly context: () => LogContext,
    private readonly bound: number = MAX_LOG_CHARS,
  ) {
    this.#header = `${userAgent.replace(/[\r\n]+/g, ' ')}\n`;
  }

  /** Writes a line of the container. */
  write(text: string): void {
    const line = `${formatLine(this.context(), 'Container', text)}\n`;
    const size = escapeXml(line).length;
    this.#lines.push({ text: line, size });
    this.#size += size;
    const room = this.bound - escapeXml(this.#header).length;
    let drop = 0;
    while (this.#size > room && drop < this.#lines.length) {
      this.#size -= this.#lines[drop]?.size ?? 0;
      drop += 1;
    }
    if (drop > 0) this.#lines = this.#lines.slice(drop);
  }

  /** Writes a line of the client library inside the container. */
  services(text: string): void {
    this.write(`[ClientServices] ${text}`);
  }

  /** The whole log: the user agent, then the lines, each ended by a line feed. */
  text(): string {
    return this.#header + this.#lines.map((line) => line.text).join('');
  }

  /** The document that submits it. */
  document(): string {
    return `<ClientLog><logData>${escapeXml(this.text())}</logData></ClientLog>`;
  }
}
