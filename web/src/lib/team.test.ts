import assert from 'node:assert/strict';
import { test } from 'node:test';
import { user } from './model.ts';
import { groupOf, members, queue, queues, sorted, takeMember, takeQueue } from './team.ts';
import { parseXml } from './xml.ts';

const TEAM = parseXml(`<Team><id>5000</id><name>Demo</name><users>
  <User><loginId>2001</loginId><firstName>Ada</firstName><lastName>Berg</lastName><state>READY</state>
    <stateChangeTime>2026-11-26T10:00:00.000Z</stateChangeTime></User>
  <User><loginId>2002</loginId><firstName>Noah</firstName><lastName>Ames</lastName><state>LOGOUT</state><stateChangeTime/></User>
  <User><loginId>2003</loginId><firstName>Ines</firstName><lastName>Quist</lastName><state>TALKING</state>
    <stateChangeTime>2026-11-26T09:00:00.000Z</stateChangeTime></User><User/></users></Team>`);

const ids = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

test('the members are those that the team lists, in any order asked for', () => {
  const list = members(TEAM);
  assert.deepEqual(ids(list), ['2001', '2002', '2003']);
  assert.deepEqual(ids(sorted(list, 'name')), ['2002', '2001', '2003']);
  assert.deepEqual(ids(sorted(list, 'state')), ['2003', '2001', '2002']);
  assert.deepEqual(ids(sorted(list, 'time')), ['2003', '2001', '2002']);
  assert.deepEqual(members(parseXml('<Team/>')), []);
});

test('an event changes its member and nobody else, and keeps the names that it leaves out', () => {
  const list = members(TEAM);
  const changed = user(parseXml('<user><loginId>2001</loginId><state>TALKING</state></user>'));
  const next = takeMember(list, changed);
  assert.equal(next[0]?.state, 'TALKING');
  assert.equal(next[0]?.lastName, 'Berg');
  assert.equal(next[1], list[1]);
  const stranger = user(parseXml('<user><loginId>9</loginId><state>READY</state></user>'));
  assert.equal(takeMember(list, stranger), list);
});

test('every state has a group', () => {
  for (const [state, group] of [
    ['READY', 'ready'],
    ['TALKING', 'onCall'],
    ['RESERVED_OUTBOUND', 'onCall'],
    ['WORK_READY', 'wrapUp'],
    ['NOT_READY', 'notReady'],
    ['SOMETHING_NEW', 'notReady'],
    ['LOGOUT', 'signedOut'],
    ['', 'signedOut'],
  ] as const)
    assert.equal(groupOf(state), group, state);
});

const QUEUE = `<Queue><uri>/finesse/api/Queue/10</uri><name>Sales</name><statistics><callsInQueue>3</callsInQueue>
  <startTimeOfLongestCallInQueue>2026-11-26T10:00:00Z</startTimeOfLongestCallInQueue><agentsReady>2</agentsReady>
  <agentsTalkingInbound>1</agentsTalkingInbound><agentsTalkingOutbound>2</agentsTalkingOutbound>
  <agentsWrapUpReady>4</agentsWrapUpReady></statistics></Queue>`;

test('a queue has its figures, with and without milliseconds in its times', () => {
  const read = queue(parseXml(QUEUE));
  assert.deepEqual(
    [read.id, read.name, read.waiting, read.ready, read.talking, read.wrapUp, read.notReady],
    ['10', 'Sales', 3, 2, 3, 4, undefined],
  );
  assert.equal(read.longestSince, Date.UTC(2026, 10, 26, 10));
  assert.equal(queue(parseXml(QUEUE.replace('00Z', '00.000Z'))).longestSince, read.longestSince);
});

test('a queue that nobody serves has no figures: the server says -1 and empty text', () => {
  const read = queue(
    parseXml(
      '<Queue><uri>/finesse/api/Queue/11</uri><statistics><callsInQueue>-1</callsInQueue><startTimeOfLongestCallInQueue/></statistics></Queue>',
    ),
  );
  assert.deepEqual([read.waiting, read.longestSince, read.talking], [undefined, undefined, undefined]);
});

test('an event changes its queue and nothing else', () => {
  const list = queues(parseXml(`<Queues>${QUEUE}</Queues>`));
  const changed = queue(
    parseXml(
      '<queue><uri>/finesse/api/Queue/10</uri><statistics><callsInQueue>0</callsInQueue></statistics></queue>',
    ),
  );
  const [next] = takeQueue(list, changed);
  assert.deepEqual([next?.name, next?.waiting], ['Sales', 0]);
  assert.equal(takeQueue(list, { ...changed, id: '12' }), list);
});
