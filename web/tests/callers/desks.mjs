// What the scenarios with callers share: desks at work, and what a person does with a call.

import { chooseFirst, inState, signIn, signOut, withPage } from '../browser.mjs';

/** The card of a call, by what it is to the agent. */
export const card = (page, role) => page.locator(`.call[data-role=${role}]`);
export const press = (page, letter) => page.keyboard.press(`Alt+Shift+Key${letter}`);
export const goReady = (page) => page.locator('#go-ready:enabled').click();

/** Waits for the next caller and answers by the keyboard. Returns the caller's name as the card shows it. */
export async function answerCaller(page) {
  await card(page, 'ringing').waitFor();
  const name = await card(page, 'ringing').locator('h3').innerText();
  await press(page, 'Y');
  await card(page, 'talking').waitFor();
  return name;
}

/** Asks to be not ready once the call is over, so that no other caller gets in between. */
export async function pauseAfterwards(page) {
  await chooseFirst(page, '#go-not-ready');
  await page.locator('#go-not-ready.button-chosen').waitFor();
}

/** Leaves the work after a call, where there is any, with a reason for the call. */
export async function wrapUp(page, state) {
  await page.locator(`.wrap-up, [data-state=${state}].state-card`).first().waitFor();
  if ((await page.locator('.wrap-up').count()) === 0) return;
  await page.locator('.wrap-up .chip').first().click();
  await page.locator('.wrap-up .chip[aria-pressed=true]').waitFor();
  await chooseFirst(page, '#go-not-ready');
}

/** Ends the call that the agent is in, and is not ready afterwards. */
export async function hangUp(page) {
  await press(page, 'E');
  await wrapUp(page, 'NOT_READY');
  await inState(page, 'Not ready');
  await page.locator('.call').waitFor({ state: 'detached' });
}

/** Consults the colleague at an extension, who answers. */
export async function consult(page, colleague, extension) {
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
export function threeDesks(body, options = {}) {
  return withPage(options, (first) =>
    withPage(options, (second) =>
      withPage(options, async (supervisor) => {
        await signIn(first, '2003');
        await signIn(second, '2004');
        await signIn(supervisor, '2100');
        await press(supervisor, 'S');
        await supervisor.locator('[data-member="2003"][data-state=NOT_READY]').waitFor();
        await body(first, second, supervisor);
        for (const page of [first, second, supervisor]) await signOut(page);
      }),
    ),
  );
}
