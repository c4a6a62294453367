// Strophe, as desktops use it, signs in to the notification service and waits for an event on the agent's own node.
//
//   node strophe.mjs --transport bosh|websocket --server http://127.0.0.1:8082 --agent 2001 --password 2001
//                    [--domain localhost] [--resource strophe] [--timeout 15]
//                    [--put LOGIN|NOT_READY|READY|LOGOUT [--extension 2003] [--reason 1]]
//
// With --put it asks for that state by REST and waits for the event that carries its requestId; without, any event will do.
// Prints one JSON object, {"ok":true,...} and exit 0, or {"ok":false,"cause":...} and exit 1.
import { parseArgs } from 'node:util';
import { randomUUID } from 'node:crypto';
import { JSDOM } from 'jsdom';
import { WebSocket } from 'ws';

const { values: options } = parseArgs({
  options: {
    transport: { type: 'string', default: 'bosh' },
    server: { type: 'string', default: 'http://127.0.0.1:8082' },
    agent: { type: 'string', default: '2001' },
    password: { type: 'string', default: '2001' },
    domain: { type: 'string', default: 'localhost' },
    resource: { type: 'string', default: 'strophe' },
    timeout: { type: 'string', default: '15' },
    put: { type: 'string' },
    extension: { type: 'string' },
    reason: { type: 'string' },
  },
});

// Strophe is a browser's library; jsdom is the browser.
const { window } = new JSDOM('', { url: options.server });
for (const name of ['window', 'document', 'DOMParser', 'XMLHttpRequest', 'XMLSerializer', 'Node']) {
  globalThis[name] = name === 'window' ? window : window[name];
}
globalThis.WebSocket = WebSocket;
// Stdout is for the result alone.
console.debug = console.info = console.warn = () => {};
const { Strophe, $pres, $iq } = await import('strophe.js');

const node = `/finesse/api/User/${options.agent}`;
const requestId = randomUUID();
const seen = [];
let done = false;
let connection;

function finish(result) {
  if (done) return;
  done = true;
  console.log(JSON.stringify({ ...result, transport: options.transport, seen }));
  connection?.disconnect('done');
  // The farewell should reach the server, but nobody waits long for it.
  setTimeout(() => process.exit(result.ok ? 0 : 1), 300);
}

setTimeout(() => finish({ ok: false, cause: 'timeout' }), Number(options.timeout) * 1000);

function unescape(update) {
  // Strophe's text is still escaped once: the payload is text, and getText escapes text.
  return update.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function onMessage(message) {
  const items = message.getElementsByTagName('items')[0];
  const notification = message.getElementsByTagName('notification')[0];
  if (!items || !notification) return true;
  const update = unescape(Strophe.getText(notification));
  seen.push(items.getAttribute('node'));
  const ours = !options.put || update.includes(`<requestId>${requestId}</requestId>`);
  if (items.getAttribute('node') === node && update.startsWith('<Update>') && ours) {
    finish({ ok: true, jid: connection.jid, node, update });
  }
  return true;
}

async function put() {
  const extension = options.extension ? `<extension>${options.extension}</extension>` : '';
  const reason = options.reason ? `<reasonCodeId>${options.reason}</reasonCodeId>` : '';
  const response = await fetch(new URL(node, options.server), {
    method: 'PUT',
    headers: {
      authorization: 'Basic ' + Buffer.from(`${options.agent}:${options.password}`).toString('base64'),
      'content-type': 'application/xml',
      requestId,
    },
    body: `<User><state>${options.put}</state>${extension}${reason}</User>`,
  });
  if (response.status !== 202) {
    finish({ ok: false, cause: `PUT answered ${response.status}`, body: await response.text() });
  }
}

function onStatus(status, condition) {
  switch (status) {
    case Strophe.Status.CONNECTED:
      connection.addHandler(onMessage, null, 'message');
      connection.send($pres().c('priority').t('0'));
      // The answer says that presence has been taken, as stanzas are handled in order.
      connection.sendIQ(
        $iq({ type: 'get', to: options.domain }).c('ping', { xmlns: 'urn:xmpp:ping' }),
        () => options.put && put().catch((error) => finish({ ok: false, cause: String(error) })),
        () => finish({ ok: false, cause: 'the ping was refused' }),
      );
      break;
    case Strophe.Status.AUTHFAIL:
    case Strophe.Status.CONNFAIL:
    case Strophe.Status.ERROR:
      finish({ ok: false, cause: `status ${status} ${condition ?? ''}`.trim() });
      break;
    case Strophe.Status.DISCONNECTED:
      finish({ ok: false, cause: 'disconnected' });
      break;
  }
}

const url = new URL(options.transport === 'websocket' ? '/ws/' : '/http-bind/', options.server);
if (options.transport === 'websocket') url.protocol = url.protocol.replace('http', 'ws');
connection = new Strophe.Connection(url.href);
connection.connect(`${options.agent}@${options.domain}/${options.resource}`, options.password, onStatus);
