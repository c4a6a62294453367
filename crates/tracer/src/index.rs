//! The facts by what correlation asks for, so that a login costs look-ups and not a walk through the whole log.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnosis::table;
use crate::fact::{Fact, Facts, Kind, Place};
use crate::read::local_part;
use crate::request::{Request, requests};

/// An alarm speaks of what fails within this time, milliseconds.
const ALARM_MS: i64 = 5 * 60_000;

/// What the logs say about one agent, each list by time.
#[derive(Debug, Default)]
pub(crate) struct AgentFacts<'a> {
    /// Requests by this agent that only read.
    pub(crate) gets: Vec<usize>,
    /// Requests to sign this agent in.
    pub(crate) sign_ins: Vec<usize>,
    pub(crate) sessions: Vec<&'a Fact>,
    pub(crate) closed: Vec<&'a Fact>,
    pub(crate) presences: Vec<&'a Fact>,
    pub(crate) cti_requests: Vec<&'a Fact>,
    pub(crate) cti_events: Vec<&'a Fact>,
    pub(crate) publishes: Vec<&'a Fact>,
    pub(crate) realm_refused: Vec<&'a Fact>,
}

/// A page load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load<'a> {
    pub(crate) at: i64,
    pub(crate) place: Place,
    pub(crate) client: &'a str,
}

/// The facts, found by key.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    pub(crate) requests: Vec<Request>,
    pub(crate) by_nocache: BTreeMap<i64, Vec<usize>>,
    pub(crate) system_infos: Vec<usize>,
    pub(crate) loads: Vec<Load<'a>>,
    pub(crate) agents: BTreeMap<String, AgentFacts<'a>>,
    /// Confirmations and failures by InvokeID, which restarts with each CTI session.
    pub(crate) answers: BTreeMap<u32, Vec<&'a Fact>>,
    pub(crate) channel_refusals: Vec<(&'a Fact, &'a str)>,
    /// Requests to sign in by their requestId.
    sign_in_of: BTreeMap<String, usize>,
    alarms: Vec<(i64, &'a str, u8)>,
    links: Vec<(i64, bool, &'a str, Place)>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(facts: &'a Facts) -> Index<'a> {
        let mut index = Index {
            requests: requests(&facts.facts),
            ..Index::default()
        };
        for request in &mut index.requests {
            request.is_by_client = !facts.by_client.is_empty()
                && request
                    .begun
                    .is_some_and(|place| facts.by_client.contains(&place));
        }
        for (at, request) in index.requests.iter().enumerate() {
            if let Some(nocache) = request.nocache {
                index.by_nocache.entry(nocache).or_default().push(at);
            }
            if request.method == "GET" && request.resource == "/SystemInfo" {
                index.system_infos.push(at);
            } else if request.method == "GET" && !request.user.is_empty() {
                index
                    .agents
                    .entry(request.user.clone())
                    .or_default()
                    .gets
                    .push(at);
            } else if request.is_sign_in() {
                if let Some(id) = &request.request_id {
                    index.sign_in_of.entry(id.clone()).or_insert(at);
                }
                index
                    .agents
                    .entry(agent_of(request))
                    .or_default()
                    .sign_ins
                    .push(at);
            }
        }
        for fact in &facts.facts {
            index.add(fact);
        }
        index
    }

    fn add(&mut self, fact: &'a Fact) {
        match &fact.kind {
            Kind::Access(access)
                if access.method == "GET"
                    && matches!(
                        access.path.as_str(),
                        "/desktop/container/" | "/desktop/container"
                    )
                    && access.status < 400 =>
            {
                self.loads.push(Load {
                    at: fact.at,
                    place: fact.place,
                    client: &access.client,
                });
            }
            Kind::CtiRequest { agent, .. } => self.of(agent).cti_requests.push(fact),
            Kind::CtiEvent { agent, .. } => self.of(agent).cti_events.push(fact),
            Kind::Publish { agent, .. } => self.of(agent).publishes.push(fact),
            Kind::SessionCreated { jid } => self.of(local_part(jid)).sessions.push(fact),
            Kind::SessionClosed { jid } => self.of(local_part(jid)).closed.push(fact),
            Kind::Presence {
                jid,
                available: true,
            } => self.of(local_part(jid)).presences.push(fact),
            Kind::RealmRefused { agent } => self.of(agent).realm_refused.push(fact),
            Kind::ChannelRefused { agent } => self.channel_refusals.push((fact, agent)),
            Kind::CtiConf { invoke_id } | Kind::CtiFailure { invoke_id, .. } => {
                self.answers.entry(*invoke_id).or_default().push(fact);
            }
            Kind::Alarm { name, .. } => {
                if let Some(row) = table::of_alarm(name) {
                    self.alarms.push((fact.at, name, row.number));
                }
            }
            Kind::Link { up, text } => self.links.push((fact.at, *up, text, fact.place)),
            _ => {}
        }
    }

    fn of(&mut self, agent: &str) -> &mut AgentFacts<'a> {
        // An agent is met many times and new once.
        if !self.agents.contains_key(agent) {
            self.agents.insert(agent.to_owned(), AgentFacts::default());
        }
        self.agents.entry(agent.to_owned()).or_default()
    }

    /// The server's requests with this nocache for this path; clients of one millisecond may share one.
    pub(crate) fn requests_with(
        &self,
        nocache: i64,
        path: &str,
    ) -> impl Iterator<Item = (usize, &Request)> {
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let indices = self
            .by_nocache
            .get(&nocache)
            .map(Vec::as_slice)
            .unwrap_or_default();
        indices
            .iter()
            .filter_map(|index| Some((*index, self.requests.get(*index)?)))
            .filter(move |(_, request)| request.resource == path)
    }

    /// The server logged a request to sign in with this requestId.
    pub(crate) fn has_sign_in(&self, request_id: &str) -> bool {
        self.sign_in_of.contains_key(request_id)
    }

    /// The first and the last moment by the server's own clock of the sign-in with this requestId: its PUT, the CTI
    /// server's event in front of its publication, the publication itself.
    pub(crate) fn server_side_of(&self, request_id: &str) -> Option<(i64, i64)> {
        let put = self.requests.get(*self.sign_in_of.get(request_id)?)?;
        let facts = self.agents.get(&agent_of(put));
        let publishes = facts.map(|facts| facts.publishes.as_slice());
        let published = publishes.unwrap_or_default().iter().find(
            |fact| matches!(&fact.kind, Kind::Publish { request_id: Some(id), .. } if id == request_id),
        );
        let events = facts.map(|facts| facts.cti_events.as_slice());
        let event = published.and_then(|published| {
            let is_before =
                |fact: &&&Fact| (fact.at, fact.place) <= (published.at, published.place);
            events.unwrap_or_default().iter().rev().find(is_before)
        });
        let stamps = event.and_then(|event| match event.kind {
            Kind::CtiEvent {
                received,
                dispatched,
                ..
            } if received > 0 && received >= put.at - 60_000 => {
                Some((received, dispatched.max(received)))
            }
            _ => None,
        });
        if put.is_by_client {
            return stamps;
        }
        let last = published
            .map(|fact| fact.at)
            .or(stamps.map(|(_, last)| last));
        Some((put.at, last.unwrap_or_else(|| put.end())))
    }

    /// Why the link to the CTI server was down at this time, if it is known to have been.
    pub(crate) fn down_at(&self, at: i64) -> Option<(&'a str, Place)> {
        let before = self.links.partition_point(|link| link.0 <= at);
        let (_, up, text, place) = self.links.get(before.checked_sub(1)?)?;
        (!up).then_some((*text, *place))
    }

    /// The alarm of a row of the table in the minutes before a moment.
    pub(crate) fn alarm_near(&self, at: i64, row: u8) -> Option<&'a str> {
        let end = self.alarms.partition_point(|alarm| alarm.0 <= at + 1_000);
        self.alarms
            .iter()
            .take(end)
            .rev()
            .take_while(|alarm| alarm.0 >= at - ALARM_MS)
            .find(|alarm| alarm.2 == row)
            .map(|alarm| alarm.1)
    }

    /// The loss of the link between two moments.
    pub(crate) fn lost_between(&self, from: i64, to: i64) -> Option<(&'a str, Place)> {
        let start = self.links.partition_point(|link| link.0 < from);
        let found = self
            .links
            .iter()
            .skip(start)
            .take_while(|link| link.0 <= to)
            .find(|link| !link.1)?;
        Some((found.2, found.3))
    }
}

/// The agent of a request to sign in.
pub(crate) fn agent_of(request: &Request) -> String {
    let named = request.agent.as_str();
    let path = request
        .resource
        .strip_prefix("/User/")
        .and_then(|rest| rest.split('/').next());
    if named.is_empty() {
        path.unwrap_or_default().to_owned()
    } else {
        named.to_owned()
    }
}

/// What belongs to a login already.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) requests: BTreeSet<usize>,
    pub(crate) places: BTreeSet<Place>,
}

impl Taken {
    /// Takes the latest fact that nobody has; `from` and `to` included.
    pub(crate) fn latest<'a>(
        &mut self,
        facts: &[&'a Fact],
        from: i64,
        to: i64,
        wanted: impl Fn(&Fact) -> bool,
    ) -> Option<&'a Fact> {
        let end = facts.partition_point(|fact| fact.at <= to);
        let fact = facts
            .iter()
            .take(end)
            .rev()
            .take_while(|fact| fact.at >= from)
            .find(|fact| !self.places.contains(&fact.place) && wanted(fact))?;
        self.places.insert(fact.place);
        Some(fact)
    }

    /// Takes the earliest fact that nobody has; `from` and `to` included.
    pub(crate) fn earliest<'a>(
        &mut self,
        facts: &[&'a Fact],
        from: i64,
        to: i64,
        wanted: impl Fn(&Fact) -> bool,
    ) -> Option<&'a Fact> {
        let start = facts.partition_point(|fact| fact.at < from);
        let fact = facts
            .iter()
            .skip(start)
            .take_while(|fact| fact.at <= to)
            .find(|fact| !self.places.contains(&fact.place) && wanted(fact))?;
        self.places.insert(fact.place);
        Some(fact)
    }
}
