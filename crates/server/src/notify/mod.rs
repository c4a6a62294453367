//! The notification service: XMPP over BOSH, WebSocket and TCP, and the nodes that events are published on.
//!
//! The wire and the session machines are values in `tact-xmpp`; here they meet sockets, time and passwords.
//!
//! - `hub`: who is connected, available, subscribed; routing of events
//! - `session`: the stream machine of one session in its surroundings; `outbox` is its bounded queue
//! - `authenticate`: who a client is
//! - `bosh`, `websocket`, `tcp`: the three transports
//! - `feed`, `listener`: the second channel, which loses nothing; HTTP carries it in `events`
//! - `nodes`: what an agent hears without subscribing
//! - `cause`: why a session is gone
//! - `timers`: one task for all deadlines
//! - `journal`: the log and the wire trace
//!
//! Locks are taken in this order and never backwards: a BOSH session, the hub, an outbox. Presence is reported from a
//! task of its own, so that whoever takes it may publish.

mod authenticate;
mod bosh;
mod cause;
mod feed;
mod hub;
mod journal;
mod listener;
mod nodes;
mod outbox;
mod session;
mod tcp;
mod timers;
mod websocket;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::Router;
use axum::routing::{any, get};
use tact_desk::{Channel, Loss};
use tact_xmpp::bosh::Settings as BoshSettings;
use tact_xmpp::error::StreamCondition;
use tact_xmpp::query::Names;
use tact_xmpp::stream::Transport;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use self::authenticate::{Answered, Authenticator};
use self::hub::{Hub, Woken};
pub use self::journal::{Journal, LineSink, WireSink};
pub use self::listener::{Heard, ListenError, Listener, Resync};
use self::outbox::{Bound, Ending};
use self::session::Session;
use self::timers::Timers;
use crate::auth::{Credentials, Principal};
use crate::clock;
use crate::cors::Cors;
use crate::telemetry::Logs;

/// Sessions at once, over all transports, those still signing in included.
pub const MAX_SESSIONS: usize = 32_768;
/// Sessions of one agent at once.
pub const MAX_SESSIONS_PER_AGENT: usize = 5;
/// Stanzas that may wait for a client.
pub const MAX_QUEUED_STANZAS: usize = 256;
/// Bytes that may wait for a client: 1 MiB.
pub const MAX_QUEUED_BYTES: usize = 1024 * 1024;
/// Milliseconds to authenticate in.
pub const AUTHENTICATION_MS: i64 = 30_000;
/// Milliseconds of silence after which a client is asked for a sign of life. Clients of this wire ping every 20 s, so
/// those that do are never asked.
pub const PING_MS: i64 = 21_000;
/// Milliseconds of silence after which a connection is dropped: of one that answers such questions, or whose system does
/// not acknowledge them.
pub const SILENCE_MS: i64 = 38_000;

/// How often what nobody has listened to for long is thrown away.
const SWEEP: Duration = Duration::from_secs(60);

/// May this user subscribe to this node?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Yes.
    Allowed,
    /// The node exists, but not for this user.
    Forbidden,
    /// There is no such node.
    NoSuchNode,
}

/// Decides about subscriptions.
pub type AccessCheck = Arc<dyn Fn(&Principal, &str) -> Access + Send + Sync>;

/// A change of one session's presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// The agent's id.
    pub agent: String,
    /// The session's full JID.
    pub jid: String,
    /// True when it became available.
    pub available: bool,
    /// True when it was the last available session of the agent.
    pub last: bool,
    /// What carries it.
    pub channel: Channel,
    /// `presence` when the client said so, otherwise why the session ended.
    pub cause: &'static str,
}

impl Presence {
    /// How it was lost.
    pub fn loss(&self) -> Loss {
        Loss {
            channel: Some(self.channel),
            noticed: cause::noticed(self.cause),
        }
    }
}

/// Takes changes of presence, in order. It may publish.
pub type PresenceSink = Arc<dyn Fn(Presence) + Send + Sync>;

/// Keeps a subscription beyond the sessions of its user, or forgets it: the user's id, the node, whether it is kept.
pub type SubscriptionSink = Arc<dyn Fn(&str, &str, bool) + Send + Sync>;

/// What the service is told at start.
#[derive(Clone)]
pub struct Config {
    /// The XMPP domain, as SystemInfo spells it.
    pub domain: String,
    /// Decides about subscriptions.
    pub access: AccessCheck,
    /// Keeps the subscriptions of bare addresses.
    pub keep: SubscriptionSink,
    /// What a service account published, as the fields of a JSON object: the node and the document.
    pub fields: fn(&str, &str) -> String,
    /// Whose pages may connect over BOSH and WebSocket.
    pub cors: Cors,
    /// True to take passwords over TCP without TLS, as older clients on loopback need.
    pub allow_plain_tcp: bool,
    /// What a BOSH session is granted.
    pub bosh: BoshSettings,
    /// Milliseconds, [`AUTHENTICATION_MS`].
    pub auth_ms: i64,
    /// Milliseconds, [`PING_MS`].
    pub ping_ms: i64,
    /// Milliseconds, [`SILENCE_MS`].
    pub silence_ms: i64,
    /// [`MAX_SESSIONS`].
    pub sessions: usize,
    /// [`MAX_SESSIONS_PER_AGENT`].
    pub sessions_per_agent: usize,
    /// [`MAX_QUEUED_STANZAS`].
    pub queued_stanzas: usize,
    /// [`MAX_QUEUED_BYTES`].
    pub queued_bytes: usize,
    /// Stanzas that a session may send each second.
    pub stanzas_per_s: u32,
    /// Bytes that a session may send each second.
    pub bytes_per_s: u32,
}

impl Config {
    /// The usual limits.
    pub fn new(domain: impl Into<String>, access: AccessCheck) -> Config {
        Config {
            domain: domain.into(),
            access,
            keep: Arc::new(|_, _, _| {}),
            fields: |node, _| format!("\"node\":{}", serde_json::Value::from(node)),
            cors: Cors::any(),
            allow_plain_tcp: true,
            bosh: BoshSettings::DEFAULT,
            auth_ms: AUTHENTICATION_MS,
            ping_ms: PING_MS,
            silence_ms: SILENCE_MS,
            sessions: MAX_SESSIONS,
            sessions_per_agent: MAX_SESSIONS_PER_AGENT,
            queued_stanzas: MAX_QUEUED_STANZAS,
            queued_bytes: MAX_QUEUED_BYTES,
            stanzas_per_s: 100,
            bytes_per_s: 128 * 1024,
        }
    }

    fn queue_bound(&self) -> Bound {
        Bound {
            stanzas: self.queued_stanzas,
            bytes: self.queued_bytes,
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("domain", &self.domain)
            .field("allow_plain_tcp", &self.allow_plain_tcp)
            .finish_non_exhaustive()
    }
}

/// What has happened since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sessions now, those still signing in included.
    pub sessions: usize,
    /// Events published.
    pub published: u64,
    /// Events put into a session's queue.
    pub delivered: u64,
    /// Sessions ended because their client did not read.
    pub overflowed: u64,
}

/// The notification service.
#[derive(Clone)]
pub struct Notify {
    shared: Arc<Shared>,
}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notify").finish_non_exhaustive()
    }
}

/// What all sessions share.
struct Shared {
    config: Config,
    names: Arc<Names>,
    authenticator: Arc<dyn Authenticator>,
    journal: Journal,
    hub: Hub,
    timers: Arc<Timers>,
    bosh: bosh::Table,
    sessions: Mutex<BTreeMap<u64, Weak<Session>>>,
    last_session: AtomicU64,
    /// Sets the event ids of this start apart from those of others.
    epoch: Box<str>,
    /// Ends the listeners.
    stopping: CancellationToken,
    published: AtomicU64,
    delivered: AtomicU64,
    overflowed: AtomicU64,
}

impl Notify {
    /// The service over the credentials of the store, logging to the log files; needs a runtime around it.
    pub fn new(
        config: Config,
        credentials: Credentials,
        logs: Logs,
        presence: PresenceSink,
    ) -> Notify {
        Notify::with_authenticator(config, Arc::new(credentials), Journal::to(&logs), presence)
    }

    /// The same with somebody else who knows the users, and another place for the log.
    pub fn with_authenticator(
        config: Config,
        authenticator: Arc<dyn Authenticator>,
        journal: Journal,
        presence: PresenceSink,
    ) -> Notify {
        let names = Arc::new(Names::new(&config.domain));
        let (sender, mut changes) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            hub: Hub::new(
                names.pubsub.clone(),
                config.sessions_per_agent,
                seed(),
                sender,
            ),
            names,
            config,
            authenticator,
            journal,
            timers: Arc::default(),
            bosh: bosh::Table::default(),
            sessions: Mutex::default(),
            last_session: AtomicU64::new(0),
            epoch: random(4).into(),
            stopping: CancellationToken::new(),
            published: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            overflowed: AtomicU64::new(0),
        });
        tokio::spawn(Timers::run(Arc::downgrade(&shared.timers)));
        let swept = Arc::downgrade(&shared);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(SWEEP).await;
                let Some(shared) = swept.upgrade() else {
                    return;
                };
                shared.hub.sweep(clock::now_ms());
            }
        });
        tokio::spawn(async move {
            while let Some(change) = changes.recv().await {
                presence(change);
            }
        });
        Notify { shared }
    }

    /// Subscribes users to nodes as they were before a restart. What a user may no longer hear ends at the next sign-in.
    pub fn restore(&self, subscriptions: impl IntoIterator<Item = (String, String)>) {
        for (user, node) in subscriptions {
            self.shared.hub.restore(&user, &node);
        }
    }

    /// Publishes an event on a node: its `<Update>` document (unescaped), and the same as the fields of a JSON object,
    /// which is made where somebody hears it so. Never blocks: it goes into the queues of who hears it.
    pub fn publish(&self, node: &str, update: &str, fields: &dyn Fn() -> String) {
        let mut woken = Woken::new();
        self.shared.publish(node, update, None, fields, &mut woken);
        wake(woken);
    }

    /// BOSH on `/http-bind` and `/http-bind/`, WebSocket on `/ws` and `/ws/`.
    pub fn routes(&self) -> Router {
        Router::new()
            .route("/http-bind", any(bosh::serve))
            .route("/http-bind/", any(bosh::serve))
            .route("/ws", get(websocket::serve))
            .route("/ws/", get(websocket::serve))
            .with_state(self.clone())
    }

    /// Serves XMPP over TCP until `stop`: with STARTTLS, or TLS from the first byte.
    pub async fn serve_tcp(
        &self,
        listener: TcpListener,
        tls: Arc<rustls::ServerConfig>,
        direct_tls: bool,
        stop: CancellationToken,
    ) {
        tcp::serve(&self.shared, listener, tls, direct_tls, stop).await;
    }

    /// Ends listeners, tells every session `system-shutdown`, and waits until they are gone, five seconds at most.
    pub async fn close_all(&self) {
        self.shared.stopping.cancel();
        for session in self.shared.all() {
            session.end(StreamCondition::SystemShutdown, "system-shutdown");
        }
        for _ in 0..100 {
            if self.counts().sessions == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What has happened since the start.
    pub fn counts(&self) -> Counts {
        let shared = &self.shared;
        Counts {
            sessions: shared.lock_sessions().len(),
            published: shared.published.load(Ordering::Relaxed),
            delivered: shared.delivered.load(Ordering::Relaxed),
            overflowed: shared.overflowed.load(Ordering::Relaxed),
        }
    }
}

impl Shared {
    fn lock_sessions(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Weak<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for a new session, unless there are too many.
    fn admit(&self) -> Option<u64> {
        let full = self.lock_sessions().len() >= self.config.sessions;
        (!full).then(|| self.last_session.fetch_add(1, Ordering::Relaxed))
    }

    fn enter(&self, session: &Arc<Session>) {
        self.lock_sessions()
            .insert(session.id, Arc::downgrade(session));
    }

    fn leave(&self, id: u64) {
        self.lock_sessions().remove(&id);
    }

    fn all(&self) -> Vec<Arc<Session>> {
        self.lock_sessions()
            .values()
            .filter_map(Weak::upgrade)
            .collect()
    }

    /// Ends kept subscriptions to what the user may no longer hear.
    fn end_forbidden(&self, principal: &Principal) {
        for (node, resource) in self.hub.subscriptions(&principal.id) {
            let allowed = (self.config.access)(principal, &node) == Access::Allowed;
            let kept = resource.is_none();
            if kept && !allowed && self.hub.unsubscribe(&principal.id, &node, None) {
                (self.config.keep)(&principal.id, &node, false);
            }
        }
    }

    /// Puts an event into the queues of who hears it; `item` is its id where the publisher chose one.
    fn publish(
        &self,
        node: &str,
        update: &str,
        item: Option<&str>,
        fields: &dyn Fn() -> String,
        woken: &mut Woken,
    ) {
        let published = self.hub.publish(node, update, item, fields, woken);
        let delivered = u64::try_from(published.delivered).unwrap_or(u64::MAX);
        self.published.fetch_add(1, Ordering::Relaxed);
        self.delivered.fetch_add(delivered, Ordering::Relaxed);
        for session in &published.overflowed {
            self.overflow(session);
        }
    }

    /// Takes a session out of the hub; the first time with a line in the log.
    fn remove(&self, session: &Session, cause: &'static str) {
        if let Some(address) = self.hub.remove(session, cause) {
            self.journal.closed(&address.full, session.transport, cause);
        }
    }

    /// A client does not read: its session ends, nobody else notices.
    fn overflow(&self, session: &Session) {
        if session.outbox.ending().is_some() {
            return;
        }
        self.overflowed.fetch_add(1, Ordering::Relaxed);
        session.outbox.end(
            Ending {
                condition: StreamCondition::PolicyViolation,
                cause: "policy-violation (the client does not read)",
            },
            true,
        );
        self.remove(session, "policy-violation (the client does not read)");
    }

    fn refuse_new(&self, transport: Transport) {
        self.journal.refused(transport, "too many sessions");
    }
}

/// Wakes the owners of these sessions; no lock of ours may be held.
fn wake(mut woken: Woken) {
    woken.dedup_by_key(|session| session.id);
    for session in woken {
        session.wake();
    }
}

/// Text as it stands in an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    tact_xmpp::escape::attribute(text, &mut out);
    out
}

/// `bytes` random bytes in hex; ids that nobody may guess.
fn random(bytes: usize) -> String {
    let mut raw = vec![0_u8; bytes];
    // Without randomness there is no service; the ids of one process would be those of the next.
    if getrandom::fill(&mut raw).is_err() {
        std::process::abort();
    }
    raw.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn seed() -> u64 {
    let mut raw = [0_u8; 8];
    // Ids of items and messages are no secrets.
    let _ = getrandom::fill(&mut raw);
    u64::from_le_bytes(raw)
}
