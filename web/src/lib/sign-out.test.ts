import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastSignOut, sentence } from './sign-out.ts';
import { parseXml } from './xml.ts';

test('the first one listed is the last that was', () => {
  const last = lastSignOut(
    parseXml(`<SignOuts><SignOut><time>2026-11-26T14:02:00.000Z</time><cause>PRESENCE_LOST</cause>
      <reasonCode>255</reasonCode><by/><channel>WEBSOCKET</channel><noticed>SILENT</noticed>
      <absentSince>2026-11-26T14:01:00.010Z</absentSince></SignOut>
      <SignOut><time>2026-11-25T14:02:00.000Z</time><cause>OWN_REQUEST</cause></SignOut></SignOuts>`),
  );
  assert.deepEqual(last, {
    at: Date.UTC(2026, 10, 26, 14, 2),
    cause: 'PRESENCE_LOST',
    by: '',
    noticed: 'SILENT',
    absent: 60,
  });
  assert.equal(lastSignOut(parseXml('<SignOuts/>')), undefined);
  assert.equal(lastSignOut(parseXml('<SignOuts><SignOut><cause>X</cause></SignOut></SignOuts>')), undefined);
});

test('every cause but the own wish has its sentence', () => {
  const of = (cause: string, noticed = ''): string | undefined =>
    sentence({ at: 0, cause, by: '', noticed, absent: 0 });
  assert.equal(of('PRESENCE_LOST', 'CLOSED'), 'gone.lost');
  assert.equal(of('PRESENCE_LOST', 'LEFT'), 'gone.left');
  assert.equal(of('PRESENCE_LOST', 'RESTART'), 'gone.restart');
  for (const cause of ['SUPERVISOR', 'INACTIVITY', 'LINE_LOST', 'CTI_SERVER']) assert.ok(of(cause), cause);
  assert.equal(of('OWN_REQUEST'), undefined);
  assert.equal(of('SOMETHING_NEW'), undefined);
});
