// A supervisor changes the states of agents and signs them out, idle and in a call.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, inState, picture, submit } from '../browser.mjs';
import { answerCaller, card, hangUp, pauseAfterwards, press, threeDesks } from './desks.mjs';

const row = (supervisor, agent, state) =>
  supervisor.locator(`[data-member="${agent}"]${state === undefined ? '' : `[data-state=${state}]`}`);

/** Chooses what shall become of an agent. */
async function force(supervisor, agent, what) {
  await row(supervisor, agent).locator('[aria-haspopup]:enabled').click();
  await supervisor.getByRole('menuitem', { name: what }).click();
}

async function signOutBySupervisor(supervisor, agent) {
  await force(supervisor, agent, 'Sign out');
  await supervisor.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
}

/** Waits until the desktop says who has signed the agent out, and signs in again. */
async function comeBack(page, agent) {
  await page.getByText(/You were signed out by supervisor .+ \(/).waitFor();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await accessible(page);
  await submit(page, agent);
  await inState(page, 'Not ready');
}

test('a supervisor makes agents ready, and not ready after a call', () =>
  threeDesks(async (page, colleague, supervisor) => {
    await force(supervisor, '2003', 'Make ready');
    await answerCaller(page);
    await row(supervisor, '2003', 'TALKING').waitFor();
    await row(supervisor, '2003').locator('[aria-haspopup]:enabled').click();
    assert.equal(
      await supervisor.getByRole('menuitem').count(),
      1,
      'in a call an agent can only be signed out, afterwards',
    );
    await supervisor.keyboard.press('Escape');
    await pauseAfterwards(page);
    await hangUp(page);

    await force(supervisor, '2004', 'Make ready');
    await answerCaller(colleague);
    await colleague.locator('#go-wrap-up').click();
    await colleague.locator('#go-wrap-up[aria-pressed=true]').waitFor();
    await press(colleague, 'E');
    await row(supervisor, '2004', 'WORK_READY').waitFor();
    await picture(supervisor, 'team-wrap-up');
    await force(supervisor, '2004', 'Make not ready');
    await inState(colleague, 'Not ready');
    await colleague.locator('.state-reason', { hasText: 'By a supervisor' }).waitFor();
    await row(supervisor, '2004', 'NOT_READY').filter({ hasText: 'By a supervisor' }).waitFor();
    await picture(colleague, 'not-ready-by-supervisor');
  }));

test('a supervisor signs agents out, who are told so', () =>
  threeDesks(async (page, colleague, supervisor) => {
    await signOutBySupervisor(supervisor, '2003');
    await page.getByText(/You were signed out by supervisor .+ \(/).waitFor();
    await picture(page, 'signed-out-by-supervisor');
    await row(supervisor, '2003', 'LOGOUT').waitFor();
    await accessible(supervisor);
    await comeBack(page, '2003');
    await row(supervisor, '2003', 'NOT_READY').waitFor();

    // In a call it waits until the call is over, and the agent sees it coming.
    await force(supervisor, '2003', 'Make ready');
    await answerCaller(page);
    await signOutBySupervisor(supervisor, '2003');
    await row(supervisor, '2003').filter({ hasText: 'then Signed out' }).waitFor();
    await page.getByText('Then: Signed out').waitFor();
    await accessible(page);
    await picture(page, 'call-then-signed-out');
    await picture(supervisor, 'team-then-signed-out');
    assert.equal(await card(page, 'talking').count(), 1, 'the call goes on');
    await press(page, 'E');
    await comeBack(page, '2003');
  }));
