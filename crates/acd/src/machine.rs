//! The machine: one input, handed to the part that knows it.
//!
//! Decides who may speak at all (nobody before OPEN_REQ) and answers what no part knows. Reference
//! ged188, 5.10.

use serde::{Deserialize, Serialize};
use tact_ged188::{AgentState, Message, StatusCode};

use crate::agent::Agent;
use crate::audience::Audience;
use crate::by_number::ByNumber;
use crate::calls::Calls;
use crate::config::Config;
use crate::dialer::Dialer;
use crate::directory::{AgentIndex, Directory};
use crate::io::{ClientId, CloseReason, Input, Malformed, Output, Trace};
use crate::mobile::Nailed;
use crate::refusal::{Refusal, fail_event, refuse};
use crate::routing::Routing;
use crate::session::{Phase, Session};
use crate::statistics::Statistics;
use crate::timers::{Timer, Timers};

/// A contact centre: its agents and the CTI clients connected to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Acd {
    pub(crate) directory: Directory,
    /// In the order of the configuration.
    pub(crate) agents: Vec<Agent>,
    /// Who is signed in at each extension, in the order of the configuration.
    pub(crate) owners: Vec<Option<AgentIndex>>,
    pub(crate) sessions: ByNumber<ClientId, Session>,
    pub(crate) audience: Audience,
    pub(crate) calls: Calls,
    pub(crate) statistics: Statistics,
    pub(crate) routing: Routing,
    #[serde(default)]
    pub(crate) dialer: Dialer,
    #[serde(default)]
    pub(crate) nailed: Nailed,
    pub(crate) timers: Timers,
}

/// What there is to see of one agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentView<'a> {
    /// AgentID.
    pub id: &'a str,
    /// The state.
    pub state: AgentState,
    /// Milliseconds since 1970 when it began.
    pub since: i64,
    /// Its reason code; 0 is none.
    pub reason: u16,
    /// Where the agent is signed in.
    pub extension: Option<&'a str>,
}

impl Acd {
    /// A centre in which nobody is signed in since `now` (milliseconds since 1970).
    pub fn new(config: Config, now: i64) -> Self {
        let agents = config.agents.iter().map(|_| Agent::new(now)).collect();
        let count = config.agents.len();
        let statistics = Statistics::new(count, now);
        let owners = config.extensions.iter().map(|_| None).collect();
        let directory = Directory::new(config);
        let routing = Routing::new(directory.plan(), count);
        Self {
            directory,
            agents,
            owners,
            sessions: ByNumber::default(),
            audience: Audience::default(),
            calls: Calls::default(),
            statistics,
            routing,
            dialer: Dialer::default(),
            nailed: Nailed::default(),
            timers: Timers::default(),
        }
    }

    /// Takes one input at `now` (milliseconds since 1970) and appends what follows from it.
    ///
    /// Every input has a defined answer; input about a client that is not connected has none.
    pub fn handle(&mut self, now: i64, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Connected { client, address } => self.connected(now, client, address),
            Input::Message { client, message } => self.message(now, client, message, out),
            Input::Malformed { client, kind } => self.malformed(now, client, kind, out),
            Input::Disconnected { client } => self.disconnected(client, out),
            Input::Fabric(event) => self.fabric_event(now, event, out),
            Input::Preview(contact) => self.preview(now, contact),
            Input::Tick => self.tick(now, out),
            Input::Stop => self.stop(out),
        }
        self.settle(now, out);
        self.settle_previews(now, out);
    }

    /// When [`Input::Tick`] is due next, in milliseconds since 1970.
    pub fn next_due(&self) -> Option<i64> {
        self.timers.next_due()
    }

    /// Every agent in the order of the configuration.
    pub fn agents(&self) -> impl Iterator<Item = AgentView<'_>> {
        self.directory
            .config()
            .agents
            .iter()
            .zip(&self.agents)
            .map(|(config, agent)| AgentView {
                id: &config.id,
                state: agent.state,
                since: agent.since,
                reason: agent.reason,
                extension: agent
                    .login
                    .as_ref()
                    .and_then(|login| self.directory.extension(login.device)),
            })
    }

    /// One agent.
    pub fn agent(&self, id: &str) -> Option<AgentView<'_>> {
        let index = self.directory.agent_by_id(id)?;
        self.agents().nth(index.0)
    }

    /// How many clients are connected, opened or not.
    pub fn clients(&self) -> usize {
        self.sessions.len()
    }

    /// Sets off every timer that is due.
    fn tick(&mut self, now: i64, out: &mut Vec<Output>) {
        while let Some(timer) = self.timers.pop(now) {
            match timer {
                Timer::Session(client) => self.session_due(now, client, out),
                Timer::Work(agent) => self.work_due(now, agent, out),
                Timer::Inactivity(agent) => self.inactivity_due(now, agent, out),
                Timer::Ring(call, agent) => self.ring_due(now, call, agent, out),
                Timer::Queue(call) => self.queue_due(now, call, out),
                Timer::Call(call) => self.call_due(now, call, out),
                Timer::Setup(leg) => self.setup_due(leg, out),
            }
        }
    }

    fn message(&mut self, now: i64, client: ClientId, message: Message, out: &mut Vec<Output>) {
        let Some(session) = self.sessions.get_mut(client) else {
            return;
        };
        session.last_seen = now;
        let opened = matches!(session.phase, Phase::Open(_));
        let invoke_id;
        let answer = match message {
            Message::OpenReq(request) => {
                invoke_id = request.invoke_id;
                self.open(now, client, &request, out)
            }
            message if !opened => {
                match message.invoke_id() {
                    Some(invoke_id) => {
                        refuse(out, client, invoke_id, StatusCode::SESSION_NOT_OPEN.into())
                    }
                    None => fail_event(out, client, StatusCode::SESSION_NOT_OPEN),
                }
                return;
            }
            Message::SetAgentStateReq(request) => {
                invoke_id = request.invoke_id;
                self.set_agent_state(now, client, &request, out)
            }
            Message::HeartbeatReq(request) => {
                self.heartbeat(client, request.invoke_id, out);
                return;
            }
            Message::CloseReq(request) => {
                self.close_requested(client, &request, out);
                return;
            }
            Message::QueryAgentStateReq(request) => {
                invoke_id = request.invoke_id;
                self.query_agent_state(client, &request, out)
            }
            Message::AgentDeskSettingsReq(request) => {
                invoke_id = request.invoke_id;
                self.agent_desk_settings(client, &request, out)
            }
            Message::QuerySkillGroupStatisticsReq(request) => {
                invoke_id = request.invoke_id;
                self.skill_group_statistics(now, client, &request, out)
            }
            Message::QueryAgentStatisticsReq(request) => {
                invoke_id = request.invoke_id;
                self.query_agent_statistics(now, client, &request, out)
            }
            Message::ListAgentTeamReq(request) => {
                invoke_id = request.invoke_id;
                self.list_agent_team(client, &request, out)
            }
            Message::MonitorAgentTeamStartReq(request) => {
                invoke_id = request.invoke_id;
                self.monitor_team_start(client, &request, out)
            }
            Message::MonitorAgentTeamStopReq(request) => {
                invoke_id = request.invoke_id;
                self.monitor_team_stop(client, &request, out)
            }
            Message::ClientEventReportReq(request) => {
                invoke_id = request.invoke_id;
                self.client_event_report(client, &request, out)
            }
            Message::UserMessageReq(request) => {
                invoke_id = request.invoke_id;
                self.user_message(now, client, &request, out)
            }
            Message::RegisterVariablesReq(request) => {
                invoke_id = request.invoke_id;
                self.register_variables(client, &request, out)
            }
            Message::SetAppDataReq(request) => {
                invoke_id = request.invoke_id;
                self.set_app_data(client, &request, out)
            }
            Message::QueryDeviceInfoReq(request) => {
                invoke_id = request.invoke_id;
                self.query_device_info(client, &request, out)
            }
            Message::MonitorStartReq(request) => {
                invoke_id = request.invoke_id;
                self.monitor_start(client, &request, out)
            }
            Message::MonitorStopReq(request) => {
                invoke_id = request.invoke_id;
                self.monitor_stop(client, &request, out)
            }
            Message::ChangeMonitorMaskReq(request) => {
                invoke_id = request.invoke_id;
                self.change_monitor_mask(client, &request, out)
            }
            Message::SessionMonitorStartReq(request) => {
                invoke_id = request.invoke_id;
                self.session_monitor_start(client, &request, out)
            }
            Message::SessionMonitorStopReq(request) => {
                invoke_id = request.invoke_id;
                self.session_monitor_stop(client, &request, out)
            }
            Message::ConfigRequestKeyEvent(request) => {
                self.config_key(client, &request, out);
                return;
            }
            Message::ConfigRequestEvent(request) => {
                self.download(client, &request, out);
                return;
            }
            // Of the maintenance of a pair of servers; there is no other side to move to.
            Message::ActiveMaintenanceRespMsg(_) | Message::StoppingRequestsToThisSideInd(_) => {
                return;
            }
            other if let Some(verdict) = self.call_request(now, client, &other, out) => {
                invoke_id = other.invoke_id().unwrap_or_default();
                verdict
            }
            other => {
                // A request that nobody here serves, or something that only servers say.
                match other.invoke_id().filter(|_| other.name().ends_with("_REQ")) {
                    Some(invoke_id) => refuse(
                        out,
                        client,
                        invoke_id,
                        StatusCode::FUNCTION_NOT_AVAILABLE.into(),
                    ),
                    None => {
                        let text = format!(
                            "MsgType {} ({}) is not for a client to send.",
                            other.message_type(),
                            other.name()
                        );
                        out.push(Output::Trace(Trace::Client {
                            client,
                            text: text.into(),
                        }));
                        fail_event(out, client, StatusCode::INVALID_MSG_TYPE_FOR_VERSION);
                    }
                }
                return;
            }
        };
        if let Err(refusal) = answer {
            refuse(out, client, invoke_id, refusal);
        }
    }

    /// The frame is lost, the session is not, except where the stream cannot be cut any further.
    fn malformed(&mut self, now: i64, client: ClientId, kind: Malformed, out: &mut Vec<Output>) {
        let Some(session) = self.sessions.get_mut(client) else {
            return;
        };
        let opened = matches!(session.phase, Phase::Open(_));
        let mut trace = |text: String| {
            out.push(Output::Trace(Trace::Client {
                client,
                text: text.into(),
            }));
        };
        match kind {
            Malformed::TooLong { announced } => {
                trace(format!(
                    "Header announces a message of {announced} bytes, closing."
                ));
                fail_event(out, client, StatusCode::INVALID_MESSAGE_LENGTH);
                self.close(client, CloseReason::Garbage, out);
            }
            Malformed::Body {
                message_type,
                invoke_id,
                offset,
            } => {
                session.last_seen = now;
                trace(format!(
                    "MsgType {message_type} is malformed at offset {offset}."
                ));
                let status = if opened || message_type == OPEN_REQ {
                    StatusCode::BAD_MESSAGE_FORMAT
                } else {
                    StatusCode::SESSION_NOT_OPEN
                };
                match invoke_id {
                    Some(invoke_id) => refuse(out, client, invoke_id, status.into()),
                    None => fail_event(out, client, status),
                }
            }
            Malformed::Version { invoke_id, version } => {
                session.last_seen = now;
                trace(format!(
                    "OPEN_REQ of unsupported protocol version {version}."
                ));
                let status = if opened {
                    StatusCode::SESSION_ALREADY_OPEN
                } else {
                    StatusCode::INVALID_VERSION
                };
                refuse(out, client, invoke_id, status.into());
            }
            Malformed::Cut { received } => {
                trace(format!(
                    "Connection ended inside a message, {received} bytes of it arrived."
                ));
            }
        }
    }

    /// Whether a request names our peripheral.
    pub(crate) fn check_peripheral(&self, peripheral_id: u32) -> Result<(), Refusal> {
        if peripheral_id == self.directory.config().peripheral_id {
            Ok(())
        } else {
            Err(StatusCode::INVALID_PERIPHERAL_ID.into())
        }
    }
}

/// Its message type.
const OPEN_REQ: u32 = 3;
