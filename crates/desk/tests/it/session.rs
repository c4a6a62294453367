//! The CTI session: open, configuration, heartbeats, service state, maintenance.

use tact_desk::{Config, Input, OutOfService, Output, Reject, Side};
use tact_ged188::*;

use crate::scene::*;

#[test]
fn start_up_asks_in_the_order_of_the_reference() {
    let mut scene = Scene::new(Config::default());
    let out = scene.outputs(Input::LinkUp { side: Side::A });
    let [Output::Send(Message::OpenReq(request))] = out.as_slice() else {
        panic!("{out:?}")
    };
    assert_eq!(request.version_number, 24);
    assert_eq!(request.idle_timeout, 20);
    assert_eq!(request.peripheral_id, 5000);
    assert_eq!(request.services_requested, Services(0x021c_0096));
    assert_eq!(request.call_msg_mask, CallMask(0x0fff_ffff));
    assert_eq!(request.agent_state_mask, AgentStateMask(0x3fff));
    assert_eq!(request.config_msg_mask, ConfigMask(7));
    assert_eq!(
        request.floats.text(Tag::CLIENT_ID).as_deref(),
        Some("Finesse")
    );
    assert_eq!(
        request.floats.text(Tag::CLIENT_SIGNATURE).as_deref(),
        Some("Finesse")
    );
    assert_eq!(scene.desk.service().reason, Some(OutOfService::Opening));

    let out = scene.cti(open_conf(scene.invoke));
    assert_eq!(out.last().unwrap(), "send CONFIG_REQUEST_KEY_EVENT");
    assert_eq!(
        scene.cti(ConfigKeyEvent::default()),
        ["send CONFIG_REQUEST_EVENT"]
    );
    assert!(scene.cti(agent_records(&["2001"])).is_empty());
    let out = scene.cti(ConfigEndEvent::default());
    assert_eq!(
        out,
        ["send AGENT_DESK_SETTINGS_REQ", "send QUERY_AGENT_STATE_REQ"]
    );
    assert_eq!(
        scene.desk.service().reason,
        Some(OutOfService::QueryingStates)
    );
    let invoke = scene.invoke;
    assert!(scene.cti(settings(invoke - 1)).is_empty());
    let conf = QueryAgentStateConf {
        invoke_id: invoke,
        agent_state: AgentState::LOGOUT,
        ..QueryAgentStateConf::default()
    };
    assert_eq!(scene.cti(conf), ["note InService { agents: 1 }", "system"]);
    assert!(scene.desk.service().in_service);
    assert_eq!(scene.desk.service().reason, None);
}

#[test]
fn idle_timeout_is_four_heartbeats_but_never_below_what_servers_take() {
    for (heartbeat_ms, idle) in [(1_000, 20), (5_000, 20), (10_000, 40)] {
        let mut scene = Scene::new(Config {
            heartbeat_ms,
            ..Config::default()
        });
        let out = scene.outputs(Input::LinkUp { side: Side::A });
        let [Output::Send(Message::OpenReq(request))] = out.as_slice() else {
            panic!("{out:?}")
        };
        assert_eq!(request.idle_timeout, idle, "{heartbeat_ms}");
    }
}

#[test]
fn agents_signed_in_elsewhere_are_shown_after_the_service() {
    let mut scene = Scene::new(Config::default());
    let said = scene.come_into_service(&["2002"]);
    assert_eq!(
        said,
        ["note InService { agents: 3 }", "system", "user 2002 -"]
    );
    let agent = scene.desk.agent("2002").unwrap();
    assert_eq!(
        (agent.state, agent.extension.as_deref()),
        (AgentState::NOT_READY, Some("2002"))
    );
    assert_eq!(agent.since, None, "the answer does not say since when");
}

#[test]
fn a_team_message_tells_since_when() {
    let mut scene = Scene::new(Config::default());
    scene.feed(Input::LinkUp { side: Side::A });
    scene.cti(open_conf(scene.invoke));
    let mut event = AgentTeamConfigEvent {
        peripheral_id: 5000,
        team_id: 7,
        number_of_agents: 1,
        ..Default::default()
    };
    event.config_operation = TeamOperation::ADD;
    event.floats.push_text(Tag::ATC_AGENT_ID, "2001");
    event.floats.push_u16(Tag::ATC_AGENT_STATE, 2);
    event.floats.push_u32(Tag::ATC_STATE_DURATION, 60);
    scene.cti(event);
    scene.cti(ConfigKeyEvent::default());
    scene.cti(ConfigEndEvent::default());
    let conf = QueryAgentStateConf {
        invoke_id: scene.invoke,
        agent_state: AgentState::NOT_READY,
        ..QueryAgentStateConf::default()
    };
    scene.cti(conf);
    assert_eq!(
        scene.desk.agent("2001").unwrap().since,
        Some(scene.now - 60_000)
    );
}

#[test]
fn before_everything_is_known_requests_are_refused() {
    let mut scene = Scene::new(Config::default());
    assert_eq!(
        scene.request("2001", ready(), "r"),
        Err(Reject::OutOfService)
    );
    scene.feed(Input::LinkUp { side: Side::A });
    assert_eq!(
        scene.request("2001", ready(), "r"),
        Err(Reject::OutOfService)
    );
    scene.cti(open_conf(scene.invoke));
    scene.cti(ConfigKeyEvent::default());
    scene.cti(agent_records(&["2001"]));
    assert_eq!(
        scene.desk.service().reason,
        Some(OutOfService::LoadingConfiguration)
    );
    assert_eq!(
        scene.request("2001", ready(), "r"),
        Err(Reject::OutOfService)
    );
}

#[test]
fn error_19_is_answered_with_fewer_services() {
    let mut scene = Scene::new(Config::default());
    scene.feed(Input::LinkUp { side: Side::A });
    let refusal = FailureConf {
        invoke_id: scene.invoke,
        status: StatusCode::INVALID_SERVICE_MASK,
        ..FailureConf::default()
    };
    assert_eq!(
        scene.cti(refusal.clone()),
        ["disconnect: services refused, asking for fewer"]
    );
    scene.feed(Input::LinkDown {
        reason: String::new(),
    });
    let out = scene.outputs(Input::LinkUp { side: Side::A });
    let [Output::Send(Message::OpenReq(request))] = out.as_slice() else {
        panic!("{out:?}")
    };
    assert_eq!(request.services_requested, Services(0x0000_0096));
    let again = FailureConf {
        invoke_id: scene.invoke,
        ..refusal
    };
    let out = scene.cti(again);
    assert_eq!(
        out.last().unwrap(),
        "disconnect: OPEN_REQ refused: E_CTI_INVALID_SERVICE_MASK"
    );
}

#[test]
fn a_refusal_is_noted_once() {
    let mut scene = Scene::new(Config::default());
    for round in 0..3 {
        scene.feed(Input::LinkUp { side: Side::A });
        let refusal = FailureConf {
            invoke_id: scene.invoke,
            status: StatusCode::INVALID_VERSION,
            ..FailureConf::default()
        };
        let out = scene.cti(refusal);
        assert_eq!(out.len(), if round == 0 { 2 } else { 1 }, "{out:?}");
        scene.feed(Input::LinkDown {
            reason: String::new(),
        });
    }
}

#[test]
fn a_standby_and_a_stingy_server_are_left() {
    let mut scene = Scene::new(Config::default());
    scene.feed(Input::LinkUp { side: Side::A });
    let standby = OpenConf {
        session_type: SessionType::STANDBY,
        ..open_conf(scene.invoke)
    };
    assert_eq!(scene.cti(standby), ["disconnect: this side is the standby"]);
    scene.feed(Input::LinkUp { side: Side::B });
    let stingy = OpenConf {
        services_granted: Services::CLIENT_CONTROL,
        ..open_conf(scene.invoke)
    };
    assert_eq!(
        scene.cti(stingy),
        ["disconnect: services granted are too few"]
    );
}

#[test]
fn open_req_is_waited_for_thirty_seconds() {
    let mut scene = Scene::new(Config::default());
    scene.feed(Input::LinkUp { side: Side::A });
    assert!(scene.after(29_999).is_empty());
    assert_eq!(scene.after(1), ["disconnect: OPEN_REQ not answered"]);
    assert_eq!(scene.desk.next_due(), None);
}

#[test]
fn the_long_configuration_request_falls_back_to_the_short_one() {
    let layouts = |version, answer: &dyn Fn(&mut Scene) -> Vec<Output>| {
        let protocol = Protocol::new(version).unwrap();
        let mut scene = Scene::new(Config {
            protocol,
            ..Config::default()
        });
        scene.feed(Input::LinkUp { side: Side::A });
        scene.cti(open_conf(scene.invoke));
        let mut lengths = Vec::new();
        let mut out = scene.outputs(Input::Cti(ConfigKeyEvent::default().into()));
        for _ in 0..2 {
            for output in &out {
                if let Output::Send(message @ Message::ConfigRequestEvent(_)) = output {
                    let mut bytes = Vec::new();
                    encode(message, protocol, &mut bytes).unwrap();
                    lengths.push(bytes.len() - HEADER_LEN - 2 * protocol.tag_width() - 4);
                }
            }
            out = answer(&mut scene);
        }
        lengths
    };
    let refused = |scene: &mut Scene| {
        let event = FailureEvent {
            status: StatusCode::BAD_MESSAGE_FORMAT,
            ..FailureEvent::default()
        };
        scene.outputs(Input::Cti(event.into()))
    };
    let silent = |scene: &mut Scene| {
        scene.now += 5_000;
        scene.outputs(Input::Tick)
    };
    assert_eq!(layouts(24, &refused), [12, 8]);
    assert_eq!(layouts(24, &silent), [12, 8]);
    assert_eq!(layouts(23, &silent), [8]);
    assert_eq!(layouts(15, &refused), [8]);
}

#[test]
fn a_server_that_ends_each_kind_by_itself_is_heard_to_the_end() {
    let mut scene = Scene::new(Config::default());
    scene.feed(Input::LinkUp { side: Side::A });
    scene.cti(open_conf(scene.invoke));
    scene.cti(ConfigKeyEvent::default());
    let begin = |kind| ConfigBeginEvent {
        config_type: ConfigType::SOLICITED,
        config_information: kind,
        ..ConfigBeginEvent::default()
    };
    scene.cti(begin(ConfigMask::SKILL_GROUP));
    assert!(scene.cti(ConfigEndEvent::default()).is_empty());
    scene.cti(begin(ConfigMask::AGENT));
    scene.cti(agent_records(&["2001"]));
    let out = scene.cti(ConfigEndEvent::default());
    assert_eq!(
        out,
        ["send AGENT_DESK_SETTINGS_REQ", "send QUERY_AGENT_STATE_REQ"]
    );
}

#[test]
fn queries_go_out_a_window_at_a_time() {
    let mut scene = Scene::new(Config::default());
    scene.feed(Input::LinkUp { side: Side::A });
    scene.cti(open_conf(scene.invoke));
    scene.cti(ConfigKeyEvent::default());
    let ids: Vec<String> = (0..200)
        .map(|number| format!("{}", 10_000 + number))
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    scene.cti(agent_records(&ids));
    let first = scene.invoke + 1;
    let mut in_flight = scene.cti(ConfigEndEvent::default()).len();
    assert_eq!(in_flight, 64);
    let mut answered = 0;
    for invoke_id in first.. {
        // The first question is for the default settings; an answer of the wrong kind answers nothing.
        let mut sent = scene.cti(settings(invoke_id));
        let state = AgentState::LOGOUT;
        let conf = QueryAgentStateConf {
            invoke_id,
            agent_state: state,
            ..QueryAgentStateConf::default()
        };
        sent.extend(scene.cti(conf));
        answered += 1;
        in_flight -= 1;
        in_flight += sent.iter().filter(|line| line.starts_with("send")).count();
        assert!(in_flight <= 64);
        if scene.desk.service().in_service {
            break;
        }
    }
    assert_eq!((answered, in_flight), (201, 0));
}

#[test]
fn a_query_without_answer_does_not_keep_the_desk_out_of_service() {
    let mut scene = Scene::new(Config::default());
    scene.feed(Input::LinkUp { side: Side::A });
    scene.cti(open_conf(scene.invoke));
    scene.cti(ConfigKeyEvent::default());
    scene.cti(agent_records(&["2001"]));
    scene.cti(ConfigEndEvent::default());
    for _ in 0..4 {
        let heartbeat = scene.after(4_999);
        if heartbeat == ["send HEARTBEAT_REQ"] {
            let invoke_id = scene.invoke;
            scene.cti(HeartbeatConf {
                invoke_id,
                ..HeartbeatConf::default()
            });
        }
    }
    assert!(scene.desk.service().in_service);
    assert_eq!(scene.state("2001"), AgentState::UNKNOWN);
}

#[test]
fn three_unanswered_heartbeats_end_the_session() {
    let mut scene = Scene::in_service();
    for _ in 0..3 {
        assert_eq!(scene.after(5_000), ["send HEARTBEAT_REQ"]);
    }
    let out = scene.after(5_000);
    assert_eq!(out.last().unwrap(), "disconnect: 3 heartbeats not answered");
    assert!(out.contains(&"system".to_owned()), "{out:?}");
    let service = scene.desk.service();
    assert!(!service.in_service);
    assert!(!service.last_heartbeat.unwrap().answered);
}

#[test]
fn one_answer_starts_the_count_again() {
    let mut scene = Scene::in_service();
    for _ in 0..10 {
        scene.after(5_000);
        assert_eq!(scene.after(5_000), ["send HEARTBEAT_REQ"]);
        let invoke_id = scene.invoke;
        assert!(
            scene
                .cti(HeartbeatConf {
                    invoke_id,
                    ..HeartbeatConf::default()
                })
                .is_empty()
        );
    }
    let heartbeat = scene.desk.service().last_heartbeat.unwrap();
    assert_eq!((heartbeat.at, heartbeat.answered), (scene.now, true));
}

#[test]
fn a_refused_heartbeat_or_the_word_offline_means_the_other_side() {
    let mut scene = Scene::in_service();
    scene.after(5_000);
    let refusal = FailureConf {
        invoke_id: scene.invoke,
        status: StatusCode::CTI_SERVER_OFFLINE,
        ..FailureConf::default()
    };
    let out = scene.cti(refusal);
    assert_eq!(
        out.last().unwrap(),
        "disconnect: the CTI server is offline: E_CTI_CTI_SERVER_OFFLINE"
    );
    let mut scene = Scene::in_service();
    let out = scene.cti(FailureEvent {
        status: StatusCode::CTI_SERVER_OFFLINE,
        ..FailureEvent::default()
    });
    assert_eq!(
        out.last().unwrap(),
        "disconnect: the CTI server is offline: E_CTI_CTI_SERVER_OFFLINE"
    );
    // The desk is silent until the link has let go.
    assert!(scene.after(60_000).is_empty());
    assert!(
        scene
            .cti(state_event("2001", AgentState::NOT_READY, 0, "2003"))
            .is_empty()
    );
}

#[test]
fn a_peripheral_that_is_offline_takes_the_service_with_it() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2003");
    assert!(
        scene
            .cti(system_event(SystemEventId::PERIPHERAL_OFFLINE, 5001))
            .is_empty(),
        "not ours"
    );
    scene.request("2001", ready(), "r").unwrap();
    let out = scene.cti(system_event(SystemEventId::PERIPHERAL_OFFLINE, 5000));
    assert_eq!(
        out,
        [
            "note OutOfService { reason: PeripheralOffline }",
            "system",
            "error 2001 r 0 0"
        ]
    );
    assert_eq!(scene.state("2001"), AgentState::UNKNOWN);
    assert_eq!(
        scene.request("2001", ready(), "r"),
        Err(Reject::OutOfService)
    );

    let out = scene.cti(system_event(SystemEventId::PERIPHERAL_ONLINE, 5000));
    assert_eq!(
        out.iter()
            .filter(|line| *line == "send QUERY_AGENT_STATE_REQ")
            .count(),
        3,
        "{out:?}"
    );
    assert!(
        !scene.desk.service().in_service,
        "states are asked for first"
    );
}

#[test]
fn after_a_new_session_only_changes_are_told() {
    let mut scene = Scene::in_service();
    scene.sign_in("2001", "2001");
    let since = scene.desk.agent("2001").unwrap().since;
    let out = scene.feed(Input::LinkDown {
        reason: "reset".to_owned(),
    });
    assert!(out[0].starts_with("note SessionLost"), "{out:?}");
    scene.now += 3_000;
    assert_eq!(
        scene.come_into_service(&["2001"]),
        ["note InService { agents: 3 }", "system"]
    );
    assert_eq!(
        scene.desk.agent("2001").unwrap().since,
        since,
        "nothing changed meanwhile"
    );
    scene.feed(Input::LinkDown {
        reason: "reset".to_owned(),
    });
    assert_eq!(
        scene.come_into_service(&[]),
        ["note InService { agents: 3 }", "system", "user 2001 -"]
    );
}

#[test]
fn maintenance_is_accepted_only_with_another_side() {
    for has_other_side in [false, true] {
        let mut scene = Scene::in_service_with(Config {
            has_other_side,
            ..Config::default()
        });
        let request = ActiveMaintenanceReqMsg {
            invoke_id: 9,
            ..ActiveMaintenanceReqMsg::default()
        };
        let out = scene.outputs(Input::Cti(request.into()));
        let [Output::Send(Message::ActiveMaintenanceRespMsg(answer))] = out.as_slice() else {
            panic!("{out:?}")
        };
        assert_eq!(
            (answer.invoke_id, answer.maintenance_mode_accepted.is_true()),
            (9, has_other_side)
        );
    }
    let mut scene = Scene::in_service();
    let event = ActiveMaintenanceEventMsg {
        maintenance_mode_status: Bool::TRUE,
        ..Default::default()
    };
    let out = scene.cti(event);
    assert_eq!(
        out.first().unwrap(),
        "send STOPPING_REQUESTS_TO_THIS_SIDE_IND"
    );
    assert_eq!(
        out.last().unwrap(),
        "disconnect: the CTI server goes into maintenance"
    );
}

#[test]
fn closing_is_answered_before_the_connection_goes() {
    let mut scene = Scene::in_service();
    assert_eq!(scene.feed(Input::Close), ["send CLOSE_REQ"]);
    let conf = CloseConf {
        invoke_id: scene.invoke,
        ..CloseConf::default()
    };
    let out = scene.cti(conf);
    assert_eq!(out.first().unwrap(), "note SessionClosed { side: A }");
    assert_eq!(out.last().unwrap(), "disconnect: closed");
    assert!(
        out.iter()
            .any(|line| line == "note OutOfService { reason: Stopping }"),
        "{out:?}"
    );
    let mut idle = Scene::new(Config::default());
    assert!(idle.feed(Input::Close).is_empty());
}
