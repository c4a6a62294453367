// What can go wrong with a request, as one type: refused by REST (ApiErrors), refused later by an event (apiErrors),
// no answer, no network. It keeps codes and never turns them into words; src/agent/faults.ts does.

import { child, childrenOf, isNamed, parseXml, textOf, type XmlElement } from './xml.ts';

/** Where the refusal came from. */
export type FaultKind = 'http' | 'event' | 'network' | 'timeout' | 'channel';

export interface Fault {
  readonly kind: FaultKind;
  /** The HTTP status; 0 when there was no HTTP answer. */
  readonly status: number;
  /** ErrorType: `Authorization Failure`, `Invalid State`, ... */
  readonly type: string;
  /** ErrorMessage: often a symbolic code such as `CF_INVALID_LOGON_DEVICE_SPECIFIED`. */
  readonly message: string;
  /** ErrorData: often a number such as `260`, or the thing refused. */
  readonly data: string;
  /** The switch's own words, when the server passes them on. */
  readonly peripheral: string;
}

/** A Fault that is thrown. */
export class FaultError extends Error {
  constructor(readonly fault: Fault) {
    super(codeOf(fault));
    this.name = 'FaultError';
  }
}

/** The fault inside anything that was thrown. */
export function faultOf(error: unknown): Fault {
  return error instanceof FaultError ? error.fault : fault('network', String(error));
}

/** A fault that carries no error document. */
export function fault(kind: FaultKind, type: string, message = '', status = 0): Fault {
  return { kind, status, type, message, data: '', peripheral: '' };
}

/** Decodes the body of a refused request. A body that is no ApiErrors document still gives a fault, from the status. */
export function httpFault(status: number, body: string): Fault {
  let root: XmlElement | undefined;
  try {
    root = parseXml(body);
  } catch {
    root = undefined; // a proxy's page, or nothing at all
  }
  const decoded = root === undefined ? undefined : apiError(root);
  return { ...(decoded ?? EMPTY), kind: 'http', status };
}

/** Decodes `<apiErrors>` out of the data of an event; undefined when the data is something else. */
export function eventFault(data: XmlElement | undefined): Fault | undefined {
  const errors = data === undefined ? undefined : (child(data, 'apiErrors') ?? child(data, 'apiError'));
  const decoded = errors === undefined ? undefined : apiError(errors);
  return decoded === undefined ? undefined : { ...decoded, kind: 'event', status: 0 };
}

/** The code to show beside the words, for whoever is asked for help: `CF_... (260)`, `Authorization Failure (401)`. */
export function codeOf(f: Fault): string {
  const symbolic = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(f.message);
  const name = symbolic ? f.message : f.type || f.message;
  const number = /^\d+$/.test(f.data) && symbolic ? f.data : f.status > 0 ? String(f.status) : '';
  if (name === '') return number;
  return number === '' ? name : `${name} (${number})`;
}

const EMPTY = { type: '', message: '', data: '', peripheral: '' };

/** The first error of a list, in either spelling of its names. */
function apiError(root: XmlElement): Omit<Fault, 'kind' | 'status'> | undefined {
  const error = isNamed(root, 'ApiError') ? root : childrenOf(root, 'ApiError')[0];
  if (error === undefined) return undefined;
  return {
    type: textOf(error, 'ErrorType'),
    message: textOf(error, 'ErrorMessage'),
    data: textOf(error, 'ErrorData'),
    peripheral: textOf(error, 'peripheralErrorText') || textOf(error, 'peripheralErrorMsg'),
  };
}
