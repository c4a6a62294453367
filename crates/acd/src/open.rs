//! OPEN_REQ: what is asked for, what is granted, whose phone it is.
//!
//! Reference ged188, 3.1, 4.8 and 5.2.

use tact_ged188::{
    AgentState, AgentStateMask, CallMask, DeviceIdType, Floats, OpenConf, OpenReq, PgStatus,
    Protocol, Services, SessionType, StatusCode, SystemEvent, SystemEventId, Tag,
};

use crate::io::{ClientId, CloseReason, Output, Trace};
use crate::machine::Acd;
use crate::refusal::{Refusal, fail_event, send};
use crate::session::{Assigned, Open, Phase, text_of, wire_time};
use crate::timers::Timer;

/// Shortest IdleTimeout in seconds: four heartbeats of five seconds.
const SHORTEST_IDLE_TIMEOUT: u32 = 20;
/// IdleTimeout of a session that may be silent for ever.
const NO_IDLE_TIMEOUT: u32 = 0xffff_ffff;
/// PeripheralID of a client that names none.
const NULL_PERIPHERAL_ID: u32 = 0xffff_ffff;

/// Granted to a real client although no guide explains it (reference 4.8).
const UNPUBLISHED: Services = Services(0x0000_0200);
/// Service bits that mean something, or may mean something to someone; any other is refused.
const KNOWN_SERVICES: u32 = 0x827f_bfff;
/// What a session can have here.
const SUPPORTED_SERVICES: u32 = Services::CLIENT_EVENTS.0
    | Services::CALL_DATA_UPDATE.0
    | Services::CLIENT_CONTROL.0
    | Services::CONNECTION_MONITOR.0
    | Services::ALL_EVENTS.0
    | Services::PERIPHERAL_MONITOR.0
    | Services::CLIENT_MONITOR.0
    | Services::SUPERVISOR.0
    | UNPUBLISHED.0
    | Services::AGENT_STATE_CONTROL_ONLY.0
    | Services::CONFIG_EVENTS.0
    | Services::UPDATE_EVENTS.0
    | Services::IGNORE_DUPLICATE_AGENT_EVENTS.0
    // Phones have one line, which is the one that the centre gives calls to.
    | Services::ACD_LINE_ONLY.0
    | Services::ACTIVE_STANDBY.0;
/// Call message bits before protocol 23, which added network recording.
const CALL_MASK_BEFORE_23: u32 = 0x0fff_ffff;
/// Agent state bits.
const KNOWN_AGENT_STATES: u32 = 0x3fff;
/// Configuration bits.
const KNOWN_CONFIG: u32 = 0x3ff;

impl Acd {
    /// Checks an OPEN_REQ in the order of the status codes and opens the session.
    pub(crate) fn open(
        &mut self,
        now: i64,
        client: ClientId,
        request: &OpenReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        if self.session(client).is_some() {
            return Err(StatusCode::SESSION_ALREADY_OPEN.into());
        }
        let protocol = validate(request, self.directory.config().peripheral_id)?;
        let asked = request.services_requested;
        let client_id = text_of(&request.floats, Tag::CLIENT_ID).unwrap_or_default();
        let assigned = if asked.contains(Services::CLIENT_EVENTS) {
            Some(self.assigned(&request.floats)?)
        } else {
            None
        };
        if let Some(assigned) = assigned {
            self.take_device(client, &client_id, assigned, out)?;
        }
        let services = Services(asked.0 & SUPPORTED_SERVICES);
        let signature = text_of(&request.floats, Tag::CLIENT_SIGNATURE);
        let open = Open {
            protocol,
            services,
            call_mask: request.call_msg_mask,
            state_mask: request.agent_state_mask,
            idle_ms: (request.idle_timeout != NO_IDLE_TIMEOUT)
                .then(|| i64::from(request.idle_timeout).saturating_mul(1000)),
            signature: signature.unwrap_or_else(|| client_id.clone()).into(),
            client_id,
            monitor_id: if services.contains(Services::ALL_EVENTS) {
                0
            } else {
                client.0
            },
            assigned,
            config_mask: request.config_msg_mask,
            variables: None,
            application_path: request.floats.u32(Tag::APP_PATH_ID),
        };
        out.push(Output::Opened { client, protocol });
        send(out, client, self.open_conf(now, request.invoke_id, &open));
        if let Some(session) = self.sessions.get_mut(client) {
            self.timers.cancel(session.due, Timer::Session(client));
            if let Some(idle) = open.idle_ms {
                session.due = now.saturating_add(idle);
                self.timers.set(session.due, Timer::Session(client));
            }
            session.phase = Phase::Open(Box::new(open));
            let all = services.contains(Services::ALL_EVENTS);
            let porter = services.contains(Services::CLIENT_MONITOR);
            self.audience.add(client, all, porter, assigned);
        }
        if services.contains(Services::ALL_EVENTS) {
            send(out, client, self.peripheral_online(now));
        }
        self.push_teams(now, client, out);
        self.begin_calls(client, out);
        if services.contains(Services::CONNECTION_MONITOR) {
            out.push(Output::Trace(Trace::Client {
                client,
                text: "A session that wants to be watched over is open.".into(),
            }));
        }
        let porter = services.contains(Services::CLIENT_MONITOR);
        self.tell_opened(client, porter, out);
        Ok(())
    }

    fn open_conf(&self, now: i64, invoke_id: u32, open: &Open) -> OpenConf {
        let mut floats = Floats::new();
        let mut agent_state = AgentState::UNKNOWN;
        if let Some(assigned) = open.assigned {
            let index = assigned.agent.or_else(|| self.owner(assigned.device?));
            let agent = index.and_then(|index| self.agents.get(index.0));
            let device = agent
                .and_then(|agent| agent.login.as_ref())
                .map(|login| login.device)
                .or(assigned.device);
            agent_state = agent.map_or(AgentState::UNKNOWN, |agent| agent.state);
            let extension = device.and_then(|device| self.directory.extension(device));
            if let Some(extension) = extension {
                floats.push_text(Tag::AGENT_EXTENSION, extension);
            }
            if let Some(config) = index.and_then(|index| self.directory.agent(index)) {
                floats.push_text(Tag::AGENT_ID, &config.id);
            }
            if let Some(extension) = extension {
                floats.push_text(Tag::AGENT_INSTRUMENT, extension);
            }
        }
        let config = self.directory.config();
        if open.protocol.number() >= 14 {
            // One pair even where the client named its peripheral, as a real server sends it.
            floats.push_u16(Tag::NUM_PERIPHERALS, 1);
            floats.push_u32(Tag::PERIPHERAL_ID, config.peripheral_id);
            floats.push_u16(Tag::MULTI_LINE_AGENT_CONTROL, 0);
        }
        OpenConf {
            invoke_id,
            services_granted: open.services,
            monitor_id: open.monitor_id,
            pg_status: PgStatus::NONE,
            icm_central_controller_time: wire_time(now),
            peripheral_online: true.into(),
            peripheral_type: config.peripheral_type,
            agent_state,
            department_id: 0,
            session_type: SessionType::ACTIVE,
            floats,
            ..Default::default()
        }
    }

    fn peripheral_online(&self, now: i64) -> SystemEvent {
        SystemEvent {
            pg_status: PgStatus::NONE,
            icm_central_controller_time: wire_time(now),
            system_event_id: SystemEventId::PERIPHERAL_ONLINE,
            system_event_arg1: self.directory.config().peripheral_id,
            event_device_type: DeviceIdType::NONE,
            ..Default::default()
        }
    }

    /// What a CLIENT_EVENTS session is about, from the agent fields of its OPEN_REQ.
    fn assigned(&self, floats: &Floats) -> Result<Assigned, Refusal> {
        let id = text_of(floats, Tag::AGENT_ID);
        let extension = text_of(floats, Tag::AGENT_EXTENSION);
        let instrument = text_of(floats, Tag::AGENT_INSTRUMENT);
        if id.is_none() && extension.is_none() && instrument.is_none() {
            return Err(StatusCode::REQUIRED_DATA_MISSING.into());
        }
        let unknown = StatusCode::INVALID_AGENT_DATA;
        let agent = match id {
            Some(id) => Some(self.directory.agent_by_id(&id).ok_or(unknown)?),
            None => None,
        };
        let mut device = None;
        for name in [extension, instrument].into_iter().flatten() {
            let found = self.directory.device(&name).ok_or(unknown)?;
            if device.is_some_and(|other| other != found) {
                return Err(StatusCode::INCONSISTENT_AGENT_DATA.into());
            }
            device = Some(found);
        }
        let signed_in = agent.and_then(|index| self.agents.get(index.0)?.login.as_ref());
        if let (Some(login), Some(device)) = (signed_in, device)
            && login.device != device
        {
            return Err(StatusCode::INCONSISTENT_AGENT_DATA.into());
        }
        Ok(Assigned { agent, device })
    }

    /// A phone has one client: another client's is refused, the same client's old session is closed.
    fn take_device(
        &mut self,
        client: ClientId,
        client_id: &str,
        assigned: Assigned,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let Some(device) = assigned.device else {
            return Ok(());
        };
        let other = self.audience.of_device(device).find(|it| *it != client);
        let other = other.and_then(|it| Some((it, self.session(it)?.client_id == client_id)));
        match other {
            None => Ok(()),
            Some((_, false)) => Err(StatusCode::DEVICE_IN_USE.into()),
            Some((old, true)) => {
                fail_event(out, old, StatusCode::NEW_SESSION_OPENED);
                self.close(old, CloseReason::Replaced, out);
                Ok(())
            }
        }
    }
}

/// Checks that need nothing but the request, in the order of the status codes.
fn validate(request: &OpenReq, peripheral_id: u32) -> Result<Protocol, Refusal> {
    let protocol = Protocol::new(request.version_number).ok_or(StatusCode::INVALID_VERSION)?;
    let asked = request.services_requested;
    if text_of(&request.floats, Tag::CLIENT_ID).is_none() {
        return Err(StatusCode::REQUIRED_DATA_MISSING.into());
    }
    let names_none =
        request.peripheral_id == NULL_PERIPHERAL_ID && !asked.contains(Services::CLIENT_EVENTS);
    if request.peripheral_id != peripheral_id && !names_none {
        return Err(StatusCode::INVALID_PERIPHERAL_ID.into());
    }
    let supervises = asked.contains(Services::SUPERVISOR);
    if supervises && !asked.intersects(Services::CLIENT_EVENTS | Services::ALL_EVENTS) {
        return Err(StatusCode::FUNCTION_NOT_AVAILABLE.into());
    }
    if request.idle_timeout < SHORTEST_IDLE_TIMEOUT {
        return Err(StatusCode::INVALID_TIMEOUT.into());
    }
    if asked.0 & !KNOWN_SERVICES != 0 {
        return Err(StatusCode::INVALID_SERVICE_MASK.into());
    }
    check_masks(protocol, request.call_msg_mask, request.agent_state_mask)?;
    if request.reserved1 | request.reserved2 | request.reserved3 != 0 {
        return Err(StatusCode::INVALID_RESERVED_FIELD.into());
    }
    if request.config_msg_mask.0 & !KNOWN_CONFIG != 0 {
        return Err(StatusCode::INVALID_CONFIG_MSG_MASK.into());
    }
    Ok(protocol)
}

/// Whether the masks have only bits that mean something.
pub(crate) fn check_masks(
    protocol: Protocol,
    calls: CallMask,
    states: AgentStateMask,
) -> Result<(), Refusal> {
    if protocol.number() < 23 && calls.0 & !CALL_MASK_BEFORE_23 != 0 {
        return Err(StatusCode::INVALID_CALL_MSG_MASK.into());
    }
    if states.0 & !KNOWN_AGENT_STATES != 0 {
        return Err(StatusCode::INVALID_AGENT_STATE_MASK.into());
    }
    Ok(())
}
