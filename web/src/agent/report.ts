// The client log leaves the browser: sent to the server, or saved as a file where the server would refuse it.

import { userPath, type Desktop } from './desktop.ts';
import * as view from './view.ts';

/** Sends the log because the agent asks for it; the outcome is shown. Does not throw. */
export async function sendReport(desktop: Desktop): Promise<void> {
  if (view.report.value === 'sending') return;
  view.report.value = 'sending';
  view.report.value = (await submit(desktop)) ? 'sent' : 'failed';
}

/** Sends the log by itself; nobody waits for it, so nothing is shown. Does not throw. */
export async function submit(desktop: Desktop): Promise<boolean> {
  const id = desktop.session?.credential.id;
  if (id === undefined) return false;
  const path = `${userPath(id)}/ClientLog`;
  const channel = desktop.session?.channel;
  const live = view.phase.value === 'in' && view.link.value.up ? channel : undefined;
  try {
    // The server confirms on this node. A subscription that is refused does not stop the upload.
    const subscribed = (await live?.subscribe(path)) ?? false;
    await desktop.rest.send('ClientLog', 'POST', path, desktop.log.document(), desktop.rest.requestId());
    if (subscribed) live?.unsubscribe(path);
    return true;
  } catch {
    return false;
  }
}

/** Saves the log as a text file. */
export function saveReport(desktop: Desktop): void {
  const url = URL.createObjectURL(new Blob([desktop.log.text()], { type: 'text/plain' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = 'client-log.txt';
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
