//! One session, whatever its transport: the stream machine, the queue of what it has to send, and its place in the hub.

mod pubsub;

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use tact_xmpp::element::Element;
use tact_xmpp::error::{StanzaCondition, StreamCondition};
use tact_xmpp::event::Stanza;
use tact_xmpp::sasl::Failure;
use tact_xmpp::stanza::Presence;
use tact_xmpp::stream::{Input, Output, Security, Stream, Transport};
use tokio::sync::Notify as Wake;

use super::authenticate::{self, Answer, Question};
use super::bosh::BoshSession;
use super::cause::{self, CONFLICT};
use super::hub::{Woken, presence_between};
use super::outbox::{Ending, Item, Outbox};
use super::timers::{Armed, Timed};
use super::{Shared, escaped, random};
use crate::auth::{AuthError, Principal};
use crate::clock;
use crate::rate::Used;

/// The id of the server's pings over TCP.
pub(super) const PING_ID: &str = "tact-ping";

/// Who a session belongs to, from bind on.
#[derive(Debug)]
pub(super) struct Address {
    /// The agent's id.
    pub(super) agent: Arc<str>,
    pub(super) resource: Arc<str>,
    /// The full JID.
    pub(super) full: Box<str>,
    /// The same as it stands in an attribute.
    pub(super) full_escaped: Box<str>,
    /// The bare JID as it stands in an attribute.
    pub(super) bare_escaped: Box<str>,
}

/// What others may hold of a session.
pub(super) struct Session {
    pub(super) id: u64,
    pub(super) transport: Transport,
    /// The client's address.
    pub(super) from: Option<IpAddr>,
    pub(super) outbox: Outbox,
    /// Wakes the connection's task.
    pub(super) wake: Wake,
    /// Set for BOSH, which has no task to wake.
    pub(super) bosh: OnceLock<Weak<BoshSession>>,
    address: OnceLock<Arc<Address>>,
    /// When the client was last heard; when it was last asked for a sign of life.
    heard: AtomicI64,
    asked: AtomicI64,
    began: i64,
    authenticated: AtomicBool,
    /// The client answers questions for a sign of life, so that it can be held to it.
    answers: AtomicBool,
    armed: Armed,
    shared: Weak<Shared>,
}

impl Session {
    pub(super) fn new(
        shared: &Arc<Shared>,
        transport: Transport,
        from: Option<IpAddr>,
    ) -> Option<Arc<Session>> {
        let now = clock::now_ms();
        let id = shared.admit()?;
        let session = Arc::new(Session {
            id,
            transport,
            from,
            outbox: Outbox::new(shared.config.queue_bound()),
            wake: Wake::new(),
            bosh: OnceLock::new(),
            address: OnceLock::new(),
            heard: AtomicI64::new(now),
            asked: AtomicI64::new(0),
            began: now,
            authenticated: AtomicBool::new(false),
            answers: AtomicBool::new(transport == Transport::WebSocket),
            armed: Armed::default(),
            shared: Arc::downgrade(shared),
        });
        shared.enter(&session);
        if transport != Transport::Bosh {
            let timed: Arc<dyn Timed> = Arc::<Session>::clone(&session);
            shared.timers.arm(
                &timed,
                now + shared.config.ping_ms.min(shared.config.auth_ms),
            );
        }
        Some(session)
    }

    pub(super) fn address(&self) -> Option<&Arc<Address>> {
        self.address.get()
    }

    /// Something was read.
    pub(super) fn heard(&self) {
        self.heard.store(clock::now_ms(), Ordering::Relaxed);
    }

    /// Makes the owner look at the queue.
    pub(super) fn wake(&self) {
        match self.bosh.get() {
            Some(bosh) => {
                if let Some(bosh) = bosh.upgrade() {
                    bosh.pump();
                }
            }
            None => self.wake.notify_one(),
        }
    }

    /// Asks for the session's end.
    pub(super) fn end(&self, condition: StreamCondition, cause: &'static str) {
        self.outbox.end(Ending { condition, cause }, false);
        self.wake();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.leave(self.id);
        }
    }
}

impl Timed for Session {
    fn armed(&self) -> &Armed {
        &self.armed
    }

    /// Connections with a task: time to authenticate, then signs of life.
    fn due(self: Arc<Self>, now: i64) -> Option<i64> {
        let config = &self.shared.upgrade()?.config;
        if self.outbox.ending().is_some() {
            return None;
        }
        if !self.authenticated.load(Ordering::Relaxed) {
            let until = self.began + config.auth_ms;
            if until > now {
                return Some(until);
            }
            self.end(
                StreamCondition::ConnectionTimeout,
                "not authenticated in time",
            );
            return None;
        }
        let heard = self.heard.load(Ordering::Relaxed);
        if heard + config.ping_ms > now {
            return Some(heard + config.ping_ms);
        }
        let first = self.asked.load(Ordering::Relaxed) <= heard;
        if !first && heard + config.silence_ms > now {
            return Some(heard + config.silence_ms);
        }
        if !first && self.answers.load(Ordering::Relaxed) {
            self.end(StreamCondition::ConnectionTimeout, cause::SILENT);
            return None;
        }
        // Of a client that answers nothing its system may still acknowledge that it is there; else writing fails.
        self.asked.store(now, Ordering::Relaxed);
        self.outbox.push_ping();
        self.wake();
        Some(if first {
            heard + config.silence_ms
        } else {
            now + config.ping_ms
        })
    }
}

/// What the transport has to do.
#[derive(Debug)]
pub(super) enum Effect {
    /// Ask, then say [`Peer::answered`].
    Ask(Question),
    /// Send what is queued, then begin TLS.
    StartTls,
    /// The parser starts over.
    Restart,
    /// Send what is queued, then close. The condition is `None` when the client ended the stream.
    End(Option<StreamCondition>),
}

/// The stream machine in its surroundings. Its owner is the connection's task, or the BOSH session's mutex.
pub(super) struct Peer {
    pub(super) session: Arc<Session>,
    shared: Arc<Shared>,
    stream: Stream,
    principal: Option<Principal>,
    /// The user whose credentials are being verified.
    claimed: String,
    /// Why the session ends, when the server wants it to.
    cause: Option<&'static str>,
    removed: bool,
    stanzas: Used,
    bytes: Used,
}

impl Peer {
    pub(super) fn new(shared: &Arc<Shared>, session: Arc<Session>, security: Security) -> Peer {
        Peer {
            stream: Stream::new(Arc::clone(&shared.names), session.transport, security),
            shared: Arc::clone(shared),
            session,
            principal: None,
            claimed: String::new(),
            cause: None,
            removed: false,
            stanzas: Used::default(),
            bytes: Used::default(),
        }
    }

    pub(super) fn is_authenticated(&self) -> bool {
        self.stream.is_authenticated()
    }

    /// The client opened the stream.
    pub(super) fn open(&mut self, header: Option<Element>, woken: &mut Woken) -> Vec<Effect> {
        let id = random(16);
        self.input(Input::Open { header, id }, woken)
    }

    /// The answer to [`Effect::Ask`].
    pub(super) fn answered(&mut self, answer: Answer, woken: &mut Woken) -> Vec<Effect> {
        let input = match answer {
            Answer::Keys(keys) => Input::Keys {
                keys: keys.map_err(|error| self.refused(&error)),
                nonce: random(16),
            },
            Answer::Credential(Ok(principal)) => {
                let id = principal.id.to_string();
                self.principal = Some(principal);
                self.session.authenticated.store(true, Ordering::Relaxed);
                Input::Verified(Ok(id))
            }
            Answer::Credential(Err(error)) => Input::Verified(Err(self.refused(&error))),
        };
        self.input(input, woken)
    }

    /// Counts what the client sent; false when it is more than a session may send. Strangers have other limits, and
    /// service accounts none.
    pub(super) fn allows(&mut self, stanzas: usize, bytes: usize) -> bool {
        match &self.principal {
            Some(principal) if !principal.publisher => {
                let (now, config) = (clock::now_ms(), &self.shared.config);
                self.stanzas.take(now, stanzas, config.stanzas_per_s)
                    && self.bytes.take(now, bytes, config.bytes_per_s)
            }
            _ => true,
        }
    }

    /// The client sent more than a session may send.
    pub(super) fn refuse_flood(&mut self, woken: &mut Woken) -> Vec<Effect> {
        let text = "more stanzas or bytes than a session may send";
        self.refuse(StreamCondition::PolicyViolation, text, woken)
    }

    fn refused(&self, error: &AuthError) -> Failure {
        let journal = &self.shared.journal;
        journal.authentication_failed(&self.claimed, self.session.transport);
        authenticate::failure(error)
    }

    /// The server wants the session to end, as its outbox says.
    pub(super) fn fail(&mut self, ending: Ending, woken: &mut Woken) -> Vec<Effect> {
        self.cause.get_or_insert(ending.cause);
        self.input(Input::Fail(ending.condition), woken)
    }

    /// The client sent what may not be sent: logged once, and the stream is over.
    pub(super) fn refuse(
        &mut self,
        condition: StreamCondition,
        text: &str,
        woken: &mut Woken,
    ) -> Vec<Effect> {
        let who = self
            .session
            .address()
            .map_or("a client", |address| &*address.full);
        self.shared.journal.refused(
            self.session.transport,
            &format!("{} from {who}: {text}", condition.name()),
        );
        self.input(Input::Fail(condition), woken)
    }

    /// Gives the machine an input and carries out what it asks for.
    pub(super) fn input(&mut self, input: Input, woken: &mut Woken) -> Vec<Effect> {
        if let Input::Element(element) = &input
            && element.name == "iq"
            && element.attribute("id") == Some(PING_ID)
        {
            self.session.answers.store(true, Ordering::Relaxed);
        }
        let mut outputs = Vec::new();
        self.stream.handle(input, &mut outputs);
        let mut work = VecDeque::from(outputs);
        let mut effects = Vec::new();
        while let Some(output) = work.pop_front() {
            let answer = match output {
                Output::Send(text) => {
                    self.send(Stanza::from(text));
                    None
                }
                Output::Keys { user, hash } => {
                    self.claimed.clone_from(&user);
                    effects.push(Effect::Ask(Question::Keys { user, hash }));
                    None
                }
                Output::Authenticate { user, credential } => {
                    self.claimed.clone_from(&user);
                    effects.push(Effect::Ask(Question::Credential { user, credential }));
                    None
                }
                Output::StartTls => {
                    effects.push(Effect::StartTls);
                    None
                }
                Output::Restart => {
                    effects.push(Effect::Restart);
                    None
                }
                Output::Bind { resource } => Some(Input::Bound(self.bind(resource, woken))),
                Output::Presence(presence) => {
                    self.presence(presence, woken);
                    None
                }
                Output::PubSub(iq, request) => {
                    let result = self.pubsub(request, woken);
                    Some(Input::PubSub(iq, result))
                }
                Output::End { condition } => {
                    let cause = match (self.cause, condition) {
                        (Some(cause), _) => cause,
                        (None, Some(condition)) => condition.name(),
                        (None, None) => cause::LEFT,
                    };
                    self.leave(cause);
                    effects.push(Effect::End(condition));
                    None
                }
            };
            if let Some(answer) = answer {
                let mut more = Vec::new();
                self.stream.handle(answer, &mut more);
                for output in more.into_iter().rev() {
                    work.push_front(output);
                }
            }
        }
        effects
    }

    fn send(&self, stanza: Stanza) {
        if !self.session.outbox.push(stanza) {
            self.shared.overflow(&self.session);
        }
    }

    fn bind(
        &mut self,
        resource: Option<String>,
        woken: &mut Woken,
    ) -> Result<String, StanzaCondition> {
        let (Some(principal), Some(bare)) = (&self.principal, self.stream.jid()) else {
            return Err(StanzaCondition::NotAllowed);
        };
        let resource = resource.unwrap_or_else(|| random(8));
        let full = bare
            .with_resource(&resource)
            .map_err(|_| StanzaCondition::BadRequest)?
            .to_string();
        let bare = bare.to_string();
        let address = Arc::new(Address {
            agent: Arc::clone(&principal.id),
            resource: Arc::from(resource.as_str()),
            full_escaped: escaped(&full).into_boxed_str(),
            bare_escaped: escaped(&bare).into_boxed_str(),
            full: full.into_boxed_str(),
        });
        // Known to the session before the hub can hand it to others.
        let replaced = match self.session.address.set(Arc::clone(&address)) {
            Ok(()) => self.shared.hub.bind(&self.session, &address, woken)?,
            // A second bind after a refused one.
            Err(_) => return Err(StanzaCondition::ResourceConstraint),
        };
        if let Some(replaced) = replaced {
            self.shared
                .journal
                .closed(&address.full, replaced.transport, CONFLICT);
        }
        self.shared
            .journal
            .created(&address.full, self.session.transport);
        self.shared.end_forbidden(principal);
        Ok(resource)
    }

    fn presence(&mut self, presence: Presence, woken: &mut Woken) {
        let (available, hears) = match presence {
            Presence::Available { priority } => (true, priority >= 0),
            _ => (false, false),
        };
        let became_available = self.shared.hub.presence(&self.session, available, hears);
        let Some(address) = self.session.address().map(Arc::clone) else {
            return;
        };
        let kind = (!available).then_some("unavailable");
        for (sibling, other) in self.shared.hub.siblings(&self.session) {
            if !sibling
                .outbox
                .push(presence_between(&address, &other.full, kind))
            {
                self.shared.overflow(&sibling);
            }
            woken.push(sibling);
            if became_available {
                self.send(presence_between(&other, &address.full, None));
            }
        }
        if available {
            self.send(presence_between(&address, &address.full, None));
        }
        if became_available {
            self.send(Stanza::from(self.stream.component_presence(&address.full)));
        }
    }

    /// Takes the session out of the hub, once, with the line in the log.
    pub(super) fn leave(&mut self, cause: &'static str) {
        if std::mem::replace(&mut self.removed, true) {
            return;
        }
        // What the server wanted counts, however the connection ended then.
        let cause = self
            .session
            .outbox
            .ending()
            .map_or(cause, |ending| ending.cause);
        self.shared.remove(&self.session, cause);
    }

    /// A broken rule of the transport, for the log.
    pub(super) fn note(&self, text: &str) {
        let who = self
            .session
            .address()
            .map_or("a client", |address| &*address.full);
        self.shared
            .journal
            .refused(self.session.transport, &format!("{text} from {who}"));
    }

    /// A piece of the wire, when the trace is on.
    pub(super) fn trace(&self, inbound: bool, text: &[u8]) {
        if self.shared.journal.traces() {
            self.shared.journal.wire(inbound, text);
        }
    }

    /// The next thing to write.
    pub(super) fn next_item(&self) -> Option<Item> {
        self.session.outbox.pop()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.leave(cause::LOST);
    }
}
