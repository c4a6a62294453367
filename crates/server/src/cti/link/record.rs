//! The link's messages as lines of the webservices log (logs.md 2.1 and 2.2).
//!
//! Heartbeats are left out. Of what comes, so are configuration records and answers to the
//! start-up's queries: thousands of lines that say nothing about a login.

use bytes::Bytes;
use tact_desk::{Note, OutOfService};
use tact_ged188::{Kind, Message, Tag, number, text};
use tact_logline::webservices::{AgentStateEvent, Event};

use crate::telemetry::Logs;

/// The thread that writes to the CTI server, as the real server names it.
const WRITER: &str = "pool-5-thread-4";
/// The thread that handles what the CTI server says.
const READER: &str = "CTIMessageEventExecutor-0";
/// Syslog severities.
const ERROR: u8 = 3;
const INFORMATIONAL: u8 = 6;

/// MESSAGE_TO_CTI_SERVER.
pub(crate) fn sent(logs: &Logs, message: &Message) {
    match message {
        Message::HeartbeatReq(_) => {}
        Message::SetAgentStateReq(request) => logs.webservices(
            WRITER,
            &Event::SetAgentStateReq {
                invoke_id: request.invoke_id,
                agent_state: request.agent_state.0,
                work_mode: request.agent_work_mode.0,
                reason_code: request.event_reason_code,
                force_flag: request.forced_flag,
                agent_text: &request
                    .floats
                    .text(Tag::AGENT_INSTRUMENT)
                    .unwrap_or_default(),
                agent_id: &request.floats.text(Tag::AGENT_ID).unwrap_or_default(),
            },
        ),
        message => logs.webservices(
            WRITER,
            &Event::MessageToCtiServer {
                name: &camel_case(message.name()),
                invoke_id: message.invoke_id(),
                fields: &fields(message),
            },
        ),
    }
}

/// The raw message, then DECODED_MESSAGE_FROM_CTI_SERVER. `received` is when the bytes arrived.
pub(crate) fn received(
    logs: &Logs,
    frame: &Bytes,
    message: &Message,
    sequence: u64,
    received: i64,
    dispatched: i64,
) {
    match message {
        Message::HeartbeatConf(_)
        | Message::QueryAgentStateConf(_)
        | Message::AgentDeskSettingsConf(_)
        | Message::ConfigSkillGroupEvent(_)
        | Message::ConfigAgentEvent(_)
        | Message::AgentTeamConfigEvent(_) => {}
        Message::AgentStateEvent(event) => {
            raw(logs, frame);
            logs.webservices(
                READER,
                &Event::AgentStateEvent(AgentStateEvent {
                    skill_group_state: event.skill_group_state.0,
                    state_duration: event.state_duration,
                    skill_group_number: event.skill_group_number,
                    skill_group_priority: event.skill_group_priority,
                    agent_state: event.agent_state.0,
                    event_reason_code: event.event_reason_code,
                    signature: &event.floats.text(Tag::CLIENT_SIGNATURE).unwrap_or_default(),
                    agent_id: &event.floats.text(Tag::AGENT_ID).unwrap_or_default(),
                    agent_extension: &event.floats.text(Tag::AGENT_EXTENSION).unwrap_or_default(),
                    agent_instrument: &event.floats.text(Tag::AGENT_INSTRUMENT).unwrap_or_default(),
                    mrd_id: event.mrd_id,
                    agent_mode: event.agent_mode,
                    sequence,
                    received,
                    dispatched,
                }),
            );
        }
        message => {
            raw(logs, frame);
            logs.webservices(
                READER,
                &Event::DecodedMessage {
                    name: &camel_case(message.name()),
                    message_id: message.message_type(),
                    invoke_id: message.invoke_id(),
                    fields: &fields(message),
                    received,
                    dispatched,
                },
            );
        }
    }
}

/// A message as it came, in hex.
pub(crate) fn raw(logs: &Logs, frame: &Bytes) {
    logs.webservices(READER, &Event::RawMessageFromCtiServer { bytes: frame });
}

/// A fact that the desk notes. `server` is the address of the session's server.
pub(crate) fn note(logs: &Logs, note: &Note, server: &str) {
    let (severity, mnemonic, fields, text) = match note {
        Note::SessionOpened { side, protocol } => (
            INFORMATIONAL,
            "CTI_CONNECTION_ESTABLISHED",
            vec![
                ("cti_server", server.to_owned()),
                ("cti_side", side.to_string()),
                ("protocol_version", protocol.to_string()),
            ],
            "Connection to the CTI server established",
        ),
        Note::OpenFailed { side, status } => (
            ERROR,
            "CTI_OPEN_FAILURE",
            vec![
                ("cti_server", server.to_owned()),
                ("cti_side", side.to_string()),
                ("status", status.0.to_string()),
                ("status_name", status.to_string()),
            ],
            "The CTI server refused to open a session",
        ),
        Note::SessionClosed { side } => (
            INFORMATIONAL,
            "CTI_DISCONNECT",
            vec![
                ("cti_server", server.to_owned()),
                ("cti_side", side.to_string()),
            ],
            "Disconnected from the CTI server",
        ),
        Note::SessionLost { side, reason } => (
            ERROR,
            "CTI_CONNECTION_LOST",
            vec![
                ("cti_server", server.to_owned()),
                ("cti_side", side.to_string()),
                ("reason", reason.clone()),
            ],
            "Connection to the CTI server lost",
        ),
        Note::InService { agents } => return tracing::info!(target: "cti", agents, "in service"),
        // Nobody has to act on an end that was asked for.
        Note::OutOfService {
            reason: reason @ OutOfService::Stopping,
        } => return tracing::info!(target: "cti", %reason, "out of service"),
        Note::OutOfService { reason } => {
            return tracing::warn!(target: "cti", %reason, "out of service");
        }
        Note::PresenceLost { agent } => {
            return tracing::info!(target: "desk", %agent, "presence lost");
        }
        Note::TooManyAgents => {
            return tracing::error!(target: "desk", "more agents than a desk keeps");
        }
        Note::TooManyCalls => {
            return tracing::error!(target: "desk", "more calls than a desk mirrors");
        }
    };
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    logs.webservices(
        READER,
        &Event::Other {
            severity,
            mnemonic,
            fields: &fields,
            message: text,
        },
    );
}

/// CTI_SOCKET_ERROR: no connection, or one that carries no GED-188.
pub(crate) fn socket_error(logs: &Logs, server: &str, reason: &str) {
    logs.webservices(
        READER,
        &Event::Other {
            severity: ERROR,
            mnemonic: "CTI_SOCKET_ERROR",
            fields: &[
                ("cti_server".to_owned(), server.to_owned()),
                ("reason".to_owned(), reason.to_owned()),
            ],
            message: "Socket error on the connection to the CTI server",
        },
    );
}

/// `SET_AGENT_STATE_CONF` as `SetAgentStateConf`.
fn camel_case(wire: &str) -> String {
    let mut name = String::with_capacity(wire.len());
    for word in wire.split('_') {
        let mut chars = word.chars();
        name.extend(chars.next());
        name.extend(chars.map(|char| char.to_ascii_lowercase()));
    }
    name
}

/// Every field but InvokeID in wire order, floats after the fixed part. Passwords are left out.
fn fields(message: &Message) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = message
        .fields()
        .filter(|(name, _)| *name != "InvokeID")
        .map(|(name, value)| {
            let shown = match value.name {
                Some(name) => format!(
                    "{} ({})",
                    value.number,
                    name.strip_prefix("AGENT_STATE_").unwrap_or(name)
                ),
                None => value.number.to_string(),
            };
            (lower_first(name), shown)
        })
        .collect();
    for (tag, value) in message.floats().into_iter().flatten() {
        if tag.is_secret() {
            continue;
        }
        let row = message.float_row(tag);
        let name = row
            .and_then(|row| row.name)
            .or_else(|| tag.row().and_then(|row| row.field));
        let kind = row
            .and_then(|row| row.kind)
            .or_else(|| tag.row().map(|row| row.kind));
        let shown = match kind {
            Some(Kind::Text) => text(value).into_owned(),
            Some(Kind::U8 | Kind::U16 | Kind::U32 | Kind::I32) => {
                number(value).map_or_else(String::new, |number| number.to_string())
            }
            _ => value.iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        fields.push((
            name.map_or_else(|| format!("tag{}", tag.0), lower_first),
            shown,
        ));
    }
    fields
}

/// `EventReasonCode` as `eventReasonCode`, and `MRDID` as it is.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_ascii_uppercase() => {
            std::iter::once(first.to_ascii_lowercase())
                .chain(chars)
                .collect()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tact_ged188::{
        AgentState, ControlFailure, ControlFailureConf, QueryAgentStateReq, SetAgentStateReq,
    };

    #[test]
    fn names_are_the_real_server_s() {
        assert_eq!(camel_case("SET_AGENT_STATE_CONF"), "SetAgentStateConf");
        assert_eq!(lower_first("EventReasonCode"), "eventReasonCode");
        assert_eq!(lower_first("MRDID"), "MRDID");
    }

    #[test]
    fn fields_come_in_wire_order_with_names() {
        let conf = ControlFailureConf {
            invoke_id: 20,
            failure_code: ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED,
            peripheral_error_code: 10_004,
            ..ControlFailureConf::default()
        };
        let expected = [
            ("failureCode", "260 (CF_INVALID_LOGON_DEVICE_SPECIFIED)"),
            ("peripheralErrorCode", "10004"),
        ];
        assert_eq!(
            fields(&conf.into()),
            expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
        );
        let mut request = QueryAgentStateReq {
            peripheral_id: 5000,
            ..QueryAgentStateReq::default()
        };
        request.floats.push_text(Tag::AGENT_ID, "2001");
        assert_eq!(
            fields(&request.into()).last(),
            Some(&("agentID".to_owned(), "2001".to_owned()))
        );
    }

    #[test]
    fn passwords_are_left_out() {
        let mut request = SetAgentStateReq {
            agent_state: AgentState::LOGIN,
            ..SetAgentStateReq::default()
        };
        request.floats.push_text(Tag::AGENT_PASSWORD, "hunter2");
        assert!(!format!("{:?}", fields(&request.into())).contains("hunter2"));
    }
}
