//! A large centre as its operator would configure it.

use tact_acd::Config;
use tact_acd::config::{
    AgentAttribute, AgentConfig, AttributeConfig, AttributeKind, Comparison, Condition,
    DeskSettings, PrecisionQueueConfig, RouteConfig, SkillGroupConfig, StepConfig, TeamConfig,
};
use tact_acd::phones::Profile;

/// Its PeripheralID.
pub const PERIPHERAL: u32 = 5000;
/// Queues: half of them skill groups, half precision queues.
pub const QUEUES: usize = 500;
/// Queues that each agent serves, of both kinds.
pub const QUEUES_AN_AGENT: usize = GROUPS_AN_AGENT + PRECISION_AN_AGENT;

const GROUPS: usize = QUEUES / 2;
const GROUPS_AN_AGENT: usize = 8;
const PRECISION_AN_AGENT: usize = 7;
const AGENTS_A_TEAM: usize = 25;
/// Agents of this proficiency and above are asked first, all others after a while.
const PROFICIENT: u32 = 6;
const FIRST_STEP_S: u32 = 10;

/// AgentID of the nth agent.
pub fn id(agent: usize) -> String {
    (100_000 + agent).to_string()
}

/// The nth agent's extension.
pub fn extension(agent: usize) -> String {
    (200_000 + agent).to_string()
}

/// The number that leads to the nth queue.
pub fn dialed(queue: usize) -> String {
    (8000 + queue).to_string()
}

/// A centre of so many agents, whose queues are spread so that any two agents share few.
pub fn centre(agents: usize) -> Config {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let everyone = (0..agents).map(|agent| {
        // Steps that have no divisor in common with the number of queues visit each of them once.
        let groups = (0..GROUPS_AN_AGENT).map(|nth| (agent * 7 + nth * 31) % GROUPS);
        let attributes = (0..PRECISION_AN_AGENT).map(|nth| (agent * 11 + nth * 37) % GROUPS);
        AgentConfig {
            id: id(agent),
            login_name: format!("agent{agent}"),
            first_name: "First".into(),
            last_name: format!("Last{agent}"),
            icm_agent_id: number(agent + 1),
            supervisor: agent % AGENTS_A_TEAM == 0,
            team_id: Some(number(1 + agent / AGENTS_A_TEAM)),
            skill_groups: groups.map(|group| number(1 + group)).collect(),
            attributes: attributes
                .enumerate()
                .map(|(nth, attribute)| AgentAttribute {
                    attribute: number(1 + attribute),
                    value: 1 + number((agent + nth) % 10),
                })
                .collect(),
            desk_settings: 1,
        }
    });
    let teams = (0..agents.div_ceil(AGENTS_A_TEAM)).map(|team| TeamConfig {
        id: number(1 + team),
        name: format!("Team {team}"),
        supervisors: vec![id(team * AGENTS_A_TEAM)],
    });
    let skill_groups = (0..GROUPS).map(|group| SkillGroupConfig {
        number: number(1 + group),
        id: number(5001 + group),
        name: format!("Group {group}"),
    });
    let attributes = (0..GROUPS).map(|attribute| AttributeConfig {
        id: number(1 + attribute),
        name: format!("Attribute {attribute}"),
        kind: AttributeKind::Proficiency,
    });
    let precision_queues = (0..GROUPS).map(|queue| {
        let step = |value, wait_s| StepConfig {
            any_of: vec![vec![Condition {
                attribute: number(1 + queue),
                comparison: Comparison::AtLeast,
                value,
            }]],
            wait_s,
            consider_if: None,
        };
        PrecisionQueueConfig {
            number: number(1 + GROUPS + queue),
            id: number(5001 + GROUPS + queue),
            name: format!("Precision {queue}"),
            steps: vec![step(PROFICIENT, FIRST_STEP_S), step(1, 0)],
        }
    });
    let routes = (0..QUEUES).map(|queue| RouteConfig {
        dialed: dialed(queue),
        call_type: number(1 + queue),
        priority: 5,
        queues: vec![number(1 + queue)],
        overflow: None,
        hours: None,
    });
    Config {
        agents: everyone.collect(),
        teams: teams.collect(),
        skill_groups: skill_groups.collect(),
        attributes: attributes.collect(),
        precision_queues: precision_queues.collect(),
        routes: routes.collect(),
        extensions: (0..agents).map(extension).collect(),
        desk_settings: vec![DeskSettings {
            id: 1,
            wrapup_incoming: 0,
            ring_no_answer_time: 20,
            work_mode_timer: 120,
            ..DeskSettings::default()
        }],
        default_desk_settings: 1,
        ..Config::new(PERIPHERAL)
    }
}

/// Who calls it.
pub(super) fn callers() -> Vec<Profile> {
    let caller = |n: u32| Profile {
        number: (5_550_000 + n).to_string().into(),
        variables: vec![
            ("callVariable1".into(), format!("Customer {n}").into()),
            ("callVariable2".into(), format!("C-{n}").into()),
        ],
    };
    (0..1000).map(caller).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_agent_serves_as_many_queues_as_said_and_every_queue_has_agents() {
        let config = centre(1000);
        let mut served = BTreeSet::new();
        for agent in &config.agents {
            let groups: BTreeSet<u32> = agent.skill_groups.iter().copied().collect();
            let precision: BTreeSet<u32> = agent.attributes.iter().map(|it| it.attribute).collect();
            assert_eq!(groups.len() + precision.len(), QUEUES_AN_AGENT);
            served.extend(groups.into_iter().map(|it| (0, it)));
            served.extend(precision.into_iter().map(|it| (1, it)));
        }
        assert_eq!(served.len(), QUEUES);
        assert_eq!((config.agents.len(), config.routes.len()), (1000, QUEUES));
    }
}
