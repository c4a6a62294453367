//! Every event, written and read; and values that try to be more than a value.

use proptest::prelude::*;
use tact_logline::redact;
use tact_logline::webservices::{AgentStateEvent, Event, Header, Lists, parse, write};

/// A value that the grammar can carry as it is.
fn plain() -> impl Strategy<Value = String> {
    "[A-Za-z0-9/._@-]{1,20}"
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    // The value of a key such as `st` is masked.
    let key = "[a-zA-Z]{1,12}".prop_filter("no secret", |key| !redact::is_secret_key(key));
    prop::collection::vec((key, plain()), 0..4)
}

fn written(event: &Event<'_>) -> String {
    let header = Header {
        sequence: 7,
        host: "localhost",
        at: 1_795_407_035_627,
        offset_minutes: 60,
        thread: "http-bio-8445-exec-10",
    };
    let mut line = String::new();
    write(&header, event, &mut line);
    line
}

/// Writes, reads, compares; the head too.
fn round_trips(event: &Event<'_>) -> Result<(), TestCaseError> {
    let line = written(event);
    prop_assert_eq!(line.matches('\n').count(), 1, "{}", line);
    let Some(record) = parse(&line) else {
        return Err(TestCaseError::fail(format!("not read: {line}")));
    };
    prop_assert_eq!(record.sequence, Some(7));
    prop_assert_eq!(record.host, Some("localhost"));
    prop_assert_eq!(record.at, Some((1_795_407_035_627, 60)));
    prop_assert_eq!(record.thread, "http-bio-8445-exec-10");
    let mut lists = Lists::default();
    prop_assert_eq!(&record.event(&mut lists), event, "{}", line);
    Ok(())
}

proptest! {
    #[test]
    fn requests(method in "GET|PUT|POST", parameters in pairs(), resource in plain(), user in "[0-9]{0,8}", id in prop::option::of(plain()), elapsed_ms: u64) {
        round_trips(&Event::RequestStart { method: &method, parameters: &parameters, resource: &resource, user: &user })?;
        round_trips(&Event::ApiRequest {
            url: &resource,
            agent_id: &user,
            request_identifier: id.as_deref().filter(|id| *id != "null"),
            request_method: "user.PUT",
            request_parameters: " extension:2003 state:LOGIN",
        })?;
        round_trips(&Event::RegisterApiStatsObject { component: "User-[id]-PUT" })?;
        round_trips(&Event::RequestEnd { elapsed_ms })?;
    }

    #[test]
    fn messages_to_the_cti_server(invoke_id: u32, agent_state in 0u16..15, work_mode in 0u16..5, reason_code: u16, force_flag: u8, agent_text in "[0-9]{1,8}", agent_id in "[0-9]{1,8}", fields in pairs()) {
        round_trips(&Event::SetAgentStateReq { invoke_id, agent_state, work_mode, reason_code, force_flag, agent_text: &agent_text, agent_id: &agent_id })?;
        round_trips(&Event::MessageToCtiServer { name: "QueryAgentStateReq", invoke_id: Some(invoke_id), fields: &fields })?;
    }

    #[test]
    fn messages_from_the_cti_server(bytes in prop::collection::vec(any::<u8>(), 1..60), fields in pairs(), invoke_id in prop::option::of(any::<u32>()), received in 0i64..4_000_000_000_000, took in 0i64..10_000) {
        round_trips(&Event::RawMessageFromCtiServer { bytes: &bytes })?;
        round_trips(&Event::DecodedMessage {
            name: "ControlFailureConf",
            message_id: 35,
            invoke_id,
            fields: &fields,
            received,
            dispatched: received + took,
        })?;
    }

    #[test]
    fn agent_state_events(numbers in prop::array::uniform5(any::<u16>()), skill_group_number: u32, state_duration: u32, agent_id in "[0-9]{1,8}", extension in "[0-9]{1,8}", mrd_id: i32, sequence: u64, received in 0i64..4_000_000_000_000) {
        let [skill_group_state, agent_state, event_reason_code, skill_group_priority, agent_mode] = numbers;
        round_trips(&Event::AgentStateEvent(AgentStateEvent {
            skill_group_state,
            state_duration,
            skill_group_number,
            skill_group_priority,
            agent_state,
            event_reason_code,
            signature: "Finesse",
            agent_id: &agent_id,
            agent_extension: &extension,
            agent_instrument: &extension,
            mrd_id,
            agent_mode,
            sequence,
            received,
            dispatched: received,
        }))?;
    }

    #[test]
    fn what_is_published_and_who_is_present(node in plain(), id in plain(), jid in plain()) {
        let payload = format!("<Update><data><user><state>READY</state></user></data><requestId>{id}</requestId></Update>");
        round_trips(&Event::XmppPublishAsynchronous { node: &node, payload: &payload })?;
        round_trips(&Event::PresenceNotificationRecieved { from_jid: &jid, presence_type: "available" })?;
    }

    /// A value of a client stays inside its record, whatever it holds.
    #[test]
    fn no_value_forges_a_record(value in "\\PC*|(.|\n|\r){0,40}", other in any::<String>()) {
        let parameters = [(value.clone(), other.clone())];
        for event in [
            Event::RequestStart { method: "GET", parameters: &parameters, resource: &value, user: &other },
            Event::ApiRequest { url: &value, agent_id: &other, request_identifier: Some(&value), request_method: "user.PUT", request_parameters: &other },
            Event::PresenceNotificationRecieved { from_jid: &value, presence_type: "available" },
        ] {
            let line = written(&event);
            prop_assert_eq!(line.matches('\n').count(), 1, "{:?}", line);
            prop_assert!(!line.contains('\r'));
            let record = parse(&line);
            prop_assert!(record.as_ref().is_some_and(|record| record.sequence == Some(7)), "{:?}", line);
        }
    }
}
