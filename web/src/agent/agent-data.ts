// What a desktop asks for once the agent is signed in: dialogs, the reason codes of both categories, phone books,
// wrap-up reasons.

import { faultOf } from '../lib/fault.ts';
import { contacts, phoneBooks, reasonCodes, wrapUpReasons, type Contact } from '../lib/model.ts';
import { loadCalls } from './calls.ts';
import * as calls from './calls-view.ts';
import { userPath, type Desktop, type Session } from './desktop.ts';
import * as view from './view.ts';

/** Loads it all; what cannot be loaded is shown as one fault that can be tried again. Does not throw. */
export async function loadAgentData(desktop: Desktop, session: Session): Promise<void> {
  const { rest } = desktop;
  const user = userPath(session.credential.id);
  view.dataFault.value = undefined;
  // The requests leave in this order; the answers may come in any.
  const dialogs = loadCalls(desktop, session);
  const signOut = rest.get('User', `${user}/ReasonCodes?category=LOGOUT`);
  const notReady = rest.get('User', `${user}/ReasonCodes?category=NOT_READY`);
  const books = rest.get('PhoneBooks', `${user}/PhoneBooks`);
  const wrapUp = rest.get('WrapUpReasons', `${user}/WrapUpReasons`);
  const results = await Promise.allSettled([
    dialogs,
    signOut.then(({ root }) => show(session, 'LOGOUT', root)),
    notReady.then(({ root }) => show(session, 'NOT_READY', root)),
    books.then(async ({ root }) => {
      const found = await allContacts(desktop, root);
      if (!session.over.signal.aborted) view.contacts.value = found;
    }),
    wrapUp.then(
      ({ root }) => {
        if (!session.over.signal.aborted) calls.wrapUpReasons.value = wrapUpReasons(root);
      },
      // A server without wrap-up reasons has none to offer; that is no fault.
      (error: unknown) => {
        if (faultOf(error).status !== 404) throw error;
      },
    ),
  ]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined && !session.over.signal.aborted) view.dataFault.value = faultOf(failed.reason);
}

function show(session: Session, category: view.Category, root: Parameters<typeof reasonCodes>[0]): void {
  if (!session.over.signal.aborted)
    view.reasons.value = { ...view.reasons.value, [category]: reasonCodes(root) };
}

/** The contacts of all books, sorted by name; those of a book that only says where they are get asked for. */
async function allContacts(
  desktop: Desktop,
  root: Parameters<typeof phoneBooks>[0],
): Promise<readonly Contact[]> {
  const lists = await Promise.all(
    phoneBooks(root).map(async (book) => {
      // An address is followed only inside this API.
      if (!book.contactsUri.startsWith('/finesse/api/')) return book.contacts;
      const { root: list } = await desktop.rest.get('PhoneBooks', book.contactsUri);
      return contacts(list, book.name);
    }),
  );
  return lists
    .flat()
    .sort((a, b) => a.name.localeCompare(b.name) || a.phoneNumber.localeCompare(b.phoneNumber));
}
