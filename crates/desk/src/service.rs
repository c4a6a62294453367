//! Whether the desk is in service, as SystemInfo tells it, and what follows when that changes.
//!
//! Reference sections 5.5 and 5.7.

use tact_ged188::{Protocol, SystemEvent, SystemEventId};

use crate::input::Side;
use crate::session::{Phase, Session};
use crate::{Desk, Note, Output, Publish};

/// The state of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Whether requests are taken.
    pub in_service: bool,
    /// Why not; `None` while in service.
    pub reason: Option<OutOfService>,
    /// The server of the session, or of the last one.
    pub side: Option<Side>,
    /// The version that the session speaks.
    pub protocol: Protocol,
    /// The last heartbeat's outcome.
    pub last_heartbeat: Option<Heartbeat>,
}

/// Outcome of a heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heartbeat {
    /// Milliseconds since 1970 of the outcome.
    pub at: i64,
    /// Whether it was answered.
    pub answered: bool,
}

/// Why requests are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfService {
    /// No connection to a CTI server.
    #[error("not connected to a CTI server")]
    NotConnected,
    /// The session is being opened.
    #[error("opening a CTI session")]
    Opening,
    /// The configuration is being downloaded.
    #[error("loading the configuration")]
    LoadingConfiguration,
    /// The agents' states are being queried.
    #[error("querying agent states")]
    QueryingStates,
    /// The peripheral is offline.
    #[error("the peripheral is offline")]
    PeripheralOffline,
    /// The central controller is offline.
    #[error("the central controller is offline")]
    CentralControllerOffline,
    /// The CTI server says that it is offline.
    #[error("the CTI server is offline")]
    CtiServerOffline,
    /// We stop ourselves.
    #[error("the server is stopping")]
    Stopping,
}

impl Session {
    fn why_out_of_service(&self) -> Option<OutOfService> {
        match self.phase {
            Phase::Down | Phase::Closing if self.stopping => Some(OutOfService::Stopping),
            Phase::Down | Phase::Closing => Some(OutOfService::NotConnected),
            Phase::Opening => Some(OutOfService::Opening),
            _ if !self.cti_server_online => Some(OutOfService::CtiServerOffline),
            _ if !self.central_controller_online => Some(OutOfService::CentralControllerOffline),
            _ if !self.peripheral_online => Some(OutOfService::PeripheralOffline),
            Phase::Keys | Phase::Configuring => Some(OutOfService::LoadingConfiguration),
            Phase::Querying => Some(OutOfService::QueryingStates),
            Phase::Ready => None,
        }
    }
}

impl Desk {
    pub(crate) fn system_event(&mut self, now: i64, event: &SystemEvent, out: &mut Vec<Output>) {
        let ours = event.system_event_arg1 == self.config.peripheral_id;
        let session = &mut self.session;
        let (online, flag) = match event.system_event_id {
            SystemEventId::PERIPHERAL_ONLINE if ours => (true, &mut session.peripheral_online),
            SystemEventId::PERIPHERAL_OFFLINE if ours => (false, &mut session.peripheral_online),
            SystemEventId::PERIPHERAL_GATEWAY_OFFLINE => (false, &mut session.peripheral_online),
            SystemEventId::CENTRAL_CONTROLLER_ONLINE => {
                (true, &mut session.central_controller_online)
            }
            SystemEventId::CENTRAL_CONTROLLER_OFFLINE => {
                (false, &mut session.central_controller_online)
            }
            SystemEventId::CTI_SERVER_ONLINE => (true, &mut session.cti_server_online),
            SystemEventId::CTI_SERVER_OFFLINE => (false, &mut session.cti_server_online),
            _ => return,
        };
        let was_online = std::mem::replace(flag, online);
        if online && !was_online && matches!(session.phase, Phase::Querying | Phase::Ready) {
            // Nothing was told while it was away (reference section 5.5).
            self.query_everybody(now, out);
        }
        self.update_service(now, out);
    }

    /// Draws the consequences when the desk comes into service or falls out of it.
    pub(crate) fn update_service(&mut self, now: i64, out: &mut Vec<Output>) {
        let reason = self.session.why_out_of_service();
        let was_in_service = self.session.service.in_service;
        self.session.service.in_service = reason.is_none();
        self.session.service.reason = reason;
        match reason {
            None if !was_in_service => {
                out.push(Output::Note(Note::InService {
                    agents: self.directory.len(),
                }));
                out.push(Output::Publish(Publish::SystemInfo));
                self.show_what_changed(out);
                self.show_calls_again(now, out);
                self.watch_queues(now, out);
                self.expect_back(now, out);
                self.presence_overdue(now, out);
            }
            Some(reason) if was_in_service => {
                out.push(Output::Note(Note::OutOfService { reason }));
                out.push(Output::Publish(Publish::SystemInfo));
                self.fail_all_requests(out);
                self.forget_states();
            }
            _ => {}
        }
    }
}
