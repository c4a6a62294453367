//! OPEN_REQ to CLOSE_CONF, heartbeats and time-outs (ged188 5.2 to 5.4).

use tact_acd::{ClientId, CloseReason, Input, Malformed, OPEN_TIMEOUT_MS, Output};
use tact_ged188::{
    AgentState, CloseReq, HeartbeatReq, MakePredictiveCallReq, Message, OpenConf, OpenReq,
    Services, SessionType, SystemEventId, Tag, Unknown, UserMessageEvent,
};

use crate::harness::{Centre, PERIPHERAL, agent_open_req, names, open_req, sent_to, status};

fn open_conf(message: &Message) -> OpenConf {
    match message {
        Message::OpenConf(conf) => conf.clone(),
        other => panic!("{other:?}"),
    }
}

fn closed(out: &[Output], client: ClientId) -> Option<CloseReason> {
    out.iter().find_map(|output| match output {
        Output::Close {
            client: closed,
            reason,
        } if *closed == client => Some(*reason),
        _ => None,
    })
}

#[test]
fn an_opened_session_gets_its_services_the_system_and_the_teams() {
    let mut centre = Centre::new();
    let client = centre.connect();
    let mut request = open_req();
    request.services_requested |=
        Services::CONNECTION_MONITOR | Services::ACTIVE_STANDBY | Services::AGENT_REPORTING;
    let answers = centre.ask(client, request);
    assert_eq!(
        names(&answers),
        [
            "OPEN_CONF",
            "SYSTEM_EVENT",
            "AGENT_TEAM_CONFIG_EVENT",
            "AGENT_TEAM_CONFIG_EVENT"
        ]
    );
    let conf = open_conf(&answers[0]);
    let granted = Services::ALL_EVENTS
        | Services::CLIENT_CONTROL
        | Services::CONNECTION_MONITOR
        | Services::SUPERVISOR
        | Services::ACTIVE_STANDBY;
    assert_eq!(conf.services_granted, granted);
    assert_eq!((conf.invoke_id, conf.monitor_id), (1, 0));
    assert_eq!(conf.agent_state, AgentState::UNKNOWN);
    assert_eq!(conf.session_type, SessionType::ACTIVE);
    assert!(conf.peripheral_online.is_true());
    assert_eq!(conf.icm_central_controller_time, 1_700_000_000);
    assert_eq!(conf.floats.u32(Tag::PERIPHERAL_ID), Some(PERIPHERAL));
    match &answers[1] {
        Message::SystemEvent(event) => {
            assert_eq!(event.system_event_id, SystemEventId::PERIPHERAL_ONLINE);
            assert_eq!(event.system_event_arg1, PERIPHERAL);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_fault_of_an_open_req_has_its_status() {
    type Spoil = fn(&mut OpenReq);
    let faults: [(u32, Spoil); 14] = [
        (1, |r| r.version_number = 8),
        (1, |r| r.version_number = 26),
        (6, |r| r.floats = Default::default()),
        (7, |r| r.peripheral_id = 4711),
        (7, |r| {
            r.peripheral_id = u32::MAX;
            r.services_requested = Services::CLIENT_EVENTS;
        }),
        (12, |r| r.services_requested = Services::SUPERVISOR),
        (18, |r| r.idle_timeout = 19),
        (19, |r| r.services_requested.0 |= 0x4000),
        (19, |r| r.services_requested.0 |= 0x4000_0000),
        (20, |r| {
            r.version_number = 22;
            r.call_msg_mask.0 = 0x1000_0000;
        }),
        (21, |r| r.agent_state_mask.0 = 0x4000),
        (22, |r| r.reserved2 = 1),
        (95, |r| r.config_msg_mask.0 = 0x400),
        (6, |r| r.services_requested = Services::CLIENT_EVENTS),
    ];
    for (expected, spoil) in faults {
        let mut centre = Centre::new();
        let client = centre.connect();
        let mut request = open_req();
        spoil(&mut request);
        let answer = centre.answer(client, request);
        assert_eq!((status(&answer), answer.invoke_id()), (expected, Some(1)));
        // The connection is as fresh as before.
        assert_eq!(names(&centre.ask(client, open_req()))[0], "OPEN_CONF");
    }
}

#[test]
fn of_several_faults_the_first_in_the_order_of_the_checks_is_told() {
    let mut centre = Centre::new();
    let client = centre.connect();
    let mut request = open_req();
    request.reserved1 = 9;
    request.idle_timeout = 1;
    request.services_requested.0 |= 0x4000;
    assert_eq!(status(&centre.answer(client, request.clone())), 18);
    request.version_number = 99;
    assert_eq!(status(&centre.answer(client, request)), 1);
}

#[test]
fn an_all_events_client_need_not_name_the_peripheral() {
    let mut centre = Centre::new();
    centre.open_with(OpenReq {
        peripheral_id: u32::MAX,
        ..open_req()
    });
}

#[test]
fn the_session_of_one_agent() {
    let mut centre = Centre::new();
    let all = centre.open();
    centre.sign_in(all, "2001", "3001");
    let client = centre.connect();
    let answers = centre.ask(client, agent_open_req("a", Some("2001"), Some("3001")));
    assert_eq!(names(&answers), ["OPEN_CONF"]);
    let conf = open_conf(&answers[0]);
    assert_ne!(conf.monitor_id, 0);
    assert_eq!(conf.agent_state, AgentState::NOT_READY);
    assert_eq!(conf.floats.text(Tag::AGENT_ID).as_deref(), Some("2001"));
    assert_eq!(
        conf.floats.text(Tag::AGENT_EXTENSION).as_deref(),
        Some("3001")
    );
}

#[test]
fn agent_fields_must_be_known_and_agree() {
    let cases = [
        (8, Some("9999"), None),
        (8, None, Some("9999")),
        (32, Some("2001"), Some("3002")),
    ];
    for (expected, agent, extension) in cases {
        let mut centre = Centre::new();
        let all = centre.open();
        centre.sign_in(all, "2001", "3001");
        let client = centre.connect();
        let answer = centre.answer(client, agent_open_req("a", agent, extension));
        assert_eq!(status(&answer), expected);
    }
    let mut centre = Centre::new();
    let client = centre.connect();
    let mut request = agent_open_req("a", None, Some("3001"));
    request.floats.push_text(Tag::AGENT_INSTRUMENT, "3002");
    assert_eq!(status(&centre.answer(client, request)), 32);
}

#[test]
fn a_phone_has_one_client_and_the_same_client_replaces_itself() {
    let mut centre = Centre::new();
    let first = centre.open_with(agent_open_req("a", None, Some("3001")));
    let stranger = centre.connect();
    let answer = centre.answer(stranger, agent_open_req("b", None, Some("3001")));
    assert_eq!(status(&answer), 10);
    let again = centre.connect();
    let out = centre.send(again, agent_open_req("a", None, Some("3001")));
    assert_eq!(status(&sent_to(&out, first)[0]), 11);
    assert_eq!(closed(&out, first), Some(CloseReason::Replaced));
    assert_eq!(names(&sent_to(&out, again)), ["OPEN_CONF"]);
}

#[test]
fn nothing_is_served_before_the_session_is_open() {
    let mut centre = Centre::new();
    let client = centre.connect();
    let heartbeat = HeartbeatReq {
        invoke_id: 9,
        ..Default::default()
    };
    let answer = centre.answer(client, heartbeat);
    assert_eq!(
        (answer.name(), answer.invoke_id(), status(&answer)),
        ("FAILURE_CONF", Some(9), 4)
    );
    let answer = centre.answer(client, UserMessageEvent::default());
    assert_eq!((answer.name(), status(&answer)), ("FAILURE_EVENT", 4));
}

#[test]
fn a_second_open_req_is_refused_and_changes_nothing() {
    let mut centre = Centre::new();
    let client = centre.open();
    let out = centre.send(
        client,
        OpenReq {
            version_number: 15,
            ..open_req()
        },
    );
    assert_eq!(status(&sent_to(&out, client)[0]), 5);
    assert_eq!(out.len(), 1);
}

#[test]
fn heartbeats_are_confirmed_and_keep_the_session() {
    let mut centre = Centre::new();
    let client = centre.open();
    for _ in 0..10 {
        centre.now += 15_000;
        assert!(centre.handle(Input::Tick).is_empty());
        let heartbeat = HeartbeatReq {
            invoke_id: 5,
            ..Default::default()
        };
        let answer = centre.answer(client, heartbeat);
        assert_eq!(
            (answer.name(), answer.invoke_id()),
            ("HEARTBEAT_CONF", Some(5))
        );
    }
    let due = centre.acd.next_due().unwrap();
    assert!(due <= centre.now + 20_000);
}

#[test]
fn a_silent_session_ends_after_its_idle_timeout() {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.now += 19_999;
    assert!(centre.handle(Input::Tick).is_empty());
    centre.now += 1;
    let out = centre.handle(Input::Tick);
    assert_eq!(status(&sent_to(&out, client)[0]), 16);
    assert_eq!(closed(&out, client), Some(CloseReason::Idle));
    assert_eq!((centre.acd.clients(), centre.acd.next_due()), (0, None));
}

#[test]
fn a_session_without_idle_timeout_has_no_timer() {
    let mut centre = Centre::new();
    centre.open_with(OpenReq {
        idle_timeout: u32::MAX,
        ..open_req()
    });
    assert_eq!(centre.acd.next_due(), None);
}

#[test]
fn a_connection_that_never_opens_is_closed_whatever_it_sends() {
    let mut centre = Centre::new();
    let client = centre.connect();
    centre.now += OPEN_TIMEOUT_MS - 1;
    assert!(centre.handle(Input::Tick).is_empty());
    centre.ask(client, HeartbeatReq::default());
    centre.now += 1;
    let out = centre.handle(Input::Tick);
    assert_eq!(closed(&out, client), Some(CloseReason::NotOpened));
}

#[test]
fn close_is_confirmed_before_the_connection_goes() {
    let mut centre = Centre::new();
    let client = centre.open();
    let request = CloseReq {
        invoke_id: 3,
        ..Default::default()
    };
    let out = centre.send(client, request);
    assert!(matches!(&out[0], Output::Send { message, .. } if message.name() == "CLOSE_CONF"));
    assert_eq!(
        out[1],
        Output::Close {
            client,
            reason: CloseReason::Requested
        }
    );
    assert!(centre.send(client, HeartbeatReq::default()).is_empty());
}

#[test]
fn what_nobody_serves_is_refused() {
    let mut centre = Centre::new();
    let client = centre.open();
    let call = MakePredictiveCallReq {
        invoke_id: 8,
        ..Default::default()
    };
    let answer = centre.answer(client, call);
    assert_eq!(
        (answer.name(), answer.invoke_id(), status(&answer)),
        ("FAILURE_CONF", Some(8), 12)
    );
    let unknown = Message::Unknown(Unknown {
        message_type: 9999,
        body: vec![0; 8],
    });
    for message in [unknown, UserMessageEvent::default().into()] {
        let answer = centre.answer(client, message);
        assert_eq!((answer.name(), status(&answer)), ("FAILURE_EVENT", 48));
    }
    assert_eq!(centre.acd.clients(), 1);
}

#[test]
fn malformed_bytes_are_answered() {
    let mut centre = Centre::new();
    let client = centre.open();
    let mut malformed = |kind| {
        let out = centre.handle(Input::Malformed { client, kind });
        (sent_to(&out, client), closed(&out, client))
    };
    let body = |invoke_id| Malformed::Body {
        message_type: 38,
        invoke_id,
        offset: 20,
    };
    let (sent, closed) = malformed(body(Some(6)));
    assert_eq!(
        (sent[0].invoke_id(), status(&sent[0]), closed),
        (Some(6), 25, None)
    );
    let (sent, closed) = malformed(body(None));
    assert_eq!(
        (sent[0].name(), status(&sent[0]), closed),
        ("FAILURE_EVENT", 25, None)
    );
    let (sent, closed) = malformed(Malformed::Version {
        invoke_id: 1,
        version: 99,
    });
    assert_eq!((status(&sent[0]), closed), (5, None));
    let (sent, closed) = malformed(Malformed::Cut { received: 3 });
    assert_eq!((sent.len(), closed), (0, None));
    let (sent, closed) = malformed(Malformed::TooLong { announced: 1 << 30 });
    assert_eq!((status(&sent[0]), closed), (2, Some(CloseReason::Garbage)));
}

#[test]
fn an_unsupported_version_is_refused_on_a_fresh_connection() {
    let mut centre = Centre::new();
    let client = centre.connect();
    let kind = Malformed::Version {
        invoke_id: 1,
        version: 99,
    };
    let out = centre.handle(Input::Malformed { client, kind });
    assert_eq!(status(&sent_to(&out, client)[0]), 1);
}

#[test]
fn the_server_says_goodbye() {
    let mut centre = Centre::new();
    let opened = centre.open();
    let fresh = centre.connect();
    let out = centre.handle(Input::Stop);
    for client in [opened, fresh] {
        assert_eq!(status(&sent_to(&out, client)[0]), 15);
        assert_eq!(closed(&out, client), Some(CloseReason::Stopping));
    }
    assert_eq!((centre.acd.clients(), centre.acd.next_due()), (0, None));
}
