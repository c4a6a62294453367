import assert from 'node:assert/strict';
import { test } from 'node:test';
import { child, childrenOf, escapeXml, parseXml, textOf, unescapeXml, XmlError } from './xml.ts';

test('a document becomes elements, attributes and text', () => {
  const root = parseXml(
    '\ufeff<?xml version="1.0"?><!-- c --><a x="1&amp;2" y=\'z\'>t<b/><c>d<![CDATA[<e>]]>f</c ><b>2</b>u</a> \n',
  );
  assert.equal(root.name, 'a');
  assert.deepEqual([...root.attributes], [['x', '1&2'], ['y', 'z']]); // prettier-ignore
  assert.equal(root.text, 'tu');
  assert.deepEqual(
    root.children.map(({ name, text }) => [name, text]),
    [['b', ''], ['c', 'd<e>f'], ['b', '2']], // prettier-ignore
  );
});

test('children are found whichever case their first letter has', () => {
  const root = parseXml('<User><ReasonCode><label> Lunch </label></ReasonCode><Team/><team/></User>');
  assert.equal(textOf(child(root, 'reasonCode'), 'Label'), 'Lunch');
  assert.equal(childrenOf(root, 'team').length, 2);
  assert.equal(textOf(root, 'absent'), '');
  assert.equal(child(undefined, 'x'), undefined);
});

test('what is no document is refused, with the place', () => {
  for (const bad of [
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a><b></a></b>',
    '<a/><b/>',
    '<a/>x',
    '<a x=1/>',
    '<a x="1"y="2"/>',
    '<a x/>',
    '<a x="1/>',
    '<!DOCTYPE a><a/>',
    '<a><!-- </a>',
    '< a/>',
    '{"a":1}',
    '<a>'.repeat(100) + '</a>'.repeat(100),
  ])
    assert.throws(() => parseXml(bad), XmlError, bad);
});

test('any cut or garbled document throws XmlError and nothing else', () => {
  const whole = `<Update><data><user a="1" b='2'>x &lt; y<![CDATA[z]]><!-- c --><?p i?></user></data></Update>`;
  for (let cut = 0; cut < whole.length; cut += 1) {
    assert.throws(() => parseXml(whole.slice(0, cut)), XmlError);
    for (const garbage of ['<', '>', '&', '"', '\0', '/']) {
      try {
        parseXml(whole.slice(0, cut) + garbage + whole.slice(cut + 1));
      } catch (error) {
        assert.ok(error instanceof XmlError);
      }
    }
  }
});

test('escaping and parsing are inverse, line feeds included', () => {
  for (const text of ['', 'plain', `&<>"'`, 'a\nb\n', '&amp;lt;', 'Élodie 😀', ']]>', '&#10;']) {
    assert.equal(unescapeXml(escapeXml(text)), text);
    assert.equal(parseXml(`<a>${escapeXml(text)}</a>`).text, text);
    assert.equal(parseXml(`<a b="${escapeXml(text)}"/>`).attributes.get('b'), text);
  }
  assert.equal(escapeXml('a\n<b>'), 'a&#10;&lt;b&gt;');
});

test('references that mean nothing stay as they are', () => {
  assert.equal(unescapeXml('&nbsp; &#0; &#xD800; &#x110000; & &;'), '&nbsp; &#0; &#xD800; &#x110000; & &;');
  assert.equal(unescapeXml('&#x41;&#66;&apos;'), "AB'");
});
