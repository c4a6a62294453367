//! Routes that are open at some hours only (acd-and-telephony 3.2).

use tact_acd::Config;
use tact_acd::config::{HoursConfig, OpenHours, OverflowConfig, RouteConfig};
use tact_ged188::AgentState;

use crate::calls_floor::{Floor, make_call};
use crate::harness::centre;

const CALLER: &str = "5550101";
/// The floor's clock stands at 2023-11-14 22:13:20 UTC, a Tuesday.
const CLOSING: u32 = 24 * 60 + 22 * 60 + 14;

fn route(dialed: &str, queue: u32) -> RouteConfig {
    RouteConfig {
        dialed: dialed.into(),
        queues: vec![queue],
        ..RouteConfig::default()
    }
}

/// The same, open on Tuesdays until 22:14.
fn until_closing(dialed: &str, queue: u32, closed_to: &str) -> RouteConfig {
    RouteConfig {
        hours: Some(HoursConfig {
            utc_offset_min: 0,
            open: vec![OpenHours {
                from_min: 24 * 60,
                to_min: CLOSING,
            }],
            closed_to: closed_to.into(),
        }),
        ..route(dialed, queue)
    }
}

fn config() -> Config {
    let mut config = centre();
    config.routes = vec![
        until_closing("8000", 101, "8001"),
        route("8001", 102),
        until_closing("8002", 101, "3001"),
        until_closing("8003", 101, "5550900"),
        until_closing("8004", 101, ""),
        until_closing("8005", 101, "8006"),
        until_closing("8006", 101, "8005"),
        RouteConfig {
            overflow: Some(OverflowConfig {
                after_s: 60,
                to: "8004".into(),
            }),
            ..route("8007", 102)
        },
    ];
    config
}

fn floor() -> Floor {
    Floor::of(config())
}

/// A minute later.
fn closed() -> Floor {
    let mut floor = floor();
    floor.wait(60_000);
    floor
}

#[test]
fn within_its_hours_a_route_leads_to_its_own_queues() {
    let mut floor = floor();
    let (_, said) = floor.incoming(CALLER, "8000");
    assert_eq!(said.to_all()[1], "QUEUED c1 [101]");
}

#[test]
fn after_hours_another_route_takes_over() {
    let mut floor = closed();
    let (_, said) = floor.incoming(CALLER, "8000");
    assert_eq!(said.to_all()[1], "QUEUED c1 [102]");
    let said = floor.set("2001", AgentState::AVAILABLE);
    assert_eq!(said.states(), ["2001 AVAILABLE", "2001 RESERVED"]);
}

#[test]
fn a_call_that_waits_when_the_route_closes_is_still_taken() {
    let mut floor = floor();
    floor.incoming(CALLER, "8004");
    assert!(floor.wait(60_000).to_all().is_empty());
    let said = floor.set("2001", AgentState::AVAILABLE);
    assert_eq!(said.states(), ["2001 AVAILABLE", "2001 RESERVED"]);
}

#[test]
fn after_hours_a_phone_or_a_number_outside_may_be_rung() {
    let mut floor = closed();
    let (_, said) = floor.incoming(CALLER, "8002");
    assert_eq!(said.commands(), ["offer 2 phone 3001 from 5550101"]);
    floor.ringing(2);
    assert_eq!(floor.answered(2).states(), ["2001 TALKING"]);
    let (_, said) = floor.incoming(CALLER, "8003");
    assert_eq!(said.commands(), ["offer 4 outside 5550900 from 5550101"]);
}

#[test]
fn after_hours_a_call_ends_where_nothing_takes_over() {
    for dialed in ["8004", "8005"] {
        let mut floor = closed();
        let (caller, said) = floor.incoming(CALLER, dialed);
        assert_eq!(
            said.commands(),
            [format!("hang up {} Unreachable", caller.0)]
        );
        assert_eq!(said.to_all().last().unwrap(), "END c1 5550101");
        assert_eq!(floor.centre.acd.calls().count(), 0);
        assert_eq!(floor.centre.acd.tickets().count(), 0);
    }
}

#[test]
fn an_agent_who_dials_after_hours_hears_the_tone() {
    let mut floor = closed();
    floor.ask(make_call("3001", "8004"));
    let said = floor.answered(2);
    let failed = "FAILED c1 3001: 8004 CEC_DEST_NOT_OBTAINABLE".to_owned();
    assert!(said.to_all().contains(&failed), "{:?}", said.to_all());
}

#[test]
fn what_overflows_to_a_closed_route_is_taken() {
    let mut floor = closed();
    let (_, said) = floor.incoming(CALLER, "8007");
    assert_eq!(said.to_all()[1], "QUEUED c1 [102]");
    let said = floor.wait(60_000);
    assert_eq!(said.to_all(), ["QUEUED c1 [101]"]);
}
