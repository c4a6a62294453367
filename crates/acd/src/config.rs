//! The centre as an operator configures it: plain data, no behaviour.
//!
//! Knows nothing of databases; the server fills it from its store.

mod routing;

use serde::{Deserialize, Serialize};
use tact_ged188::{DeskSettingsMask, PeripheralType};

pub use routing::{
    AgentAttribute, AttributeConfig, AttributeKind, Comparison, Condition, ConsiderIf, HoursConfig,
    MAX_PROFICIENCY, MAX_STEPS, Measure, OpenHours, OverflowConfig, PrecisionQueueConfig,
    RouteConfig, StepConfig,
};

/// A number of [`DeskSettings`] that is not set, as the wire says it.
pub const UNSET: u32 = 0xffff_ffff;

/// One peripheral: its agents, teams, skill groups and phones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// PeripheralID of the centre.
    pub peripheral_id: u32,
    /// Kind of switch that the centre says it is.
    pub peripheral_type: PeripheralType,
    /// Everyone who may sign in. Of two with one id the first counts.
    pub agents: Vec<AgentConfig>,
    /// Teams.
    pub teams: Vec<TeamConfig>,
    /// Skill groups.
    pub skill_groups: Vec<SkillGroupConfig>,
    /// What agents can have or know.
    pub attributes: Vec<AttributeConfig>,
    /// Queues by attributes.
    pub precision_queues: Vec<PrecisionQueueConfig>,
    /// Where calls to a dialled number go.
    pub routes: Vec<RouteConfig>,
    /// Extensions that a phone exists for.
    pub extensions: Vec<String>,
    /// Desk settings by id; agents refer to them.
    pub desk_settings: Vec<DeskSettings>,
    /// Id of the desk settings of agents who name none that exist.
    pub default_desk_settings: u32,
}

impl Config {
    /// An empty centre of a UCCE agent peripheral.
    pub fn new(peripheral_id: u32) -> Self {
        Self {
            peripheral_id,
            peripheral_type: PeripheralType::ENTERPRISE_AGENT,
            agents: Vec::new(),
            teams: Vec::new(),
            skill_groups: Vec::new(),
            attributes: Vec::new(),
            precision_queues: Vec::new(),
            routes: Vec::new(),
            extensions: Vec::new(),
            desk_settings: Vec::new(),
            default_desk_settings: 0,
        }
    }
}

/// Someone who may sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentConfig {
    /// AgentID on the wire, at most 11 characters to fit it.
    pub id: String,
    /// LoginName.
    pub login_name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// ICMAgentID, also called skill target id; unique.
    pub icm_agent_id: u32,
    /// Whether the agent is a supervisor.
    pub supervisor: bool,
    /// The team that the agent is a member of.
    pub team_id: Option<u32>,
    /// PeripheralNumbers of the agent's skill groups; the first one is told in events.
    pub skill_groups: Vec<u32>,
    /// What the agent has or knows; decides on precision queues.
    pub attributes: Vec<AgentAttribute>,
    /// Id of the agent's desk settings.
    pub desk_settings: u32,
}

/// A team.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamConfig {
    /// TeamID.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Agent ids of those who supervise it, the primary supervisor first.
    pub supervisors: Vec<String>,
}

/// A skill group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillGroupConfig {
    /// PeripheralNumber, SkillGroupNumber in events.
    pub number: u32,
    /// SkillGroupSkillTargetID, SkillGroupID in events.
    pub id: u32,
    /// Its name.
    pub name: String,
}

/// What agents may and must do at their desks (reference ged188, 3.7 and 4.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSettings {
    /// AgentDeskSettingsID.
    pub id: u32,
    /// Rights and duties; IDLE_REASON_REQUIRED and LOGOUT_REASON_REQUIRED are enforced.
    pub mask: DeskSettingsMask,
    /// 0 required, 1 optional, 2 not allowed, 3 required with data.
    pub wrapup_incoming: u32,
    /// As for incoming calls.
    pub wrapup_outgoing: u32,
    /// Seconds without activity after which an agent is signed out, or [`UNSET`].
    pub logout_non_activity_time: u32,
    /// Seconds that a phone rings before the call goes elsewhere, or [`UNSET`].
    pub ring_no_answer_time: u32,
    /// Seconds of wrap-up work, or [`UNSET`].
    pub work_mode_timer: u32,
    /// Whether agents may work at a phone of their own beyond the trunk.
    #[serde(default)]
    pub remote_agent: RemoteAgent,
}

/// How agents may work at a phone beyond the trunk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemoteAgent {
    /// Not at all.
    #[default]
    NotAllowed,
    /// Each call dials it.
    CallByCall,
    /// It is dialled at sign-in and stays connected.
    Nailed,
    /// As the agent chooses.
    Either,
}

impl Default for DeskSettings {
    /// Wrap-up optional, no reason required, no timer.
    fn default() -> Self {
        Self {
            id: 0,
            mask: DeskSettingsMask::SUPERVISOR_CALLS_ALLOWED
                | DeskSettingsMask::AGENT_TO_AGENT_CALLS_ALLOWED,
            wrapup_incoming: 1,
            wrapup_outgoing: 1,
            logout_non_activity_time: UNSET,
            ring_no_answer_time: UNSET,
            work_mode_timer: UNSET,
            remote_agent: RemoteAgent::NotAllowed,
        }
    }
}
