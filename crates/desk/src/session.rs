//! The CTI session: open, heartbeats, close.
//!
//! Knows nothing of what is in a configuration or of agents' requests. Reference sections 3.1,
//! 3.2, 5.1 to 5.7.

use std::collections::BTreeMap;

use tact_ged188::{
    ActiveMaintenanceRespMsg, AgentStateMask, Bool, CallMask, CloseReq, ConfigMask, FailureConf,
    HeartbeatReq, Message, OpenConf, OpenReq, Protocol, Services, SessionType, StatusCode,
    StoppingRequestsToThisSideInd, Tag,
};

use crate::output::HEARTBEATS_LOST;
use crate::query::{Ask, Asks};
use crate::timer::Timer;
use crate::{Desk, Disconnect, Heartbeat, Note, OutOfService, Output, Service, Side};

/// Services asked for at first, and those asked for when error 19 refuses them.
const SERVICES: Services = Services(0x021c_0096);
const FEWER_SERVICES: Services = Services(0x0000_0096);
/// Without these nothing works: hearing of every agent, and controlling them.
const NEEDED_SERVICES: Services = Services(Services::ALL_EVENTS.0 | Services::CLIENT_CONTROL.0);
const CALL_MASK: CallMask = CallMask(0x0fff_ffff);
const AGENT_STATE_MASK: AgentStateMask = AgentStateMask(0x3fff);
const CONFIG_MASK: ConfigMask = ConfigMask(7);
/// IdleTimeout is this many heartbeats, and at least [`MIN_IDLE_SECONDS`].
const IDLE_HEARTBEATS: i64 = 4;
/// Shorter idle timeouts are refused with status 18.
const MIN_IDLE_SECONDS: i64 = 20;

/// How far the session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// No connection.
    Down,
    /// The desk gave the connection up; its end has not been reported yet.
    Closing,
    /// OPEN_REQ is on its way.
    Opening,
    /// CONFIG_REQUEST_KEY_EVENT is on its way.
    Keys,
    /// CONFIG_REQUEST_EVENT is on its way, or records are coming.
    Configuring,
    /// Agents' states are being asked for.
    Querying,
    /// Everything is known.
    Ready,
}

/// What an InvokeID is waiting for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Awaiting {
    Open,
    Heartbeat,
    Close,
    Ask(Ask),
    /// The agent whose request it is.
    Request(String),
}

/// The session with a CTI server.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) phase: Phase,
    pub(crate) service: Service,
    /// InvokeIDs on their way. Heartbeats are bounded by their loss, asks by their window,
    /// requests by each agent's queue.
    pub(crate) awaiting: BTreeMap<u32, Awaiting>,
    last_invoke: u32,
    heartbeats_unanswered: u32,
    /// Error 19 came: ask for [`FEWER_SERVICES`].
    fewer_services: bool,
    /// The refusal of OPEN_REQ that was noted last, so that retries do not fill the log.
    refusal_noted: Option<(Side, StatusCode)>,
    /// The server did not take the 12-byte CONFIG_REQUEST_EVENT.
    pub(crate) short_config_request: bool,
    /// Kinds of configuration still to come.
    pub(crate) kinds_left: ConfigMask,
    /// Kinds that the upload under way carries.
    pub(crate) kinds_coming: ConfigMask,
    /// Records of agents seen in this session's upload.
    pub(crate) agent_records: usize,
    /// Questions not sent yet.
    pub(crate) asks: Asks,
    pub(crate) asks_in_flight: usize,
    pub(crate) peripheral_online: bool,
    pub(crate) central_controller_online: bool,
    pub(crate) cti_server_online: bool,
    /// We were asked to close: what ends now ends in order.
    pub(crate) stopping: bool,
}

impl Session {
    pub(crate) fn new(protocol: Protocol) -> Self {
        Self {
            phase: Phase::Down,
            service: Service {
                in_service: false,
                reason: Some(OutOfService::NotConnected),
                side: None,
                protocol,
                last_heartbeat: None,
            },
            awaiting: BTreeMap::new(),
            last_invoke: 0,
            heartbeats_unanswered: 0,
            fewer_services: false,
            refusal_noted: None,
            short_config_request: false,
            kinds_left: ConfigMask::NONE,
            kinds_coming: ConfigMask::NONE,
            agent_records: 0,
            asks: Asks::default(),
            asks_in_flight: 0,
            peripheral_online: true,
            central_controller_online: true,
            cti_server_online: true,
            stopping: false,
        }
    }

    /// A new InvokeID; never one that is still waiting, never 0.
    pub(crate) fn invoke(&mut self, awaiting: Awaiting) -> u32 {
        loop {
            self.last_invoke = self.last_invoke.wrapping_add(1).max(1);
            if !self.awaiting.contains_key(&self.last_invoke) {
                break;
            }
        }
        self.awaiting.insert(self.last_invoke, awaiting);
        self.last_invoke
    }

    /// Whether OPEN_CONF has come.
    fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Down | Phase::Closing | Phase::Opening)
    }
}

impl Desk {
    pub(crate) fn link_up(&mut self, now: i64, side: Side, out: &mut Vec<Output>) {
        if self.session.phase != Phase::Down {
            self.link_down("replaced by a new connection", out);
        }
        self.session = Session {
            phase: Phase::Opening,
            service: self.session.service.clone(),
            // Numbers go on, so that two sessions of one log never share any.
            last_invoke: self.session.last_invoke,
            fewer_services: self.session.fewer_services,
            refusal_noted: self.session.refusal_noted,
            short_config_request: self.session.short_config_request,
            ..Session::new(self.config.protocol)
        };
        self.session.service.side = Some(side);
        self.session.service.last_heartbeat = None;
        self.update_service(now, out);
        let invoke_id = self.session.invoke(Awaiting::Open);
        let services = if self.session.fewer_services {
            FEWER_SERVICES
        } else {
            SERVICES
        };
        let idle =
            (self.config.heartbeat_ms.saturating_mul(IDLE_HEARTBEATS) / 1000).max(MIN_IDLE_SECONDS);
        let mut request = OpenReq {
            invoke_id,
            version_number: self.config.protocol.number(),
            idle_timeout: u32::try_from(idle).unwrap_or(u32::MAX),
            peripheral_id: self.config.peripheral_id,
            services_requested: services,
            call_msg_mask: CALL_MASK,
            agent_state_mask: AGENT_STATE_MASK,
            config_msg_mask: CONFIG_MASK,
            ..OpenReq::default()
        };
        request
            .floats
            .push_text(Tag::CLIENT_ID, &self.config.client);
        request.floats.push_bytes(Tag::CLIENT_PASSWORD, &[]);
        request
            .floats
            .push_text(Tag::CLIENT_SIGNATURE, &self.config.client);
        out.push(Output::Send(request.into()));
        self.timers
            .set(Timer::Open, now + self.config.open_timeout_ms);
    }

    pub(crate) fn link_down(&mut self, reason: &str, out: &mut Vec<Output>) {
        if let (true, Some(side)) = (self.session.is_open(), self.session.service.side) {
            out.push(Output::Note(Note::SessionLost {
                side,
                reason: reason.to_owned(),
            }));
        }
        self.end_session(Phase::Down, out);
    }

    /// Gives the connection up.
    pub(crate) fn disconnect(&mut self, reason: Disconnect, out: &mut Vec<Output>) {
        if let (true, Some(side)) = (self.session.is_open(), self.session.service.side) {
            out.push(Output::Note(match reason {
                Disconnect::Closed => Note::SessionClosed { side },
                reason => Note::SessionLost {
                    side,
                    reason: reason.to_string(),
                },
            }));
        }
        self.end_session(Phase::Closing, out);
        out.push(Output::Disconnect { reason });
    }

    fn end_session(&mut self, phase: Phase, out: &mut Vec<Output>) {
        self.session.phase = phase;
        self.session.awaiting.clear();
        self.session.asks.clear();
        self.session.asks_in_flight = 0;
        self.timers.end_session();
        // No time passes here, and what needs one (a snapshot) does not happen on the way down.
        self.update_service(0, out);
        self.forget_states();
    }

    pub(crate) fn close(&mut self, out: &mut Vec<Output>) {
        self.session.stopping = true;
        if self.session.is_open() {
            let invoke_id = self.session.invoke(Awaiting::Close);
            out.push(Output::Send(
                CloseReq {
                    invoke_id,
                    status: StatusCode::NO_ERROR,
                    ..CloseReq::default()
                }
                .into(),
            ));
        } else if self.session.phase == Phase::Opening {
            self.disconnect(Disconnect::Closed, out);
        }
    }

    /// Hands a message to the module that knows it.
    pub(crate) fn cti(&mut self, now: i64, message: Message, out: &mut Vec<Output>) {
        match (self.session.phase, message) {
            (Phase::Down | Phase::Closing, _) => {}
            (_, Message::FailureConf(failure)) => self.refused(now, &failure, out),
            (_, Message::FailureEvent(failure)) => self.failure_event(now, failure.status, out),
            (Phase::Opening, Message::OpenConf(conf)) => self.opened(now, &conf, out),
            (Phase::Opening, _) => {}
            (_, Message::HeartbeatConf(conf)) => self.heartbeat_answered(now, conf.invoke_id),
            (_, Message::CloseConf(conf))
                if self.session.awaiting.get(&conf.invoke_id) == Some(&Awaiting::Close) =>
            {
                self.disconnect(Disconnect::Closed, out);
            }
            (_, Message::SystemEvent(event)) => self.system_event(now, &event, out),
            (_, Message::ConfigKeyEvent(_)) => self.configuration_key(now, out),
            (_, Message::ConfigBeginEvent(event)) => self.configuration_begins(now, &event),
            (_, Message::ConfigAgentEvent(event)) => self.configuration_agents(now, &event, out),
            (_, Message::ConfigSkillGroupEvent(event)) => {
                self.configuration_skill_groups(now, &event, out)
            }
            (_, Message::ConfigEndEvent(event)) => {
                self.configuration_ends(now, event.config_end_status, out)
            }
            (_, Message::AgentTeamConfigEvent(event)) => self.team_configuration(now, &event, out),
            (_, Message::QueryAgentStateConf(conf)) => self.state_answered(now, &conf, out),
            (_, Message::AgentDeskSettingsConf(conf)) => self.settings_answered(now, &conf, out),
            (_, Message::AgentStateEvent(event)) => self.agent_state_event(now, &event, out),
            (_, Message::SetAgentStateConf(conf)) => {
                self.request_confirmed(now, conf.invoke_id, None, out)
            }
            (_, Message::QuerySkillGroupStatisticsConf(conf)) => {
                self.statistics_answered(now, &conf, out)
            }
            (_, Message::ControlFailureConf(conf))
                if matches!(
                    self.session.awaiting.get(&conf.invoke_id),
                    Some(Awaiting::Ask(_))
                ) =>
            {
                self.ask_failed(now, conf.invoke_id, conf.failure_code, out);
            }
            (_, Message::ControlFailureConf(conf)) => {
                self.request_failed(
                    now,
                    conf.invoke_id,
                    conf.failure_code,
                    conf.peripheral_error_code,
                    out,
                );
            }
            (_, Message::ActiveMaintenanceReqMsg(request)) => out.push(Output::Send(
                ActiveMaintenanceRespMsg {
                    invoke_id: request.invoke_id,
                    maintenance_mode_accepted: Bool::from(self.config.has_other_side),
                    ..ActiveMaintenanceRespMsg::default()
                }
                .into(),
            )),
            (_, Message::ActiveMaintenanceEventMsg(event))
                if event.maintenance_mode_status.is_true() =>
            {
                out.push(Output::Send(
                    StoppingRequestsToThisSideInd::default().into(),
                ));
                self.disconnect(Disconnect::Maintenance, out);
            }
            (_, message) => self.call_message(now, &message, out),
        }
    }

    fn opened(&mut self, now: i64, conf: &OpenConf, out: &mut Vec<Output>) {
        if self.session.awaiting.get(&conf.invoke_id) != Some(&Awaiting::Open) {
            return;
        }
        self.session.awaiting.remove(&conf.invoke_id);
        self.timers.cancel(&Timer::Open);
        if conf.session_type == SessionType::STANDBY {
            return self.disconnect(Disconnect::Standby, out);
        }
        if !conf.services_granted.contains(NEEDED_SERVICES) {
            return self.disconnect(Disconnect::TooFewServices, out);
        }
        if let Some(side) = self.session.service.side {
            out.push(Output::Note(Note::SessionOpened {
                side,
                protocol: self.config.protocol,
            }));
        }
        self.session.refusal_noted = None;
        self.directory.begin_session();
        self.queues.begin_session();
        self.timers
            .set(Timer::Heartbeat, now + self.config.heartbeat_ms);
        self.request_configuration_key(now, out);
        self.update_service(now, out);
    }

    pub(crate) fn open_timed_out(&mut self, out: &mut Vec<Output>) {
        self.disconnect(Disconnect::OpenTimeout, out);
    }

    /// FAILURE_CONF: the server itself refuses one of our requests.
    fn refused(&mut self, now: i64, failure: &FailureConf, out: &mut Vec<Output>) {
        let invoke = failure.invoke_id;
        match self.session.awaiting.get(&invoke) {
            Some(Awaiting::Open) => {
                let status = failure.status;
                if status == StatusCode::INVALID_SERVICE_MASK && !self.session.fewer_services {
                    self.session.fewer_services = true;
                    return self.disconnect(Disconnect::FewerServices, out);
                }
                if let Some(side) = self.session.service.side
                    && self.session.refusal_noted.replace((side, status)) != Some((side, status))
                {
                    out.push(Output::Note(Note::OpenFailed { side, status }));
                }
                self.disconnect(Disconnect::OpenRefused(status), out);
            }
            Some(Awaiting::Heartbeat) => {
                self.disconnect(Disconnect::ServerOffline(failure.status), out)
            }
            Some(Awaiting::Close) => self.disconnect(Disconnect::Closed, out),
            Some(Awaiting::Ask(_)) => self.ask_refused(now, invoke, failure.status, out),
            Some(Awaiting::Request(_)) => {
                // The long layout carries a failure code; a status has no counterpart among them.
                self.request_failed(
                    now,
                    invoke,
                    failure.failure_code,
                    failure.peripheral_error_code,
                    out,
                );
            }
            None => {}
        }
    }

    fn failure_event(&mut self, now: i64, status: StatusCode, out: &mut Vec<Output>) {
        match status {
            StatusCode::CTI_SERVER_OFFLINE
            | StatusCode::NEW_SESSION_OPENED
            | StatusCode::TIMEOUT
            | StatusCode::SESSION_NOT_OPEN => {
                self.disconnect(Disconnect::ServerOffline(status), out)
            }
            _ if self.session.phase == Phase::Opening => {
                self.disconnect(Disconnect::OpenRefused(status), out)
            }
            _ => {
                self.configuration_refused(now, out);
            }
        }
    }

    pub(crate) fn heartbeat(&mut self, now: i64, out: &mut Vec<Output>) {
        if self.session.heartbeats_unanswered >= HEARTBEATS_LOST {
            self.session.service.last_heartbeat = Some(Heartbeat {
                at: now,
                answered: false,
            });
            return self.disconnect(Disconnect::HeartbeatsLost, out);
        }
        self.session.heartbeats_unanswered += 1;
        let invoke_id = self.session.invoke(Awaiting::Heartbeat);
        out.push(Output::Send(
            HeartbeatReq {
                invoke_id,
                ..HeartbeatReq::default()
            }
            .into(),
        ));
        self.timers
            .set(Timer::Heartbeat, now + self.config.heartbeat_ms);
    }

    fn heartbeat_answered(&mut self, now: i64, invoke: u32) {
        if self.session.awaiting.get(&invoke) != Some(&Awaiting::Heartbeat) {
            return;
        }
        // One answer shows that the server lives; earlier ones are not waited for any more.
        self.session
            .awaiting
            .retain(|_, awaiting| *awaiting != Awaiting::Heartbeat);
        self.session.heartbeats_unanswered = 0;
        self.session.service.last_heartbeat = Some(Heartbeat {
            at: now,
            answered: true,
        });
    }
}
