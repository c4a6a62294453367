//! Steps 10 to 12: what the desktop got and shows, and the data that it asks for then.

use std::collections::BTreeMap;

use tact_logline::step::Step;

use super::{Anchor, Tracer};
use crate::attempt::Get;
use crate::clock::Offset;
use crate::diagnosis::{self, Diagnosis};
use crate::fact::Place;
use crate::login::{Confidence, Found};
use crate::request::Request;

/// A client without a log asks for its data within this time, milliseconds.
const DATA_MS: i64 = 60_000;

/// A desktop whose log goes on this long behind a publication without it did not get it, milliseconds.
const DELIVERED_MS: i64 = 10_000;

/// What a desktop asks for once the agent is signed in.
const DATA: [(&str, Option<&str>); 4] = [
    ("Dialogs", None),
    ("ReasonCodes", Some("LOGOUT")),
    ("ReasonCodes", Some("NOT_READY")),
    ("PhoneBooks", None),
];

impl<'a> Tracer<'a, '_> {
    /// The event with the PUT's requestId in the client's log, and the line that says that the agent is signed in.
    pub(super) fn client_side(&self, anchor: &Anchor<'a>, steps: &mut BTreeMap<Step, Found>) {
        let Some(attempt) = anchor.attempt else {
            return;
        };
        let otherwise = steps
            .get(&Step::Publish)
            .map_or(anchor.at, |found| found.at);
        let both = [
            (Step::Deliver, attempt.delivered),
            (Step::SignedIn, attempt.logged_in),
        ];
        for (step, moment) in both {
            let found = moment
                .map(|moment| self.client_step(attempt, moment, otherwise, Confidence::Exact));
            steps.extend(found.map(|found| (step, found)));
        }
    }

    /// Row 34: the event was published, and the log of the desktop goes on without it.
    pub(super) fn not_delivered(
        &self,
        anchor: &Anchor<'_>,
        steps: &BTreeMap<Step, Found>,
    ) -> Option<(Step, Diagnosis)> {
        let attempt = anchor.attempt?;
        let published = steps.get(&Step::Publish)?;
        if attempt.delivered.is_some() || attempt.logged_in.is_some() {
            return None;
        }
        let last = self.clocks.to_server(attempt.log, attempt.last?);
        let after = last - published.at;
        (after >= DELIVERED_MS).then(|| (Step::Deliver, diagnosis::not_delivered(after)))
    }

    /// The four requests, all of them answered 200; a refused one breaks the login there.
    pub(super) fn agent_data(
        &mut self,
        anchor: &Anchor<'a>,
        put: usize,
        steps: &mut BTreeMap<Step, Found>,
    ) -> Option<(Step, Diagnosis)> {
        let from = self.request(put)?.end();
        let sign_ins = &self.index.agents.get(&anchor.agent)?.sign_ins;
        let next = sign_ins.iter().copied().filter(|index| *index > put).min();
        let until = next
            .and_then(|index| self.request(index))
            .map_or(i64::MAX, |request| request.at);
        let mut found: Vec<(usize, Confidence, Option<Place>)> = Vec::new();
        for (name, category) in DATA {
            let path = format!("/User/{}/{name}", anchor.agent);
            let data = self
                .told_data(anchor, &path, category)
                .or_else(|| self.data(anchor, &path, category, from, until));
            found.extend(data);
        }
        self.taken
            .requests
            .extend(found.iter().map(|(index, ..)| *index));
        let requests: Vec<&Request> = found
            .iter()
            .filter_map(|(index, ..)| self.request(*index))
            .collect();
        let refused = requests
            .iter()
            .find_map(|request| Some((request.refusal()?, &request.resource)));
        if found.is_empty() {
            steps.extend(self.only_asked(anchor));
            return None;
        }
        if refused.is_none() && found.len() < DATA.len() {
            return None;
        }
        let at = requests.iter().map(|request| request.at).min()?;
        let end = requests.iter().map(|request| request.end()).max()?;
        let confidence = found.iter().map(|(_, confidence, _)| *confidence).min()?;
        let mut evidence: Vec<Place> = requests
            .iter()
            .filter_map(|request| request.places.first().copied())
            .collect();
        evidence.extend(
            requests
                .iter()
                .flat_map(|request| request.places.iter().skip(1).copied()),
        );
        evidence.extend(found.iter().filter_map(|(_, _, client)| *client));
        let failed = refused.map(|((status, text), resource)| {
            (
                Step::AgentData,
                diagnosis::request_refused(
                    status,
                    &format!("{resource} {text}"),
                    self.index.alarm_near(at, 3),
                ),
            )
        });
        steps.insert(
            Step::AgentData,
            Found::new(at, confidence, evidence).lasting(Some(end - at)),
        );
        failed
    }

    /// What the client's log alone tells: that the desktop, signed in, asked for its dialogs and reason codes. The
    /// answers stand in the server's logs only.
    pub(super) fn only_asked(&self, anchor: &Anchor<'_>) -> Option<(Step, Found)> {
        let attempt = anchor.attempt?;
        attempt.logged_in?;
        let asked = |name: &str, category: Option<&str>| {
            let path = match category {
                Some(category) => format!("/User/{}/{name}?category={category}", anchor.agent),
                None => format!("/User/{}/{name}", anchor.agent),
            };
            attempt.after.iter().find(|get| get.path == path)
        };
        let gets: Vec<&Get> = DATA
            .iter()
            .filter_map(|(name, category)| asked(name, *category))
            .collect();
        // The oldest release keeps its phone book elsewhere.
        if gets.len() + 1 < DATA.len() {
            return None;
        }
        let first = gets.iter().map(|get| get.nocache).min()?;
        let offset = self.clocks.of_log(attempt.log);
        let found = Found::new(
            self.clocks.to_server(attempt.log, first),
            Confidence::Strong,
            gets.iter().map(|get| get.asked.place).collect(),
        )
        .slack(offset.map_or(0, Offset::slack))
        .with("nocache", Some(first))
        .with("answers", Some("not in the logs given"));
        Some((Step::AgentData, found))
    }

    /// By the nocache of the client's log.
    fn told_data(
        &self,
        anchor: &Anchor<'_>,
        path: &str,
        category: Option<&str>,
    ) -> Option<(usize, Confidence, Option<Place>)> {
        let wanted = match category {
            Some(category) => format!("{path}?category={category}"),
            None => path.to_owned(),
        };
        let get = anchor
            .attempt?
            .after
            .iter()
            .find(|get| get.path == wanted)?;
        let (index, _) = self
            .index
            .requests_with(get.nocache, path)
            .find(|(_, request)| {
                (request.user == anchor.agent || request.user.is_empty())
                    && request.category.as_deref() == category
            })?;
        Some((index, Confidence::Exact, Some(get.asked.place)))
    }

    /// By agent and order.
    fn data(
        &self,
        anchor: &Anchor<'_>,
        path: &str,
        category: Option<&str>,
        from: i64,
        until: i64,
    ) -> Option<(usize, Confidence, Option<Place>)> {
        let gets = &self.index.agents.get(&anchor.agent)?.gets;
        let start = gets.partition_point(|index| {
            self.request(*index)
                .is_some_and(|request| request.at < from)
        });
        let index = gets.iter().skip(start).copied().find(|index| {
            self.request(*index).is_some_and(|request| {
                request.at < until
                    && request.at <= from + DATA_MS
                    && request.resource == path
                    && request.category.as_deref() == category
            }) && !self.taken.requests.contains(index)
        })?;
        Some((index, Confidence::Strong, None))
    }
}
