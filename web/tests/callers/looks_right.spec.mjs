// The desktop in a call on screens of every width, light and dark: nothing too wide, nothing that axe finds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, inState, picture, signIn, signOut, withPage } from '../browser.mjs';
import { answerCaller, card, goReady, pauseAfterwards, press, wrapUp } from './desks.mjs';

for (const [scheme, agent, width, height] of [
  ['light', '2006', 1280, 800],
  ['dark', '2007', 1280, 800],
]) {
  test(`no accessibility violation while calls are taken, ${scheme}, ${width} wide`, () =>
    withPage({ colorScheme: scheme, viewport: { width, height } }, async (page) => {
      const name = `${scheme}-${width}`;
      const fits = async () =>
        assert.ok(
          !(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)),
          'nothing is wider than the screen',
        );
      await signIn(page, agent);
      await goReady(page);
      await card(page, 'ringing').waitFor();
      await accessible(page);
      await fits();
      await picture(page, `call-incoming-${name}`);
      await answerCaller(page);
      await pauseAfterwards(page);
      for (const [letter, what] of [
        ['C', 'consult'],
        ['X', 'transfer'],
        ['D', 'keypad'],
      ]) {
        await press(page, letter);
        await page.locator('.call-form').waitFor();
        await accessible(page);
        await fits();
        await picture(page, `call-${what}-${name}`);
        await page.keyboard.press('Escape');
        await page.locator('.call-form').waitFor({ state: 'detached' });
      }
      await press(page, 'E');
      await page.locator('.wrap-up, [data-state=NOT_READY].state-card').first().waitFor();
      await accessible(page);
      await fits();
      await picture(page, `call-wrap-up-${name}`);
      await wrapUp(page, 'NOT_READY');
      await inState(page, 'Not ready');
      await signOut(page);
    }));
}
