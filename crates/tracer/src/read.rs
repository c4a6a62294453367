//! Lines to facts: the only module that turns a format's record into what a login needs of it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tact_logline::client::{self, Said, When};
use tact_logline::format::Format;
use tact_logline::notification::Session;
use tact_logline::webservices::{self, Event, Lists};
use tact_logline::{access, ctisvr, notification, realm, record};

use crate::fact::{Access, ClientLine, ClientLog, CtiEntry, Fact, Facts, Kind, Place, Says};
use crate::input::Source;

const DAY_MS: i64 = 86_400_000;
/// The year 9999. A time beyond it is none, and what is kept can be added up without overflow.
const LAST_MS: i64 = 253_402_300_799_999;
/// No request takes longer than a year.
const LONGEST_MS: u64 = 366 * 86_400_000;
/// Zones are whole quarters of an hour.
const QUARTER_MS: i64 = 900_000;
/// AgentState LOGIN.
const LOGIN: u16 = 0;

/// Reads all sources.
pub fn read(sources: &[Source]) -> Facts {
    let mut all = Facts::default();
    let mut last = BTreeMap::new();
    for (source, file) in sources.iter().enumerate() {
        if let Some(format) = file.format
            && !all.formats.contains(&format)
        {
            all.formats.push(format);
        }
        let mut reader = Reader {
            facts: &mut all,
            last: last.get(&file.format).copied(),
            lists: Lists::default(),
            client: Vec::new(),
        };
        for record in record::split(file.format, &file.bytes) {
            let place = Place {
                source,
                line: record.line,
            };
            let text = String::from_utf8_lossy(record.bytes);
            if !reader.record(file.format, &text, place) {
                reader.facts.unparsed += 1;
                reader.facts.first_unparsed.get_or_insert(place);
            }
        }
        let lines = std::mem::take(&mut reader.client);
        last.extend(reader.last.map(|at| (file.format, at)));
        if !lines.is_empty() {
            all.clients.push(ClientLog {
                agent: agent_of_name(&file.name),
                lines: dated(lines),
            });
        }
    }
    all.facts.sort_by_key(|fact| (fact.at, fact.place));
    all
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
    lists: Lists,
    client: Vec<Undated>,
}

impl Reader<'_> {
    /// False when no parser knows the record.
    fn record(&mut self, format: Option<Format>, text: &str, place: Place) -> bool {
        match format {
            Some(Format::Webservices) => self.webservices(text, place),
            Some(Format::Access) => self.access(text, place),
            Some(Format::Realm) => self.realm(text, place),
            Some(Format::Notification) => self.notification(text, place),
            Some(Format::Ctisvr) => self.ctisvr(text, place),
            Some(Format::Client) => self.client(text, place),
            Some(Format::Payload) => true,
            None => false,
        }
    }

    fn add(&mut self, at: i64, place: Place, kind: Kind) {
        self.facts.facts.push(Fact { at, place, kind });
    }

    fn access(&mut self, text: &str, place: Place) -> bool {
        let Some(line) = access::parse(text) else {
            return false;
        };
        let nocache = nocache(line.query);
        let line_at = line.at.or(nocache.map(|at| at - at.rem_euclid(1_000)));
        if let Some(at) = line_at.or(self.last) {
            self.last = Some(at);
            let access = Access {
                client: line.client.to_owned(),
                user: line.user.unwrap_or_default().to_owned(),
                method: line.method.to_owned(),
                path: line.path.to_owned(),
                nocache,
                status: line.status,
                elapsed: elapsed(line.elapsed_ms),
            };
            self.add(at, place, Kind::Access(access));
        }
        true
    }

    fn realm(&mut self, text: &str, place: Place) -> bool {
        let Some(line) = realm::parse(text) else {
            return false;
        };
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
        let says = client::said(entry.text).and_then(says);
        self.client.push(Undated {
            when: entry.when,
            place,
            says,
        });
        true
    }

    fn webservices(&mut self, text: &str, place: Place) -> bool {
        let plain = webservices::unwrapped(text);
        let Some(record) = webservices::parse(&plain) else {
            return false;
        };
        let mut lists = std::mem::take(&mut self.lists);
        let event = record.event(&mut lists);
        let thread = Thread {
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
        let at = record.at.map(|(at, _)| at).or(own_time).or(self.last);
        if let (Some(at), Some(kind)) = (at, kind(&event, thread)) {
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

#[derive(Clone, Copy)]
struct Thread<'a> {
    host: &'a str,
    name: &'a str,
}

impl Thread<'_> {
    /// Two hosts may have threads of one name.
    fn key(self) -> String {
        format!("{} {}", self.host, self.name)
    }
}

fn kind(event: &Event<'_>, thread: Thread<'_>) -> Option<Kind> {
    Some(match event {
        Event::RequestStart {
            method,
            parameters,
            resource,
            user,
        } => Kind::Start {
            thread: thread.key(),
            method: (*method).to_owned(),
            resource: (*resource).to_owned(),
            nocache: parameter(parameters, "nocache").and_then(time_of),
            category: parameter(parameters, "category").map(str::to_owned),
            user: (*user).to_owned(),
        },
        Event::ApiRequest {
            url,
            agent_id,
            request_identifier,
            request_method,
            request_parameters,
        } => Kind::Api {
            thread: thread.key(),
            url: (*url).to_owned(),
            agent: (*agent_id).to_owned(),
            request_id: request_identifier
                .map(str::trim)
                .filter(|id| !id.is_empty())
                .map(str::to_owned),
            method: request_method.split_ascii_whitespace().collect(),
            parameters: (*request_parameters).to_owned(),
        },
        Event::RequestEnd { elapsed_ms } => Kind::End {
            thread: thread.key(),
            elapsed: elapsed(*elapsed_ms),
        },
        Event::SetAgentStateReq {
            invoke_id,
            agent_state: LOGIN,
            agent_text,
            agent_id,
            ..
        } => Kind::CtiRequest {
            invoke_id: *invoke_id,
            agent: (*agent_id).to_owned(),
            extension: (*agent_text).to_owned(),
        },
        Event::AgentStateEvent(event) => Kind::CtiEvent {
            agent: event.agent_id.to_owned(),
            state: event.agent_state,
        },
        Event::DecodedMessage {
            name,
            invoke_id: Some(invoke_id),
            fields,
            ..
        } => {
            let invoke_id = *invoke_id;
            match *name {
                "SetAgentStateConf" => Kind::CtiConf { invoke_id },
                "ControlFailureConf" | "FailureConf" => {
                    let shown = ["failureCode", "status"]
                        .iter()
                        .find_map(|key| parameter(fields, key))
                        .unwrap_or_default();
                    let name = shown
                        .split_once('(')
                        .map_or("", |(_, name)| name.trim_end_matches(')'));
                    Kind::CtiFailure {
                        invoke_id,
                        code: leading(shown).unwrap_or(0),
                        name: name.to_owned(),
                    }
                }
                _ => return None,
            }
        }
        Event::XmppPublishAsynchronous { node, payload } => {
            // An article's line break may stand inside the node.
            let node: String = node.split_ascii_whitespace().collect();
            let agent = node
                .strip_prefix("/finesse/api/User/")
                .filter(|rest| !rest.contains('/'))?;
            Kind::Publish {
                agent: agent.to_owned(),
                request_id: request_id(payload),
                error: payload.contains("<apiErrors>").then(|| error_text(payload)),
            }
        }
        Event::PresenceNotificationRecieved {
            from_jid,
            presence_type,
        } => Kind::Presence {
            jid: (*from_jid).to_owned(),
            available: *presence_type == "available",
        },
        Event::Other {
            mnemonic,
            fields,
            message,
            ..
        } => other(mnemonic, fields, message, thread)?,
        _ => return None,
    })
}

fn other(
    mnemonic: &str,
    fields: &[(String, String)],
    message: &str,
    thread: Thread<'_>,
) -> Option<Kind> {
    let field = |key: &str| parameter(fields, key).unwrap_or_default();
    Some(match mnemonic {
        "API_ERROR_DETAIL" => Kind::ApiError {
            thread: thread.key(),
            status: leading(field("status")).unwrap_or(500),
            text: [field("errorType"), field("errorMessage")]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(": "),
        },
        "CTI_CONNECTION_ESTABLISHED" => Kind::Link {
            up: true,
            text: String::new(),
        },
        "CTI_CONNECTION_LOST"
        | "CTI_SOCKET_ERROR"
        | "CTI_OPEN_FAILURE"
        | "CTI_CONNECTION_RETRIES_EXCEEDED" => {
            let why = ["reason", "status_name", "status"]
                .iter()
                .map(|key| field(key))
                .find(|text| !text.is_empty());
            Kind::Link {
                up: false,
                text: format!("{mnemonic}: {}", why.unwrap_or(message)),
            }
        }
        _ => return None,
    })
}

fn says(said: Said<'_>) -> Option<Says> {
    Some(match said {
        Said::Request {
            request_id: Some(id),
            ..
        } => Says::Put {
            request_id: id.to_owned(),
        },
        Said::Request {
            request_id: None,
            url,
            ..
        } => {
            let (path, query) = url.split_once('?')?;
            let rest: Vec<&str> = query
                .split('&')
                .filter(|pair| !pair.starts_with("nocache="))
                .collect();
            let path = if rest.is_empty() {
                path.to_owned()
            } else {
                format!("{path}?{}", rest.join("&"))
            };
            Says::Get {
                path,
                nocache: nocache(query)?,
            }
        }
        Said::Answer {
            request_id, status, ..
        } => Says::Answer {
            request_id: request_id.map(str::to_owned),
            status,
        },
        Said::Received { payload, .. } => Says::Received {
            request_id: request_id(payload)?,
        },
        Said::SystemInfo(status) => Says::SystemInfo {
            in_service: status == "IN_SERVICE",
        },
        Said::Connection("unauthorized") => Says::Unauthorized,
        Said::Connection(_) => return None,
        Said::Established => Says::Established,
        Said::PerformingLogin { .. } => Says::Performing,
        Said::LoggedIn => Says::LoggedIn,
    })
}

/// Gives lines of the 9.x variant, which has a time of day only, the date and zone of a nocache beside it.
fn dated(lines: Vec<Undated>) -> Vec<ClientLine> {
    let zone = lines.iter().find_map(|line| match (line.when, &line.says) {
        (When::TimeOfDay(of_day), Some(Says::Get { nocache, .. })) => {
            let utc_of_day = nocache.rem_euclid(DAY_MS);
            let east = (of_day - utc_of_day + QUARTER_MS / 2).div_euclid(QUARTER_MS) * QUARTER_MS;
            Some((nocache - utc_of_day, east))
        }
        _ => None,
    });
    let at = |when| match (when, zone) {
        (When::Client { at, .. }, _) => Some(at),
        (When::TimeOfDay(of_day), Some((midnight, east))) => Some(midnight + of_day - east),
        _ => None,
    };
    lines
        .into_iter()
        .filter_map(|line| {
            Some(ClientLine {
                at: at(line.when),
                place: line.place,
                says: line.says?,
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

/// `260 (CF_INVALID_LOGON_DEVICE_SPECIFIED)`.
fn leading(text: &str) -> Option<u16> {
    text.split_ascii_whitespace().next()?.parse().ok()
}

/// The text of `<requestId>` in an Update, without an article's line breaks.
fn request_id(payload: &str) -> Option<String> {
    let (_, after) = payload.split_once("<requestId>")?;
    let id: String = after.split('<').next()?.split_ascii_whitespace().collect();
    (!id.is_empty()).then_some(id)
}

/// What the first error in an Update says.
fn error_text(payload: &str) -> String {
    let value = |name: &str| -> Cow<'_, str> {
        let after = payload
            .split_once(&format!("<{name}>"))
            .map_or("", |(_, after)| after);
        client::unescaped(after.split('<').next().unwrap_or_default().trim())
    };
    let parts = [value("errorType"), value("errorMessage")];
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| &**part)
        .collect::<Vec<_>>()
        .join(": ")
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
