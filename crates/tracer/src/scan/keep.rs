//! Which records of a webservices log can matter.
//!
//! Kept are: requests that sign in, and the GETs that a login consists of, each with all its records; what the CTI link,
//! alarms and errors say; presences; messages that sign in, with their confirmations; and of an agent's events and
//! publications those within [`NEAR_MS`] of a sign-in, those that log out or carry a code of the system, those with an
//! error, and those that were published late (logs.md 3, row 31). All else is counted and passed over.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use tact_logline::webservices::{self, Lists};
use tact_logline::wrap;

use super::Found;
use super::label::{self, Label};
use super::stretch::Window;
use crate::fact::{Fact, Kind, Place};
use crate::read::event;

/// How long after a sign-in an agent's events belong to it, milliseconds: a desktop tries three times, a minute apart.
pub(super) const NEAR_MS: i64 = 300_000;
/// At the front of a range: requests and confirmations whose beginning lies in the range before.
const GRACE_MS: i64 = 5_000;
/// At the front of a log: agents whose sign-in may lie in the log before.
const FRONT_MS: i64 = 30_000;
/// An event that is published later than this is worth two facts.
const LATE_MS: i64 = 4_000;
/// Most agents or threads that are remembered at a time.
const MOST_KEYS: usize = 200_000;
/// Codes from here on are the system's own (logs.md 3, row 39).
const SYSTEM_CODES: i64 = 20_000;
/// AgentState LOGIN and LOGOUT.
const LOGIN: i64 = 0;
const LOGOUT: i64 = 1;

/// A quick hash of short keys; nothing is ever iterated in its order.
#[derive(Default)]
pub(super) struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
        }
    }
}

type Map<V> = HashMap<Box<[u8]>, V, BuildHasherDefault<Quick>>;

/// A request of a thread.
enum Open {
    /// Its first record stands in this window, from and to; whether it matters the next one tells.
    Pending(usize, usize),
    /// The same, read already because its window is gone.
    Held(Box<Fact>),
    /// It matters.
    Kept,
}

/// An event that was passed over, in case it is published late.
struct Event {
    line: u64,
    at: i64,
    state: i64,
    reason: i64,
    received: i64,
    dispatched: i64,
    /// It is among the facts.
    is_kept: bool,
}

/// What is known of the records so far.
pub(super) struct Keep {
    source: usize,
    found: Found,
    lists: Lists,
    /// Until when an agent's events matter.
    agents: Map<i64>,
    threads: Map<Open>,
    events: Map<Event>,
    invokes: HashSet<u32>,
    /// The time of the first record.
    begin: Option<i64>,
    /// Agents are unknown up to this time.
    front: i64,
    key: Vec<u8>,
    /// Lines are counted up to here.
    counted: usize,
    line: u64,
}

/// A record in its window.
#[derive(Clone, Copy)]
struct At {
    start: usize,
    mark: usize,
    end: usize,
}

impl Keep {
    pub(super) fn new(source: usize, is_front: bool) -> Keep {
        Keep {
            source,
            found: Found::default(),
            lists: Lists::default(),
            agents: Map::default(),
            threads: Map::default(),
            events: Map::default(),
            invokes: HashSet::new(),
            begin: None,
            front: if is_front { FRONT_MS } else { 0 },
            key: Vec::new(),
            counted: 0,
            line: 0,
        }
    }

    /// An agent who signed in before the range begins.
    pub(super) fn signed_in(&mut self, agent: &[u8], at: i64) {
        set(&mut self.agents, agent, at + NEAR_MS);
    }

    pub(super) fn finish(mut self) -> Found {
        self.found.lines = self.line;
        // Whether these requests matter the next range tells.
        let held = self.threads.into_values().filter_map(|open| match open {
            Open::Held(fact) => Some(*fact),
            _ => None,
        });
        let from = self.found.facts.len();
        self.found.facts.extend(held);
        if let Some(held) = self.found.facts.get_mut(from..) {
            held.sort_by_key(|fact| fact.place);
        }
        self.found
    }

    /// Looks at every record of a window.
    pub(super) fn window(&mut self, window: &Window<'_>) {
        let bytes = window.bytes;
        self.counted = 0;
        let first = window.starts.first().map_or(bytes.len(), |found| found.0);
        if window.is_first {
            self.orphans(bytes.get(..first).unwrap_or_default());
        }
        for (number, (start, mark)) in window.starts.iter().enumerate() {
            let end = window
                .starts
                .get(number + 1)
                .map_or(bytes.len(), |next| next.0);
            let record = At {
                start: *start,
                mark: *mark,
                end,
            };
            self.record(bytes, record);
        }
        if let Some((_, mark)) = window.starts.last() {
            let at = label::at(bytes, *mark);
            self.found.newest = self.found.newest.max(at);
        }
        self.line_of(bytes, bytes.len());
        self.hold(bytes);
    }

    /// Lines in front of the first record.
    fn orphans(&mut self, bytes: &[u8]) {
        for (line, text) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let is_known = text.trim_ascii().is_empty() || text.starts_with(b"admin:");
            if !is_known {
                self.unparsed(line as u64);
            }
        }
    }

    fn unparsed(&mut self, line: u64) {
        self.found.unparsed += 1;
        self.found.first_unparsed.get_or_insert(line);
    }

    /// The line of a place that is not before the last one asked for.
    fn line_of(&mut self, bytes: &[u8], at: usize) -> u64 {
        let between = bytes.get(self.counted..at).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', between).count() as u64;
        self.counted = self.counted.max(at);
        self.line
    }

    fn record(&mut self, bytes: &[u8], at: At) {
        if self.begin.is_none() {
            self.begin = label::at(bytes, at.mark);
        }
        let Some(label) = bytes.get(at.mark..at.end).and_then(label::label) else {
            // Damaged, or with a thread that only the parser can tell.
            self.keep(bytes, at);
            return;
        };
        let text = bytes.get(at.mark..at.end).unwrap_or_default();
        match label.mnemonic {
            b"REQUEST_START" => self.request_start(bytes, at, &label, text),
            b"API_REQUEST" => self.api_request(bytes, at, &label, text),
            b"REQUEST_END" => self.request_end(bytes, at, &label),
            b"MESSAGE_TO_CTI_SERVER" => self.message_to_cti(bytes, at, text),
            b"DECODED_MESSAGE_FROM_CTI_SERVER" => self.message_from_cti(bytes, at, text),
            b"XMPP_PUBLISH_ASYNCHRONOUS" => self.publish(bytes, at, text),
            b"REGISTER_API_STATS_OBJECT" | b"RAW_MESSAGE_FROM_CTI_SERVER" => {}
            b"PRESENCE_NOTIFICATION_RECIEVED" | b"API_ERROR_DETAIL" => self.keep(bytes, at),
            name if std::str::from_utf8(name).is_ok_and(event::is_of_the_system) => {
                self.keep(bytes, at);
            }
            _ => {}
        }
    }

    /// Parses a record and keeps what it says. Agents of a sign-in are remembered.
    fn keep(&mut self, bytes: &[u8], at: At) {
        let line = self.line_of(bytes, at.start);
        match self.fact(bytes, at, line) {
            Some(fact) => self.found.facts.push(fact),
            None if !self.is_known(bytes, at) => self.unparsed(line),
            None => {}
        }
    }

    fn is_known(&self, bytes: &[u8], at: At) -> bool {
        let text = String::from_utf8_lossy(bytes.get(at.start..at.end).unwrap_or_default());
        webservices::parse(&wrap::joined(&text)).is_some()
    }

    fn fact(&mut self, bytes: &[u8], at: At, line: u64) -> Option<Fact> {
        let record = bytes.get(at.start..at.end)?.trim_ascii_end();
        let text = String::from_utf8_lossy(record);
        let plain = wrap::joined(&text);
        let record = webservices::parse(&plain)?;
        let (at, _) = record.at?;
        if let Some(host) = record.host.filter(|host| !self.found.hosts.contains(*host)) {
            self.found.hosts.insert(host.to_owned());
        }
        let thread = event::Thread {
            host: record.host.unwrap_or_default(),
            name: record.thread,
        };
        let kind = event::kind(&record.event(&mut self.lists), thread)?;
        let place = Place {
            source: self.source,
            line,
        };
        Some(Fact { at, place, kind })
    }

    /// Reads what is still pending before its window goes.
    fn hold(&mut self, bytes: &[u8]) {
        let mut pending: Vec<(Box<[u8]>, usize, usize)> = self
            .threads
            .iter()
            .filter_map(|(thread, open)| match open {
                Open::Pending(start, end) => Some((thread.clone(), *start, *end)),
                _ => None,
            })
            .collect();
        if pending.is_empty() {
            return;
        }
        pending.sort_by_key(|found| found.1);
        // All lines of the window are counted by now.
        let mut line = self.line;
        let mut counted = self.counted;
        for (thread, start, end) in pending.into_iter().rev() {
            let between = bytes.get(start..counted).unwrap_or_default();
            line -= memchr::memchr_iter(b'\n', between).count() as u64;
            counted = counted.min(start);
            let at = At {
                start,
                mark: start,
                end,
            };
            let held = self.fact(bytes, at, line);
            match held {
                Some(fact) => _ = self.threads.insert(thread, Open::Held(Box::new(fact))),
                None => _ = self.threads.remove(&thread),
            }
        }
    }

    /// Host and thread: two hosts may have threads of one name.
    fn thread(&mut self, bytes: &[u8], at: At, label: &Label<'_>) {
        self.key.clear();
        // Behind the number and before the time stands the host.
        let head = bytes.get(at.start..at.mark).unwrap_or_default();
        let host = head
            .len()
            .checked_sub(tact_logline::time::CCBU_LEN + 2)
            .and_then(|end| head.get(..end))
            .and_then(|front| front.get(memchr::memchr(b':', front)?..));
        self.key.extend_from_slice(host.unwrap_or_default());
        self.key.extend_from_slice(label.thread);
    }

    fn is_within(&self, bytes: &[u8], at: At, ms: i64) -> bool {
        ms > 0
            && self
                .begin
                .zip(label::at(bytes, at.mark))
                .is_some_and(|(begin, at)| at - begin < ms)
    }

    fn request_start(&mut self, bytes: &[u8], at: At, label: &Label<'_>, text: &[u8]) {
        self.thread(bytes, at, label);
        let resource = label::value(text, b"[resource_name=", b"]\n").unwrap_or_default();
        let is_get =
            memchr::memmem::find(text.get(..128).unwrap_or(text), b"method_name=GET").is_some();
        let is_user = resource.starts_with(b"/User/");
        if is_get && (is_user || resource == b"/SystemInfo") {
            set(&mut self.threads, &self.key, Open::Kept);
            self.keep(bytes, at);
        } else if is_user || resource.is_empty() {
            set(
                &mut self.threads,
                &self.key,
                Open::Pending(at.start, at.end),
            );
        } else {
            self.threads.remove(&*self.key);
        }
    }

    fn api_request(&mut self, bytes: &[u8], at: At, label: &Label<'_>, text: &[u8]) {
        self.thread(bytes, at, label);
        let is_sign_in = memchr::memmem::find(text, b"state:LOGIN").is_some();
        let is_kept = match self.threads.get(&*self.key) {
            Some(Open::Kept) => true,
            Some(_) => is_sign_in,
            None => is_sign_in || self.is_within(bytes, at, GRACE_MS),
        };
        if !is_kept {
            self.threads.remove(&*self.key);
            return;
        }
        let before = self.threads.remove(&*self.key);
        set(&mut self.threads, &self.key, Open::Kept);
        let line = self.line_of(bytes, at.start);
        match before {
            Some(Open::Held(fact)) => self.found.facts.push(*fact),
            Some(Open::Pending(start, end)) => {
                let between = bytes.get(start..at.start).unwrap_or_default();
                let lines = memchr::memchr_iter(b'\n', between).count() as u64;
                let first = At {
                    start,
                    mark: start,
                    end,
                };
                let fact = self.fact(bytes, first, line - lines);
                self.found.facts.extend(fact);
            }
            _ => {}
        }
        let fact = self.fact(bytes, at, line);
        if let Some(Fact {
            at,
            kind: Kind::Api { agent, url, .. },
            ..
        }) = &fact
            && is_sign_in
        {
            let agent = if agent.is_empty() {
                url.trim_matches('/').split('/').nth(1).unwrap_or_default()
            } else {
                agent
            };
            let (agent, at) = (agent.as_bytes().to_vec(), *at);
            self.signed_in(&agent, at);
        }
        self.found.facts.extend(fact);
    }

    fn request_end(&mut self, bytes: &[u8], at: At, label: &Label<'_>) {
        self.thread(bytes, at, label);
        let is_kept = match self.threads.remove(&*self.key) {
            Some(Open::Kept) => true,
            Some(_) => false,
            None => self.is_within(bytes, at, GRACE_MS),
        };
        if is_kept {
            self.keep(bytes, at);
        }
    }

    fn message_to_cti(&mut self, bytes: &[u8], at: At, text: &[u8]) {
        let state = memchr::memmem::find(text, b"agentstate").and_then(|found| {
            let rest = text.get(found + b"agentstate".len()..)?.trim_ascii_start();
            label::number(rest.strip_prefix(b":")?.trim_ascii_start())
        });
        // A wrapped line may hide the state; the parser finds it.
        let is_wrapped =
            state.is_none() && memchr::memmem::find(text, b"SetAgentStateReq").is_some();
        if state != Some(LOGIN) && !is_wrapped {
            return;
        }
        let line = self.line_of(bytes, at.start);
        let Some(fact) = self.fact(bytes, at, line) else {
            return;
        };
        if let Kind::CtiRequest {
            invoke_id, agent, ..
        } = &fact.kind
        {
            if self.invokes.len() >= MOST_KEYS {
                self.invokes.clear();
            }
            self.invokes.insert(*invoke_id);
            let agent = agent.as_bytes().to_vec();
            self.signed_in(&agent, fact.at);
        }
        self.found.facts.push(fact);
    }

    fn message_from_cti(&mut self, bytes: &[u8], at: At, text: &[u8]) {
        let name = label::value(text, b"=CTI", b" [\n").unwrap_or_default();
        match name {
            b"AgentStateEvent" => self.agent_state(bytes, at, text),
            b"SetAgentStateConf" => {
                let invoke = label::value(text, b"invokeID=", b",]").and_then(label::number);
                let is_kept = invoke
                    .and_then(|invoke| u32::try_from(invoke).ok())
                    .is_some_and(|invoke| self.invokes.remove(&invoke));
                if is_kept || self.is_within(bytes, at, GRACE_MS) {
                    self.keep(bytes, at);
                }
            }
            b"ControlFailureConf" | b"FailureConf" => self.keep(bytes, at),
            // What a wrapped line cut in two.
            _ if name.is_empty() => self.keep(bytes, at),
            _ => {}
        }
    }

    fn agent_state(&mut self, bytes: &[u8], at: At, text: &[u8]) {
        let get =
            |from: &[u8], key: &[u8]| label::value(from, key, b",]\n").and_then(label::number);
        let state =
            memchr::memmem::find(text, b", agentState=").and_then(|found| text.get(found..));
        let fields = state.and_then(|rest| {
            let agent = label::value(rest, b"agentID=", b",]\n")?;
            Some((
                agent,
                get(rest.get(..64).unwrap_or(rest), b"agentState=")?,
                get(rest.get(..128).unwrap_or(rest), b"eventReasonCode=")?,
                rest,
            ))
        });
        let Some(((agent, state, reason, rest), time)) = fields.zip(label::at(bytes, at.mark))
        else {
            self.keep(bytes, at);
            return;
        };
        let is_near = self.agents.get(agent).is_some_and(|until| time <= *until)
            || self.is_within(bytes, at, self.front);
        let is_kept = is_near || state == LOGOUT || !(0..SYSTEM_CODES).contains(&reason);
        let line = self.line_of(bytes, at.start);
        let event = Event {
            line,
            at: time,
            state,
            reason,
            received: get(rest, b"CTI_MSG_RECEIVED\":").unwrap_or(0),
            dispatched: get(rest, b"CTI_MSG_DISPATCH\":").unwrap_or(0),
            is_kept,
        };
        set(&mut self.events, agent, event);
        if is_kept {
            self.keep(bytes, at);
        }
    }

    fn publish(&mut self, bytes: &[u8], at: At, text: &[u8]) {
        let node = label::value(text, b"[NodeId=", b"]\n").unwrap_or_default();
        let Some(agent) = node.strip_prefix(b"/finesse/api/User/") else {
            // A node that a line's end cuts is the parser's.
            if !node.starts_with(b"/finesse/api/") {
                self.keep(bytes, at);
            }
            return;
        };
        if agent.contains(&b'/') {
            return;
        }
        let Some(time) = label::at(bytes, at.mark) else {
            self.keep(bytes, at);
            return;
        };
        let event = self.events.remove(agent);
        let is_late = event
            .as_ref()
            .is_some_and(|event| time - event.at >= LATE_MS);
        let is_kept = is_late
            || agent.is_empty()
            || event.as_ref().is_some_and(|event| event.is_kept)
            || self.agents.get(agent).is_some_and(|until| time <= *until)
            || self.is_within(bytes, at, self.front)
            || memchr::memmem::find(text, b"apiErrors").is_some();
        if !is_kept {
            return;
        }
        if let Some(event) = event.filter(|event| !event.is_kept)
            && let Ok(agent) = std::str::from_utf8(agent)
        {
            let code = |value: i64| u16::try_from(value).unwrap_or_default();
            self.found.facts.push(Fact {
                at: event.at,
                place: Place {
                    source: self.source,
                    line: event.line,
                },
                kind: Kind::CtiEvent {
                    agent: agent.to_owned(),
                    state: code(event.state),
                    reason: code(event.reason),
                    received: event.received,
                    dispatched: event.dispatched,
                },
            });
        }
        self.keep(bytes, at);
    }
}

/// Sets a key's value; the key is copied only when it is new.
fn set<V>(map: &mut Map<V>, key: &[u8], value: V) {
    match map.get_mut(key) {
        Some(known) => *known = value,
        None => {
            // No centre has so many; a log that was made to fill the memory has.
            if map.len() >= MOST_KEYS {
                map.clear();
            }
            map.insert(key.into(), value);
        }
    }
}
