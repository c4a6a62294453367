//! Who there is: agents by id and login name, and the teams they are in.
//!
//! Filled by configuration and team messages only. Knows nothing of sessions or requests.

use std::collections::{BTreeMap, BTreeSet};

use tact_ged188::AgentState;

use crate::agent::{Agent, DeskSettings, ReservedFor, SignOutCause, TeamRef};
use crate::backlog::Requests;

/// Agents that a desk keeps; more are left out.
pub(crate) const MAX_AGENTS: usize = 100_000;

/// An agent with all that only the desk needs to know.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) agent: Agent,
    /// What subscribers were last told.
    pub(crate) shown: Shown,
    /// The agent's queue.
    pub(crate) requests: Requests,
    /// Whether this session's configuration or teams named the agent.
    pub(crate) named: bool,
    /// Whether the settings are the agent's own, of this session.
    pub(crate) settings_known: bool,
    /// Who is to thank for the sign-out that follows the call.
    pub(crate) to_sign_out: Option<SignOutCause>,
    /// Whether a restart would give the agent the grace, as last said.
    pub(crate) watched: bool,
    /// Where a sign-in that is under way takes place.
    pub(crate) login_extension: Option<String>,
    /// State, and since when, as a team message told it before the query.
    pub(crate) hint: Option<(AgentState, i64)>,
    /// The configuration says that the agent is of type supervisor.
    pub(crate) supervisor_by_type: bool,
    pub(crate) member_of: BTreeSet<u32>,
    pub(crate) supervises: BTreeSet<u32>,
    /// Numbers of the skill groups that the agent serves.
    pub(crate) groups: BTreeSet<u32>,
}

/// The part of an agent that subscribers compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) state: AgentState,
    pub(crate) reserved_for: ReservedFor,
    pub(crate) reason: Option<u16>,
    pub(crate) extension: Option<String>,
    pub(crate) pending: Option<crate::Pending>,
}

impl Shown {
    pub(crate) fn of(agent: &Agent) -> Self {
        Self {
            state: agent.state,
            reserved_for: agent.reserved_for,
            reason: agent.reason,
            extension: agent.extension.clone(),
            pending: agent.pending,
        }
    }
}

impl Entry {
    fn new(id: &str, settings: DeskSettings) -> Self {
        Self {
            agent: Agent::new(id, settings),
            // Before anybody was told anything, an agent counts as signed out.
            shown: Shown {
                state: AgentState::LOGOUT,
                reserved_for: ReservedFor::Call,
                reason: None,
                extension: None,
                pending: None,
            },
            requests: Requests::default(),
            named: false,
            settings_known: false,
            to_sign_out: None,
            watched: false,
            login_extension: None,
            hint: None,
            supervisor_by_type: false,
            member_of: BTreeSet::new(),
            supervises: BTreeSet::new(),
            groups: BTreeSet::new(),
        }
    }
}

/// Agents and teams.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    entries: BTreeMap<String, Entry>,
    /// Lower-case login name to id.
    login_names: BTreeMap<String, String>,
    /// Extension to the id of the agent who signed in there last.
    extensions: BTreeMap<String, String>,
    /// Names of the teams.
    pub(crate) teams: BTreeMap<u32, String>,
    /// The peripheral's default settings.
    pub(crate) default_settings: DeskSettings,
}

impl Directory {
    pub(crate) fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Entry> {
        self.entries.get_mut(id)
    }

    /// The agent, made when new; `None` when there are too many.
    pub(crate) fn entry(&mut self, id: &str) -> Option<&mut Entry> {
        if !self.entries.contains_key(id) {
            if id.is_empty() || self.entries.len() >= MAX_AGENTS {
                return None;
            }
            self.entries
                .insert(id.to_owned(), Entry::new(id, self.default_settings));
        }
        self.entries.get_mut(id)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.values_mut()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &String> {
        self.entries.keys()
    }

    /// The agent with this login name, whatever the case of its letters.
    pub(crate) fn by_login_name(&self, name: &str) -> Option<&Entry> {
        self.entries
            .get(self.login_names.get(&name.to_lowercase())?)
    }

    /// The agent who is signed in at this extension.
    pub(crate) fn by_extension(&self, extension: &str) -> Option<&Entry> {
        self.entries.get(self.extensions.get(extension)?)
    }

    /// Puts an agent at an extension, or at none. The addresses at which somebody else is now.
    pub(crate) fn set_extension(&mut self, id: &str, extension: Option<String>) -> Vec<String> {
        let Some(entry) = self.entries.get_mut(id) else {
            return Vec::new();
        };
        let mut changed = Vec::new();
        let old = std::mem::replace(&mut entry.agent.extension, extension.clone());
        if let Some(old) = old.filter(|old| Some(old) != extension.as_ref())
            && self.extensions.get(&old).is_some_and(|owner| owner == id)
        {
            self.extensions.remove(&old);
            changed.push(old);
        }
        if let Some(new) = extension
            && self.extensions.get(&new).is_none_or(|owner| owner != id)
        {
            self.extensions.insert(new.clone(), id.to_owned());
            changed.push(new);
        }
        changed
    }

    /// Gives an agent a login name.
    pub(crate) fn set_login_name(&mut self, id: &str, name: &str) {
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        if entry.agent.login_name == name {
            return;
        }
        let old = std::mem::replace(&mut entry.agent.login_name, name.to_owned()).to_lowercase();
        if self.login_names.get(&old).is_some_and(|owner| owner == id) {
            self.login_names.remove(&old);
        }
        if !name.is_empty() {
            self.login_names.insert(name.to_lowercase(), id.to_owned());
        }
    }

    /// Takes an agent out.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Entry> {
        self.set_extension(id, None);
        let entry = self.entries.remove(id)?;
        let name = entry.agent.login_name.to_lowercase();
        if self.login_names.get(&name).is_some_and(|owner| owner == id) {
            self.login_names.remove(&name);
        }
        Some(entry)
    }

    /// Makes an agent's teams out of the memberships.
    pub(crate) fn refresh_teams(&mut self, id: &str) {
        if let Some(entry) = self.entries.get_mut(id) {
            refresh(entry, &self.teams);
        }
    }

    /// The same for every agent.
    pub(crate) fn refresh_all_teams(&mut self) {
        for entry in self.entries.values_mut() {
            refresh(entry, &self.teams);
        }
    }

    /// Forgets who is in which team; the server tells it anew in each session.
    pub(crate) fn begin_session(&mut self) {
        self.teams.clear();
        for entry in self.entries.values_mut() {
            entry.named = false;
            entry.settings_known = false;
            entry.hint = None;
            entry.member_of.clear();
            entry.supervises.clear();
        }
    }
}

fn refresh(entry: &mut Entry, teams: &BTreeMap<u32, String>) {
    let team = |id: &u32| TeamRef {
        id: *id,
        name: teams.get(id).cloned().unwrap_or_default(),
    };
    entry.agent.team = entry.member_of.first().map(team);
    entry.agent.supervised = entry.supervises.iter().map(team).collect();
    entry.agent.supervisor = entry.supervisor_by_type || !entry.supervises.is_empty();
}
