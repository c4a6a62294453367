//! `GET User/{id}/Dialogs`: the agent's calls. There are none before there are calls.

use axum::Extension;
use axum::extract::{Path, State};
use tact_api::Dialogs;

use super::answer::{Answer, Reply};
use super::exchange::Exchange;

/// The list of calls.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood("User-[id]-Dialogs-GET", &id, "dialogs.GET", &id);
    exchange.reads(&id, &state.configuration.load())?;
    Ok(Reply::document(Dialogs::default()))
}
