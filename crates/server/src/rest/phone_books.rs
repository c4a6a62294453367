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
    let book = |book: &store::PhoneBook| PhoneBook {
        contacts: format!(
            "/finesse/api/User/{}/PhoneBook/{}/Contacts",
            user.id, book.id
        ),
        inside: None,
        name: book.name.clone(),
        kind: if book.teams.is_none() {
            "GLOBAL"
        } else {
            "TEAM"
        }
        .to_owned(),
        uri: format!("/finesse/api/PhoneBook/{}", book.id),
    };
    Ok(Reply::document(PhoneBooks {
        books: configuration
            .phone_books_for(user.team_id)
            .map(book)
            .collect(),
    }))
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

fn contact(book: u32, entry: &store::Contact) -> Contact {
    Contact {
        description: entry.description.clone(),
        first_name: entry.first_name.clone(),
        last_name: entry.last_name.clone(),
        phone_number: entry.phone_number.clone(),
        uri: format!("/finesse/api/PhoneBook/{book}/Contact/{}", entry.id),
    }
}
