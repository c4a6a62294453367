import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientLog, formatLine, type LogContext } from './clientlog.ts';
import { escapeXml, parseXml, textOf } from './xml.ts';

const NOW = Date.UTC(2015, 11, 9, 17, 29, 52, 225);
const context: LogContext = { now: NOW, zone: -240, drift: 433_852, serverZone: -300, host: 'a.example' };

test('a line has both clocks, each in its own zone', () => {
  assert.equal(
    formatLine(context, 'Container', 'PageServices.onLoad(): BOSH established!'),
    '2015-12-09T13:29:52.225 -04:00: : a.example: Dec 09 2015 12:37:06.077 -0500: Container : PageServices.onLoad(): BOSH established!',
  );
});

test('what is not known yet is dashes and question marks', () => {
  const unknown = { ...context, zone: 330, drift: undefined, host: undefined };
  assert.equal(
    formatLine(unknown, 'Container', 'x'),
    '2015-12-09T22:59:52.225 +05:30: : ?.?.?.?: --- -- ---- --:--:--.--- -----: Container : x',
  );
});

test('the log begins with the user agent on one line, and each line ends with a line feed', () => {
  const log = new ClientLog('Browser\r\n1', () => context);
  log.write('one');
  log.services('two');
  const lines = log.text().split('\n');
  assert.equal(lines[0], 'Browser 1');
  assert.match(lines[1] ?? '', / Container : one$/);
  assert.match(lines[2] ?? '', / Container : \[ClientServices\] two$/);
  assert.deepEqual(lines.slice(3), ['']);
});

test('the document is one line of XML that gives the log back', () => {
  const log = new ClientLog('Browser', () => context);
  log.write(`content='<a b="1">&amp;</a>'`);
  const document = log.document();
  assert.ok(!document.includes('\n') && document.includes('&#10;'));
  assert.equal(textOf(parseXml(document), 'logData'), log.text().trim());
});

test('the oldest lines go when the bound is reached, the user agent and the newest stay', () => {
  const log = new ClientLog('Browser', () => context, 2000);
  for (let i = 0; i < 100; i += 1) {
    log.write(`line <${i}>`);
    assert.ok(escapeXml(log.text()).length <= 2000);
  }
  const text = log.text();
  assert.ok(text.startsWith('Browser\n'));
  assert.ok(text.endsWith('line <99>\n'));
  assert.ok(!text.includes('line <50>'));
  assert.ok(escapeXml(text).length > 1800, 'no more is dropped than needed');
});
