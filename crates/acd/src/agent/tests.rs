//! Agent states around calls: pending, wrap-up, timers, lost phones (acd-and-telephony 3.3).

use tact_ged188::{AgentState, AgentStateEvent, Message, Tag};

use super::{Given, Trigger, WrapUp};
use crate::config::{Config, DeskSettings};
use crate::directory::AgentIndex;
use crate::io::{Output, Trace};
use crate::routing::tests::{Centre, config};
use crate::transitions::{By, On, Target, Then};

const OVER: Trigger = Trigger::LastCallEnded {
    wrap_up: WrapUp::Incoming,
};

fn setup(settings: DeskSettings) -> Config {
    Config {
        desk_settings: vec![settings],
        ..config(&[&[1]])
    }
}

/// A centre of one agent who works under these settings.
fn centre(settings: DeskSettings) -> Centre {
    Centre::new(setup(settings))
}

fn force(centre: &mut Centre, target: Target) -> Option<Then> {
    centre.step(|acd, now, out| {
        let then = acd.row(AgentIndex(0), On::Force(target), None);
        let given = Given {
            reason: 999,
            by: By::Force,
        };
        if let Some(then) = then {
            acd.follow(now, AgentIndex(0), then, given, out);
        }
        then
    })
}

/// The last AGENT_STATE_EVENT.
fn told(centre: &Centre) -> Option<AgentStateEvent> {
    centre.out.iter().rev().find_map(|output| match output {
        Output::Trace(Trace::AgentEvent(message)) => match message.as_ref() {
            Message::AgentStateEvent(event) => Some(event.clone()),
            _ => None,
        },
        _ => None,
    })
}

fn next_state(centre: &Centre) -> Option<u16> {
    told(centre)?.floats.u16(Tag::EXT_AGENT_STATE)
}

#[test]
fn what_is_pending_is_told_and_the_last_one_counts_once() {
    let mut centre = centre(DeskSettings::default());
    centre.ready(0);
    centre.trigger(0, Trigger::Connected);
    centre.ask(0, Target::NotReady);
    assert_eq!(next_state(&centre), Some(2));
    assert_eq!(centre.state(0), (AgentState::TALKING, 0));
    centre.trigger(0, Trigger::AllHeld);
    assert_eq!(next_state(&centre), Some(2));
    centre.ask(0, Target::Ready);
    assert_eq!(next_state(&centre), Some(3));
    centre.trigger(0, OVER);
    assert_eq!(centre.state(0), (AgentState::AVAILABLE, 0));
    assert_eq!(next_state(&centre), None);
    centre.trigger(0, Trigger::Connected);
    centre.trigger(0, OVER);
    assert_eq!(centre.state(0), (AgentState::AVAILABLE, 0));
}

#[test]
fn wrap_up_follows_as_the_desk_settings_say() {
    use AgentState as S;
    // Mode, READY before, what is asked during the call; what follows with wrap-up as incoming.
    let cases = [
        (0, true, None, S::WORK_READY),
        (0, false, None, S::WORK_NOT_READY),
        (0, true, Some(Target::NotReady), S::WORK_NOT_READY),
        (0, false, Some(Target::Ready), S::WORK_READY),
        (3, true, None, S::WORK_READY),
        (1, true, None, S::AVAILABLE),
        (1, false, None, S::NOT_READY),
        (1, false, Some(Target::Ready), S::AVAILABLE),
        (1, true, Some(Target::NotReady), S::WORK_NOT_READY),
        (1, true, Some(Target::WorkReady), S::WORK_READY),
        (1, true, Some(Target::WorkNotReady), S::WORK_NOT_READY),
        (2, true, None, S::AVAILABLE),
        (2, true, Some(Target::NotReady), S::NOT_READY),
        (2, false, Some(Target::Ready), S::AVAILABLE),
        (77, true, None, S::AVAILABLE),
    ];
    for (mode, ready, asked, expected) in cases {
        let mut centre = centre(DeskSettings {
            wrapup_incoming: mode,
            wrapup_outgoing: 2,
            ..DeskSettings::default()
        });
        if ready {
            centre.ready(0);
        }
        centre.trigger(0, Trigger::Connected);
        if let Some(asked) = asked {
            assert!(matches!(centre.ask(0, asked), Some(Then::Pend(..))));
        }
        centre.trigger(0, OVER);
        assert_eq!(centre.state(0).0, expected, "{mode} {ready} {asked:?}");
    }
}

#[test]
fn calls_without_wrap_up_have_none() {
    for (wrap_up, expected) in [
        (WrapUp::None, AgentState::AVAILABLE),
        (WrapUp::Outgoing, AgentState::AVAILABLE),
        (WrapUp::Incoming, AgentState::WORK_READY),
    ] {
        let mut centre = centre(DeskSettings {
            wrapup_incoming: 0,
            wrapup_outgoing: 2,
            ..DeskSettings::default()
        });
        centre.ready(0);
        centre.trigger(0, Trigger::Connected);
        centre.trigger(0, Trigger::LastCallEnded { wrap_up });
        assert_eq!(centre.state(0).0, expected, "{wrap_up:?}");
    }
}

#[test]
fn wrap_up_ends_after_its_time_or_when_the_agent_says_so() {
    let settings = DeskSettings {
        wrapup_incoming: 0,
        work_mode_timer: 20,
        ..DeskSettings::default()
    };
    let worked = |asked| {
        let mut centre = centre(settings);
        centre.ready(0);
        centre.trigger(0, Trigger::Connected);
        if let Some(asked) = asked {
            centre.ask(0, asked);
        }
        centre.trigger(0, OVER);
        assert!(centre.acd.in_wrap_up(AgentIndex(0)));
        centre
    };
    let mut timed = worked(None);
    timed.tick(19_999);
    assert_eq!(timed.state(0), (AgentState::WORK_READY, 0));
    timed.tick(1);
    assert_eq!(timed.state(0), (AgentState::AVAILABLE, 0));
    let mut timed = worked(Some(Target::NotReady));
    timed.tick(20_000);
    assert_eq!(timed.state(0), (AgentState::NOT_READY, 7));
    let mut asked = worked(Some(Target::NotReady));
    asked.ready(0);
    assert_eq!(asked.acd.next_due(), None, "the timer is gone");
    let mut dialled = worked(None);
    dialled.trigger(0, Trigger::OffHook);
    assert_eq!(dialled.state(0), (AgentState::NOT_READY, 50006));
}

#[test]
fn without_a_timer_wrap_up_lasts() {
    let mut centre = centre(DeskSettings {
        wrapup_incoming: 0,
        ..DeskSettings::default()
    });
    centre.trigger(0, Trigger::Connected);
    centre.trigger(0, OVER);
    assert_eq!(centre.acd.next_due(), None);
    assert_eq!(centre.state(0), (AgentState::WORK_NOT_READY, 0));
}

#[test]
fn a_forced_sign_out_waits_for_the_call_and_nobody_takes_it_back() {
    let mut centre = centre(DeskSettings {
        wrapup_incoming: 0,
        ..DeskSettings::default()
    });
    centre.ready(0);
    centre.trigger(0, Trigger::Connected);
    assert!(matches!(
        force(&mut centre, Target::Logout),
        Some(Then::Pend(..))
    ));
    assert_eq!(next_state(&centre), Some(1));
    for target in [Target::Ready, Target::NotReady, Target::WorkReady] {
        assert!(matches!(centre.ask(0, target), Some(Then::Refuse(..))));
    }
    assert!(matches!(
        force(&mut centre, Target::Ready),
        Some(Then::Refuse(..))
    ));
    centre.trigger(0, Trigger::AllHeld);
    assert_eq!(centre.state(0), (AgentState::HOLD, 0));
    centre.trigger(0, OVER);
    assert_eq!(centre.state(0), (AgentState::LOGOUT, 999));
    assert_eq!(centre.acd.owner(crate::directory::DeviceIndex(0)), None);
}

#[test]
fn what_is_forced_asks_for_no_optional_wrap_up() {
    let mut centre = centre(DeskSettings::default());
    centre.ready(0);
    centre.trigger(0, Trigger::Connected);
    force(&mut centre, Target::NotReady);
    centre.trigger(0, OVER);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 999));
}

#[test]
fn a_phone_that_is_lost_during_a_call_signs_out_after_it() {
    let mut centre = centre(DeskSettings::default());
    centre.ready(0);
    centre.trigger(0, Trigger::Connected);
    centre.trigger(0, Trigger::DeviceLost);
    assert_eq!(centre.state(0), (AgentState::TALKING, 0));
    assert_eq!(next_state(&centre), Some(1));
    centre.trigger(0, OVER);
    assert_eq!(centre.state(0), (AgentState::LOGOUT, 50003));
}

#[test]
fn whoever_does_nothing_is_signed_out() {
    let settings = DeskSettings {
        logout_non_activity_time: 60,
        ..DeskSettings::default()
    };
    let mut idle = centre(settings);
    idle.tick(30_000);
    idle.ask(0, Target::NotReady);
    idle.tick(59_000);
    assert_eq!(idle.state(0), (AgentState::NOT_READY, 7));
    idle.tick(1_000);
    assert_eq!(idle.state(0), (AgentState::LOGOUT, 50004));
    assert_eq!(idle.acd.next_due(), None);
    let mut busy = centre(settings);
    busy.trigger(0, Trigger::OffHook);
    busy.tick(90_000);
    assert_eq!(
        busy.state(0),
        (AgentState::NOT_READY, 0),
        "dialling is activity"
    );
    busy.trigger(0, Trigger::Connected);
    busy.tick(90_000);
    assert_eq!(busy.state(0), (AgentState::TALKING, 0));
    let mut ready = centre(settings);
    ready.ready(0);
    ready.tick(90_000);
    assert_eq!(ready.state(0), (AgentState::AVAILABLE, 0));
}

#[test]
fn an_agent_goes_back_to_what_was_before_the_call() {
    let mut centre = centre(DeskSettings::default());
    centre.ask(0, Target::NotReady);
    centre.trigger(0, Trigger::Connected);
    centre.trigger(0, OVER);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 7));
    centre.ready(0);
    centre.trigger(0, Trigger::OffHook);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 50006));
    centre.trigger(0, Trigger::Connected);
    centre.trigger(0, OVER);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 50006));
    centre.trigger(0, Trigger::OtherLineBusy);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 50005));
}

#[test]
fn a_preview_tells_its_direction_and_keeps_what_is_pending_quiet() {
    let mut centre = centre(DeskSettings::default());
    centre.ready(0);
    centre.trigger(0, Trigger::ReservedPreview);
    let event = told(&centre).unwrap();
    assert_eq!(event.agent_state, AgentState::RESERVED);
    assert_eq!(event.floats.u32(Tag::DIRECTION), Some(6));
    centre.ask(0, Target::NotReady);
    assert_eq!(told(&centre), None);
    centre.trigger(0, Trigger::OfferGone);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 7));
    centre.ready(0);
    centre.trigger(0, Trigger::ReservedPreview);
    centre.trigger(0, Trigger::Connected);
    centre.trigger(0, OVER);
    assert_eq!(centre.state(0), (AgentState::AVAILABLE, 0));
    assert_eq!(told(&centre).unwrap().floats.u32(Tag::DIRECTION), Some(0));
}

#[test]
fn a_dialer_lets_its_agent_go() {
    let mut centre = centre(DeskSettings::default());
    centre.ready(0);
    centre.trigger(0, Trigger::ReservedOutbound);
    assert_eq!(told(&centre).unwrap().floats.u32(Tag::DIRECTION), Some(5));
    centre.ask(0, Target::NotReady);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 7));
    centre.ready(0);
    centre.trigger(0, Trigger::ReservedOutbound);
    centre.trigger(0, Trigger::OfferGone);
    assert_eq!(centre.state(0), (AgentState::AVAILABLE, 0));
}

#[test]
fn what_happens_at_the_phone_of_someone_signed_out_changes_nothing() {
    let mut centre = centre(DeskSettings::default());
    force(&mut centre, Target::Logout);
    for trigger in [
        Trigger::Connected,
        Trigger::OffHook,
        Trigger::DeviceLost,
        OVER,
    ] {
        centre.trigger(0, trigger);
        assert_eq!(centre.state(0), (AgentState::LOGOUT, 999));
        assert_eq!(told(&centre), None);
    }
}
