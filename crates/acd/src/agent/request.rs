//! SET_AGENT_STATE_REQ: who may ask, for whom, and what follows.
//!
//! Reference ged188, 3.6, 4.13 to 4.15; finesse-api, 3.4. Signing in has its own rules, see `login`.

use tact_ged188::{
    AgentState, ControlFailure, DeskSettingsMask, Floats, PeripheralError, Services,
    SetAgentStateConf, SetAgentStateReq, StatusCode, Tag,
};

use super::change::Given;
use super::{NO_SUCH_AGENT, device_part};
use crate::directory::AgentIndex;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::{Open, text_of};
use crate::transitions::{BAD_TRANSITION, By, On, Target, Then, reason};

/// Skill groups that one request may name.
const MAX_REQUEST_SKILL_GROUPS: u16 = 10;
/// Reason codes that a supervisor or the system gives; a request with one of them is forced. 255
/// desktop lost, 999 supervisor, 2000x around a forced sign-out, 5000x client or component gone.
const FORCED_REASONS: [u16; 7] = [255, reason::SUPERVISOR, 20001, 20002, 20003, 50001, 50002];
/// Reason codes that agents cannot give (4.15): those above and the ones that only the centre itself gives.
const SYSTEM_REASONS: [std::ops::RangeInclusive<u16>; 8] = [
    255..=255,
    999..=999,
    20001..=20003,
    32762..=32762,
    32767..=32767,
    50001..=50010,
    50020..=50042,
    65533..=65535,
];

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
        let given = self.given(session, index, request)?;
        let target = Target::of(request.agent_state);
        let then = target.and_then(|target| {
            let on = match given.by {
                By::Agent => On::Ask(target),
                By::Force => On::Force(target),
            };
            self.row(index, on, None)
        });
        let then = then.unwrap_or(BAD_TRANSITION);
        if let Then::Refuse(failure, error) = then {
            return Err(Refusal::peripheral(failure, error));
        }
        if let (By::Agent, Some(target)) = (given.by, target) {
            self.check_reason(index, target, given.reason)?;
        }
        send(
            out,
            client,
            SetAgentStateConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        if then == Then::Keep {
            self.tell_again(now, client, index, out);
        } else {
            self.follow(now, index, then, given, out);
        }
        Ok(())
    }

    /// Whether a request is forced, and its reason: what one supervisor asks for an agent of the own teams has 999.
    ///
    /// A client of one agent cannot force that agent; a server's client is trusted to know.
    fn given(
        &self,
        session: &Open,
        index: AgentIndex,
        request: &SetAgentStateReq,
    ) -> Result<Given, Refusal> {
        let code = request.event_reason_code;
        let supervisor = text_of(&request.floats, Tag::SUPERVISOR_ID).filter(|id| !id.is_empty());
        if let Some(id) = &supervisor
            && !self.directory.supervises(id, index)
        {
            return Err(NO_RIGHT);
        }
        let own = session.assigned.filter(|_| !session.hears_all());
        let own = own.and_then(|own| own.agent.or_else(|| self.owner(own.device?)));
        let supervised = match own {
            Some(own) => own != index,
            None => supervisor.is_some(),
        };
        let forced = supervised || (own.is_none() && FORCED_REASONS.contains(&code));
        Ok(Given {
            reason: if supervised && code == 0 {
                reason::SUPERVISOR
            } else {
                code
            },
            by: if forced { By::Force } else { By::Agent },
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
            Some(_) => Err(NO_RIGHT),
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

    /// Whether the agent's desk settings want a reason that is not there, or it is not for an agent to give.
    fn check_reason(&self, index: AgentIndex, target: Target, reason: u16) -> Result<(), Refusal> {
        let duty = match target {
            Target::NotReady => DeskSettingsMask::IDLE_REASON_REQUIRED,
            Target::Logout => DeskSettingsMask::LOGOUT_REASON_REQUIRED,
            _ => return Ok(()),
        };
        if reason != 0 && SYSTEM_REASONS.iter().any(|codes| codes.contains(&reason)) {
            return Err(Refusal::peripheral(
                ControlFailure::INVALID_AGENT_REASON_CODE,
                PeripheralError::NONE,
            ));
        }
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
}

/// The agent is of none of the supervisor's teams.
const NO_RIGHT: Refusal = Refusal::peripheral(
    ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE,
    PeripheralError::NONE,
);
