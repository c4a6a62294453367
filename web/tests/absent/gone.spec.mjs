// A desktop that is out of reach for longer than the server waits says why its agent is signed out. The server of these
// tests waits for half a second.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, open, picture, signIn, signedOut, withPage } from '../browser.mjs';

test('a desktop that lost its connection says for how long, and when', () =>
  withPage({}, async (page) => {
    let cut;
    await page.routeWebSocket(/\/ws\//, (socket) => {
      const server = socket.connectToServer();
      cut = () => Promise.all([socket.close(), server.close()]);
    });
    await signIn(page, '2010');
    await page.route('**/finesse/api/SystemInfo*', (route) => route.abort());
    await cut();
    await page.getByText('The connection to the server is lost.').waitFor();
    await signedOut('2010');
    await page.unroute('**/finesse/api/SystemInfo*');
    // The socket said goodbye, as that of a page that is closed does.
    await page
      .getByText(/^You were signed out because this desktop was closed for \d+ s \(\d\d:\d\d\)\.$/)
      .waitFor();
    await accessible(page);
    await picture(page, 'signed-out-because');
    await page.getByRole('button', { name: 'Français' }).click();
    await page
      .getByText(/^Vous avez été déconnecté, car ce bureau est resté fermé pendant \d+ s \(/)
      .waitFor();
  }));

test('a page that is opened again after the grace says it too', () =>
  withPage({}, async (page) => {
    await signIn(page, '2011');
    await page.goto('about:blank');
    await signedOut('2011');
    // The page believes that more than the grace has passed.
    await page.addInitScript(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 61_000;
    });
    await open(page);
    await page
      .getByText(/^You were signed out because this desktop was (out of reach|closed) for /)
      .waitFor();
    const kept = await page.evaluate(() => sessionStorage.getItem('tact.tab'));
    assert.equal(kept, null, 'the password is forgotten');
  }));
