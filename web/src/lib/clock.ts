// The server's clock as this browser knows it: own clock plus a measured drift. Time comes in as a parameter.

/** One measurement: when the request left, when the answer was here, what the server's clock said; ms since 1970. */
export interface Sample {
  readonly sent: number;
  readonly received: number;
  readonly server: number;
}

export class ServerClock {
  #drift: number | undefined;
  #roundTrip = Number.POSITIVE_INFINITY;
  #measuredAt = 0;

  /** A good sample is kept this long before a worse one may replace it: clocks wander. In ms. */
  static readonly SAMPLE_LIFE = 10 * 60 * 1000;

  /** Takes a measurement in. The shortest round trip wins, because its error is the smallest. */
  measure(sample: Sample): void {
    const roundTrip = sample.received - sample.sent;
    if (!Number.isFinite(sample.server) || roundTrip < 0) return;
    const stale = sample.received - this.#measuredAt > ServerClock.SAMPLE_LIFE;
    if (this.#drift !== undefined && roundTrip > this.#roundTrip && !stale) return;
    this.#drift = Math.round(sample.server - (sample.sent + roundTrip / 2));
    this.#roundTrip = roundTrip;
    this.#measuredAt = sample.received;
  }

  /** Server minus client in ms; undefined until the first measurement. */
  get drift(): number | undefined {
    return this.#drift;
  }

  /** What the server's clock says when ours says `now`. */
  at(now: number): number {
    return now + (this.#drift ?? 0);
  }
}

/** Reads `2026-11-23T10:00:00.123Z` (milliseconds optional); undefined for anything else, also for nothing. */
export function parseTimestamp(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** A duration as a timer shows it: `0:07`, `12:34`, `1:02:03`. Negative counts as nothing. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const h = Math.floor(seconds / 3600);
  const m = Math.floor(seconds / 60) % 60;
  const s = seconds % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The same as an ISO 8601 duration, for the `datetime` attribute: `PT1H2M3S`. */
export function isoDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `PT${Math.floor(seconds / 3600)}H${Math.floor(seconds / 60) % 60}M${seconds % 60}S`;
}
