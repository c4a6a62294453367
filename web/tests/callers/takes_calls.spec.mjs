// Agents take and make calls while simulated people call: TACT_URL is a demo centre whose callers dial all the time,
// talk until they are hung up on, and wait for as long as it takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, inState, picture } from '../browser.mjs';
import { answerCaller, card, goReady, hangUp, pauseAfterwards, press, threeDesks } from './desks.mjs';

test('a call is answered, held, retrieved, given digits, wrapped up, and the supervisor sees it all', () =>
  threeDesks(async (page, _, supervisor) => {
    const row = supervisor.locator('[data-member="2003"]');
    await goReady(page);
    await card(page, 'ringing').waitFor();
    assert.match(await page.title(), /is calling/);
    assert.match(await page.locator('link[rel=icon]').getAttribute('href'), /icon-call/);
    for (const text of ['Queue', 'Dialled'])
      await card(page, 'ringing').locator('.call-facts', { hasText: text }).waitFor();
    assert.notEqual(
      await page.evaluate(() => document.activeElement?.textContent),
      'Answer',
      'an incoming call takes no focus',
    );
    await accessible(page);
    await picture(page, 'call-incoming');
    const name = await answerCaller(page);
    await inState(page, 'Talking');
    assert.ok(
      await page.evaluate(() => document.activeElement?.classList.contains('call')),
      'the focus stays with the call',
    );
    await row.and(supervisor.locator('[data-state=TALKING]')).waitFor();
    await row.locator('.member-call', { hasText: name }).waitFor();
    await accessible(page);
    await picture(page, 'call-talking');

    await press(page, 'H');
    await card(page, 'held').waitFor();
    await inState(page, 'On hold');
    await row.and(supervisor.locator('[data-state=HOLD]')).waitFor();
    await press(page, 'H');
    await card(page, 'talking').waitFor();

    await press(page, 'D');
    const sent = page.waitForResponse((r) => r.request().postData()?.includes('SEND_DTMF') ?? false);
    await page.keyboard.press('5');
    assert.equal((await sent).status(), 202);
    await page.locator('.keypad-sent', { hasText: '5' }).waitFor();
    await page.keyboard.press('Escape');

    await pauseAfterwards(page);
    await hangUp(page);
    await page.getByRole('button', { name: 'Past calls' }).click();
    await page.locator('.history .row', { hasText: name }).waitFor();

    // People go on calling, and nobody is ready.
    await page.getByRole('button', { name: 'Queues' }).click();
    await page
      .locator('.queue-row[data-waiting=true]', { hasText: /longest \d+:\d\d/ })
      .first()
      .waitFor();
    await accessible(page);
    await picture(page, 'queues');
    await supervisor
      .locator('.queue[data-waiting=true]', { hasText: /longest \d+:\d\d/ })
      .first()
      .waitFor();
    await picture(supervisor, 'team-queues');
  }));

test('an agent calls a number, a colleague and a number that nobody has', () =>
  threeDesks(async (page, colleague) => {
    await page.locator('#book-search').fill('3004');
    await page.keyboard.press('Enter');
    await card(page, 'dialing').waitFor();
    await card(colleague, 'ringing').waitFor();
    await picture(page, 'call-dialing');
    await press(colleague, 'Y');
    await card(page, 'talking').waitFor();
    await press(page, 'E');
    for (const desk of [page, colleague]) {
      await desk.locator('.call').waitFor({ state: 'detached' });
      await inState(desk, 'Not ready');
    }

    await page.locator('#book-search').fill('no-number');
    assert.equal(await page.locator('.dial .button-answer').count(), 0, 'only numbers can be called');
    await page.locator('#book-search').fill('5558888');
    await page.keyboard.press('Enter');
    await page.locator('.call[data-role=failed], .book .note-error').first().waitFor();
    await accessible(page);
    await picture(page, 'call-failed');
    if ((await card(page, 'failed').count()) > 0) await press(page, 'E');
    await page.locator('.call').waitFor({ state: 'detached' });
    await inState(page, 'Not ready');
  }));
