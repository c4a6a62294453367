//! Phone books, their contacts and the teams that have them.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::bulk::{self, Value};
use super::{Contact, Error, PhoneBook, row};

/// All phone books by id, contacts in their order, teams by id.
pub(super) async fn all(connection: &mut AnyConnection) -> Result<BTreeMap<u32, PhoneBook>, Error> {
    let mut books = books(connection).await?;
    let rows = sqlx::query(
        "SELECT phone_book_id, team_id FROM phone_book_teams ORDER BY phone_book_id, team_id",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in &rows {
        let id: u32 = row::number(row, "phone_book_id")?;
        if let Some(teams) = books.get_mut(&id).and_then(|book| book.teams.as_mut()) {
            teams.push(row::number(row, "team_id")?);
        }
    }
    let rows = sqlx::query(
        "SELECT phone_book_id, id, first_name, last_name, phone_number, description \
         FROM contacts ORDER BY phone_book_id, position",
    )
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let id: u32 = row::number(row, "phone_book_id")?;
        if let Some(book) = books.get_mut(&id) {
            book.contacts.push(Contact {
                id: row::number(row, "id")?,
                first_name: row::text(row, "first_name")?,
                last_name: row::text(row, "last_name")?,
                phone_number: row::text(row, "phone_number")?,
                description: row::text(row, "description")?,
            });
        }
    }
    Ok(books)
}

async fn books(connection: &mut AnyConnection) -> Result<BTreeMap<u32, PhoneBook>, Error> {
    let rows = sqlx::query("SELECT id, name, type FROM phone_books")
        .fetch_all(connection)
        .await?;
    let mut books = BTreeMap::new();
    for row in &rows {
        let id = row::number(row, "id")?;
        let kind = row::text(row, "type")?;
        let book = PhoneBook {
            id,
            name: row::text(row, "name")?,
            teams: match kind.as_str() {
                "GLOBAL" => None,
                "TEAM" => Some(Vec::new()),
                _ => {
                    return Err(Error::Value {
                        column: "type",
                        value: kind,
                    });
                }
            },
            contacts: Vec::new(),
        };
        books.insert(id, book);
    }
    Ok(books)
}

/// Adds phone books with their teams and contacts.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    books: &[PhoneBook],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO phone_books (id, name, type)",
        books
            .iter()
            .map(|book| -> [Value; 3] {
                let kind = if book.teams.is_some() {
                    "TEAM"
                } else {
                    "GLOBAL"
                };
                [book.id.into(), book.name.as_str().into(), kind.into()]
            })
            .collect(),
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO phone_book_teams (phone_book_id, team_id)",
        books
            .iter()
            .flat_map(|book| {
                book.teams
                    .iter()
                    .flatten()
                    .map(|team| -> [Value; 2] { [book.id.into(), (*team).into()] })
            })
            .collect(),
    )
    .await?;
    bulk::insert(
        connection,
        "INSERT INTO contacts (id, phone_book_id, position, first_name, last_name, phone_number, description)",
        books.iter().flat_map(|book| {
            (0_u32..)
                .zip(&book.contacts)
                .map(|(position, contact)| -> [Value; 7] {
                    [
                        contact.id.into(),
                        book.id.into(),
                        position.into(),
                        contact.first_name.as_str().into(),
                        contact.last_name.as_str().into(),
                        contact.phone_number.as_str().into(),
                        contact.description.as_str().into(),
                    ]
                })
        }).collect(),
    )
    .await
}
