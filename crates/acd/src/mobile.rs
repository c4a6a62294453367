//! Mobile agents: at a phone beyond the trunk. Reference ged188, 3.6 (38); finesse-api, 2.2 and 2.3.
//!
//! The extension that they sign in at stands for that phone in everything that is said; no phone of the centre rings.
//! Call by call each call dials the number. With a nailed connection the number is dialled at sign-in: the agent is
//! signed in, and the request confirmed, when somebody picks up; the line stays, calls are connected to it at once.
//! Whoever hangs it up is signed out with 50042, after the call if there is one.
//!
//! Where the reference is silent: a request of the agent's client cannot pick up such a phone; nobody picks up for a
//! minute, or the line is busy, and the sign-in is refused with 260; who signs in again without a mode keeps the present
//! one, another mode or number is refused with 259.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tact_ged188::{AgentWorkMode, ControlFailure, PeripheralError, SetAgentStateConf};

use crate::agent::{Given, Login};
use crate::config::RemoteAgent;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::fabric::{Cause, Command, Endpoint, LegId};
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, refuse, send};
use crate::timers::Timer;
use crate::transitions::{By, On, Target, reason};

/// Milliseconds that the agent has to pick up at sign-in.
const SETUP_MS: i64 = 60_000;
/// Bytes of a number.
const MAX_NUMBER: usize = 40;

/// Nobody picked up.
const NOT_REACHED: Refusal = Refusal::peripheral(
    ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED,
    PeripheralError::NONE,
);

/// Where a mobile agent is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mobile {
    number: Box<str>,
    mode: Mode,
}

/// When the phone is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Mode {
    CallByCall,
    /// Over this line, until it is gone.
    Nailed(Option<LegId>),
}

/// Whoever signs in with a nailed connection, until somebody picks up.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Setup {
    agent: AgentIndex,
    device: DeviceIndex,
    mobile: Mobile,
    client: ClientId,
    invoke_id: u32,
    due: i64,
}

/// Nailed lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Nailed {
    setups: BTreeMap<LegId, Setup>,
    lines: BTreeMap<LegId, AgentIndex>,
}

impl Mobile {
    /// What a sign-in asks for, as far as the desk settings allow it; `None` for an agent at a phone of the centre.
    ///
    /// # Errors
    /// The work mode is unknown, not allowed, or has no number (265).
    pub(crate) fn asked(
        mode: AgentWorkMode,
        instrument: &str,
        allowed: RemoteAgent,
    ) -> Result<Option<Self>, Refusal> {
        let wrong = Refusal::peripheral(
            ControlFailure::INVALID_AGENT_WORKMODE,
            PeripheralError::NONE,
        );
        let (mode, may) = match mode {
            AgentWorkMode::UNSPECIFIED | AgentWorkMode::AUTO_IN | AgentWorkMode::MANUAL_IN => {
                return Ok(None);
            }
            AgentWorkMode::CALL_BY_CALL => (
                Mode::CallByCall,
                matches!(allowed, RemoteAgent::CallByCall | RemoteAgent::Either),
            ),
            AgentWorkMode::NAILED_CONNECTION => (
                Mode::Nailed(None),
                matches!(allowed, RemoteAgent::Nailed | RemoteAgent::Either),
            ),
            _ => return Err(wrong),
        };
        let number = instrument.split_once(';').map_or("", |(_, number)| number);
        if !may || number.is_empty() || number.len() > MAX_NUMBER {
            return Err(wrong);
        }
        let number = number.into();
        Ok(Some(Self { number, mode }))
    }

    pub(crate) fn is_nailed(&self) -> bool {
        matches!(self.mode, Mode::Nailed(_))
    }

    /// Whether both are one phone, reached in one way.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.number == other.number && self.is_nailed() == other.is_nailed()
    }

    /// Where the fabric finds the agent.
    pub(crate) fn endpoint(&self) -> Endpoint {
        match self.mode {
            Mode::Nailed(Some(line)) => Endpoint::Nailed(line),
            _ => Endpoint::Outside(self.number.clone()),
        }
    }

    fn line(&self) -> Option<LegId> {
        match self.mode {
            Mode::Nailed(line) => line,
            Mode::CallByCall => None,
        }
    }
}

impl Acd {
    /// Where the agent is who is signed in at a phone, when that is elsewhere.
    pub(crate) fn mobile_at(&self, device: DeviceIndex) -> Option<&Mobile> {
        let agent = self.agents.get(self.owner(device)?.0)?;
        agent.login.as_ref()?.mobile.as_ref()
    }

    /// Whether somebody is about to sign in as this agent, or at this phone.
    pub(crate) fn is_setting_up(&self, agent: AgentIndex, device: DeviceIndex) -> (bool, bool) {
        let setups = || self.nailed.setups.values();
        (
            setups().any(|setup| setup.agent == agent),
            setups().any(|setup| setup.device == device),
        )
    }

    /// Dials the phone of an agent who signs in with a nailed connection; what comes of it answers the request.
    pub(crate) fn set_up_line(
        &mut self,
        now: i64,
        (client, invoke_id): (ClientId, u32),
        (agent, device): (AgentIndex, DeviceIndex),
        mobile: Mobile,
        out: &mut Vec<Output>,
    ) {
        let leg = self.calls.new_leg();
        let due = now.saturating_add(SETUP_MS);
        self.timers.set(due, Timer::Setup(leg));
        let from = self.directory.extension(device).unwrap_or_default();
        out.push(Output::Fabric(Command::Offer {
            leg,
            to: Endpoint::Outside(mobile.number.clone()),
            from: from.into(),
            auto_answer: false,
        }));
        let setup = Setup {
            agent,
            device,
            mobile,
            client,
            invoke_id,
            due,
        };
        self.nailed.setups.insert(leg, setup);
    }

    /// Somebody picked up: the agent is signed in, unless the client that asked is gone.
    pub(crate) fn line_answered(&mut self, now: i64, leg: LegId, out: &mut Vec<Output>) {
        let Some(setup) = self.end_setup(leg) else {
            return;
        };
        let Some(session) = self.session(setup.client) else {
            let cause = Cause::Normal;
            out.push(Output::Fabric(Command::Hangup { leg, cause }));
            return;
        };
        let signature = std::sync::Arc::clone(&session.signature);
        let conf = SetAgentStateConf {
            invoke_id: setup.invoke_id,
            ..Default::default()
        };
        send(out, setup.client, conf);
        self.nailed.lines.insert(leg, setup.agent);
        let login = Login {
            device: setup.device,
            signature,
            mobile: Some(Mobile {
                mode: Mode::Nailed(Some(leg)),
                ..setup.mobile
            }),
        };
        self.signed_in(now, setup.agent, login, out);
    }

    /// Nobody picked up, or a nailed line is hung up.
    pub(crate) fn line_gone(&mut self, now: i64, leg: LegId, out: &mut Vec<Output>) {
        if let Some(setup) = self.end_setup(leg) {
            self.refuse_setup(&setup, out);
        }
        let Some(index) = self.nailed.lines.remove(&leg) else {
            return;
        };
        let login = self
            .agents
            .get_mut(index.0)
            .and_then(|it| it.login.as_mut());
        if let Some(mobile) = login.and_then(|login| login.mobile.as_mut()) {
            mobile.mode = Mode::Nailed(None);
        }
        if let Some(then) = self.row(index, On::Force(Target::Logout), None) {
            let given = Given {
                reason: reason::LINE_LOST,
                by: By::Force,
            };
            self.follow(now, index, then, given, out);
        }
    }

    /// Nobody picked up in time.
    pub(crate) fn setup_due(&mut self, leg: LegId, out: &mut Vec<Output>) {
        if let Some(setup) = self.end_setup(leg) {
            let cause = Cause::NoAnswer;
            out.push(Output::Fabric(Command::Hangup { leg, cause }));
            self.refuse_setup(&setup, out);
        }
    }

    fn end_setup(&mut self, leg: LegId) -> Option<Setup> {
        let setup = self.nailed.setups.remove(&leg)?;
        self.timers.cancel(setup.due, Timer::Setup(leg));
        Some(setup)
    }

    fn refuse_setup(&self, setup: &Setup, out: &mut Vec<Output>) {
        if self.session(setup.client).is_some() {
            refuse(out, setup.client, setup.invoke_id, NOT_REACHED);
        }
    }

    /// The agent was signed out: the line is not needed any more.
    pub(crate) fn release_line(&mut self, login: Option<&Login>, out: &mut Vec<Output>) {
        let mobile = login.and_then(|login| login.mobile.as_ref());
        if let Some(leg) = mobile.and_then(Mobile::line) {
            self.nailed.lines.remove(&leg);
            let cause = Cause::Normal;
            out.push(Output::Fabric(Command::Hangup { leg, cause }));
        }
    }

    /// Nobody waits for an answer to a sign-in any more.
    pub(crate) fn forget_setups(&mut self, out: &mut Vec<Output>) {
        while let Some(leg) = self.nailed.setups.first_key_value().map(|(leg, _)| *leg) {
            self.end_setup(leg);
            let cause = Cause::Normal;
            out.push(Output::Fabric(Command::Hangup { leg, cause }));
        }
    }

    /// All nailed lines are given up.
    pub(crate) fn hang_up_lines(&self, out: &mut Vec<Output>) {
        for leg in self.nailed.lines.keys() {
            let (leg, cause) = (*leg, Cause::Unreachable);
            out.push(Output::Fabric(Command::Hangup { leg, cause }));
        }
    }

    /// Asks the fabric for every nailed line.
    pub(crate) fn adopt_lines(&self, out: &mut Vec<Output>) {
        for (leg, agent) in &self.nailed.lines {
            let login = self.agents.get(agent.0).and_then(|it| it.login.as_ref());
            if let Some(mobile) = login.and_then(|login| login.mobile.as_ref()) {
                out.push(Output::Fabric(Command::Adopt {
                    leg: *leg,
                    to: Endpoint::Outside(mobile.number.clone()),
                    answered: true,
                }));
            }
        }
    }
}
