// stanza over BOSH or WebSocket, as a supervisor (supervisor.mjs says how to run it).
import stanza from 'stanza';
import { hear, options, supervise, webAddress } from './supervisor.mjs';

const { createClient, JXT } = stanza;

// What stanza does not know, it drops: the payload of the events.
const notification = {
  aliases: JXT.pubsubItemContentAliases(),
  element: 'notification',
  namespace: 'http://jabber.org/protocol/pubsub',
  type: 'notification',
  fields: { update: JXT.text() },
};

await supervise(async () => {
  const client = createClient({
    jid: `${options.supervisor}@${options.domain}`,
    resource: options.resource,
    password: options.password,
    transports: { [options.transport]: webAddress() },
    autoReconnect: false,
  });
  client.stanzas.define(notification);
  client.on('pubsub:published', ({ pubsub }) => {
    for (const item of pubsub.items.published) hear(pubsub.items.node, item.content?.update ?? '');
  });
  await new Promise((resolve, reject) => {
    client.once('session:started', resolve);
    for (const trouble of ['auth:failed', 'stream:error', 'disconnected']) {
      client.once(trouble, (error) => reject(new Error(`${trouble} ${JSON.stringify(error ?? '')}`)));
    }
    client.connect();
  });
  client.sendPresence({ priority: 0 });
  return {
    jid: client.jid,
    ping: (to) => client.ping(to),
    subscribe: (service, node) => client.subscribeToNode(service, { node, useBareJID: true }),
    subscriptions: async (service) => ((await client.getSubscriptions(service)).items ?? []).map((item) => item.node),
    unsubscribe: (service, node) => client.unsubscribeFromNode(service, { node, useBareJID: true }),
    close: () => client.disconnect(),
  };
});
