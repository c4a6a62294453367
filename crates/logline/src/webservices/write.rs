//! Writes `%CCBU_` records: `seq: host: date: %CCBU_thread-sev-MNEMONIC: %[key=value]...: text` (logs.md 2.1).

use super::{AgentStateEvent, Event, Header};
use crate::{neutral, redact, time};
use std::fmt::Write as _;

/// Informational, the severity of every line of a healthy login.
const INFO: u8 = 6;

/// Names of AgentState numbers as the logs print them beside the number (logs.md 2.7).
pub const AGENT_STATES: [&str; 15] = [
    "LOGIN",
    "LOGOUT",
    "NOT_READY",
    "AVAILABLE",
    "TALKING",
    "WORK_NOT_READY",
    "WORK_READY",
    "BUSY_OTHER",
    "RESERVED",
    "UNKNOWN",
    "HOLD",
    "ACTIVE",
    "PAUSED",
    "INTERRUPTED",
    "NOT_ACTIVE",
];

/// Writes one record, one line. Line ends and other controls in values are made visible, brackets that don't
/// balance and separators in list items too, so that a value stays a value; parameters that hold credentials are masked.
pub fn write(header: &Header<'_>, event: &Event<'_>, out: &mut String) {
    // Writing to a String can't fail, here and below.
    _ = write!(
        out,
        "{:010}: {}: ",
        header.sequence,
        neutral::part(header.host)
    );
    time::write_ccbu(header.at, header.offset_minutes, out);
    _ = write!(out, ": %CCBU_{}-", neutral::line(header.thread));
    body(event, out);
    out.push('\n');
}

fn start(mnemonic: &str, out: &mut String) {
    _ = write!(out, "{INFO}-{mnemonic}: %");
}

fn item(key: &str, value: &str, out: &mut String) {
    _ = write!(out, "[{key}={}]", neutral::bracketed(value));
}

fn body(event: &Event<'_>, out: &mut String) {
    match event {
        Event::RequestStart {
            method,
            parameters,
            resource,
            user,
        } => {
            start("REQUEST_START", out);
            item("method_name", method, out);
            out.push_str("[parameter_name={ ");
            for (key, value) in *parameters {
                let value = if redact::is_secret_key(key) {
                    redact::MASK
                } else {
                    value
                };
                _ = write!(
                    out,
                    "{}=[{}], ",
                    neutral::key(key),
                    neutral::bracketed(&redact::line(value))
                );
            }
            out.push_str("}]");
            item("resource_name", resource, out);
            item("usr", user, out);
            out.push_str(": Request start");
        }
        Event::ApiRequest {
            url,
            agent_id,
            request_identifier,
            request_method,
            request_parameters,
        } => {
            start("API_REQUEST", out);
            item("REQUEST_URL", url, out);
            item("agent_id", agent_id, out);
            item(
                "request_identifier",
                request_identifier.unwrap_or("null"),
                out,
            );
            item("request_method", request_method, out);
            item("request_parameters", &redact::line(request_parameters), out);
            out.push_str(": Request from client to webservice api");
        }
        Event::RegisterApiStatsObject { component } => {
            start("REGISTER_API_STATS_OBJECT", out);
            _ = write!(
                out,
                "[resource_name=com.cisco.ccbu:category=WebAppStats,component0={}]",
                neutral::bracketed(component)
            );
            out.push_str(": Registered new api stats object for new request type.");
        }
        Event::RequestEnd { elapsed_ms } => {
            start("REQUEST_END", out);
            _ = write!(out, "[elapsed_time={elapsed_ms}]: Request complete");
        }
        Event::SetAgentStateReq {
            invoke_id,
            agent_state,
            work_mode,
            reason_code,
            force_flag,
            agent_text,
            agent_id,
        } => {
            start("MESSAGE_TO_CTI_SERVER", out);
            _ = write!(
                out,
                "[cti_message=Invoke id :{invoke_id} , agentstate : {agent_state}, workmode : {work_mode}, \
                 reason code: {}, forceflag :{force_flag}, agentcapacity: 0, agenttext: {}, agentid: {}]",
                reason_code.cast_signed(),
                neutral::item(agent_text),
                neutral::item(agent_id),
            );
            out.push_str(
                "[cti_message_name=SetAgentStateReq]: Message going to the backend cti server",
            );
        }
        Event::MessageToCtiServer {
            name,
            invoke_id,
            fields,
        } => {
            start("MESSAGE_TO_CTI_SERVER", out);
            out.push_str("[cti_message=");
            if let Some(id) = invoke_id {
                _ = write!(out, "Invoke id :{id} ");
            }
            for (index, (key, value)) in fields.iter().enumerate() {
                if index > 0 || invoke_id.is_some() {
                    out.push_str(", ");
                }
                _ = write!(
                    out,
                    "{}: {}",
                    neutral::key(key),
                    neutral::item(secret(key, value))
                );
            }
            _ = write!(
                out,
                "][cti_message_name={}]: Message going to the backend cti server",
                neutral::item(name)
            );
        }
        Event::RawMessageFromCtiServer { bytes } => {
            start("RAW_MESSAGE_FROM_CTI_SERVER", out);
            out.push_str("[cti_message=");
            for byte in *bytes {
                _ = write!(out, "{byte:02x}");
            }
            out.push_str("]: Raw message to Finesse from backend cti server");
        }
        Event::AgentStateEvent(event) => agent_state_event(event, out),
        Event::DecodedMessage {
            name,
            message_id,
            invoke_id,
            fields,
            received,
            dispatched,
        } => {
            start("DECODED_MESSAGE_FROM_CTI_SERVER", out);
            let name = neutral::key(name);
            _ = write!(out, "[cti_message=CTI{name} [");
            for (index, (key, value)) in fields.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                _ = write!(
                    out,
                    "{}={}",
                    neutral::key(key),
                    neutral::item(secret(key, value))
                );
            }
            out.push_str("]CTIMessageBean [invokeID=");
            match invoke_id {
                Some(id) => _ = write!(out, "{id}, "),
                None => out.push_str("null, "),
            }
            bean(&name, *message_id, *received, *dispatched, out);
        }
        Event::XmppPublishAsynchronous { node, payload } => {
            start("XMPP_PUBLISH_ASYNCHRONOUS", out);
            item("NodeId", node, out);
            item("Payload", payload, out);
            out.push_str(": Publishing XMPP Message Asynchronously");
        }
        Event::PresenceNotificationRecieved {
            from_jid,
            presence_type,
        } => {
            start("PRESENCE_NOTIFICATION_RECIEVED", out);
            item("FROM JID", from_jid, out);
            item("PRESENCE_TYPE", presence_type, out);
            out.push_str(": Finesse received a presence notifcation");
        }
        Event::Other {
            severity,
            mnemonic,
            fields,
            message,
        } => {
            _ = write!(out, "{}-{}: ", severity.min(&7), neutral::key(mnemonic));
            if !fields.is_empty() {
                out.push('%');
                for (key, value) in *fields {
                    item(&neutral::key(key), secret(key, &redact::line(value)), out);
                }
                if !message.is_empty() {
                    out.push_str(": ");
                }
            }
            // Behind the items a reader looks for another record's mark.
            out.push_str(&neutral::line(&redact::line(message)).replace("%CCBU_", "%25CCBU_"));
        }
    }
}

fn secret<'a>(key: &str, value: &'a str) -> &'a str {
    // `ClientPassword` of OPEN_REQ and its like.
    let hidden = redact::is_secret_key(key) || key.to_ascii_lowercase().contains("password");
    if hidden && !value.is_empty() {
        redact::MASK
    } else {
        value
    }
}

fn agent_state_event(event: &AgentStateEvent<'_>, out: &mut String) {
    start("DECODED_MESSAGE_FROM_CTI_SERVER", out);
    out.push_str("[cti_message=CTIAgentStateEvent [skillGroupState=");
    state(event.skill_group_state, out);
    _ = write!(
        out,
        ", stateDuration={}, skillGroupNumber={}, skillGroupPriority={}, agentState=",
        event.state_duration, event.skill_group_number, event.skill_group_priority,
    );
    state(event.agent_state, out);
    _ = write!(
        out,
        ", eventReasonCode={}, numFltSkillGroups=0, CTIClientSignature={}, agentID={}, agentExtension={}, \
         agentInstrument={}, agentID_Long=null, duration=null, nextAgentState=null, fltSkillGroupNumberList=[], \
         fltSkillGroupIDList=[], fltSkillGroupPriorityList=[], fltSkillGroupStateList=[], MRDId={}, agentMode={}]\
         CTIMessageBean [invokeID=null, cti_sequence_id={}, ",
        event.event_reason_code,
        neutral::item(event.signature),
        neutral::item(event.agent_id),
        neutral::item(event.agent_extension),
        neutral::item(event.agent_instrument),
        event.mrd_id,
        event.agent_mode,
        event.sequence,
    );
    bean("AgentStateEvent", 30, event.received, event.dispatched, out);
}

fn state(number: u16, out: &mut String) {
    let name = AGENT_STATES
        .get(usize::from(number))
        .copied()
        .unwrap_or("UNKNOWN");
    _ = write!(out, "{number} ({name})");
}

/// The rest of a decoded message, from `msgID=`.
fn bean(name: &str, message_id: u32, received: i64, dispatched: i64, out: &mut String) {
    _ = write!(
        out,
        "msgID={message_id}, timeTracker={{\"id\":\"{name}\",\"CTI_MSG_RECEIVED\":{received},\
         \"CTI_MSG_DISPATCH\":{dispatched}}}, msgName={name}, deploymentType=CCE]][cti_response_time={}]\
         : Decoded Message to Finesse from backend cti server",
        dispatched.saturating_sub(received),
    );
}
