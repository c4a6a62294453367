import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientLog } from './clientlog.ts';
import { FaultError } from './fault.ts';
import { Rest } from './rest.ts';

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
  readonly headers: Readonly<Record<string, string>>;
}

/** A client whose server answers with `answer`; what it sends and logs is kept. */
function client(answer: () => Response | Promise<Response>): { rest: Rest; log: () => string; sent: Sent[] } {
  const sent: Sent[] = [];
  const log = new ClientLog('Browser', () => ({ now: 0, zone: 0, drift: 0, serverZone: 0, host: 'h' }));
  const rest = new Rest({
    log,
    fetch: async (url, init = {}) => {
      sent.push({ url: String(url), init, headers: init.headers as Record<string, string> });
      return answer();
    },
    now: () => 1_366_756_802_163,
    uuid: () => '6e210ca9-5786-43bc-babf-64a397a6057f',
  });
  return { rest, log: () => log.text(), sent };
}

const isFault =
  (kind: string, status: number) =>
  (error: unknown): boolean =>
    error instanceof FaultError && error.fault.kind === kind && error.fault.status === status;

test('a GET has a nocache of its own and the log lines that tracers follow', async () => {
  const { rest, log, sent } = client(() => new Response('<SystemInfo/>\n'));
  const { root } = await rest.get('SystemInfo', '/finesse/api/SystemInfo', false);
  assert.equal(root.name, 'SystemInfo');
  await rest.get('User', '/finesse/api/User/2001/ReasonCodes?category=LOGOUT');
  assert.deepEqual(
    sent.map(({ url }) => url),
    [
      '/finesse/api/SystemInfo?nocache=1366756802163',
      '/finesse/api/User/2001/ReasonCodes?category=LOGOUT&nocache=1366756802164',
    ],
  );
  const lines = log().split('\n');
  assert.ok(
    lines[1]?.endsWith(
      " Container : [ClientServices] SystemInfo: requestId='undefined', Making REST request: method=GET, url='/finesse/api/SystemInfo?nocache=1366756802163'",
    ),
  );
  assert.ok(
    lines[2]?.endsWith(
      " Container : [ClientServices] SystemInfo: requestId='undefined', Returned with status=200, content='<SystemInfo/>'",
    ),
  );
});

test('a PUT carries the request id, logs its data, and takes 202 for an answer', async () => {
  const { rest, log, sent } = client(() => new Response('', { status: 202 }));
  await rest.send('User', 'PUT', '/finesse/api/User/2001', '<User/>', rest.requestId());
  assert.equal(sent[0]?.headers['requestId'], '6e210ca9-5786-43bc-babf-64a397a6057f');
  assert.equal(sent[0]?.headers['Content-Type'], 'application/xml');
  const says = "User: requestId='6e210ca9-5786-43bc-babf-64a397a6057f', ";
  const lines = log().split('\n');
  assert.ok(lines[1]?.endsWith(`${says}Making REST request: method=PUT, url='/finesse/api/User/2001'`));
  assert.ok(lines[2]?.endsWith(`${says}POST_DATA='<User/>'`));
  assert.ok(lines[3]?.endsWith(`${says}Returned with status=202, content=''`));
});

test('credentials go into the header, in UTF-8, and never into the log', async () => {
  const { rest, log, sent } = client(() => new Response('<User/>'));
  rest.authorize('2001', 'pässword');
  await rest.get('User', '/finesse/api/User/2001');
  await rest.get('SystemInfo', '/finesse/api/SystemInfo', false);
  const header = sent[0]?.headers['Authorization'] ?? '';
  assert.equal(Buffer.from(header.replace('Basic ', ''), 'base64').toString(), '2001:pässword');
  assert.equal(sent[1]?.headers['Authorization'], undefined);
  assert.ok(sent.every(({ init }) => init.credentials === 'omit'));
  assert.ok(!/pässword|Basic|Authorization/i.test(log()) && !log().includes(header.slice(6)));
  rest.forget();
  await rest.get('User', '/finesse/api/User/2001');
  assert.equal(sent[2]?.headers['Authorization'], undefined);
});

test('the log of a submitted log does not hold the log', async () => {
  const { rest, log } = client(() => new Response('', { status: 202 }));
  await rest.send('ClientLog', 'POST', '/x', '<ClientLog>everything</ClientLog>', 'r');
  assert.ok(!log().includes('everything'));
});

test('refusals, malformed answers and a dead network are faults', async () => {
  const refuse = client(() => new Response('<ApiErrors/>', { status: 503 })).rest;
  await assert.rejects(refuse.get('User', '/x'), isFault('http', 503));
  await assert.rejects(refuse.send('User', 'PUT', '/x', '', 'r'), isFault('http', 503));
  await assert.rejects(client(() => new Response('nonsense')).rest.get('User', '/x'), isFault('http', 200));
  const dead = client(() => Promise.reject(new TypeError('refused')));
  await assert.rejects(dead.rest.get('User', '/x'), isFault('network', 0));
  assert.match(dead.log(), /Returned with status=0, content=''/);
});
