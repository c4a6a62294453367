// The refusal of a request about a call into words. What is not about calls has the words of faults.ts.

import type { Fault } from '../lib/fault.ts';
import { faultKey } from './faults.ts';
import type { Key } from './index.ts';

/** The key of the words for a fault of a request about a call. */
export function callFaultKey(f: Fault): Key {
  if (f.kind === 'network' || f.kind === 'timeout') return faultKey(f);
  const known = BY_MESSAGE[f.message] ?? BY_CODE[f.data] ?? BY_TYPE[f.type];
  return known ?? (f.status === 404 ? 'fault.callGone' : faultKey(f));
}

const BY_MESSAGE: Readonly<Record<string, Key>> = {
  CF_REQUEST_INCOMPATIBLE_WITH_OBJECT: 'fault.callState',
  CF_INVALID_CALLED_DEVICE: 'fault.destination',
  CF_PRIVILEGE_VIOLATION_ON_CALLED_DEVICE: 'fault.destinationForbidden',
  CF_INVALID_CSTA_CALL_IDENTIFIER: 'fault.callGone',
  CF_INVALID_CSTA_DEVICE_IDENTIFIER: 'fault.destination',
  CF_INVALID_CSTA_CONNECTION_IDENTIFIER: 'fault.callGone',
  CF_INVALID_DESTINATION: 'fault.destination',
  CF_GENERIC_STATE_INCOMPATIBILITY: 'fault.callState',
  CF_INVALID_OBJECT_STATE: 'fault.callState',
  CF_INVALID_CONNECTION_ID_FOR_ACTIVE_CALL: 'fault.callState',
  CF_NO_ACTIVE_CALL: 'fault.callState',
  CF_NO_HELD_CALL: 'fault.callState',
  CF_NO_CALL_TO_CLEAR: 'fault.callGone',
  CF_NO_CONNECTION_TO_CLEAR: 'fault.callGone',
  CF_NO_CALL_TO_ANSWER: 'fault.callGone',
  CF_NO_CALL_TO_COMPLETE: 'fault.callGone',
  CF_RESOURCE_BUSY: 'fault.lineBusy',
  CF_CONFERENCE_MEMBER_LIMIT_EXCEEDED: 'fault.conferenceFull',
  CF_AGENT_NOT_PARTY_ON_CALL: 'fault.callGone',
  CF_ARBITRARY_CONF_OR_XFER_NOT_SUPPORTED: 'fault.callState',
  CF_DROP_ANY_PARTY_NOT_ENABLED_CTI: 'fault.forbidden',
  CF_INVALID_DIALED_NUMBER: 'fault.destination',
};

/** The same failures where a server sends only the number, and those that have nothing else. */
const BY_CODE: Readonly<Record<string, Key>> = {
  2: 'fault.callState',
  6: 'fault.destination',
  9: 'fault.destinationForbidden',
  11: 'fault.callGone',
  12: 'fault.destination',
  13: 'fault.callGone',
  14: 'fault.destination',
  21: 'fault.callState',
  22: 'fault.callState',
  23: 'fault.callState',
  24: 'fault.callState',
  25: 'fault.callState',
  26: 'fault.callGone',
  27: 'fault.callGone',
  28: 'fault.callGone',
  29: 'fault.callGone',
  33: 'fault.lineBusy',
  38: 'fault.conferenceFull',
  268: 'fault.callGone',
  290: 'fault.forbidden',
  1009: 'fault.destination',
  13145: 'fault.monitor',
  20700: 'fault.conferenceFull',
  20999: 'fault.notController',
  88049: 'fault.monitor',
};

const BY_TYPE: Readonly<Record<string, Key>> = {
  'Invalid Destination': 'fault.destination',
  'Not Found': 'fault.callGone',
  'Dialog Not Found': 'fault.callGone',
  'Invalid State': 'fault.callState',
  'Call Variable is protected': 'fault.protected',
};
