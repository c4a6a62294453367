//! Configuration on request (ged188 3.10).

use tact_acd::Config;
use tact_acd::config::{AgentConfig, PrecisionQueueConfig, RouteConfig, StepConfig};
use tact_ged188::{
    ConfigMask, ConfigRequestEvent, ConfigRequestKeyEvent, Message, OpenReq, Protocol, Tag, encode,
    number,
};

use crate::harness::{Centre, PERIPHERAL, centre, names, open_req, status};

fn request(information: u32) -> ConfigRequestEvent {
    ConfigRequestEvent {
        config_information: ConfigMask(information),
        peripheral_id: PERIPHERAL,
        ..Default::default()
    }
}

fn end_status(messages: &[Message]) -> u32 {
    match messages.last() {
        Some(Message::ConfigEndEvent(end)) => end.config_end_status.0,
        other => panic!("{other:?}"),
    }
}

#[test]
fn keys_by_version() {
    for (version, keys) in [(15, 5), (21, 5), (22, 7), (24, 7)] {
        let mut centre = Centre::new();
        let client = centre.open_with(OpenReq {
            version_number: version,
            ..open_req()
        });
        let request = ConfigRequestKeyEvent {
            peripheral_id: PERIPHERAL,
            ..Default::default()
        };
        match centre.answer(client, request) {
            Message::ConfigKeyEvent(event) => {
                assert_eq!(event.config_key_status.0, 0);
                assert_eq!(event.floats.len(), keys);
                assert!(event.floats.iter().all(|(_, key)| key.len() == 8));
            }
            other => panic!("{other:?}"),
        }
    }
    let mut centre = Centre::new();
    let client = centre.open();
    let foreign = ConfigRequestKeyEvent {
        peripheral_id: 1,
        ..Default::default()
    };
    assert_eq!(status(&centre.answer(client, foreign)), 7);
}

#[test]
fn skill_groups_and_agents_as_captured() {
    let mut centre = Centre::new();
    let client = centre.open_with(OpenReq {
        version_number: 15,
        ..open_req()
    });
    let messages = centre.ask(client, request(6));
    assert_eq!(
        names(&messages),
        [
            "CONFIG_BEGIN_EVENT",
            "CONFIG_SKILL_GROUP_EVENT",
            "CONFIG_AGENT_EVENT",
            "CONFIG_END_EVENT"
        ]
    );
    assert_eq!(end_status(&messages), 0);
    match &messages[0] {
        Message::ConfigBeginEvent(begin) => {
            assert_eq!((begin.config_type.0, begin.config_information.0), (1, 6));
            let tags: Vec<_> = begin.floats.iter().map(|(tag, _)| tag.0).collect();
            assert_eq!(tags, [178, 179]);
        }
        other => panic!("{other:?}"),
    }
    match &messages[1] {
        Message::ConfigSkillGroupEvent(event) => {
            let record = [183, 208, 184, 64, 192, 185, 173, 133, 134, 216, 176];
            let tags: Vec<_> = event.floats.iter().map(|(tag, _)| tag.0).collect();
            assert_eq!(tags, [record, record].concat());
            assert_eq!(event.num_records, 2);
        }
        other => panic!("{other:?}"),
    }
    match &messages[2] {
        Message::ConfigAgentEvent(event) => {
            assert_eq!(event.num_records, 5);
            let tags: Vec<_> = event.floats.iter().map(|(tag, _)| tag.0).take(15).collect();
            let record = [
                183, 208, 189, 190, 207, 138, 137, 173, 134, 141, 191, 62, 64, 62, 64,
            ];
            assert_eq!(tags, record);
            let types: Vec<_> = event
                .floats
                .all(Tag::AGENT_TYPE)
                .filter_map(tact_ged188::number)
                .collect();
            assert_eq!(types, [1, 1, 1, 1, 2]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_kind_in_the_order_of_the_guides() {
    let mut centre = Centre::new();
    let client = centre.open();
    let messages = centre.ask(client, request(0x3ff));
    assert_eq!(
        names(&messages),
        [
            "CONFIG_BEGIN_EVENT",
            "CONFIG_SKILL_GROUP_EVENT",
            "CONFIG_AGENT_EVENT",
            "CONFIG_DEVICE_EVENT",
            "CONFIG_MRD_EVENT",
            "CONFIG_PERIPHERAL_EVENT",
            "CONFIG_AGENT_DESK_SETTINGS_EVENT",
            "CONFIG_END_EVENT",
        ]
    );
    let old = centre.open_with(OpenReq {
        version_number: 15,
        ..open_req()
    });
    assert_eq!(centre.ask(old, request(0x3ff)).len(), 5);
}

#[test]
fn precision_queues_are_skill_groups_and_routes_are_devices_and_call_types() {
    let route = |dialed: &str, call_type| RouteConfig {
        dialed: dialed.into(),
        call_type,
        ..Default::default()
    };
    let config = Config {
        precision_queues: vec![PrecisionQueueConfig {
            number: 201,
            id: 7001,
            name: "Gold".into(),
            // A group without conditions: everyone serves it.
            steps: vec![StepConfig {
                any_of: vec![vec![]],
                ..Default::default()
            }],
        }],
        routes: vec![
            route("8000", 9001),
            route("8001", 9001),
            route("8002", 9002),
        ],
        ..centre()
    };
    let mut centre = Centre::of(config);
    for (version, ids) in [(24, vec![7001]), (15, vec![])] {
        let client = centre.open_with(OpenReq {
            version_number: version,
            ..open_req()
        });
        let messages = centre.ask(client, request(2 | 8 | 16));
        let [_, groups, devices, call_types, _] = &messages[..] else {
            panic!("{messages:?}");
        };
        let numbers = |message: &Message, tag| -> Vec<u32> {
            let values = message.floats().unwrap().all(tag).filter_map(number);
            values.collect()
        };
        assert_eq!(numbers(groups, Tag::PERIPHERAL_NUMBER), [101, 102, 201]);
        assert_eq!(numbers(groups, Tag::FLT_PRECISION_QUEUE_ID), ids);
        assert_eq!(numbers(devices, Tag::DEVICE_TYPE), [4, 4, 4, 4, 5, 5, 5]);
        assert_eq!(
            numbers(devices, Tag::PERIPHERAL_NUMBER),
            [1, 2, 3, 4, 5, 6, 7]
        );
        assert_eq!(
            devices.floats().unwrap().text(Tag::DIALED_NUMBER).unwrap(),
            "8000"
        );
        assert_eq!(numbers(call_types, Tag::CALL_TYPE_ID), [9001, 9002]);
        let agents = &centre.ask(client, request(4))[1];
        let skills = numbers(agents, Tag::SKILL_GROUP_NUMBER);
        let serve = skills.iter().filter(|number| **number == 201).count();
        assert_eq!(serve, 5, "{skills:?}");
    }
}

#[test]
fn nothing_to_tell() {
    let mut centre = Centre::new();
    let client = centre.open();
    // No kind asked for: updates only. A kind without records: empty. An unknown kind: invalid.
    for (information, expected) in [(0, 0), (1, 4), (16, 4), (0x400, 3)] {
        assert_eq!(
            end_status(&centre.ask(client, request(information))),
            expected
        );
    }
    let foreign = ConfigRequestEvent {
        peripheral_id: 1,
        ..request(6)
    };
    assert_eq!(end_status(&centre.ask(client, foreign)), 3);
}

#[test]
fn ten_thousand_agents_in_messages_that_fit_the_wire() {
    let agents = (0..10_000).map(|n| AgentConfig {
        id: format!("{}", 10_000 + n),
        login_name: format!("user{n}@example.org"),
        icm_agent_id: 10_000 + n,
        // Some with so many skills that ten records are too much for one message.
        skill_groups: if n % 100 < 20 {
            (0..120).collect()
        } else {
            vec![1]
        },
        ..Default::default()
    });
    let config = Config {
        agents: agents.collect(),
        ..centre()
    };
    for version in [15, 24] {
        let mut centre = Centre::of(config.clone());
        let client = centre.open_with(OpenReq {
            version_number: version,
            ..open_req()
        });
        let messages = centre.ask(client, request(4));
        assert_eq!(end_status(&messages), 0);
        let protocol = Protocol::new(version).unwrap();
        let mut records = 0;
        let mut bytes = Vec::new();
        for message in &messages {
            encode(message, protocol, &mut bytes).unwrap();
            if let Message::ConfigAgentEvent(event) = message {
                assert!((1..=10).contains(&event.num_records));
                records += usize::from(event.num_records);
                let ids = event.floats.all(Tag::LOGIN_ID).count();
                assert_eq!(ids, usize::from(event.num_records));
            }
        }
        assert_eq!(records, 10_000);
    }
}
