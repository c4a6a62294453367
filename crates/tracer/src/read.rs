//! Lines to facts: the only module that turns a format's record into what a login needs of it.

pub(crate) mod event;
mod told;

use std::collections::BTreeMap;
use std::io;

use tact_logline::client::{self, When};
use tact_logline::format::Format;
use tact_logline::notification::Session;
use tact_logline::webservices::{self, Event, Lists};
use tact_logline::{access, ctisvr, notification, realm, wrap};

use crate::fact::{Access, ClientLine, ClientLog, CtiEntry, Fact, Facts, Kind, Place, Says};
use crate::gadget;
use crate::input::Source;
use crate::published;
use crate::scan::{self, Sizes};
use crate::sign::Scanner;
use crate::window::Windows;

/// The year 9999. A time beyond it is none, and what is kept can be added up without overflow.
const LAST_MS: i64 = 253_402_300_799_999;
/// Times below this are none: they only keep the order of lines. The first day of 1970.
pub(crate) const NO_TIME_MS: i64 = 86_400_000;
/// No request takes longer than a year.
const LONGEST_MS: u64 = 366 * 86_400_000;

/// Reads all sources; with an agent's id of the long ones only what may be of that agent's logins.
pub fn read(sources: &[Source], agent: Option<&str>) -> Facts {
    read_in(sources, agent, &Sizes::default())
}

/// As [`read`] with other sizes of what is scanned.
pub fn read_in(sources: &[Source], agent: Option<&str>, sizes: &Sizes) -> Facts {
    let mut all = Facts::default();
    let mut scanned = scan::read(sources, sizes, agent);
    let mut last = BTreeMap::new();
    for (source, file) in sources.iter().enumerate() {
        if let Some(format) = file.format
            && !all.formats.contains(&format)
        {
            all.formats.push(format);
        }
        if let Some(found) = scanned.remove(&source) {
            all.scanned(source, found);
            continue;
        }
        let mut reader = Reader {
            facts: &mut all,
            last: last.get(&file.format).map(|(at, _)| *at),
            is_clients: last
                .get(&file.format)
                .is_some_and(|(_, is_clients)| *is_clients),
            drift: None,
            lists: Lists::default(),
            client: Vec::new(),
        };
        let mut scanner = Scanner::new(source, file.format);
        let read = reader.windows(source, file, &mut scanner);
        scanner.finish(&mut reader.facts.signs);
        if let Err(error) = read {
            reader.facts.refused.push((source, error.to_string()));
        }
        let lines = std::mem::take(&mut reader.client);
        let drift = reader.drift;
        last.extend(reader.last.map(|at| (file.format, (at, reader.is_clients))));
        if !lines.is_empty() {
            all.clients.push(ClientLog {
                source,
                agent: agent_of_name(&file.name),
                lines: dated(lines),
                drift,
            });
        }
    }
    all.facts.sort_by_key(|fact| (fact.at, fact.place));
    all
}

impl Facts {
    /// Takes what was found in a long log, whose lines count from 0.
    fn scanned(&mut self, source: usize, found: scan::Found) {
        self.facts.extend(found.facts.into_iter().map(|mut fact| {
            fact.place.line += 1;
            fact
        }));
        self.hosts.extend(found.hosts);
        self.newest = self.newest.max(found.newest);
        self.unparsed += found.unparsed;
        if let Some(line) = found.first_unparsed {
            let line = line + 1;
            self.first_unparsed.get_or_insert(Place { source, line });
        }
        self.refused.extend(found.error.map(|why| (source, why)));
    }
}

/// A line of a client log before its date is known.
struct Undated {
    when: When,
    place: Place,
    says: Option<Says>,
}

struct Reader<'a> {
    facts: &'a mut Facts,
    /// The last time in files of this format: records of the oldest variant carry none of their own.
    last: Option<i64>,
    /// `last` is of a client's clock.
    is_clients: bool,
    /// The client's clock minus the server's as the client says.
    drift: Option<(i64, i64)>,
    lists: Lists,
    client: Vec<Undated>,
}

impl Reader<'_> {
    /// Reads a source to its end, or as far as it can be read.
    fn windows(&mut self, source: usize, file: &Source, scanner: &mut Scanner) -> io::Result<()> {
        let mut windows = Windows::new(file)?;
        loop {
            let goes_on = windows.step(|record| {
                let place = Place {
                    source,
                    line: record.line,
                };
                let text = String::from_utf8_lossy(record.bytes);
                if !self.record(file.format, &text, place) {
                    self.facts.unparsed += 1;
                    self.facts.first_unparsed.get_or_insert(place);
                }
            })?;
            if !goes_on {
                return Ok(());
            }
            scanner.window(&windows.fresh());
        }
    }

    /// False when no parser knows the record.
    fn record(&mut self, format: Option<Format>, text: &str, place: Place) -> bool {
        match format {
            Some(Format::Webservices) => self.webservices(text, place),
            Some(Format::Access) => self.access(text, place),
            Some(Format::Realm) => self.realm(text, place),
            Some(Format::Notification) => self.notification(text, place),
            Some(Format::Ctisvr) => self.ctisvr(text, place),
            Some(Format::Client) => self.client(text, place),
            Some(Format::Payload) => {
                self.facts
                    .documents
                    .extend(published::failure(text).map(|failure| (place, failure)));
                true
            }
            // Read for what they show, not for logins.
            Some(
                format @ (Format::Uccx
                | Format::Sdl
                | Format::CtiOs
                | Format::Platform
                | Format::Procmon
                | Format::Ece
                | Format::Portico
                | Format::Audit),
            ) => crate::records::is_known(format, text, place.line == 1),
            None => false,
        }
    }

    fn add(&mut self, at: i64, place: Place, kind: Kind) {
        self.facts.facts.push(Fact { at, place, kind });
    }

    fn access(&mut self, text: &str, place: Place) -> bool {
        let plain = wrap::access(text);
        let Some(line) = access::parse(&plain) else {
            return false;
        };
        let inner = gadget::request(line.path, line.query);
        let nocache = match &inner {
            Some(inner) => nocache(&inner.query),
            None => nocache(line.query),
        };
        let mut access = Access {
            client: line.client.to_owned(),
            user: line.user.unwrap_or_default().to_owned(),
            method: line.method.to_owned(),
            path: line.path.to_owned(),
            nocache,
            status: line.status,
            elapsed: elapsed(line.elapsed_ms),
        };
        let line_at = line.at.or(nocache.map(|at| at - at.rem_euclid(1_000)));
        let Some(at) = line_at.or(self.last) else {
            self.facts.undated.push((place, access));
            return true;
        };
        self.last = Some(at);
        if line.at.is_none() {
            self.facts.by_client.insert(place);
        }
        let kind = match inner {
            Some(inner) => {
                access.method = inner.method;
                access.path = inner.path;
                Kind::Gadget {
                    access,
                    request_id: inner.request_id,
                }
            }
            None => Kind::Access(access),
        };
        self.add(at, place, kind);
        true
    }

    fn realm(&mut self, text: &str, place: Place) -> bool {
        let Some(line) = realm::parse(text) else {
            return false;
        };
        let start = line
            .at
            .saturating_sub(i64::try_from(line.uptime_ms).unwrap_or(i64::MAX));
        // The two stamps of one line are taken one after the other.
        let is_known = |(at, _): &(i64, Place)| (at - start).abs() < 5_000;
        if line.uptime_ms > 0 && !self.facts.restarts.last().is_some_and(is_known) {
            self.facts.restarts.push((start, place));
        }
        if let Some(user) = realm::refused_user(&line) {
            self.add(
                line.at,
                place,
                Kind::RealmRefused {
                    agent: user.to_owned(),
                },
            );
        }
        true
    }

    fn notification(&mut self, text: &str, place: Place) -> bool {
        let Some(line) = notification::parse(text) else {
            return false;
        };
        if line.is_bare() || line.class != notification::SESSION_MANAGER {
            return true;
        }
        let kind = match notification::session(line.text) {
            Some(Session::Created { jid, .. }) => Kind::SessionCreated {
                jid: jid.to_owned(),
            },
            Some(Session::Refused { user, .. }) => Kind::ChannelRefused {
                agent: local_part(user).to_owned(),
            },
            None => match line.text.strip_prefix("Session closed for JID ") {
                Some(rest) => Kind::SessionClosed {
                    jid: rest.split(' ').next().unwrap_or_default().to_owned(),
                },
                None => return true,
            },
        };
        self.add(line.at, place, kind);
        true
    }

    fn ctisvr(&mut self, text: &str, place: Place) -> bool {
        let Some(parsed) = ctisvr::parse(text) else {
            return false;
        };
        let body = &parsed.entry.body;
        let ctisvr::Body::Message { name, .. } = body else {
            return true;
        };
        if is_wanted(name) {
            let entry = CtiEntry {
                time_of_day: parsed.has_time.then_some(parsed.entry.at),
                place,
                name: name.to_string(),
                invoke_id: body.field("InvokeID").and_then(ctisvr::Value::number),
                agent: body.field("AgentID").map(|value| value.text().into_owned()),
            };
            self.facts.cti.push(entry);
        }
        true
    }

    fn client(&mut self, text: &str, place: Place) -> bool {
        let plain = client::unescaped(text);
        let Some(entry) = client::parse(&plain) else {
            // The first line of a log that was sent is the browser's name.
            return place.line == 1;
        };
        if let (When::Client { at, .. }, Some((server, _))) = (entry.when, entry.server) {
            // Both stamps are of one moment; the client rounds its drift.
            let seen = at - server;
            let (least, most) = self.drift.unwrap_or((seen, seen));
            self.drift = Some((least.min(seen), most.max(seen)));
        }
        let says = told::says(&wrap::joined(entry.text));
        self.client.push(Undated {
            when: entry.when,
            place,
            says,
        });
        true
    }

    fn webservices(&mut self, text: &str, place: Place) -> bool {
        let plain = wrap::joined(text);
        let Some(record) = webservices::parse(&plain) else {
            return false;
        };
        let mut lists = std::mem::take(&mut self.lists);
        let event = record.event(&mut lists);
        let thread = event::Thread {
            host: record.host.unwrap_or_default(),
            name: record.thread,
        };
        let own_time = match &event {
            Event::RequestStart { parameters, .. } => {
                parameter(parameters, "nocache").and_then(time_of)
            }
            Event::AgentStateEvent(event) => Some(event.received).filter(is_time),
            _ => None,
        };
        // Without any time the order of the lines is kept, in a day that no log tells of.
        let at = record
            .at
            .map(|(at, _)| at)
            .or(own_time)
            .or(self.last)
            .or(i64::try_from(place.line)
                .ok()
                .filter(|line| *line < NO_TIME_MS));
        self.is_clients = match (record.at, own_time) {
            (Some(_), _) => false,
            (None, Some(_)) => matches!(event, Event::RequestStart { .. }),
            (None, None) => self.is_clients || at.is_some_and(|at| at < NO_TIME_MS),
        };
        if let (Some(at), Some(kind)) = (at, event::kind(&event, thread)) {
            if self.is_clients {
                self.facts.by_client.insert(place);
            }
            self.add(at, place, kind);
        }
        if let Some(host) = record.host.filter(|host| !self.facts.hosts.contains(*host)) {
            self.facts.hosts.insert(host.to_owned());
        }
        self.last = at;
        self.facts.newest = self.facts.newest.max(at);
        self.lists = lists;
        true
    }
}

fn is_wanted(name: &str) -> bool {
    matches!(
        name,
        "SET_AGENT_STATE_REQ"
            | "SET_AGENT_STATE_CONF"
            | "AGENT_STATE_EVENT"
            | "CONTROL_FAILURE_CONF"
            | "FAILURE_CONF"
    )
}

/// The lines with their own times; [`crate::dating`] gives the others one.
fn dated(lines: Vec<Undated>) -> Vec<ClientLine> {
    lines
        .into_iter()
        .filter_map(|line| {
            let (at, of_day) = match line.when {
                When::Client { at, .. } => (Some(at), None),
                When::TimeOfDay(of_day) => (None, Some(of_day)),
                When::Unknown => (None, None),
            };
            Some(ClientLine {
                at,
                place: line.place,
                says: line.says?,
                of_day,
            })
        })
        .collect()
}

/// `2001` of `.../2001_2026-11-23T....log`.
fn agent_of_name(name: &str) -> Option<String> {
    let file = name.rsplit(['/', '\\', '!']).next()?;
    let (agent, _) = file.split_once('_')?;
    (!agent.is_empty()).then(|| agent.to_owned())
}

fn parameter<'a>(pairs: &'a [(String, String)], key: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.as_str())
}

fn nocache(query: &str) -> Option<i64> {
    let pair = query
        .split(['&', '?'])
        .find_map(|pair| pair.strip_prefix("nocache="))?;
    time_of(pair)
}

/// A client chooses its nocache as it likes.
fn time_of(text: &str) -> Option<i64> {
    text.parse().ok().filter(is_time)
}

fn is_time(at: &i64) -> bool {
    (0..=LAST_MS).contains(at)
}

fn elapsed(ms: u64) -> i64 {
    i64::try_from(ms.min(LONGEST_MS)).unwrap_or(0)
}

/// The agent of `2001@domain/resource`.
pub(crate) fn local_part(jid: &str) -> &str {
    jid.split(['@', '/']).next().unwrap_or_default()
}
