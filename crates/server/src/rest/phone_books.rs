//! `GET User/{id}/PhoneBooks` and the contacts of each: global books first, then those of the agent's team.

use axum::Extension;
use axum::extract::{Path, State};
use tact_api::{Contact, Contacts, PhoneBook, PhoneBooks};

use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use super::refusal;
use crate::store;

/// An agent is shown this many contacts over all books.
const MAX_CONTACTS: usize = 1500;

/// The books, each with the URI of its contacts.
pub async fn list(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood("User-[id]-PhoneBooks-GET", &id, "phoneBooks.GET", &id);
    let configuration = state.configuration.load();
    let user = exchange.reads(&id, &configuration)?;
    Ok(Reply::document(PhoneBooks {
        books: configuration
            .phone_books_for(user.team_id)
            .map(|known| book(known, contacts_of(&user.id, known.id)))
            .collect(),
    }))
}

fn contacts_of(user: &str, book: u32) -> String {
    format!("/finesse/api/User/{user}/PhoneBook/{book}/Contacts")
}

/// A book without its contacts, which are at the URI given.
pub(super) fn book(known: &store::PhoneBook, contacts: String) -> PhoneBook {
    PhoneBook {
        contacts,
        inside: None,
        name: known.name.clone(),
        kind: if known.teams.is_none() {
            "GLOBAL"
        } else {
            "TEAM"
        }
        .to_owned(),
        uri: format!("/finesse/api/PhoneBook/{}", known.id),
    }
}

/// The contacts of one book, as far as the agent's share reaches.
pub async fn contacts(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path((id, book)): Path<(String, String)>,
) -> Answer {
    exchange.understood(
        "User-[id]-PhoneBook-[id]-Contacts-GET",
        &id,
        "contacts.GET",
        &book,
    );
    let configuration = state.configuration.load();
    let user = exchange.reads(&id, &configuration)?;
    let mut left = MAX_CONTACTS;
    for known in configuration.phone_books_for(user.team_id) {
        if known.id.to_string() == book {
            let shown = known.contacts.iter().take(left);
            return Ok(Reply::document(Contacts {
                contacts: shown.map(|entry| contact(known.id, entry)).collect(),
            }));
        }
        left = left.saturating_sub(known.contacts.len());
    }
    Err(refusal::not_found(&book))
}

/// An entry of a book.
pub(super) fn contact(book: u32, entry: &store::Contact) -> Contact {
    Contact {
        description: entry.description.clone(),
        first_name: entry.first_name.clone(),
        last_name: entry.last_name.clone(),
        phone_number: entry.phone_number.clone(),
        uri: format!("/finesse/api/PhoneBook/{book}/Contact/{}", entry.id),
    }
}
