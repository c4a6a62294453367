//! Steps 3 to 5: the event channel, presence, and the user's own document.

use std::collections::BTreeMap;

use tact_logline::step::Step;

use super::{Anchor, SECOND_MS, Tracer};
use crate::attempt::{Attempt, Moment};
use crate::diagnosis::LOCKING_FAILURES;
use crate::fact::{Fact, Kind};
use crate::login::{Confidence, Found};

/// A login without a client log takes a GET of its user at most this old.
const USER_MS: i64 = 60_000;
/// Presence may be noted a little after the PUT that a fast client sent behind it.
const LATE_PRESENCE_MS: i64 = 2_000;
/// Refusals within this time lock an account.
const LOCK_MS: i64 = 5 * 60_000;

/// How long the client took to connect, and how often it tried again.
fn connected(attempt: &Attempt, stood: Moment, found: Found) -> Found {
    let retries = attempt.retries.len();
    let found = found.with("retries", (retries > 0).then_some(retries));
    let Some((began, ended)) = attempt
        .connecting
        .and_then(|moment| Some((moment, stood.at?)))
        .and_then(|(moment, ended)| Some(((moment.at?, moment.slack), ended)))
    else {
        return found;
    };
    // What the page asked next bounds a stamp of whole seconds.
    let next = attempt.before.iter().map(|get| get.nocache).min();
    let latest = match next {
        Some(next) if next >= ended && stood.slack > 0 => next.min(ended + stood.slack),
        _ => ended + stood.slack,
    };
    let (least, most) = (ended - began.0 - began.1, latest - began.0);
    if least == most {
        return found.lasting(Some(most));
    }
    found
        .with("least_ms", Some(least.max(0)))
        .with("most_ms", Some(most))
}

impl<'a> Tracer<'a, '_> {
    /// The channel that stood when the PUT came, and the presence sent over it.
    pub(super) fn channel(&mut self, anchor: &Anchor<'a>, put: i64) -> BTreeMap<Step, Found> {
        let mut steps = BTreeMap::new();
        let session = self.session(&anchor.agent, put);
        let told = anchor
            .attempt
            .and_then(|attempt| Some((attempt, attempt.established?)));
        let mut channel =
            session.map(|fact| Found::new(fact.at, Confidence::Strong, vec![fact.place]).coarse());
        if let Some((attempt, moment)) = told {
            // The client's stamp has milliseconds; the notification log proves the session.
            let mut found = self.client_step(
                attempt,
                moment,
                session.map_or(put, |fact| fact.at),
                Confidence::Strong,
            );
            if let Some(fact) = session {
                found.evidence.insert(0, fact.place);
            }
            channel = Some(connected(attempt, moment, found));
        }
        let presence = self.presence(&anchor.agent, session, put);
        if let (Some(found), Some(presence)) = (&mut channel, presence) {
            // A desktop may say that its channel stands only after it has sent its presence over it.
            if !self.facts.by_client.contains(&presence.place) {
                found.at = found.at.min(presence.at);
            }
        }
        steps.extend(channel.map(|found| (Step::EventChannel, found)));
        steps.extend(presence.map(|fact| {
            let jid = match &fact.kind {
                Kind::Presence { jid, .. } => Some(jid.clone()),
                _ => None,
            };
            let found = Found::new(fact.at, Confidence::Strong, vec![fact.place])
                .with("jid", jid)
                .slack(self.slack_at(fact.place, true));
            (Step::Presence, found)
        }));
        steps
    }

    /// The latest session before the PUT that no login has; a page that stayed open shares its own.
    fn session(&mut self, agent: &str, put: i64) -> Option<&'a Fact> {
        let facts = self.index.agents.get(agent)?;
        let is_open = |created: &Fact| {
            let Kind::SessionCreated { jid } = &created.kind else {
                return false;
            };
            !facts.closed.iter().any(|closed| {
                matches!(&closed.kind, Kind::SessionClosed { jid: other } if other == jid)
                    && (closed.at, closed.place) > (created.at, created.place)
                    && closed.at + SECOND_MS <= put
            })
        };
        let free = self.taken.latest(&facts.sessions, i64::MIN, put, is_open);
        free.or_else(|| {
            facts
                .sessions
                .iter()
                .rev()
                .find(|fact| fact.at <= put && is_open(fact))
                .copied()
        })
    }

    fn presence(&mut self, agent: &str, session: Option<&Fact>, put: i64) -> Option<&'a Fact> {
        let facts = self.index.agents.get(agent)?;
        let from = session.map_or(i64::MIN, |fact| fact.at);
        let is_same = |fact: &Fact| match (session.map(|fact| &fact.kind), &fact.kind) {
            (Some(Kind::SessionCreated { jid }), Kind::Presence { jid: seen, .. }) => {
                // Some servers print the bare JID.
                seen == jid || jid.split('/').next() == Some(seen)
            }
            _ => true,
        };
        let free = self.taken.latest(&facts.presences, from, put, is_same);
        let free = free.or_else(|| {
            self.taken
                .earliest(&facts.presences, put, put + LATE_PRESENCE_MS, is_same)
        });
        free.or_else(|| {
            facts
                .presences
                .iter()
                .rev()
                .find(|fact| (from..=put).contains(&fact.at) && is_same(fact))
                .copied()
        })
    }

    /// GET User/{id}: by the client's nocache, else the agent's latest before the PUT.
    pub(super) fn user(&mut self, anchor: &Anchor<'a>, put: usize) -> Option<Found> {
        let path = format!("/User/{}", anchor.agent);
        let asked = anchor
            .attempt
            .and_then(|attempt| attempt.asked_before(&path));
        if let Some(get) = asked {
            let found = self
                .index
                .requests_with(get.nocache, &path)
                .find(|(_, request)| request.user == anchor.agent || request.user.is_empty());
            if let Some((index, _)) = found {
                self.taken.requests.insert(index);
                return self.request_step(index, Confidence::Exact, Some(get.asked.place));
            }
        }
        let until = self.request(put)?.at;
        let gets = self
            .index
            .agents
            .get(&anchor.agent)
            .map(|facts| facts.gets.as_slice())
            .unwrap_or_default();
        let index = gets.iter().rev().copied().find(|index| {
            self.request(*index).is_some_and(|request| {
                (until - USER_MS..=until).contains(&request.at)
                    && request.resource == path
                    && request.refusal().is_none()
            }) && !self.taken.requests.contains(index)
        })?;
        self.taken.requests.insert(index);
        self.request_step(index, Confidence::Strong, None)
    }

    /// The realm's line of a refused channel.
    pub(super) fn realm_refusal(&mut self, agent: &str, at: i64) -> Option<&'a Fact> {
        let facts = self.index.agents.get(agent)?;
        self.taken.latest(
            &facts.realm_refused,
            at - SECOND_MS,
            at + 2 * SECOND_MS,
            |_| true,
        )
    }

    /// How often this agent was refused in the minutes before, this time included.
    pub(super) fn failures_before(&self, agent: &str, at: i64) -> usize {
        let facts = self.index.agents.get(agent);
        let refused = facts
            .map(|facts| facts.realm_refused.as_slice())
            .unwrap_or_default();
        let end = refused.partition_point(|fact| fact.at <= at);
        let recent = refused
            .iter()
            .take(end)
            .rev()
            .take_while(|fact| fact.at > at - LOCK_MS);
        recent.take(LOCKING_FAILURES * 20).count()
    }
}
