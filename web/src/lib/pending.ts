// Requests that were accepted with 202 and whose outcome comes as an event: each waits for the event with its
// requestId, or for one that shows what was asked for (the id is best effort on this wire), or for its refusal.

import { fault, FaultError, type Fault } from './fault.ts';

interface Waiting<Outcome> {
  readonly requestId: string;
  readonly reached: (outcome: Outcome, own: boolean) => boolean;
  readonly done: (outcome: Outcome) => void;
  readonly failed: (reason: Fault) => void;
}

/** `Outcome` is what events show: a user, or what happened to a call. */
export class Pending<Outcome> {
  #waiting: Waiting<Outcome>[] = [];

  /**
   * Waits for the outcome of a request, at most `timeout` ms. `reached` says whether an event is it; `own` whether
   * the event carries the request's id. Call it before the request is sent: the event can be
   * faster than the 202. Rejects with a FaultError; a fault of kind `timeout` means that no event came.
   */
  expect(
    requestId: string,
    reached: (outcome: Outcome, own: boolean) => boolean,
    timeout: number,
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const failed = (reason: Fault): void => {
        end();
        reject(new FaultError(reason));
      };
      const timer = setTimeout(() => failed(fault('timeout', 'No event')), timeout);
      const done = (outcome: Outcome): void => {
        end();
        resolve(outcome);
      };
      const waiting = { requestId, reached, done, failed };
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((w) => w !== waiting);
      };
      this.#waiting.push(waiting);
    });
  }

  /** Takes an event in. */
  happened(outcome: Outcome, requestId: string): void {
    for (const waiting of [...this.#waiting])
      if (waiting.reached(outcome, requestId === waiting.requestId)) waiting.done(outcome);
  }

  /** Takes a refusal in; false when nobody waits for that id. */
  refused(requestId: string, refusal: Fault): boolean {
    const waiting = this.#waiting.find((w) => w.requestId === requestId);
    waiting?.failed(refusal);
    return waiting !== undefined;
  }

  /** Ends a wait without an outcome of the server, e.g. because the request itself was refused. */
  cancel(requestId: string, reason: Fault): void {
    this.refused(requestId, reason);
  }
}
