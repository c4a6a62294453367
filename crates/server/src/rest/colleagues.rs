//! `GET /tact/colleagues`: who is signed in in the teams of whoever asks; `GET /tact/colleagues/{extension}`: whose
//! phone that is, anywhere in the centre. Not of the original's API, where an agent's desktop only ever sees numbers.
//!
//! `<Teams>` with their members, and a `<User>`: name, extension, state and since when. Reason codes are between an
//! agent and the supervisors, and left out; of somebody in another team there are the name and the extension alone.

use axum::extract::{Path, State};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Router};
use tact_api::{Team, Teams, UserSummary};
use tact_desk::Agent;

use super::answer::{Answer, Reply};
use super::exchange::{self, Exchange};
use super::refusal;
use crate::{store, view};

/// Where it is.
pub const PATH: &str = "/tact/colleagues";

/// The two resources.
pub fn routes(state: super::State) -> Router {
    let read = |methods: MethodRouter<super::State>| {
        methods.options(|| exchange::options("GET,OPTIONS,HEAD"))
    };
    let router = Router::new()
        .route(PATH, read(get(list)))
        .route(&format!("{PATH}/{{extension}}"), read(get(at)));
    super::beside(state.clone(), router, state)
}

/// The members of the own team and of those that are supervised, as far as they are signed in.
async fn list(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
) -> Answer {
    let asking = exchange.user();
    exchange.understood("Colleagues-GET", asking, "colleagues.GET", "");
    let configuration = state.configuration.load();
    let Some(user) = configuration.users.get(asking) else {
        return Err(refusal::user_not_found(asking));
    };
    let teams = configuration
        .teams
        .values()
        .filter(|team| is_of(team, user));
    let teams = state.desk.read(|desk| {
        let signed_in = |team: u32| {
            desk.agents().filter(move |agent| {
                agent.is_signed_in() && agent.team.as_ref().is_some_and(|its| its.id == team)
            })
        };
        teams
            .map(|team| Team {
                users: Some(signed_in(team.id).map(colleague).collect()),
                ..view::team_name(team)
            })
            .collect()
    });
    Ok(Reply::document(Teams { teams }))
}

/// Whoever is signed in at a phone.
async fn at(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(extension): Path<String>,
) -> Answer {
    let asking = exchange.user();
    exchange.understood(
        "Colleagues-[extension]-GET",
        asking,
        "colleague.GET",
        &extension,
    );
    let configuration = state.configuration.load();
    let user = configuration.users.get(asking);
    let of_own_team = |agent: &Agent| {
        let team = agent.team.as_ref();
        let team = team.and_then(|team| configuration.teams.get(&team.id));
        team.zip(user).is_some_and(|(team, user)| is_of(team, user))
    };
    let found = state.desk.read(|desk| {
        let agent = desk.agent_at(&extension)?;
        let all = colleague(agent);
        Some(if of_own_team(agent) { all } else { name(all) })
    });
    found
        .map(Reply::document)
        .ok_or_else(|| refusal::not_found(&extension))
}

/// Whether a team is the user's own, or one that the user supervises.
fn is_of(team: &store::Team, user: &store::User) -> bool {
    team.id == user.team_id || team.supervisors.contains(&user.id)
}

/// What may be known of anybody.
fn name(colleague: UserSummary) -> UserSummary {
    UserSummary {
        extension: colleague.extension,
        first_name: colleague.first_name,
        last_name: colleague.last_name,
        ..UserSummary::default()
    }
}

fn colleague(agent: &Agent) -> UserSummary {
    UserSummary {
        extension: agent.extension.clone().unwrap_or_default(),
        first_name: agent.first_name.clone(),
        last_name: agent.last_name.clone(),
        login_id: agent.id.clone(),
        state: view::state_name(agent.state).to_owned(),
        state_change_time: agent.since,
        uri: tact_api::User::uri_of(&agent.id),
        ..UserSummary::default()
    }
}
