//! Agents: their states, the requests that change them, the events that tell of it.
//!
//! Knows the table of `transitions` and who hears of what. Reference ged188,
//! 3.3, 3.6 and 5.8; technote, step 8.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use tact_ged188::{
    AgentState, AgentStateEvent, ControlFailure, DeskSettingsMask, Floats, PeripheralError,
    Services, SetAgentStateConf, SetAgentStateReq, StatusCode, Tag,
};

use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::{Open, text_of};
use crate::transitions::{By, Target, Verdict, verdict};

/// Media routing domain of voice.
pub(crate) const VOICE: i32 = 1;
/// SkillGroupNumber and SkillGroupID of an agent without a skill group.
pub(crate) const NULL_SKILL_GROUP: u32 = 0xffff_ffff;
/// Skill groups that one request may name.
const MAX_REQUEST_SKILL_GROUPS: u16 = 10;
/// Reason codes that a supervisor or the system gives; a request with one of them is forced. 255
/// desktop lost, 999 supervisor, 2000x around a forced sign-out, 5000x client or component gone.
const FORCED_REASONS: [u16; 7] = [255, 999, 20001, 20002, 20003, 50001, 50002];

/// What an agent does now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Agent {
    pub(crate) state: AgentState,
    /// Milliseconds since 1970.
    pub(crate) since: i64,
    pub(crate) reason: u16,
    /// Where the agent is signed in; none exactly in LOGOUT.
    pub(crate) login: Option<Login>,
    /// State and reason after the call.
    pub(crate) pending: Option<(Target, u16)>,
}

/// One sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Login {
    pub(crate) device: DeviceIndex,
    /// Of the client that asked for it.
    pub(crate) signature: Arc<str>,
}

impl Agent {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            state: AgentState::LOGOUT,
            since: now,
            reason: 0,
            login: None,
            pending: None,
        }
    }

    /// Seconds in the state.
    pub(crate) fn duration(&self, now: i64) -> u32 {
        let seconds = now.saturating_sub(self.since).max(0) / 1000;
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }

    /// AgentMode and MaxTaskLimit: 1 while signed in.
    pub(crate) fn routable(&self) -> u16 {
        u16::from(self.login.is_some())
    }

    /// AgentAvailabilityStatus: 1 while a call could be routed to the agent.
    pub(crate) fn availability(&self) -> u32 {
        u32::from(self.state == AgentState::AVAILABLE)
    }
}

impl Acd {
    /// SET_AGENT_STATE_REQ: confirmed first, then told to all by events.
    pub(crate) fn set_agent_state(
        &mut self,
        now: i64,
        client: ClientId,
        request: &SetAgentStateReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.check_peripheral(request.peripheral_id)?;
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let control = Services::CLIENT_CONTROL | Services::AGENT_STATE_CONTROL_ONLY;
        if !session.services.intersects(control) {
            return Err(StatusCode::FUNCTION_NOT_AVAILABLE.into());
        }
        if request.agent_state > AgentState::NOT_ACTIVE {
            return Err(StatusCode::INVALID_OBJECT_STATE.into());
        }
        if request.num_skill_groups > MAX_REQUEST_SKILL_GROUPS {
            return Err(StatusCode::INVALID_NUM_SKILL_GROUPS.into());
        }
        if request.agent_state == AgentState::LOGIN {
            return self.sign_in(now, client, request, out);
        }
        let index = self.agent_of(session, &request.floats)?;
        self.check_right(session, index)?;
        self.check_instrument(index, &request.floats)?;
        let agent = self.agents.get(index.0).ok_or(NO_SUCH_AGENT)?;
        let from = agent.state;
        let reason = request.event_reason_code;
        let by = by(request);
        let Some(target) = Target::of(request.agent_state) else {
            return Err(Refusal::peripheral(
                ControlFailure::INVALID_AGENT_WORKMODE,
                PeripheralError::TELDRIVE_BADSTATETRANSITION,
            ));
        };
        let verdict = verdict(from, target, by);
        if let Verdict::Refuse(failure, error) = verdict {
            return Err(Refusal::peripheral(failure, error));
        }
        if by == By::Agent {
            self.check_reason(index, target, reason)?;
        }
        send(
            out,
            client,
            SetAgentStateConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        match verdict {
            Verdict::Go => self.change(now, index, target, reason, out),
            Verdict::Keep => self.tell_again(now, client, index, out),
            Verdict::Pend => self.set_pending(now, client, index, target, reason, out),
            Verdict::Refuse(..) => {}
        }
        Ok(())
    }

    /// Puts an agent who is signed in into another state and tells of it.
    fn change(
        &mut self,
        now: i64,
        index: AgentIndex,
        target: Target,
        reason: u16,
        out: &mut Vec<Output>,
    ) {
        let Some(agent) = self.agents.get_mut(index.0) else {
            return;
        };
        let state = target.state();
        let reason = if target == Target::Ready { 0 } else { reason };
        // The same state for the same reason goes on; another reason begins anew.
        if (agent.state, agent.reason) != (state, reason) {
            agent.since = now;
        }
        agent.state = state;
        agent.reason = reason;
        agent.pending = None;
        let login = if target == Target::Logout {
            agent.login.take()
        } else {
            agent.login.clone()
        };
        let device = login.as_ref().map(|login| login.device);
        if let (Target::Logout, Some(device)) = (target, device)
            && let Some(owner) = self.owners.get_mut(device.0)
        {
            *owner = None;
        }
        let told = Told::new(login);
        self.tell(now, index, &told, None, out);
    }

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

    fn set_pending(
        &mut self,
        now: i64,
        client: ClientId,
        index: AgentIndex,
        target: Target,
        reason: u16,
        out: &mut Vec<Output>,
    ) {
        if let Some(agent) = self.agents.get_mut(index.0) {
            agent.pending = Some((target, reason));
        }
        self.tell_again(now, client, index, out);
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
        let config = self.directory.agent(index)?;
        let agent = self.agents.get(index.0)?;
        let group = config
            .skill_groups
            .first()
            .and_then(|number| self.directory.group(*number));
        let mut floats = Floats::new();
        // In the order of the technote's line.
        floats.push_u32(Tag::DIRECTION, 0);
        let login = told.login.as_ref();
        if let Some(login) = login {
            floats.push_text(Tag::CLIENT_SIGNATURE, &login.signature);
        }
        floats.push_text(Tag::AGENT_ID, &config.id);
        if let Some(extension) = login.and_then(|login| self.directory.extension(login.device)) {
            floats.push_text(Tag::AGENT_EXTENSION, extension);
            floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        }
        if let Some((target, _)) = agent.pending {
            floats.push_u16(Tag::EXT_AGENT_STATE, target.state().0);
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
            icm_agent_id: i32::try_from(config.icm_agent_id).unwrap_or(i32::MAX),
            agent_availability_status: agent.availability(),
            floats,
            ..Default::default()
        })
    }

    /// The agent that a request is about: by AgentID, else by phone, else the session's own.
    fn agent_of(&self, session: &Open, floats: &Floats) -> Result<AgentIndex, Refusal> {
        if let Some(id) = text_of(floats, Tag::AGENT_ID) {
            return self.directory.agent_by_id(&id).ok_or(NO_SUCH_AGENT);
        }
        if let Some(instrument) = text_of(floats, Tag::AGENT_INSTRUMENT) {
            let device = self.directory.device(device_part(&instrument));
            let owner = device.and_then(|device| self.owner(device));
            return owner.ok_or(StatusCode::AGENT_NOT_LOGGED_ON.into());
        }
        let assigned = session.assigned.ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        let agent = assigned.agent.or_else(|| self.owner(assigned.device?));
        agent.ok_or(StatusCode::AGENT_NOT_LOGGED_ON.into())
    }

    /// A client of one agent controls that agent; a supervisor's also the agents of own teams.
    pub(crate) fn check_right(&self, session: &Open, index: AgentIndex) -> Result<(), Refusal> {
        let Some(assigned) = session.assigned.filter(|_| !session.hears_all()) else {
            return Ok(());
        };
        let own = assigned.agent.or_else(|| self.owner(assigned.device?));
        let supervises = |own| {
            let id = self.directory.agent(own).map(|agent| agent.id.as_str());
            session.services.contains(Services::SUPERVISOR)
                && id.is_some_and(|id| self.directory.supervises(id, index))
        };
        match own {
            Some(own) if own == index || supervises(own) => Ok(()),
            // Nobody is signed in at the phone yet: whoever signs in there.
            None => Ok(()),
            Some(_) => Err(Refusal::peripheral(
                ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE,
                PeripheralError::NONE,
            )),
        }
    }

    /// A request that names another phone than the agent's is about somebody else.
    fn check_instrument(&self, index: AgentIndex, floats: &Floats) -> Result<(), Refusal> {
        let Some(instrument) = text_of(floats, Tag::AGENT_INSTRUMENT) else {
            return Ok(());
        };
        let login = self
            .agents
            .get(index.0)
            .and_then(|agent| agent.login.as_ref());
        let extension = login.and_then(|login| self.directory.extension(login.device));
        match extension {
            Some(extension) if extension != device_part(&instrument) => {
                Err(StatusCode::INCONSISTENT_AGENT_DATA.into())
            }
            _ => Ok(()),
        }
    }

    /// Whether the agent's desk settings want a reason that is not there.
    fn check_reason(&self, index: AgentIndex, target: Target, reason: u16) -> Result<(), Refusal> {
        let duty = match target {
            Target::NotReady => DeskSettingsMask::IDLE_REASON_REQUIRED,
            Target::Logout => DeskSettingsMask::LOGOUT_REASON_REQUIRED,
            Target::Ready => return Ok(()),
        };
        if reason == 0
            && self
                .directory
                .desk_settings(Some(index))
                .mask
                .contains(duty)
        {
            return Err(Refusal::peripheral(
                ControlFailure::REASON_CODE_REQUIRED,
                PeripheralError::NONE,
            ));
        }
        Ok(())
    }

    /// Who is signed in at a phone.
    pub(crate) fn owner(&self, device: DeviceIndex) -> Option<AgentIndex> {
        self.owners.get(device.0).copied().flatten()
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
    fn new(login: Option<Login>) -> Self {
        Self {
            login,
            ..Default::default()
        }
    }
}

/// No such agent.
pub(crate) const NO_SUCH_AGENT: Refusal = Refusal::peripheral(
    ControlFailure::INVALID_AGENT_ID_SPECIFIED,
    PeripheralError::NONE,
);

/// The device in `device;phone` of a mobile agent, or the whole instrument.
pub(crate) fn device_part(instrument: &str) -> &str {
    instrument
        .split_once(';')
        .map_or(instrument, |(device, _)| device)
}

fn by(request: &SetAgentStateReq) -> By {
    let forced = FORCED_REASONS.contains(&request.event_reason_code)
        || text_of(&request.floats, Tag::SUPERVISOR_ID).is_some();
    if forced { By::Force } else { By::Agent }
}

/// What happened at an agent's phone, as far as the agent's state depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(dead_code, reason = "calls tell it when there are calls")]
pub(crate) enum Trigger {
    /// A queued call was routed to the agent.
    Reserved,
    /// An outbound preview was.
    ReservedPreview,
    /// A dialer reserved the agent for a call that it is about to connect.
    ReservedOutbound,
    /// A call that nobody routed rings at the phone: the state stays, but no queued call is offered until it is
    /// `Connected` or its `OfferGone`.
    Alerting,
    /// The agent is busy on a line that is not the centre's: NOT_READY with 50005.
    OtherLineBusy,
    /// The agent went off-hook to make a call; READY agents go NOT_READY with 50006 first.
    OffHook,
    /// A call is connected at the phone.
    Connected,
    /// No call is connected any more and at least one is held.
    AllHeld,
    /// The offer is over without an answer, and not by the agent's fault: back to the state before.
    OfferGone,
    /// RingNoAnswerTime is over: NOT_READY with 32767.
    RingNoAnswer,
    /// Routed calls did not arrive at the phone, twice in a row: NOT_READY with 50010.
    NeverArrived,
    /// The last call at the phone ended.
    LastCallEnded {
        /// Whether wrap-up applies, and of which kind.
        wrap_up: WrapUp,
    },
    /// The phone is gone: signed out with 50003 once no call is left.
    DeviceLost,
}

/// Whether a call that ends is followed by wrap-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(dead_code, reason = "calls tell it when there are calls")]
pub(crate) enum WrapUp {
    /// Never: monitored, internal and failed calls.
    None,
    /// As the desk settings say for incoming calls.
    Incoming,
    /// As they say for outgoing ones.
    Outgoing,
}

#[expect(dead_code, reason = "calls tell it when there are calls")]
impl Acd {
    /// Changes the agent's state by the table of `transitions` and tells of it; tells `routing` when availability changes.
    pub(crate) fn agent_trigger(
        &mut self,
        _now: i64,
        _agent: AgentIndex,
        _trigger: Trigger,
        _out: &mut Vec<Output>,
    ) {
    }
}
