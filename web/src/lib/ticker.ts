// A clock that keeps ticking in a tab that nobody looks at. Browsers slow the timers of such pages down to one a
// minute, and the service would take the silence for a vanished agent; the timers of a worker go on.

/** Calls `tick` every `ms`, until the function that is returned is called. */
export function every(ms: number, tick: () => void): () => void {
  let worker: Worker;
  try {
    worker = new Worker(new URL('./ticker-worker.ts', import.meta.url), { type: 'module', name: 'ticker' });
  } catch {
    // No workers here: the page's own timer is better than none.
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  }
  worker.onmessage = tick;
  worker.postMessage(ms);
  return () => worker.terminate();
}
