//! A centre with telephones that obey, and what must hold of it after everything that happens
//! (acd-and-telephony 3.6: I-1 to I-4, I-7, I-9 to I-13, I-16, I-21, I-29).

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};

use tact_acd::fabric::{Cause, Command, Event, LegId};
use tact_acd::{Acd, AgentView, CallView, ClientId, Config, Input, Output};
use tact_ged188::{AgentState, CallType, LocalConnectionState, Message, Protocol, encode};

use crate::harness::{agent_open_req, login_req, open_req};
use crate::invariants::{answers, check_ownership, check_path};

/// The client that asks and hears everything.
pub(crate) const DESK: ClientId = ClientId(1);
/// Longest reservation, and longest wait for somebody to answer; see the machine's own bounds.
const LONGEST_RING_MS: i64 = 120_000;

/// What a client heard of calls: those that began and did not end, and all that ended.
#[derive(Clone, Default)]
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
#[derive(Clone, Default)]
pub(crate) struct Wires {
    pub(crate) legs: BTreeSet<LegId>,
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

/// The machine, what its telephones and clients made of what it said, and its time.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) acd: Acd,
    pub(crate) now: i64,
    pub(crate) wires: Wires,
    heard: BTreeMap<ClientId, Heard>,
    told: BTreeMap<String, AgentState>,
}

impl World {
    /// Two sessions: of [`DESK`], and of the agent and phone `own`. Everyone of `agents` is signed in at a phone.
    pub(crate) fn new(
        config: Config,
        now: i64,
        agents: &[(&str, &str)],
        own: (&str, &str),
    ) -> Self {
        let mut world = Self {
            acd: Acd::new(config, now),
            now,
            wires: Wires::default(),
            heard: BTreeMap::new(),
            told: BTreeMap::new(),
        };
        let opens = [open_req(), agent_open_req("own", Some(own.0), Some(own.1))];
        for (client, mut open) in (1..).map(ClientId).zip(opens) {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
            open.idle_timeout = u32::MAX;
            world.handle(Input::Connected { client, address });
            world.ask(client, open);
        }
        for (agent, phone) in agents {
            world.ask(DESK, login_req(agent, phone));
        }
        world
    }

    pub(crate) fn ask(&mut self, client: ClientId, message: impl Into<Message>) -> Vec<Output> {
        let message = message.into();
        self.handle(Input::Message { client, message })
    }

    /// Has the machine take an input, the telephones obey, and checks everything.
    pub(crate) fn handle(&mut self, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        self.acd.handle(self.now, input.clone(), &mut out);
        if let Input::Fabric(Event::Gone { leg, .. }) = &input {
            self.wires.legs.remove(leg);
        }
        // I-29: a request has one answer.
        let answers = answers(&input, &out);
        assert!(
            answers.is_none_or(|answers| answers == 1),
            "{input:?} was answered {answers:?} times"
        );
        check_path(&mut self.told, &out);
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
        if let Input::Tick = input {
            let due = self.acd.next_due();
            assert!(
                due.is_none_or(|due| due > self.now),
                "due things were left undone"
            );
        }
        self.check();
        out
    }

    /// A new leg of the fabric's own.
    pub(crate) fn leg(&mut self) -> LegId {
        self.wires.last += 2;
        let leg = LegId(self.wires.last + 1);
        self.wires.legs.insert(leg);
        leg
    }

    /// Everyone hangs up, and nothing is left but what is wrapped up.
    pub(crate) fn hang_up(&mut self) {
        while let Some(leg) = self.wires.legs.first().copied() {
            let cause = Cause::Normal;
            self.handle(Input::Fabric(Event::Gone { leg, cause }));
        }
        for call in self.acd.calls() {
            assert!(call.parties.is_empty(), "{call:?}");
        }
    }

    fn check(&self) {
        check_ownership(&self.acd);
        self.check_calls();
        self.check_routing();
        // I-7: what was told is what is.
        for agent in self.acd.agents() {
            let told = self.told.get(agent.id).copied();
            assert_eq!(told.unwrap_or(AgentState::LOGOUT), agent.state, "{agent:?}");
        }
    }

    /// Tickets and agents.
    fn check_routing(&self) {
        let soon = self.now + LONGEST_RING_MS;
        let is_soon = || self.acd.next_due().is_some_and(|due| due <= soon);
        let mut reserved: BTreeSet<&str> = BTreeSet::new();
        let mut tickets = BTreeSet::new();
        for ticket in self.acd.tickets() {
            tickets.insert(ticket.call);
            if let Some(agent) = ticket.reserved {
                // I-4, I-9.
                assert!(reserved.insert(agent), "{agent} has two offers");
                assert!(is_soon(), "{ticket:?} is reserved for ever");
                continue;
            }
            // I-16: nobody waits for whom somebody waits.
            for (queue, step) in &ticket.queues {
                let mut eligible = self.acd.eligible(*queue, *step);
                let idle = eligible.find(|agent| self.acd.available_since(agent).is_some());
                assert_eq!(idle, None, "waits although {ticket:?} does");
            }
        }
        for agent in self.acd.agents() {
            let looks = self.acd.calls().any(|view| looks_at_preview(&view, &agent));
            // I-4, I-9.
            assert!(
                !looks || reserved.insert(agent.id),
                "{agent:?} has two offers"
            );
            assert!(!looks || is_soon(), "{agent:?} is reserved for ever");
        }
        // I-3.
        for agent in self.acd.agents() {
            let is_reserved = agent.state == AgentState::RESERVED;
            assert_eq!(
                reserved.contains(agent.id),
                is_reserved,
                "{agent:?} {reserved:?}"
            );
        }
        // I-10: a call waits exactly while it has a ticket.
        let waiting = self
            .acd
            .calls()
            .filter(|view| view.waits)
            .map(|view| view.id);
        assert_eq!(
            waiting.collect::<BTreeSet<_>>(),
            tickets,
            "tickets and calls disagree"
        );
        // I-9, for calls that were not routed.
        let mut parties = self.acd.calls().flat_map(|view| view.parties);
        let rings = parties.any(|party| party.state == LocalConnectionState::ALERTING);
        assert!(!rings || is_soon(), "something rings for ever");
    }

    /// Calls, legs, and the agents who talk.
    fn check_calls(&self) {
        let mut legs = BTreeSet::new();
        let mut active = BTreeSet::new();
        let mut talking: BTreeMap<&str, bool> = BTreeMap::new();
        let heard = self.heard.get(&DESK);
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
            let preview = view.kind == CallType::RESERVATION_PREVIEW;
            // The phone is the only party.
            let alone = preview || view.kind == CallType::SUPERVISOR_MONITOR;
            // I-11: nothing rings for nobody.
            assert!(anchored || view.parties.is_empty() || alone, "{view:?}");
            for party in &view.parties {
                // I-12: each leg is in one place, and alive.
                assert!(legs.insert(party.leg), "{:?} twice", party.leg);
                assert!(self.wires.legs.contains(&party.leg), "{party:?} has no leg");
                let connected = party.state == LocalConnectionState::CONNECT;
                if connected && party.phone {
                    assert!(active.insert(party.number), "{} talks twice", party.number);
                }
                if let Some(agent) = party.agent
                    && !preview
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

/// Whether a call is an agent's look at a contact, or rings at the customer whom the agent accepted.
fn looks_at_preview(view: &CallView<'_>, agent: &AgentView<'_>) -> bool {
    let mut parties = view.parties.iter().filter(|party| party.phone);
    match view.kind {
        CallType::RESERVATION_PREVIEW => parties.any(|party| party.agent == Some(agent.id)),
        CallType::CUSTOMER_PREVIEW => parties.any(|party| {
            party.state == LocalConnectionState::INITIATE && Some(party.number) == agent.extension
        }),
        _ => false,
    }
}
