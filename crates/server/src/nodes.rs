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

/// Whether `principal` may subscribe to `node`; a service account never: it publishes.
pub fn access(principal: &Principal, node: &str, configuration: &Configuration) -> Access {
    match of_a_user(principal, node, configuration) {
        Access::Allowed => allowed(!principal.publisher),
        other => other,
    }
}

fn of_a_user(principal: &Principal, node: &str, configuration: &Configuration) -> Access {
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
            Ok(number) if is_queue(number, configuration) => Access::Allowed,
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

fn is_queue(number: u32, configuration: &Configuration) -> bool {
    configuration.skill_groups.contains_key(&number)
        || configuration.precision_queues.contains_key(&number)
}

fn allowed(yes: bool) -> Access {
    if yes {
        Access::Allowed
    } else {
        Access::Forbidden
    }
}

#[cfg(test)]
mod tests {
    use tact_acd::config::PrecisionQueueConfig;

    use super::*;
    use crate::store::{SkillGroup, Team, User};

    fn configuration() -> Configuration {
        let user = |id: &str, team_id, supervisor| User {
            id: id.to_owned(),
            login_name: id.to_owned(),
            first_name: String::new(),
            last_name: String::new(),
            team_id,
            supervisor,
            administrator: false,
            extension: String::new(),
            skill_target_id: 0,
            skill_groups: Vec::new(),
            attributes: Vec::new(),
            desk_settings_id: 1,
        };
        let users = [
            user("2001", 5000, false),
            user("2002", 6000, false),
            user("2100", 5000, true),
        ];
        let team = |id, supervisors: &[&str]| Team {
            id,
            name: String::new(),
            supervisors: supervisors.iter().map(|id| (*id).to_owned()).collect(),
        };
        let teams = [team(5000, &["2100"]), team(6000, &[])];
        let sales = SkillGroup {
            number: 2,
            id: 5002,
            name: "Sales".to_owned(),
        };
        Configuration {
            users: users
                .into_iter()
                .map(|user| (user.id.clone(), user))
                .collect(),
            teams: teams.into_iter().map(|team| (team.id, team)).collect(),
            skill_groups: [(sales.number, sales)].into(),
            precision_queues: [(10, PrecisionQueueConfig::default())].into(),
            ..Configuration::default()
        }
    }

    fn check(who: &str, node: &str) -> Access {
        let principal = Principal {
            id: who.into(),
            supervisor: who == "2100",
            administrator: false,
            publisher: who == "pub0",
        };
        access(
            &principal,
            &format!("/finesse/api/{node}"),
            &configuration(),
        )
    }

    #[test]
    fn an_agent_hears_of_itself() {
        for node in ["User/2001", "User/2001/Dialogs", "User/2001/Queues"] {
            assert_eq!(check("2001", node), Access::Allowed, "{node}");
        }
        assert_eq!(check("2001", "User/2002/Dialogs"), Access::Forbidden);
        assert_eq!(check("2001", "Team/5000/Users"), Access::Forbidden);
        assert_eq!(check("2001", "User/2001/Calls"), Access::NoSuchNode);
    }

    #[test]
    fn a_supervisor_hears_of_the_own_teams() {
        for node in ["User/2001", "User/2001/Dialogs", "Team/5000/Users"] {
            assert_eq!(check("2100", node), Access::Allowed, "{node}");
        }
        assert_eq!(check("2100", "User/2001/ClientLog"), Access::Forbidden);
        for node in ["User/2002", "User/2002/Dialogs", "Team/6000/Users"] {
            assert_eq!(check("2100", node), Access::Forbidden, "{node}");
        }
        assert_eq!(check("2100", "Team/7000/Users"), Access::NoSuchNode);
    }

    #[test]
    fn a_service_account_hears_nothing() {
        for node in ["SystemInfo", "User/2001", "Queue/2"] {
            assert_eq!(check("pub0", node), Access::Forbidden, "{node}");
        }
        assert_eq!(check("pub0", "User/1"), Access::NoSuchNode);
    }

    #[test]
    fn anybody_hears_of_a_queue() {
        assert_eq!(check("2001", "Queue/2"), Access::Allowed);
        assert_eq!(check("2001", "Queue/10"), Access::Allowed);
        for node in ["Queue/3", "Queue/", "Queue/2/Calls", "Queue/x"] {
            assert_eq!(check("2001", node), Access::NoSuchNode, "{node}");
        }
    }
}
