//! Queues: names and members from the configuration, statistics every ten seconds.

use tact_desk::{Input, Queue};
use tact_ged188::*;

use crate::scene::*;

/// Skill groups by number and name.
fn groups(groups: &[(u32, &str)]) -> ConfigSkillGroupEvent {
    let mut event = ConfigSkillGroupEvent::default();
    for (number, name) in groups {
        event.floats.push_u16(Tag::RECORD_TYPE, 0);
        event.floats.push_u32(Tag::PERIPHERAL_ID, 5000);
        event.floats.push_u32(Tag::PERIPHERAL_NUMBER, *number);
        event
            .floats
            .push_u32(Tag::SKILL_GROUP_SKILL_TARGET_ID, number + 5000);
        event.floats.push_text(Tag::PERIPHERAL_NAME, name);
    }
    event
}

/// An agent's record with its groups, one float for each.
fn serves(id: &str, groups: &[u32]) -> ConfigAgentEvent {
    let mut event = ConfigAgentEvent::default();
    event.floats.push_u16(Tag::RECORD_TYPE, 1);
    event.floats.push_text(Tag::LOGIN_ID, id);
    event.floats.push_u16(Tag::NUM_SKILLS, groups.len() as u16);
    for group in groups {
        event.floats.push_u32(Tag::SKILL_GROUP_NUMBER, *group);
        event.floats.push_u16(Tag::SKILL_GROUP_PRIORITY, 0);
    }
    event
}

fn statistics(
    scene: &Scene,
    number: u32,
    waiting: u32,
    longest: u32,
) -> QuerySkillGroupStatisticsConf {
    QuerySkillGroupStatisticsConf {
        invoke_id: scene.invoke,
        skill_group_number: number,
        agents_logged_on: 3,
        agents_avail: 1,
        agents_not_ready: 2,
        router_calls_q_now: waiting,
        longest_router_call_q_now: longest,
        ..QuerySkillGroupStatisticsConf::default()
    }
}

fn numbers<'a>(queues: impl Iterator<Item = &'a Queue>) -> Vec<u32> {
    queues.map(|queue| queue.number).collect()
}

#[test]
fn queues_are_named_by_the_configuration_and_belong_to_those_who_serve_them() {
    let mut scene = Scene::in_service();
    scene.cti(groups(&[(7, "Sales"), (8, "Support"), (9, "Nobody")]));
    scene.cti(serves("2001", &[7, 8]));
    // All numbers in one float are read too.
    let mut packed = serves("2002", &[]);
    packed
        .floats
        .push_bytes(Tag::SKILL_GROUP_NUMBER, &[0, 0, 0, 8]);
    scene.cti(packed);
    let queue = scene.desk.queue(7).unwrap();
    assert_eq!((queue.name.as_str(), queue.id), ("Sales", 5007));
    assert_eq!(numbers(scene.desk.queues_of("2001")), [7, 8]);
    assert_eq!(numbers(scene.desk.queues_of("2002")), [8]);
    assert_eq!(numbers(scene.desk.queues_of("2100")), [7, 8], "the team's");
    assert!(numbers(scene.desk.queues_of("2009")).is_empty());
    scene.cti(serves("2001", &[8]));
    assert_eq!(numbers(scene.desk.queues_of("2001")), [8]);
    assert_eq!(
        scene.cti(groups(&[(8, "Help")])),
        ["queue 8"],
        "a new name is told"
    );
}

#[test]
fn statistics_are_asked_for_every_ten_seconds_and_told_when_they_change() {
    let mut scene = Scene::in_service();
    scene.cti(groups(&[(7, "Sales"), (9, "Nobody")]));
    assert_eq!(
        scene.cti(serves("2001", &[7])),
        ["send QUERY_SKILL_GROUP_STATISTICS_REQ"]
    );
    let conf = statistics(&scene, 7, 2, 30);
    assert_eq!(scene.cti(conf), ["queue 7"]);
    let known = scene.desk.queue(7).unwrap().statistics.unwrap();
    assert_eq!(known.calls_in_queue, 2);
    assert_eq!(known.longest_since, Some(scene.now - 30_000));
    assert_eq!(
        (
            known.agents_logged_on,
            known.agents_ready,
            known.agents_not_ready
        ),
        (3, 1, 2)
    );
    assert_eq!(scene.desk.queue(9).unwrap().statistics, None);
    let rounds = |out: Vec<String>| {
        out.iter()
            .filter(|line| line.contains("STATISTICS"))
            .count()
    };
    assert_eq!(rounds(scene.after(9_000)), 0);
    assert_eq!(rounds(scene.after(1_000)), 1);
    // Ten seconds later the same call has waited ten seconds longer, give or take the rounding.
    let conf = statistics(&scene, 7, 2, 41);
    assert!(scene.cti(conf).is_empty());
    scene.after(10_000);
    let conf = statistics(&scene, 7, 0, u32::MAX);
    assert_eq!(scene.cti(conf), ["queue 7"]);
    let known = scene.desk.queue(7).unwrap().statistics.unwrap();
    assert_eq!((known.calls_in_queue, known.longest_since), (0, None));
    assert_eq!(
        scene.cti(serves("2001", &[])),
        ["queue 7"],
        "nobody serves it any more"
    );
    assert_eq!(scene.desk.queue(7).unwrap().statistics, None);
}

#[test]
fn a_refusal_leaves_the_numbers_unknown_and_a_lost_link_stops_the_questions() {
    let mut scene = Scene::in_service();
    scene.cti(groups(&[(7, "Sales")]));
    scene.cti(serves("2001", &[7]));
    let refused = FailureConf {
        invoke_id: scene.invoke,
        status: StatusCode::INVALID_AGENT_DATA,
        ..FailureConf::default()
    };
    assert!(scene.cti(refused).is_empty());
    assert_eq!(scene.desk.queue(7).unwrap().statistics, None);
    scene.feed(Input::LinkDown {
        reason: String::new(),
    });
    assert_eq!(scene.desk.next_due(), None);
}

#[test]
fn a_queue_that_a_new_download_does_not_name_is_gone() {
    let mut scene = Scene::in_service();
    scene.cti(groups(&[(7, "Sales"), (8, "Support")]));
    scene.feed(Input::LinkDown {
        reason: String::new(),
    });
    scene.feed(Input::LinkUp {
        side: tact_desk::Side::A,
    });
    scene.cti(open_conf(scene.invoke));
    scene.cti(ConfigKeyEvent::default());
    scene.cti(groups(&[(8, "Support")]));
    scene.cti(agent_records(&["2001"]));
    scene.cti(ConfigEndEvent::default());
    assert!(scene.desk.queue(7).is_none());
    assert_eq!(scene.desk.queue(8).unwrap().name, "Support");
}
