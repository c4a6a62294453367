import assert from 'node:assert/strict';
import test from 'node:test';
import { isComplete, MessageType, parse, render } from './protocol.ts';

test('a message is a number, a bar and a payload that may hold bars', () => {
  assert.deepEqual(parse('7|/finesse/api/User/2001|x'), {
    type: MessageType.SUBSCRIBE,
    payload: '/finesse/api/User/2001|x',
  });
  assert.deepEqual(parse('14'), { type: MessageType.SUBSCRIPTIONS, payload: '' });
  assert.deepEqual(parse('2|'), { type: MessageType.PASSWORD, payload: '' });
  assert.equal(render(MessageType.STATUS, 'connected'), '4|connected');
});

test('what other scripts post is none', () => {
  for (const other of [null, 4, {}, '', 'hello', '|x', '99|x', '-1|x', '1.5|x', '0x1|x'])
    assert.equal(parse(other), null, String(other));
});

test('a login is complete with id, password and domain', () => {
  assert.equal(isComplete({ id: '2001', password: 'x' }), false);
  assert.equal(isComplete({ id: '2001', password: '', domain: 'd' }), false);
  assert.equal(isComplete({ id: '2001', password: 'x', domain: 'd' }), true);
});
