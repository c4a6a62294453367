// The bodies of requests about calls. Pure; values are escaped here and nowhere else.

import type { Variable } from './dialog.ts';
import { escapeXml } from './xml.ts';

export interface Details {
  /** Whom to call. */
  readonly to?: string;
  /** `dtmfString`, `outboundClassification`, `callbackTime`, ... with their values. */
  readonly params?: Readonly<Record<string, string>>;
  readonly variables?: readonly Variable[];
  readonly wrapUpReason?: string;
}

/** `PUT /finesse/api/Dialog/{id}`: `target` is the agent's own extension, or that of the participant to drop. */
export function dialogRequest(action: string, target: string, details: Details = {}): string {
  const { to, params, variables, wrapUpReason } = details;
  return element(
    'Dialog',
    text('requestedAction', action) +
      (to === undefined ? '' : text('toAddress', to)) +
      text('targetMediaAddress', target) +
      (params === undefined ? '' : element('actionParams', pairs('ActionParam', Object.entries(params)))) +
      (variables === undefined && wrapUpReason === undefined
        ? ''
        : element(
            'mediaProperties',
            (wrapUpReason === undefined ? '' : text('wrapUpReason', wrapUpReason)) +
              (variables === undefined
                ? ''
                : element(
                    'callvariables',
                    pairs(
                      'CallVariable',
                      variables.map(({ name, value }) => [name, value]),
                    ),
                  )),
          )),
  );
}

/** `POST /finesse/api/User/{id}/Dialogs`: a new call, a monitored one, or a barge into the one that is monitored. */
export function callRequest(
  action: 'MAKE_CALL' | 'SILENT_MONITOR' | 'BARGE_CALL',
  from: string,
  to: string,
  associatedDialog?: string,
): string {
  return element(
    'Dialog',
    text('requestedAction', action) +
      text('fromAddress', from) +
      text('toAddress', to) +
      (associatedDialog === undefined
        ? ''
        : text('associatedDialogUri', `/finesse/api/Dialog/${associatedDialog}`)),
  );
}

function pairs(name: string, values: readonly (readonly [string, string])[]): string {
  return values.map(([key, value]) => element(name, text('name', key) + text('value', value))).join('');
}

function text(name: string, value: string): string {
  return element(name, escapeXml(value));
}

function element(name: string, inside: string): string {
  return `<${name}>${inside}</${name}>`;
}
