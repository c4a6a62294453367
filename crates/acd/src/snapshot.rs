//! The whole state as bytes, and the state after a restart.
//!
//! MessagePack with the names of the fields, so that a newer program reads an older state as long as
//! what it adds has a default. The configuration is part of it; its indexes are made anew.

use std::collections::{BTreeMap, BTreeSet};

use tact_ged188::AgentState;

use crate::agent::{Agent, Login};
use crate::config::Config;
use crate::directory::Directory;
use crate::fabric::{Cause, Command};
use crate::io::{ClientId, Input, Output};
use crate::machine::Acd;
use crate::mobile::Mobile;

/// Why bytes are no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SnapshotError(String);

/// What a new configuration means for the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reconciled {
    /// It is the one the state was made under.
    Same,
    /// Things came or changed, nothing that matters to the state went: all of it stands.
    Grown,
    /// Agents or phones went, or queues or routes changed while calls waited: those who are still there stay
    /// signed in, calls and counts are gone.
    Shrunk,
}

impl Acd {
    /// The configuration, as it is kept.
    pub fn config(&self) -> &Config {
        self.directory.config()
    }

    /// The state.
    ///
    /// # Errors
    /// It cannot be spelt, which no input brings about.
    pub fn snapshot(&self) -> Result<Vec<u8>, rmp_serde::encode::Error> {
        rmp_serde::to_vec_named(self)
    }

    /// The machine in the state that [`snapshot`](Self::snapshot) wrote.
    ///
    /// # Errors
    /// The bytes are no state that this version knows.
    pub fn restore(snapshot: &[u8]) -> Result<Self, SnapshotError> {
        rmp_serde::from_slice(snapshot).map_err(|error| SnapshotError(error.to_string()))
    }

    /// The server was restarted: its clients are gone, and the configuration may be another one. The fabric is asked
    /// for every leg that is believed in.
    ///
    /// Agents stay signed in, each in the state and since the time that was. An agent who is no longer
    /// configured is dropped. Where agents or phones went, calls are dropped too, as their parties may be
    /// among them; likewise where queues or routes changed while a call waited. Whoever was on a call
    /// or in wrap-up is NOT_READY then.
    pub fn restarted(&mut self, now: i64, config: Config, out: &mut Vec<Output>) -> Reconciled {
        let clients: Vec<ClientId> = self.sessions.keys().collect();
        for client in clients {
            self.handle(now, Input::Disconnected { client }, out);
        }
        self.forget_setups(out);
        let reconciled = self.reconfigure(now, config, out);
        self.adopt(out);
        reconciled
    }

    /// The highest number among the clients that are connected.
    pub(crate) fn last_client(&self) -> ClientId {
        self.sessions.keys().last().unwrap_or(ClientId(0))
    }

    fn reconfigure(&mut self, now: i64, mut config: Config, out: &mut Vec<Output>) -> Reconciled {
        let old = self.directory.config();
        let grown = old.peripheral_id == config.peripheral_id
            && keep_order(&old.agents, &mut config.agents, |agent| &agent.id)
            && keep_order(&old.extensions, &mut config.extensions, |phone| phone)
            && (self.nothing_waits() || same_queues(old, &config));
        if *old == config {
            return Reconciled::Same;
        }
        if !grown {
            for leg in self.calls().flat_map(|call| call.parties) {
                out.push(Output::Fabric(Command::Hangup {
                    leg: leg.leg,
                    cause: Cause::Unreachable,
                }));
            }
            self.hang_up_lines(out);
            self.start_over(now, config);
            return Reconciled::Shrunk;
        }
        self.agents
            .resize_with(config.agents.len(), || Agent::new(now));
        self.owners.resize(config.extensions.len(), None);
        self.statistics.grow(config.agents.len(), now);
        self.directory = Directory::new(config);
        self.replan();
        Reconciled::Grown
    }

    /// A fresh centre in which everyone is signed in who was and still can be.
    fn start_over(&mut self, now: i64, config: Config) {
        let old = std::mem::replace(self, Self::new(config, now));
        for (config, agent) in old.directory.config().agents.iter().zip(old.agents) {
            let Some(index) = self.directory.agent_by_id(&config.id) else {
                continue;
            };
            let extension = agent
                .login
                .as_ref()
                .and_then(|login| old.directory.extension(login.device));
            let device = extension.and_then(|extension| self.directory.device(extension));
            let (Some(device), Some(login)) = (device, agent.login) else {
                continue;
            };
            // Nailed lines are gone with the calls.
            if login.mobile.as_ref().is_some_and(Mobile::is_nailed) {
                continue;
            }
            let (Some(place), Some(owner)) =
                (self.agents.get_mut(index.0), self.owners.get_mut(device.0))
            else {
                continue;
            };
            *owner = Some(index);
            let login = Some(Login { device, ..login });
            *place = match agent.state {
                AgentState::NOT_READY | AgentState::AVAILABLE => Agent {
                    state: agent.state,
                    reason: agent.reason,
                    since: agent.since,
                    available_since: agent.available_since,
                    login,
                    ..Agent::new(now)
                },
                _ => Agent {
                    state: AgentState::NOT_READY,
                    login,
                    ..Agent::new(now)
                },
            };
            let state = place.state;
            self.agent_changed(now, index, state);
            self.note_availability(now, index);
        }
    }
}

/// Whether calls can wait in both alike.
fn same_queues(old: &Config, new: &Config) -> bool {
    let numbers = |config: &Config| -> Vec<u32> {
        let groups = config.skill_groups.iter();
        groups.map(|group| group.number).collect()
    };
    numbers(old) == numbers(new)
        && old.precision_queues == new.precision_queues
        && old.routes == new.routes
}

/// Puts what was there before first, in its order, so that places in the list stay what they are.
/// False when something is no longer there, or was there twice.
fn keep_order<T, K: Ord>(old: &[T], new: &mut [T], key: impl Fn(&T) -> &K) -> bool {
    let places: BTreeMap<&K, usize> = old
        .iter()
        .enumerate()
        .map(|(place, item)| (key(item), place))
        .collect();
    let still_there: BTreeSet<&K> = new.iter().map(&key).collect();
    if places.len() != old.len() || !places.keys().all(|key| still_there.contains(key)) {
        return false;
    }
    // Stable: what is new keeps its own order behind the others.
    new.sort_by_key(|item| places.get(key(item)).copied().unwrap_or(usize::MAX));
    true
}
