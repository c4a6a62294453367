//! One connection on the channel that loses nothing, whatever carries it.

use std::sync::Arc;

use tokio::sync::watch;

use super::cause;
use super::feed::Gap;
use super::{Access, Notify, Shared};
use crate::auth::Principal;
use crate::clock;

/// Events taken from the feed at a time.
const BATCH: usize = 64;

/// Why a client must read the state anew before it goes on with events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resync {
    /// Events were published that are kept no longer.
    TooOld,
    /// The number is of before the server's start, or none of ours.
    Unknown,
}

impl Resync {
    /// As the client reads it.
    pub fn name(self) -> &'static str {
        match self {
            Resync::TooOld => "too-old",
            Resync::Unknown => "unknown-id",
        }
    }
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It listens from here on; the first thing it hears.
    Ready {
        /// The last event's id.
        id: String,
    },
    /// Some events are lost to it: it has to read the state anew, and goes on from here.
    Resync {
        /// The last event's id.
        id: String,
        /// Why.
        why: Resync,
    },
    /// An event.
    Update {
        /// Its id.
        id: String,
        /// `"node":"…","Update":{…}`: the inside of a JSON object.
        fields: Arc<str>,
    },
}

/// Why nobody may listen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListenError {
    /// The user has as many connections as a user may.
    #[error("too many connections of one user")]
    TooMany,
    /// The user may not hear this node.
    #[error("{0} is not to be heard by this user")]
    Forbidden(String),
    /// There is no such node.
    #[error("there is no node {0}")]
    NoSuchNode(String),
    /// The user has too many subscriptions.
    #[error("too many subscriptions of one user")]
    TooManySubscriptions,
}

/// Listens as long as it lives; counts as presence of its user.
pub struct Listener {
    shared: Arc<Shared>,
    agent: Arc<str>,
    changed: watch::Receiver<u64>,
    /// The number of the last event that was taken.
    seen: u64,
    first: Option<Heard>,
    /// How it ends, as far as known.
    gone: &'static str,
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener")
            .field("agent", &self.agent)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

impl Notify {
    /// Listens for a user from the event after `last` on, or from now on. The user hears what the bare address hears over
    /// XMPP; `nodes` are subscribed to besides, and stay so.
    ///
    /// # Errors
    /// Too many connections or subscriptions, or a node that is not the user's to hear.
    pub fn listen(
        &self,
        principal: &Principal,
        last: Option<&str>,
        nodes: &[String],
    ) -> Result<Listener, ListenError> {
        let shared = &self.shared;
        for node in nodes {
            match (shared.config.access)(principal, node) {
                Access::Allowed => {}
                Access::Forbidden => return Err(ListenError::Forbidden(node.clone())),
                Access::NoSuchNode => return Err(ListenError::NoSuchNode(node.clone())),
            }
        }
        shared.end_forbidden(principal);
        let agent = Arc::clone(&principal.id);
        let (changed, newest) = shared
            .hub
            .attach(&agent, &shared.feed_address(&agent), clock::now_ms())
            .ok_or(ListenError::TooMany)?;
        let mut listener = Listener {
            shared: Arc::clone(shared),
            changed,
            seen: newest,
            first: None,
            gone: cause::LOST,
            agent,
        };
        for node in nodes {
            let done = shared.hub.subscribe(&listener.agent, node, None);
            done.map_err(|_| ListenError::TooManySubscriptions)?;
            (shared.config.keep)(&listener.agent, node, true);
        }
        let id = shared.event_id(newest);
        listener.first = Some(match last.map(|last| shared.number_of(last)) {
            None => Heard::Ready { id },
            Some(Some(number)) if number <= newest => {
                listener.seen = number;
                Heard::Ready {
                    id: shared.event_id(number),
                }
            }
            Some(_) => Heard::Resync {
                id,
                why: Resync::Unknown,
            },
        });
        Ok(listener)
    }
}

impl Listener {
    /// The client said goodbye, or has said nothing for too long.
    pub fn ends(&mut self, silent: bool) {
        self.gone = if silent { cause::SILENT } else { cause::LEFT };
    }

    /// Waits for what comes next; `None` when the server stops. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Vec<Heard>> {
        if let Some(first) = self.first.take() {
            return Some(vec![first]);
        }
        loop {
            self.changed.borrow_and_update();
            match self.shared.hub.feed_after(&self.agent, self.seen, BATCH) {
                Ok(events) if events.is_empty() => {}
                Ok(events) => {
                    self.seen += u64::try_from(events.len()).unwrap_or_default();
                    let heard = events.into_iter().map(|(number, fields)| Heard::Update {
                        id: self.shared.event_id(number),
                        fields,
                    });
                    return Some(heard.collect());
                }
                Err((newest, Gap)) => {
                    self.seen = newest;
                    let id = self.shared.event_id(newest);
                    return Some(vec![Heard::Resync {
                        id,
                        why: Resync::TooOld,
                    }]);
                }
            }
            tokio::select! {
                // An error would mean that the feed went, which it cannot while somebody listens.
                changed = self.changed.changed() => changed.ok()?,
                () = self.shared.stopping.cancelled() => return None,
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let address = self.shared.feed_address(&self.agent);
        let (hub, now) = (&self.shared.hub, clock::now_ms());
        hub.detach(&self.agent, &address, self.gone, now);
    }
}

impl Shared {
    /// How the log calls a user's connections on this channel.
    fn feed_address(&self, agent: &str) -> String {
        format!("{agent}@{}/events", self.names.domain)
    }

    /// `START-NUMBER`: numbers begin anew with each start of the server.
    fn event_id(&self, number: u64) -> String {
        format!("{}-{number}", self.epoch)
    }

    fn number_of(&self, id: &str) -> Option<u64> {
        let (epoch, number) = id.trim().rsplit_once('-')?;
        number.parse().ok().filter(|_| *epoch == *self.epoch)
    }
}
