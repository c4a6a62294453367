//! CTI messages as lines of the CTI server's log.
//!
//! Passwords are left out. Knows how values are spelt there, not where the lines go. Source: logs.md
//! 2.7 and the technote.

use std::borrow::Cow;
use std::fmt::Write as _;

use tact_ged188::{AgentState, Floats, Kind, Message, PeripheralType, Protocol, Tag, number, text};
use tact_logline::ctisvr::{Body, Value};

/// Fixed fields that are written in hex beside those whose name ends in `Mask`.
const HEX_FIELDS: [&str; 7] = [
    "InvokeID",
    "SessionID",
    "ServicesRequested",
    "ServicesGranted",
    "PGStatus",
    "ConfigInformation",
    "ConnectionCallID",
];
/// How the log names the kind of switch of a UCCE centre.
const ENTERPRISE_AGENT: &str = "EnterpriseAgent";
/// All ones: the number is not set.
const UNSET: i64 = 0xffff_ffff;

/// A line that is no message.
pub(crate) fn trace<'a>(text: impl Into<Cow<'a, str>>) -> Body<'a> {
    Body::Trace(text.into())
}

/// The message above went to these sessions too.
pub(crate) fn also_to(sessions: impl Iterator<Item = u32>) -> Body<'static> {
    let mut text = String::from("Also to sessions");
    for session in sessions {
        // Writing to a String cannot fail.
        let _ = write!(text, " {session}");
    }
    text.push('.');
    trace(text)
}

/// `MsgType:NAME (Key:Value ...)`.
pub(crate) fn message(message: &Message, protocol: Protocol) -> Body<'_> {
    let mut fields: Vec<(Cow<'_, str>, Value<'_>)> = message
        .fields_at(protocol)
        .map(|(name, value)| (Cow::Borrowed(name), fixed(name, value)))
        .collect();
    if let Some(floats) = message.floats() {
        for (tag, value) in floats {
            if !tag.is_secret() {
                fields.push((float_name(message, tag), float(message, tag, value)));
            }
        }
    }
    if let Message::Unknown(unknown) = message {
        fields.push((
            "MessageType".into(),
            Value::Number(unknown.message_type.into()),
        ));
        let length = i64::try_from(unknown.body.len()).unwrap_or(i64::MAX);
        fields.push(("MessageLength".into(), Value::Number(length)));
    }
    Body::Message {
        name: message.name().into(),
        fields,
    }
}

fn fixed(name: &str, value: tact_ged188::Value) -> Value<'static> {
    match value.name {
        Some(code) => Value::Name(code_name(name, value.number, code).into()),
        None if name.ends_with("Mask") || HEX_FIELDS.contains(&name) => {
            Value::Hex(u64::try_from(value.number).unwrap_or(0))
        }
        None if value.number == UNSET => Value::Name("N/A".into()),
        None => Value::Number(value.number),
    }
}

/// The guides' names, without what only tells them apart from other codes.
fn code_name(field: &str, number: i64, code: &'static str) -> &'static str {
    if field == "PeripheralType" && number == i64::from(PeripheralType::ENTERPRISE_AGENT.0) {
        return ENTERPRISE_AGENT;
    }
    code.strip_prefix("AGENT_STATE_").unwrap_or(code)
}

/// As in the message chapters; the log drops the `CTI` before the signature.
fn float_name(message: &Message, tag: Tag) -> Cow<'static, str> {
    if tag == Tag::CLIENT_SIGNATURE {
        return "ClientSignature".into();
    }
    let name = message
        .float_row(tag)
        .and_then(|row| row.name)
        .or_else(|| tag.row().and_then(|row| row.field));
    match name {
        Some(name) => name.into(),
        None => format!("Tag{}", tag.0).into(),
    }
}

fn float<'a>(message: &Message, tag: Tag, value: &'a [u8]) -> Value<'a> {
    let states = [
        Tag::ATC_AGENT_STATE,
        Tag::SKILL_GROUP_STATE,
        Tag::EXT_AGENT_STATE,
    ];
    if states.contains(&tag)
        && let Some(state) = number(value).and_then(|state| u16::try_from(state).ok())
    {
        return Value::Name(state_name(AgentState(state)));
    }
    let kind = message
        .float_row(tag)
        .and_then(|row| row.kind)
        .or_else(|| tag.row().map(|row| row.kind));
    match (kind, number(value)) {
        (Some(Kind::Text), _) => Value::Text(text(value)),
        (Some(Kind::U8 | Kind::U16 | Kind::U32 | Kind::I32), Some(number)) => {
            Value::Number(number.into())
        }
        _ => {
            let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
            Value::Text(hex.into())
        }
    }
}

fn state_name(state: AgentState) -> Cow<'static, str> {
    match state.name() {
        Some(name) => name.strip_prefix("AGENT_STATE_").unwrap_or(name).into(),
        None => state.0.to_string().into(),
    }
}

/// The four lines that follow a state change; none for any other message.
pub(crate) fn agent_event(message: &Message) -> Vec<String> {
    let Message::AgentStateEvent(event) = message else {
        return Vec::new();
    };
    let text_at = |tag| text_or_empty(&event.floats, tag);
    let direction = event.floats.u32(Tag::DIRECTION).unwrap_or_default();
    vec![
        format!(
            "AGENT_EVENT: ID={} Periph={} Ext={} Inst={} Sig={}",
            text_at(Tag::AGENT_ID),
            event.peripheral_id,
            text_at(Tag::AGENT_EXTENSION),
            text_at(Tag::AGENT_INSTRUMENT),
            text_at(Tag::CLIENT_SIGNATURE),
        ),
        format!(
            "SkgState={} SkgDuration={} OverallState={} OverallDuration={} Reason={}",
            state_name(event.skill_group_state),
            event.state_duration,
            state_name(event.agent_state),
            event.state_duration,
            event.event_reason_code,
        ),
        format!(
            "MRDID={} NumTasks={} MaxTaskLimit={} AgtMode={} AGTAvailabilityStatus={} ICMAgtID={}",
            event.mrd_id,
            event.num_tasks,
            event.max_task_limit,
            event.agent_mode,
            event.agent_availability_status,
            event.icm_agent_id,
        ),
        format!(
            "SkTgtID={} SkGrpNo=0x{:x} SkGrpID={} NumLines=0 CurLine=0 ClientStatus=0x0 Direction={direction}",
            event.icm_agent_id, event.skill_group_number, event.skill_group_id,
        ),
    ]
}

fn text_or_empty(floats: &Floats, tag: Tag) -> Cow<'_, str> {
    floats.text(tag).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tact_ged188::{AgentStateEvent, SetAgentStateReq};

    fn find<'a>(body: &'a Body<'_>, key: &str) -> Option<&'a Value<'a>> {
        let Body::Message { fields, .. } = body else {
            panic!("not a message");
        };
        fields
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    #[test]
    fn passwords_are_left_out_and_invoke_ids_are_hex() {
        let mut request = SetAgentStateReq {
            invoke_id: 0x1b65f,
            ..Default::default()
        };
        request.floats.push_text(Tag::AGENT_ID, "2001");
        request.floats.push_text(Tag::AGENT_PASSWORD, "hunter2");
        let request = Message::from(request);
        let body = message(&request, Protocol::CURRENT);
        assert_eq!(find(&body, "InvokeID"), Some(&Value::Hex(0x1b65f)));
        assert_eq!(
            find(&body, "AgentState"),
            Some(&Value::Name("LOGIN".into()))
        );
        assert_eq!(find(&body, "AgentID"), Some(&Value::Text("2001".into())));
        assert!(!format!("{body:?}").contains("hunter2"));
    }

    #[test]
    fn a_sign_in_reads_as_in_the_technote() {
        let mut event = AgentStateEvent {
            peripheral_id: 5001,
            peripheral_type: PeripheralType::ENTERPRISE_AGENT,
            agent_state: AgentState::NOT_READY,
            skill_group_id: 5006,
            mrd_id: 1,
            agent_mode: 1,
            max_task_limit: 1,
            icm_agent_id: 5001,
            ..Default::default()
        };
        event.floats.push_text(Tag::AGENT_ID, "2001");
        event.floats.push_text(Tag::AGENT_EXTENSION, "2003");
        event.floats.push_text(Tag::AGENT_INSTRUMENT, "2003");
        let event = Message::from(event);
        let lines = agent_event(&event);
        assert_eq!(
            lines,
            [
                "AGENT_EVENT: ID=2001 Periph=5001 Ext=2003 Inst=2003 Sig=",
                "SkgState=LOGIN SkgDuration=0 OverallState=NOT_READY OverallDuration=0 Reason=0",
                "MRDID=1 NumTasks=0 MaxTaskLimit=1 AgtMode=1 AGTAvailabilityStatus=0 ICMAgtID=5001",
                "SkTgtID=5001 SkGrpNo=0x0 SkGrpID=5006 NumLines=0 CurLine=0 ClientStatus=0x0 Direction=0",
            ]
        );
        let body = message(&event, Protocol::CURRENT);
        assert_eq!(
            find(&body, "PeripheralType"),
            Some(&Value::Name("EnterpriseAgent".into()))
        );
        assert_eq!(find(&body, "SessionID"), Some(&Value::Hex(0)));
    }
}
