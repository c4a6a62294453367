//! Routing through its doors, with calls that only ask.

mod against;
mod model;
mod precision;

use tact_ged188::AgentState;

use super::{Routed, Unanswered};
use crate::agent::{Trigger, WrapUp};
use crate::calls::CallId;
use crate::config::{
    AgentConfig, Config, OverflowConfig, RouteConfig, SkillGroupConfig, StepConfig,
};
use crate::directory::AgentIndex;
use crate::io::{Input, Output, Trace};
use crate::machine::Acd;
use crate::transitions::{On, Target, Then};

use super::decision::Outcome;

/// A centre in which everyone can be signed in at the phone of the same place.
pub(crate) struct Centre {
    pub(crate) acd: Acd,
    pub(crate) now: i64,
    pub(crate) out: Vec<Output>,
}

fn group(number: u32) -> SkillGroupConfig {
    SkillGroupConfig {
        number,
        id: 5000 + number,
        name: format!("SG_{number}"),
    }
}

fn route(dialed: &str, queues: &[u32]) -> RouteConfig {
    RouteConfig {
        dialed: dialed.into(),
        queues: queues.into(),
        ..RouteConfig::default()
    }
}

/// As many agents as there are lists of skill groups; 8000 leads to group 1, 8001 to 2, 8002 to both.
pub(crate) fn config(groups: &[&[u32]]) -> Config {
    let agents = (2001_u32..).zip(groups);
    Config {
        agents: agents
            .map(|(id, groups)| AgentConfig {
                id: id.to_string(),
                icm_agent_id: id,
                skill_groups: groups.to_vec(),
                ..AgentConfig::default()
            })
            .collect(),
        extensions: (3001..).take(groups.len()).map(|n| n.to_string()).collect(),
        skill_groups: vec![group(1), group(2)],
        routes: vec![
            route("8000", &[1]),
            route("8001", &[2]),
            route("8002", &[1, 2]),
        ],
        ..Config::new(5000)
    }
}

fn sign_in(acd: &mut Acd, now: i64, place: usize) {
    acd.agents[place].login = Some(crate::agent::Login {
        device: crate::directory::DeviceIndex(place),
        signature: "test".into(),
        mobile: None,
    });
    acd.owners[place] = Some(AgentIndex(place));
    acd.put(
        now,
        AgentIndex(place),
        crate::transitions::State::NotReady,
        0,
    );
}

impl Centre {
    pub(crate) fn new(config: Config) -> Self {
        let agents = config.agents.len();
        let mut acd = Acd::new(config, 0);
        for place in 0..agents {
            sign_in(&mut acd, 0, place);
        }
        Self {
            acd,
            now: 1000,
            out: Vec::new(),
        }
    }

    pub(crate) fn sign_in(&mut self, agent: usize) {
        self.step(|acd, now, _| sign_in(acd, now, agent));
    }

    /// Does something, as an input would, and answers with what routing decided.
    pub(crate) fn step<T>(&mut self, what: impl FnOnce(&mut Acd, i64, &mut Vec<Output>) -> T) -> T {
        self.now += 10;
        let mut out = Vec::new();
        let answer = what(&mut self.acd, self.now, &mut out);
        self.acd.settle(self.now, &mut out);
        self.out = out;
        answer
    }

    pub(crate) fn ask(&mut self, agent: usize, target: Target) -> Option<Then> {
        self.step(|acd, now, out| {
            let then = acd.row(AgentIndex(agent), On::Ask(target), None);
            if let Some(then) = then {
                let given = crate::agent::Given {
                    reason: 7,
                    by: crate::transitions::By::Agent,
                };
                acd.follow(now, AgentIndex(agent), then, given, out);
            }
            then
        })
    }

    pub(crate) fn ready(&mut self, agent: usize) {
        assert!(matches!(self.ask(agent, Target::Ready), Some(Then::Go(..))));
    }

    pub(crate) fn trigger(&mut self, agent: usize, trigger: Trigger) {
        self.step(|acd, now, out| acd.agent_trigger(now, AgentIndex(agent), trigger, out));
    }

    pub(crate) fn route(&mut self, call: u32, dialed: &str) -> Routed {
        self.step(|acd, now, out| acd.route_call(now, CallId(call), dialed, out))
    }

    pub(crate) fn answer(&mut self, call: u32) {
        self.step(|acd, now, out| acd.offer_answered(now, CallId(call), out));
    }

    pub(crate) fn unanswered(&mut self, call: u32, why: Unanswered) {
        self.step(|acd, now, out| acd.offer_unanswered(now, CallId(call), why, out));
    }

    pub(crate) fn gone(&mut self, call: u32) {
        self.step(|acd, now, out| acd.ticket_gone(now, CallId(call), out));
    }

    pub(crate) fn tick(&mut self, after: i64) {
        self.now += after;
        self.out.clear();
        self.acd.handle(self.now, Input::Tick, &mut self.out);
    }

    pub(crate) fn state(&self, agent: usize) -> (AgentState, u16) {
        let agent = &self.acd.agents[agent];
        (agent.state, agent.reason)
    }

    /// Who is reserved for the call.
    pub(crate) fn reserved(&self, call: u32) -> Option<String> {
        let ticket = self.acd.tickets().find(|it| it.call == CallId(call))?;
        ticket.reserved.map(String::from)
    }

    pub(crate) fn outcomes(&self) -> Vec<&Outcome> {
        let outcome = |output| match output {
            &Output::Trace(Trace::Routing(ref decision)) => Some(&decision.outcome),
            _ => None,
        };
        self.out.iter().filter_map(outcome).collect()
    }
}

const LAST_CALL: Trigger = Trigger::LastCallEnded {
    wrap_up: WrapUp::Incoming,
};

#[test]
fn the_longest_available_agent_gets_the_call() {
    let mut centre = Centre::new(config(&[&[1], &[1], &[2], &[1]]));
    for agent in [3, 2, 0, 1] {
        centre.ready(agent);
    }
    assert_eq!(centre.route(1, "8000"), Routed::Offered(AgentIndex(3)));
    assert_eq!(centre.state(3), (AgentState::RESERVED, 0));
    assert_eq!(centre.route(2, "8000"), Routed::Offered(AgentIndex(0)));
    assert_eq!(centre.route(3, "8000"), Routed::Offered(AgentIndex(1)));
    assert_eq!(centre.route(4, "8000"), Routed::Waiting);
    assert_eq!(centre.route(5, "8002"), Routed::Offered(AgentIndex(2)));
    assert_eq!(centre.route(6, "nowhere"), Routed::NoRoute);
}

#[test]
fn of_two_who_became_available_at_once_the_first_gets_the_call() {
    let mut centre = Centre::new(config(&[&[1], &[1]]));
    centre.route(1, "8000");
    centre.step(|acd, now, out| {
        for agent in [1, 0] {
            let then = Then::Go(
                crate::transitions::State::Ready,
                crate::transitions::Reason::Zero,
            );
            acd.follow(
                now,
                AgentIndex(agent),
                then,
                crate::agent::Given::NOTHING,
                out,
            );
        }
    });
    assert_eq!(centre.reserved(1).as_deref(), Some("2001"));
}

#[test]
fn an_agent_gets_the_most_urgent_and_then_the_oldest_call() {
    let mut setup = config(&[&[1, 2]]);
    setup.routes[1].priority = 5;
    let mut centre = Centre::new(setup);
    for (call, dialed) in [(1, "8000"), (2, "8000"), (3, "8001"), (4, "8001")] {
        assert_eq!(centre.route(call, dialed), Routed::Waiting);
    }
    for call in [3, 4, 1, 2] {
        centre.ready(0);
        assert_eq!(centre.reserved(call).as_deref(), Some("2001"));
        centre.answer(call);
        assert_eq!(centre.state(0), (AgentState::TALKING, 0));
        centre.ask(0, Target::NotReady);
        centre.trigger(
            0,
            Trigger::LastCallEnded {
                wrap_up: WrapUp::None,
            },
        );
        assert_eq!(centre.state(0), (AgentState::NOT_READY, 7));
    }
}

#[test]
fn a_call_that_is_not_answered_keeps_its_place_and_goes_to_somebody_else() {
    let mut centre = Centre::new(config(&[&[1], &[1]]));
    centre.ready(0);
    assert_eq!(centre.route(1, "8000"), Routed::Offered(AgentIndex(0)));
    centre.route(2, "8000");
    centre.unanswered(1, Unanswered::RingNoAnswer);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 32767));
    assert_eq!(centre.reserved(1), None);
    centre.ready(1);
    assert_eq!(centre.reserved(1).as_deref(), Some("2002"));
    centre.ready(0);
    assert_eq!(centre.reserved(2).as_deref(), Some("2001"));
}

#[test]
fn a_reservation_has_an_end_even_when_nobody_says_anything() {
    let mut setup = config(&[&[1]]);
    setup.desk_settings = vec![crate::config::DeskSettings {
        ring_no_answer_time: 12,
        ..Default::default()
    }];
    let mut centre = Centre::new(setup);
    centre.ready(0);
    centre.route(1, "8000");
    let due = centre.acd.next_due();
    assert_eq!(due, Some(centre.now + 12_000));
    centre.tick(12_000);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 32767));
    assert_eq!(centre.acd.queue(1).unwrap().waiting, 1);
    centre.tick(1);
    assert_eq!(centre.acd.next_due(), None);
}

#[test]
fn a_caller_who_leaves_frees_the_agent_who_keeps_the_place() {
    let mut centre = Centre::new(config(&[&[1], &[1]]));
    centre.ready(0);
    centre.ready(1);
    assert_eq!(centre.route(1, "8000"), Routed::Offered(AgentIndex(0)));
    centre.gone(1);
    assert_eq!(centre.state(0), (AgentState::AVAILABLE, 0));
    assert_eq!(centre.route(2, "8000"), Routed::Offered(AgentIndex(0)));
    assert_eq!(centre.route(3, "8000"), Routed::Offered(AgentIndex(1)));
    centre.route(4, "8000");
    centre.gone(4);
    assert_eq!(centre.acd.queue(1).unwrap().waiting, 0);
}

#[test]
fn the_turn_begins_anew_after_a_routed_call_and_not_after_another() {
    let mut centre = Centre::new(config(&[&[1], &[1]]));
    centre.ready(0);
    centre.ready(1);
    centre.trigger(0, Trigger::Alerting);
    centre.trigger(0, Trigger::Connected);
    centre.trigger(
        0,
        Trigger::LastCallEnded {
            wrap_up: WrapUp::None,
        },
    );
    assert_eq!(centre.state(0), (AgentState::AVAILABLE, 0));
    assert_eq!(centre.route(1, "8000"), Routed::Offered(AgentIndex(0)));
    centre.answer(1);
    centre.trigger(0, LAST_CALL);
    assert_eq!(centre.state(0), (AgentState::AVAILABLE, 0));
    assert_eq!(centre.route(2, "8000"), Routed::Offered(AgentIndex(1)));
}

#[test]
fn nobody_is_offered_a_call_while_another_rings_or_is_dialled() {
    let mut centre = Centre::new(config(&[&[1], &[1]]));
    centre.ready(0);
    centre.trigger(0, Trigger::Alerting);
    assert_eq!(centre.route(1, "8000"), Routed::Waiting);
    centre.trigger(0, Trigger::OfferGone);
    assert_eq!(centre.reserved(1).as_deref(), Some("2001"));
    centre.trigger(1, Trigger::OffHook);
    centre.ready(1);
    assert_eq!(centre.route(2, "8000"), Routed::Waiting);
    centre.trigger(
        1,
        Trigger::LastCallEnded {
            wrap_up: WrapUp::None,
        },
    );
    assert_eq!(centre.reserved(2).as_deref(), Some("2002"));
}

#[test]
fn a_phone_that_cannot_be_rung_twice_makes_its_agent_not_ready() {
    let mut centre = Centre::new(config(&[&[1]]));
    centre.ready(0);
    assert_eq!(centre.route(1, "8000"), Routed::Offered(AgentIndex(0)));
    centre.unanswered(1, Unanswered::NotArrived);
    // There is nobody else, so it is tried again at once.
    assert_eq!(centre.reserved(1).as_deref(), Some("2001"));
    centre.unanswered(1, Unanswered::NotArrived);
    assert_eq!(centre.state(0), (AgentState::NOT_READY, 50010));
    assert_eq!(centre.reserved(1), None);
}

#[test]
fn a_call_that_did_not_arrive_goes_to_another_before_the_same_again() {
    let mut centre = Centre::new(config(&[&[1], &[1]]));
    centre.ready(0);
    centre.ready(1);
    assert_eq!(centre.route(1, "8000"), Routed::Offered(AgentIndex(0)));
    centre.unanswered(1, Unanswered::NotArrived);
    assert_eq!(centre.reserved(1).as_deref(), Some("2002"));
    assert_eq!(centre.state(0), (AgentState::AVAILABLE, 0));
}

#[test]
fn a_lost_phone_signs_its_agent_out_and_the_call_goes_on() {
    for by_call in [true, false] {
        let mut centre = Centre::new(config(&[&[1], &[1]]));
        centre.ready(0);
        centre.route(1, "8000");
        centre.ready(1);
        if by_call {
            centre.unanswered(1, Unanswered::DeviceLost);
        } else {
            centre.trigger(0, Trigger::DeviceLost);
        }
        assert_eq!(centre.state(0), (AgentState::LOGOUT, 50003));
        assert_eq!(centre.reserved(1).as_deref(), Some("2002"));
    }
}

#[test]
fn a_route_overflows_to_another_and_the_call_keeps_its_time() {
    let mut setup = config(&[&[2]]);
    setup.routes[0].overflow = Some(OverflowConfig {
        after_s: 20,
        to: "8001".into(),
    });
    let mut centre = Centre::new(setup);
    centre.route(1, "8000");
    centre.route(2, "8001");
    let began = centre.now;
    centre.tick(20_000);
    assert!(
        matches!(centre.outcomes()[..], [Outcome::Overflowed { to }, Outcome::Waits { queues, .. }]
            if to.as_ref() == "8001" && queues[..] == [(2, 0)])
    );
    assert_eq!(centre.acd.queue(2).unwrap().longest_since, Some(began - 10));
    centre.ready(0);
    assert_eq!(centre.reserved(1).as_deref(), Some("2001"));
    let counts = |number| centre.acd.queue(number).unwrap().counts;
    assert_eq!((counts(1).offered, counts(1).overflowed), (1, 1));
    assert_eq!((counts(2).offered, counts(2).overflowed), (2, 0));
}

#[test]
fn a_step_without_anybody_is_none() {
    let step = StepConfig::default();
    let mut setup = config(&[&[1]]);
    setup.precision_queues = vec![crate::config::PrecisionQueueConfig {
        number: 9,
        steps: vec![step],
        ..Default::default()
    }];
    setup.routes.push(route("8009", &[9, 77]));
    let mut centre = Centre::new(setup);
    centre.ready(0);
    assert_eq!(centre.route(1, "8009"), Routed::Waiting);
    assert_eq!(centre.acd.eligible(9, 0).count(), 0);
    assert_eq!(centre.acd.eligible(1, 0).collect::<Vec<_>>(), ["2001"]);
    assert_eq!(centre.acd.eligible(1, 1).count(), 0);
}

#[test]
fn a_call_and_an_agent_who_come_at_once_do_not_overtake_others() {
    // 2001 has waited for long, but for the queue that the call comes to only now; 2002 becomes available with it.
    let mut setup = config(&[&[2], &[1, 2]]);
    setup.routes[0].overflow = Some(OverflowConfig {
        after_s: 20,
        to: "8001".into(),
    });
    let mut centre = Centre::new(setup);
    centre.ready(0);
    centre.route(1, "8000");
    centre.now += 5_000;
    centre.route(2, "8000");
    centre.now += 15_000;
    centre.step(|acd, now, out| {
        acd.queue_due(now, CallId(1), out);
        let then = Then::Go(
            crate::transitions::State::Ready,
            crate::transitions::Reason::Zero,
        );
        acd.follow(now, AgentIndex(1), then, crate::agent::Given::NOTHING, out);
    });
    assert_eq!(centre.reserved(1).as_deref(), Some("2001"));
    assert_eq!(centre.reserved(2).as_deref(), Some("2002"));
}
