import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, isoDuration, parseTimestamp, ServerClock } from './clock.ts';

test('the drift is the server minus the middle of the request', () => {
  const clock = new ServerClock();
  assert.equal(clock.drift, undefined);
  assert.equal(clock.at(5), 5);
  clock.measure({ sent: 1000, received: 1100, server: 4050 });
  assert.equal(clock.drift, 3000);
  assert.equal(clock.at(2000), 5000);
});

test('a shorter round trip replaces a longer one, not the other way round', () => {
  const clock = new ServerClock();
  clock.measure({ sent: 0, received: 400, server: 1200 });
  clock.measure({ sent: 1000, received: 1020, server: 2040 });
  assert.equal(clock.drift, 1030);
  clock.measure({ sent: 2000, received: 2300, server: 9000 });
  assert.equal(clock.drift, 1030);
});

test('an old measurement gives way, because clocks wander', () => {
  const clock = new ServerClock();
  clock.measure({ sent: 0, received: 10, server: 105 });
  const later = ServerClock.SAMPLE_LIFE + 1000;
  clock.measure({ sent: later, received: later + 200, server: later + 600 });
  assert.equal(clock.drift, 500);
});

test('a measurement that cannot be is ignored', () => {
  const clock = new ServerClock();
  clock.measure({ sent: 100, received: 50, server: 1000 });
  clock.measure({ sent: 0, received: 1, server: Number.NaN });
  assert.equal(clock.drift, undefined);
});

test('time stamps are read with and without milliseconds, and nothing else is', () => {
  assert.equal(parseTimestamp('2013-04-23T22:40:08Z'), Date.UTC(2013, 3, 23, 22, 40, 8));
  assert.equal(parseTimestamp('2026-11-23T10:00:00.123Z'), Date.UTC(2026, 10, 23, 10, 0, 0, 123));
  for (const bad of ['', 'now', '2026-11-23', '2026-13-23T10:00:00Z', '2026-11-23T10:00:00']) {
    assert.equal(parseTimestamp(bad), undefined, bad);
  }
});

test('durations are shown as a timer shows them', () => {
  assert.deepEqual([-5000, 0, 999, 61_000, 3_599_999, 3_600_000, 90_061_000].map(formatDuration), [
    '0:00',
    '0:00',
    '0:00',
    '1:01',
    '59:59',
    '1:00:00',
    '25:01:01',
  ]);
  assert.equal(isoDuration(3_723_000), 'PT1H2M3S');
});
