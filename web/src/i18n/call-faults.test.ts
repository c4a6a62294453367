import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fault, httpFault } from '../lib/fault.ts';
import { callFaultKey } from './call-faults.ts';

const refused = (type: string, message: string, data: string): string =>
  callFaultKey({ ...fault('event', type, message), data });

test('a refusal about a call is told in words about calls', () => {
  assert.equal(refused('Call Operation Failure', 'CF_INVALID_OBJECT_STATE', '22'), 'fault.callState');
  assert.equal(refused('Generic Error', '', '20999'), 'fault.notController');
  assert.equal(refused('Invalid Destination', '', ''), 'fault.destination');
  assert.equal(callFaultKey(httpFault(404, '')), 'fault.callGone');
});

test('what is not about calls keeps its words', () => {
  assert.equal(refused('Call Operation Failure', 'CF_RESOURCE_OUT_OF_SERVICE', '34'), 'fault.device');
  assert.equal(callFaultKey(httpFault(503, '')), 'fault.outOfService');
  assert.equal(callFaultKey(fault('timeout', 'No event')), 'fault.timeout');
  assert.equal(callFaultKey(fault('network', 'x')), 'fault.network');
  assert.equal(refused('Generic Error', 'something new', '4711'), 'fault.other');
});
