import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultKey } from '../i18n/faults.ts';
import { codeOf, eventFault, fault, httpFault } from './fault.ts';
import { parseUpdate } from './update.ts';
import { XmlError } from './xml.ts';

test('a refused request gives its ApiErrors, in any order of elements', () => {
  const refused = httpFault(
    401,
    '<ApiErrors><ApiError><ErrorData>jsmith</ErrorData><ErrorType>Authorization Failure</ErrorType><ErrorMessage>UNAUTHORIZED</ErrorMessage></ApiError></ApiErrors>',
  );
  assert.deepEqual(refused, {
    kind: 'http',
    status: 401,
    type: 'Authorization Failure',
    message: 'UNAUTHORIZED',
    data: 'jsmith',
    peripheral: '',
  });
  assert.equal(faultKey(refused), 'fault.credentials');
  assert.equal(codeOf(refused), 'Authorization Failure (401)');
});

test('a refusal without an error document is told by its status', () => {
  for (const [status, key] of [
    [401, 'fault.credentials'],
    [403, 'fault.forbidden'],
    [404, 'fault.unknownAgent'],
    [500, 'fault.server'],
    [503, 'fault.outOfService'],
    [418, 'fault.other'],
  ] as const) {
    const refused = httpFault(status, '<html><p>Bad gateway');
    assert.equal(faultKey(refused), key);
    assert.equal(codeOf(refused), String(status));
  }
});

test('a refusal by an event is decoded with its request id and what the switch said', () => {
  const update = parseUpdate(
    `<Update><data><apiErrors><apiError><errorData>260</errorData><errorMessage>CF_INVALID_LOGON_DEVICE_SPECIFIED</errorMessage>
     <errorType>Invalid State</errorType><peripheralErrorText>no such device</peripheralErrorText></apiError></apiErrors></data>
     <event>put</event><requestId>r-1</requestId><source>/finesse/api/User/2001</source></Update>`,
  );
  assert.equal(update.requestId, 'r-1');
  assert.equal(update.event, 'PUT');
  const refused = eventFault(update.data);
  assert.ok(refused !== undefined);
  assert.equal(refused.peripheral, 'no such device');
  assert.equal(codeOf(refused), 'CF_INVALID_LOGON_DEVICE_SPECIFIED (260)');
  assert.equal(faultKey(refused), 'fault.invalidDevice');
});

test('data that is no error is none', () => {
  const update = parseUpdate('<Update><data><user/></data><event>PUT</event></Update>');
  assert.equal(eventFault(update.data), undefined);
  assert.equal(eventFault(undefined), undefined);
  assert.throws(() => parseUpdate('<Message/>'), XmlError);
});

test('the number alone is enough for the words', () => {
  const words = (data: string): string => faultKey({ ...fault('event', 'Generic Error'), data });
  assert.equal(words('283'), 'fault.extensionInUse');
  assert.equal(words('256'), 'fault.unknownAgent');
  assert.equal(words('281'), 'fault.reasonRequired');
  assert.equal(words('99999'), 'fault.other');
});

test('no answer, no network and a refused channel have words of their own', () => {
  assert.equal(faultKey(fault('network', 'x')), 'fault.network');
  assert.equal(faultKey(fault('timeout', 'x')), 'fault.timeout');
  assert.equal(faultKey(fault('channel', 'not-authorized')), 'fault.credentials');
  assert.equal(faultKey(fault('channel', 'temporary-auth-failure')), 'fault.outOfService');
  assert.equal(codeOf(fault('channel', 'not-authorized')), 'not-authorized');
});
