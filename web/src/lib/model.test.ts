import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSignedIn, phoneBooks, reasonCodes, systemInfo, user } from './model.ts';
import { matchContacts } from './search.ts';
import { parseXml } from './xml.ts';

test('a user is read as REST and as events spell it', () => {
  for (const [root, reason] of [
    ['User', 'ReasonCode'],
    ['user', 'reasonCode'],
  ]) {
    const read = user(
      parseXml(
        `<${root}><extension>2003</extension><firstName>Mickey</firstName><loginId>2001</loginId><pendingState/>
         <${reason}><code>10</code><label>Meeting</label><uri>/finesse/api/ReasonCode/16</uri></${reason}>
         <state>NOT_READY</state><stateChangeTime>2013-04-23T22:40:08Z</stateChangeTime><unknown/></${root}>`,
      ),
    );
    assert.equal(read.id, '2001');
    assert.equal(read.stateChangeTime, Date.UTC(2013, 3, 23, 22, 40, 8));
    assert.deepEqual(read.reason, { id: '16', code: '10', label: 'Meeting' });
    assert.equal(read.lastName, '');
    assert.ok(isSignedIn(read));
  }
});

test('a signed-out user has no state time, and an id even without loginId', () => {
  const read = user(
    parseXml('<User><state>LOGOUT</state><stateChangeTime/><uri>/finesse/api/User/2001</uri></User>'),
  );
  assert.equal(read.id, '2001');
  assert.equal(read.stateChangeTime, undefined);
  assert.ok(!isSignedIn(read));
});

test('SystemInfo is read, also a short one of an old server', () => {
  const short = systemInfo(
    parseXml('<SystemInfo><status>IN_SERVICE</status><xmppDomain>A.b</xmppDomain></SystemInfo>'),
  );
  assert.deepEqual(
    [short.status, short.xmppDomain, short.currentTimestamp, short.timezoneOffset],
    ['IN_SERVICE', 'A.b', undefined, undefined],
  );
  const offset = (text: string): number | undefined =>
    systemInfo(parseXml(`<SystemInfo><timezoneOffset>${text}</timezoneOffset></SystemInfo>`)).timezoneOffset;
  assert.deepEqual([offset('-330'), offset('0'), offset('x')], [-330, 0, undefined]);
});

test('reason codes keep their order and the id that requests carry', () => {
  const list = reasonCodes(
    parseXml(
      '<ReasonCodes category="LOGOUT"><ReasonCode><uri>/finesse/api/ReasonCode/7</uri><label>b</label></ReasonCode><ReasonCode><id>3</id><label>a</label></ReasonCode></ReasonCodes>',
    ),
  );
  assert.deepEqual(
    list.map(({ id, label }) => [id, label]),
    [['7', 'b'], ['3', 'a']], // prettier-ignore
  );
  assert.deepEqual(reasonCodes(parseXml('<ReasonCodes/>')), []);
});

const BOOKS = parseXml(
  `<PhoneBooks><PhoneBook><name>A</name><contacts><Contact><firstName>Élodie</firstName><lastName>Martin</lastName>
   <phoneNumber>+33 1 55-00</phoneNumber><description>Billing</description></Contact></contacts></PhoneBook>
   <PhoneBook><name>B</name><contacts>/finesse/api/PhoneBook/2/Contacts</contacts></PhoneBook></PhoneBooks>`,
);

test('phone books hold their contacts or say where they are', () => {
  const [first, second] = phoneBooks(BOOKS);
  assert.equal(first?.contacts[0]?.name, 'Élodie Martin');
  assert.equal(first?.contactsUri, '');
  assert.equal(second?.contactsUri, '/finesse/api/PhoneBook/2/Contacts');
});

test('a contact is found by any words, without case and accents, and by digits', () => {
  const contacts = phoneBooks(BOOKS).flatMap((book) => book.contacts);
  for (const query of ['', 'elodie', 'MARTIN bill', '331', '55-00', '+33', ' a ']) {
    assert.equal(matchContacts(contacts, query).length, 1, query);
  }
  for (const query of ['elodie sales', '999', '-']) {
    assert.equal(matchContacts(contacts, query).length, query === '-' ? 1 : 0, query);
  }
});
