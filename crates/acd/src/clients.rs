//! Clients among themselves: who comes and goes, and what they tell each other.
//!
//! Reference ged188, 3.9 (32, 107 to 111, 129) and 3.11 (99, 100).

use tact_ged188::{
    ClientEventReportConf, ClientEventReportReq, ClientSessionClosedEvent,
    ClientSessionOpenedEvent, Distribution, Floats, SetAppDataConf, SetAppDataReq, StatusCode, Tag,
    UserMessageConf, UserMessageEvent, UserMessageReq,
};

use crate::directory::AgentIndex;
use crate::io::{ClientId, CloseReason, Output, Recipients, Trace};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::{Open, Phase, Session, text_of, wire_time};

/// Longest Text in bytes, NUL included.
const MAX_TEXT: usize = 255;
/// Highest State of CLIENT_EVENT_REPORT_REQ: normal, warning, error.
const MAX_REPORT_STATE: u16 = 2;

impl Acd {
    /// A session was opened: told to CLIENT_MONITOR sessions, and to it of all others if it is one.
    pub(crate) fn tell_opened(&self, client: ClientId, porter: bool, out: &mut Vec<Output>) {
        let others: Recipients = self.audience.porters().filter(|it| *it != client).collect();
        if !others.is_empty()
            && let Some(event) = self.opened_event(client)
        {
            out.push(Output::Send {
                to: others,
                message: std::sync::Arc::new(event.into()),
            });
        }
        if porter {
            for other in self.sessions.keys().filter(|it| *it != client) {
                if let Some(event) = self.opened_event(other) {
                    send(out, client, event);
                }
            }
        }
    }

    fn opened_event(&self, client: ClientId) -> Option<ClientSessionOpenedEvent> {
        let session = self.sessions.get(client)?;
        let Phase::Open(open) = &session.phase else {
            return None;
        };
        Some(ClientSessionOpenedEvent {
            session_id: client.0,
            peripheral_id: self.directory.config().peripheral_id,
            services_granted: open.services,
            call_msg_mask: open.call_mask,
            agent_state_mask: open.state_mask,
            client_port: u32::from(session.address.port()),
            floats: self.describe(session, open),
        })
    }

    /// A session is over and forgotten already: told to CLIENT_MONITOR sessions.
    pub(crate) fn tell_closed(
        &self,
        client: ClientId,
        session: &Session,
        reason: Option<CloseReason>,
        out: &mut Vec<Output>,
    ) {
        let to: Recipients = self.audience.porters().collect();
        let Phase::Open(open) = &session.phase else {
            return;
        };
        if to.is_empty() {
            return;
        }
        let status = match reason {
            None => StatusCode::CLIENT_DISCONNECTED,
            Some(CloseReason::Idle | CloseReason::NotOpened) => StatusCode::TIMEOUT,
            Some(CloseReason::Garbage) => StatusCode::INVALID_MESSAGE_LENGTH,
            Some(CloseReason::Replaced) => StatusCode::NEW_SESSION_OPENED,
            Some(CloseReason::Stopping) => StatusCode::CTI_SERVER_OFFLINE,
            Some(CloseReason::Requested) => StatusCode::NO_ERROR,
        };
        let event = ClientSessionClosedEvent {
            session_id: client.0,
            peripheral_id: self.directory.config().peripheral_id,
            status,
            client_port: u32::from(session.address.port()),
            floats: self.describe(session, open),
        };
        out.push(Output::Send {
            to,
            message: std::sync::Arc::new(event.into()),
        });
    }

    /// Who a client is, in floats.
    fn describe(&self, session: &Session, open: &Open) -> Floats {
        let mut floats = Floats::new()
            .with_text(Tag::CLIENT_ADDRESS, &session.address.ip().to_string())
            .with_text(Tag::CLIENT_ID, &open.client_id)
            .with_text(Tag::CLIENT_SIGNATURE, &open.signature);
        if let Some(assigned) = open.assigned {
            let extension = assigned.device.and_then(|it| self.directory.extension(it));
            if let Some(extension) = extension {
                floats.push_text(Tag::AGENT_EXTENSION, extension);
            }
            if let Some(config) = assigned.agent.and_then(|it| self.directory.agent(it)) {
                floats.push_text(Tag::AGENT_ID, &config.id);
            }
            if let Some(extension) = extension {
                floats.push_text(Tag::AGENT_INSTRUMENT, extension);
            }
        }
        floats
    }

    /// CLIENT_EVENT_REPORT_REQ: into the log.
    pub(crate) fn client_event_report(
        &self,
        client: ClientId,
        request: &ClientEventReportReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        if request.state.0 > MAX_REPORT_STATE {
            return Err(StatusCode::INVALID_OBJECT_STATE.into());
        }
        let object = text_of(&request.floats, Tag::OBJECT_NAME).unwrap_or_default();
        let text = text_of(&request.floats, Tag::TEXT).unwrap_or_default();
        let state = ["normal", "warning", "error"]
            .get(usize::from(request.state.0))
            .unwrap_or(&"unknown");
        out.push(Output::Trace(Trace::Client {
            client,
            text: format!("Client reports {object:?} {state}: {text:?}").into(),
        }));
        send(
            out,
            client,
            ClientEventReportConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        Ok(())
    }

    /// USER_MESSAGE_REQ: a text to one client, to a supervisor, a team, or everyone; to a team and to everyone it
    /// goes back to its sender too, as the guide's words have it.
    pub(crate) fn user_message(
        &self,
        now: i64,
        client: ClientId,
        request: &UserMessageReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let text = request.floats.bytes(Tag::TEXT);
        let text = text.ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        if text.len() > MAX_TEXT {
            return Err(StatusCode::INVALID_FIELD_LENGTH.into());
        }
        let to = match request.distribution {
            Distribution::TO_CLIENT => self.named_clients(&request.floats)?,
            Distribution::TO_SUPERVISOR => {
                let agent = self.addressed_agent(session, request)?;
                self.supervisors_of(agent)?
            }
            Distribution::TO_TEAM => {
                let agent = self.addressed_agent(session, request)?;
                self.team_of(agent)?
            }
            Distribution::TO_ALL => self.opened().map(|(other, _)| other).collect(),
            _ => return Err(StatusCode::INVALID_DISTRIBUTION_TYPE.into()),
        };
        let mut floats = Floats::new().with_text(Tag::CLIENT_ID, &session.client_id);
        floats.push_bytes(Tag::TEXT, text);
        send(
            out,
            client,
            UserMessageConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        let event = UserMessageEvent {
            icm_central_controller_time: wire_time(now),
            distribution: request.distribution,
            floats,
        };
        out.push(Output::Send {
            to,
            message: std::sync::Arc::new(event.into()),
        });
        Ok(())
    }

    fn opened(&self) -> impl Iterator<Item = (ClientId, &Open)> {
        self.sessions
            .iter()
            .filter_map(|(client, session)| match &session.phase {
                Phase::Open(open) => Some((client, &**open)),
                Phase::Connected => None,
            })
    }

    /// The clients of a ClientID.
    fn named_clients(&self, floats: &Floats) -> Result<Recipients, Refusal> {
        let id = text_of(floats, Tag::CLIENT_ID).ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        let named = self.opened().filter(|(_, open)| open.client_id == id);
        someone(
            named.map(|(client, _)| client).collect(),
            StatusCode::CLIENT_NOT_FOUND,
        )
    }

    /// The agent whose supervisor or team is meant. A client of one agent need not name it.
    fn addressed_agent(
        &self,
        session: &Open,
        request: &UserMessageReq,
    ) -> Result<AgentIndex, Refusal> {
        if session.assigned.is_none() {
            self.check_peripheral(request.peripheral_id)?;
        }
        self.named_agent(session, &request.floats)
    }

    /// The clients of the supervisors of an agent's team.
    fn supervisors_of(&self, agent: AgentIndex) -> Result<Recipients, Refusal> {
        let team = self.directory.agent(agent).and_then(|it| it.team_id);
        let team = team.and_then(|id| self.directory.team(id));
        let team = team.ok_or(StatusCode::TEAM_NOT_FOUND)?;
        let supervisors = team.supervisors.iter();
        let supervisors = supervisors.filter_map(|id| self.directory.agent_by_id(id));
        someone(
            self.clients_of(supervisors),
            StatusCode::SUPERVISOR_NOT_FOUND,
        )
    }

    /// The clients of an agent's team, its supervisors' among them.
    fn team_of(&self, agent: AgentIndex) -> Result<Recipients, Refusal> {
        let team = self.directory.agent(agent).and_then(|it| it.team_id);
        let team = team.ok_or(StatusCode::TEAM_NOT_FOUND)?;
        let supervisors = self.directory.team(team).into_iter();
        let supervisors = supervisors.flat_map(|team| &team.supervisors);
        let supervisors = supervisors.filter_map(|id| self.directory.agent_by_id(id));
        let members = self.directory.team_members(team).iter().copied();
        someone(
            self.clients_of(members.chain(supervisors)),
            StatusCode::CLIENT_NOT_FOUND,
        )
    }

    /// The sessions about some agents or the phones where they are signed in, each once.
    fn clients_of(&self, agents: impl Iterator<Item = AgentIndex>) -> Recipients {
        let mut clients = Recipients::new();
        for agent in agents {
            let login = self.agents.get(agent.0).and_then(|it| it.login.as_ref());
            let device = login.map(|login| login.device).into_iter();
            clients.extend(self.audience.of_agent(agent));
            clients.extend(device.flat_map(|device| self.audience.of_device(device)));
        }
        clients.sort_unstable();
        clients.dedup();
        clients
    }

    /// SET_APP_DATA_REQ: variables of the application path that the session was opened for. Nothing here routes by them.
    pub(crate) fn set_app_data(
        &self,
        client: ClientId,
        request: &SetAppDataReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let path = request.floats.u32(Tag::APP_PATH_ID);
        let path = path.ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        if session.application_path != Some(path) {
            return Err(StatusCode::FUNCTION_NOT_AVAILABLE.into());
        }
        send(
            out,
            client,
            SetAppDataConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        Ok(())
    }
}

/// The recipients, if there are any.
fn someone(to: Recipients, otherwise: StatusCode) -> Result<Recipients, Refusal> {
    if to.is_empty() {
        Err(otherwise.into())
    } else {
        Ok(to)
    }
}
