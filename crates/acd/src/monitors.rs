//! Monitors of phones, calls and sessions.
//!
//! Knows requests and rights; `audience` keeps the monitors and `events` serves them. Reference ged188,
//! 3.11 and 4.8. Several monitors of one session that concern an event get it once each, under their own
//! MonitorIDs. A call's monitors end with it, a session's with either session.

use tact_ged188::{
    AgentStateMask, CallMask, ChangeMonitorMaskConf, ChangeMonitorMaskReq, ConnectionDeviceIdType,
    DeviceIdType, MonitorStartConf, MonitorStartReq, MonitorStopConf, MonitorStopReq, Services,
    SessionMonitorStartConf, SessionMonitorStartReq, SessionMonitorStopConf, SessionMonitorStopReq,
    StatusCode, Tag,
};

use crate::agent::device_part;
use crate::audience::{Watched, Wish};
use crate::calls::CallId;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::open::check_masks;
use crate::refusal::{Refusal, send};
use crate::session::{Open, text_of};

impl Acd {
    /// MONITOR_START_REQ: of a phone or of a call, not both.
    pub(crate) fn monitor_start(
        &mut self,
        client: ClientId,
        request: &MonitorStartReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.granted(client, Services::PERIPHERAL_MONITOR)?;
        self.check_peripheral(request.peripheral_id)?;
        check_masks(
            session.protocol,
            request.call_msg_mask,
            request.agent_state_mask,
        )?;
        let watched = self.watched(request)?;
        let twice = |(_, other)| other == watched;
        if self.audience.monitors_of(client).any(twice) {
            return Err(StatusCode::MONITOR_ALREADY_EXISTS.into());
        }
        let wish = Wish {
            calls: request.call_msg_mask,
            states: request.agent_state_mask,
        };
        let monitor_id = self.start_monitor(client, watched, wish)?;
        send(
            out,
            client,
            MonitorStartConf {
                invoke_id: request.invoke_id,
                monitor_id,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// What is to be monitored: a phone by its extension, a call by its ConnectionCallID.
    fn watched(&self, request: &MonitorStartReq) -> Result<Watched, Refusal> {
        let device = text_of(&request.floats, Tag::MONITORED_DEVID)
            .filter(|_| request.monitored_device_type != DeviceIdType::NONE);
        let of_call = request.connection_device_id_type != ConnectionDeviceIdType::NONE;
        match device {
            Some(_) if of_call => Err(StatusCode::MUTUALLY_EXCLUS_DEVICEID_TYPES.into()),
            Some(device) => {
                let device = self.directory.device(device_part(&device));
                Ok(Watched::Device(device.ok_or(StatusCode::INVALID_DEVICE)?))
            }
            None if of_call => {
                let call = CallId(request.connection_call_id);
                if self.call(call).is_none() {
                    return Err(StatusCode::INVALID_CALLID.into());
                }
                Ok(Watched::Call(request.connection_call_id))
            }
            None => Err(StatusCode::REQUIRED_DATA_MISSING.into()),
        }
    }

    /// MONITOR_STOP_REQ.
    pub(crate) fn monitor_stop(
        &mut self,
        client: ClientId,
        request: &MonitorStopReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        self.peripheral_monitor(client, request.monitor_id)?;
        self.audience.stop(client, request.monitor_id);
        send(
            out,
            client,
            MonitorStopConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// CHANGE_MONITOR_MASK_REQ.
    pub(crate) fn change_monitor_mask(
        &mut self,
        client: ClientId,
        request: &ChangeMonitorMaskReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        check_masks(
            session.protocol,
            request.call_msg_mask,
            request.agent_state_mask,
        )?;
        self.peripheral_monitor(client, request.monitor_id)?;
        let wish = Wish {
            calls: request.call_msg_mask,
            states: request.agent_state_mask,
        };
        self.audience.change(client, request.monitor_id, wish);
        send(
            out,
            client,
            ChangeMonitorMaskConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// SESSION_MONITOR_START_REQ: what another session hears, with that session's masks.
    pub(crate) fn session_monitor_start(
        &mut self,
        client: ClientId,
        request: &SessionMonitorStartReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.granted(client, Services::CLIENT_MONITOR)?;
        let other = ClientId(request.session_id);
        if other == client {
            return Err(StatusCode::SESSION_MONITOR_IS_CLIENTS.into());
        }
        self.session(other).ok_or(StatusCode::CLIENT_NOT_FOUND)?;
        let watched = Watched::Session(other);
        let twice = |(_, monitored)| monitored == watched;
        if self.audience.monitors_of(client).any(twice) {
            return Err(StatusCode::SESSION_MONITOR_ALREADY_EXISTS.into());
        }
        let wish = Wish {
            calls: CallMask::NONE,
            states: AgentStateMask::NONE,
        };
        let monitor_id = self.start_monitor(client, watched, wish)?;
        send(
            out,
            client,
            SessionMonitorStartConf {
                invoke_id: request.invoke_id,
                monitor_id,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// SESSION_MONITOR_STOP_REQ. Some libraries give the SessionID instead of the MonitorID; both will do.
    pub(crate) fn session_monitor_stop(
        &mut self,
        client: ClientId,
        request: &SessionMonitorStopReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let named = request.monitor_id;
        let mut monitors = self.audience.monitors_of(client);
        let found = monitors.find_map(|(id, watched)| match watched {
            Watched::Session(session) if id == named || session.0 == named => Some(id),
            _ => None,
        });
        drop(monitors);
        let id = found.ok_or(StatusCode::INVALID_MONITORID)?;
        self.audience.stop(client, id);
        send(
            out,
            client,
            SessionMonitorStopConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// The open session, if it was granted the service.
    pub(crate) fn granted(&self, client: ClientId, service: Services) -> Result<&Open, Refusal> {
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        if session.services.contains(service) {
            Ok(session)
        } else {
            Err(StatusCode::FUNCTION_NOT_AVAILABLE.into())
        }
    }

    /// Whether it is a monitor of a phone or a call.
    fn peripheral_monitor(&self, client: ClientId, monitor_id: u32) -> Result<(), Refusal> {
        match self.audience.monitor(client, monitor_id) {
            Some(Watched::Device(_) | Watched::Call(_)) => Ok(()),
            _ => Err(StatusCode::INVALID_MONITORID.into()),
        }
    }

    pub(crate) fn start_monitor(
        &mut self,
        client: ClientId,
        watched: Watched,
        wish: Wish,
    ) -> Result<u32, Refusal> {
        let started = self.audience.start(client, watched, wish);
        // There is no code for too many.
        started.ok_or(StatusCode::UNSPECIFIED_FAILURE.into())
    }
}
