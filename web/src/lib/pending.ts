// Requests that were accepted with 202 and whose outcome comes as an event: each waits for the event with its
// requestId, or for one that shows what was asked for (the id is best effort on this wire), or for its refusal.

import { fault, FaultError, type Fault } from './fault.ts';
import type { User } from './model.ts';

interface Waiting {
  readonly requestId: string;
  readonly reached: (user: User, own: boolean) => boolean;
  readonly settle: (outcome: User | Fault) => void;
}

export class Pending {
  #waiting: Waiting[] = [];

  /**
   * Waits for the outcome of a request, at most `timeout` ms. `reached` says whether an event is it; `own` whether
   * the event carries the request's id. Call it before the request is sent: the event can be
   * faster than the 202. Rejects with a FaultError; a fault of kind `timeout` means that no event came.
   */
  expect(requestId: string, reached: (user: User, own: boolean) => boolean, timeout: number): Promise<User> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.settle(fault('timeout', 'No event')), timeout);
      const waiting: Waiting = {
        requestId,
        reached,
        settle: (outcome) => {
          clearTimeout(timer);
          this.#waiting = this.#waiting.filter((w) => w !== waiting);
          if ('kind' in outcome) reject(new FaultError(outcome));
          else resolve(outcome);
        },
      };
      this.#waiting.push(waiting);
    });
  }

  /** Takes a user event in. */
  user(user: User, requestId: string): void {
    for (const waiting of [...this.#waiting])
      if (waiting.reached(user, requestId === waiting.requestId)) waiting.settle(user);
  }

  /** Takes a refusal in; false when nobody waits for that id. */
  refused(requestId: string, refusal: Fault): boolean {
    const waiting = this.#waiting.find((w) => w.requestId === requestId);
    waiting?.settle(refusal);
    return waiting !== undefined;
  }

  /** Ends a wait without an outcome of the server, e.g. because the request itself was refused. */
  cancel(requestId: string, reason: Fault): void {
    this.refused(requestId, reason);
  }
}
