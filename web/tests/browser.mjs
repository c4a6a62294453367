// What the browser tests share: a Chromium, one page per test, the steps of a person, the accessibility check.
//
// TACT_URL          the server under test, e.g. http://localhost:8082
// TACT_SCREENSHOTS  a folder for pictures; none are made when not set
// CHROMIUM          the browser; /usr/bin/chromium when not set
//
// The server is an empty demo centre: agents 2001 to 2020 with their id as password, 2003 for 2001, else 30NN.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

const base = process.env['TACT_URL'];
assert.ok(base, 'TACT_URL names the server under test');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Nothing that a test waits for may take longer, in ms. */
const PATIENCE = 30_000;

let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
after(() => browser?.close());

/** Runs a test body with a page of its own; fails on script errors, and on requests that leave the server unless the page
 * itself is `foreign`. */
export async function withPage({ foreign = false, ...options }, body) {
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    ignoreHTTPSErrors: true,
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) problems.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (!foreign && protocol.startsWith('http') && host !== new URL(base).host)
      problems.push(`foreign: ${request.url()}`);
  });
  try {
    await body(page, context);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

/** The extension of an agent of the demo centre. */
export function extensionOf(agent) {
  return agent === '2001' ? '2003' : String(Number(agent) + 1000);
}

/** Opens the desktop; `query` is what follows the `?`. */
export async function open(page, query = '') {
  await page.goto(new URL(`/desktop/container/${query}`, base).href);
}

/** Fills the English sign-in page and submits it. */
export async function submit(page, agent, extension = extensionOf(agent), password = agent) {
  await page.getByLabel('Agent ID or login name').fill(agent);
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Extension').fill(extension);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Waits until the page shows this state. */
export async function inState(page, name) {
  await page.locator('#state-name', { hasText: new RegExp(`^${name}$`) }).waitFor();
}

/** Resolves when the server has answered the next client log that the page sends; call it before it does. */
export function reported(page) {
  return page.waitForResponse((r) => r.url().endsWith('/ClientLog') && r.request().method() === 'POST');
}

/** Opens the desktop, signs the agent in, and waits until the desktop has reported that. */
export async function signIn(page, agent, query = '') {
  const report = reported(page);
  await open(page, query);
  await submit(page, agent);
  await inState(page, 'Not ready');
  assert.equal((await report).status(), 202);
}

/** Chooses the first entry of a menu that a button opens. Returns its text. */
export async function chooseFirst(page, button) {
  await page.locator(`${button}:enabled[aria-haspopup]`).click();
  const first = page.getByRole('menu').locator('.menu-item').first();
  const text = await first.innerText();
  await first.click();
  return text;
}

/** Signs the agent out with the first reason there is; the agent must be not ready. */
export async function signOut(page) {
  await chooseFirst(page, '#sign-out');
  await page.getByText('You are signed out.').waitFor();
}

/** Waits until the server says that the agent is signed out. */
export async function signedOut(agent) {
  const headers = { Authorization: `Basic ${btoa(`${agent}:${agent}`)}` };
  const until = Date.now() + PATIENCE;
  for (;;) {
    const answer = await fetch(new URL(`/finesse/api/User/${agent}`, base), { headers });
    if ((await answer.text()).includes('<state>LOGOUT</state>')) return;
    assert.ok(Date.now() < until, `${agent} is still signed in`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Asserts that axe finds nothing at all. */
export async function accessible(page) {
  // By the debugger, not by a script element: the page's own policy stays in force.
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  });
  assert.deepEqual(violations, []);
}

/** Makes a picture, when pictures are wanted. */
export async function picture(page, name) {
  const folder = process.env['TACT_SCREENSHOTS'];
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
