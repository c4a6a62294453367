//! The ticker on a paused clock, and what the log says of messages to many.

use std::sync::OnceLock;
use std::time::Duration;

use tact_acd::OPEN_TIMEOUT_MS;
use tact_acd::config::AgentConfig;
use tact_ged188::{OpenReq, Services, SetAgentStateReq, StatusCode, Tag, decode};
use tokio::time::Instant;

use super::*;
use crate::telemetry::LogSettings;

/// The time of the paused runtime.
fn paused_clock() -> i64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let elapsed = START.get_or_init(Instant::now).elapsed();
    i64::try_from(elapsed.as_millis()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_opens_is_timed_out_by_the_ticker() {
    let handle = AcdHandle::with_clock(
        Config::new(5000),
        Logs::discard(),
        Limits::default(),
        paused_clock,
    );
    let ticking = tokio::spawn({
        let handle = handle.clone();
        async move { handle.tick_for_ever().await }
    });
    // The ticker sleeps with nothing due when the client comes.
    tokio::time::sleep(Duration::from_secs(60)).await;
    let connected = Instant::now();
    let (_, outbox) = handle.connect(([127, 0, 0, 1], 1).into());
    let mut messages = std::collections::VecDeque::new();
    assert!(outbox.take(&mut messages).await);
    let waited = i64::try_from(connected.elapsed().as_millis()).unwrap();
    assert!(
        (OPEN_TIMEOUT_MS..OPEN_TIMEOUT_MS + 1000).contains(&waited),
        "{waited} ms"
    );
    match decode(&messages[0], Protocol::CURRENT).unwrap() {
        Message::FailureEvent(event) => assert_eq!(event.status, StatusCode::TIMEOUT),
        other => panic!("{other:?}"),
    }
    assert!(!outbox.take(&mut messages).await);
    assert_eq!(handle.read(Acd::clients), 0);
    ticking.abort();
}

#[test]
fn a_message_to_many_is_dumped_once_and_names_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let logs = Logs::open(LogSettings {
        directory: folder.path().to_owned(),
        host: "localhost".into(),
        notification_wire: false,
        max_file_bytes: 1 << 20,
        max_files: 3,
    })
    .unwrap();
    let config = Config {
        agents: vec![AgentConfig {
            id: "2001".into(),
            ..AgentConfig::default()
        }],
        extensions: vec!["3001".into()],
        ..Config::new(5000)
    };
    let handle = AcdHandle::new(config, logs.clone());
    // The third one speaks another version.
    for version_number in [24, 24, 23, 24] {
        let (client, _) = handle.connect(([127, 0, 0, 1], 1).into());
        let mut open = OpenReq {
            version_number,
            idle_timeout: u32::MAX,
            peripheral_id: 5000,
            services_requested: Services::ALL_EVENTS | Services::CLIENT_CONTROL,
            ..OpenReq::default()
        };
        open.agent_state_mask.0 = 0x3fff;
        open.floats.push_text(Tag::CLIENT_ID, &client.0.to_string());
        let message = open.into();
        handle.step(Input::Message { client, message });
    }
    let mut login = SetAgentStateReq {
        peripheral_id: 5000,
        ..SetAgentStateReq::default()
    };
    login.floats.push_text(Tag::AGENT_ID, "2001");
    login.floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
    let client = ClientId(1);
    let message = login.into();
    handle.step(Input::Message { client, message });
    logs.close();
    let mut files = std::fs::read_dir(folder.path().join("ctisvr")).unwrap();
    let text = std::fs::read_to_string(files.next().unwrap().unwrap().path()).unwrap();
    let count = |what: &str| text.lines().filter(|line| line.contains(what)).count();
    // A sign-in is two events.
    assert_eq!(count("Session 1: MsgType:AGENT_STATE_EVENT"), 2, "{text}");
    assert_eq!(count("Session 3: MsgType:AGENT_STATE_EVENT"), 2, "{text}");
    assert_eq!(count("MsgType:AGENT_STATE_EVENT"), 4, "{text}");
    assert_eq!(
        count("Session 1: Trace: Also to sessions 2 4."),
        2,
        "{text}"
    );
}
