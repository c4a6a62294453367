//! Steps 7 to 9: the request to the CTI server, its answer, and the event that is published.

use std::collections::BTreeMap;

use tact_logline::step::Step;

use super::{Anchor, Proof, Tracer};
use crate::clock::{Offset, Source};
use crate::diagnosis::{self, Diagnosis};
use crate::fact::{ApiFailure, Fact, Kind, Place};
use crate::login::{Confidence, Found, Login};
use crate::request::Request;

/// How long a request may wait for its turn behind others of the same agent, milliseconds.
const TURN_MS: i64 = 60_000;
/// How long the CTI server may take to answer, milliseconds. The server's own patience ends then.
const ANSWER_MS: i64 = 15_000;
/// Events of a sign-in follow the confirmation within this time, milliseconds.
const SETTLE_MS: i64 = 1_000;
/// AgentState LOGOUT.
const LOGOUT: u16 = 1;
/// Lines of evidence for the events of one sign-in.
const MAX_EVENTS: usize = 4;

impl<'a> Tracer<'a, '_> {
    /// The CTI request of every PUT, by agent, extension and order: the next one goes out when the last is answered.
    pub(super) fn sent(&mut self, anchors: &[Anchor<'a>]) -> BTreeMap<usize, &'a Fact> {
        let mut sent = BTreeMap::new();
        for anchor in anchors {
            let Proof::Put(put) = anchor.proof else {
                continue;
            };
            let (Some(request), Some(facts)) =
                (self.request(put), self.index.agents.get(&anchor.agent))
            else {
                continue;
            };
            if request.refusal().is_some() {
                continue;
            }
            let extension = request
                .parameter("extension")
                .unwrap_or_default()
                .to_owned();
            let at = request.at;
            let is_ours = |fact: &Fact| {
                matches!(&fact.kind, Kind::CtiRequest { extension: seen, .. }
                    if seen.split(';').next().is_some_and(|device| device.trim() == extension))
            };
            let found = self
                .taken
                .earliest(&facts.cti_requests, at, at + TURN_MS, is_ours);
            sent.extend(found.map(|fact| (put, fact)));
        }
        sent
    }

    /// Finds the steps behind an accepted PUT; what failed there, if anything did.
    pub(super) fn answered(
        &mut self,
        request: &Request,
        login: &Login,
        sent: Option<&'a Fact>,
        steps: &mut BTreeMap<Step, Found>,
    ) -> Option<(Step, Diagnosis)> {
        let extension = login.extension.as_deref().unwrap_or_default();
        let agent = login.agent.as_deref().unwrap_or_default();
        let from = sent.map_or(request.at, |fact| fact.at);
        let published = self.published(request, agent, from);
        let invoke_id = match sent.map(|fact| &fact.kind) {
            Some(Kind::CtiRequest { invoke_id, .. }) => Some(*invoke_id),
            _ => None,
        };
        let mut entries: Vec<Place> = Vec::new();
        // The CTI server's clock minus ours, at most: when it noted the request, minus when we sent it.
        let mut ahead = None;
        if let Some((fact, invoke_id)) = sent.zip(invoke_id) {
            let entry = self
                .cti
                .by_invoke("SET_AGENT_STATE_REQ", invoke_id, agent, fact.at);
            ahead = entry
                .and_then(|place| self.cti.clock_of(place, fact.at))
                .map(|noted| noted - fact.at + 1);
            let confidence = if entry.is_some() {
                Confidence::Exact
            } else {
                Confidence::Strong
            };
            let mut evidence = vec![fact.place];
            evidence.extend(entry);
            let found = Found::new(fact.at, confidence, evidence)
                .with("invoke_id", Some(invoke_id))
                .with("agent", Some(agent))
                .with("extension", Some(extension))
                .slack(self.slack_at(fact.place, true));
            steps.insert(Step::CtiRequest, found);
        }
        let answer = sent
            .zip(invoke_id)
            .and_then(|(fact, invoke_id)| self.conf(fact.at, invoke_id));
        if let Some((fact, invoke_id)) = answer.zip(invoke_id) {
            let name = if matches!(fact.kind, Kind::CtiConf { .. }) {
                "SET_AGENT_STATE_CONF"
            } else {
                "CONTROL_FAILURE_CONF"
            };
            let entry = self.cti.by_invoke(name, invoke_id, "", fact.at);
            self.bound_cti(ahead, entry, fact.at);
            entries.extend(entry);
        }
        if let Some((
            fact,
            Kind::CtiFailure {
                code,
                name,
                peripheral,
                ..
            },
        )) = answer.map(|fact| (fact, &fact.kind))
        {
            let mut evidence = vec![fact.place];
            evidence.extend(entries);
            let found =
                Found::new(fact.at, Confidence::Exact, evidence).lasting(Some(fact.at - from));
            steps.insert(Step::CtiEvent, found);
            return Some((
                Step::CtiEvent,
                diagnosis::control_failure(*code, name, *peripheral, agent, extension),
            ));
        }
        let until = published
            .filter(|(_, confidence)| *confidence == Confidence::Exact)
            .map(|(fact, _)| fact.at)
            .or(answer.map(|fact| fact.at + SETTLE_MS))
            .unwrap_or(from + ANSWER_MS);
        let events = self.events(agent, from, until);
        let Some(first) = events.first().copied().or(answer) else {
            return self.unanswered(login, sent, published, steps);
        };
        let mut evidence: Vec<Place> = events.iter().map(|fact| fact.place).collect();
        evidence.extend(answer.map(|fact| fact.place));
        evidence.extend(entries);
        for event in &events {
            let entry = self.event_entry(event);
            self.bound_cti(ahead, entry, event.at);
            evidence.extend(entry);
        }
        // Without a time of its own the request tells no length.
        let length = sent
            .filter(|fact| !self.facts.by_client.contains(&fact.place))
            .map(|fact| first.at - fact.at);
        let dispatch = match first.kind {
            Kind::CtiEvent {
                received,
                dispatched,
                ..
            } if received > 0 && dispatched >= received => Some(dispatched - received),
            _ => None,
        };
        let found = Found::new(first.at, Confidence::Strong, evidence)
            .lasting(length)
            .with("dispatch_ms", dispatch);
        steps.insert(Step::CtiEvent, found);
        if let Some((fact, confidence)) = published.filter(|(fact, _)| error_of(fact).is_none()) {
            let length = (fact.at - first.at).max(0);
            steps.insert(
                Step::Publish,
                Found::new(fact.at, confidence, vec![fact.place])
                    .lasting(Some(length))
                    .with("request_id", request.request_id.clone()),
            );
        }
        None
    }

    /// Neither confirmation nor event.
    fn unanswered(
        &mut self,
        login: &Login,
        sent: Option<&'a Fact>,
        published: Option<(&'a Fact, Confidence)>,
        steps: &mut BTreeMap<Step, Found>,
    ) -> Option<(Step, Diagnosis)> {
        if let Some((fact, text)) = published.and_then(|(fact, _)| Some((fact, error_of(fact)?))) {
            let length = sent.map(|sent| fact.at - sent.at);
            steps.insert(
                Step::CtiEvent,
                Found::new(fact.at, Confidence::Exact, vec![fact.place]).lasting(length),
            );
            let lost = sent.and_then(|sent| self.index.lost_between(sent.at, fact.at));
            return Some((
                Step::CtiEvent,
                match (lost, sent) {
                    (Some((why, _)), _) => diagnosis::no_answer(Some(why)),
                    // The server gave up: nothing came from the CTI server at all.
                    (None, Some(sent)) if fact.at - sent.at >= ANSWER_MS - 1_000 => {
                        diagnosis::no_answer(None)
                    }
                    _ => diagnosis::error_published(
                        text,
                        login.agent.as_deref().unwrap_or_default(),
                        login.extension.as_deref().unwrap_or_default(),
                    ),
                },
            ));
        }
        let sent = sent?;
        if let Some((why, place)) = self.index.lost_between(sent.at, sent.at + ANSWER_MS) {
            steps.insert(
                Step::CtiEvent,
                Found::new(sent.at, Confidence::Time, vec![place]),
            );
            return Some((Step::CtiEvent, diagnosis::no_answer(Some(why))));
        }
        // Silence is a failure only when the log goes on long enough to have held the answer.
        let is_over = self
            .facts
            .newest
            .is_some_and(|newest| newest >= sent.at + ANSWER_MS);
        is_over.then(|| (Step::CtiEvent, diagnosis::no_answer(None)))
    }

    /// The confirmation or failure with this InvokeID: the first behind the request.
    fn conf(&self, sent: i64, invoke_id: u32) -> Option<&'a Fact> {
        let facts = self.index.answers.get(&invoke_id)?;
        let start = facts.partition_point(|fact| fact.at < sent);
        facts
            .get(start)
            .copied()
            .filter(|fact| fact.at <= sent + ANSWER_MS)
    }

    /// The events that show the agent signed in.
    fn events(&mut self, agent: &str, from: i64, until: i64) -> Vec<&'a Fact> {
        let Some(facts) = self.index.agents.get(agent) else {
            return Vec::new();
        };
        let mut events = Vec::new();
        let is_in =
            |fact: &Fact| matches!(fact.kind, Kind::CtiEvent { state, .. } if state != LOGOUT);
        while events.len() < MAX_EVENTS
            && let Some(fact) = self.taken.earliest(&facts.cti_events, from, until, is_in)
        {
            events.push(fact);
        }
        events
    }

    /// Bounds the CTI server's clock by a request and an answer that both logs have.
    fn bound_cti(&mut self, ahead: Option<i64>, entry: Option<Place>, at: i64) {
        let behind = entry
            .and_then(|place| self.cti.clock_of(place, at))
            .map(|noted| noted - at - 1);
        if let (Some(max), Some(min)) = (ahead, behind) {
            self.cti_pairs.push(Offset {
                min,
                max,
                source: Source::Pairs,
            });
        }
    }

    fn event_entry(&mut self, event: &'a Fact) -> Option<Place> {
        let Kind::CtiEvent { agent, .. } = &event.kind else {
            return None;
        };
        self.cti.by_agent("AGENT_STATE_EVENT", agent, event.at)
    }

    /// The publication with the PUT's requestId, else the agent's next one.
    fn published(
        &mut self,
        request: &Request,
        agent: &str,
        from: i64,
    ) -> Option<(&'a Fact, Confidence)> {
        let facts = self.index.agents.get(agent)?;
        if let Some(id) = request.request_id.as_deref() {
            let is_ours = |fact: &Fact| matches!(&fact.kind, Kind::Publish { request_id: Some(seen), .. } if seen == id);
            let exact = self
                .taken
                .earliest(&facts.publishes, request.at, i64::MAX, is_ours);
            if let Some(fact) = exact {
                return Some((fact, Confidence::Exact));
            }
        }
        let is_any = |fact: &Fact| {
            matches!(
                &fact.kind,
                Kind::Publish {
                    request_id: None,
                    error: None,
                    ..
                }
            )
        };
        let next = self
            .taken
            .earliest(&facts.publishes, from, from + ANSWER_MS, is_any)?;
        Some((next, Confidence::Strong))
    }
}

fn error_of(fact: &Fact) -> Option<&ApiFailure> {
    match &fact.kind {
        Kind::Publish { error, .. } => error.as_ref(),
        _ => None,
    }
}
