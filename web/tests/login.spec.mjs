// A person signs in and out, by each transport and in each language, and is told what is wrong when it fails.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, inState, open, picture, signIn, signOut, submit, withPage } from './browser.mjs';

/** Collects what matters of the traffic: the paths of REST requests with their methods, the sockets, the bodies. */
function watch(page) {
  const seen = { rest: [], sockets: [], bosh: 0, reports: [] };
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/http-bind')) seen.bosh += 1;
    if (!pathname.startsWith('/finesse/api/')) return;
    const query = search.replace(/[?&]nocache=\d+/, '');
    seen.rest.push({
      what: `${request.method()} ${pathname.slice('/finesse/api/'.length)}${query}`,
      nocache: /[?&]nocache=\d+/.test(search),
      headers: request.headers(),
    });
    if (pathname.endsWith('/ClientLog')) seen.reports.push(request.postData());
  });
  page.on('websocket', (socket) => seen.sockets.push(new URL(socket.url()).pathname));
  return seen;
}

const LOGIN = (id) => [
  'GET SystemInfo',
  `GET User/${id}`,
  `PUT User/${id}`,
  `GET User/${id}/Dialogs`,
  `GET User/${id}/ReasonCodes?category=LOGOUT`,
  `GET User/${id}/ReasonCodes?category=NOT_READY`,
  `GET User/${id}/PhoneBooks`,
  `GET User/${id}/WrapUpReasons`,
  `POST User/${id}/ClientLog`,
];

for (const [agent, transport] of [
  ['2001', 'websocket'],
  ['2002', 'bosh'],
]) {
  test(`agent ${agent} signs in over ${transport}, step by step, and out again`, () =>
    withPage({}, async (page) => {
      const seen = watch(page);
      await signIn(page, agent, transport === 'bosh' ? '?transport=bosh' : '');

      // Where the contacts are is up to the server: inside the phone books or at an address of their own.
      assert.deepEqual(
        seen.rest.map(({ what }) => what).filter((what) => !what.endsWith('/Contacts')),
        LOGIN(agent),
      );
      for (const { what, nocache, headers } of seen.rest) {
        assert.equal(nocache, what.startsWith('GET'), `nocache on every GET and nothing else: ${what}`);
        assert.equal(headers['requestid'] === undefined, what.startsWith('GET'), `requestId: ${what}`);
        assert.equal(
          headers['authorization'] === undefined,
          what === 'GET SystemInfo',
          `credentials: ${what}`,
        );
      }
      assert.deepEqual(seen.sockets, transport === 'websocket' ? ['/ws/'] : []);
      assert.equal(seen.bosh > 0, transport === 'bosh');

      const log = seen.reports[0];
      const name = transport === 'bosh' ? 'BOSH' : 'WebSocket';
      for (const text of [
        'SystemInfo: requestId=&apos;undefined&apos;, Making REST request: method=GET',
        `PageServices.init(): Establishing ${name} connection...`,
        'MasterPublisher._connInfoHandler() - Connection status: connected',
        `PageServices.onLoad(): ${name} established!`,
        'SignIn.handleUserLoad(): Performing login: extn=',
        'Returned with status=202, content=&apos;&apos;',
        `Received XML event on node &apos;/finesse/api/User/${agent}&apos;: &lt;Update&gt;`,
        'SignIn._triggerLoggedIn(): Successfully logged in!',
        '_displayUserData(): User&apos;s current state is: NOT_READY',
        `/finesse/api/User/${agent}/PhoneBooks?nocache=`,
      ])
        assert.ok(log.includes(text), `the client log has: ${text}`);
      const secret = Buffer.from(`${agent}:${agent}`).toString('base64');
      assert.ok(
        !log.includes(secret) && !/authorization|basic /i.test(log),
        'no credential in the client log',
      );

      await signOut(page);
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
      assert.ok(!stored.includes('password'), 'the browser keeps no password');
      await page.reload();
      assert.equal(await page.getByLabel('Agent ID or login name').inputValue(), agent);
      assert.equal(await page.getByLabel('Password').inputValue(), '');
    }));
}

test('a browser without WebSocket to the server falls back to BOSH', () =>
  withPage({}, async (page) => {
    const seen = watch(page);
    await page.routeWebSocket(/\/ws\//, (socket) => socket.close());
    await signIn(page, '2012');
    assert.ok(seen.bosh > 0);
    await signOut(page);
  }));

test('a wrong password is told in words, and a report can be saved', () =>
  withPage({}, async (page) => {
    await open(page);
    await submit(page, '2003', '3003', 'wrong');
    const alert = page.getByRole('alert');
    await alert.getByText('The agent ID or the password is not right.').waitFor();
    const download = page.waitForEvent('download');
    await alert.getByRole('button', { name: 'Save report' }).click();
    const stream = await (await download).createReadStream();
    const log = Buffer.concat(await stream.toArray()).toString();
    assert.match(log, /Connection status: unauthorized/);
    assert.ok(!log.includes('wrong'));
    await picture(page, 'login-refused');
  }));

test('an extension that nobody has is told in words with the code 260, and a report can be sent', () =>
  withPage({}, async (page) => {
    await open(page);
    await submit(page, '2004', '9999');
    const alert = page.getByRole('alert');
    await alert.getByText('Extension 9999 is not known to the contact centre.').waitFor();
    await alert.getByText('CF_INVALID_LOGON_DEVICE_SPECIFIED (260)').waitFor();
    await alert.getByRole('button', { name: 'Send report' }).click();
    await alert.getByText('The report was sent.').waitFor();
    await submit(page, '2004');
    await inState(page, 'Not ready');
    await signOut(page);
  }));

test('an extension in use is told in words', () =>
  withPage({}, async (first) => {
    await signIn(first, '2005');
    await withPage({}, async (second) => {
      await open(second);
      await submit(second, '2006', '3005');
      await second.getByText('Extension 3005 is in use by another agent.').waitFor();
      await second.getByText('CF_SPECIFIED_EXTENSION_ALREADY_IN_USE (283)').waitFor();
    });
    await signOut(first);
  }));

test('empty fields are named before anything is sent', () =>
  withPage({}, async (page) => {
    const seen = watch(page);
    await open(page);
    await page.getByLabel('Agent ID or login name').fill('2001');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Enter your password.').waitFor();
    assert.equal(await page.getByLabel('Password').getAttribute('aria-invalid'), 'true');
    assert.deepEqual(seen.rest, []);
  }));

test('a second sign-in of the same agent closes the first desktop and says so', () =>
  withPage({}, async (first) => {
    await signIn(first, '2013');
    await withPage({}, async (second) => {
      await signIn(second, '2013');
      await first.getByText('You signed in elsewhere').waitFor();
      await signOut(second);
    });
  }));

test('the whole desktop speaks French', () =>
  withPage({ locale: 'fr-FR' }, async (page) => {
    await open(page);
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    await page.getByLabel('Identifiant d’agent ou nom d’utilisateur').fill('2014');
    await page.getByLabel('Mot de passe').fill('2014');
    await page.getByLabel('Numéro de poste').fill('9999');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await page.getByText('Le poste 9999 est inconnu du centre de contact.').waitFor();
    await page.getByLabel('Numéro de poste').fill('3014');
    await page.getByRole('button', { name: 'Se connecter' }).click();
    await inState(page, 'Non prêt');
    await picture(page, 'desk-french');
    await page.getByRole('button', { name: 'English' }).click();
    await inState(page, 'Not ready');
    await signOut(page);
    await page.getByRole('button', { name: 'Français' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Connexion' }).waitFor();
  }));

test('a mobile agent signs in with another phone, which is remembered; nobody else can', () =>
  withPage({}, async (page) => {
    const elsewhere = async (mode, number) => {
      await page.getByLabel('Where you take calls').selectOption({ label: mode });
      await page.getByLabel('Number of that phone').fill(number);
    };
    await open(page);
    await page.getByRole('button', { name: 'Take calls at another phone' }).click();
    await elsewhere('At another phone, rung for each call', '');
    await submit(page, '2005');
    await page.getByText('Enter the number at which you take calls.').waitFor();
    await accessible(page);
    await elsewhere('At another phone, rung for each call', '5550142');
    await picture(page, 'sign-in-mobile');
    await submit(page, '2005');
    await inState(page, 'Not ready');
    await page.locator('.who', { hasText: 'at 5550142' }).waitFor();
    await picture(page, 'signed-in-mobile');
    await page.reload();
    await inState(page, 'Not ready');
    await page.locator('.who', { hasText: 'at 5550142' }).waitFor();
    await signOut(page);

    assert.equal(await page.getByLabel('Number of that phone').inputValue(), '5550142');
    await submit(page, '2010');
    await page.getByText('This agent is not set up to sign in with a mobile phone.').waitFor();
    await picture(page, 'sign-in-mobile-refused');
    await elsewhere('At another phone, line kept open', '5550142');
    await submit(page, '2005');
    await inState(page, 'Not ready');
    await page.locator('.who', { hasText: 'at 5550142' }).waitFor();
    await signOut(page);
    await page.getByLabel('Where you take calls').selectOption({ label: 'At the phone of the extension' });
    await submit(page, '2005');
    await inState(page, 'Not ready');
    assert.doesNotMatch(await page.locator('.who').innerText(), /5550142/);
    await signOut(page);
  }));
