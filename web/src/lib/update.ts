// The envelope of an event: <Update> with data, event, requestId and source, in any order.

import { child, isNamed, parseXml, textOf, XmlError, type XmlElement } from './xml.ts';

export interface Update {
  /** `PUT`, `POST` or `DELETE`. */
  readonly event: string;
  /** Of the request that caused it; empty when nobody asked. */
  readonly requestId: string;
  /** The REST address of what changed. */
  readonly source: string;
  /** The data element; undefined for most DELETEs. */
  readonly data: XmlElement | undefined;
}

/** Decodes the payload of a notification. Throws XmlError when it is no Update. */
export function parseUpdate(payload: string): Update {
  const root = parseXml(payload.trim());
  if (!isNamed(root, 'Update')) throw new XmlError(0, 'no Update');
  return {
    event: textOf(root, 'event').toUpperCase(),
    requestId: textOf(root, 'requestId'),
    source: textOf(root, 'source'),
    data: child(root, 'data'),
  };
}
