//! Two agents, of whom one supervises the other, two calls and one queue: every request, every event of the fabric and
//! every timer in every state that can be reached, breadth first.
//!
//! After each input all of `calls_world` must hold; in each state also: what is written and read again is the same
//! state, a restart keeps it, and when everyone hangs up nothing is left. States are told apart by `canonical`. A state
//! with a third call is checked, but not gone on from. The search begins in fourteen situations that take long to come to
//! (a queue, a consultation, a conference, a supervisor who listens, a preview) and goes four inputs deep from each with
//! TACT_LONG=1; else two, the second one from every other state.

use std::collections::HashSet;

use tact_acd::config::{AgentConfig, DeskSettings, RouteConfig, SkillGroupConfig, TeamConfig};
use tact_acd::dialer::Contact;
use tact_acd::fabric::{Cause, Event, LegId};
use tact_acd::{Acd, Config, Input, Reconciled};
use tact_ged188::{AgentState, Message, QueryAgentStateReq, SetAgentStateReq, Tag};

use crate::calls_floor::{answer_preview, call};
use crate::calls_requests::{looks_at, request};
use crate::calls_world::{DESK, World};
use crate::canonical::digest;
use crate::harness::{PERIPHERAL, login_req, name_of, state_req};

const NOW: i64 = 1_700_000_000_000;
const DAY_MS: i64 = 86_400_000;
/// The second one supervises the first.
const FLOOR: [(&str, &str); 2] = [("2001", "3001"), ("2002", "3002")];
/// Where a call can go besides the two phones: the queue, outside, nowhere.
const NUMBERS: [&str; 5] = ["3001", "3002", "8000", "5550101", "999"];
const CALLS: usize = 2;
/// The kinds of `calls_requests`, those that stand there twice once; 18 is tried by itself.
const KINDS_ONCE: [u8; 20] = [
    0, 2, 4, 5, 6, 8, 9, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24,
];

/// The first agent must wrap up and has timers for it and for doing nothing; the second one may.
fn config() -> Config {
    let agent = |id: &str, icm_agent_id, supervisor, desk_settings| AgentConfig {
        id: id.into(),
        icm_agent_id,
        supervisor,
        desk_settings,
        team_id: Some(1),
        skill_groups: vec![101],
        ..AgentConfig::default()
    };
    Config {
        agents: vec![agent("2001", 5001, false, 1), agent("2002", 5002, true, 0)],
        teams: vec![TeamConfig {
            id: 1,
            name: "Sales".into(),
            supervisors: vec!["2002".into()],
        }],
        skill_groups: vec![SkillGroupConfig {
            number: 101,
            id: 6001,
            name: "SG".into(),
        }],
        routes: vec![RouteConfig {
            dialed: "8000".into(),
            queues: vec![101],
            ..RouteConfig::default()
        }],
        extensions: FLOOR.map(|(_, phone)| phone.to_owned()).into(),
        desk_settings: vec![
            DeskSettings::default(),
            DeskSettings {
                id: 1,
                wrapup_incoming: 0,
                logout_non_activity_time: 600,
                ring_no_answer_time: 20,
                work_mode_timer: 30,
                ..DeskSettings::default()
            },
        ],
        ..Config::new(PERIPHERAL)
    }
}

/// Something that can happen, after so many milliseconds.
type Move = (i64, Input);

/// All that can happen in a state.
fn moves(world: &World) -> Vec<Move> {
    let mut all = Vec::new();
    let due = world.acd.next_due().map(|due| due - world.now);
    if let Some(due) = due.filter(|due| *due < DAY_MS) {
        all.push((due.max(0), Input::Tick));
    }
    let mut messages = agent_requests();
    messages.extend(call_requests(world));
    let messages = messages.into_iter().map(|message| Input::Message {
        client: DESK,
        message,
    });
    // One contact that waits is as good as many.
    if world.acd.contacts_waiting() == 0 {
        all.push((1, Input::Preview(contact())));
    }
    let events = events(world).into_iter().map(Input::Fabric);
    all.extend(messages.chain(events).map(|input| (1, input)));
    all
}

/// Somebody whom a campaign wants called.
fn contact() -> Contact {
    Contact {
        queue: 101,
        number: "5550123".into(),
        port: "7000".into(),
        ..Contact::default()
    }
}

/// Sign-in, states that agents ask for, and those that are forced on them.
fn agent_requests() -> Vec<Message> {
    let mut all: Vec<Message> = Vec::new();
    for (agent, _) in FLOOR {
        all.extend(FLOOR.map(|(_, phone)| login_req(agent, phone).into()));
        for state in 1..=9 {
            all.push(state_req(agent, AgentState(state), 0).into());
        }
        all.push(state_req(agent, AgentState::LOGOUT, 255).into());
        let mut query = QueryAgentStateReq {
            invoke_id: 77,
            peripheral_id: PERIPHERAL,
            ..Default::default()
        };
        query.floats.push_text(Tag::AGENT_ID, agent);
        all.push(query.into());
    }
    let states = [
        AgentState::LOGOUT,
        AgentState::NOT_READY,
        AgentState::AVAILABLE,
    ];
    all.extend(states.map(|state| forced("2001", state).into()));
    all
}

/// What the supervisor asks for.
fn forced(agent: &str, state: AgentState) -> SetAgentStateReq {
    let mut request = state_req(agent, state, 0);
    request.floats.push_text(Tag::SUPERVISOR_ID, "2002");
    request
}

/// All of them where they matter, else any one.
fn some<'a, T>(matters: bool, all: &'a [T], any: &'a T) -> &'a [T] {
    if matters {
        all
    } else {
        std::slice::from_ref(any)
    }
}

/// Every request about calls: at each phone, about each call and each pair of them, and about one that is not there.
fn call_requests(world: &World) -> Vec<Message> {
    let mut calls: Vec<u32> = world.acd.calls().map(|view| view.id.0 - call(0)).collect();
    calls.push(0);
    let mut all = Vec::new();
    for nth in &calls {
        let words = ["Accept", "Reject", "RejectClose", "BUSY"];
        all.extend(words.map(|word| answer_preview(*nth, word).into()));
    }
    for (_, phone) in FLOOR {
        for kind in KINDS_ONCE {
            let (first, second, number) = looks_at(kind);
            for first in some(first, &calls, &0) {
                let others: Vec<u32> = calls.iter().copied().filter(|it| it != first).collect();
                for second in some(second, &others, &0) {
                    for to in some(number, &NUMBERS, &"1") {
                        all.push(request(kind, *first, *second, phone, to));
                    }
                }
            }
        }
        for (_, supervisor) in FLOOR {
            all.extend((0..2).map(|action| request(18, action, 0, phone, supervisor)));
        }
    }
    all
}

fn events(world: &World) -> Vec<Event> {
    let mut all = Vec::new();
    let leg = world.clone().leg();
    for number in NUMBERS {
        all.push(Event::Incoming {
            leg,
            from: "5550199".into(),
            dialed: number.into(),
            variables: Vec::new(),
        });
        for (_, phone) in FLOOR {
            all.push(Event::Dialed {
                leg,
                device: phone.into(),
                number: number.into(),
            });
        }
    }
    for leg in world.wires.legs.iter().copied().chain([LegId(u64::MAX)]) {
        all.extend([
            Event::Ringing { leg },
            Event::Answered { leg },
            Event::Held { leg },
            Event::Retrieved { leg },
        ]);
        all.extend(
            [
                Cause::Normal,
                Cause::Busy,
                Cause::NoAnswer,
                Cause::Rejected,
                Cause::InvalidNumber,
                Cause::Unreachable,
            ]
            .map(|cause| Event::Gone { leg, cause }),
        );
    }
    for (_, phone) in FLOOR {
        let device: Box<str> = phone.into();
        all.push(Event::DeviceDown {
            device: device.clone(),
        });
        all.push(Event::DeviceUp { device });
    }
    all
}

fn go(world: &mut World, (after, input): Move) {
    world.now += after;
    if let Input::Fabric(Event::Incoming { .. } | Event::Dialed { .. }) = &input {
        world.leg();
    }
    world.handle(input);
}

/// Where the search begins, and what has happened there.
fn beginnings() -> Vec<World> {
    let mut ready = World::new(config(), NOW, &FLOOR, FLOOR[0]);
    let mut waiting = ready.clone();
    for (agent, _) in FLOOR {
        granted(&mut ready, state_req(agent, AgentState::AVAILABLE, 0));
    }
    // Two calls wait; nobody is ready.
    incoming(&mut waiting);
    incoming(&mut waiting);
    // The first agent talks to a caller.
    let mut talking = ready.clone();
    incoming(&mut talking);
    answered(&mut talking, "3001");
    // The second call rings at the other one, and the first agent is on the way out.
    let mut leaving = talking.clone();
    incoming(&mut leaving);
    granted(&mut leaving, forced("2001", AgentState::LOGOUT));
    // The first agent consults the other one, who rings, or talks.
    let mut consulting = talking.clone();
    granted(&mut consulting, request(9, 1, 0, "3001", "3002"));
    answered(&mut consulting, "3001");
    let mut consulted = consulting.clone();
    answered(&mut consulted, "3002");
    let mut conference = consulted.clone();
    granted(&mut conference, request(13, 2, 1, "3001", ""));
    let mut transferred = consulted.clone();
    granted(&mut transferred, request(11, 2, 1, "3001", ""));
    // The second agent listens to the first one, or has joined.
    let mut monitored = talking.clone();
    granted(&mut monitored, state_req("2002", AgentState::NOT_READY, 0));
    granted(&mut monitored, request(18, 0, 0, "3001", "3002"));
    let about_to_listen = monitored.clone();
    answered(&mut monitored, "3002");
    let mut barged = monitored.clone();
    granted(&mut barged, request(18, 1, 0, "3001", "3002"));
    // The first agent looks at a contact, or has its customer called.
    let mut looking = ready.clone();
    looking.handle(Input::Preview(contact()));
    answered(&mut looking, "3001");
    let mut dialing = looking.clone();
    granted(&mut dialing, answer_preview(1, "Accept"));
    // The phone went while a call was on hold.
    let mut lost = talking.clone();
    granted(&mut lost, request(6, 1, 0, "3001", ""));
    lost.handle(Input::Fabric(Event::DeviceDown {
        device: "3001".into(),
    }));
    vec![
        ready,
        waiting,
        talking,
        leaving,
        consulting,
        consulted,
        conference,
        transferred,
        about_to_listen,
        monitored,
        barged,
        looking,
        dialing,
        lost,
    ]
}

fn granted(world: &mut World, request: impl Into<Message>) {
    let out = world.ask(DESK, request);
    let refused = ["CONTROL_FAILURE_CONF", "FAILURE_CONF"];
    assert!(!refused.contains(&name_of(&out, 0)), "{out:?}");
}

fn incoming(world: &mut World) {
    let leg = world.leg();
    let event = Event::Incoming {
        leg,
        from: "5550199".into(),
        dialed: "8000".into(),
        variables: Vec::new(),
    };
    world.handle(Input::Fabric(event));
}

/// Whoever is called at a phone last, or calls from there, picks up.
fn answered(world: &mut World, phone: &str) {
    let parties = world.acd.calls().flat_map(|view| view.parties);
    let legs = parties.filter(|party| party.number == phone);
    let leg = legs.map(|party| party.leg).last().unwrap();
    world.handle(Input::Fabric(Event::Ringing { leg }));
    world.handle(Input::Fabric(Event::Answered { leg }));
}

/// How a state was reached first: from which one, by which of its moves. Those that the search begins with by
/// themselves.
type Step = (usize, usize);

/// What was found.
struct Search {
    beginnings: Vec<World>,
    seen: HashSet<u128>,
    steps: Vec<Step>,
    edges: usize,
}

/// The way to a state, told when the test fails there.
struct Way<'a> {
    search: &'a Search,
    to: Step,
}

impl Drop for Way<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let world = self.search.walk(self.to.0, true);
            let last = moves(&world).into_iter().nth(self.to.1);
            eprintln!("and then {last:?}, in");
            for call in world.acd.calls() {
                eprintln!("  {call:?}");
            }
        }
    }
}

impl Search {
    fn new(beginnings: Vec<World>) -> Self {
        let states = beginnings.iter().map(|world| digest(&world.acd, world.now));
        Self {
            seen: states.collect(),
            steps: (0..beginnings.len()).map(|state| (state, 0)).collect(),
            beginnings,
            edges: 0,
        }
    }

    /// The world in a state, made again by what led there: keeping it would take a thousand times the space.
    fn walk(&self, state: usize, tell: bool) -> World {
        let mut back = Vec::new();
        let mut at = state;
        while at >= self.beginnings.len() {
            back.push(self.steps[at].1);
            at = self.steps[at].0;
        }
        let mut world = self.beginnings[at].clone();
        if tell {
            eprintln!("from beginning {at}:");
        }
        for place in back.into_iter().rev() {
            let next = moves(&world).swap_remove(place);
            if tell {
                eprintln!("  {next:?}");
            }
            go(&mut world, next);
        }
        world
    }

    /// Goes on from these states with every input; the new ones that have no call too many.
    fn deeper(&mut self, front: &[usize]) -> Vec<usize> {
        let (mut next, mut edges) = (Vec::new(), 0);
        for state in front {
            let here = self.walk(*state, false);
            let moves = moves(&here);
            let way = |place| Way {
                search: self,
                to: (*state, place),
            };
            {
                let _way = way(moves.len());
                check(&here);
            }
            let mut found = Vec::new();
            for (place, chosen) in moves.into_iter().enumerate() {
                let _way = way(place);
                let mut world = here.clone();
                go(&mut world, chosen);
                let is = digest(&world.acd, world.now);
                if !self.seen.contains(&is) {
                    found.push((is, place, world.acd.calls().count() <= CALLS));
                }
                edges += 1;
            }
            for (is, place, goes_on) in found {
                if self.seen.insert(is) {
                    self.steps.push((*state, place));
                    if goes_on {
                        next.push(self.steps.len() - 1);
                    }
                }
            }
        }
        self.edges += edges;
        next
    }
}

/// What holds of a state by itself.
fn check(world: &World) {
    let is = digest(&world.acd, world.now);
    let written = world.acd.snapshot().unwrap();
    let mut read = Acd::restore(&written).unwrap();
    assert_eq!(digest(&read, world.now), is, "another state is read");
    let kept = read.restarted(world.now, config(), &mut Vec::new());
    assert_eq!(kept, Reconciled::Same);
    assert_eq!(digest(&read, world.now), is, "a restart changes it");
    world.clone().hang_up();
}

#[test]
fn whatever_can_happen_to_two_agents_two_calls_and_a_queue() {
    let (depth, of, expected) = match std::env::var_os("TACT_LONG") {
        Some(_) => (4, 1, 1_000_000),
        None => (2, 2, 5_000),
    };
    let mut search = Search::new(beginnings());
    let mut front: Vec<usize> = (0..search.steps.len()).collect();
    for level in 1..=depth {
        front = search.deeper(&front);
        front = front.into_iter().step_by(of).collect();
        eprintln!(
            "{level} inputs deep: {} states, {} edges, {} states to go on from",
            search.seen.len(),
            search.edges,
            front.len()
        );
    }
    // A digest that told too little apart would end the search early, and say nothing.
    assert!(search.seen.len() > expected);
}

#[test]
fn a_state_is_known_again_whatever_the_numbers_and_the_time() {
    let mut world = beginnings().swap_remove(0);
    let mut visit = || {
        world.now += 5000;
        incoming(&mut world);
        let during = digest(&world.acd, world.now);
        let leg = world.wires.legs.iter().find(|leg| leg.0 % 2 == 1);
        let (leg, cause) = (*leg.unwrap(), Cause::Normal);
        world.handle(Input::Fabric(Event::Gone { leg, cause }));
        (during, digest(&world.acd, world.now))
    };
    // What the agent was before the first call is not what the agent was before the second one.
    visit();
    let (during, after) = visit();
    assert_eq!(visit(), (during, after));
    assert_ne!(during, after);
}
