// Faults into words that an agent understands. The code goes beside them (codeOf in src/lib/fault.ts), for whoever
// is asked for help. Codes: the control failures of the CTI protocol and the error types of the REST API.

import type { Fault } from '../lib/fault.ts';
import type { Key } from './index.ts';

/** The key of the words for a fault. */
export function faultKey(f: Fault): Key {
  if (f.kind === 'network') return 'fault.network';
  if (f.kind === 'timeout') return 'fault.timeout';
  if (f.kind === 'channel') return BY_CONDITION[f.type] ?? 'fault.credentials';
  // The one type that says more than the code with it, which is that of any state that cannot be had.
  if (f.type === 'Mode Not Allowed') return 'fault.mobile';
  return BY_MESSAGE[f.message] ?? BY_CODE[f.data] ?? BY_TYPE[f.type] ?? byStatus(f.status);
}

function byStatus(status: number): Key {
  if (status === 401) return 'fault.credentials';
  if (status === 403) return 'fault.forbidden';
  if (status === 404) return 'fault.unknownAgent';
  if (status === 503) return 'fault.outOfService';
  if (status >= 500) return 'fault.server';
  return 'fault.other';
}

/** Why the event channel refused to sign somebody in; most often the credentials. */
const BY_CONDITION: Readonly<Record<string, Key>> = {
  'account-disabled': 'fault.locked',
  'temporary-auth-failure': 'fault.outOfService',
};

const BY_MESSAGE: Readonly<Record<string, Key>> = {
  CF_GENERIC_STATE_INCOMPATIBILITY: 'fault.stateNotAllowed',
  CF_INVALID_OBJECT_STATE: 'fault.stateNotAllowed',
  CF_REQUEST_INCOMPATIBLE_WITH_OBJECT: 'fault.stateNotAllowed',
  CF_INVALID_AGENT_WORKMODE: 'fault.stateNotAllowed',
  CF_SERVICE_BUSY: 'fault.busy',
  CF_RESOURCE_BUSY: 'fault.busy',
  CF_PERFORMANCE_LIMIT_EXCEEDED: 'fault.busy',
  CF_RESOURCE_OUT_OF_SERVICE: 'fault.device',
  CF_INVALID_AGENT_ID_SPECIFIED: 'fault.unknownAgent',
  CF_INVALID_PASSWORD_SPECIFIED: 'fault.switchPassword',
  CF_INVALID_AGENT_ID_OR_PASSWORD_SPECIFIED: 'fault.switchPassword',
  CF_SPECIFIED_AGENT_ALREADY_SIGNED_ON: 'fault.alreadySignedOn',
  CF_INVALID_LOGON_DEVICE_SPECIFIED: 'fault.invalidDevice',
  CF_INVALID_AGENT_REASON_CODE: 'fault.reasonInvalid',
  CF_WRAPUP_DATA_REQUIRED: 'fault.wrapUpRequired',
  CF_REASON_CODE_REQUIRED: 'fault.reasonRequired',
  CF_SPECIFIED_EXTENSION_ALREADY_IN_USE: 'fault.extensionInUse',
  CF_DEVICE_RESTRICTED: 'fault.device',
  CF_LINE_RESTRICTED: 'fault.device',
  CF_AGENT_ACCOUNT_LOCKED_OUT: 'fault.locked',
  CF_EXTENSION_NOT_UNIQUE: 'fault.extensionShared',
  SERVER_OUT_OF_SERVICE: 'fault.outOfService',
  UNAUTHORIZED: 'fault.credentials',
};

/** The same failures where a server sends only the number. */
const BY_CODE: Readonly<Record<string, Key>> = {
  21: 'fault.stateNotAllowed',
  22: 'fault.stateNotAllowed',
  33: 'fault.busy',
  34: 'fault.device',
  256: 'fault.unknownAgent',
  257: 'fault.switchPassword',
  258: 'fault.switchPassword',
  259: 'fault.alreadySignedOn',
  260: 'fault.invalidDevice',
  265: 'fault.stateNotAllowed',
  266: 'fault.reasonInvalid',
  280: 'fault.wrapUpRequired',
  281: 'fault.reasonRequired',
  283: 'fault.extensionInUse',
  287: 'fault.device',
  288: 'fault.device',
  289: 'fault.locked',
  293: 'fault.extensionShared',
};

const BY_TYPE: Readonly<Record<string, Key>> = {
  'Authorization Failure': 'fault.credentials',
  'Authentication Failure': 'fault.credentials',
  Unauthorized: 'fault.credentials',
  'Invalid Authorization User Specified': 'fault.forbidden',
  'Invalid Supervisor': 'fault.forbidden',
  Forbidden: 'fault.forbidden',
  'User Not Found': 'fault.unknownAgent',
  'Not Found': 'fault.unknownAgent',
  'Invalid State': 'fault.stateNotAllowed',
  'Invalid Input': 'fault.invalidInput',
  'Parameter Missing': 'fault.invalidInput',
  'Bad Request': 'fault.invalidInput',
  'Service Unavailable': 'fault.outOfService',
  'Internal Server Error': 'fault.server',
};
