// A signed-in person changes state, works by keyboard alone, reloads, searches, loses the connection and gets it back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accessible,
  chooseFirst,
  inState,
  open,
  picture,
  reported,
  signIn,
  signOut,
  submit,
  withPage,
} from './browser.mjs';

test('ready, then not ready with a reason', () =>
  withPage({}, async (page) => {
    await signIn(page, '2007');
    await page.getByRole('button', { name: 'Go ready' }).click();
    await inState(page, 'Ready');
    assert.match(await page.title(), /^Ready/);
    assert.ok(await page.locator('#sign-out').isDisabled(), 'signing out needs not ready');
    const reason = await chooseFirst(page, '#go-not-ready');
    await inState(page, 'Not ready');
    await page.locator('.state-reason', { hasText: reason }).waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: `Your state is now: Not ready, ${reason}.` })
      .waitFor();
    assert.equal(await page.locator('.history .row').count(), 3);
    await signOut(page);
  }));

test('the timer counts the time in the state', () =>
  withPage({}, async (page) => {
    await signIn(page, '2015');
    const timer = page.getByRole('timer');
    assert.match(await timer.innerText(), /^0:0\d$/);
    const shown = await timer.innerText();
    await page.waitForFunction(
      (before) => document.querySelector('[role=timer]')?.textContent !== before,
      shown,
    );
    await signOut(page);
  }));

test('a reload keeps the agent signed in, in the same state', () =>
  withPage({}, async (page) => {
    await signIn(page, '2008');
    await page.getByRole('button', { name: 'Go ready' }).click();
    await inState(page, 'Ready');
    const again = reported(page);
    await page.reload();
    await inState(page, 'Ready');
    assert.equal((await again).status(), 202);
    assert.equal(await page.getByLabel('Password').count(), 0);
    await chooseFirst(page, '#go-not-ready');
    await inState(page, 'Not ready');
    await signOut(page);
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  }));

test('the keyboard alone is enough', () =>
  withPage({}, async (page) => {
    const type = (text) => page.keyboard.type(text);
    const press = (key) => page.keyboard.press(key);
    const focused = (id) => page.waitForFunction((name) => document.activeElement?.id === name, id);
    await open(page);
    await focused('login-id');
    await type('2009');
    await press('Tab');
    await focused('login-password');
    await type('2009');
    await press('Tab');
    await focused('login-extension');
    await type('3009');
    await press('Enter');
    await inState(page, 'Not ready');
    await page.locator('#go-not-ready[aria-haspopup]').waitFor();

    await press('Alt+Shift+KeyR');
    await inState(page, 'Ready');

    await press('Alt+Shift+KeyN');
    const items = page.getByRole('menuitemradio');
    await items.first().waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitemradio');
    await press('Escape');
    await focused('go-not-ready');
    assert.equal(await items.count(), 0);
    await press('ArrowDown');
    await items.nth(1).waitFor();
    const second = await items.nth(1).innerText();
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitemradio');
    await press('ArrowDown');
    await press('Enter');
    await page.locator('.state-reason', { hasText: second }).waitFor();

    await press('Alt+Shift+KeyK');
    await page.getByRole('dialog').waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await press('Alt+Shift+KeyP');
    await focused('book-search');

    await page.locator('#sign-out:enabled').waitFor();
    await press('Alt+Shift+KeyO');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitem');
    await press('Enter');
    await page.getByText('You are signed out.').waitFor();
  }));

test('the phone book is searched by any part', () =>
  withPage({}, async (page) => {
    await signIn(page, '2010');
    const rows = page.locator('.book .row');
    await rows.first().waitFor();
    const number = await rows.last().locator('.number').innerText();
    await page.getByRole('searchbox').fill(number);
    await page.waitForFunction(() => document.querySelectorAll('.book .row').length === 1);
    assert.equal(await rows.first().locator('.number').innerText(), number);
    await page.getByRole('searchbox').fill('no such contact');
    await page.getByText('No contact matches “no such contact”.').waitFor();
    await signOut(page);
  }));

test('a report is sent when the agent asks', () =>
  withPage({}, async (page) => {
    await signIn(page, '2016');
    const answer = reported(page);
    await page.getByRole('button', { name: 'Send report' }).click();
    assert.equal((await answer).status(), 202);
    await page.getByText('The report was sent.').waitFor();
    await signOut(page);
  }));

test('a lost connection is shown, and comes back with the state as it was', () =>
  withPage({}, async (page) => {
    // Every socket of the page goes through here, so that it can be cut as a network does it.
    let cut = () => {};
    let away = false;
    await page.routeWebSocket(/\/ws\//, (socket) => {
      if (away) return void socket.close();
      const server = socket.connectToServer();
      cut = () => Promise.all([server.close(), socket.close()]);
    });
    await signIn(page, '2011');
    await page.getByRole('button', { name: 'Go ready' }).click();
    await inState(page, 'Ready');
    await page.route('**/finesse/api/SystemInfo*', (route) => route.abort());
    away = true;
    await cut();
    await page.getByText('The connection to the server is lost.').waitFor();
    assert.ok(await page.locator('#go-not-ready').isDisabled());
    await accessible(page);
    await picture(page, 'desk-lost');
    const attempt = page.waitForRequest('**/finesse/api/SystemInfo*');
    await page.getByRole('button', { name: 'Try now' }).click();
    await attempt;
    away = false;
    await page.unroute('**/finesse/api/SystemInfo*');
    await page.getByText('The connection to the server is lost.').waitFor({ state: 'detached' });
    await inState(page, 'Ready');
    await chooseFirst(page, '#go-not-ready');
    await inState(page, 'Not ready');
    await signOut(page);
  }));

for (const [scheme, agent, width, height] of [
  ['light', '2017', 1280, 800],
  ['dark', '2018', 1280, 800],
  ['light', '2019', 390, 844],
]) {
  test(`no accessibility violation, ${scheme}, ${width} wide`, () =>
    withPage({ colorScheme: scheme, viewport: { width, height } }, async (page) => {
      const name = `${scheme}-${width}`;
      await open(page);
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await accessible(page);
      await picture(page, `login-${name}`);
      await submit(page, agent, '9999');
      await page.getByRole('alert').waitFor();
      await accessible(page);
      await submit(page, agent);
      await inState(page, 'Not ready');
      await page.locator('.book .row').first().waitFor();
      await accessible(page);
      await page.locator('#go-not-ready').click();
      await page.getByRole('menu').waitFor();
      await accessible(page);
      await picture(page, `desk-menu-${name}`);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Go ready' }).click();
      await inState(page, 'Ready');
      await accessible(page);
      await picture(page, `desk-${name}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.ok(!wider, 'nothing is wider than the screen');
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await page.getByRole('dialog').waitFor();
      await accessible(page);
      await picture(page, `keys-${name}`);
      await page.keyboard.press('Escape');
      await chooseFirst(page, '#go-not-ready');
      await inState(page, 'Not ready');
      await signOut(page);
    }));
}
