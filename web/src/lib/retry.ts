// How long to wait before the next attempt: doubling from one second to twenty, each shortened by up to a quarter so
// that two thousand desktops do not come back in the same instant. Randomness comes in as a parameter.

const FIRST = 1_000;
const LONGEST = 20_000;

/** The pause before attempt `attempt` (0 is the first retry), in ms; `random` is in [0, 1). */
export function retryDelay(attempt: number, random: number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 16));
  return Math.round(full * (1 - random / 4));
}
