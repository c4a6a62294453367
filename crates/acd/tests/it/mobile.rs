//! Mobile agents: call by call, and with a nailed connection (ged188 3.6; finesse-api 2.3; acd-and-telephony 3.5).

use tact_acd::config::{RemoteAgent, RouteConfig};
use tact_acd::dialer::Contact;
use tact_acd::fabric::{Cause, Command, Event};
use tact_acd::{Config, Input, Output};
use tact_ged188::{AgentState, AgentWorkMode, SetAgentStateReq};

use crate::calls_floor::{Floor, Said, answer, answer_preview, clear, make_call};
use crate::harness::{centre, login_req, open_req};

const CALLER: &str = "5550101";

/// The number 8000 leads to skill group 101.
fn config(allowed: RemoteAgent) -> Config {
    let mut config = centre();
    for settings in &mut config.desk_settings {
        settings.remote_agent = allowed;
    }
    config.routes.push(RouteConfig {
        dialed: "8000".into(),
        queues: vec![101],
        ..RouteConfig::default()
    });
    config
}

fn request(mode: AgentWorkMode, instrument: &str) -> SetAgentStateReq {
    let mut request = login_req("2002", instrument);
    request.agent_work_mode = mode;
    request
}

fn sign_in(floor: &mut Floor, mode: AgentWorkMode, instrument: &str) -> Said {
    floor.ask(request(mode, instrument))
}

/// Agent 2002 is signed out.
fn floor() -> Floor {
    let mut floor = Floor::of(config(RemoteAgent::Either));
    floor.set("2002", AgentState::LOGOUT);
    floor
}

fn call_by_call() -> Floor {
    let mut floor = floor();
    sign_in(&mut floor, AgentWorkMode::CALL_BY_CALL, "3002;5550777");
    floor
}

/// Over line 2.
fn nailed() -> Floor {
    let mut floor = floor();
    sign_in(&mut floor, AgentWorkMode::NAILED_CONNECTION, "3002;5550777");
    floor.ringing(2);
    floor.answered(2);
    floor
}

#[test]
fn the_desk_settings_say_which_modes_there_are() {
    let modes = [
        AgentWorkMode::CALL_BY_CALL,
        AgentWorkMode::NAILED_CONNECTION,
    ];
    for (allowed, may) in [
        (RemoteAgent::NotAllowed, [false, false]),
        (RemoteAgent::CallByCall, [true, false]),
        (RemoteAgent::Nailed, [false, true]),
        (RemoteAgent::Either, [true, true]),
    ] {
        for (mode, may) in modes.into_iter().zip(may) {
            let mut floor = Floor::of(config(allowed));
            floor.set("2002", AgentState::LOGOUT);
            let said = sign_in(&mut floor, mode, "3002;5550777");
            assert_eq!(said.refused(), if may { 0 } else { 265 });
        }
    }
}

#[test]
fn each_call_dials_the_phone_of_a_call_by_call_agent() {
    let mut floor = call_by_call();
    assert_eq!(floor.state("2002"), AgentState::NOT_READY);
    floor.set("2002", AgentState::AVAILABLE);
    let (_, said) = floor.incoming(CALLER, "8000");
    assert_eq!(said.commands(), ["offer 2 outside 5550777 from 5550101"]);
    let said = floor.ringing(2);
    assert_eq!(
        said.to_own(),
        [
            "BEGIN c1 3002 CALLTYPE_PREROUTE_ACD_IN",
            "DELIVERED c1 3002: 5550101 > 8000"
        ]
    );
    // Nobody but the agent picks up.
    assert!(floor.ask(answer(1, "3002")).refused() != 0);
    assert_eq!(floor.answered(2).states(), ["2002 TALKING"]);
    let said = floor.ask(clear(1, "3002"));
    assert!(said.commands().contains(&"hang up 2 Normal".to_owned()));
    assert_eq!(said.states(), ["2002 AVAILABLE"]);
    let (_, said) = floor.incoming(CALLER, "8000");
    assert_eq!(said.commands(), ["offer 4 outside 5550777 from 5550101"]);
}

#[test]
fn a_call_by_call_agent_who_does_not_answer_is_not_ready() {
    let mut floor = call_by_call();
    floor.set("2002", AgentState::AVAILABLE);
    floor.incoming(CALLER, "8000");
    floor.ringing(2);
    let said = floor.gone(2, Cause::NoAnswer);
    assert_eq!(said.states(), ["2002 NOT_READY 32767"]);
    assert!(said.to_all().contains(&"QUEUED c1 [101]".to_owned()));
}

#[test]
fn a_call_by_call_agent_accepts_a_contact_before_the_phone_is_picked_up() {
    let mut floor = call_by_call();
    floor.set("2002", AgentState::AVAILABLE);
    let said = floor.input(Input::Preview(Contact {
        queue: 101,
        number: CALLER.into(),
        port: "7000".into(),
        ..Contact::default()
    }));
    assert_eq!(said.commands(), ["offer 2 outside 5550777 from 7000"]);
    floor.ringing(2);
    let said = floor.ask(answer_preview(1, "Accept"));
    assert!(said.commands().is_empty(), "it rings on");
    let said = floor.answered(2);
    assert_eq!(said.commands(), ["offer 4 outside 5550101 from 3002"]);
    let said = floor.answered(4);
    assert_eq!(said.states(), ["2002 TALKING"]);
    assert_eq!(said.commands(), ["bridge c2 [2, 4]"]);
}

#[test]
fn a_call_by_call_agent_dials_when_the_own_phone_was_picked_up() {
    let mut floor = call_by_call();
    let said = floor.ask(make_call("3002", CALLER));
    assert_eq!(said.commands(), ["offer 2 outside 5550777 from 5550101"]);
    floor.ringing(2);
    assert!(floor.wait(40_000).commands().is_empty(), "it may ring on");
    let said = floor.answered(2);
    assert_eq!(said.commands(), ["offer 4 outside 5550101 from 3002"]);
    assert_eq!(floor.answered(4).states(), ["2002 TALKING"]);
}

#[test]
fn the_phone_at_the_desk_does_not_matter() {
    let mut floor = call_by_call();
    floor.set("2002", AgentState::AVAILABLE);
    let device = "3002".into();
    let said = floor.event(Event::DeviceDown { device });
    assert!(said.states().is_empty());
    let (_, said) = floor.incoming(CALLER, "3002");
    assert_eq!(said.commands(), ["offer 2 outside 5550777 from 5550101"]);
}

#[test]
fn a_nailed_agent_is_signed_in_when_somebody_picks_up() {
    let mut floor = floor();
    let said = sign_in(&mut floor, AgentWorkMode::NAILED_CONNECTION, "3002;5550777");
    assert_eq!(said.commands(), ["offer 2 outside 5550777 from 3002"]);
    assert!(said.to_all().is_empty() && said.states().is_empty());
    assert_eq!(floor.state("2002"), AgentState::LOGOUT);
    // Nobody else gets the phone, and the agent no other one, meanwhile.
    let other = floor.ask(login_req("2050", "3002"));
    assert_eq!(other.refused(), 283);
    let again = sign_in(&mut floor, AgentWorkMode::UNSPECIFIED, "3002");
    assert_eq!(again.refused(), 259);
    floor.ringing(2);
    let said = floor.answered(2);
    assert_eq!(said.to_all(), ["SET_AGENT_STATE_CONF"]);
    assert_eq!(said.states(), ["2002 LOGIN", "2002 NOT_READY"]);
}

#[test]
fn a_nailed_agent_who_cannot_be_reached_is_not_signed_in() {
    for cause in [Cause::Busy, Cause::NoAnswer, Cause::InvalidNumber] {
        let mut floor = floor();
        sign_in(&mut floor, AgentWorkMode::NAILED_CONNECTION, "3002;5550777");
        let said = floor.gone(2, cause);
        assert_eq!(said.refused(), 260);
        assert!(said.states().is_empty());
        let said = sign_in(&mut floor, AgentWorkMode::UNSPECIFIED, "3002");
        assert_eq!(said.states(), ["2002 LOGIN", "2002 NOT_READY"]);
    }
    let mut floor = floor();
    sign_in(&mut floor, AgentWorkMode::NAILED_CONNECTION, "3002;5550777");
    floor.ringing(2);
    let said = floor.wait(60_000);
    assert_eq!(said.refused(), 260);
    assert_eq!(said.commands(), ["hang up 2 NoAnswer"]);
}

#[test]
fn nobody_is_signed_in_for_a_client_that_is_gone() {
    let mut floor = floor();
    let mut open = open_req();
    open.floats = Default::default();
    open.floats
        .push_text(tact_ged188::Tag::CLIENT_ID, "another");
    let client = floor.centre.open_with(open);
    let login = request(AgentWorkMode::NAILED_CONNECTION, "3002;5550777");
    floor.centre.send(client, login);
    floor.centre.handle(Input::Disconnected { client });
    let said = floor.answered(2);
    assert_eq!(said.commands(), ["hang up 2 Normal"]);
    assert_eq!(floor.state("2002"), AgentState::LOGOUT);
}

#[test]
fn calls_come_over_the_nailed_line_which_stays() {
    let mut floor = nailed();
    floor.set("2002", AgentState::AVAILABLE);
    for nth in 1..3 {
        let (caller, said) = floor.incoming(CALLER, "8000");
        let leg = floor.leg(nth, "3002");
        let offer = format!("offer {leg} line 2 from 5550101");
        assert_eq!(said.commands(), [offer], "answered by itself");
        floor.ringing(leg);
        let said = floor.answered(leg);
        assert_eq!(said.states(), ["2002 TALKING"]);
        let said = floor.gone(caller.0, Cause::Normal);
        assert_eq!(said.states(), ["2002 AVAILABLE"]);
        let hung_up = format!("hang up {leg} Normal");
        assert!(said.commands().contains(&hung_up), "and only that leg");
        assert!(!said.commands().contains(&"hang up 2 Normal".to_owned()));
    }
    // Previews too.
    let said = floor.input(Input::Preview(Contact {
        queue: 101,
        number: CALLER.into(),
        port: "7000".into(),
        ..Contact::default()
    }));
    let leg = floor.leg(3, "3002");
    assert_eq!(
        said.commands(),
        [format!("offer {leg} line 2 from 7000 auto")]
    );
    floor.answered(leg);
    let said = floor.ask(answer_preview(3, "Accept"));
    assert_eq!(said.commands().len(), 1, "{:?}", said.commands());
}

#[test]
fn signing_out_hangs_up_the_nailed_line() {
    let mut floor = nailed();
    let said = floor.set("2002", AgentState::LOGOUT);
    assert_eq!(said.commands(), ["hang up 2 Normal"]);
    assert_eq!(said.states(), ["2002 LOGOUT"]);
    assert!(floor.gone(2, Cause::Normal).states().is_empty());
}

#[test]
fn who_hangs_up_the_nailed_line_is_signed_out_after_the_call() {
    let mut floor = nailed();
    let said = floor.gone(2, Cause::Normal);
    assert_eq!(said.states(), ["2002 LOGOUT 50042"]);
    assert!(said.commands().is_empty());

    let mut floor = nailed();
    floor.set("2002", AgentState::AVAILABLE);
    floor.incoming(CALLER, "8000");
    let leg = floor.leg(1, "3002");
    floor.answered(leg);
    let said = floor.gone(2, Cause::Normal);
    assert_eq!(said.states(), ["2002 TALKING"], "and told what is pending");
    let said = floor.gone(leg, Cause::Normal);
    assert_eq!(said.states(), ["2002 LOGOUT 50042"]);
}

#[test]
fn signing_in_again_keeps_the_phone() {
    for mut floor in [call_by_call(), nailed()] {
        let said = sign_in(&mut floor, AgentWorkMode::UNSPECIFIED, "3002");
        assert_eq!(said.to_all(), ["SET_AGENT_STATE_CONF"]);
        assert!(said.commands().is_empty());
        let said = sign_in(&mut floor, AgentWorkMode::CALL_BY_CALL, "3002;5550778");
        assert_eq!(said.refused(), 259);
    }
    let mut floor = nailed();
    let said = sign_in(&mut floor, AgentWorkMode::NAILED_CONNECTION, "3002;5550777");
    assert_eq!(said.to_all(), ["SET_AGENT_STATE_CONF"]);
    assert!(said.commands().is_empty());
}

#[test]
fn after_a_restart_the_line_is_asked_for_and_a_setup_forgotten() {
    let floor = nailed();
    let mut acd = tact_acd::Acd::restore(&floor.centre.acd.snapshot().unwrap()).unwrap();
    let mut out = Vec::new();
    acd.restarted(floor.centre.now, config(RemoteAgent::Either), &mut out);
    let adopted = out.iter().any(|output| {
        matches!(output, Output::Fabric(Command::Adopt { leg, answered: true, .. }) if leg.0 == 2)
    });
    assert!(adopted, "{out:?}");

    let mut floor = self::floor();
    sign_in(&mut floor, AgentWorkMode::NAILED_CONNECTION, "3002;5550777");
    let mut acd = tact_acd::Acd::restore(&floor.centre.acd.snapshot().unwrap()).unwrap();
    let mut out = Vec::new();
    acd.restarted(floor.centre.now, config(RemoteAgent::Either), &mut out);
    let hung_up = out
        .iter()
        .any(|output| matches!(output, Output::Fabric(Command::Hangup { leg, .. }) if leg.0 == 2));
    assert!(hung_up, "{out:?}");
}
