//! `GET User/{id}/WrapUpReasons` and `GET User/{id}/WrapUpReason/{reason}`: what an agent may write down about a call.

use axum::Extension;
use axum::extract::{Path, State};
use tact_api::WrapUpReasons;

use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use super::refusal;
use crate::view;

/// The reasons that every team has, then those of the agent's team.
pub async fn list(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood("User-[id]-WrapUpReasons-GET", &id, "wrapUpReasons.GET", &id);
    let configuration = state.configuration.load();
    let user = exchange.reads(&id, &configuration)?;
    let reasons = configuration.wrap_up_reasons_for(user.team_id);
    Ok(Reply::document(WrapUpReasons {
        reasons: reasons
            .map(|reason| view::wrap_up_reason(reason, Some(&user.id)))
            .collect(),
    }))
}

/// One reason by its database id, if the agent may choose it.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path((id, reason)): Path<(String, String)>,
) -> Answer {
    exchange.understood(
        "User-[id]-WrapUpReason-[id]-GET",
        &id,
        "wrapUpReason.GET",
        &reason,
    );
    let configuration = state.configuration.load();
    let user = exchange.reads(&id, &configuration)?;
    let mut reasons = configuration.wrap_up_reasons_for(user.team_id);
    let found = reasons.find(|known| known.id.to_string() == reason);
    let found = found.ok_or_else(|| refusal::not_found(&reason))?;
    Ok(Reply::document(view::wrap_up_reason(found, Some(&user.id))))
}
