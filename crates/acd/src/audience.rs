//! Who listens: the sessions by what they want to hear of, and the monitors.
//!
//! Events go to the few who want them; nobody walks over all sessions for that. Knows no message.
//! Reference ged188, 3.11, 4.8.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use tact_ged188::{AgentStateMask, CallMask};

use crate::at_phones::AtPhones;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::ClientId;
use crate::session::Assigned;

/// MonitorIDs of monitors begin here, those of sessions end below.
const FIRST_MONITOR: u32 = 0x8000_0000;
/// Monitors that one session may have.
pub(crate) const MAX_MONITORS: usize = 1024;

/// What a monitor is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Watched {
    /// The agents of a team.
    Team(u32),
    /// Calls and agents at a phone.
    Device(DeviceIndex),
    /// One call, by ConnectionCallID.
    Call(u32),
    /// What another session hears.
    Session(ClientId),
}

/// What a monitor wants to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) calls: CallMask,
    pub(crate) states: AgentStateMask,
}

/// Sessions and monitors by what they hear of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Audience {
    /// ALL_EVENTS sessions, in the order of their numbers.
    all: Vec<ClientId>,
    /// Sessions about an agent.
    agents: About<AgentIndex>,
    /// Sessions about a phone.
    devices: About<DeviceIndex>,
    /// CLIENT_MONITOR sessions.
    porters: BTreeSet<ClientId>,
    /// By MonitorID.
    monitors: BTreeMap<ClientId, BTreeMap<u32, (Watched, Wish)>>,
    watched: BTreeSet<(Watched, ClientId, u32)>,
    last_monitor: u32,
    /// Who signed in at a phone last: where a session about an agent hears of calls that outlive the sign-in.
    last_at: AtPhones<AgentIndex>,
}

/// Sessions by what they are about, found by its place in the configuration without a search.
///
/// In a snapshot it is a list of pairs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(
    from = "Vec<(I, ClientId)>",
    into = "Vec<(I, ClientId)>",
    bound(
        serialize = "I: Place + Clone + Serialize",
        deserialize = "I: Place + Deserialize<'de>"
    )
)]
struct About<I> {
    /// As long as the last that anybody was ever about needs; each in the order of the sessions' numbers.
    clients: Vec<SmallVec<[ClientId; 2]>>,
    of: PhantomData<I>,
}

/// A place in the configuration.
trait Place: Sized {
    fn number(&self) -> usize;
    fn at(number: usize) -> Self;
}

impl Place for AgentIndex {
    fn number(&self) -> usize {
        self.0
    }

    fn at(number: usize) -> Self {
        Self(number)
    }
}

impl Place for DeviceIndex {
    fn number(&self) -> usize {
        self.0
    }

    fn at(number: usize) -> Self {
        Self(number)
    }
}

impl<I> Default for About<I> {
    fn default() -> Self {
        Self {
            clients: Vec::new(),
            of: PhantomData,
        }
    }
}

impl<I: Place> From<Vec<(I, ClientId)>> for About<I> {
    fn from(pairs: Vec<(I, ClientId)>) -> Self {
        let mut about = Self::default();
        for (place, client) in pairs {
            about.insert(place, client);
        }
        about
    }
}

impl<I: Place> From<About<I>> for Vec<(I, ClientId)> {
    fn from(about: About<I>) -> Self {
        let places = about.clients.iter().enumerate();
        places
            .flat_map(|(place, clients)| clients.iter().map(move |it| (I::at(place), *it)))
            .collect()
    }
}

impl<I: Place> About<I> {
    fn insert(&mut self, place: I, client: ClientId) {
        let place = place.number();
        if self.clients.len() <= place {
            self.clients.resize_with(place + 1, SmallVec::new);
        }
        if let Some(clients) = self.clients.get_mut(place)
            && let Err(at) = clients.binary_search(&client)
        {
            clients.insert(at, client);
        }
    }

    fn remove(&mut self, place: I, client: ClientId) {
        if let Some(clients) = self.clients.get_mut(place.number()) {
            clients.retain(|other| *other != client);
        }
    }

    fn of(&self, place: I) -> &[ClientId] {
        let clients = self.clients.get(place.number());
        clients.map_or(&[], SmallVec::as_slice)
    }
}

impl Audience {
    /// A session was opened.
    pub(crate) fn add(
        &mut self,
        client: ClientId,
        all: bool,
        porter: bool,
        assigned: Option<Assigned>,
    ) {
        if all && let Err(at) = self.all.binary_search(&client) {
            self.all.insert(at, client);
        }
        if porter {
            self.porters.insert(client);
        }
        if let Some(agent) = assigned.and_then(|assigned| assigned.agent) {
            self.agents.insert(agent, client);
        }
        if let Some(device) = assigned.and_then(|assigned| assigned.device) {
            self.devices.insert(device, client);
        }
    }

    /// A session is over: it hears nothing any more, and nobody hears what it hears.
    pub(crate) fn remove(&mut self, client: ClientId, assigned: Option<Assigned>) {
        self.all.retain(|other| *other != client);
        self.porters.remove(&client);
        if let Some(agent) = assigned.and_then(|assigned| assigned.agent) {
            self.agents.remove(agent, client);
        }
        if let Some(device) = assigned.and_then(|assigned| assigned.device) {
            self.devices.remove(device, client);
        }
        let own: Vec<u32> = self.monitors_of(client).map(|(id, _)| id).collect();
        for id in own {
            self.stop(client, id);
        }
        self.forget(Watched::Session(client));
    }

    /// Ends every monitor of something that is no more.
    pub(crate) fn forget(&mut self, watched: Watched) {
        let of_it: Vec<(ClientId, u32)> = self
            .watching(watched)
            .map(|(client, id, _)| (client, id))
            .collect();
        for (client, id) in of_it {
            self.stop(client, id);
        }
    }

    /// The agent signed in at the phone.
    pub(crate) fn signed_in(&mut self, device: DeviceIndex, agent: AgentIndex) {
        *self.last_at.place(device) = Some(agent);
    }

    /// Who signed in at the phone last.
    pub(crate) fn last_at(&self, device: DeviceIndex) -> Option<AgentIndex> {
        self.last_at.get(device).copied()
    }

    /// ALL_EVENTS sessions.
    pub(crate) fn all(&self) -> impl Iterator<Item = ClientId> + '_ {
        self.all.iter().copied()
    }

    /// Sessions that are told of others.
    pub(crate) fn porters(&self) -> impl Iterator<Item = ClientId> + '_ {
        self.porters.iter().copied()
    }

    /// Sessions about an agent.
    pub(crate) fn of_agent(&self, agent: AgentIndex) -> impl Iterator<Item = ClientId> + '_ {
        self.agents.of(agent).iter().copied()
    }

    /// Sessions about a phone.
    pub(crate) fn of_device(&self, device: DeviceIndex) -> impl Iterator<Item = ClientId> + '_ {
        self.devices.of(device).iter().copied()
    }

    /// Monitors of something: whose, MonitorID, what they want.
    pub(crate) fn watching(
        &self,
        watched: Watched,
    ) -> impl Iterator<Item = (ClientId, u32, Wish)> + '_ {
        self.watched
            .range((watched, FIRST_CLIENT, 0)..=(watched, LAST_CLIENT, u32::MAX))
            .filter_map(|(_, client, id)| {
                let (_, wish) = self.monitors.get(client)?.get(id)?;
                Some((*client, *id, *wish))
            })
    }

    /// Whether nobody ever listened but ALL_EVENTS sessions, so that nobody else need be looked for.
    pub(crate) fn only_all(&self) -> bool {
        self.agents.clients.is_empty() && self.devices.clients.is_empty() && self.watched.is_empty()
    }

    /// Whether anybody hears what another session hears.
    pub(crate) fn sessions_watched(&self) -> bool {
        // Mostly nobody watches anything.
        !self.watched.is_empty()
            && self
                .watched
                .range((Watched::Session(FIRST_CLIENT), FIRST_CLIENT, 0)..)
                .next()
                .is_some()
    }

    /// The monitors of a session: MonitorID and what it is about.
    pub(crate) fn monitors_of(
        &self,
        client: ClientId,
    ) -> impl Iterator<Item = (u32, Watched)> + '_ {
        let own = self.monitors.get(&client).into_iter().flatten();
        own.map(|(id, (watched, _))| (*id, *watched))
    }

    /// What a monitor of a session is about.
    pub(crate) fn monitor(&self, client: ClientId, id: u32) -> Option<Watched> {
        Some(self.monitors.get(&client)?.get(&id)?.0)
    }

    /// Begins a monitor; its MonitorID, never used twice. None when the session has too many.
    pub(crate) fn start(&mut self, client: ClientId, watched: Watched, wish: Wish) -> Option<u32> {
        let own = self.monitors.entry(client).or_default();
        if own.len() >= MAX_MONITORS {
            return None;
        }
        self.last_monitor = self.last_monitor.wrapping_add(1) & !FIRST_MONITOR;
        let id = FIRST_MONITOR | self.last_monitor;
        own.insert(id, (watched, wish));
        self.watched.insert((watched, client, id));
        Some(id)
    }

    /// Changes what a monitor wants; whether there is such a monitor.
    pub(crate) fn change(&mut self, client: ClientId, id: u32, wish: Wish) -> bool {
        let own = self.monitors.get_mut(&client);
        let place = own.and_then(|own| own.get_mut(&id));
        place.map(|(_, place)| *place = wish).is_some()
    }

    /// Ends a monitor; whether there was one.
    pub(crate) fn stop(&mut self, client: ClientId, id: u32) -> bool {
        let Some(own) = self.monitors.get_mut(&client) else {
            return false;
        };
        let Some((watched, _)) = own.remove(&id) else {
            return false;
        };
        if own.is_empty() {
            self.monitors.remove(&client);
        }
        self.watched.remove(&(watched, client, id))
    }
}

const FIRST_CLIENT: ClientId = ClientId(0);
const LAST_CLIENT: ClientId = ClientId(u32::MAX);

#[cfg(test)]
mod tests {
    use super::*;

    const WISH: Wish = Wish {
        calls: CallMask::NONE,
        states: AgentStateMask::NONE,
    };

    #[test]
    fn a_session_that_goes_takes_its_monitors_and_those_of_it_along() {
        let mut audience = Audience::default();
        let (one, two) = (ClientId(1), ClientId(2));
        let assigned = Some(Assigned {
            agent: Some(AgentIndex(7)),
            device: Some(DeviceIndex(3)),
        });
        audience.add(one, false, false, assigned);
        audience.add(two, true, true, None);
        let device = Watched::Device(DeviceIndex(3));
        assert!(audience.start(one, device, WISH).is_some());
        let id = audience.start(two, Watched::Session(one), WISH).unwrap();
        assert!(audience.sessions_watched());
        audience.remove(one, assigned);
        assert_eq!(audience.of_agent(AgentIndex(7)).count(), 0);
        assert_eq!(audience.of_device(DeviceIndex(3)).count(), 0);
        assert_eq!(audience.watching(device).count(), 0);
        assert!(!audience.sessions_watched());
        assert_eq!(audience.monitor(two, id), None);
        assert_eq!(audience.all().collect::<Vec<_>>(), [two]);
    }

    #[test]
    fn monitor_ids_are_never_those_of_sessions_nor_used_twice() {
        let mut audience = Audience::default();
        let client = ClientId(1);
        let first = audience.start(client, Watched::Team(5), WISH).unwrap();
        assert!(audience.stop(client, first));
        assert!(!audience.stop(client, first));
        let second = audience.start(client, Watched::Team(5), WISH).unwrap();
        assert!(first > FIRST_MONITOR && second > first);
        for _ in 1..MAX_MONITORS {
            assert!(audience.start(client, Watched::Team(5), WISH).is_some());
        }
        assert_eq!(audience.start(client, Watched::Team(5), WISH), None);
    }
}
