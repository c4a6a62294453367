import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { chooseLanguage, isKey, LANGUAGES, translate, type Key } from './index.ts';

const keys = Object.keys(en) as Key[];
const values = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort();

test('French has every text, none empty, with the same values to fill in', () => {
  assert.deepEqual(Object.keys(fr).sort(), [...keys].sort());
  for (const key of keys) {
    assert.notEqual(fr[key].trim(), '', key);
    assert.deepEqual(values(fr[key]), values(en[key]), key);
  }
});

test('French is French', () => {
  // Words that are the same in both languages.
  const same = new Set<string>([
    'app.name',
    'fault.code',
    'gone.seconds',
    'gone.minutes',
    'book.count.one',
    'book.count.other',
    'call.variable',
    'team.column.name',
    'team.column.actions',
  ]);
  for (const key of keys) if (!same.has(key)) assert.notEqual(fr[key], en[key], key);
});

test('values are filled in, and a missing one stays visible', () => {
  assert.equal(translate('en', 'desk.extension', { extension: '2003' }), 'Extension 2003');
  assert.equal(translate('fr', 'desk.extension', { extension: '2003' }), 'Poste 2003');
  assert.equal(translate('en', 'desk.extension'), 'Extension {extension}');
  assert.equal(translate('en', 'desk.extension', { extension: '{team}' }), 'Extension {team}');
});

test('the language is the first one wanted that there is', () => {
  assert.equal(chooseLanguage(['de-DE', 'fr-CA', 'en']), 'fr');
  assert.equal(chooseLanguage(['EN-us']), 'en');
  assert.equal(chooseLanguage(['frr', 'de']), 'en');
  assert.equal(chooseLanguage([]), 'en');
  assert.deepEqual(
    LANGUAGES.map(({ code }) => code),
    ['en', 'fr'],
  );
});

test('names from the wire are keys only when they are', () => {
  assert.ok(isKey('state.READY'));
  assert.ok(!isKey('state.constructor') && !isKey('toString') && !isKey('state.'));
});
