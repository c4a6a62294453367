// The page of `tact trace --format html`, opened from a file: by keyboard, light and dark, on paper.
//
// TACT_URL names the page, as file:///...; it holds a login of agent 2001 with all twelve steps.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { accessible, picture, withPage } from '../browser.mjs';

const url = process.env['TACT_URL'];

for (const colorScheme of ['light', 'dark'])
  test(`a step is opened by keyboard and shows its lines, ${colorScheme}`, () =>
    withPage({ colorScheme }, async (page) => {
      await page.goto(url);
      await page.getByRole('heading', { name: 'Logins, step by step' }).waitFor();
      const login = page.locator('details.login', { hasText: 'Agent 2001' }).first();
      if (!(await login.evaluate((at) => at.open))) await login.locator('> summary').press('Enter');
      const publish = login.locator('svg.ladder a[href$="-publish"]');
      const lines = login.locator('details.step[id$="-publish"] pre').first();
      assert.equal(await lines.isVisible(), false);
      // From the step above with the arrow key, then open it.
      await login.locator('svg.ladder a[href$="-cti_event"]').focus();
      await page.keyboard.press('ArrowDown');
      assert.ok(await publish.evaluate((at) => at === document.activeElement));
      await page.keyboard.press('Enter');
      await lines.waitFor();
      assert.match(await lines.textContent(), /XMPP_PUBLISH_ASYNCHRONOUS/);
      await accessible(page);
      await picture(page, `trace-${colorScheme}`);
    }));

test('what is looked for is left, and nothing is loaded from anywhere', () =>
  withPage({}, async (page) => {
    await page.goto(url);
    const logins = page.locator('details.login');
    const all = await logins.count();
    await page.getByRole('searchbox').fill('2001');
    assert.ok((await page.locator('details.login:visible').count()) >= 1);
    await page.getByRole('searchbox').fill('no such agent');
    assert.equal(await page.locator('details.login:visible').count(), 0);
    await page.getByRole('searchbox').fill('');
    assert.equal(await page.locator('details.login:visible').count(), all);
  }));

test('on paper every login is open', () =>
  withPage({}, async (page) => {
    await page.goto(url);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const closed = page.locator('details.login:not([open])');
    assert.equal(await closed.count(), 0);
  }));
