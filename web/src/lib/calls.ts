// The calls of one agent, kept up to date by events: a pure value, in the order in which the calls came. It takes
// events twice, late, or about calls it has never heard of, because the wire does all of that.

import { dialog as readDialog, dialogs as readDialogs, type Dialog } from './dialog.ts';
import type { Update } from './update.ts';
import { child } from './xml.ts';

export type Calls = readonly Dialog[];

/** What one event did: the calls after it, and the dialogs that it was about. */
export interface Taken {
  readonly calls: Calls;
  readonly touched: readonly Dialog[];
  readonly event: string;
}

/**
 * Takes one event of the node `/finesse/api/User/{id}/Dialogs` in; undefined when it is not about voice calls.
 * A dialog that is put before it was posted is taken as posted: the POST may have been lost in a reconnect. One
 * that is put after it was deleted is over, which its own participant says; see `isOver` in call.ts.
 */
export function takeEvent(calls: Calls, update: Update): Taken | undefined {
  const list = child(update.data, 'dialogs');
  const one = child(update.data, 'dialog');
  const touched =
    list !== undefined ? readDialogs(list) : one !== undefined ? [readDialog(one)].filter(isThere) : [];
  if (touched.length === 0) return undefined;
  const next =
    update.event === 'DELETE'
      ? calls.filter((call) => !touched.some(({ id }) => id === call.id))
      : touched.reduce(put, calls);
  return { calls: next, touched, event: update.event };
}

/** The calls that the server listed, in the order known here; new ones come last. */
export function takeList(calls: Calls, listed: Calls): Calls {
  const known = calls.map(({ id }) => listed.find((call) => call.id === id)).filter(isThere);
  return listed.filter((call) => !known.includes(call)).reduce(put, known);
}

function put(calls: Calls, dialog: Dialog): Calls {
  const at = calls.findIndex(({ id }) => id === dialog.id);
  return at < 0 ? [...calls, dialog] : calls.with(at, dialog);
}

function isThere(dialog: Dialog | undefined): dialog is Dialog {
  return dialog !== undefined;
}
