//! A whole centre on virtual time: the machine, the simulated phones and agents, and nothing between them.
//!
//! Time jumps to whatever is due next. At one time the machine's timers come first, then the phones, then
//! the agents, each until nothing is due; so a run follows from its seeds.

use std::net::{Ipv4Addr, SocketAddr};

use super::agents::SimulatedAgents;
use super::simulated::SimulatedPhones;
use crate::fabric::Fabric as _;
use crate::io::{ClientId, Input, Output};
use crate::machine::Acd;

/// The agents' client.
const AGENTS: ClientId = ClientId(1);

/// A centre, its telephony, its agents, and their time.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The machine.
    pub acd: Acd,
    /// The phones and the callers.
    pub phones: SimulatedPhones,
    /// The agents.
    pub agents: SimulatedAgents,
    now: i64,
    inputs: u64,
    out: Vec<Output>,
}

impl Simulation {
    /// Connects the agents' client at `now` (milliseconds since 1970); nothing else has happened yet.
    pub fn new(acd: Acd, phones: SimulatedPhones, agents: SimulatedAgents, now: i64) -> Self {
        let mut simulation = Self {
            acd,
            phones,
            agents,
            now,
            inputs: 0,
            out: Vec::new(),
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        simulation.step(Input::Connected {
            client: AGENTS,
            address,
        });
        simulation
    }

    /// The time, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// How many inputs the machine has taken.
    pub fn inputs(&self) -> u64 {
        self.inputs
    }

    /// Lets everything happen that is due by `end`.
    pub fn run_until(&mut self, end: i64) {
        while let Some(due) = self.next_due().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.happen();
        }
        self.now = self.now.max(end);
    }

    fn next_due(&self) -> Option<i64> {
        let due = [
            self.acd.next_due(),
            self.phones.next_due(),
            self.agents.next_due(),
        ];
        due.into_iter().flatten().min()
    }

    /// One thing that is due.
    fn happen(&mut self) {
        if self.acd.next_due().is_some_and(|due| due <= self.now) {
            self.step(Input::Tick);
        } else if let Some(event) = self.phones.poll(self.now) {
            self.step(Input::Fabric(event));
        } else if let Some(message) = self.agents.poll(self.now) {
            self.step(Input::Message {
                client: AGENTS,
                message,
            });
        }
    }

    fn step(&mut self, input: Input) {
        self.inputs += 1;
        let mut out = std::mem::take(&mut self.out);
        self.acd.handle(self.now, input, &mut out);
        for output in out.drain(..) {
            match output {
                Output::Fabric(command) => self.phones.command(self.now, command),
                Output::Send { to, message } if to.contains(&AGENTS) => {
                    self.agents.hear(self.now, &message);
                }
                _ => {}
            }
        }
        self.out = out;
    }
}
