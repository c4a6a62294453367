//! What one record says about a login, owned, with the place where it stands.

use std::collections::BTreeMap;

use tact_logline::client::{self, Said, When};
use tact_logline::format::Format;
use tact_logline::notification::Session;
use tact_logline::webservices::{self, Event, Lists};
use tact_logline::{access, ctisvr, notification, realm, record};

use crate::input::Source;

/// A place in a file: index of the source and line from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Index into the sources.
    pub(crate) source: usize,
    /// From 1.
    pub(crate) line: u64,
}

/// One fact with its time by the clock of its log (milliseconds since 1970).
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    /// Where it stands.
    pub(crate) place: Place,
    /// What it says.
    pub(crate) kind: Kind,
}

/// What a server's log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An access log line; `at` has whole seconds.
    Access {
        client: String,
        user: String,
        method: String,
        path: String,
        nocache: Option<i64>,
        status: u16,
    },
    /// REQUEST_START.
    Start {
        thread: String,
        method: String,
        resource: String,
        nocache: Option<i64>,
    },
    /// API_REQUEST.
    Api {
        thread: String,
        agent: String,
        request_id: Option<String>,
        method: String,
        parameters: String,
    },
    /// API_ERROR_DETAIL.
    ApiError {
        thread: String,
        status: u16,
        text: String,
    },
    /// REQUEST_END.
    End { thread: String, elapsed: i64 },
    /// SetAgentStateReq to the CTI server.
    CtiRequest {
        invoke_id: u32,
        agent: String,
        extension: String,
        state: u16,
    },
    /// AGENT_STATE_EVENT.
    CtiEvent { agent: String, state: u16 },
    /// SET_AGENT_STATE_CONF.
    CtiConf { invoke_id: u32 },
    /// CONTROL_FAILURE_CONF or FAILURE_CONF.
    CtiFailure {
        invoke_id: u32,
        code: u32,
        name: String,
    },
    /// XMPP_PUBLISH_ASYNCHRONOUS on an agent's own node.
    Publish {
        agent: String,
        request_id: Option<String>,
        failed: bool,
    },
    /// PRESENCE_NOTIFICATION_RECIEVED.
    Presence { agent: String, available: bool },
    /// A channel stands; `at` has whole seconds.
    Session { agent: String },
    /// A channel was refused; `at` has whole seconds.
    SessionRefused { agent: String },
    /// The realm refused somebody.
    RealmRefused { agent: String, thread: String },
    /// The CTI link is up or down; the text says why.
    Link { up: bool, text: String },
}

/// An entry of the CTI server's log: a time of day, no date, no zone.
#[derive(Debug, Clone)]
pub(crate) struct CtiEntry {
    /// Milliseconds since midnight.
    pub(crate) time_of_day: i64,
    /// Where it stands.
    pub(crate) place: Place,
    /// Wire name.
    pub(crate) name: String,
    /// InvokeID, where the message has one.
    pub(crate) invoke_id: Option<i64>,
    /// AgentID, may be empty.
    pub(crate) agent: String,
}

/// A line of a client log that says something about a login.
#[derive(Debug, Clone)]
pub(crate) struct ClientLine {
    /// The client's clock, if it has a date.
    pub(crate) client_at: Option<i64>,
    /// The server's clock as the client reckons it, else the client's.
    pub(crate) at: Option<i64>,
    /// Where it stands.
    pub(crate) place: Place,
    /// What it says.
    pub(crate) says: ClientSays,
}

/// [`Said`], owned and cut to what a login needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ClientSays {
    /// A GET with its nocache.
    Get { path: String, nocache: i64 },
    /// A request with a requestId.
    Put { request_id: String },
    /// An answer, by object.
    Answer {
        object: String,
        request_id: Option<String>,
    },
    /// An event on an agent's node.
    Received { request_id: Option<String> },
    /// The channel stands.
    Established,
    /// `Performing login`.
    Performing { extension: String },
    /// Signed in.
    LoggedIn,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// By time.
    pub(crate) facts: Vec<Fact>,
    /// The CTI server's entries, in file order.
    pub(crate) cti: Vec<CtiEntry>,
    /// The client logs by source, in file order.
    pub(crate) clients: BTreeMap<usize, Vec<ClientLine>>,
    /// Which formats were given.
    pub(crate) formats: Vec<Format>,
    /// Lines that no parser knows.
    pub(crate) unparsed: u64,
    /// The first of them.
    pub(crate) first_unparsed: Option<Place>,
    /// The newest time of the webservices log.
    pub(crate) newest: Option<i64>,
}

/// Reads all sources.
pub(crate) fn read(sources: &[Source]) -> Facts {
    let mut all = Facts::default();
    for (source, file) in sources.iter().enumerate() {
        if let Some(format) = file.format
            && !all.formats.contains(&format)
        {
            all.formats.push(format);
        }
        for record in record::split(file.format, &file.bytes) {
            let place = Place {
                source,
                line: record.line,
            };
            let text = String::from_utf8_lossy(record.bytes);
            let known = match file.format {
                Some(Format::Webservices) => all.webservices(&text, place),
                Some(Format::Access) => all.access(&text, place),
                Some(Format::Realm) => all.realm(&text, place),
                Some(Format::Notification) => all.notification(&text, place),
                Some(Format::Ctisvr) => all.ctisvr(&text, place),
                Some(Format::Client) => all.client(&text, place),
                Some(Format::Payload) => true,
                None => false,
            };
            if !known {
                all.unparsed += 1;
                all.first_unparsed.get_or_insert(place);
            }
        }
    }
    all.facts.sort_by_key(|fact| (fact.at, fact.place));
    all
}

impl Facts {
    fn add(&mut self, at: i64, place: Place, kind: Kind) {
        self.facts.push(Fact { at, place, kind });
    }

    fn access(&mut self, text: &str, place: Place) -> bool {
        let Some(line) = access::parse(text) else {
            return false;
        };
        if let Some(at) = line.at {
            let kind = Kind::Access {
                client: line.client.to_owned(),
                user: line.user.unwrap_or_default().to_owned(),
                method: line.method.to_owned(),
                path: line.path.to_owned(),
                nocache: nocache(line.query),
                status: line.status,
            };
            self.add(at, place, kind);
        }
        true
    }

    fn realm(&mut self, text: &str, place: Place) -> bool {
        let Some(line) = realm::parse(text) else {
            return false;
        };
        if let Some(user) = realm::refused_user(&line) {
            let (agent, thread) = (user.to_owned(), line.thread.to_owned());
            self.add(line.at, place, Kind::RealmRefused { agent, thread });
        }
        true
    }

    fn notification(&mut self, text: &str, place: Place) -> bool {
        let Some(line) = notification::parse(text) else {
            return false;
        };
        match notification::session(line.text).filter(|_| !line.is_bare()) {
            Some(Session::Created { jid, .. }) => self.add(
                line.at,
                place,
                Kind::Session {
                    agent: local_part(jid),
                },
            ),
            Some(Session::Refused { user, .. }) => {
                self.add(
                    line.at,
                    place,
                    Kind::SessionRefused {
                        agent: local_part(user),
                    },
                );
            }
            None => {}
        }
        true
    }

    fn ctisvr(&mut self, text: &str, place: Place) -> bool {
        let Some(parsed) = ctisvr::parse(text) else {
            return false;
        };
        let ctisvr::Body::Message { name, .. } = &parsed.entry.body else {
            return true;
        };
        let wanted = matches!(
            &**name,
            "SET_AGENT_STATE_REQ"
                | "SET_AGENT_STATE_CONF"
                | "AGENT_STATE_EVENT"
                | "CONTROL_FAILURE_CONF"
                | "FAILURE_CONF"
        );
        if wanted {
            let body = &parsed.entry.body;
            let entry = CtiEntry {
                time_of_day: parsed.entry.at,
                place,
                name: name.to_string(),
                invoke_id: body.field("InvokeID").and_then(ctisvr::Value::number),
                agent: body
                    .field("AgentID")
                    .map(|value| value.text().into_owned())
                    .unwrap_or_default(),
            };
            self.cti.push(entry);
        }
        true
    }

    fn client(&mut self, text: &str, place: Place) -> bool {
        let plain = client::unescaped(text);
        let Some(entry) = client::parse(&plain) else {
            // The first line of a submitted log is the browser's name.
            return place.line == 1;
        };
        let lines = self.clients.entry(place.source).or_default();
        let Some(says) = client::said(entry.text).and_then(says) else {
            return true;
        };
        let client_at = match entry.when {
            When::Client { at, .. } => Some(at),
            When::TimeOfDay(_) | When::Unknown => None,
        };
        let at = entry.server.map(|(at, _)| at).or(client_at);
        lines.push(ClientLine {
            client_at,
            at,
            place,
            says,
        });
        true
    }

    fn webservices(&mut self, text: &str, place: Place) -> bool {
        let Some(record) = webservices::parse(text) else {
            return false;
        };
        let Some((at, _)) = record.at else {
            return true;
        };
        self.newest = self.newest.max(Some(at));
        let mut lists = Lists::default();
        let thread = || record.thread.to_owned();
        let kind = match record.event(&mut lists) {
            Event::RequestStart {
                method,
                parameters,
                resource,
                ..
            } => Kind::Start {
                thread: thread(),
                method: method.to_owned(),
                resource: resource.to_owned(),
                nocache: parameters
                    .iter()
                    .find(|(key, _)| key == "nocache")
                    .and_then(|(_, value)| value.parse().ok()),
            },
            Event::ApiRequest {
                agent_id,
                request_identifier,
                request_method,
                request_parameters,
                ..
            } => Kind::Api {
                thread: thread(),
                agent: agent_id.to_owned(),
                request_id: request_identifier
                    .filter(|id| !id.is_empty())
                    .map(str::to_owned),
                method: request_method.to_owned(),
                parameters: request_parameters.to_owned(),
            },
            Event::RequestEnd { elapsed_ms } => Kind::End {
                thread: thread(),
                elapsed: i64::try_from(elapsed_ms).unwrap_or(0),
            },
            Event::SetAgentStateReq {
                invoke_id,
                agent_state,
                agent_text,
                agent_id,
                ..
            } => Kind::CtiRequest {
                invoke_id,
                agent: agent_id.to_owned(),
                extension: agent_text.to_owned(),
                state: agent_state,
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
            } => match name {
                "SetAgentStateConf" => Kind::CtiConf { invoke_id },
                "ControlFailureConf" | "FailureConf" => failure(invoke_id, fields),
                _ => return true,
            },
            Event::XmppPublishAsynchronous { node, payload } => {
                let Some(agent) = node
                    .strip_prefix("/finesse/api/User/")
                    .filter(|rest| !rest.contains('/'))
                else {
                    return true;
                };
                let failed = payload.contains("<apiErrors>");
                Kind::Publish {
                    agent: agent.to_owned(),
                    request_id: request_id(payload),
                    failed,
                }
            }
            Event::PresenceNotificationRecieved {
                from_jid,
                presence_type,
            } => Kind::Presence {
                agent: local_part(from_jid),
                available: presence_type == "available",
            },
            Event::Other {
                mnemonic,
                fields,
                message,
                ..
            } => {
                let field = |key: &str| {
                    fields
                        .iter()
                        .find(|(name, _)| name == key)
                        .map_or("", |(_, value)| value)
                };
                match mnemonic {
                    "API_ERROR_DETAIL" => Kind::ApiError {
                        thread: thread(),
                        status: leading(field("status"))
                            .and_then(|code| u16::try_from(code).ok())
                            .unwrap_or(500),
                        text: format!("{}: {}", field("errorType"), field("errorMessage")),
                    },
                    "CTI_CONNECTION_ESTABLISHED" => Kind::Link {
                        up: true,
                        text: String::new(),
                    },
                    "CTI_CONNECTION_LOST"
                    | "CTI_SOCKET_ERROR"
                    | "CTI_OPEN_FAILURE"
                    | "CTI_CONNECTION_RETRIES_EXCEEDED" => {
                        let reason = if field("reason").is_empty() {
                            message
                        } else {
                            field("reason")
                        };
                        Kind::Link {
                            up: false,
                            text: format!("{mnemonic}: {reason}"),
                        }
                    }
                    _ => return true,
                }
            }
            _ => return true,
        };
        self.add(at, place, kind);
        true
    }
}

/// `260 (CF_INVALID_LOGON_DEVICE_SPECIFIED)` in whichever field carries the code.
fn failure(invoke_id: u32, fields: &[(String, String)]) -> Kind {
    let value = fields
        .iter()
        .find(|(key, _)| matches!(key.as_str(), "failureCode" | "status"))
        .map_or("", |(_, value)| value.as_str());
    let name = value
        .split_once('(')
        .map_or("", |(_, name)| name.trim_end_matches(')'));
    Kind::CtiFailure {
        invoke_id,
        code: leading(value).unwrap_or(0),
        name: name.to_owned(),
    }
}

fn leading(text: &str) -> Option<u32> {
    text.split_ascii_whitespace().next()?.parse().ok()
}

fn says(said: Said<'_>) -> Option<ClientSays> {
    let own = |id: Option<&str>| id.map(str::to_owned);
    Some(match said {
        Said::Request {
            request_id: Some(id),
            ..
        } => ClientSays::Put {
            request_id: id.to_owned(),
        },
        Said::Request { url, .. } => {
            let (path, query) = url.split_once('?')?;
            ClientSays::Get {
                path: path.to_owned(),
                nocache: nocache(query)?,
            }
        }
        Said::Answer {
            object, request_id, ..
        } => ClientSays::Answer {
            object: object.to_owned(),
            request_id: own(request_id),
        },
        Said::Received { payload, .. } => ClientSays::Received {
            request_id: request_id(payload),
        },
        Said::Established => ClientSays::Established,
        Said::PerformingLogin { extension } => ClientSays::Performing {
            extension: extension.to_owned(),
        },
        Said::LoggedIn => ClientSays::LoggedIn,
        Said::Connection(_) | Said::SystemInfo(_) => return None,
    })
}

/// The text of `<requestId>` in an Update.
fn request_id(payload: &str) -> Option<String> {
    let (_, after) = payload.split_once("<requestId>")?;
    let id = after.split('<').next()?.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

fn nocache(query: &str) -> Option<i64> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("nocache="))?
        .parse()
        .ok()
}

fn local_part(jid: &str) -> String {
    jid.split(['@', '/']).next().unwrap_or_default().to_owned()
}
