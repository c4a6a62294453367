//! Seconds and calls by interval.

use tact_acd::config::{
    AgentAttribute, AttributeConfig, Comparison, Condition, PrecisionQueueConfig, RouteConfig,
    StepConfig,
};
use tact_acd::fabric::Cause;
use tact_ged188::{
    AgentState, Message, QueryAgentStatisticsReq, QuerySkillGroupStatisticsReq, StatusCode, Tag,
};

use crate::calls_floor::{Floor, clear, hold, retrieve};
use crate::harness::{Centre, PERIPHERAL, agent_open_req, centre, status};

/// A number by its wire name.
fn number(message: &Message, name: &str) -> u64 {
    let mut fields = message.fields();
    let found = fields.find(|(field, _)| *field == name);
    u64::try_from(found.unwrap_or_else(|| panic!("no {name}")).1.number).unwrap()
}

fn of_agent(agent: Option<&str>) -> QueryAgentStatisticsReq {
    let mut request = QueryAgentStatisticsReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        ..Default::default()
    };
    if let Some(agent) = agent {
        request.floats.push_text(Tag::AGENT_ID, agent);
    }
    request
}

fn of_group(group: u32) -> QuerySkillGroupStatisticsReq {
    QuerySkillGroupStatisticsReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        skill_group_number: group,
        skill_group_id: u32::MAX,
        ..Default::default()
    }
}

/// 1,700,000,000 s since 1970 is 22:13:20 UTC: 13 min 20 s into a half hour, 3 min 20 s into five minutes.
#[test]
fn seconds_count_for_the_session_the_day_and_the_intervals_of_the_clock() {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.sign_in(client, "2001", "3001");
    centre.now += 30_000;
    centre.set(client, "2001", AgentState::AVAILABLE, 0);
    // To 22:14:50, then 10 s into the next five minutes.
    centre.now += 60_000;
    let conf = centre.answer(client, of_agent(Some("2001")));
    for (name, seconds) in [
        ("InvokeID", 77),
        ("PeripheralID", u64::from(PERIPHERAL)),
        ("AvailTimeSession", 60),
        ("LoggedOnTimeSession", 90),
        ("NotReadyTimeSession", 30),
        ("ICMAvailableTimeSession", 60),
        ("RoutableTimeSession", 90),
        ("AvailTimeToday", 60),
        ("LoggedOnTimeToday", 90),
        ("EmergencyCallsToday", 0),
    ] {
        assert_eq!(number(&conf, name), seconds, "{name}");
    }
    assert_eq!(
        conf.floats().unwrap().text(Tag::AGENT_EXTENSION).unwrap(),
        "3001"
    );
    centre.now += 20_000;
    let conf = centre.answer(client, of_group(101));
    for (name, seconds) in [
        ("AgentsLoggedOn", 1),
        ("AgentsAvail", 1),
        ("AvailTimeTo5", 10),
        ("LoggedOnTimeTo5", 10),
        ("NotReadyTimeTo5", 0),
        ("AvailTimeToHalf", 80),
        ("NotReadyTimeToHalf", 30),
        ("LoggedOnTimeToday", 110),
        ("CallsQToday", 0),
    ] {
        assert_eq!(number(&conf, name), seconds, "{name}");
    }
    // The day ends at 24:00 UTC, the session does not.
    centre.now += 2 * 3_600_000;
    let conf = centre.answer(client, of_agent(Some("2001")));
    assert_eq!(number(&conf, "AvailTimeSession"), 80 + 7200);
    assert_eq!(number(&conf, "AvailTimeToday"), 910);
    assert_eq!(number(&conf, "NotReadyTimeToday"), 0);
}

#[test]
fn a_session_begins_anew_with_each_sign_in_and_the_day_does_not() {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.sign_in(client, "2001", "3001");
    centre.now += 5000;
    centre.set(client, "2001", AgentState::LOGOUT, 0);
    centre.now += 60_000;
    let conf = centre.answer(client, of_agent(Some("2001")));
    assert_eq!(number(&conf, "LoggedOnTimeSession"), 5);
    centre.sign_in(client, "2001", "3001");
    centre.now += 2000;
    let conf = centre.answer(client, of_agent(Some("2001")));
    assert_eq!(number(&conf, "LoggedOnTimeSession"), 2);
    assert_eq!(number(&conf, "LoggedOnTimeToday"), 7);
}

#[test]
fn a_group_has_the_seconds_of_all_its_members() {
    let mut centre = Centre::new();
    let client = centre.open();
    centre.sign_in(client, "2001", "3001");
    centre.sign_in(client, "2002", "3002");
    // 2003 is in no group.
    centre.sign_in(client, "2003", "3003");
    centre.now += 10_000;
    let conf = centre.answer(client, of_group(102));
    assert_eq!(number(&conf, "AgentsLoggedOn"), 2);
    assert_eq!(number(&conf, "LoggedOnTimeToHalf"), 20);
}

#[test]
fn statistics_are_of_the_agent_named_or_the_clients_own() {
    let mut centre = Centre::new();
    let all = centre.open();
    let own = centre.open_with(agent_open_req("phone", Some("2001"), Some("3001")));
    centre.sign_in(own, "2001", "3001");
    centre.now += 3000;
    let conf = centre.answer(own, of_agent(None));
    assert_eq!(number(&conf, "LoggedOnTimeSession"), 3);
    for (request, code) in [
        (of_agent(None), StatusCode::REQUIRED_DATA_MISSING),
        (of_agent(Some("9999")), StatusCode::INVALID_AGENT_DATA),
        (
            QueryAgentStatisticsReq {
                peripheral_id: 1,
                ..of_agent(Some("2001"))
            },
            StatusCode::INVALID_PERIPHERAL_ID,
        ),
    ] {
        assert_eq!(status(&centre.answer(all, request)), code.0);
    }
}

#[test]
fn a_calls_talk_hold_and_wrap_up_count_for_each_who_took_part() {
    let mut floor = Floor::new();
    floor.talk(1, "3001", "3002");
    floor.wait(10_000);
    floor.ask(hold(1, "3002"));
    floor.wait(3000);
    floor.ask(retrieve(1, "3002"));
    floor.wait(2000);
    let all = floor.all;
    // 2001 and 2002 talk; only the supervisor is in the same group beside them.
    let conf = floor.centre.answer(all, of_group(101));
    assert_eq!(number(&conf, "AgentsTalkingOther"), 2);
    assert_eq!(number(&conf, "AgentsTalkingIn"), 0);
    floor.ask(clear(1, "3001"));
    floor.wait(5000);
    let caller = floor.centre.answer(all, of_agent(Some("2001")));
    let called = floor.centre.answer(all, of_agent(Some("2002")));
    for (conf, name, expected) in [
        (&caller, "InternalCallsSession", 1),
        (&caller, "InternalCallsTimeSession", 15),
        (&caller, "InternalCallsRcvdSession", 0),
        (&caller, "InternalCallsHeldSession", 0),
        (&called, "InternalCallsSession", 0),
        (&called, "InternalCallsRcvdSession", 1),
        (&called, "InternalCallsRcvdTimeToday", 15),
        (&called, "InternalCallsHeldSession", 1),
        (&called, "InternalCallsHeldTimeToday", 3),
        (&called, "HandledCallsSession", 0),
    ] {
        assert_eq!(number(conf, name), expected, "{name}");
    }
}

#[test]
fn a_call_from_outside_counts_as_handled_with_its_wrap_up() {
    let mut floor = Floor::new();
    let all = floor.all;
    let leg = floor.serve(1, "+49305550101", "3002");
    floor.wait(4000);
    let conf = floor.centre.answer(all, of_group(101));
    assert_eq!(number(&conf, "AgentsTalkingIn"), 1);
    floor.gone(leg, Cause::Normal);
    let wraps_up = floor.centre.state("2002") == AgentState::WORK_NOT_READY;
    floor.wait(6000);
    floor.centre.set(all, "2002", AgentState::NOT_READY, 0);
    let conf = floor.centre.answer(all, of_agent(Some("2002")));
    let after = if wraps_up { 6 } else { 0 };
    assert_eq!(number(&conf, "HandledCallsSession"), 1);
    assert_eq!(number(&conf, "HandledCallsTalkTimeSession"), 4);
    assert_eq!(number(&conf, "HandledCallsAfterCallTimeSession"), after);
    assert_eq!(number(&conf, "HandledCallsTimeToday"), 4 + after);
}

#[test]
fn a_queue_says_how_many_wait_and_for_how_long() {
    let mut config = centre();
    for (place, agent) in config.agents.iter_mut().enumerate() {
        agent.attributes = vec![AgentAttribute {
            attribute: 1,
            value: u32::from(place == 1),
        }];
    }
    config.attributes.push(AttributeConfig {
        id: 1,
        ..Default::default()
    });
    let gold = Condition {
        attribute: 1,
        comparison: Comparison::Equal,
        value: 1,
    };
    config.precision_queues.push(PrecisionQueueConfig {
        number: 201,
        id: 7001,
        name: "Gold".into(),
        steps: vec![StepConfig {
            any_of: vec![vec![gold]],
            ..Default::default()
        }],
    });
    for (dialed, queue) in [("8000", 101), ("8010", 201)] {
        config.routes.push(RouteConfig {
            dialed: dialed.into(),
            queues: vec![queue],
            ..Default::default()
        });
    }
    let mut floor = Floor::of(config);
    let all = floor.all;
    floor.incoming("+49305550101", "8000");
    floor.wait(4000);
    let (first, _) = floor.incoming("+49305550102", "8010");
    floor.wait(3000);
    floor.incoming("+49305550103", "8010");
    floor.wait(2500);
    let by_id = QuerySkillGroupStatisticsReq {
        skill_group_id: 7001,
        ..of_group(u32::MAX)
    };
    for (request, waiting, longest, agents) in [
        (of_group(101), 1, 9, 3),
        (of_group(102), 0, 0, 3),
        (of_group(201), 2, 5, 1),
        (by_id, 2, 5, 1),
    ] {
        let conf = floor.centre.answer(all, request);
        assert_eq!(number(&conf, "RouterCallsQNow"), waiting);
        assert_eq!(number(&conf, "LongestRouterCallQNow"), longest);
        assert_eq!(number(&conf, "AgentsLoggedOn"), agents);
        assert_eq!(number(&conf, "CallsQNow"), 0);
    }
    floor.gone(first.0, Cause::Normal);
    let conf = floor.centre.answer(all, of_group(201));
    assert_eq!(number(&conf, "RouterCallsQNow"), 1);
    assert_eq!(number(&conf, "LongestRouterCallQNow"), 2);
    assert_eq!(number(&conf, "CallsQToday"), 1);
    assert_eq!(number(&conf, "LongestCallQToday"), 5);
}
