//! Monitors of phones, calls and sessions, and what clients hear of each other.

use tact_acd::{Input, Output};
use tact_ged188::{
    AgentState, AgentStateMask, CallMask, ChangeMonitorMaskReq, ClientEventReportReq,
    ConnectionDeviceIdType, DeviceIdType, Distribution, Message, MonitorStartReq, MonitorStopReq,
    OpenReq, QueryDeviceInfoReq, RegisterVariablesReq, Services, SessionMonitorStartReq,
    SessionMonitorStopReq, SetAppDataReq, StatusCode, Tag, UserMessageReq,
};

use crate::calls_floor::{Floor, call, clear, hold};
use crate::harness::{
    Centre, PERIPHERAL, agent_open_req, events, names, open_req, sent_to, status,
};

/// An OPEN_REQ for monitors and nothing else.
fn watcher(services: Services) -> OpenReq {
    OpenReq {
        services_requested: services,
        ..open_req()
    }
}

fn device_monitor(extension: &str) -> MonitorStartReq {
    let mut request = MonitorStartReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: u32::MAX,
        call_msg_mask: CallMask::NONE,
        agent_state_mask: AgentStateMask(0x3fff),
        connection_device_id_type: ConnectionDeviceIdType::NONE,
        monitored_device_type: DeviceIdType::DEVICE_IDENTIFIER,
        ..Default::default()
    };
    request.floats.push_text(Tag::MONITORED_DEVID, extension);
    request
}

fn monitor_id(message: &Message) -> u32 {
    match message {
        Message::MonitorStartConf(conf) => conf.monitor_id,
        Message::SessionMonitorStartConf(conf) => conf.monitor_id,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_phones_monitor_hears_of_who_is_signed_in_there_until_it_is_stopped() {
    let mut centre = Centre::new();
    let all = centre.open();
    let client = centre.open_with(watcher(Services::PERIPHERAL_MONITOR));
    let id = monitor_id(&centre.answer(client, device_monitor("3001")));
    let heard = |centre: &mut Centre, extension: &str, agent: &str| {
        let request = crate::harness::login_req(agent, extension);
        let out = centre.send(all, request);
        let heard = events(&sent_to(&out, client));
        heard
            .iter()
            .map(|event| event.monitor_id)
            .collect::<Vec<_>>()
    };
    assert_eq!(heard(&mut centre, "3001", "2001"), [id, id]);
    assert_eq!(heard(&mut centre, "3002", "2002"), []);
    let mask = |mask| ChangeMonitorMaskReq {
        invoke_id: 78,
        monitor_id: id,
        agent_state_mask: AgentStateMask(mask),
        ..Default::default()
    };
    let answer = centre.answer(client, mask(0x4));
    assert_eq!(answer.name(), "CHANGE_MONITOR_MASK_CONF");
    let told = |centre: &mut Centre, state| {
        let request = crate::harness::state_req("2001", state, 0);
        let out = centre.send(all, request);
        sent_to(&out, client).len()
    };
    assert_eq!(told(&mut centre, AgentState::AVAILABLE), 0);
    assert_eq!(told(&mut centre, AgentState::NOT_READY), 1);
    let stop = MonitorStopReq {
        invoke_id: 79,
        monitor_id: id,
        ..Default::default()
    };
    assert_eq!(
        centre.answer(client, stop.clone()).name(),
        "MONITOR_STOP_CONF"
    );
    assert_eq!(told(&mut centre, AgentState::NOT_READY), 0);
    assert_eq!(status(&centre.answer(client, stop)), 55);
    assert_eq!(status(&centre.answer(client, mask(0))), 55);
    assert_eq!(status(&centre.answer(client, mask(0x4000))), 21);
}

#[test]
fn each_fault_of_a_monitor_has_its_status() {
    type Spoil = fn(&mut MonitorStartReq);
    let faults: [(u32, Spoil); 7] = [
        (7, |r| r.peripheral_id = 1),
        (21, |r| r.agent_state_mask.0 = 0x8000),
        (87, |r| {
            r.floats = Default::default();
            r.floats.push_text(Tag::MONITORED_DEVID, "9999");
        }),
        (54, |r| {
            r.connection_device_id_type = ConnectionDeviceIdType::STATIC
        }),
        (6, |r| r.floats = Default::default()),
        (6, |r| r.monitored_device_type = DeviceIdType::NONE),
        (13, |r| {
            r.monitored_device_type = DeviceIdType::NONE;
            r.connection_device_id_type = ConnectionDeviceIdType::STATIC;
            r.connection_call_id = 17;
        }),
    ];
    let mut centre = Centre::new();
    let client = centre.open_with(watcher(Services::PERIPHERAL_MONITOR));
    for (expected, spoil) in faults {
        let mut request = device_monitor("3001");
        spoil(&mut request);
        let answer = centre.answer(client, request);
        assert_eq!((status(&answer), answer.invoke_id()), (expected, Some(77)));
    }
    centre.answer(client, device_monitor("3001"));
    assert_eq!(status(&centre.answer(client, device_monitor("3001"))), 89);
    let without = centre.open();
    assert_eq!(status(&centre.answer(without, device_monitor("3001"))), 12);
}

#[test]
fn a_watcher_of_clients_hears_who_is_there_who_comes_and_who_goes() {
    let mut centre = Centre::new();
    let first = centre.open_with(agent_open_req("phone", Some("2001"), Some("3001")));
    let watching = centre.connect();
    let answers = centre.ask(watching, watcher(Services::CLIENT_MONITOR));
    assert_eq!(
        names(&answers),
        ["OPEN_CONF", "CLIENT_SESSION_OPENED_EVENT"]
    );
    match &answers[1] {
        Message::ClientSessionOpenedEvent(event) => {
            assert_eq!(event.session_id, first.0);
            assert_eq!(event.client_port, 40_000);
            assert_eq!(event.floats.text(Tag::CLIENT_ID).unwrap(), "phone");
            assert_eq!(event.floats.text(Tag::AGENT_ID).unwrap(), "2001");
            assert_eq!(event.floats.text(Tag::CLIENT_ADDRESS).unwrap(), "127.0.0.1");
        }
        other => panic!("{other:?}"),
    }
    let second = centre.connect();
    let out = centre.send(second, open_req());
    assert_eq!(
        names(&sent_to(&out, watching)),
        ["CLIENT_SESSION_OPENED_EVENT"]
    );
    let out = centre.handle(Input::Disconnected { client: second });
    match &sent_to(&out, watching)[..] {
        [Message::ClientSessionClosedEvent(event)] => {
            assert_eq!(event.session_id, second.0);
            assert_eq!(event.status, StatusCode::CLIENT_DISCONNECTED);
        }
        other => panic!("{other:?}"),
    }
    // One that takes the phone's place: the old session ends before the new one is there.
    let third = centre.connect();
    let out = centre.send(third, agent_open_req("phone", Some("2001"), Some("3001")));
    assert_eq!(
        names(&sent_to(&out, watching)),
        ["CLIENT_SESSION_CLOSED_EVENT", "CLIENT_SESSION_OPENED_EVENT"]
    );
}

#[test]
fn a_session_is_watched_under_an_id_of_its_own() {
    let mut centre = Centre::new();
    let own = centre.open_with(agent_open_req("phone", Some("2001"), Some("3001")));
    let client = centre.open_with(watcher(Services::CLIENT_MONITOR));
    let start = |session_id| SessionMonitorStartReq {
        invoke_id: 77,
        session_id,
        ..Default::default()
    };
    let id = monitor_id(&centre.answer(client, start(own.0)));
    let out = centre.send(own, crate::harness::login_req("2001", "3001"));
    let heard = events(&sent_to(&out, client));
    assert_eq!(
        heard.iter().map(|it| it.monitor_id).collect::<Vec<_>>(),
        [id, id]
    );
    for (session, code) in [(own.0, 56), (client.0, 57), (99, 63)] {
        assert_eq!(status(&centre.answer(client, start(session))), code);
    }
    assert_eq!(status(&centre.answer(own, start(client.0))), 12);
    // Some libraries name the session.
    let stop = SessionMonitorStopReq {
        invoke_id: 78,
        monitor_id: own.0,
        ..Default::default()
    };
    assert_eq!(
        centre.answer(client, stop.clone()).name(),
        "SESSION_MONITOR_STOP_CONF"
    );
    assert_eq!(status(&centre.answer(client, stop)), 55);
    // The monitor ends with the session.
    centre.answer(client, start(own.0));
    centre.handle(Input::Disconnected { client: own });
    let again = centre.open_with(agent_open_req("phone", Some("2001"), Some("3001")));
    assert_eq!(status(&centre.answer(client, start(own.0))), 63);
    assert_eq!(centre.answer(client, start(again.0)).invoke_id(), Some(77));
}

/// Who got the text, by client.
fn told(out: &[Output]) -> Vec<u32> {
    let mut told: Vec<u32> = out
        .iter()
        .filter_map(|output| match output {
            Output::Send { to, message } if message.name() == "USER_MESSAGE_EVENT" => Some(to),
            _ => None,
        })
        .flatten()
        .map(|client| client.0)
        .collect();
    told.sort_unstable();
    told
}

#[test]
fn messages_go_to_a_client_the_supervisors_the_team_or_everyone() {
    let mut centre = Centre::new();
    let all = centre.open();
    let one = centre.open_with(agent_open_req("one", Some("2001"), Some("3001")));
    let two = centre.open_with(agent_open_req("two", Some("2002"), None));
    let other = centre.open_with(agent_open_req("other", Some("2050"), None));
    let boss = centre.open_with(agent_open_req("boss", Some("2100"), None));
    centre.connect();
    let request = |distribution, client: &str| {
        let mut request = UserMessageReq {
            invoke_id: 77,
            peripheral_id: PERIPHERAL,
            distribution,
            ..Default::default()
        };
        request.floats.push_text(Tag::CLIENT_ID, client);
        request.floats.push_text(Tag::TEXT, "lunch");
        request
    };
    let everyone: Vec<u32> = [all, one, two, other, boss].map(|it| it.0).into();
    for (distribution, client, expected) in [
        (Distribution::TO_CLIENT, "two", vec![two.0]),
        (Distribution::TO_SUPERVISOR, "", vec![boss.0]),
        (Distribution::TO_TEAM, "", vec![one.0, two.0, boss.0]),
        (Distribution::TO_ALL, "", everyone),
    ] {
        let out = centre.send(one, request(distribution, client));
        assert_eq!(sent_to(&out, one)[0].name(), "USER_MESSAGE_CONF");
        assert_eq!(told(&out), expected, "{distribution:?}");
    }
    let out = centre.send(one, request(Distribution::TO_CLIENT, "two"));
    match &sent_to(&out, two)[..] {
        [Message::UserMessageEvent(event)] => {
            assert_eq!(event.floats.text(Tag::CLIENT_ID).unwrap(), "one");
            assert_eq!(event.floats.text(Tag::TEXT).unwrap(), "lunch");
            assert_eq!(event.icm_central_controller_time, 1_700_000_000);
        }
        other => panic!("{other:?}"),
    }
    let mut silent = request(Distribution::TO_ALL, "");
    silent.floats = Default::default();
    for (client, request, code) in [
        (one, request(Distribution::TO_CLIENT, "nobody"), 63),
        (one, request(Distribution::TO_CLIENT, ""), 6),
        (one, request(Distribution(9), ""), 71),
        (one, silent, 6),
        (all, request(Distribution::TO_TEAM, ""), 6),
        // Team 5001 has no supervisor.
        (other, request(Distribution::TO_SUPERVISOR, ""), 64),
    ] {
        assert_eq!(status(&centre.answer(client, request)), code);
    }
}

#[test]
fn variables_are_registered_or_refused() {
    let mut centre = Centre::new();
    let client = centre.open();
    type Spoil = fn(&mut RegisterVariablesReq);
    let cases: [(u32, Spoil); 4] = [
        (69, |r| r.call_variable_mask = 0x400),
        (77, |r| r.num_named_variables = 1),
        (78, |r| r.num_named_arrays = 1),
        (73, |r| {
            r.num_named_variables = 10;
            for _ in 0..10 {
                r.floats.push_bytes(Tag::NAMED_VARIABLE, &[b'x'; 250]);
            }
        }),
    ];
    for (code, spoil) in cases {
        let mut request = RegisterVariablesReq::default();
        spoil(&mut request);
        assert_eq!(status(&centre.answer(client, request)), code);
    }
    let answer = centre.answer(client, RegisterVariablesReq::default());
    assert_eq!(answer.name(), "REGISTER_VARIABLES_CONF");
}

#[test]
fn application_data_is_of_the_path_that_the_session_named() {
    let mut centre = Centre::new();
    let mut request = open_req();
    request.floats.push_u32(Tag::APP_PATH_ID, 5001);
    let client = centre.open_with(request);
    let data = |path| {
        let mut request = SetAppDataReq::default();
        request.floats.push_u32(Tag::APP_PATH_ID, path);
        request
    };
    assert_eq!(
        centre.answer(client, data(5001)).name(),
        "SET_APP_DATA_CONF"
    );
    assert_eq!(status(&centre.answer(client, data(5002))), 12);
    assert_eq!(status(&centre.answer(client, SetAppDataReq::default())), 6);
}

#[test]
fn a_phone_says_what_it_can_do() {
    let mut centre = Centre::new();
    let client = centre.open();
    let device = |extension: &str| {
        let mut request = QueryDeviceInfoReq {
            peripheral_id: PERIPHERAL,
            ..Default::default()
        };
        request.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        request
    };
    match centre.answer(client, device("3001")) {
        Message::QueryDeviceInfoConf(conf) => {
            assert_eq!((conf.num_lines, conf.max_devices_in_conference), (1, 16));
            // CONTROL_MAKE_CALL, CONTROL_SEND_DTMF_SIGNAL, not CONTROL_MAKE_PREDICTIVE_CALL.
            assert_eq!(conf.call_control_supported & 0x0004_0c00, 0x0004_0400);
            assert_eq!(conf.floats.u16(Tag::LINE_HANDLE), Some(0));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(status(&centre.answer(client, device("9999"))), 87);
}

#[test]
fn a_report_of_an_unknown_state_is_refused() {
    let mut centre = Centre::new();
    let client = centre.open();
    let mut report = ClientEventReportReq::default();
    report.state.0 = 3;
    assert_eq!(status(&centre.answer(client, report)), 38);
}

#[test]
fn a_calls_monitor_hears_of_the_call_and_ends_with_it() {
    let mut floor = Floor::new();
    let client = floor
        .centre
        .open_with(watcher(Services::PERIPHERAL_MONITOR));
    floor.talk(1, "3001", "3002");
    let request = |nth| MonitorStartReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: call(nth),
        call_msg_mask: CallMask(0x0fff_ffff),
        monitored_device_type: DeviceIdType::NONE,
        ..Default::default()
    };
    let answer = floor.centre.answer(client, request(1));
    let id = monitor_id(&answer);
    // Whose media stop when is another test's.
    let signalling = |messages: &[Message]| -> Vec<&'static str> {
        let names = messages.iter().map(Message::name);
        names.filter(|name| !name.starts_with("RTP_")).collect()
    };
    let held = floor.ask(hold(1, "3002"));
    assert_eq!(signalling(&sent_to(&held.out, client)), ["CALL_HELD_EVENT"]);
    let said = floor.ask(clear(1, "3001"));
    let last = sent_to(&said.out, client);
    assert_eq!(
        signalling(&last),
        [
            "CALL_CONNECTION_CLEARED_EVENT",
            "CALL_CONNECTION_CLEARED_EVENT",
            "CALL_CLEARED_EVENT",
            "END_CALL_EVENT"
        ]
    );
    match last.last() {
        Some(Message::EndCallEvent(event)) => assert_eq!(event.monitor_id, id),
        other => panic!("{other:?}"),
    }
    // It is gone, and the number is not the monitor's any more.
    let stop = MonitorStopReq {
        monitor_id: id,
        ..Default::default()
    };
    assert_eq!(status(&floor.centre.answer(client, stop)), 55);
    assert_eq!(status(&floor.centre.answer(client, request(1))), 13);
}
