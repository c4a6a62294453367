//! Contacts that wait: what goes before them, what drops them, what has them looked at (acd-and-telephony 3.5).

use tact_acd::config::RouteConfig;
use tact_acd::dialer::MAX_CONTACTS;
use tact_acd::fabric::Cause;
use tact_acd::{Config, Input, Reconciled};
use tact_ged188::AgentState;

use crate::calls_floor::Floor;
use crate::harness::centre;
use crate::previews::{CUSTOMER, contact, looking, offer, ready};

#[test]
fn calls_that_wait_go_before_contacts() {
    let mut config = centre();
    config.routes.push(RouteConfig {
        dialed: "8000".into(),
        queues: vec![101],
        ..Default::default()
    });
    let mut floor = Floor::of(config);
    offer(&mut floor, CUSTOMER);
    let (caller, _) = floor.incoming("5550199", "8000");
    let said = ready(&mut floor, "2002");
    assert_eq!(
        said.commands(),
        ["offer 2 phone 3002 from 5550199"],
        "the call, not the contact"
    );
    assert_eq!(floor.centre.acd.contacts_waiting(), 1);
    // The caller gives up, and the contact's turn comes.
    let said = floor.gone(caller.0, Cause::Normal);
    assert_eq!(said.states(), ["2002 AVAILABLE", "2002 RESERVED"]);
    assert_eq!(floor.centre.acd.contacts_waiting(), 0);
}

#[test]
fn a_contact_for_no_queue_and_one_too_many_are_left_out() {
    let mut floor = Floor::new();
    let mut lost = contact(CUSTOMER);
    lost.queue = 999;
    floor.input(Input::Preview(lost));
    assert_eq!(floor.centre.acd.contacts_waiting(), 0);
    for _ in 0..=MAX_CONTACTS {
        offer(&mut floor, CUSTOMER);
    }
    assert_eq!(floor.centre.acd.contacts_waiting(), MAX_CONTACTS);
}

/// The server starts again with another configuration that takes nothing from the calls.
fn grow(floor: &mut Floor, config: Config) {
    let restarted = floor
        .centre
        .acd
        .restarted(floor.centre.now, config, &mut Vec::new());
    assert_eq!(restarted, Reconciled::Grown);
}

/// Agent 2003, who serves no queue, waits.
fn idle_2003() -> Floor {
    let mut floor = Floor::new();
    ready(&mut floor, "2003");
    floor
}

#[test]
fn who_serves_the_queue_under_another_configuration_looks_at_what_waits() {
    let mut floor = idle_2003();
    assert!(offer(&mut floor, CUSTOMER).states().is_empty());
    let mut config = centre();
    for agent in &mut config.agents {
        agent.skill_groups = vec![101];
    }
    grow(&mut floor, config);
    floor.wait(0);
    assert_eq!(floor.centre.acd.contacts_waiting(), 0);
    assert_eq!(floor.state("2003"), AgentState::RESERVED);
}

#[test]
fn contacts_of_a_queue_that_is_no_more_are_dropped_also_those_looked_at() {
    let mut fewer = centre();
    fewer.skill_groups.retain(|group| group.number != 101);

    let mut floor = idle_2003();
    offer(&mut floor, CUSTOMER);
    let mut other = contact("5550124");
    other.queue = 102;
    floor.input(Input::Preview(other));
    assert_eq!(floor.centre.acd.contacts_waiting(), 2);
    grow(&mut floor, fewer.clone());
    assert_eq!(floor.centre.acd.contacts_waiting(), 1);

    let mut floor = looking();
    grow(&mut floor, fewer);
    floor.gone(2, Cause::Normal);
    assert_eq!(floor.state("2002"), AgentState::AVAILABLE);
    assert_eq!(floor.centre.acd.contacts_waiting(), 0);
}
