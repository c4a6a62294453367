import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actions,
  active,
  carriedName,
  dialable,
  filled,
  isConference,
  otherEnd,
  others,
  role,
  shown,
  variable,
  wrapUpLeft,
} from './call.ts';
import { takeEvent, takeList, type Calls } from './calls.ts';
import { dialog, dialogs, type Dialog } from './dialog.ts';
import { parseUpdate, type Update } from './update.ts';
import { parseXml } from './xml.ts';

const ME = '3017';
const DIALOGS = '/finesse/api/User/2017/Dialogs';

interface Part {
  readonly address: string;
  readonly state: string;
  readonly actions?: readonly string[];
  readonly kind?: string;
}

/** The elements inside a dialog. */
function inside(id: string, parts: readonly Part[], more = '', media = ''): string {
  const participants = parts
    .map(
      (p) =>
        `<Participant><actions>${(p.actions ?? []).map((a) => `<action>${a}</action>`).join('')}</actions>
         <mediaAddress>${p.address}</mediaAddress><mediaAddressType>${p.kind ?? ''}</mediaAddressType>
         <startTime>2026-11-26T10:00:00.000Z</startTime><state>${p.state}</state><stateCause/>
         <stateChangeTime>2026-11-26T10:00:05.250Z</stateChangeTime><unknown/></Participant>`,
    )
    .join('');
  return `<id>${id}</id><fromAddress>5550142</fromAddress><toAddress>8000</toAddress><mediaType>Voice</mediaType>
    <mediaProperties><callType>PREROUTE_ACD_IN</callType><DNIS>8000</DNIS>${media}</mediaProperties>
    <participants>${participants}</participants><state>ACTIVE</state><uri>/finesse/api/Dialog/${id}</uri>${more}`;
}

const call = (id: string, parts: readonly Part[], more = '', media = ''): Dialog => {
  const read = dialog(parseXml(`<Dialog>${inside(id, parts, more, media)}</Dialog>`));
  assert.ok(read !== undefined);
  return read;
};
const caller = { address: '5550142', state: 'ACTIVE' };
const me = (state: string, ...list: readonly string[]): Part => ({
  address: ME,
  state,
  actions: list,
  kind: 'AGENT_DEVICE',
});

const event = (name: string, data: string, source = DIALOGS): Update =>
  parseUpdate(
    `<Update><data>${data}</data><event>${name}</event><requestId/><source>${source}</source></Update>`,
  );
const posted = (id: string, ...parts: readonly Part[]): Update =>
  event('POST', `<dialogs><Dialog>${inside(id, parts)}</Dialog></dialogs>`);
const deleted = (id: string): Update =>
  event('DELETE', `<dialogs><Dialog>${inside(id, [])}</Dialog></dialogs>`);
const changed = (id: string, ...parts: readonly Part[]): Update =>
  event('PUT', `<dialog>${inside(id, parts)}</dialog>`, `/finesse/api/Dialog/${id}`);
const after = (calls: Calls, ...updates: readonly Update[]): Calls =>
  updates.reduce((before, update) => takeEvent(before, update)?.calls ?? before, calls);
const states = (calls: Calls): readonly string[] => calls.map((c) => `${c.id} ${role(c, ME)}`);

test('a dialog is read with its data, its participants and what each may do', () => {
  const read = call(
    '16777217',
    [caller, me('ALERTING', 'ANSWER')],
    '<associatedDialogUri>/finesse/api/Dialog/16777216</associatedDialogUri>',
    `<queueName>Support</queueName><wrapUpReason>Order</wrapUpReason><callvariables>
      <CallVariable><name>callVariable1</name><value>a &amp; b</value></CallVariable>
      <CallVariable><name>callVariable2</name><value/></CallVariable>
      <CallVariable><name>user.array[2]</name><value>c</value></CallVariable></callvariables>`,
  );
  assert.deepEqual(
    [read.id, read.associatedId, read.from, read.to, read.dialedNumber, read.queueName, read.wrapUpReason],
    ['16777217', '16777216', '5550142', '8000', '8000', 'Support', 'Order'],
  );
  assert.deepEqual(actions(read, ME), ['ANSWER']);
  assert.deepEqual(actions(read, '9999'), []);
  assert.equal(read.participants[1]?.started, Date.UTC(2026, 10, 26, 10));
  assert.equal(read.participants[1]?.changed, Date.UTC(2026, 10, 26, 10, 0, 5, 250));
  assert.equal(variable(read, 'array[2]'), 'c');
  assert.equal(filled(read).length, 2);
});

test('what is no voice call, and what has no id, is left out', () => {
  const list = dialogs(
    parseXml('<Dialogs><Dialog><id>151_312_1</id></Dialog><Dialog/><Dialog><id>7</id></Dialog></Dialogs>'),
  );
  assert.deepEqual(
    list.map(({ id }) => id),
    ['7'],
  );
  assert.equal(takeEvent([], event('PUT', '<dialog><id>151_312_1</id></dialog>')), undefined);
  assert.equal(takeEvent([], event('PUT', '<user><state>READY</state></user>')), undefined);
});

test('a call comes, is answered, held, wrapped up and goes', () => {
  const roles: string[] = [];
  let calls: Calls = [];
  for (const update of [
    posted('1', caller, me('ALERTING', 'ANSWER')),
    changed('1', caller, me('ACTIVE', 'HOLD', 'DROP')),
    changed('1', caller, me('HELD', 'RETRIEVE', 'DROP')),
    changed('1', caller, me('ACTIVE', 'HOLD', 'DROP')),
    changed('1', { ...caller, state: 'DROPPED' }, me('WRAP_UP', 'UPDATE_CALL_DATA')),
    deleted('1'),
  ]) {
    calls = after(calls, update);
    roles.push(states(calls).join());
  }
  assert.deepEqual(roles, ['1 ringing', '1 talking', '1 held', '1 talking', '1 wrapUp', '']);
});

test('events twice, in the wrong order and about unknown calls do no harm', () => {
  const ringing = posted('1', caller, me('ALERTING', 'ANSWER'));
  const talking = changed('1', caller, me('ACTIVE', 'HOLD'));
  assert.deepEqual(states(after([], ringing, ringing)), ['1 ringing']);
  assert.deepEqual(states(after([], talking)), ['1 talking'], 'a PUT without its POST');
  assert.deepEqual(states(after([], deleted('9'), deleted('9'))), []);
  assert.deepEqual(states(after([], ringing, deleted('9'))), ['1 ringing']);
  assert.deepEqual(states(after([], event('SOMETHING', '<dialog><id>1</id></dialog>'))), ['1 over']);
  assert.deepEqual(shown(after([], event('PUT', '<dialog><id>1</id></dialog>')), ME), []);
});

test('the list of the server replaces what was known, in the known order', () => {
  const [one, two, three] = ['1', '2', '3'].map((id) => call(id, [me('ACTIVE')]));
  assert.ok(one !== undefined && two !== undefined && three !== undefined);
  assert.deepEqual(states(takeList([two, one], [one, three])), ['1 talking', '3 talking']);
  assert.deepEqual(states(takeList([two, one], [one, two])), ['2 talking', '1 talking']);
  assert.deepEqual(takeList([one], []), []);
});

test('of several calls the most urgent comes first, and those that are over are not shown', () => {
  const calls = [
    call('1', [me('HELD')]),
    call('2', [me('ACTIVE')]),
    call('3', [me('DROPPED')]),
    call('4', [me('ALERTING', 'ANSWER')]),
    call('5', [{ address: '3002', state: 'ACTIVE' }]),
  ];
  assert.deepEqual(
    shown(calls, ME).map(({ id }) => id),
    ['4', '2', '1'],
  );
  assert.equal(active(calls, ME)?.id, '2');
});

test('a call that was dropped but can still be given data is wrapped up', () => {
  assert.equal(role(call('1', [me('DROPPED', 'UPDATE_CALL_DATA')]), ME), 'wrapUp');
});

test('an offered outbound call is one to preview, with the customer at the other end', () => {
  const offered = call(
    '1',
    [me('ACTIVE', 'ACCEPT', 'REJECT', 'CLOSE'), { address: '9000', state: 'ACTIVE' }],
    '',
    '<callvariables><CallVariable><name>BACustomerNumber</name><value>5550199</value></CallVariable></callvariables>',
  );
  assert.equal(role(offered, ME), 'preview');
  assert.equal(otherEnd(offered, ME), '5550199');
});

test('the agent who is listened to does not see it; the supervisor does', () => {
  const monitored = dialog(
    parseXml(
      `<Dialog><id>5</id><fromAddress>3100</fromAddress><toAddress>${ME}</toAddress>
       <mediaProperties><callType>SUPERVISOR_MONITOR</callType></mediaProperties><participants>
       <Participant><mediaAddress>3100</mediaAddress><state>ACTIVE</state><actions><action>DROP</action></actions></Participant>
       <Participant><mediaAddress>${ME}</mediaAddress><state>ACTIVE</state><actions/></Participant>
       </participants></Dialog>`,
    ),
  );
  assert.ok(monitored !== undefined);
  assert.equal(role(monitored, ME), 'passive');
  assert.deepEqual(shown([monitored], ME), []);
  assert.equal(role(monitored, '3100'), 'talking');
});

test('the other end is who is there, else who was called or calls', () => {
  assert.equal(otherEnd(call('1', [caller, me('ALERTING')]), ME), '5550142');
  assert.equal(otherEnd(call('1', [me('ALERTING')]), ME), '5550142', 'nobody else is known yet');
  const transferred = call('1', [me('ACTIVE'), { address: '3004', state: 'ACTIVE' }]);
  assert.equal(otherEnd(transferred, ME), '3004');
  const conference = call('1', [
    me('ACTIVE'),
    { address: '3004', state: 'ACTIVE' },
    caller,
    { address: '3005', state: 'DROPPED' },
  ]);
  assert.ok(isConference(conference, ME));
  assert.equal(otherEnd(conference, ME), '5550142');
  assert.deepEqual(
    others(conference, ME).map(({ address }) => address),
    ['3004', '5550142'],
  );
});

test('the first call variable names the customer, and nobody else', () => {
  const named =
    '<callvariables><CallVariable><name>callVariable1</name><value>Amara Okafor</value></CallVariable></callvariables>';
  const name = (parts: readonly Part[], media = named): string =>
    carriedName(call('1', parts, '', media), ME);
  assert.equal(name([caller, me('ALERTING')]), 'Amara Okafor');
  assert.equal(
    name([me('ACTIVE'), { address: '3004', state: 'ACTIVE' }]),
    '',
    'the caller has been transferred',
  );
  assert.equal(name([{ ...caller, kind: 'AGENT_DEVICE' }, me('ALERTING')]), '', 'an agent consults');
  const passedOn = (parts: readonly Part[]): string =>
    carriedName({ ...call('1', parts, '', named), callType: 'TRANSFER', from: '3004' }, ME);
  assert.equal(passedOn([me('ACTIVE'), caller]), 'Amara Okafor', 'whom a colleague passed on');
  assert.equal(passedOn([me('ACTIVE'), { address: '3005', state: 'ACTIVE', kind: 'AGENT_DEVICE' }]), '');
  assert.equal(name([caller, me('ACTIVE')], named.replace('Amara Okafor', '12345')), '', 'no name at all');
  assert.equal(name([caller, me('ACTIVE')], ''), '');
});

test('a campaign names its contact, and what its dialer notes is not for the agent', () => {
  const variable = (name: string, value: string): string =>
    `<CallVariable><name>${name}</name><value>${value}</value></CallVariable>`;
  const media = `<callvariables>${variable('BABuddyName', 'Okafor, Amara')}${variable('user.BAStatus', 'PREVIEW_OUTBOUND')}${variable('callVariable2', 'gold')}</callvariables>`;
  const customer = { address: '5550131', state: 'ACTIVE' };
  const dialed = call('1', [me('ACTIVE'), customer], '', media);
  assert.equal(carriedName(dialed, ME), 'Okafor, Amara');
  assert.deepEqual(
    filled(dialed).map(({ name }) => name),
    ['callVariable2'],
  );
  const colleague = { address: '3004', state: 'ACTIVE', kind: 'AGENT_DEVICE' };
  assert.equal(carriedName(call('1', [me('ACTIVE'), colleague], '', media), ME), '');
});

test('what is left of wrap-up counts down to nothing', () => {
  assert.equal(wrapUpLeft(1_000, 60, 31_000), 30_000);
  assert.equal(wrapUpLeft(1_000, 60, 99_000), 0);
  assert.equal(wrapUpLeft(1_000, undefined, 2_000), undefined);
  assert.equal(wrapUpLeft(1_000, 0, 2_000), undefined);
  assert.equal(wrapUpLeft(undefined, 60, 2_000), undefined);
});

test('a number is dialed without what is there for reading', () => {
  for (const [text, number] of [
    ['555 01-42', '5550142'],
    ['+33 (1) 55.00', '+3315500'],
    ['*72', '*72'],
    ['#', '#'],
    ['Back Office', undefined],
    ['12a', undefined],
    ['--', undefined],
    ['', undefined],
  ] as const)
    assert.equal(dialable(text), number, text);
});
