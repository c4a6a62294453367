//! The server's side of one BOSH session: the window of request ids, held requests, replay, pause, inactivity, keys, end
//! (XEP-0124, 7 to 17). Pure: time comes in as milliseconds, responses go out as values.
//!
//! A request is *pending* from the moment its turn came until it is answered, and answers are given in the order of the
//! ids. An answer stays in the cache until the client proves that it arrived: that is all the reliability BOSH has.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use sha1::{Digest as _, Sha1};

use super::body::{Body, Terminate, Version};
use crate::element::Element;
use crate::event::Stanza;

/// Identifies an HTTP request while it waits for its answer.
pub type RequestId = u64;

/// Bytes of payload in one response at most; the rest follows in the next.
pub const MAX_RESPONSE_BYTES: usize = 256 * 1024;
/// How often the same request may be repeated while it is pending.
pub const MAX_REPEATS: u8 = 10;
/// Responses kept for a client that acknowledges them itself.
pub const MAX_UNACKNOWLEDGED: usize = 16;
/// The version that this is written to.
pub const VERSION: Version = (1, 11);

/// What a session is granted at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Seconds that a request is held at most.
    pub wait: u32,
    /// Requests that are held at most.
    pub hold: u32,
    /// Requests that may be open at once.
    pub requests: u32,
    /// Seconds without any request after which the session is over.
    pub inactivity: u32,
    /// The same for a polling session.
    pub polling_inactivity: u32,
    /// Seconds between empty requests of a polling session at least.
    pub polling: u32,
    /// Seconds of a pause at most.
    pub maxpause: u32,
}

impl Settings {
    /// What the notification service grants (xmpp.md 2.1).
    pub const DEFAULT: Settings = Settings {
        wait: 60,
        hold: 1,
        requests: 2,
        inactivity: 30,
        polling_inactivity: 60,
        polling: 5,
        maxpause: 300,
    };
}

/// What happens to the session.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "lives for one call; never stored"
)]
pub enum Input {
    /// A request arrived.
    Request {
        /// Names the HTTP request.
        id: RequestId,
        /// What it carries.
        body: Body,
        /// True when it came over TLS.
        secure: bool,
    },
    /// The HTTP connection of a request was lost before its answer.
    Gone(RequestId),
    /// A stanza for the client; it goes out with the next [`Input::Flush`].
    Send(Stanza),
    /// Everything that belongs together has been said: answer what can be answered.
    Flush,
    /// The session is over; what explains it has been sent before.
    End(Option<Terminate>),
    /// Time has passed.
    Tick,
}

/// What is to be done, in order.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Answer the request.
    Respond {
        /// Which.
        id: RequestId,
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Bytes,
    },
    /// A stanza from the client, its turn has come.
    Element(Element),
    /// The client restarts the stream.
    Restart,
    /// The client ends the session; say [`Input::End`] when its stanzas have been handled.
    Terminated,
    /// The session broke the rules or fell silent: whoever owns the stream should end it. The session may live on until the
    /// client has been told.
    Failed {
        /// What the client is told; `None` for silence.
        condition: Option<Terminate>,
        /// For the log.
        cause: &'static str,
    },
    /// Nothing more comes: forget the session.
    Forget,
}

#[derive(Debug)]
struct Pending {
    rid: u64,
    id: RequestId,
    /// When its wait began.
    since: i64,
    /// Its connection is lost: an answer would reach only the cache.
    gone: bool,
    repeats: u8,
    empty: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Running,
    /// Over; the next answer says so.
    Ending(Option<Terminate>),
    Over,
}

/// One session.
#[derive(Debug)]
pub struct Session {
    sid: String,
    settings: Settings,
    /// Milliseconds.
    wait: i64,
    hold: usize,
    legacy: bool,
    secure: bool,
    acks: bool,
    /// The key that the next one must hash to, in lower case.
    key: Option<String>,
    /// The id that is processed next.
    next: u64,
    /// Requests before their turn.
    early: BTreeMap<u64, (RequestId, Body)>,
    pending: VecDeque<Pending>,
    /// Answers by id, oldest first.
    cache: VecDeque<(u64, Bytes)>,
    queue: VecDeque<Stanza>,
    /// Attributes of the first response; taken by it.
    creation: Option<Box<Body>>,
    /// Since when no request is open, and for how long that may last.
    idle_since: Option<i64>,
    allowance: i64,
    pausing: bool,
    /// When the last empty request of a polling session came, if its answer was empty.
    last_poll: Option<i64>,
    life: Life,
}

impl Session {
    /// Creates a session from its first request. `domain` is answered as `from`, whatever `to` was.
    /// Say [`Input::Send`] with the features and [`Input::Flush`] next.
    pub fn create(
        now: i64,
        sid: String,
        domain: &str,
        settings: Settings,
        id: RequestId,
        request: &Body,
        secure: bool,
    ) -> Session {
        let wait = request.wait.unwrap_or(settings.wait).min(settings.wait);
        let hold = request.hold.unwrap_or(settings.hold).min(settings.hold);
        let polling = wait == 0 || hold == 0;
        let inactivity = if polling {
            settings.polling_inactivity
        } else {
            settings.inactivity
        };
        let rid = request.rid.unwrap_or_default();
        let acks = request.ack == Some(1);
        let creation = Body {
            sid: Some(sid.clone()),
            authid: Some(sid.clone()),
            from: Some(domain.to_owned()),
            ver: request.ver.map(|ver| ver.min(VERSION)),
            wait: Some(wait),
            hold: Some(hold),
            requests: Some(settings.requests),
            inactivity: Some(inactivity),
            polling: Some(settings.polling),
            maxpause: Some(settings.maxpause),
            ack: acks.then_some(rid),
            ..Body::default()
        };
        Session {
            sid,
            settings,
            wait: i64::from(wait) * 1000,
            hold: usize::try_from(hold).unwrap_or(usize::MAX),
            legacy: request.ver.is_none(),
            secure,
            acks,
            key: request.newkey.as_ref().map(|key| key.to_lowercase()),
            next: rid.saturating_add(1),
            early: BTreeMap::new(),
            pending: VecDeque::from([Pending {
                rid,
                id,
                since: now,
                gone: false,
                repeats: 0,
                empty: false,
            }]),
            cache: VecDeque::new(),
            queue: VecDeque::new(),
            creation: Some(Box::new(creation)),
            idle_since: None,
            allowance: i64::from(inactivity) * 1000,
            pausing: false,
            last_poll: None,
            life: Life::Running,
        }
    }

    /// The session's id, a secret.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// True for a client that sent no `ver` and is told of errors by HTTP status.
    pub fn is_legacy(&self) -> bool {
        self.legacy
    }

    /// Stanzas and bytes that wait for a request.
    pub fn queued(&self) -> (usize, usize) {
        (
            self.queue.len(),
            self.queue.iter().map(Stanza::len).sum::<usize>(),
        )
    }

    /// True when requests are open whose connections are all lost: the client is gone, or about to come again.
    pub fn is_deserted(&self) -> bool {
        self.idle_since.is_some() && !self.pending.is_empty()
    }

    /// When [`Input::Tick`] is due.
    pub fn next_due(&self) -> Option<i64> {
        let held = self.pending.front().map(|first| first.since + self.wait);
        let idle = self.idle_since.map(|since| since + self.allowance);
        match self.life {
            Life::Over => None,
            _ => [held, idle].into_iter().flatten().min(),
        }
    }

    /// Takes one input; what is to be done is appended to `out`, in order.
    pub fn handle(&mut self, now: i64, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Request { id, body, secure } => self.request(now, id, body, secure, out),
            Input::Gone(id) => {
                for request in &mut self.pending {
                    request.gone |= request.id == id;
                }
                self.watch_idle(now);
            }
            Input::Send(stanza) => {
                if self.life == Life::Running {
                    self.queue.push_back(stanza);
                }
            }
            Input::Flush => self.flush(now, out),
            Input::End(condition) => {
                if self.life == Life::Running {
                    self.life = Life::Ending(condition);
                }
                self.flush(now, out);
            }
            Input::Tick => self.tick(now, out),
        }
    }

    fn request(
        &mut self,
        now: i64,
        id: RequestId,
        body: Body,
        secure: bool,
        out: &mut Vec<Output>,
    ) {
        if self.life == Life::Over {
            return self.answer_with(
                id,
                &Body::terminate(Some(Terminate::ItemNotFound)),
                404,
                out,
            );
        }
        if self.secure && !secure {
            // A stranger on a plain connection may not end a session that began over TLS.
            let refusal = Body::terminate(Some(Terminate::BadRequest));
            return self.answer_with(id, &refusal, 400, out);
        }
        let Some(rid) = body.rid else {
            return self.break_with(id, Terminate::BadRequest, "a request without rid", out);
        };
        if rid < self.next {
            return self.again(now, id, rid, out);
        }
        if let Some((first, _)) = self.early.get_mut(&rid) {
            let first = std::mem::replace(first, id);
            return self.answer_with(first, &error(), 200, out);
        }
        let window = u64::from(self.settings.requests);
        if rid > (self.next - 1).saturating_add(window) {
            return self.break_with(id, Terminate::ItemNotFound, "a rid beyond the window", out);
        }
        // The window is the bound on open requests: at most `requests` wait for their turn and `hold` for an answer. A
        // stricter count would end sessions whose second request was overtaken by the third on another connection.
        self.early.insert(rid, (id, body));
        while let Some((id, body)) = self.early.remove(&self.next) {
            let rid = self.next;
            self.next += 1;
            if !self.process(now, id, rid, body, out) {
                return;
            }
        }
    }

    /// A request id that was seen before.
    fn again(&mut self, now: i64, id: RequestId, rid: u64, out: &mut Vec<Output>) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.rid == rid) {
            pending.repeats = pending.repeats.saturating_add(1);
            if pending.repeats > MAX_REPEATS {
                let cause = "the same request too often";
                return self.break_with(id, Terminate::PolicyViolation, cause, out);
            }
            let first = std::mem::replace(&mut pending.id, id);
            pending.gone = false;
            pending.since = now;
            self.idle_since = None;
            return self.answer_with(first, &error(), 200, out);
        }
        if let Some((_, body)) = self.cache.iter().find(|(cached, _)| *cached == rid) {
            out.push(Output::Respond {
                id,
                status: 200,
                body: body.clone(),
            });
            // The client is alive.
            if let Some(since) = &mut self.idle_since {
                *since = now;
            }
            return;
        }
        self.break_with(
            id,
            Terminate::ItemNotFound,
            "a rid that is answered and forgotten",
            out,
        );
    }

    /// Handles a request whose turn has come; false when it ended the session.
    fn process(
        &mut self,
        now: i64,
        id: RequestId,
        rid: u64,
        body: Body,
        out: &mut Vec<Output>,
    ) -> bool {
        if !self.key_fits(&body) {
            self.break_with(id, Terminate::ItemNotFound, "a wrong key", out);
            return false;
        }
        if self.too_soon(now, &body) {
            self.break_with(id, Terminate::PolicyViolation, "polling too often", out);
            return false;
        }
        if let Some(ack) = body.ack.filter(|_| self.acks) {
            self.cache.retain(|(rid, _)| *rid > ack);
        }
        self.pausing = false;
        self.idle_since = None;
        self.allowance = i64::from(self.inactivity()) * 1000;
        self.pending.push_back(Pending {
            rid,
            id,
            since: now,
            gone: false,
            repeats: 0,
            empty: body.is_empty_request(),
        });
        if let Some(pause) = body.pause {
            if pause > self.settings.maxpause {
                self.pending.pop_back();
                self.break_with(id, Terminate::PolicyViolation, "a pause too long", out);
                return false;
            }
            self.pausing = true;
            self.allowance = i64::from(pause) * 1000;
        }
        if body.restart {
            // What else a restart carries is ignored (XEP-0206, 5).
            out.push(Output::Restart);
        } else {
            out.extend(body.payload.iter().cloned().map(Output::Element));
        }
        if body.is_terminate() {
            out.push(Output::Terminated);
        }
        true
    }

    /// The chain of keys: each must hash to the one before (XEP-0124, 15).
    fn key_fits(&mut self, body: &Body) -> bool {
        let Some(expected) = &self.key else {
            return true;
        };
        let Some(key) = &body.key else {
            return false;
        };
        let mut hashed = String::with_capacity(40);
        for byte in Sha1::digest(key.as_bytes()) {
            hashed.push(hex(byte >> 4));
            hashed.push(hex(byte & 15));
        }
        if *expected != hashed {
            return false;
        }
        self.key = Some(body.newkey.as_ref().unwrap_or(key).to_lowercase());
        true
    }

    /// A polling session may ask for nothing only so often (XEP-0124, 12).
    fn too_soon(&mut self, now: i64, body: &Body) -> bool {
        self.is_polling()
            && body.is_empty_request()
            && self.last_poll.is_some_and(|last| {
                now.saturating_sub(last) < i64::from(self.settings.polling) * 1000
            })
    }

    fn is_polling(&self) -> bool {
        self.wait == 0 || self.hold == 0
    }

    fn inactivity(&self) -> u32 {
        if self.is_polling() {
            self.settings.polling_inactivity
        } else {
            self.settings.inactivity
        }
    }

    fn flush(&mut self, now: i64, out: &mut Vec<Output>) {
        if let Life::Ending(condition) = self.life {
            if !self.pending.is_empty() || !self.early.is_empty() {
                self.say_end(condition, out);
            }
        } else if self.pausing {
            self.pausing = false;
            // A pause answers everything at once, without payload; its own answer is not cached.
            while let Some(request) = self.pending.pop_front() {
                let last = self.pending.is_empty();
                self.respond(request, &[], !last, out);
            }
        } else {
            self.answer_what_can_be(now, out);
        }
        self.watch_idle(now);
    }

    fn answer_what_can_be(&mut self, now: i64, out: &mut Vec<Output>) {
        loop {
            let live = self.pending.iter().any(|request| !request.gone);
            let Some(first) = self.pending.front() else {
                return;
            };
            let loaded = !self.queue.is_empty() && live;
            // A lost connection's answer would go to the cache only; the payload waits for one that listens.
            let use_first = loaded && !first.gone;
            let full = self.pending.len() > self.hold;
            let polled = self.is_polling();
            if !(loaded || full || polled) {
                return;
            }
            let Some(request) = self.pending.pop_front() else {
                return;
            };
            let stanzas = if use_first {
                self.take_batch()
            } else {
                Vec::new()
            };
            if polled {
                self.last_poll = (request.empty && stanzas.is_empty()).then_some(now);
            }
            self.respond(request, &stanzas, true, out);
        }
    }

    fn take_batch(&mut self) -> Vec<Stanza> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(next) = self.queue.front() {
            if !batch.is_empty() && bytes + next.len() > MAX_RESPONSE_BYTES {
                break;
            }
            bytes += next.len();
            batch.extend(self.queue.pop_front());
        }
        batch
    }

    fn respond(&mut self, request: Pending, stanzas: &[Stanza], keep: bool, out: &mut Vec<Output>) {
        let head = match self.creation.take() {
            Some(creation) => *creation,
            None => Body {
                ack: (self.acks && self.next - 1 != request.rid).then_some(self.next - 1),
                ..Body::default()
            },
        };
        let body = render(&head, stanzas);
        if keep {
            self.cache.push_back((request.rid, body.clone()));
            let most = if self.acks {
                MAX_UNACKNOWLEDGED
            } else {
                self.settings.requests as usize
            };
            while self.cache.len() > most {
                self.cache.pop_front();
            }
        }
        out.push(Output::Respond {
            id: request.id,
            status: 200,
            body,
        });
    }

    /// Tells the client that the session is over: the oldest request carries the reason, the others nothing.
    fn say_end(&mut self, condition: Option<Terminate>, out: &mut Vec<Output>) {
        let stanzas: Vec<Stanza> = self.queue.drain(..).collect();
        let mut reason = Some(Body::terminate(condition));
        let waiting = self.pending.drain(..).map(|request| request.id);
        let early = std::mem::take(&mut self.early);
        let waiting: Vec<RequestId> = waiting
            .chain(early.into_values().map(|(id, _)| id))
            .collect();
        for id in waiting {
            match reason.take() {
                Some(mut reason) => {
                    if let Some(creation) = self.creation.take() {
                        reason.authid = creation.authid;
                        reason.sid = creation.sid;
                        reason.from = creation.from;
                    }
                    let status = match condition {
                        Some(condition) if self.legacy => condition.legacy_status(),
                        _ => 200,
                    };
                    out.push(Output::Respond {
                        id,
                        status,
                        body: render(&reason, &stanzas),
                    });
                }
                None => self.answer_with(id, &Body::default(), 200, out),
            }
        }
        self.forget(out);
    }

    /// A request broke the rules: it carries the answer, the session is over.
    fn break_with(
        &mut self,
        id: RequestId,
        condition: Terminate,
        cause: &'static str,
        out: &mut Vec<Output>,
    ) {
        if let Life::Ending(reason) = self.life {
            // It is over for another reason already, which the client has not heard yet.
            let reason = Body::terminate(reason);
            self.answer_with(id, &reason, 200, out);
            return self.forget(out);
        }
        let refusal = Body::terminate(Some(condition));
        self.answer_with(id, &refusal, condition.legacy_status(), out);
        out.push(Output::Failed {
            condition: Some(condition),
            cause,
        });
        self.queue.clear();
        let waiting: Vec<RequestId> = self.pending.drain(..).map(|request| request.id).collect();
        for id in waiting {
            self.answer_with(id, &refusal, condition.legacy_status(), out);
        }
        for (id, _) in std::mem::take(&mut self.early).into_values() {
            self.answer_with(id, &Body::default(), 200, out);
        }
        self.forget(out);
    }

    fn forget(&mut self, out: &mut Vec<Output>) {
        if self.life != Life::Over {
            self.life = Life::Over;
            self.idle_since = None;
            out.push(Output::Forget);
        }
    }

    fn tick(&mut self, now: i64, out: &mut Vec<Output>) {
        while self
            .pending
            .front()
            .is_some_and(|first| first.since + self.wait <= now)
        {
            if let Some(request) = self.pending.pop_front() {
                self.respond(request, &[], true, out);
            }
        }
        let idle = self.idle_since.map(|since| since + self.allowance);
        self.watch_idle(now);
        if idle.is_some_and(|until| until <= now) && self.life != Life::Over {
            if self.life == Life::Running {
                out.push(Output::Failed {
                    condition: None,
                    cause: "inactivity",
                });
            }
            self.forget(out);
        }
    }

    /// The clock of inactivity runs while no request is open.
    fn watch_idle(&mut self, now: i64) {
        let open = self.pending.iter().any(|request| !request.gone) || !self.early.is_empty();
        if open || self.life == Life::Over {
            self.idle_since = None;
        } else if self.idle_since.is_none() {
            self.idle_since = Some(now);
        }
    }

    fn answer_with(&self, id: RequestId, body: &Body, status: u16, out: &mut Vec<Output>) {
        out.push(Output::Respond {
            id,
            status: if self.legacy { status } else { 200 },
            body: render(body, &[]),
        });
    }
}

/// The answer to a request that a repetition replaced: the client may go on (XEP-0124, 17.3).
fn error() -> Body {
    Body {
        kind: Some("error".to_owned()),
        ..Body::default()
    }
}

fn render(head: &Body, stanzas: &[Stanza]) -> Bytes {
    let payload: usize = stanzas.iter().map(Stanza::len).sum();
    let mut out = Vec::with_capacity(payload + 128);
    head.write(stanzas, &mut out);
    Bytes::from(out)
}

fn hex(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}
