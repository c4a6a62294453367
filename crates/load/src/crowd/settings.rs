//! What is to be measured.

use std::time::Duration;

use super::dialogue::Proof;
use super::{Pace, Transport};
use crate::target::Target;

/// The supervisor of the demo centre: no agent, although its id is between theirs.
const DEMO_SUPERVISOR: u32 = 2100;

/// What is measured.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The web server.
    pub server: Target,
    /// Host and port of XMPP over TCP: for publishers, and for desktops over TCP.
    pub xmpp: (String, u16),
    /// The XMPP domain; without it SystemInfo is asked.
    pub domain: Option<String>,
    /// What carries the desktops' channel.
    pub transport: Transport,
    /// How many desktops.
    pub desktops: usize,
    /// The first agent's id; the others follow, 2100 left out.
    pub first: u32,
    /// The password of all; without it each agent's is its id.
    pub password: Option<String>,
    /// How passwords are shown.
    pub proof: Proof,
    /// How much of a login everyone walks.
    pub login: Login,
    /// State changes a second of agents who are signed in in full, for [`Settings::seconds`].
    pub changes: Option<u32>,
    /// How fast desktops sign in.
    pub pace: Pace,
    /// How often everyone signs in.
    pub rounds: u32,
    /// Each credential is verified once before the first round.
    pub verify: bool,
    /// Nodes are created and desktops subscribed first: a server that is not Tact.
    pub prepare: bool,
    /// How often each desktop pings.
    pub ping: Duration,
    /// How long everyone stays before the first event.
    pub stay: Duration,
    /// Events a second, one run each.
    pub rates: Vec<u32>,
    /// How long each run lasts.
    pub seconds: u32,
    /// Events that many hear.
    pub team: Option<Team>,
    /// How many publishers there are.
    pub publishers: usize,
    /// Their name; a number from 0 follows.
    pub publisher: String,
    /// Their password; without it each one's is its name.
    pub publisher_password: Option<String>,
    /// The server's process, when it is on this machine.
    pub pid: Option<u32>,
}

impl Settings {
    /// The ids of the agents.
    pub fn agents(&self) -> impl Iterator<Item = u32> {
        (self.first..)
            .filter(|id| *id != DEMO_SUPERVISOR)
            .take(self.desktops)
    }

    /// The password of an agent.
    pub fn password_of(&self, id: u32) -> String {
        self.password.clone().unwrap_or_else(|| id.to_string())
    }
}

/// Events of one node that many desktops hear.
#[derive(Debug, Clone)]
pub struct Team {
    /// How many hear it.
    pub size: usize,
    /// Events a second.
    pub rate: u32,
    /// The node.
    pub node: String,
}

/// How much of a login a desktop walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// The event channel: connect, SASL, bind, session, presence.
    Xmpp,
    /// The whole login with its REST requests, as `tact login`.
    Full,
}
