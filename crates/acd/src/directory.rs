//! The configuration, indexed for look-ups.
//!
//! Never changes while the machine runs; knows nothing of states.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::config::{AgentConfig, Config, DeskSettings, SkillGroupConfig, TeamConfig};
use crate::names::Names;
use crate::routing::{Plan, QueueName};

/// Place of an agent in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct AgentIndex(pub(crate) usize);

/// Place of an extension in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct DeviceIndex(pub(crate) usize);

/// The configuration and its indexes. In a snapshot it is the configuration alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Config", into = "Config")]
pub(crate) struct Directory {
    config: Config,
    agents: Names,
    cards: Vec<Card>,
    icm_agents: BTreeMap<u32, AgentIndex>,
    devices: Names,
    groups: BTreeMap<u32, usize>,
    team_members: BTreeMap<u32, Vec<AgentIndex>>,
    plan: Plan,
    key: [u8; 8],
}

/// What every event about an agent needs of the configuration.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Card {
    pub(crate) icm_agent_id: u32,
    pub(crate) team: Option<u32>,
    /// The skill group that events name where no other is to be named: the agent's first one.
    pub(crate) first_group: Option<QueueName>,
    /// Which desk settings; those that do not exist are the defaults.
    settings: u32,
}

impl From<Config> for Directory {
    fn from(config: Config) -> Self {
        Self::new(config)
    }
}

impl From<Directory> for Config {
    fn from(directory: Directory) -> Self {
        directory.config
    }
}

impl Directory {
    /// Indexes a configuration. Where an id is there twice the first counts.
    pub(crate) fn new(config: Config) -> Self {
        let mut directory = Self {
            agents: config
                .agents
                .iter()
                .map(|agent| agent.id.as_str())
                .collect(),
            cards: Vec::new(),
            icm_agents: BTreeMap::new(),
            devices: config.extensions.iter().map(String::as_str).collect(),
            groups: BTreeMap::new(),
            team_members: BTreeMap::new(),
            plan: Plan::default(),
            key: key_of(&config),
            config,
        };
        for (place, agent) in directory.config.agents.iter().enumerate() {
            let index = AgentIndex(place);
            if directory.agent_by_id(&agent.id) != Some(index) {
                continue;
            }
            directory
                .icm_agents
                .entry(agent.icm_agent_id)
                .or_insert(index);
            if let Some(team) = agent.team_id {
                directory.team_members.entry(team).or_default().push(index);
            }
        }
        for (place, group) in directory.config.skill_groups.iter().enumerate() {
            directory.groups.entry(group.number).or_insert(place);
        }
        let cards = directory.config.agents.iter();
        directory.cards = cards.map(|agent| directory.card_of(agent)).collect();
        directory.plan = Plan::new(&directory.config, |index| {
            let id = directory.agent(index).map(|agent| agent.id.as_str());
            id.and_then(|id| directory.agent_by_id(id)) == Some(index)
        });
        directory
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Eight bytes that change when the configuration does.
    pub(crate) fn key(&self) -> &[u8; 8] {
        &self.key
    }

    pub(crate) fn agent_by_id(&self, id: &str) -> Option<AgentIndex> {
        self.agents.find(id).map(AgentIndex)
    }

    pub(crate) fn agent_by_icm_id(&self, id: u32) -> Option<AgentIndex> {
        self.icm_agents.get(&id).copied()
    }

    /// AgentID.
    pub(crate) fn agent_id(&self, index: AgentIndex) -> Option<&str> {
        self.agents.get(index.0)
    }

    pub(crate) fn card(&self, index: AgentIndex) -> Option<Card> {
        self.cards.get(index.0).copied()
    }

    fn card_of(&self, agent: &AgentConfig) -> Card {
        let group = agent.skill_groups.first();
        let group = group.and_then(|number| self.group(*number));
        let settings = &self.config.desk_settings;
        let place = settings.iter().position(|it| it.id == agent.desk_settings);
        Card {
            icm_agent_id: agent.icm_agent_id,
            team: agent.team_id,
            first_group: group.map(|group| QueueName {
                number: group.number,
                id: group.id,
            }),
            settings: place
                .and_then(|it| u32::try_from(it).ok())
                .unwrap_or(u32::MAX),
        }
    }

    pub(crate) fn agent(&self, index: AgentIndex) -> Option<&AgentConfig> {
        self.config.agents.get(index.0)
    }

    pub(crate) fn device(&self, extension: &str) -> Option<DeviceIndex> {
        self.devices.find(extension).map(DeviceIndex)
    }

    pub(crate) fn extension(&self, index: DeviceIndex) -> Option<&str> {
        self.devices.get(index.0)
    }

    /// A skill group by its PeripheralNumber.
    pub(crate) fn group(&self, number: u32) -> Option<&SkillGroupConfig> {
        self.groups
            .get(&number)
            .and_then(|place| self.config.skill_groups.get(*place))
    }

    /// What an agent serves, as clients are told: the agent's own skill groups, then the precision queues whose
    /// conditions the agent meets.
    pub(crate) fn skills(&self, index: AgentIndex) -> Vec<u32> {
        let own = self.agent(index).map(|agent| agent.skill_groups.as_slice());
        let mut skills = own.unwrap_or_default().to_vec();
        let precision = self.plan.agent_queues(index);
        skills.extend(precision.filter(|number| self.group(*number).is_none()));
        skills
    }

    pub(crate) fn team(&self, id: u32) -> Option<&TeamConfig> {
        self.config.teams.iter().find(|team| team.id == id)
    }

    pub(crate) fn team_members(&self, id: u32) -> &[AgentIndex] {
        self.team_members.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Teams that the agent supervises.
    pub(crate) fn supervised<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a TeamConfig> {
        self.config
            .teams
            .iter()
            .filter(move |team| team.supervisors.iter().any(|supervisor| supervisor == id))
    }

    /// Whether the first agent supervises the second one's team.
    pub(crate) fn supervises(&self, supervisor: &str, agent: AgentIndex) -> bool {
        let team = self.agent(agent).and_then(|agent| agent.team_id);
        team.is_some_and(|team| self.supervised(supervisor).any(|own| own.id == team))
    }

    /// The agent's desk settings, or the defaults of the peripheral.
    pub(crate) fn desk_settings(&self, agent: Option<AgentIndex>) -> DeskSettings {
        let own = agent
            .and_then(|index| self.cards.get(index.0))
            .and_then(|card| usize::try_from(card.settings).ok())
            .and_then(|place| self.config.desk_settings.get(place));
        let default = || {
            let mut all = self.config.desk_settings.iter();
            all.find(|settings| settings.id == self.config.default_desk_settings)
        };
        own.or_else(default).copied().unwrap_or_default()
    }

    /// Who is eligible for which queue, and where dialled numbers lead.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }
}

/// FNV-1a over everything a client can download.
fn key_of(config: &Config) -> [u8; 8] {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for agent in &config.agents {
        add(&format!("{agent:?}"));
    }
    for team in &config.teams {
        add(&format!("{team:?}"));
    }
    for group in &config.skill_groups {
        add(&format!("{group:?}"));
    }
    for settings in &config.desk_settings {
        add(&format!("{settings:?}"));
    }
    // They say who serves which precision queue.
    for attribute in &config.attributes {
        add(&format!("{attribute:?}"));
    }
    for queue in &config.precision_queues {
        add(&format!("{queue:?}"));
    }
    for extension in &config.extensions {
        add(extension);
    }
    hash.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        let agent = |id: &str, icm_agent_id, team_id| AgentConfig {
            id: id.into(),
            icm_agent_id,
            team_id: Some(team_id),
            skill_groups: vec![1],
            ..Default::default()
        };
        Config {
            agents: vec![
                agent("2001", 1, 5),
                agent("2002", 2, 6),
                agent("2001", 3, 5),
            ],
            teams: vec![TeamConfig {
                id: 5,
                name: "A".into(),
                supervisors: vec!["2002".into()],
            }],
            extensions: vec!["3001".into(), "3001".into()],
            ..Config::new(5000)
        }
    }

    #[test]
    fn the_first_of_two_counts() {
        let directory = Directory::new(config());
        assert_eq!(directory.agent_by_id("2001"), Some(AgentIndex(0)));
        assert_eq!(directory.agent_by_icm_id(3), None);
        assert_eq!(directory.device("3001"), Some(DeviceIndex(0)));
        assert_eq!(directory.team_members(5), [AgentIndex(0)]);
    }

    #[test]
    fn a_supervisor_supervises_own_teams_only() {
        let directory = Directory::new(config());
        assert!(directory.supervises("2002", AgentIndex(0)));
        assert!(!directory.supervises("2002", AgentIndex(1)));
        assert!(!directory.supervises("2001", AgentIndex(0)));
    }

    #[test]
    fn the_key_follows_the_configuration() {
        let mut changed = config();
        changed.agents[0].last_name = "New".into();
        assert_eq!(
            Directory::new(config()).key(),
            Directory::new(config()).key()
        );
        assert_ne!(
            Directory::new(config()).key(),
            Directory::new(changed).key()
        );
    }
}
