//! A webservices record to what it says of a login.

use tact_logline::webservices::Event;

use super::{elapsed, parameter, time_of};
use crate::fact::Kind;
use crate::published::{self, request_id};

/// AgentState LOGIN.
const LOGIN: u16 = 0;

#[derive(Clone, Copy)]
pub(crate) struct Thread<'a> {
    pub(crate) host: &'a str,
    pub(crate) name: &'a str,
}

impl Thread<'_> {
    /// Two hosts may have threads of one name.
    fn key(self) -> String {
        format!("{} {}", self.host, self.name)
    }
}

/// What this record says; `None` where a login has no use for it.
pub(crate) fn kind(event: &Event<'_>, thread: Thread<'_>) -> Option<Kind> {
    Some(match event {
        Event::RequestStart {
            method,
            parameters,
            resource,
            user,
        } => Kind::Start {
            thread: thread.key(),
            method: (*method).to_owned(),
            resource: (*resource).to_owned(),
            nocache: parameter(parameters, "nocache").and_then(time_of),
            category: parameter(parameters, "category").map(str::to_owned),
            user: (*user).to_owned(),
        },
        Event::ApiRequest {
            url,
            agent_id,
            request_identifier,
            request_method,
            request_parameters,
        } => Kind::Api {
            thread: thread.key(),
            url: (*url).to_owned(),
            agent: (*agent_id).to_owned(),
            request_id: request_identifier
                .map(str::trim)
                .filter(|id| !id.is_empty())
                .map(str::to_owned),
            method: request_method.split_ascii_whitespace().collect(),
            parameters: (*request_parameters).to_owned(),
        },
        Event::RequestEnd { elapsed_ms } => Kind::End {
            thread: thread.key(),
            elapsed: elapsed(*elapsed_ms),
        },
        Event::SetAgentStateReq {
            invoke_id,
            agent_state: LOGIN,
            agent_text,
            agent_id,
            ..
        } => Kind::CtiRequest {
            invoke_id: *invoke_id,
            agent: (*agent_id).to_owned(),
            extension: (*agent_text).to_owned(),
        },
        Event::AgentStateEvent(event) => Kind::CtiEvent {
            agent: event.agent_id.to_owned(),
            state: event.agent_state,
            reason: event.event_reason_code,
            received: event.received,
            dispatched: event.dispatched,
        },
        Event::DecodedMessage {
            name,
            invoke_id: Some(invoke_id),
            fields,
            ..
        } => {
            let invoke_id = *invoke_id;
            match *name {
                "SetAgentStateConf" => Kind::CtiConf { invoke_id },
                "ControlFailureConf" | "FailureConf" => {
                    let shown = ["failureCode", "status"]
                        .iter()
                        .find_map(|key| parameter(fields, key))
                        .unwrap_or_default();
                    let name = shown
                        .split_once('(')
                        .map_or("", |(_, name)| name.trim_end_matches(')'));
                    Kind::CtiFailure {
                        invoke_id,
                        code: leading(shown).unwrap_or(0),
                        name: name.to_owned(),
                        peripheral: parameter(fields, "peripheralErrorCode")
                            .and_then(|text| text.split_ascii_whitespace().next()?.parse().ok())
                            .unwrap_or(0),
                    }
                }
                _ => return None,
            }
        }
        Event::XmppPublishAsynchronous { node, payload } => {
            // An article's line break may stand inside the node.
            let node: String = node.split_ascii_whitespace().collect();
            let agent = node
                .strip_prefix("/finesse/api/User/")
                .filter(|rest| !rest.contains('/'))?;
            Kind::Publish {
                agent: agent.to_owned(),
                request_id: request_id(payload),
                state: published::state(payload),
                error: published::failure(payload),
            }
        }
        Event::PresenceNotificationRecieved {
            from_jid,
            presence_type,
        } => Kind::Presence {
            jid: (*from_jid).to_owned(),
            available: *presence_type == "available",
        },
        Event::Other {
            mnemonic,
            fields,
            message,
            severity,
        } => other(*severity, mnemonic, fields, message, thread)?,
        _ => return None,
    })
}

fn other(
    severity: u8,
    mnemonic: &str,
    fields: &[(String, String)],
    message: &str,
    thread: Thread<'_>,
) -> Option<Kind> {
    let field = |key: &str| parameter(fields, key).unwrap_or_default();
    Some(match mnemonic {
        "API_ERROR_DETAIL" => Kind::ApiError {
            thread: thread.key(),
            status: leading(field("status")).unwrap_or(500),
            text: [field("errorType"), field("errorMessage")]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(": "),
        },
        "CTI_CONNECTION_ESTABLISHED" => Kind::Link {
            up: true,
            text: String::new(),
        },
        name if LINK.contains(&name) => {
            let why = ["reason", "status_name", "status"]
                .iter()
                .map(|key| field(key))
                .find(|text| !text.is_empty());
            Kind::Link {
                up: false,
                text: format!("{mnemonic}: {}", why.unwrap_or(message)),
            }
        }
        // Severities 0 to 3 are errors.
        name if ALARMS.contains(&name) || severity <= 3 => Kind::Alarm {
            name: name.to_owned(),
            text: alarm_text(fields, message),
        },
        _ => return None,
    })
}

/// The link to the CTI server went down.
const LINK: [&str; 4] = [
    "CTI_CONNECTION_LOST",
    "CTI_SOCKET_ERROR",
    "CTI_OPEN_FAILURE",
    "CTI_CONNECTION_RETRIES_EXCEEDED",
];

/// The alarms and events of logs.md 2.2 that say something about the system.
const ALARMS: [&str; 22] = [
    "CTI_DISCONNECT",
    "RESET_PRIMARY_CTI_CONNECTION",
    "SWAP_CTI_CONNECTIONS",
    "UNABLE_TO_CONNECT_TO_XMPP_SERVER",
    "CONNECTED_TO_XMPP_SERVER",
    "OF_STATE_CHANGED",
    "AWDB_NOT_ACCESSIBLE",
    "AWDB_CONNECTION_ERROR",
    "AWDB_CONNECTION_SWITCH_SUCCESS",
    "DB_SS_CONNECTION_CHECK",
    "cfservice_CORE_ERROR_DB_CONNECTION",
    "VOS_DB_ADAPTER_ERROR",
    "SUBSYS_INIT_ERROR",
    "FINESSE_APP_STARTUP_ERROR",
    "SSO_API_ERROR",
    "FINESSE_MAINTENANCE_MODE_FAILED",
    "FINESSE_MAINTENANCE_MODE_REQ_ACCEPTED",
    "FINESSE_MAINTENANCE_MODE_COMPLETED",
    "QUEUE STATISTICS POLLING ERROR",
    "QUEUE_STATISTICS_POLLING_ERROR",
    "SECURE_IMAP_CLIENT_CONNECTION_EXCEPTION",
    "SILENT_MONITOR_ERROR",
];

/// True for a mnemonic of [`Kind::Alarm`], [`Kind::Link`] or [`Kind::ApiError`].
pub(crate) fn is_of_the_system(mnemonic: &str) -> bool {
    ALARMS.contains(&mnemonic)
        || LINK.contains(&mnemonic)
        || matches!(mnemonic, "API_ERROR_DETAIL" | "CTI_CONNECTION_ESTABLISHED")
}

/// Most characters that are kept of an alarm.
const ALARM_TEXT: usize = 300;

fn alarm_text(fields: &[(String, String)], message: &str) -> String {
    let mut text = String::new();
    for (key, value) in fields {
        text.push_str(key);
        text.push('=');
        text.push_str(value);
        text.push(' ');
    }
    text.push_str(message);
    text.chars().take(ALARM_TEXT).collect()
}

/// `260 (CF_INVALID_LOGON_DEVICE_SPECIFIED)`.
fn leading(text: &str) -> Option<u16> {
    text.split_ascii_whitespace().next()?.parse().ok()
}
