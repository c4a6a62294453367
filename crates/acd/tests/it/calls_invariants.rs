//! What holds of calls whatever is asked and whatever happens, in any order (see `calls_world`; and I-26: the same
//! inputs give the same outputs). 200 cases; 4000 with TACT_LONG=1.

use proptest::collection::vec;
use proptest::prelude::*;
use tact_acd::config::RouteConfig;
use tact_acd::dialer::Contact;
use tact_acd::fabric::{Cause, Event};
use tact_acd::{Config, Input, Output};
use tact_ged188::AgentState;

use crate::calls_floor::{answer_preview, call};
use crate::calls_requests::{KINDS, request};
use crate::calls_world::{DESK, World};
use crate::harness::{centre, state_req};

fn config() -> Config {
    let mut config = centre();
    config.routes.push(RouteConfig {
        dialed: "8000".into(),
        queues: vec![101],
        ..RouteConfig::default()
    });
    config
}

/// The nth live call, phone or leg, where there is any: so that most of what is tried is about something.
type Pick = prop::sample::Index;

#[derive(Debug, Clone)]
enum Step {
    Wait(i64),
    State(Pick, AgentState),
    Incoming(&'static str),
    Dialed(Pick, &'static str),
    Leg(Pick, Happens),
    Down(Pick, bool),
    /// A campaign wants this number called.
    Preview(&'static str),
    /// An answer to a preview, or what is none.
    Respond(Pick, &'static str),
    /// A request of a kind about two calls, a phone and a number.
    Ask(u8, Pick, Pick, Pick, &'static str),
}

#[derive(Debug, Clone, Copy)]
enum Happens {
    Ringing,
    Answered,
    Gone(Cause),
    Held,
    Retrieved,
}

fn number() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "3001", "3002", "3003", "3004", "8000", "5550101", "999",
    ])
}

fn step() -> impl Strategy<Value = Step> {
    let pick = any::<Pick>;
    let state = prop::sample::select(vec![
        AgentState::AVAILABLE,
        AgentState::AVAILABLE,
        AgentState::NOT_READY,
        AgentState::LOGOUT,
    ]);
    let cause = prop::sample::select(vec![
        Cause::Normal,
        Cause::Busy,
        Cause::NoAnswer,
        Cause::Rejected,
        Cause::InvalidNumber,
        Cause::Unreachable,
    ]);
    let happens = prop_oneof![
        3 => Just(Happens::Ringing),
        5 => Just(Happens::Answered),
        2 => cause.prop_map(Happens::Gone),
        1 => Just(Happens::Held),
        1 => Just(Happens::Retrieved),
    ];
    prop_oneof![
        2 => (0_i64..20_000).prop_map(Step::Wait),
        3 => (pick(), state).prop_map(|(agent, state)| Step::State(agent, state)),
        3 => number().prop_map(Step::Incoming),
        1 => (pick(), number()).prop_map(|(phone, number)| Step::Dialed(phone, number)),
        14 => (pick(), happens).prop_map(|(leg, happens)| Step::Leg(leg, happens)),
        1 => (pick(), any::<bool>()).prop_map(|(phone, down)| Step::Down(phone, down)),
        1 => number().prop_map(Step::Preview),
        2 => (pick(), prop::sample::select(vec!["Accept", "Accept", "Reject", "RejectClose", "BUSY"]))
            .prop_map(|(call, word)| Step::Respond(call, word)),
        14 => (0..KINDS, pick(), pick(), pick(), number())
            .prop_map(|(kind, first, second, phone, to)| Step::Ask(kind, first, second, phone, to)),
    ]
}

const FLOOR: [(&str, &str); 4] = [
    ("2001", "3001"),
    ("2002", "3002"),
    ("2003", "3003"),
    ("2100", "3004"),
];

/// Takes one step; what the machine said.
fn take(world: &mut World, step: &Step) -> Vec<Output> {
    let nth = |pick: &Pick, calls: &[u32]| match calls {
        [] => 1,
        calls => calls[pick.index(calls.len())],
    };
    match step {
        Step::Wait(ms) => {
            world.now += ms;
            world.handle(Input::Tick)
        }
        Step::State(agent, state) => {
            let agent = FLOOR[agent.index(FLOOR.len())].0;
            world.ask(DESK, state_req(agent, *state, 0))
        }
        Step::Incoming(number) => {
            let leg = world.leg();
            let (from, dialed) = ("5550199".into(), (*number).into());
            let variables = Vec::new();
            world.handle(Input::Fabric(Event::Incoming {
                leg,
                from,
                dialed,
                variables,
            }))
        }
        Step::Dialed(phone, number) => {
            let leg = world.leg();
            let device = FLOOR[phone.index(FLOOR.len())].1.into();
            let number = (*number).into();
            world.handle(Input::Fabric(Event::Dialed {
                leg,
                device,
                number,
            }))
        }
        Step::Leg(pick, happens) => {
            let legs: Vec<_> = world.wires.legs.iter().copied().collect();
            if legs.is_empty() {
                return Vec::new();
            }
            let leg = legs[pick.index(legs.len())];
            let event = match *happens {
                Happens::Ringing => Event::Ringing { leg },
                Happens::Answered => Event::Answered { leg },
                Happens::Held => Event::Held { leg },
                Happens::Retrieved => Event::Retrieved { leg },
                Happens::Gone(cause) => Event::Gone { leg, cause },
            };
            world.handle(Input::Fabric(event))
        }
        Step::Down(phone, down) => {
            let device = FLOOR[phone.index(FLOOR.len())].1.into();
            world.handle(Input::Fabric(match down {
                true => Event::DeviceDown { device },
                false => Event::DeviceUp { device },
            }))
        }
        Step::Preview(number) => world.handle(Input::Preview(Contact {
            queue: 101,
            number: (*number).into(),
            port: "7000".into(),
            ..Contact::default()
        })),
        Step::Respond(pick, word) => {
            let base = call(0);
            let calls: Vec<u32> = world.acd.calls().map(|view| view.id.0 - base).collect();
            world.ask(DESK, answer_preview(nth(pick, &calls), word))
        }
        Step::Ask(kind, first, second, phone, to) => {
            let base = call(0);
            let calls: Vec<u32> = world.acd.calls().map(|view| view.id.0 - base).collect();
            let (first, second) = (nth(first, &calls), nth(second, &calls));
            // Mostly a phone that takes part.
            let parties: Vec<String> = world
                .acd
                .calls()
                .filter(|view| view.id.0 == call(first))
                .flat_map(|view| view.parties)
                .filter(|party| party.phone)
                .map(|party| party.number.to_owned())
                .collect();
            let at = match parties.as_slice() {
                [] => FLOOR[phone.index(FLOOR.len())].1,
                parties => &parties[phone.index(parties.len())],
            };
            let message = request(*kind, first, second, at, to);
            world.ask(DESK, message)
        }
    }
}

fn run(steps: &[Step]) -> Vec<Output> {
    let mut world = World::new(config(), 0, &FLOOR, FLOOR[1]);
    let mut all = Vec::new();
    for step in steps {
        all.append(&mut take(&mut world, step));
    }
    world.hang_up();
    all
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if std::env::var_os("TACT_LONG").is_some() { 4000 } else { 200 },
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_happens_to_calls(steps in vec(step(), 0..100)) {
        let once = run(&steps);
        prop_assert_eq!(once, run(&steps));
    }
}
