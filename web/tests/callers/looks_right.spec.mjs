// The desktop in calls on screens of every width, light and dark: nothing too wide, nothing that axe finds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, inState, picture } from '../browser.mjs';
import {
  answerCaller,
  card,
  consult,
  goReady,
  hangUp,
  pauseAfterwards,
  press,
  threeDesks,
  wrapUp,
} from './desks.mjs';

/** Looks at a page in both colour schemes. */
async function look(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Colours do not depend on the width.
    if (colorScheme === 'light' || page.viewportSize().width === 1440) await accessible(page);
    const tooWide = await page.evaluate(() =>
      document.documentElement.scrollWidth <= innerWidth
        ? []
        : [...document.querySelectorAll('body *')]
            .filter((element) => element.getBoundingClientRect().right > innerWidth)
            .map((element) => element.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(tooWide, [], `${name}, ${colorScheme}: nothing is wider than the screen`);
    await picture(page, `${name}-${page.viewportSize().width}-${colorScheme}`);
  }
}

for (const [width, height] of [
  [390, 664],
  [768, 1024],
  [1440, 900],
]) {
  test(`everything fits and is accessible, ${width} wide`, () =>
    threeDesks(
      async (page, colleague, supervisor) => {
        await look(page, 'desk');
        await goReady(page);
        await card(page, 'ringing').waitFor();
        await look(page, 'incoming');
        await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        if (width === 390) {
          await page.locator('.offer-bar').waitFor();
          await look(page, 'incoming-out-of-sight');
        }
        await answerCaller(page);
        await pauseAfterwards(page);
        for (const [letter, what] of [
          ['C', 'consult'],
          ['X', 'transfer'],
          ['D', 'keypad'],
          ['L', 'data'],
        ]) {
          await press(page, letter);
          await page.locator('.call-form').waitFor();
          await look(page, `form-${what}`);
          await page.keyboard.press('Escape');
          await page.locator('.call-form').waitFor({ state: 'detached' });
        }
        await consult(page, colleague, '3004');
        await look(page, 'consult');
        await look(supervisor, 'team');
        await press(page, 'J');
        await page.locator('.party', { hasText: 'Omar Dunmore' }).waitFor();
        await look(page, 'conference');
        await press(page, 'E');
        await page.locator('.wrap-up').waitFor();
        await look(page, 'wrap-up');
        await wrapUp(page, 'NOT_READY');
        await inState(page, 'Not ready');
        await supervisor.locator('[data-member="2004"] [data-do=SILENT_MONITOR]:enabled').click();
        await supervisor.getByText('Listening in').waitFor();
        await look(supervisor, 'team-listening');
        await hangUp(colleague);
        await inState(supervisor, 'Not ready');
      },
      { viewport: { width, height } },
    ));
}
