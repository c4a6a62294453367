// Two agents and a supervisor work while simulated people call: TACT_URL is a demo centre whose callers dial all the
// time, talk until they are hung up on, and wait for as long as it takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, chooseFirst, inState, picture, signIn, signOut, withPage } from '../browser.mjs';

/** The card of a call, by what it is to the agent. */
const card = (page, role) => page.locator(`.call[data-role=${role}]`);
const press = (page, letter) => page.keyboard.press(`Alt+Shift+Key${letter}`);
const goReady = (page) => page.locator('#go-ready:enabled').click();

/** Waits for the next caller and answers by the keyboard. Returns the caller's name as the card shows it. */
async function answerCaller(page) {
  await card(page, 'ringing').waitFor();
  const name = await card(page, 'ringing').locator('h3').innerText();
  await press(page, 'Y');
  await card(page, 'talking').waitFor();
  return name;
}

/** Asks to be not ready once the call is over, so that no other caller gets in between. */
async function pauseAfterwards(page) {
  await chooseFirst(page, '#go-not-ready');
  await page.locator('#go-not-ready.button-chosen').waitFor();
}

/** Leaves the work after a call, where there is any, with a reason for the call. */
async function wrapUp(page, state) {
  await page.locator(`.wrap-up, [data-state=${state}].state-card`).first().waitFor();
  if ((await page.locator('.wrap-up').count()) === 0) return;
  await page.locator('.wrap-up .chip').first().click();
  await page.locator('.wrap-up .chip[aria-pressed=true]').waitFor();
  await chooseFirst(page, '#go-not-ready');
}

/** Ends the call that the agent is in, and is not ready afterwards. */
async function hangUp(page) {
  await press(page, 'E');
  await wrapUp(page, 'NOT_READY');
  await inState(page, 'Not ready');
  await page.locator('.call').waitFor({ state: 'detached' });
}

/** Consults the colleague at an extension, who answers. */
async function consult(page, colleague, extension) {
  await press(page, 'C');
  await page.getByRole('combobox').fill(extension);
  await page.keyboard.press('Enter');
  await card(page, 'held').waitFor();
  await card(colleague, 'ringing').waitFor();
  await press(colleague, 'Y');
  await card(colleague, 'talking').waitFor();
  await card(page, 'talking').waitFor();
}

/** Three desks: two agents and their supervisor, who watches the team. */
function threeDesks(body, options = {}) {
  return withPage(options, (first) =>
    withPage(options, (second) =>
      withPage(options, async (supervisor) => {
        await signIn(first, '2003');
        await signIn(second, '2004');
        await signIn(supervisor, '2100');
        await press(supervisor, 'S');
        await supervisor.locator('[data-member="2003"][data-state=NOT_READY]').waitFor();
        await body(first, second, supervisor);
        for (const page of [first, second]) await signOut(page);
        await signOut(supervisor);
      }),
    ),
  );
}

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
  }));

test('a consult becomes a transfer, and the supervisor listens in, joins and leaves', () =>
  threeDesks(async (page, colleague, supervisor) => {
    await goReady(page);
    const name = await answerCaller(page);
    await pauseAfterwards(page);
    await consult(page, colleague, '3004');
    await accessible(page);
    await picture(page, 'call-consult');
    assert.match(await card(page, 'held').innerText(), new RegExp(name));

    // Swapped, and swapped back: always one is heard.
    await press(page, 'H');
    await card(page, 'talking').filter({ hasText: name }).waitFor();
    await card(page, 'held').filter({ hasText: '3004' }).waitFor();

    await press(page, 'X');
    await card(colleague, 'talking').filter({ hasText: name }).waitFor();
    await wrapUp(page, 'NOT_READY');
    await inState(page, 'Not ready');

    await supervisor.locator('[data-member="2004"] [data-do=SILENT_MONITOR]:enabled').click();
    await supervisor.getByText('Listening in').waitFor();
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
    await page.locator('.party', { hasText: '555' }).waitFor();
    await accessible(page);
    await picture(page, 'call-conference');
    await hangUp(page);
    await card(colleague, 'talking').filter({ hasText: name }).waitFor();
    await hangUp(colleague);
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
