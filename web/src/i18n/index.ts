// Which languages there are, and a text with its values filled in. No state: src/ui/text.ts holds the choice.

import { en, type Key } from './en.ts';
import { fr } from './fr.ts';

export type { Key } from './en.ts';
export type Language = 'en' | 'fr';

/** Each language by its own name. */
export const LANGUAGES: readonly { readonly code: Language; readonly name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'fr', name: 'Français' },
];

const TEXTS: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { en, fr };

/** The text of a key; `{name}` is replaced by the value of that name. */
export function translate(
  language: Language,
  key: Key,
  values: Readonly<Record<string, string>> = {},
): string {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Whether a key of that name exists, for names that come from the wire. */
export function isKey(name: string): name is Key {
  return Object.hasOwn(en, name);
}

/** The first language of the list that we speak; English when there is none. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find(({ code }) => code === tag.toLowerCase().split('-')[0]);
    if (found !== undefined) return found.code;
  }
  return 'en';
}
