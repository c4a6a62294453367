// A campaign offers contacts to an agent, who looks at each before the customer is called.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, chooseFirst, inState, picture, signIn, signOut, withPage } from './browser.mjs';
import { card, goReady, press } from './callers/desks.mjs';

/** Has the campaign offer a contact; simulated customers answer after two seconds. */
async function offer(page, number, name) {
  const answer = await page.request.post(new URL('/tact/demo/calls', page.url()).href, {
    headers: { Authorization: `Basic ${Buffer.from('2100:2100').toString('base64')}` },
    data: {
      preview: {
        queue: 2,
        to: number,
        campaign: 'Renewals',
        name,
        account: 'C-10231',
        variables: { callVariable2: 'Contract ends in May' },
      },
    },
  });
  assert.equal(answer.status(), 202);
  await card(page, 'preview').filter({ hasText: name }).waitFor();
}

test('an offered contact is looked at, called and classified; others are skipped and closed', () =>
  withPage({}, async (page) => {
    await signIn(page, '2001');
    await goReady(page);
    await inState(page, 'Ready');
    await offer(page, '5550131', 'Okafor, Amara');
    await inState(page, 'Outbound call to preview');
    assert.match(await page.title(), /A call to Okafor, Amara is offered/);
    for (const text of ['5550131', 'Renewals', 'C-10231'])
      await card(page, 'preview').locator('.call-facts', { hasText: text }).waitFor();
    await card(page, 'preview').locator('.call-data', { hasText: 'Contract ends in May' }).waitFor();
    await accessible(page);
    await picture(page, 'preview-offered');
    await page.setViewportSize({ width: 390, height: 844 });
    await picture(page, 'preview-offered-390');
    await page.setViewportSize({ width: 1280, height: 800 });

    await press(page, 'Y');
    await card(page, 'dialing').waitFor();
    await picture(page, 'preview-dialing');
    await card(page, 'talking').filter({ hasText: 'Okafor, Amara' }).waitFor();
    await inState(page, 'Talking');
    await page.locator('.call [aria-haspopup]:enabled').click();
    await page.getByRole('menuitemradio', { name: 'Answering machine' }).click();
    await card(page, 'talking').locator('.call-facts', { hasText: 'Answering machine' }).waitFor();
    await accessible(page);
    await picture(page, 'preview-classified');
    await press(page, 'E');
    await page.locator('.call').waitFor({ state: 'detached' });

    for (const [action, name] of [
      ['Skip', 'Brandt, Tomas'],
      ['Close record', 'Solberg, Ingrid'],
    ]) {
      await inState(page, 'Ready');
      await offer(page, '5550132', name);
      await card(page, 'preview').getByRole('button', { name: action }).click();
      await page.locator('.call').waitFor({ state: 'detached' });
    }
    await inState(page, 'Ready');
    await chooseFirst(page, '#go-not-ready');
    await inState(page, 'Not ready');
    await signOut(page);
  }));
