// A third-party desktop on another origin loads the event tunnel in an iframe and speaks with it in numbered messages.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { withPage } from './browser.mjs';

const base = process.env['TACT_URL'];
const HTML = `<!doctype html><title>Somebody's desktop</title>
<script>
  const heard = [];
  addEventListener('message', (event) => {
    const [number, ...rest] = event.data.split('|');
    heard.push({ number: Number(number), payload: rest.join('|'), origin: event.origin });
  });
  const say = (number, payload) => frames[0].postMessage(number + '|' + payload, '*');
</script>
<iframe src="${new URL('/tunnel/', base).href}"></iframe>`;

/** The other origin: a server of somebody else. */
const server = createServer((_, answer) => {
  answer.setHeader('content-type', 'text/html');
  answer.end(HTML);
});
before(() => new Promise((ready) => server.listen(0, '127.0.0.1', ready)));
after(() => server.close());

/** What the tunnel has said, once there is a message that fits. */
async function heard(page, number, part) {
  await page.waitForFunction(
    ([number, part]) => heard.some((it) => it.number === number && it.payload.includes(part)),
    [number, part],
  );
  return page.evaluate(() => heard);
}

const say = (page, ...messages) =>
  page.evaluate((messages) => messages.forEach(([number, payload]) => say(number, payload)), messages);

async function desktop(page) {
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const first = await heard(page, 4, 'loaded');
  assert.deepEqual(first[0], { number: 4, payload: 'loaded', origin: new URL(base).origin });
}

/** The domain, as any desktop asks for it. */
async function domain() {
  const answer = await fetch(new URL('/finesse/api/SystemInfo', base));
  return (await answer.text()).match(/<xmppDomain>(.*?)<\/xmppDomain>/)[1];
}

/** Asks by REST for a state, as the desktop around the tunnel does, and waits until the agent is in it. */
async function change(agent, state, more = '') {
  const authorization = `Basic ${Buffer.from(`${agent}:${agent}`).toString('base64')}`;
  const url = new URL(`/finesse/api/User/${agent}`, base);
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/xml' },
    body: `<User><state>${state}</state>${more}</User>`,
  });
  assert.equal(answer.status, 202);
  const reached = state === 'LOGIN' ? /<state>(NOT_)?READY</ : new RegExp(`<state>${state}<`);
  for (;;) {
    const user = await fetch(url, { headers: { authorization } });
    if (reached.test(await user.text())) return;
  }
}

for (const [agent, type] of [
  ['2011', 'websocket'],
  ['2012', 'bosh'],
]) {
  test(`a desktop of another origin hears agent ${agent}'s events through the tunnel, by ${type}`, () =>
    withPage({ foreign: true }, async (page) => {
      await desktop(page);
      await say(page, [12, type], [3, 'crm'], [1, agent], [2, agent], [5, await domain()]);
      await heard(page, 4, 'connected');
      // Whatever state an earlier test has left the agent in, the last of these changes it.
      await change(agent, 'LOGIN', `<extension>${Number(agent) + 1000}</extension>`);
      await change(agent, 'READY');
      await change(agent, 'NOT_READY', '<reasonCodeId>1</reasonCodeId>');
      const all = await heard(page, 0, 'NOT_READY');
      const event = all.find((it) => it.number === 0 && it.payload.includes('NOT_READY'));
      assert.match(event.payload, /^<message .*node=["']\/finesse\/api\/User\/\d+["']/);
      assert.ok(all.every((it) => it.origin === new URL(base).origin));

      const node = `/finesse/api/Queue/1`;
      await say(page, [7, node], [14, '']);
      const lists = await heard(page, 14, node);
      const list = JSON.parse(lists.find((it) => it.number === 14).payload);
      const own = list.find((it) => it.node === node);
      assert.equal(own.status, 'subscribed');
      assert.match(own.jid, new RegExp(`^${agent}@.*/crm$`));
      await say(page, [8, node]);
      await heard(page, 13, `unsubscribe '${node}': done`);

      await say(page, [11, '']);
      await heard(page, 4, 'disconnected');
    }));
}

test('a wrong password is said, and the next login may be tried', () =>
  withPage({ foreign: true }, async (page) => {
    await desktop(page);
    await say(page, [5, await domain()], [1, '2013'], [2, 'wrong']);
    await heard(page, 4, 'unauthorized');
    await say(page, [2, '2013']);
    await heard(page, 4, 'connected');
    // Another connection under the same resource takes the place of the first.
    await page
      .context()
      .newPage()
      .then(async (second) => {
        await desktop(second);
        await say(second, [5, await domain()], [1, '2013'], [2, '2013']);
        await heard(second, 4, 'connected');
      });
    await heard(page, 4, 'conflict');
  }));
