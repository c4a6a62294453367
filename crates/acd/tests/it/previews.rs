//! Contacts of a campaign: looked at, called, skipped, closed (finesse-api 2.6; acd-and-telephony 3.5).

use tact_acd::Input;
use tact_acd::dialer::Contact;
use tact_acd::fabric::{Cause, Event, LegId};
use tact_ged188::{AgentState, Floats, SetCallDataReq, Tag};

use crate::calls_floor::{
    Floor, Said, answer_preview, call, clear, clear_call, consult, hold, make_call,
};
use crate::harness::{PERIPHERAL, centre};

pub(crate) const CUSTOMER: &str = "5550123";
/// GENERIC_OPERATION.
const GENERIC: u16 = 1;

pub(crate) fn contact(number: &str) -> Contact {
    Contact {
        queue: 101,
        number: number.into(),
        port: "7000".into(),
        campaign: "Renewals".into(),
        name: "Okafor, Amara".into(),
        account: "C-10231".into(),
        variables: vec![
            ("callVariable1".into(), "gold".into()),
            ("BAStatus".into(), "forged".into()),
        ],
    }
}

pub(crate) fn offer(floor: &mut Floor, number: &str) -> Said {
    floor.input(Input::Preview(contact(number)))
}

pub(crate) fn ready(floor: &mut Floor, agent: &str) -> Said {
    floor.set(agent, AgentState::AVAILABLE)
}

/// Agent 2002 looks at a contact: call 1, leg 2.
pub(crate) fn looking() -> Floor {
    let mut floor = Floor::new();
    ready(&mut floor, "2002");
    offer(&mut floor, CUSTOMER);
    floor.ringing(2);
    floor.answered(2);
    floor
}

/// The same, accepted: call 2 rings at the customer's, leg 4.
fn accepted() -> Floor {
    let mut floor = looking();
    floor.ask(answer_preview(1, "Accept"));
    floor.ringing(4);
    floor
}

fn named(floats: &Floats) -> Vec<String> {
    let values = floats.all(Tag::NAMED_VARIABLE);
    values
        .map(|value| {
            String::from_utf8_lossy(value)
                .trim_end_matches('\0')
                .replace('\0', "=")
        })
        .collect()
}

fn direction(said: &Said) -> Option<u32> {
    let floats = said.message("AGENT_STATE_EVENT").floats()?;
    floats.u32(Tag::DIRECTION)
}

#[test]
fn a_contact_reserves_who_waits_longest_and_the_phone_picks_up() {
    let mut floor = Floor::new();
    ready(&mut floor, "2002");
    floor.wait(1000);
    ready(&mut floor, "2001");
    let said = offer(&mut floor, CUSTOMER);
    assert_eq!(said.states(), ["2002 RESERVED"]);
    assert_eq!(direction(&said), Some(6));
    assert_eq!(said.to_all(), ["BEGIN c1 7000 RESERVATION_PREVIEW"]);
    assert_eq!(said.commands(), ["offer 2 phone 3002 from 7000 auto"]);
    let data = said.message("BEGIN_CALL_EVENT").floats().unwrap();
    assert_eq!(
        named(data),
        [
            "BAAccountNumber=C-10231",
            "BABuddyName=Okafor, Amara",
            "BACampaign=Renewals",
            "BACustomerNumber=5550123",
            "BAResponse",
            "BAStatus=PREVIEW_OUTBOUND_RESERVATION",
        ]
    );
    assert_eq!(data.text(Tag::CALL_VAR_1).as_deref(), Some("gold"));

    let said = floor.ringing(2);
    assert_eq!(
        said.to_own(),
        [
            "BEGIN c1 3002 RESERVATION_PREVIEW",
            "DELIVERED c1 3002: 7000 > 3002"
        ]
    );
    let said = floor.answered(2);
    assert_eq!(said.to_all(), ["ESTABLISHED c1 3002: 7000 > 3002"]);
    assert!(said.states().is_empty(), "still reserved");
}

#[test]
fn an_accepted_contact_is_called_from_the_same_leg_and_talked_to() {
    let mut floor = looking();
    let said = floor.ask(answer_preview(1, "Accept"));
    assert_eq!(
        said.to_all(),
        [
            "SET_CALL_DATA_CONF",
            "DATA c1 > c1 7000 RESERVATION_PREVIEW",
            "CONNECTION_CLEARED c1 3002",
            "CLEARED c1",
            "END c1 7000",
            "BEGIN c2 3002 CUSTOMER_PREVIEW",
            "SERVICE_INITIATED c2 3002",
            "ORIGINATED c2 3002: 3002 > 5550123",
            "REACHED_NETWORK c2 3002",
        ]
    );
    assert_eq!(said.commands(), ["offer 4 outside 5550123 from 3002"]);
    let data = said.message("BEGIN_CALL_EVENT").floats().unwrap();
    assert!(named(data).contains(&"BAStatus=PREVIEW_OUTBOUND".to_owned()));
    assert!(named(data).contains(&"BAResponse".to_owned()));
    assert!(said.states().is_empty(), "reserved until somebody answers");

    floor.ringing(4);
    let said = floor.answered(4);
    assert_eq!(said.to_all(), ["ESTABLISHED c2 5550123: 3002 > 5550123"]);
    assert_eq!(said.states(), ["2002 TALKING"]);
    assert_eq!(said.commands(), ["bridge c2 [2, 4]"]);
    let said = floor.ask(clear(2, "3002"));
    assert_eq!(said.states(), ["2002 AVAILABLE"]);
    assert_eq!(floor.centre.acd.contacts_waiting(), 0);
}

#[test]
fn a_customer_who_cannot_be_had_sets_the_agent_free_without_a_tone() {
    for (cause, told) in [
        (Cause::Busy, "CEC_BUSY"),
        (Cause::NoAnswer, "CEC_CALL_NOT_ANSWERED"),
        (Cause::InvalidNumber, "CEC_DEST_NOT_OBTAINABLE"),
    ] {
        let mut floor = accepted();
        let said = floor.gone(4, cause);
        let failed = format!("FAILED c2 3002: 5550123 {told}");
        assert!(said.to_all().contains(&failed), "{:?}", said.to_all());
        assert_eq!(said.to_all().last().unwrap(), "END c2 3002");
        assert_eq!(said.states(), ["2002 AVAILABLE"]);
        assert_eq!(said.commands(), [format!("hang up 2 {cause:?}")]);
        assert_eq!(floor.centre.acd.calls().count(), 0);
    }
}

#[test]
fn an_agent_may_give_up_calling_the_customer() {
    let mut floor = accepted();
    let said = floor.ask(clear(2, "3002"));
    assert_eq!(said.states(), ["2002 AVAILABLE"]);
    assert_eq!(said.commands(), ["hang up 2 Normal", "hang up 4 Normal"]);
}

#[test]
fn a_skipped_contact_goes_to_somebody_else_and_a_closed_one_to_nobody() {
    let mut floor = looking();
    let said = floor.ask(answer_preview(1, "Reject"));
    assert_eq!(
        said.to_all(),
        [
            "SET_CALL_DATA_CONF",
            "DATA c1 > c1 7000 RESERVATION_PREVIEW",
            "CONNECTION_CLEARED c1 3002",
            "CLEARED c1",
            "END c1 7000",
        ]
    );
    assert_eq!(said.states(), ["2002 AVAILABLE"]);
    assert_eq!(floor.centre.acd.contacts_waiting(), 1);
    // Not to the same agent, who may look at another one.
    assert_eq!(offer(&mut floor, "5550124").states(), ["2002 RESERVED"]);
    let said = ready(&mut floor, "2001");
    assert_eq!(said.states(), ["2001 AVAILABLE", "2001 RESERVED"]);
    assert_eq!(floor.centre.acd.contacts_waiting(), 0);
    let leg = floor.leg(3, "3001");
    floor.answered(leg);
    let said = floor.ask(answer_preview(3, "rejectclose"));
    assert_eq!(said.states(), ["2001 AVAILABLE"]);
    assert_eq!(floor.centre.acd.contacts_waiting(), 0);
}

#[test]
fn a_contact_that_nobody_answers_for_a_minute_is_taken_back() {
    let mut floor = looking();
    assert!(floor.wait(59_999).states().is_empty());
    let said = floor.wait(1);
    assert_eq!(said.states(), ["2002 AVAILABLE"]);
    assert_eq!(said.commands(), ["hang up 2 Normal"]);
    assert_eq!(floor.centre.acd.contacts_waiting(), 1);
}

#[test]
fn hanging_up_the_phone_skips_the_contact_and_dialling_on_it_too() {
    let mut floor = looking();
    assert_eq!(floor.gone(2, Cause::Normal).states(), ["2002 AVAILABLE"]);
    assert_eq!(floor.centre.acd.contacts_waiting(), 1);

    let mut floor = looking();
    let said = floor.event(Event::Dialed {
        leg: LegId(101),
        device: "3002".into(),
        number: "3001".into(),
    });
    assert_eq!(said.states(), ["2002 AVAILABLE", "2002 NOT_READY 50006"]);
    assert_eq!(said.commands()[0], "hang up 2 Normal");
}

#[test]
fn an_agent_whose_phone_does_not_pick_up_is_not_ready() {
    for cause in [Cause::Busy, Cause::NoAnswer, Cause::Rejected] {
        let mut floor = Floor::new();
        ready(&mut floor, "2002");
        offer(&mut floor, CUSTOMER);
        let said = floor.gone(2, cause);
        assert_eq!(said.states(), ["2002 NOT_READY 32767"]);
        assert_eq!(floor.centre.acd.contacts_waiting(), 1);
        assert_eq!(floor.centre.acd.calls().count(), 0);
    }
}

/// Agent 2002 accepted while the phone rings: call 1, leg 2.
fn accepted_early() -> Floor {
    let mut floor = Floor::new();
    ready(&mut floor, "2002");
    offer(&mut floor, CUSTOMER);
    floor.ringing(2);
    let said = floor.ask(answer_preview(1, "Accept"));
    assert_eq!(
        said.to_all(),
        [
            "SET_CALL_DATA_CONF",
            "DATA c1 > c1 7000 RESERVATION_PREVIEW"
        ]
    );
    assert!(said.commands().is_empty(), "it rings on");
    floor
}

#[test]
fn who_accepts_before_the_phone_is_picked_up_calls_once_it_is() {
    let mut floor = accepted_early();
    let said = floor.answered(2);
    assert_eq!(said.commands(), ["offer 4 outside 5550123 from 3002"]);
    assert_eq!(
        said.to_all(),
        [
            "ESTABLISHED c1 3002: 7000 > 3002",
            "CONNECTION_CLEARED c1 3002",
            "CLEARED c1",
            "END c1 7000",
            "BEGIN c2 3002 CUSTOMER_PREVIEW",
            "SERVICE_INITIATED c2 3002",
            "ORIGINATED c2 3002: 3002 > 5550123",
            "REACHED_NETWORK c2 3002",
        ]
    );
    let said = floor.answered(4);
    assert_eq!(said.states(), ["2002 TALKING"]);
    assert_eq!(said.commands(), ["bridge c2 [2, 4]"]);
    floor.ask(clear(2, "3002"));
    assert_eq!(floor.centre.acd.contacts_waiting(), 0);
}

#[test]
fn an_accepted_contact_whose_agent_does_not_come_to_the_phone_waits_again() {
    let gone = |cause| move |floor: &mut Floor| floor.gone(2, cause);
    let ends: [&dyn Fn(&mut Floor) -> Said; 4] = [
        &gone(Cause::NoAnswer),
        &gone(Cause::Rejected),
        &gone(Cause::Unreachable),
        &|floor| floor.wait(60_000),
    ];
    for end in ends {
        let mut floor = accepted_early();
        let said = end(&mut floor);
        assert_eq!(said.states(), ["2002 NOT_READY 32767"]);
        assert_eq!(floor.centre.acd.contacts_waiting(), 1);
        assert_eq!(floor.centre.acd.calls().count(), 0);
        let said = ready(&mut floor, "2001");
        assert_eq!(said.states(), ["2001 AVAILABLE", "2001 RESERVED"]);
    }
}

#[test]
fn who_accepted_may_think_better_of_it_until_the_phone_is_picked_up() {
    for (word, waiting) in [("Reject", 1), ("RejectClose", 0)] {
        let mut floor = accepted_early();
        let said = floor.ask(answer_preview(1, word));
        assert_eq!(said.states(), ["2002 AVAILABLE"]);
        assert_eq!(said.commands(), ["hang up 2 Normal"]);
        assert_eq!(floor.centre.acd.contacts_waiting(), waiting);
    }
}

#[test]
fn what_is_pending_is_not_told_and_comes_after_the_contact() {
    let mut floor = looking();
    let said = floor.set("2002", AgentState::NOT_READY);
    assert_eq!(said.to_all(), ["SET_AGENT_STATE_CONF"]);
    assert!(said.states().is_empty());
    let said = floor.ask(answer_preview(1, "Reject"));
    assert_eq!(said.states(), ["2002 NOT_READY"]);

    let mut floor = accepted();
    floor.set("2002", AgentState::NOT_READY);
    floor.answered(4);
    let said = floor.ask(clear(2, "3002"));
    // Wrap-up is optional, and NOT_READY during the call asks for it.
    assert_eq!(said.states(), ["2002 WORK_NOT_READY"]);
}

#[test]
fn a_reservation_is_answered_and_nothing_else_can_be_asked_of_it() {
    let mut floor = looking();
    let data = SetCallDataReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        connection_call_id: call(1),
        floats: Floats::new().with_text(Tag::CALL_VAR_1, "more"),
        ..Default::default()
    };
    for said in [
        floor.ask(clear(1, "3002")),
        floor.ask(clear_call(1, "3002")),
        floor.ask(hold(1, "3002")),
        floor.ask(consult(1, "3002", "3001")),
        floor.ask(answer_preview(1, "BUSY")),
        floor.ask(data),
    ] {
        assert_eq!(said.refused(), GENERIC);
    }
    assert!(floor.ask(make_call("3002", "3001")).refused() != 0);
    assert_eq!(floor.event(Event::Held { leg: LegId(2) }).to_all().len(), 0);
    // A callback is agreed, and the contact stays.
    let said = floor.ask(answer_preview(1, "Callback 03072014 14:30"));
    assert_eq!(said.to_all()[0], "SET_CALL_DATA_CONF");
    assert_eq!(floor.numbers(1), ["3002"]);
}

#[test]
fn a_customers_call_is_classified_again_and_again_also_in_wrap_up() {
    let mut config = centre();
    for settings in &mut config.desk_settings {
        settings.wrapup_outgoing = 0;
    }
    let mut floor = Floor::of(config);
    ready(&mut floor, "2002");
    offer(&mut floor, CUSTOMER);
    floor.answered(2);
    floor.ask(answer_preview(1, "Accept"));
    floor.answered(4);
    for word in ["ANS_MACHINE", "VOICE"] {
        let said = floor.ask(answer_preview(2, word));
        assert_eq!(said.to_all()[0], "SET_CALL_DATA_CONF");
        let data = said.message("CALL_DATA_UPDATE_EVENT").floats().unwrap();
        assert!(named(data).contains(&format!("BAResponse={word}")));
    }
    assert_eq!(floor.ask(answer_preview(2, "Accept")).refused(), GENERIC);
    let said = floor.ask(clear(2, "3002"));
    assert_eq!(said.states(), ["2002 WORK_READY"]);
    let said = floor.ask(answer_preview(2, "DO_NOT_CALL"));
    assert_eq!(said.to_all()[0], "SET_CALL_DATA_CONF");
}

#[test]
fn calls_that_are_no_campaigns_are_not_classified() {
    let mut floor = Floor::new();
    floor.talk(1, "3001", "3002");
    assert_eq!(floor.ask(answer_preview(1, "BUSY")).refused(), GENERIC);
}

#[test]
fn a_phone_that_is_lost_signs_the_agent_out_after_the_contact() {
    let mut floor = looking();
    let device = "3002".into();
    floor.event(Event::DeviceDown { device });
    let said = floor.gone(2, Cause::Unreachable);
    assert_eq!(said.states(), ["2002 LOGOUT 50003"]);
}
