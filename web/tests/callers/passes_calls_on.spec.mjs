// Agents pass calls on, or take others in: consult, transfer at once and after a consult, conference.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, chooseFirst, inState, picture } from '../browser.mjs';
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

test('a consult becomes a transfer, and the supervisor listens in, joins and leaves', () =>
  threeDesks(async (page, colleague, supervisor) => {
    await goReady(page);
    const name = await answerCaller(page);
    await pauseAfterwards(page);
    await consult(page, colleague, '3004');
    await accessible(page);
    await picture(page, 'call-consult');
    assert.match(await card(page, 'held').innerText(), new RegExp(name));
    assert.equal(
      await page.evaluate(() => document.activeElement?.getAttribute('data-role')),
      'talking',
      'the focus goes on to the call that is under way',
    );

    // Swapped, and swapped back: always one is heard.
    await press(page, 'H');
    await card(page, 'talking').filter({ hasText: name }).waitFor();
    await card(page, 'held').filter({ hasText: 'Omar Dunmore' }).waitFor();

    await press(page, 'X');
    await card(colleague, 'talking').getByRole('heading', { name }).waitFor();
    await wrapUp(page, 'NOT_READY');
    await inState(page, 'Not ready');

    await supervisor.locator('[data-member="2004"] [data-do=SILENT_MONITOR]:enabled').click();
    await supervisor.getByText('Listening in').waitFor();
    await supervisor.locator('[data-member="2004"] .member-call', { hasText: name }).waitFor();
    await accessible(supervisor);
    await picture(supervisor, 'team-listening');
    assert.equal(await colleague.locator('.call').count(), 1, 'the agent does not see who listens');
    await supervisor.locator('[data-do=BARGE_CALL]').click();
    await card(supervisor, 'talking').filter({ hasText: 'Conference' }).waitFor();
    await card(colleague, 'talking').filter({ hasText: 'Conference' }).waitFor();
    await picture(supervisor, 'team-joined');
    await press(supervisor, 'E');
    await supervisor.locator('.call').waitFor({ state: 'detached' });
    await hangUp(colleague);
  }));

test('a conference of three goes on when one leaves it', () =>
  threeDesks(async (page, colleague) => {
    await goReady(page);
    const name = await answerCaller(page);
    await pauseAfterwards(page);
    await consult(page, colleague, '3004');
    await press(page, 'J');
    await card(page, 'talking').filter({ hasText: 'Conference' }).waitFor();
    await card(colleague, 'talking').filter({ hasText: 'Conference' }).waitFor();
    for (const [desk, colleagues] of [
      [page, 'Omar Dunmore'],
      [colleague, 'Lena Castel'],
    ])
      for (const party of [name, colleagues]) await desk.locator('.party', { hasText: party }).waitFor();
    await accessible(page);
    await picture(page, 'call-conference');
    await hangUp(page);
    await card(colleague, 'talking').filter({ hasText: name }).waitFor();
    await hangUp(colleague);
  }));

test('a call is transferred at once to a colleague, without a word before', () =>
  threeDesks(async (page, colleague) => {
    await goReady(page);
    const name = await answerCaller(page);
    await pauseAfterwards(page);
    await press(page, 'X');
    await page.locator('.call-form').waitFor();
    await page.getByRole('combobox').fill('omar');
    await page.getByRole('option', { name: 'Omar Dunmore Not ready 3004' }).waitFor();
    await accessible(page);
    await picture(page, 'call-transfer-at-once');
    await page.keyboard.press('Enter');
    await card(colleague, 'ringing').waitFor();
    await picture(colleague, 'call-transferred-ringing');
    await press(colleague, 'Y');
    await card(colleague, 'talking').filter({ hasText: name }).waitFor();
    await picture(colleague, 'call-transferred');
    await inState(page, 'Wrap-up');
    assert.equal(await page.locator('.call').count(), 0, 'the call is somebody else’s');
    await chooseFirst(page, '#go-not-ready');
    await inState(page, 'Not ready');
    await hangUp(colleague);
  }));
