//! AGENT_STATE_EVENT: what it says of an agent.
//!
//! Reference ged188, 3.3 and 5.8; technote, step 8. Who hears it is decided in `events`.

use tact_ged188::{AgentState, AgentStateEvent, Floats, Tag};

use super::{Login, NULL_SKILL_GROUP, VOICE};
use crate::directory::AgentIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;

impl Acd {
    /// Tells the present state to the client that asked, and to those who want to hear things twice.
    pub(crate) fn tell_again(
        &mut self,
        now: i64,
        client: ClientId,
        index: AgentIndex,
        out: &mut Vec<Output>,
    ) {
        let login = self
            .agents
            .get(index.0)
            .and_then(|agent| agent.login.clone());
        self.tell(now, index, &Told::new(login), Some(client), out);
    }

    /// AGENT_STATE_EVENT to everyone who may and wants to hear it, and to the log.
    ///
    /// `again` names the client that asked for what others know already.
    pub(crate) fn tell(
        &mut self,
        now: i64,
        index: AgentIndex,
        told: &Told,
        again: Option<ClientId>,
        out: &mut Vec<Output>,
    ) {
        let Some(event) = self.event(now, index, told) else {
            return;
        };
        let device = told.login.as_ref().map(|login| login.device);
        if let Some(agent) = self.agents.get(index.0) {
            self.agent_changed(now, index, agent.state);
        }
        self.tell_state(index, device, event, again, out);
    }

    fn event(&self, now: i64, index: AgentIndex, told: &Told) -> Option<AgentStateEvent> {
        let card = self.directory.card(index)?;
        let agent = self.agents.get(index.0)?;
        let group = agent.serving.or(card.first_group);
        let mut floats = Floats::new();
        // In the order of the technote's line.
        floats.push_u32(Tag::DIRECTION, agent.direction);
        let login = told.login.as_ref();
        if let Some(login) = login {
            floats.push_text(Tag::CLIENT_SIGNATURE, &login.signature);
        }
        floats.push_text(Tag::AGENT_ID, self.directory.agent_id(index)?);
        if let Some(extension) = login.and_then(|login| self.directory.extension(login.device)) {
            floats.push_text(Tag::AGENT_EXTENSION, extension);
            floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        }
        if let Some(pending) = &agent.pending {
            let next = pending.target.state().wire();
            floats.push_u16(Tag::EXT_AGENT_STATE, next.0);
        }
        let peripheral = self.directory.config();
        Some(AgentStateEvent {
            monitor_id: 0,
            peripheral_id: peripheral.peripheral_id,
            session_id: 0,
            peripheral_type: peripheral.peripheral_type,
            skill_group_state: told.skill_group_state.unwrap_or(agent.state),
            state_duration: agent.duration(now),
            skill_group_number: group.map_or(NULL_SKILL_GROUP, |group| group.number),
            skill_group_id: group.map_or(NULL_SKILL_GROUP, |group| group.id),
            skill_group_priority: 0,
            agent_state: told.agent_state.unwrap_or(agent.state),
            event_reason_code: agent.reason,
            mrd_id: VOICE,
            agent_mode: agent.routable(),
            max_task_limit: u32::from(agent.routable()),
            icm_agent_id: i32::try_from(card.icm_agent_id).unwrap_or(i32::MAX),
            agent_availability_status: agent.availability(),
            floats,
            ..Default::default()
        })
    }
}

/// What an event says beside the agent's state: whose sign-in, and two states that differ at sign-in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) login: Option<Login>,
    pub(crate) agent_state: Option<AgentState>,
    pub(crate) skill_group_state: Option<AgentState>,
}

impl Told {
    pub(crate) fn new(login: Option<Login>) -> Self {
        Self {
            login,
            ..Default::default()
        }
    }
}
