// The REST client: credentials, nocache on every GET, a requestId on everything else, one log line each way.
// It knows HTTP and the log's texts; it does not know what the documents mean. The Authorization value goes into the
// request and nowhere else.

import type { ClientLog } from './clientlog.ts';
import { fault, FaultError, httpFault } from './fault.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** How long an answer may take before the request is given up, in ms. */
export const REQUEST_TIMEOUT = 20_000;

/** What the log calls the object that is asked for. */
export type ObjectType =
  | 'SystemInfo'
  | 'User'
  | 'Dialogs'
  | 'Dialog'
  | 'WrapUpReasons'
  | 'PhoneBooks'
  | 'Team'
  | 'Queues'
  | 'SignOuts'
  | 'ClientLog';

export interface RestOptions {
  readonly log: ClientLog;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly uuid: () => string;
}

export interface Answer {
  readonly root: XmlElement;
  /** When the request left and when its answer was here, ms since 1970 by the client's clock. */
  readonly sent: number;
  readonly received: number;
}

export class Rest {
  #authorization: string | undefined;
  #lastNocache = 0;

  constructor(private readonly options: RestOptions) {}

  /** From now on requests carry these credentials. */
  authorize(user: string, password: string): void {
    const bytes = new TextEncoder().encode(`${user}:${password}`);
    this.#authorization = `Basic ${btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''))}`;
  }

  /** Forgets the credentials. */
  forget(): void {
    this.#authorization = undefined;
  }

  /** GETs a document. `credentials: false` asks as nobody, as SystemInfo is asked for. Throws FaultError. */
  async get(type: ObjectType, path: string, credentials = true): Promise<Answer> {
    // Unique within this desktop, so that each request can be followed through the logs by it.
    this.#lastNocache = Math.max(this.options.now(), this.#lastNocache + 1);
    const url = `${path}${path.includes('?') ? '&' : '?'}nocache=${this.#lastNocache}`;
    const { log, now } = this.options;
    log.services(`${type}: requestId='undefined', Making REST request: method=GET, url='${url}'`);
    const sent = now();
    const headers: Record<string, string> = { Accept: 'application/xml' };
    if (credentials && this.#authorization !== undefined) headers['Authorization'] = this.#authorization;
    const { status, body } = await this.#send(type, 'undefined', url, { method: 'GET', headers });
    const received = now();
    if (status !== 200) throw new FaultError(httpFault(status, body));
    try {
      return { root: parseXml(body), sent, received };
    } catch {
      throw new FaultError(fault('http', 'Malformed answer', '', status));
    }
  }

  /** A new request id. */
  requestId(): string {
    return this.options.uuid();
  }

  /** PUTs or POSTs a document; resolves when the server has accepted it. Throws FaultError. */
  async send(
    type: ObjectType,
    method: 'PUT' | 'POST',
    path: string,
    body: string,
    requestId: string,
  ): Promise<void> {
    const { log } = this.options;
    log.services(`${type}: requestId='${requestId}', Making REST request: method=${method}, url='${path}'`);
    // The log does not quote itself.
    if (type !== 'ClientLog') log.services(`${type}: requestId='${requestId}', POST_DATA='${body}'`);
    const headers: Record<string, string> = { 'Content-Type': 'application/xml', requestId };
    if (this.#authorization !== undefined) headers['Authorization'] = this.#authorization;
    const answer = await this.#send(type, requestId, path, { method, headers, body });
    if (answer.status < 200 || answer.status > 299)
      throw new FaultError(httpFault(answer.status, answer.body));
  }

  async #send(
    type: ObjectType,
    requestId: string,
    url: string,
    init: RequestInit,
  ): Promise<{ status: number; body: string }> {
    const { log } = this.options;
    const says = `${type}: requestId='${requestId}', Returned with status`;
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT);
    try {
      // No cookies and no password prompt of the browser: the header is all there is.
      const response = await this.options.fetch(url, {
        ...init,
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        signal,
      });
      const body = await response.text();
      log.services(`${says}=${response.status}, content='${body.trim()}'`);
      return { status: response.status, body };
    } catch {
      log.services(`${says}=0, content=''`);
      throw new FaultError(
        signal.aborted ? fault('timeout', 'No answer') : fault('network', 'No connection'),
      );
    }
  }
}
