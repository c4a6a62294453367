//! What holds of calls whatever is asked and whatever happens, in any order (acd-and-telephony 3.6: I-2, I-11, I-12,
//! I-13, I-26, I-29).

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};

use proptest::collection::vec;
use proptest::prelude::*;
use tact_acd::config::RouteConfig;
use tact_acd::fabric::{Cause, Command, Event, LegId};
use tact_acd::{Acd, ClientId, Config, Input, Output};
use tact_ged188::{
    AgentState, AlternateCallReq, ConferenceCallReq, DeflectCallReq, Floats, LocalConnectionState,
    Message, Protocol, ReconnectCallReq, SetCallDataReq, SuperviseCallReq, SupervisoryAction, Tag,
    TransferCallReq, encode,
};

use crate::calls_floor::{answer, call, clear, clear_call, consult, hold, make_call, retrieve};
use crate::harness::{PERIPHERAL, agent_open_req, centre, login_req, open_req, state_req};

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
        14 => (0_u8..20, pick(), pick(), pick(), number())
            .prop_map(|(kind, first, second, phone, to)| Step::Ask(kind, first, second, phone, to)),
    ]
}

const PHONES: [&str; 4] = ["3001", "3002", "3003", "3004"];
const AGENTS: [&str; 4] = ["2001", "2002", "2003", "2100"];

fn request(kind: u8, first: u32, second: u32, phone: &str, to: &str) -> Message {
    let active = |to: Option<&str>| {
        let floats = Floats::new().with_text(Tag::ACTIVE_CONN_DEVID, phone);
        match to {
            Some(to) => floats.with_text(Tag::DIALED_NUMBER, to),
            None => floats,
        }
    };
    let (invoke_id, peripheral_id) = (77, PERIPHERAL);
    let transfer = |held: u32, floats| TransferCallReq {
        invoke_id,
        peripheral_id,
        active_connection_call_id: call(first),
        held_connection_call_id: held,
        floats,
        ..Default::default()
    };
    let confer = |held: u32, floats| ConferenceCallReq {
        invoke_id,
        peripheral_id,
        active_connection_call_id: call(first),
        held_connection_call_id: held,
        floats,
        ..Default::default()
    };
    let supervise = |action| SuperviseCallReq {
        invoke_id,
        peripheral_id,
        agent_connection_call_id: u32::MAX,
        supervisor_connection_call_id: u32::MAX,
        supervisory_action: action,
        floats: Floats::new()
            .with_text(Tag::AGENT_INSTRUMENT, phone)
            .with_text(Tag::SUPERVISOR_INSTRUMENT, "3004"),
        ..Default::default()
    };
    match kind {
        0 | 1 => make_call(phone, to).into(),
        2 | 3 => answer(first, phone).into(),
        4 => clear(first, phone).into(),
        5 => clear_call(first, phone).into(),
        6 | 7 => hold(first, phone).into(),
        8 => retrieve(first, phone).into(),
        9 | 10 => consult(first, phone, to).into(),
        11 => transfer(call(second), active(None)).into(),
        12 => transfer(u32::MAX, active(Some(to))).into(),
        13 => confer(call(second), active(None)).into(),
        14 => confer(u32::MAX, active(Some(to))).into(),
        15 => AlternateCallReq {
            invoke_id,
            peripheral_id,
            active_connection_call_id: call(first),
            other_connection_call_id: call(second),
            floats: active(None),
            ..Default::default()
        }
        .into(),
        16 => ReconnectCallReq {
            invoke_id,
            peripheral_id,
            active_connection_call_id: call(first),
            held_connection_call_id: call(second),
            floats: active(None),
            ..Default::default()
        }
        .into(),
        17 => DeflectCallReq {
            invoke_id,
            peripheral_id,
            connection_call_id: call(first),
            floats: Floats::new()
                .with_text(Tag::CONNECTION_DEVID, phone)
                .with_text(Tag::CALLED_DEVID, to),
            ..Default::default()
        }
        .into(),
        18 => {
            supervise([SupervisoryAction::MONITOR, SupervisoryAction::BARGE_IN][first as usize % 2])
                .into()
        }
        _ => SetCallDataReq {
            invoke_id,
            peripheral_id,
            connection_call_id: call(first),
            floats: Floats::new().with_text(Tag::CALL_VAR_1, to),
            ..Default::default()
        }
        .into(),
    }
}

/// What a client heard of calls: those that began and did not end, and all that ended.
#[derive(Default)]
struct Heard {
    live: BTreeSet<u32>,
    ended: BTreeSet<u32>,
}

impl Heard {
    /// I-13 for one client: BEGIN_CALL first, END_CALL last, each once.
    fn hear(&mut self, message: &Message) {
        let fresh = |heard: &Self, id: u32| !heard.live.contains(&id) && !heard.ended.contains(&id);
        let live = |heard: &Self, id: u32| {
            assert!(
                heard.live.contains(&id),
                "{message:?} about a call that is not under way"
            );
        };
        match message {
            Message::BeginCallEvent(it) => {
                let id = it.connection_call_id;
                // A phone may come to a call again, for its own client.
                assert!(fresh(self, id) || it.monitor_id != 0, "{message:?} again");
                assert!(self.live.insert(id), "{message:?} twice");
            }
            Message::EndCallEvent(it) => {
                live(self, it.connection_call_id);
                self.live.remove(&it.connection_call_id);
                self.ended.insert(it.connection_call_id);
            }
            Message::CallDeliveredEvent(it) => live(self, it.connection_call_id),
            Message::CallEstablishedEvent(it) => live(self, it.connection_call_id),
            Message::CallHeldEvent(it) => live(self, it.connection_call_id),
            Message::CallRetrievedEvent(it) => live(self, it.connection_call_id),
            Message::CallOriginatedEvent(it) => live(self, it.connection_call_id),
            Message::CallServiceInitiatedEvent(it) => live(self, it.connection_call_id),
            Message::CallFailedEvent(it) => live(self, it.connection_call_id),
            Message::CallConnectionClearedEvent(it) => live(self, it.connection_call_id),
            Message::CallClearedEvent(it) => live(self, it.connection_call_id),
            Message::CallDivertedEvent(it) => live(self, it.connection_call_id),
            Message::CallQueuedEvent(it) => live(self, it.connection_call_id),
            Message::CallDequeuedEvent(it) => live(self, it.connection_call_id),
            Message::CallTransferredEvent(it) => live(self, it.primary_call_id),
            Message::CallConferencedEvent(it) => live(self, it.primary_call_id),
            Message::CallDataUpdateEvent(it) => live(self, it.new_connection_call_id),
            Message::RtpStartedEvent(it) => live(self, it.connection_call_id),
            Message::RtpStoppedEvent(it) => live(self, it.connection_call_id),
            _ => {}
        }
    }
}

/// A fabric that obeys, and knows its legs.
#[derive(Default)]
struct Wires {
    legs: BTreeSet<LegId>,
    last: u64,
}

impl Wires {
    fn obey(&mut self, command: &Command) {
        match command {
            Command::Offer { leg, .. } => assert!(self.legs.insert(*leg), "{leg:?} twice"),
            Command::Hangup { leg, .. } => {
                self.legs.remove(leg);
            }
            Command::Bridge { legs, .. } => {
                assert!(
                    legs.iter().all(|leg| self.legs.contains(leg)),
                    "{command:?} joins no leg"
                );
            }
            Command::Answer { leg }
            | Command::Hold { leg }
            | Command::Retrieve { leg }
            | Command::Dtmf { leg, .. }
            | Command::Tap { leg, .. } => {
                assert!(self.legs.contains(leg), "{command:?} is about no leg");
            }
            Command::Adopt { .. } => {}
        }
    }
}

struct World {
    acd: Acd,
    now: i64,
    wires: Wires,
    heard: BTreeMap<ClientId, Heard>,
    all: Vec<Output>,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            acd: Acd::new(config(), 0),
            now: 0,
            wires: Wires::default(),
            heard: BTreeMap::new(),
            all: Vec::new(),
        };
        let opens = [
            open_req(),
            agent_open_req("own", Some("2002"), Some("3002")),
        ];
        for (client, mut open) in (1..).map(ClientId).zip(opens) {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
            open.idle_timeout = u32::MAX;
            world.handle(Input::Connected { client, address });
            world.ask(client, open.into());
        }
        for (agent, phone) in AGENTS.into_iter().zip(PHONES) {
            world.ask(ClientId(1), login_req(agent, phone).into());
        }
        world
    }

    fn ask(&mut self, client: ClientId, message: Message) {
        self.handle(Input::Message { client, message });
    }

    fn handle(&mut self, input: Input) {
        let mut out = Vec::new();
        self.acd.handle(self.now, input, &mut out);
        for output in &out {
            match output {
                Output::Fabric(command) => self.wires.obey(command),
                Output::Send { to, message } => {
                    encode(message, Protocol::OLDEST, &mut Vec::new()).unwrap();
                    for client in to {
                        self.heard.entry(*client).or_default().hear(message);
                    }
                }
                _ => {}
            }
        }
        self.check();
        self.all.append(&mut out);
    }

    fn leg(&mut self) -> LegId {
        self.wires.last += 2;
        let leg = LegId(self.wires.last + 1);
        self.wires.legs.insert(leg);
        leg
    }

    fn step(&mut self, step: &Step) {
        let nth = |pick: &Pick, calls: &[u32]| match calls {
            [] => 1,
            calls => calls[pick.index(calls.len())],
        };
        match step {
            Step::Wait(ms) => {
                self.now += ms;
                self.handle(Input::Tick);
            }
            Step::State(agent, state) => {
                let agent = AGENTS[agent.index(AGENTS.len())];
                self.ask(ClientId(1), state_req(agent, *state, 0).into());
            }
            Step::Incoming(number) => {
                let leg = self.leg();
                let (from, dialed) = ("5550199".into(), (*number).into());
                let variables = Vec::new();
                self.handle(Input::Fabric(Event::Incoming {
                    leg,
                    from,
                    dialed,
                    variables,
                }));
            }
            Step::Dialed(phone, number) => {
                let leg = self.leg();
                let device = PHONES[phone.index(PHONES.len())].into();
                let number = (*number).into();
                self.handle(Input::Fabric(Event::Dialed {
                    leg,
                    device,
                    number,
                }));
            }
            Step::Leg(pick, happens) => {
                let legs: Vec<_> = self.wires.legs.iter().copied().collect();
                if legs.is_empty() {
                    return;
                }
                let leg = legs[pick.index(legs.len())];
                let event = match *happens {
                    Happens::Ringing => Event::Ringing { leg },
                    Happens::Answered => Event::Answered { leg },
                    Happens::Held => Event::Held { leg },
                    Happens::Retrieved => Event::Retrieved { leg },
                    Happens::Gone(cause) => {
                        self.wires.legs.remove(&leg);
                        Event::Gone { leg, cause }
                    }
                };
                self.handle(Input::Fabric(event));
            }
            Step::Down(phone, down) => {
                let device = PHONES[phone.index(PHONES.len())].into();
                self.handle(Input::Fabric(match down {
                    true => Event::DeviceDown { device },
                    false => Event::DeviceUp { device },
                }));
            }
            Step::Ask(kind, first, second, phone, to) => {
                let base = call(0);
                let calls: Vec<u32> = self.acd.calls().map(|view| view.id.0 - base).collect();
                let (first, second) = (nth(first, &calls), nth(second, &calls));
                // Mostly a phone that takes part.
                let parties: Vec<String> = self
                    .acd
                    .calls()
                    .filter(|view| view.id.0 == call(first))
                    .flat_map(|view| view.parties)
                    .filter(|party| party.phone)
                    .map(|party| party.number.to_owned())
                    .collect();
                let at = match parties.as_slice() {
                    [] => PHONES[phone.index(PHONES.len())],
                    parties => &parties[phone.index(parties.len())],
                };
                let message = request(*kind, first, second, at, to);
                self.ask(ClientId(1), message);
            }
        }
    }

    fn check(&self) {
        let mut legs = BTreeSet::new();
        let mut active = BTreeSet::new();
        let mut talking: BTreeMap<&str, bool> = BTreeMap::new();
        let heard = self.heard.get(&ClientId(1));
        let mut live = BTreeSet::new();
        let views: Vec<_> = self.acd.calls().collect();
        for view in &views {
            live.insert(view.id.0);
            assert!(view.parties.len() <= 16);
            let anchored = view.parties.iter().any(|party| {
                !matches!(
                    party.state,
                    LocalConnectionState::NULL | LocalConnectionState::ALERTING
                )
            });
            let monitor = view.kind == tact_ged188::CallType::SUPERVISOR_MONITOR;
            // I-11: nothing rings for nobody.
            assert!(anchored || view.parties.is_empty() || monitor, "{view:?}");
            for party in &view.parties {
                // I-12: each leg is in one place, and alive.
                assert!(legs.insert(party.leg), "{:?} twice", party.leg);
                assert!(self.wires.legs.contains(&party.leg), "{party:?} has no leg");
                let connected = party.state == LocalConnectionState::CONNECT;
                if connected && party.phone {
                    assert!(active.insert(party.number), "{} talks twice", party.number);
                }
                if let Some(agent) = party.agent
                    && (connected || party.state == LocalConnectionState::HOLD)
                {
                    *talking.entry(agent).or_default() |= connected;
                }
            }
        }
        assert_eq!(legs, self.wires.legs, "legs of nobody");
        if let Some(heard) = heard {
            assert_eq!(live, heard.live, "calls and events disagree");
        }
        // I-2: TALKING and HOLD are calls.
        for agent in self.acd.agents() {
            let expected = match agent.state {
                AgentState::TALKING => Some(true),
                AgentState::HOLD => Some(false),
                _ => None,
            };
            assert_eq!(
                talking.get(agent.id).copied(),
                expected,
                "{agent:?} {views:#?}"
            );
        }
    }
}

fn run(steps: &[Step]) -> Vec<Output> {
    let mut world = World::new();
    for step in steps {
        world.step(step);
    }
    // Everyone hangs up, and nothing is left but what is wrapped up.
    while let Some(leg) = world.wires.legs.pop_first() {
        let cause = Cause::Normal;
        world.handle(Input::Fabric(Event::Gone { leg, cause }));
    }
    for call in world.acd.calls() {
        assert!(call.parties.is_empty(), "{call:?}");
    }
    world.all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_happens_to_calls(steps in vec(step(), 0..100)) {
        let once = run(&steps);
        prop_assert_eq!(once, run(&steps));
    }
}
