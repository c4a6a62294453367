// A dialog, which is a call as REST and events show it: who takes part, in which state, with which data, and what
// each may do. Elements that are missing become empty text; words that are not known stay as the wire has them.

import { parseTimestamp } from './clock.ts';
import { child, childrenOf, textOf, type XmlElement } from './xml.ts';

export interface Participant {
  /** The extension of a phone here, or the number of an outside party. */
  readonly address: string;
  /** `AGENT_DEVICE` for the phone of a signed-in agent; other words or nothing for everybody else. */
  readonly kind: string;
  /** `ALERTING`, `ACTIVE`, `HELD`, `WRAP_UP`, ... */
  readonly state: string;
  /** Why it failed: `BUSY`, `BAD_DESTINATION`, ...; empty otherwise. */
  readonly cause: string;
  /** When it came into the call, and into this state, by the server's clock, ms since 1970. */
  readonly started: number | undefined;
  readonly changed: number | undefined;
  /** What this participant may do, as requests name it: `ANSWER`, `HOLD`, ... */
  readonly actions: readonly string[];
}

export interface Variable {
  readonly name: string;
  readonly value: string;
}

export interface Dialog {
  readonly id: string;
  /** The id of the dialog that this one came from: a consult, a monitored call. Empty when there is none. */
  readonly associatedId: string;
  readonly callType: string;
  readonly state: string;
  readonly from: string;
  readonly to: string;
  readonly dialedNumber: string;
  readonly queueName: string;
  readonly wrapUpReason: string;
  /** What the agent has called the outcome of an outbound call. */
  readonly classification: string;
  /** When the customer of an outbound call wants to be called again; empty when there is no such wish. */
  readonly callbackTime: string;
  readonly callbackNumber: string;
  readonly variables: readonly Variable[];
  readonly participants: readonly Participant[];
}

/** A dialog out of `<Dialog>` or `<dialog>`; undefined for one without an id and for one that is no voice call. */
export function dialog(root: XmlElement): Dialog | undefined {
  const id = textOf(root, 'id') || lastSegment(textOf(root, 'uri'));
  // The ids of chats and mails have an underscore in them.
  if (!/^\d+$/.test(id)) return undefined;
  const media = child(root, 'mediaProperties');
  const callback = child(root, 'scheduledCallbackInfo');
  return {
    id,
    associatedId: lastSegment(textOf(root, 'associatedDialogUri')),
    callType: textOf(media, 'callType'),
    state: textOf(root, 'state'),
    from: textOf(root, 'fromAddress'),
    to: textOf(root, 'toAddress'),
    dialedNumber: textOf(media, 'dialedNumber') || textOf(media, 'DNIS'),
    queueName: textOf(media, 'queueName'),
    wrapUpReason: textOf(media, 'wrapUpReason'),
    classification: textOf(media, 'outboundClassification'),
    callbackTime: textOf(callback, 'callbackTime'),
    callbackNumber: textOf(callback, 'callbackNumber'),
    variables: childrenOf(child(media, 'callvariables'), 'CallVariable')
      .map((v) => ({ name: textOf(v, 'name'), value: textOf(v, 'value') }))
      .filter(({ name }) => name !== ''),
    participants: childrenOf(child(root, 'participants'), 'Participant').map(participant),
  };
}

/** The voice dialogs out of `<Dialogs>` or `<dialogs>`. */
export function dialogs(root: XmlElement): readonly Dialog[] {
  return childrenOf(root, 'Dialog')
    .map(dialog)
    .filter((found) => found !== undefined);
}

function participant(root: XmlElement): Participant {
  return {
    address: textOf(root, 'mediaAddress'),
    kind: textOf(root, 'mediaAddressType'),
    state: textOf(root, 'state'),
    cause: textOf(root, 'stateCause'),
    started: parseTimestamp(textOf(root, 'startTime')),
    changed: parseTimestamp(textOf(root, 'stateChangeTime')),
    actions: childrenOf(child(root, 'actions'), 'action').map((action) => action.text.trim()),
  };
}

function lastSegment(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
