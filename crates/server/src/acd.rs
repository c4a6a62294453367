//! The acd behind its mutex: takes inputs, runs the outputs in order.
//!
//! One step is one short lock, never held across an await: log what came in, ask the machine, put
//! what it says into the clients' queues. Knows no sockets.

mod config;
mod encoded;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tact_acd::phones::SimulatedPhones;
use tact_acd::{Acd, ClientId, Config, Input, Output, Trace};
use tact_ged188::{Message, Protocol};
use tokio::sync::Notify;

use crate::clock;
use crate::cti::journal::{Found, Journal};
use crate::cti::log;
use crate::cti::outbox::{Outbox, Overflow};
use crate::settings::AcdSettings;
use crate::telemetry::Logs;
use crate::telephony::Telephony;

pub use config::config;
use encoded::Encoded;

/// What the clients of the CTI server may take up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Clients at a time; further ones are closed at once.
    pub clients: usize,
    /// Bytes that may wait for one client; beyond them it is dropped.
    pub waiting_bytes: usize,
}

impl Default for Limits {
    /// The configuration of 100,000 agents fits into what may wait.
    fn default() -> Limits {
        Limits {
            clients: 1024,
            waiting_bytes: 32 << 20,
        }
    }
}

impl From<&AcdSettings> for Limits {
    fn from(settings: &AcdSettings) -> Limits {
        Limits {
            clients: settings.max_sessions,
            waiting_bytes: settings.session_queue_bytes,
        }
    }
}

/// The contact centre, shared by everyone who talks to it.
#[derive(Clone)]
pub struct AcdHandle(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    logs: Logs,
    limits: Limits,
    /// [`clock::now_ms`], except in tests of what takes half a minute.
    now: fn() -> i64,
    /// A timer may be due earlier than the ticker thinks.
    earlier: Notify,
    accepted: AtomicU64,
    dropped_slow: AtomicU64,
}

struct State {
    acd: Acd,
    telephony: Telephony,
    /// None for a centre that forgets.
    journal: Option<Journal>,
    clients: BTreeMap<ClientId, Arc<Outbox>>,
    last_client: u32,
    /// Empty between steps; kept for its memory.
    outputs: Vec<Output>,
    /// When the ticker wakes next.
    armed: Option<i64>,
}

impl State {
    /// When there is something to do, for the machine or the phones.
    fn next_due(&self) -> Option<i64> {
        let machine = self.acd.next_due().into_iter();
        machine.chain(self.telephony.next_due()).min()
    }
}

/// What was counted since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Connections accepted.
    pub accepted: u64,
    /// Clients dropped because they did not read what they were sent.
    pub dropped_slow: u64,
}

impl AcdHandle {
    /// A centre in which nobody is signed in. Its messages go to the ctisvr log.
    pub fn new(config: Config, logs: Logs) -> AcdHandle {
        AcdHandle::with_limits(config, logs, Limits::default())
    }

    /// The same with other limits for its clients.
    pub fn with_limits(config: Config, logs: Logs, limits: Limits) -> AcdHandle {
        AcdHandle::with_clock(config, logs, limits, clock::now_ms)
    }

    /// The centre that was found, with these phones; it goes on in its journal if it has one.
    pub fn resume(
        found: Found,
        journal: Option<Journal>,
        phones: SimulatedPhones,
        logs: Logs,
        limits: Limits,
    ) -> AcdHandle {
        AcdHandle::of(found, journal, phones, logs, limits, clock::now_ms)
    }

    fn with_clock(config: Config, logs: Logs, limits: Limits, now: fn() -> i64) -> AcdHandle {
        let phones = SimulatedPhones::new(0, now());
        AcdHandle::of(Found::fresh(config, now()), None, phones, logs, limits, now)
    }

    fn of(
        found: Found,
        journal: Option<Journal>,
        phones: SimulatedPhones,
        logs: Logs,
        limits: Limits,
        now: fn() -> i64,
    ) -> AcdHandle {
        if let Some(story) = found.story {
            logs.ctisvr(None, log::trace(story));
        }
        let handle = AcdHandle(Arc::new(Shared {
            state: Mutex::new(State {
                acd: found.acd,
                telephony: Telephony::new(phones),
                journal,
                clients: BTreeMap::new(),
                last_client: found.last_client,
                outputs: Vec::new(),
                armed: None,
            }),
            logs,
            limits,
            now,
            earlier: Notify::new(),
            accepted: AtomicU64::new(0),
            dropped_slow: AtomicU64::new(0),
        }));
        {
            let mut state = handle.lock();
            for output in found.outputs {
                // Nobody is connected yet who could be too slow.
                handle.execute(&mut state, output, &mut Vec::new());
            }
        }
        handle
    }

    /// Everything that was said so far is on disk.
    pub(crate) fn close_journal(&self) {
        if let Some(journal) = &mut self.lock().journal {
            journal.close((self.0.now)());
        }
    }

    /// Looks at the machine.
    pub fn read<T>(&self, look: impl FnOnce(&Acd) -> T) -> T {
        look(&self.lock().acd)
    }

    /// What the clients may take up.
    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    /// What was counted since the start.
    pub fn counters(&self) -> Counters {
        Counters {
            accepted: self.0.accepted.load(Ordering::Relaxed),
            dropped_slow: self.0.dropped_slow.load(Ordering::Relaxed),
        }
    }

    /// A client connected; what it is sent goes to the outbox.
    pub(crate) fn connect(&self, address: SocketAddr) -> (ClientId, Arc<Outbox>) {
        self.0.accepted.fetch_add(1, Ordering::Relaxed);
        let mut state = self.lock();
        // Numbers come back after four thousand million connections; by then the first are gone.
        state.last_client = state.last_client.wrapping_add(1).max(1);
        let client = ClientId(state.last_client);
        let outbox = Arc::new(Outbox::new(self.0.limits.waiting_bytes));
        state.clients.insert(client, Arc::clone(&outbox));
        self.run(&mut state, Input::Connected { client, address });
        (client, outbox)
    }

    /// The client's connection is gone. Harmless when the machine closed it itself.
    pub(crate) fn disconnect(&self, client: ClientId) {
        self.step(Input::Disconnected { client });
    }

    /// One input, and everything that follows from it.
    pub(crate) fn step(&self, input: Input) {
        self.run(&mut self.lock(), input);
    }

    /// Does something with the phones at this time (milliseconds since 1970), and everything that follows from it.
    pub fn telephony<T>(&self, act: impl FnOnce(i64, &mut SimulatedPhones) -> T) -> T {
        let mut state = self.lock();
        let result = act((self.0.now)(), state.telephony.phones());
        self.run_due(&mut state);
        result
    }

    /// Ticks the machine and the phones whenever they have something due. Runs until it is dropped.
    pub(crate) async fn tick_for_ever(&self) {
        loop {
            let due = {
                let mut state = self.lock();
                state.armed = state.next_due();
                state.armed
            };
            let earlier = self.0.earlier.notified();
            match due {
                Some(due) => {
                    let wait = u64::try_from(due.saturating_sub((self.0.now)())).unwrap_or(0);
                    let sleep = tokio::time::sleep(std::time::Duration::from_millis(wait));
                    tokio::select! {
                        () = sleep => self.run_due(&mut self.lock()),
                        () = earlier => {}
                    }
                }
                None => earlier.await,
            }
        }
    }

    /// What is due, and everything that follows from it.
    fn run_due(&self, state: &mut State) {
        if state
            .acd
            .next_due()
            .is_some_and(|due| due <= (self.0.now)())
        {
            self.run(state, Input::Tick);
        } else {
            self.run_phones(state);
        }
    }

    /// One input, and what the phones say to that.
    fn run(&self, state: &mut State, input: Input) {
        self.feed(state, input);
        self.run_phones(state);
    }

    fn run_phones(&self, state: &mut State) {
        state.telephony.begin_step();
        while let Some(event) = state.telephony.poll((self.0.now)()) {
            self.feed(state, Input::Fabric(event));
        }
        if let Some(due) = state.next_due()
            && state.armed.is_none_or(|armed| due < armed)
        {
            self.0.earlier.notify_one();
        }
    }

    fn feed(&self, state: &mut State, input: Input) {
        let mut next = Some(input);
        let mut overflowed: Vec<ClientId> = Vec::new();
        while let Some(input) = next {
            self.log_input(state, &input);
            if let Input::Disconnected { client } = &input
                && let Some(outbox) = state.clients.remove(client)
            {
                outbox.close();
            }
            let mut outputs = std::mem::take(&mut state.outputs);
            let now = (self.0.now)();
            if let Some(journal) = &mut state.journal {
                journal.before(&state.acd, now, &input);
            }
            state.acd.handle(now, input, &mut outputs);
            if let Some(journal) = &mut state.journal {
                journal.after(now, &outputs);
            }
            for output in outputs.drain(..) {
                self.execute(state, output, &mut overflowed);
            }
            state.outputs = outputs;
            next = overflowed
                .pop()
                .map(|client| Input::Disconnected { client });
        }
    }

    fn execute(&self, state: &mut State, output: Output, overflowed: &mut Vec<ClientId>) {
        match output {
            Output::Opened { client, protocol } => {
                if let Some(outbox) = state.clients.get(&client) {
                    outbox.set_protocol(protocol);
                }
            }
            Output::Send { to, message } => {
                let mut encoded = Encoded::default();
                for client in to {
                    let Some(outbox) = state.clients.get(&client) else {
                        continue;
                    };
                    let protocol = outbox.protocol().unwrap_or_default();
                    let Some(bytes) = encoded.for_client(client, &message, protocol) else {
                        continue;
                    };
                    if outbox.push(bytes) == Err(Overflow) {
                        self.0.dropped_slow.fetch_add(1, Ordering::Relaxed);
                        let text = format!(
                            "Client does not read: more than {} bytes would wait for it, closing.",
                            self.0.limits.waiting_bytes
                        );
                        self.0.logs.ctisvr(Some(client.0), log::trace(text));
                        state.clients.remove(&client);
                        overflowed.push(client);
                    }
                }
                self.log_sent(&message, &encoded);
            }
            Output::Close { client, reason } => {
                let text = format!("Closing session: {reason:?}.");
                self.0.logs.ctisvr(Some(client.0), log::trace(text));
                if let Some(outbox) = state.clients.remove(&client) {
                    outbox.close();
                }
            }
            Output::Fabric(command) => state.telephony.command((self.0.now)(), command),
            // Replaying the journal tells them; the log has the events that follow from them.
            Output::Trace(Trace::Routing(_)) => {}
            Output::Trace(Trace::Client { client, text }) => {
                self.0.logs.ctisvr(Some(client.0), log::trace(text));
            }
            Output::Trace(Trace::AgentEvent(message)) => {
                for line in log::agent_event(&message) {
                    self.0.logs.ctisvr(None, log::trace(line));
                }
            }
        }
    }

    fn log_input(&self, state: &State, input: &Input) {
        if let Input::Message { client, message } = input
            && let Some(outbox) = state.clients.get(client)
        {
            let protocol = match message {
                Message::OpenReq(request) => Protocol::new(request.version_number),
                _ => outbox.protocol(),
            };
            self.log_message(*client, message, protocol.unwrap_or_default());
        }
    }

    /// A message is dumped once for each version, at the first session that gets it; the others are named. In a large
    /// centre dozens of sessions hear of everything, and a dump for each would be more than a disk takes.
    fn log_sent(&self, message: &Message, encoded: &Encoded) {
        for version in encoded.versions() {
            let first = version.first;
            self.log_message(first, message, version.protocol);
            if version.bytes.is_none() {
                let text = format!("{} is too long for the wire.", message.name());
                self.0.logs.ctisvr(Some(first.0), log::trace(text));
            }
            if !version.others.is_empty() {
                let others = log::also_to(version.others.iter().map(|client| client.0));
                self.0.logs.ctisvr(Some(first.0), others);
            }
        }
    }

    /// Heartbeats are not worth a line every five seconds.
    fn log_message(&self, client: ClientId, message: &Message, protocol: Protocol) {
        if !matches!(
            message,
            Message::HeartbeatReq(_) | Message::HeartbeatConf(_)
        ) {
            self.0
                .logs
                .ctisvr(Some(client.0), log::message(message, protocol));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The machine does not panic; should it ever, the others are still served.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
