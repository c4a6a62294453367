//! Team out of the configured team and the agents that the desk knows in it (finesse-api.md 2.9).

use tact_api::UserSummary;
use tact_desk::Desk;

use super::{System, user};
use crate::store::{Configuration, Team};

/// A team by its name only.
pub fn team_name(team: &Team) -> tact_api::Team {
    tact_api::Team {
        id: team.id,
        name: team.name.clone(),
        users: None,
    }
}

/// A team with its members by id, those who are signed out only on demand.
pub fn team(
    team: &Team,
    desk: &Desk,
    configuration: &Configuration,
    system: &System,
    with_signed_out: bool,
) -> tact_api::Team {
    let members = desk.agents().filter(|agent| {
        agent.team.as_ref().is_some_and(|its| its.id == team.id)
            && (with_signed_out || agent.is_signed_in())
    });
    let users = members.map(|agent| UserSummary::from(user(agent, configuration, system)));
    tact_api::Team {
        users: Some(users.collect()),
        ..team_name(team)
    }
}
