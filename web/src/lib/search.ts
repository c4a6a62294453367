// Finding contacts: every word that was typed must occur in the name, the note, the book or the number.

import type { Contact } from './model.ts';

/** The contacts that match, in their order. Case and accents do not matter, nor how a number is spaced. */
export function matchContacts(contacts: readonly Contact[], query: string): readonly Contact[] {
  const words = fold(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return contacts;
  return contacts.filter((contact) => {
    const text = fold(`${contact.name} ${contact.description} ${contact.book} ${contact.phoneNumber}`);
    const digits = contact.phoneNumber.replace(/\D/g, '');
    return words.every(
      (word) => text.includes(word) || (/^[\d+().-]+$/.test(word) && digits.includes(plain(word))),
    );
  });
}

/** Text without case and accents, for comparing. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function plain(number: string): string {
  return number.replace(/\D/g, '') || number;
}
