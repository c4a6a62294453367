//! `GET Queue/{id}` and `GET User/{id}/Queues`: queues and their statistics, for any user (finesse-api.md 2.8).

use axum::Extension;
use axum::extract::{Path, State};
use tact_api::Queues;

use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use super::refusal;
use crate::view;

/// One queue by its number.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood("Queue-[id]-GET", exchange.user(), "queue.GET", &id);
    let document = state.desk.read(|desk| {
        let known = id.parse().ok().and_then(|number| desk.queue(number));
        (known.map(view::queue), desk.service().in_service)
    });
    match document {
        (Some(document), _) => Ok(Reply::document(document)),
        (None, false) => Err(refusal::out_of_service()),
        (None, true) => Err(refusal::not_found(&id)),
    }
}

/// The queues that an agent is assigned to; of a supervisor those of the teams too.
pub async fn of_user(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood("User-[id]-Queues-GET", &id, "queues.GET", &id);
    let configuration = state.configuration.load();
    if !configuration.users.contains_key(&id) {
        return Err(refusal::user_not_found(&id));
    }
    let queues = state
        .desk
        .read(|desk| desk.queues_of(&id).map(view::queue).collect());
    Ok(Reply::document(Queues { queues }))
}
