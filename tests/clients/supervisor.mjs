// What a supervisor does with any client: listens to a team and to an agent of it, hears the agent sign in by REST on
// both nodes, leaves the team, hears the agent sign out on the other node alone. Each client brings the verbs, this
// brings the order.
//
//   node CLIENT.mjs --transport bosh|websocket|tcp --server http://127.0.0.1:8082 [--xmpp 127.0.0.1:5222]
//                   [--supervisor 2100 --password 2100 --team 5000] [--agent 2001 --extension 2003 --reason 7]
//                   [--domain localhost] [--resource supervisor] [--timeout 30]
//
// Prints one JSON object, {"ok":true,...} and exit 0, or {"ok":false,"cause":...} and exit 1.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';

export const { values: options } = parseArgs({
  options: {
    transport: { type: 'string', default: 'websocket' },
    server: { type: 'string', default: 'http://127.0.0.1:8082' },
    xmpp: { type: 'string', default: '127.0.0.1:5222' },
    supervisor: { type: 'string', default: '2100' },
    password: { type: 'string', default: '2100' },
    team: { type: 'string', default: '5000' },
    agent: { type: 'string', default: '2001' },
    extension: { type: 'string', default: '2003' },
    reason: { type: 'string', default: '7' },
    domain: { type: 'string', default: 'localhost' },
    resource: { type: 'string', default: 'supervisor' },
    timeout: { type: 'string', default: '30' },
  },
});

const agent = `/finesse/api/User/${options.agent}`;
const team = `/finesse/api/Team/${options.team}/Users`;
const events = [];
let step = 'sign in';
let onEvent = () => {};

// Where a web client finds the notification service.
export function webAddress() {
  const url = new URL(options.transport === 'bosh' ? '/http-bind/' : '/ws/', options.server);
  if (options.transport === 'websocket') url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}

// A client tells every event it hears.
export function hear(node, update) {
  events.push({ node, update });
  onEvent();
}

function finish(result) {
  const seen = events.map((event) => event.node);
  // It ends here, whatever timer a client may still keep.
  const line = JSON.stringify({ ...result, transport: options.transport, seen });
  process.stdout.write(line + '\n', () => process.exit(result.ok ? 0 : 1));
}

// The agent asks for a state. In the demo centre the password is the id.
async function put(state, rest = '') {
  const requestId = randomUUID();
  const credentials = Buffer.from(`${options.agent}:${options.agent}`).toString('base64');
  const response = await fetch(new URL(agent, options.server), {
    method: 'PUT',
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/xml', requestId },
    body: `<User><state>${state}</state>${rest}</User>`,
  });
  assert.equal(response.status, 202);
  return requestId;
}

function heard(node, requestId) {
  const matches = (event) =>
    event.node === node &&
    event.update.startsWith('<Update>') &&
    event.update.includes(`<requestId>${requestId}</requestId>`);
  return new Promise((resolve) => {
    onEvent = () => events.some(matches) && resolve();
    onEvent();
  });
}

// `connect` answers with a client that is bound and present: { jid, ping, subscribe, subscriptions, unsubscribe, close }.
export async function supervise(connect) {
  const fail = (error) => finish({ ok: false, cause: `${step}: ${error instanceof Error ? error : JSON.stringify(error)}` });
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  setTimeout(() => fail(new Error('timeout')), Number(options.timeout) * 1000);
  const service = `pubsub.${options.domain}`;
  const client = await connect();
  assert.equal(client.jid, `${options.supervisor}@${options.domain}/${options.resource}`);
  step = 'ping';
  await client.ping(options.domain);
  step = 'subscribe';
  for (const node of [agent, team]) await client.subscribe(service, node);
  step = 'subscriptions';
  const listed = await client.subscriptions(service);
  for (const node of [agent, team]) assert.ok(listed.includes(node), `${node} is not listed`);
  step = 'LOGIN';
  const login = await put('LOGIN', `<extension>${options.extension}</extension>`);
  for (const node of [agent, team]) await heard(node, login);
  step = 'unsubscribe';
  await client.unsubscribe(service, team);
  assert.ok(!(await client.subscriptions(service)).includes(team), 'the team is still listed');
  step = 'LOGOUT';
  const before = events.length;
  const logout = await put('LOGOUT', `<reasonCodeId>${options.reason}</reasonCodeId>`);
  await heard(agent, logout);
  // What was published with it has come when this is answered.
  await client.ping(options.domain);
  const late = events.slice(before).filter((event) => event.node === team);
  assert.deepEqual(late, [], 'the team is still heard');
  await client.unsubscribe(service, agent);
  step = 'close';
  await client.close();
  finish({ ok: true, jid: client.jid, nodes: [agent, team] });
}
