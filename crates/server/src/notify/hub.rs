//! Who is connected, who is available, who hears which node. One mutex, held for microseconds, never across an await.
//!
//! - `presence`: who is available, and who is told

mod presence;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tact_xmpp::error::{StanzaCondition, StreamCondition};
use tact_xmpp::event::{Event, Ids};
use tact_xmpp::pubsub::Refusal;
use tokio::sync::{mpsc, watch};

use super::Presence;
use super::cause::CONFLICT;
use super::feed::{Feed, Gap, Numbered};
use super::nodes::{self, Implicit};
use super::outbox::Ending;
use super::session::{Address, Session};
pub(super) use presence::presence_between;

/// Subscriptions that one agent may hold.
pub(super) const MAX_SUBSCRIPTIONS: usize = 500;

/// A subscriber: the agent, and the resource for a full JID.
type Subscriber = (Arc<str>, Option<Arc<str>>);

/// Sessions to wake once the hub is free again.
pub(super) type Woken = Vec<Arc<Session>>;

/// The registry.
pub(super) struct Hub {
    state: Mutex<State>,
    presence: mpsc::UnboundedSender<Presence>,
    pubsub: String,
    sessions_per_agent: usize,
}

struct State {
    agents: BTreeMap<Arc<str>, Agent>,
    /// Explicit subscriptions by node.
    nodes: BTreeMap<String, BTreeSet<Subscriber>>,
    ids: Ids,
    /// Where the numbers of a new feed begin: above all of feeds that are gone, so that nobody who saw one of those goes on
    /// with a later one as if nothing were missing.
    feeds_begin: u64,
}

#[derive(Default)]
struct Agent {
    sessions: Vec<Entry>,
    /// What the agent hears on the channel that loses nothing, once there was anybody on it.
    feed: Option<Feed>,
    /// Subscriptions, explicit ones: the node and the resource.
    subscriptions: BTreeSet<(String, Option<Arc<str>>)>,
}

impl Agent {
    fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.subscriptions.is_empty() && self.feed.is_none()
    }

    /// Anybody there, on any channel.
    fn is_available(&self) -> bool {
        let listened = self.feed.as_ref().is_some_and(|feed| feed.listeners > 0);
        listened || self.sessions.iter().any(Entry::is_present)
    }
}

struct Entry {
    session: Arc<Session>,
    address: Arc<Address>,
    available: bool,
    /// Available with a priority of 0 or more.
    hears: bool,
    /// Its connections are lost, and it may come back to the session: what it has missed waits there.
    absent: bool,
}

impl Entry {
    fn is_present(&self) -> bool {
        self.available && !self.absent
    }
}

impl Hub {
    /// An empty registry. Changes of presence go out on the channel, in order: whoever takes them may publish, so they
    /// cannot be reported from under a lock. It holds at most what the clients changed since they were last taken.
    pub(super) fn new(
        pubsub: String,
        sessions_per_agent: usize,
        seed: u64,
        presence: mpsc::UnboundedSender<Presence>,
    ) -> Hub {
        Hub {
            state: Mutex::new(State {
                agents: BTreeMap::new(),
                nodes: BTreeMap::new(),
                ids: Ids::new(seed),
                feeds_begin: 0,
            }),
            presence,
            pubsub,
            sessions_per_agent,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a session under its address. An older session with the same address has to go; the removed address is
    /// returned for the log.
    pub(super) fn bind(
        &self,
        session: &Arc<Session>,
        address: &Arc<Address>,
        woken: &mut Woken,
    ) -> Result<Option<Arc<Session>>, StanzaCondition> {
        let mut state = self.lock();
        let agent = state.agents.entry(Arc::clone(&address.agent)).or_default();
        let old = agent
            .sessions
            .iter()
            .position(|entry| entry.address.resource == address.resource);
        if old.is_none() && agent.sessions.len() >= self.sessions_per_agent {
            return Err(StanzaCondition::ResourceConstraint);
        }
        let replaced = old.map(|old| agent.sessions.remove(old));
        agent.sessions.push(Entry {
            session: Arc::clone(session),
            address: Arc::clone(address),
            available: false,
            hears: false,
            absent: false,
        });
        let Some(replaced) = replaced else {
            return Ok(None);
        };
        replaced.session.outbox.end(
            Ending {
                condition: StreamCondition::Conflict,
                cause: CONFLICT,
            },
            false,
        );
        self.gone(&mut state, &replaced, CONFLICT);
        woken.push(Arc::clone(&replaced.session));
        Ok(Some(replaced.session))
    }

    /// Forgets a session; its address when it was registered until now.
    pub(super) fn remove(&self, session: &Session, cause: &'static str) -> Option<Arc<Address>> {
        let address = Arc::clone(session.address()?);
        let mut state = self.lock();
        let agent = state.agents.get_mut(&address.agent)?;
        let at = agent
            .sessions
            .iter()
            .position(|entry| entry.session.id == session.id)?;
        let entry = agent.sessions.remove(at);
        self.gone(&mut state, &entry, cause);
        Some(address)
    }

    /// What follows from a session's removal: its full-JID subscriptions end, its presence is lost.
    fn gone(&self, state: &mut State, entry: &Entry, cause: &'static str) {
        let State { agents, nodes, .. } = state;
        let Some(agent) = agents.get_mut(&entry.address.agent) else {
            return;
        };
        let resource = Some(Arc::clone(&entry.address.resource));
        let subscriber = (Arc::clone(&entry.address.agent), resource.clone());
        agent.subscriptions.retain(|(node, subscribed)| {
            let ends = *subscribed == resource;
            if ends {
                unlink(nodes, node, &subscriber);
            }
            !ends
        });
        if entry.is_present() {
            self.report(agent, &entry.session, &entry.address, false, cause);
        }
        if agent.is_empty() {
            agents.remove(&entry.address.agent);
        }
    }

    /// Publishes an event. The hub stays locked while it goes into the queues: that is the order of a node.
    pub(super) fn publish(
        &self,
        node: &str,
        update: &str,
        item: Option<&str>,
        fields: &dyn Fn() -> String,
        woken: &mut Woken,
    ) -> Published {
        let mut state = self.lock();
        let State {
            agents, nodes, ids, ..
        } = &mut *state;
        let mut event = None;
        let mut shared: Option<Arc<str>> = None;
        let mut published = Published::default();
        let mut deliver = |entry: &Entry, to: &str| {
            let event = event.get_or_insert_with(|| {
                let drawn = ids.draw::<{ tact_xmpp::event::ITEM_ID_LENGTH }>();
                let item = item
                    .or_else(|| std::str::from_utf8(&drawn).ok())
                    .unwrap_or_default();
                Event::new(&self.pubsub, node, item, update)
            });
            let stanza = event.address(to, &entry.address.bare_escaped, &ids.draw());
            if entry.session.outbox.push(stanza) {
                published.delivered += 1;
            } else {
                published.overflowed.push(Arc::clone(&entry.session));
            }
            woken.push(Arc::clone(&entry.session));
        };
        let explicit = nodes.get(node);
        let has = |id: &Arc<str>, resource: Option<&Arc<str>>| {
            explicit.is_some_and(|set| set.contains(&(Arc::clone(id), resource.cloned())))
        };
        // A session gets an event once, however often it is subscribed; its full address if that is subscribed.
        let mut hear = |id: &Arc<str>, agent: &mut Agent, implicit: bool| {
            for entry in agent.sessions.iter().filter(|entry| entry.hears) {
                if has(id, Some(&entry.address.resource)) {
                    deliver(entry, &entry.address.full_escaped);
                } else if implicit || has(id, None) {
                    deliver(entry, &entry.address.bare_escaped);
                }
            }
            if let Some(feed) = &mut agent.feed
                && (implicit || has(id, None))
            {
                let fields = shared.get_or_insert_with(|| fields().into());
                feed.push(Arc::clone(fields));
            }
        };
        let own = match nodes::implicit(node) {
            Implicit::Everyone => {
                for (id, agent) in agents {
                    hear(id, agent, true);
                }
                return published;
            }
            Implicit::Agent(own) => {
                if let Some((id, _)) = agents.get_key_value(own) {
                    let id = Arc::clone(id);
                    if let Some(agent) = agents.get_mut(own) {
                        hear(&id, agent, true);
                    }
                }
                Some(own)
            }
            Implicit::Nobody => None,
        };
        let mut last: Option<&Arc<str>> = None;
        for (id, _) in explicit.into_iter().flatten() {
            // Subscribers are in the order of agents; each agent is looked at once.
            if own == Some(&**id) || last == Some(id) {
                continue;
            }
            last = Some(id);
            if let Some(agent) = agents.get_mut(id) {
                hear(id, agent, false);
            }
        }
        published
    }

    /// An id for an item whose publisher wants to know it.
    pub(super) fn draw_item(&self) -> String {
        let item = self
            .lock()
            .ids
            .draw::<{ tact_xmpp::event::ITEM_ID_LENGTH }>();
        item.map(char::from).iter().collect()
    }

    /// Somebody listens to an agent's feed from now on: tells of new events, and the number of the last one. `None` when
    /// too many do.
    pub(super) fn attach(
        &self,
        id: &Arc<str>,
        jid: &str,
        now: i64,
    ) -> Option<(watch::Receiver<u64>, u64)> {
        let mut state = self.lock();
        let State {
            agents,
            feeds_begin,
            ..
        } = &mut *state;
        let agent = agents.entry(Arc::clone(id)).or_default();
        let feed = agent
            .feed
            .get_or_insert_with(|| Feed::new(now, *feeds_begin));
        if feed.listeners >= self.sessions_per_agent {
            return None;
        }
        feed.listeners += 1;
        let attached = (feed.watch(), feed.last());
        if feed.listeners == 1 {
            self.report_feed(agent, id, jid, None);
        }
        Some(attached)
    }

    /// Ends the feeds that nobody has listened to for a while.
    pub(super) fn sweep(&self, now: i64) {
        let mut state = self.lock();
        let State {
            agents,
            feeds_begin,
            ..
        } = &mut *state;
        agents.retain(|_, agent| {
            if let Some(feed) = agent.feed.take_if(|feed| feed.is_over(now)) {
                *feeds_begin = (*feeds_begin).max(feed.last().saturating_add(1));
            }
            !agent.is_empty()
        });
    }

    /// One listener less. What is published meanwhile is kept for a while.
    pub(super) fn detach(&self, id: &Arc<str>, jid: &str, cause: &'static str, now: i64) {
        let mut state = self.lock();
        let Some(agent) = state.agents.get_mut(id) else {
            return;
        };
        let Some(feed) = &mut agent.feed else {
            return;
        };
        feed.listeners = feed.listeners.saturating_sub(1);
        feed.idle_since = now;
        if feed.listeners == 0 {
            self.report_feed(agent, id, jid, Some(cause));
        }
    }

    /// Up to `most` events of an agent's feed after this number; the number of the newest one when some are lost.
    pub(super) fn feed_after(
        &self,
        id: &Arc<str>,
        after: u64,
        most: usize,
    ) -> Result<Numbered, (u64, Gap)> {
        let state = self.lock();
        let feed = state.agents.get(id).and_then(|agent| agent.feed.as_ref());
        let Some(feed) = feed else {
            return Ok(Vec::new());
        };
        feed.after(after, most).map_err(|gap| (feed.last(), gap))
    }

    /// Subscribes the session's agent, or only this resource of it. Twice is as good as once.
    pub(super) fn subscribe(
        &self,
        agent_id: &Arc<str>,
        node: &str,
        resource: Option<&str>,
    ) -> Result<(), Refusal> {
        let mut state = self.lock();
        let State { agents, nodes, .. } = &mut *state;
        let Some(agent) = agents.get_mut(agent_id) else {
            return Err(Refusal::FOREIGN);
        };
        let resource: Option<Arc<str>> = resource.map(Arc::from);
        let known = agent.sessions.iter();
        if let Some(wanted) = &resource
            && !known
                .map(|entry| &entry.address.resource)
                .any(|own| own == wanted)
        {
            return Err(Refusal::INVALID_JID);
        }
        let key = (node.to_owned(), resource.clone());
        if agent.subscriptions.contains(&key) {
            return Ok(());
        }
        if agent.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            return Err(Refusal::TOO_MANY);
        }
        agent.subscriptions.insert(key);
        nodes
            .entry(node.to_owned())
            .or_default()
            .insert((Arc::clone(agent_id), resource));
        Ok(())
    }

    /// Subscribes an agent that need not be there.
    pub(super) fn restore(&self, agent: &str, node: &str) {
        let mut state = self.lock();
        let State { agents, nodes, .. } = &mut *state;
        let id: Arc<str> = Arc::from(agent);
        let agent = agents.entry(Arc::clone(&id)).or_default();
        if agent.subscriptions.len() < MAX_SUBSCRIPTIONS {
            agent.subscriptions.insert((node.to_owned(), None));
            nodes.entry(node.to_owned()).or_default().insert((id, None));
        }
    }

    /// Ends an explicit subscription; false when there is none.
    pub(super) fn unsubscribe(
        &self,
        agent_id: &Arc<str>,
        node: &str,
        resource: Option<&str>,
    ) -> bool {
        let mut state = self.lock();
        let State { agents, nodes, .. } = &mut *state;
        let resource: Option<Arc<str>> = resource.map(Arc::from);
        let Some(agent) = agents.get_mut(agent_id) else {
            return false;
        };
        let removed = agent
            .subscriptions
            .remove(&(node.to_owned(), resource.clone()));
        if removed {
            unlink(nodes, node, &(Arc::clone(agent_id), resource));
        }
        removed
    }

    /// The explicit subscriptions of an agent: node and resource.
    pub(super) fn subscriptions(&self, agent: &str) -> Vec<(String, Option<Arc<str>>)> {
        let state = self.lock();
        state.agents.get(agent).map_or_else(Vec::new, |agent| {
            agent.subscriptions.iter().cloned().collect()
        })
    }
}

/// What became of an event.
#[derive(Default)]
pub(super) struct Published {
    /// Sessions that have it in their queue.
    pub(super) delivered: usize,
    /// Sessions whose queue is full; they have to go.
    pub(super) overflowed: Vec<Arc<Session>>,
}

fn unlink(nodes: &mut BTreeMap<String, BTreeSet<Subscriber>>, node: &str, who: &Subscriber) {
    if let Some(subscribers) = nodes.get_mut(node) {
        subscribers.remove(who);
        if subscribers.is_empty() {
            nodes.remove(node);
        }
    }
}
