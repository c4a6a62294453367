// @xmpp/client over WebSocket or TCP, as a supervisor (supervisor.mjs says how to run it).
import { client as createClient, xml } from '@xmpp/client';
import { WebSocket } from 'ws';
import { hear, options, supervise, webAddress } from './supervisor.mjs';

const PUBSUB = 'http://jabber.org/protocol/pubsub';
const EVENT = 'http://jabber.org/protocol/pubsub#event';

// Node 20 has none.
globalThis.WebSocket = WebSocket;
// The certificate of the first start is self-signed.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

await supervise(async () => {
  const client = createClient({
    service: options.transport === 'tcp' ? `xmpp://${options.xmpp}` : webAddress(),
    domain: options.domain,
    resource: options.resource,
    username: options.supervisor,
    password: options.password,
    // It derives keys in plain script, which takes longer on a busy machine than the two seconds it allows.
    timeout: Number(options.timeout) * 1000,
  });
  client.reconnect.stop();
  client.on('stanza', (stanza) => {
    const items = stanza.getChild('event', EVENT)?.getChild('items');
    for (const item of items?.getChildren('item') ?? []) {
      hear(items.attrs.node, item.getChildText('notification', PUBSUB) ?? '');
    }
  });
  const jid = await client.start();
  await client.send(xml('presence', {}, xml('priority', {}, '0')));
  const bare = jid.bare().toString();
  const { iqCaller } = client;
  const set = (service, verb, node) => iqCaller.set(xml('pubsub', PUBSUB, xml(verb, { node, jid: bare })), service);
  return {
    jid: jid.toString(),
    ping: (to) => iqCaller.get(xml('ping', 'urn:xmpp:ping'), to),
    subscribe: (service, node) => set(service, 'subscribe', node),
    subscriptions: async (service) => {
      const pubsub = await iqCaller.get(xml('pubsub', PUBSUB, xml('subscriptions')), service);
      return pubsub.getChild('subscriptions').getChildren('subscription').map((one) => one.attrs.node);
    },
    unsubscribe: (service, node) => set(service, 'unsubscribe', node),
    close: () => client.stop(),
  };
});
