//! Who may listen to which node (finesse-api.md 5.2): an agent to its own, a supervisor to those of its teams, anybody
//! to a queue's.

use crate::auth::Principal;
use crate::notify::Access;
use crate::store::Configuration;

/// Nodes below a user's own.
const OF_A_USER: [&str; 6] = [
    "",
    "/Dialogs",
    "/Media",
    "/Dialogs/Media",
    "/Queues",
    "/ClientLog",
];

/// Whether `principal` may subscribe to `node`.
pub fn access(principal: &Principal, node: &str, configuration: &Configuration) -> Access {
    let Some(path) = node.strip_prefix("/finesse/api/") else {
        return Access::NoSuchNode;
    };
    if path == "SystemInfo" {
        return Access::Allowed;
    }
    if let Some(rest) = path.strip_prefix("User/") {
        let (id, below) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let Some(user) = configuration.users.get(id) else {
            return Access::NoSuchNode;
        };
        if !OF_A_USER.contains(&below) {
            return Access::NoSuchNode;
        }
        let own = id == principal.id.as_ref();
        let supervised = principal.supervisor && supervises(principal, user.team_id, configuration);
        // What an agent's desktop logs is nobody else's.
        return allowed(own || supervised && below != "/ClientLog");
    }
    if let Some(number) = path.strip_prefix("Queue/") {
        return match number.parse() {
            Ok(number) if configuration.skill_groups.contains_key(&number) => Access::Allowed,
            _ => Access::NoSuchNode,
        };
    }
    if let Some(id) = path
        .strip_prefix("Team/")
        .and_then(|rest| rest.strip_suffix("/Users"))
    {
        return match id.parse() {
            Ok(team) if configuration.teams.contains_key(&team) => {
                allowed(supervises(principal, team, configuration))
            }
            _ => Access::NoSuchNode,
        };
    }
    Access::NoSuchNode
}

fn supervises(principal: &Principal, team: u32, configuration: &Configuration) -> bool {
    configuration
        .teams
        .get(&team)
        .is_some_and(|team| team.supervisors.iter().any(|id| **id == *principal.id))
}

fn allowed(yes: bool) -> Access {
    if yes {
        Access::Allowed
    } else {
        Access::Forbidden
    }
}
