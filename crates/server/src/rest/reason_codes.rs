//! `GET User/{id}/ReasonCodes?category=` and `GET User/{id}/ReasonCode/{code}`: what an agent may choose from.

use axum::Extension;
use axum::extract::{Path, Query, State};
use tact_api::ReasonCodes;

use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use super::refusal;
use crate::store::ReasonCategory;
use crate::view;

/// The query, as pairs: parameters that nobody knows are ignored.
type Parameters = Query<Vec<(String, String)>>;

/// The category asked for; of duplicates the last.
pub(super) fn category(parameters: &[(String, String)]) -> Option<&str> {
    let mut last = parameters.iter().rev();
    last.find(|(name, _)| name == "category")
        .map(|(_, value)| value.as_str())
}

/// The codes of one category: global ones and those of the agent's team. System codes are never listed.
pub async fn list(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
    Query(parameters): Parameters,
) -> Answer {
    exchange.understood("User-[id]-ReasonCodes-GET", &id, "reasonCodes.GET", &id);
    let configuration = state.configuration.load();
    let user = exchange.reads(&id, &configuration)?;
    let category = match category(&parameters) {
        Some("NOT_READY") => ReasonCategory::NotReady,
        Some("LOGOUT") => ReasonCategory::Logout,
        _ => {
            return Err(refusal::bad_request(
                "category is NOT_READY or LOGOUT",
                "category",
            ));
        }
    };
    Ok(Reply::document(ReasonCodes {
        category: view::category_name(category).to_owned(),
        codes: configuration
            .reason_codes_for(user.team_id, category)
            .map(view::reason_code)
            .collect(),
    }))
}

/// One code by its database id, if the agent may choose it.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path((id, code)): Path<(String, String)>,
) -> Answer {
    exchange.understood(
        "User-[id]-ReasonCode-[id]-GET",
        &id,
        "reasonCode.GET",
        &code,
    );
    let configuration = state.configuration.load();
    let user = exchange.reads(&id, &configuration)?;
    let found = [ReasonCategory::NotReady, ReasonCategory::Logout]
        .into_iter()
        .flat_map(|category| configuration.reason_codes_for(user.team_id, category))
        .find(|known| known.id.to_string() == code);
    let found = found.ok_or_else(|| refusal::not_found(&code))?;
    Ok(Reply::document(view::reason_code(found)))
}
