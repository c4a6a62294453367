//! `GET TeamResource/{team}/...`: what the members of a team may choose from, the same for all of them
//! (finesse-api.md 2.9).

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::RANGE;
use tact_api::{Contacts, PhoneBook, PhoneBooks, ReasonCodes, WrapUpReasons};

use super::answer::{Answer, Refusal, Reply};
use super::exchange::Exchange;
use super::{phone_books, reason_codes, refusal};
use crate::store::{Configuration, ReasonCategory, Team};
use crate::view;

/// Contacts in one answer.
const MAX_CONTACTS: usize = 6000;

/// Reason codes of one category, or of both.
pub async fn reason_codes(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Answer {
    exchange.understood(
        "TeamResource-[id]-ReasonCodes-GET",
        exchange.user(),
        "reasonCodes.GET",
        &id,
    );
    let configuration = state.configuration.load();
    let team = team(&exchange, &id, &configuration)?;
    let (name, categories) = match reason_codes::category(&parameters) {
        Some("NOT_READY") => ("NOT_READY", vec![ReasonCategory::NotReady]),
        Some("LOGOUT") => ("LOGOUT", vec![ReasonCategory::Logout]),
        Some("ALL") => (
            "ALL",
            vec![ReasonCategory::NotReady, ReasonCategory::Logout],
        ),
        Some(_) => {
            let message = "category is NOT_READY, LOGOUT or ALL";
            return Err(refusal::invalid_input(message, "category"));
        }
        None => return Err(refusal::missing("Category", "category")),
    };
    let codes = categories
        .into_iter()
        .flat_map(|category| configuration.reason_codes_for(team.id, category));
    Ok(Reply::document(ReasonCodes {
        category: name.to_owned(),
        codes: codes.map(view::reason_code).collect(),
    }))
}

/// Wrap-up reasons.
pub async fn wrap_up_reasons(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood(
        "TeamResource-[id]-WrapUpReasons-GET",
        exchange.user(),
        "wrapUpReasons.GET",
        &id,
    );
    let configuration = state.configuration.load();
    let team = team(&exchange, &id, &configuration)?;
    let reasons = configuration.wrap_up_reasons_for(team.id);
    Ok(Reply::document(WrapUpReasons {
        reasons: reasons
            .map(|reason| view::wrap_up_reason(reason, None))
            .collect(),
    }))
}

/// Phone books with their contacts inside. `Range: objects=1-6000` counts the contacts through all books; 206 says
/// that there are others.
pub async fn phone_books(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    exchange.understood(
        "TeamResource-[id]-PhoneBooks-GET",
        exchange.user(),
        "phoneBooks.GET",
        &id,
    );
    let configuration = state.configuration.load();
    let team = team(&exchange, &id, &configuration)?;
    let (first, last) = range(&headers)?;
    let mut before = 0;
    let mut books = Vec::new();
    for book in configuration.phone_books_for(team.id) {
        let skip = first.saturating_sub(before);
        let take = last.saturating_sub(before.max(first));
        let contacts = book.contacts.iter().skip(skip).take(take);
        books.push(PhoneBook {
            inside: Some(Contacts {
                contacts: contacts
                    .map(|entry| phone_books::contact(book.id, entry))
                    .collect(),
            }),
            ..phone_books::book(book, format!("/finesse/api/PhoneBook/{}/Contacts", book.id))
        });
        before += book.contacts.len();
    }
    let document = PhoneBooks { books };
    if first == 0 && before <= last {
        Ok(Reply::document(document))
    } else {
        Ok(Reply::part(document))
    }
}

/// The team of a path, if the asking user is in it, supervises it or is an administrator.
fn team<'a>(
    exchange: &Exchange,
    id: &str,
    configuration: &'a Configuration,
) -> Result<&'a Team, Refusal> {
    let team = id.parse().ok().and_then(|id| configuration.teams.get(&id));
    let team = team.ok_or_else(|| refusal::team_not_found(id))?;
    let own = configuration.users.get(exchange.user());
    if own.is_some_and(|user| user.team_id == team.id) || exchange.leads(team) {
        Ok(team)
    } else {
        Err(refusal::unauthorized(exchange.user()))
    }
}

/// The contacts asked for, counted from 0, the last one excluded. Without the header as many as are allowed.
fn range(headers: &HeaderMap) -> Result<(usize, usize), Refusal> {
    let Some(header) = headers.get(RANGE) else {
        return Ok((0, MAX_CONTACTS));
    };
    let parsed = header.to_str().ok().and_then(|text| {
        let (first, last) = text.trim().strip_prefix("objects=")?.split_once('-')?;
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        (1..=last)
            .contains(&first)
            .then_some((first.checked_sub(1)?, last))
    });
    parsed
        .filter(|(first, last)| last.saturating_sub(*first) <= MAX_CONTACTS)
        .ok_or_else(refusal::range_not_satisfiable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: Option<&str>) -> Option<(usize, usize)> {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(RANGE, header.parse().unwrap());
        }
        match range(&headers) {
            Ok(range) => Some(range),
            Err(refusal) => {
                assert_eq!(refusal.status, 416);
                None
            }
        }
    }

    #[test]
    fn ranges_of_contacts() {
        assert_eq!(check(None), Some((0, 6000)));
        assert_eq!(check(Some("objects=1-6000")), Some((0, 6000)));
        assert_eq!(check(Some("objects=7-7")), Some((6, 7)));
        assert_eq!(check(Some("objects=6001-12000")), Some((6000, 12_000)));
        for wrong in [
            "objects=0-5",
            "objects=5-4",
            "objects=1-6001",
            "objects=1-",
            "objects=-5",
            "bytes=1-5",
            "objects=a-b",
            "objects=1-99999999999999999999",
            "",
        ] {
            assert_eq!(check(Some(wrong)), None, "{wrong}");
        }
    }
}
