// The language that is shown, and the texts in it.

import { signal } from '@preact/signals';
import { isKey, translate, type Key, type Language } from '../i18n/index.ts';

export const language = signal<Language>('en');

/** The text of a key in the language that is shown. */
export function t(key: Key, values?: Readonly<Record<string, string>>): string {
  return translate(language.value, key, values);
}

/** The name of a state; a state that we do not know keeps the wire's word. */
export function stateName(state: string): string {
  const key = `state.${state}`;
  return isKey(key) ? t(key) : state;
}

/** A time of day to the second, as the language writes it, in the variety that the browser asks for. */
export function timeOfDay(at: number): string {
  return time(at, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** The same to the minute: 10:00 am or 10:00. */
export function hourAndMinute(at: number): string {
  return time(at, { hour: '2-digit', minute: '2-digit' });
}

function time(at: number, parts: Intl.DateTimeFormatOptions): string {
  const variety = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language.value));
  return new Intl.DateTimeFormat(variety ?? language.value, parts).format(at);
}
