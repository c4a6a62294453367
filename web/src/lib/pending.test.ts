import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fault, FaultError } from './fault.ts';
import { user, type User } from './model.ts';
import { Pending } from './pending.ts';
import { parseXml } from './xml.ts';

const inState = (state: string): User => user(parseXml(`<user><state>${state}</state></user>`));
const LONG = 60_000;

test('the event that shows what was asked for is the outcome, with or without its id', async () => {
  const pending = new Pending<User>();
  const ready = pending.expect('a', ({ state }) => state === 'READY', LONG);
  const own = pending.expect('b', (_, isOwn) => isOwn, LONG);
  pending.happened(inState('NOT_READY'), '');
  pending.happened(inState('READY'), '');
  pending.happened(inState('TALKING'), 'b');
  assert.equal((await ready).state, 'READY');
  assert.equal((await own).state, 'TALKING');
});

test('a refusal reaches the request of its id and no other', async () => {
  const pending = new Pending<User>();
  const refused = pending.expect('a', () => true, LONG);
  const other = pending.expect('b', () => true, LONG);
  assert.equal(pending.refused('c', fault('event', 'x')), false);
  assert.equal(pending.refused('', fault('event', 'x')), false);
  assert.equal(pending.refused('a', fault('event', 'Invalid State')), true);
  await assert.rejects(refused, (e) => e instanceof FaultError && e.fault.type === 'Invalid State');
  assert.equal(pending.refused('a', fault('event', 'x')), false, 'only once');
  pending.happened(inState('READY'), '');
  assert.equal((await other).state, 'READY');
});

test('without an event the wait ends with a fault that says so', async () => {
  const waiting = new Pending<User>().expect('a', () => true, 1);
  await assert.rejects(waiting, (e) => e instanceof FaultError && e.fault.kind === 'timeout');
});
