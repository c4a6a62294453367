import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callRequest, dialogRequest } from './call-requests.ts';
import { child, childrenOf, parseXml, textOf } from './xml.ts';

test('a plain action names itself and the agent’s extension', () => {
  assert.equal(
    dialogRequest('ANSWER', '3017'),
    '<Dialog><requestedAction>ANSWER</requestedAction><targetMediaAddress>3017</targetMediaAddress></Dialog>',
  );
});

test('whom to call, digits, data and a wrap-up reason go where the API wants them', () => {
  assert.match(dialogRequest('CONSULT_CALL', '3017', { to: '5550120' }), /<toAddress>5550120<\/toAddress>/);
  const dtmf = parseXml(dialogRequest('SEND_DTMF', '3017', { params: { dtmfString: '1#' } }));
  const param = child(child(dtmf, 'actionParams'), 'ActionParam');
  assert.deepEqual([textOf(param, 'name'), textOf(param, 'value')], ['dtmfString', '1#']);
  const data = parseXml(
    dialogRequest('UPDATE_CALL_DATA', '3017', {
      wrapUpReason: 'Order & more',
      variables: [
        { name: 'callVariable1', value: '<b>' },
        { name: 'user.x', value: '' },
      ],
    }),
  );
  const media = child(data, 'mediaProperties');
  assert.equal(textOf(media, 'wrapUpReason'), 'Order & more');
  assert.deepEqual(
    childrenOf(child(media, 'callvariables'), 'CallVariable').map((v) => [
      textOf(v, 'name'),
      textOf(v, 'value'),
    ]),
    [['callVariable1', '<b>'], ['user.x', '']], // prettier-ignore
  );
  const reasonOnly = parseXml(dialogRequest('UPDATE_CALL_DATA', '3017', { wrapUpReason: 'x' }));
  assert.equal(child(child(reasonOnly, 'mediaProperties'), 'callvariables'), undefined);
});

test('a barge names the dialog that is monitored', () => {
  const root = parseXml(callRequest('BARGE_CALL', '3100', '3017', '900'));
  assert.deepEqual(
    ['requestedAction', 'fromAddress', 'toAddress', 'associatedDialogUri'].map((name) => textOf(root, name)),
    ['BARGE_CALL', '3100', '3017', '/finesse/api/Dialog/900'],
  );
  assert.doesNotMatch(callRequest('MAKE_CALL', '3017', '5550120'), /associatedDialogUri/);
});
