//! `GET Team/{id}`: a team and its members; `GET Teams`: all of them, for administrators (finesse-api.md 2.9).

use axum::Extension;
use axum::extract::{Path, Query, State};
use tact_api::Teams;

use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use super::refusal;
use crate::view;

/// A team, for its supervisors and administrators. Those who are signed out are among the members unless
/// `includeLoggedOutAgents=false`: the parameter is younger than the clients that count on them.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Answer {
    exchange.understood("Team-[id]-GET", exchange.user(), "team.GET", &id);
    let configuration = state.configuration.load();
    let team = id.parse().ok().and_then(|id| configuration.teams.get(&id));
    let Some(team) = team else {
        return Err(refusal::not_found(&id));
    };
    if !exchange.leads(team) {
        return Err(refusal::unauthorized(exchange.user()));
    }
    let last = parameters
        .iter()
        .rev()
        .find(|(name, _)| name == "includeLoggedOutAgents");
    let with_signed_out = last.is_none_or(|(_, value)| !value.eq_ignore_ascii_case("false"));
    let system = &state.settings.system;
    let document = state
        .desk
        .read(|desk| view::team(team, desk, &configuration, system, with_signed_out));
    Ok(Reply::document(document))
}

/// Every team by its name.
pub async fn list(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
) -> Answer {
    exchange.understood("Teams-GET", exchange.user(), "teams.GET", "");
    let principal = exchange.principal();
    if !principal.is_some_and(|principal| principal.administrator) {
        return Err(refusal::unauthorized(exchange.user()));
    }
    let configuration = state.configuration.load();
    let teams = configuration.teams.values().map(view::team_name).collect();
    Ok(Reply::document(Teams { teams }))
}
