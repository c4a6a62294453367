//! Queries are answered even when there is nothing to tell (ged188 3.6, 3.7, 3.9, 5.7).

use tact_ged188::{
    AgentDeskSettingsReq, AgentState, ClientEventReportReq, DeskSettingsMask, Message,
    QueryAgentStateReq, QuerySkillGroupStatisticsReq, SnapshotCallReq, SnapshotDeviceReq, Tag,
};

use crate::harness::{Centre, PERIPHERAL, status};

fn query() -> QueryAgentStateReq {
    QueryAgentStateReq {
        invoke_id: 4,
        peripheral_id: PERIPHERAL,
        mrd_id: 1,
        ..Default::default()
    }
}

fn agent_of(message: &Message) -> String {
    match message {
        Message::QueryAgentStateConf(conf) => conf.floats.text(Tag::AGENT_ID).unwrap().into_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_agent_is_found_by_id_icm_id_extension_and_instrument() {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.sign_in(client, "2001", "3001");
    let mut by = [query(), query(), query(), query()];
    by[0].floats.push_text(Tag::AGENT_ID, "2001");
    by[1].icm_agent_id = 5001;
    by[2].floats.push_text(Tag::AGENT_EXTENSION, "3001");
    by[3].floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
    for request in by {
        assert_eq!(agent_of(&centre.answer(client, request)), "2001");
    }
}

#[test]
fn signed_out_and_signed_in_agents_as_captured() {
    let mut centre = Centre::new();
    let client = centre.open();
    let mut request = query();
    request.mrd_id = 0;
    request.floats.push_text(Tag::AGENT_ID, "2001");
    request.floats.push_text(Tag::AGENT_INSTRUMENT, "elsewhere");
    let ask = |centre: &mut Centre| match centre.answer(client, request.clone()) {
        Message::QueryAgentStateConf(conf) => conf,
        other => panic!("{other:?}"),
    };
    let conf = ask(&mut centre);
    assert_eq!((conf.agent_state, conf.mrd_id), (AgentState::LOGOUT, 1));
    assert_eq!(
        (conf.agent_mode, conf.max_task_limit, conf.num_skill_groups),
        (0, 0, 0)
    );
    centre.sign_in(client, "2001", "3001");
    let conf = ask(&mut centre);
    assert_eq!(
        (conf.agent_state, conf.icm_agent_id),
        (AgentState::NOT_READY, 5001)
    );
    assert_eq!(
        (conf.agent_mode, conf.max_task_limit, conf.num_skill_groups),
        (1, 1, 2)
    );
    assert_eq!(conf.floats.all(Tag::SKILL_GROUP_NUMBER).count(), 2);
    assert_eq!(
        conf.floats.text(Tag::AGENT_EXTENSION).as_deref(),
        Some("3001")
    );
}

#[test]
fn what_cannot_be_found() {
    let mut centre = Centre::new();
    let client = centre.open();
    let mut cases = vec![
        (6, query()),
        (88, query()),
        (7, query()),
        (8, query()),
        (8, query()),
        (9, query()),
        (8, query()),
    ];
    cases[1].1.mrd_id = 2;
    cases[2].1.peripheral_id = 1;
    cases[3].1.floats.push_text(Tag::AGENT_ID, "9999");
    cases[4].1.icm_agent_id = -1;
    cases[5].1.floats.push_text(Tag::AGENT_EXTENSION, "3001");
    cases[6].1.floats.push_text(Tag::AGENT_EXTENSION, "9999");
    for (expected, request) in cases {
        assert_eq!(status(&centre.answer(client, request)), expected);
    }
}

#[test]
fn desk_settings_of_an_agent_and_of_the_peripheral() {
    let mut centre = Centre::new();
    let client = centre.open();
    let mut request = AgentDeskSettingsReq {
        invoke_id: 2,
        peripheral_id: PERIPHERAL,
        ..Default::default()
    };
    let mut ask = |request: &AgentDeskSettingsReq| match centre.answer(client, request.clone()) {
        Message::AgentDeskSettingsConf(conf) => Ok(conf),
        other => Err(status(&other)),
    };
    let defaults = ask(&request).unwrap();
    assert!(
        !defaults
            .desk_settings_mask
            .contains(DeskSettingsMask::IDLE_REASON_REQUIRED)
    );
    assert_eq!(defaults.ring_no_answer_dn, u32::MAX);
    request.floats.push_text(Tag::AGENT_ID, "2003");
    let strict = ask(&request).unwrap();
    assert!(
        strict
            .desk_settings_mask
            .contains(DeskSettingsMask::IDLE_REASON_REQUIRED)
    );
    assert_eq!(strict.wrapup_data_incoming_mode, 0);
    request.floats = Default::default();
    request.floats.push_text(Tag::AGENT_ID, "9999");
    assert_eq!(ask(&request).unwrap_err(), 8);
}

#[test]
fn skill_group_statistics_count_agents() {
    let mut centre = Centre::new();
    let client = centre.open();
    for (agent, extension) in [("2001", "3001"), ("2002", "3002")] {
        centre.sign_in(client, agent, extension);
    }
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    let request = |number, id| QuerySkillGroupStatisticsReq {
        invoke_id: 3,
        peripheral_id: PERIPHERAL,
        skill_group_number: number,
        skill_group_id: id,
        ..Default::default()
    };
    for request in [request(101, u32::MAX), request(u32::MAX, 6001)] {
        match centre.answer(client, request) {
            Message::QuerySkillGroupStatisticsConf(conf) => {
                let counts = (
                    conf.agents_logged_on,
                    conf.agents_avail,
                    conf.agents_not_ready,
                );
                assert_eq!((counts, conf.agents_ready), ((2, 1, 1), 1));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(status(&centre.answer(client, request(9, 9))), 72);
}

#[test]
fn snapshots_of_a_centre_without_calls() {
    let mut centre = Centre::new();
    let client = centre.open();
    let call = SnapshotCallReq {
        invoke_id: 5,
        peripheral_id: PERIPHERAL,
        ..Default::default()
    };
    assert_eq!(status(&centre.answer(client, call)), 13);
    let mut device = SnapshotDeviceReq {
        invoke_id: 6,
        peripheral_id: PERIPHERAL,
        ..Default::default()
    };
    assert_eq!(status(&centre.answer(client, device.clone())), 6);
    device.floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
    match centre.answer(client, device.clone()) {
        Message::SnapshotDeviceConf(conf) => assert_eq!(conf.num_calls, 0),
        other => panic!("{other:?}"),
    }
    device.floats = Default::default();
    device.floats.push_text(Tag::AGENT_INSTRUMENT, "9999");
    assert_eq!(status(&centre.answer(client, device)), 87);
}

#[test]
fn client_reports_are_confirmed() {
    let mut centre = Centre::new();
    let client = centre.open();
    let report = ClientEventReportReq {
        invoke_id: 257,
        ..Default::default()
    };
    let answer = centre.answer(client, report);
    assert_eq!(
        (answer.name(), answer.invoke_id()),
        ("CLIENT_EVENT_REPORT_CONF", Some(257))
    );
}
