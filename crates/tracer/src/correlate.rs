//! Facts joined to logins (logs.md 5).
//!
//! A login is anchored by what only a login does: a PUT that signs in, a channel that refused its credentials, or a
//! client log that tells of a desktop which came no further. The other steps are joined to the anchor by nocache,
//! requestId, thread, InvokeID, JID, or agent and order. What is joined by order or time is taken once, and the
//! latest login takes first, so that agents who sign in at the same moment never share evidence and each gets what
//! lies nearest in front of it.

mod after;
mod answer;
mod asked;
mod before;
mod notes;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use tact_logline::step::Step;

use crate::attempt::{Attempt, Get, Moment, attempts};
use crate::clock::{CTI_SERVER, Clocks, Offset};
use crate::ctilog::CtiLog;
use crate::dating::{self, Given};
use crate::diagnosis;
use crate::fact::{Fact, Facts, Place};
use crate::index::{Index, Taken, agent_of};
use crate::login::{Confidence, Found, Login};
use crate::request::Request;
use page::Page;

/// Times of the notification and access logs are cut to whole seconds.
const SECOND_MS: i64 = 1_000;

/// A desktop that has no channel after this time won't have one, milliseconds.
const NO_CHANNEL_MS: i64 = 30_000;

/// What was found.
pub(crate) struct Logins {
    /// In the order in which they happened.
    pub(crate) logins: Vec<Login>,
    /// The clients' clocks.
    pub(crate) clocks: Clocks,
}

/// What proves that somebody tried to sign in.
#[derive(Debug, Clone, Copy)]
enum Proof<'a> {
    /// The request that signs in.
    Put(usize),
    /// The notification log's line.
    Refused(&'a Fact),
    /// Only the client's own log, and it came no further than this.
    Told,
    /// Only the client's own log, with its PUT.
    Asked,
}

/// One login before its steps are found.
#[derive(Debug, Clone)]
struct Anchor<'a> {
    agent: String,
    at: i64,
    proof: Proof<'a>,
    attempt: Option<&'a Attempt>,
}

/// Finds every login. `name_of_log` names a client log whose address the access log does not tell.
pub(crate) fn logins(
    facts: &mut Facts,
    given: &Given,
    name_of_log: impl Fn(usize) -> String,
) -> Logins {
    let mut known = None;
    if !facts.by_client.is_empty() {
        let index = Index::new(facts);
        let clocks = bounded(facts, &index, &told(facts, &index), given, &name_of_log);
        if let Some(offset) = clocks.only_client() {
            dating::to_server(facts, offset);
        }
        known = Some(clocks);
    }
    let facts: &Facts = facts;
    let index = Index::new(facts);
    let told = told(facts, &index);
    let clocks = known.unwrap_or_else(|| bounded(facts, &index, &told, given, &name_of_log));
    let anchors = anchors(facts, &index, &told, &clocks);
    let mut tracer = Tracer {
        facts,
        index: &index,
        clocks: &clocks,
        taken: Taken::default(),
        cti: CtiLog::new(facts).in_zone(given.zone),
        cti_pairs: Vec::new(),
    };
    let pages = tracer.pages(&anchors);
    let sent = tracer.sent(&anchors);
    let mut logins = Vec::with_capacity(anchors.len());
    for (at, anchor) in anchors.iter().enumerate().rev() {
        let page = pages.get(at).cloned().unwrap_or_default();
        logins.push(match anchor.proof {
            Proof::Put(put) => tracer.sign_in(anchor, put, page, sent.get(&put).copied()),
            Proof::Refused(fact) => tracer.refused(anchor, Some(fact), page),
            Proof::Told => tracer.refused(anchor, None, page),
            Proof::Asked => tracer.asked(anchor, page),
        });
    }
    logins.extend(tracer.out_of_service());
    logins.sort_by(|a, b| (a.at, &a.agent).cmp(&(b.at, &b.agent)));
    let pairs = tracer.cti_pairs;
    let mut clocks = clocks;
    for pair in pairs {
        clocks.bound(CTI_SERVER, pair);
    }
    Logins { logins, clocks }
}

/// What the client logs tell of each try.
fn told(facts: &Facts, index: &Index<'_>) -> Vec<Attempt> {
    let sign_ins: BTreeSet<&str> = index
        .requests
        .iter()
        .filter(|request| request.is_sign_in())
        .filter_map(|request| request.request_id.as_deref())
        .collect();
    facts
        .clients
        .iter()
        .enumerate()
        .flat_map(|(at, log)| attempts(at, log, &sign_ins))
        .collect()
}

/// Every client's clock, bounded by what its log and the server's have in common.
fn bounded(
    facts: &Facts,
    index: &Index<'_>,
    told: &[Attempt],
    given: &Given,
    name_of_log: impl Fn(usize) -> String,
) -> Clocks {
    let request_of =
        |get: &Get| only(index.requests_with(get.nocache, &get.path)).map(|(_, request)| request);
    let mut clocks = Clocks::new(told, request_of, &name_of_log);
    clocks.by_sign_in(told, index, &name_of_log);
    for (log, client) in facts.clients.iter().enumerate() {
        if let Some(drift) = client.drift {
            clocks.told(log, || name_of_log(log), drift);
        }
    }
    for (host, offset) in &given.offsets {
        clocks.given(host, *offset);
    }
    clocks
}

/// The one item of a sequence that has just one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

/// Every login by time. A client log's attempt belongs to the PUT with its requestId, else to the refusal beside it.
fn anchors<'a>(
    facts: &'a Facts,
    index: &Index<'a>,
    told: &'a [Attempt],
    clocks: &Clocks,
) -> Vec<Anchor<'a>> {
    let mut by_id: BTreeMap<&str, &Attempt> = BTreeMap::new();
    for attempt in told {
        if let Some(id) = attempt.request_id.as_deref() {
            let known = by_id.entry(id).or_insert(attempt);
            if attempt.weight() > known.weight() {
                *known = attempt;
            }
        }
    }
    let mut anchors = Vec::new();
    for (put, request) in index
        .requests
        .iter()
        .enumerate()
        .filter(|(_, request)| request.is_sign_in())
    {
        let attempt = request
            .request_id
            .as_deref()
            .and_then(|id| by_id.get(id).copied());
        anchors.push(Anchor {
            agent: agent_of(request),
            at: request.at,
            proof: Proof::Put(put),
            attempt,
        });
    }
    anchors.extend(only_told(facts, index, told, clocks));
    let mut others = without_put(facts, told, clocks);
    for (fact, agent) in &index.channel_refusals {
        // Who typed another's id on a page sends the log under the own one, so the time alone must do then.
        let near = |is_named: bool| {
            others.iter().position(|(name, at, attempt)| {
                // The refusal's second holds the client's moment, give or take the way between them.
                let is_near = (fact.at - 2 * SECOND_MS..fact.at + 3 * SECOND_MS).contains(at);
                attempt.unauthorized.is_some() && is_near && (!is_named || name == agent)
            })
        };
        let attempt = near(true)
            .or_else(|| near(false))
            .map(|at| others.remove(at).2);
        anchors.push(Anchor {
            agent: (*agent).to_owned(),
            at: fact.at,
            proof: Proof::Refused(fact),
            attempt,
        });
    }
    for (agent, at, attempt) in others {
        anchors.push(Anchor {
            agent,
            at,
            proof: Proof::Told,
            attempt: Some(attempt),
        });
    }
    anchors.sort_by(|a, b| (a.at, &a.agent).cmp(&(b.at, &b.agent)));
    anchors
}

/// The attempts whose PUT stands in the client's log only. One that was sent twice counts once, the fuller one.
fn only_told<'a>(
    facts: &'a Facts,
    index: &Index<'a>,
    told: &'a [Attempt],
    clocks: &Clocks,
) -> Vec<Anchor<'a>> {
    let mut by_id: BTreeMap<&str, Anchor<'a>> = BTreeMap::new();
    for attempt in told {
        let Some((id, put)) = attempt.request_id.as_deref().zip(attempt.put) else {
            continue;
        };
        let is_known = by_id.get(id).is_some_and(|known| {
            known
                .attempt
                .is_some_and(|known| known.weight() >= attempt.weight())
        });
        let named = facts.clients.get(attempt.log);
        let agent = named
            .and_then(|log| log.agent.clone())
            .or_else(|| attempt.named());
        // Without a date a login has its place among the others by its line only.
        let at = put.at.map_or(put.place.line.try_into().unwrap_or(0), |at| {
            clocks.to_server(attempt.log, at)
        });
        if let Some(agent) = agent.filter(|_| !is_known && !index.has_sign_in(id)) {
            let anchor = Anchor {
                agent,
                at,
                proof: Proof::Asked,
                attempt: Some(attempt),
            };
            by_id.insert(id, anchor);
        }
    }
    by_id.into_values().collect()
}

/// The attempts that never came to a PUT: agent, server's time, attempt. One that was sent twice counts once.
fn without_put<'a>(
    facts: &'a Facts,
    told: &'a [Attempt],
    clocks: &Clocks,
) -> Vec<(String, i64, &'a Attempt)> {
    let mut seen = BTreeSet::new();
    let mut others = Vec::new();
    for attempt in told.iter().filter(|attempt| attempt.put.is_none()) {
        let agent = facts
            .clients
            .get(attempt.log)
            .and_then(|log| log.agent.clone());
        let moment = attempt
            .unauthorized
            .or(attempt.system_info.as_ref().map(|get| get.asked));
        let (Some(agent), Some(at)) = (agent, moment.and_then(|moment| moment.at)) else {
            continue;
        };
        if seen.insert((agent.clone(), at)) {
            others.push((agent, clocks.to_server(attempt.log, at), attempt));
        }
    }
    others
}

/// What is needed while logins are put together.
struct Tracer<'a, 'i> {
    facts: &'a Facts,
    index: &'i Index<'a>,
    clocks: &'i Clocks,
    taken: Taken,
    cti: CtiLog<'a>,
    /// What the CTI server's log says of its clock.
    cti_pairs: Vec<Offset>,
}

impl<'a> Tracer<'a, '_> {
    fn request(&self, index: usize) -> Option<&Request> {
        self.index.requests.get(index)
    }

    /// A client's moment as a step, by the server's clock; `otherwise` where the log has no date.
    fn client_step(
        &self,
        attempt: &Attempt,
        moment: Moment,
        otherwise: i64,
        confidence: Confidence,
    ) -> Found {
        let at = moment
            .at
            .map_or(otherwise, |at| self.clocks.to_server(attempt.log, at));
        let offset = self.clocks.of_log(attempt.log);
        let mut found = Found::new(at, confidence, vec![moment.place])
            .slack(moment.slack)
            .slack(offset.map_or(0, Offset::slack));
        found.is_coarse = moment.slack > 0;
        found
    }

    /// A request as a step, with the client's line of it.
    fn request_step(
        &self,
        index: usize,
        confidence: Confidence,
        client: Option<Place>,
    ) -> Option<Found> {
        let request = self.request(index)?;
        let mut evidence = request.places.clone();
        evidence.extend(client);
        let web = request.access.as_ref();
        let found = Found::new(request.at, confidence, evidence)
            .lasting(request.elapsed)
            .with("api_ms", request.elapsed)
            .with("web_ms", web.map(|access| access.elapsed))
            .with(
                "gadget_ms",
                request.gadget.as_ref().map(|access| access.elapsed),
            )
            .with("status", web.map(|access| access.status))
            .with("nocache", request.nocache)
            .with("request_id", request.request_id.clone());
        Some(match request.begun {
            Some(place) => found.slack(self.slack_at(place, request.nocache.is_none())),
            None => found,
        })
    }

    /// How much later a fact may have been that has no time of its own; `is_loose` when not even a nocache dates it.
    fn slack_at(&self, place: Place, is_loose: bool) -> i64 {
        if !self.facts.by_client.contains(&place) {
            return 0;
        }
        let clock = self.clocks.only_client().map_or(0, Offset::slack);
        if is_loose { i64::MAX } else { clock }
    }

    /// A login that has a PUT.
    fn sign_in(
        &mut self,
        anchor: &Anchor<'a>,
        put: usize,
        page: Page,
        sent: Option<&'a Fact>,
    ) -> Login {
        let mut steps = page.steps;
        let request = self.request(put).cloned();
        let extension = request
            .as_ref()
            .and_then(|request| request.parameter("extension"))
            .map(str::to_owned);
        let mut login = Login::new(Some(anchor.agent.clone()), anchor.at, BTreeMap::new());
        login.extension = extension;
        let Some(request) = request else { return login };
        steps.extend(self.channel(anchor, request.at));
        steps.extend(self.user(anchor, put).map(|found| (Step::User, found)));
        let client = anchor
            .attempt
            .and_then(|attempt| attempt.put)
            .map(|moment| moment.place);
        steps.extend(
            self.request_step(put, Confidence::Exact, client)
                .map(|found| (Step::SignIn, found)),
        );
        let mut failed = self.put_refused(anchor, &request);
        if failed.is_none() {
            failed = self.answered(&request, &login, sent, &mut steps);
        }
        if failed.is_none() {
            self.client_side(anchor, &mut steps);
            failed = self
                .not_delivered(anchor, &steps)
                .or_else(|| self.agent_data(anchor, put, &mut steps));
        }
        login.steps = steps;
        login.is_of_two_clocks = self.is_of_two_clocks(&login);
        login.notes = self.notes(anchor, &login);
        login.close(failed)
    }

    /// Why the PUT itself did not succeed.
    fn put_refused(
        &self,
        anchor: &Anchor<'_>,
        request: &Request,
    ) -> Option<(Step, diagnosis::Diagnosis)> {
        let (status, text) = request.refusal()?;
        let why = self.index.down_at(request.at).map(|(why, _)| why);
        if status == 503
            && anchor
                .attempt
                .is_some_and(|attempt| attempt.in_service == Some(false))
        {
            return Some((
                Step::SystemInfo,
                diagnosis::out_of_service(why.unwrap_or_default()),
            ));
        }
        let text = match why.filter(|_| status == 503) {
            Some(why) => why.to_owned(),
            None => text,
        };
        let alarm = self.index.alarm_near(request.at, 3);
        Some((
            Step::SignIn,
            diagnosis::request_refused(status, &text, alarm),
        ))
    }

    /// A login that never came to a PUT: its channel was refused, or the server was out of service.
    fn refused(&mut self, anchor: &Anchor<'a>, fact: Option<&'a Fact>, page: Page) -> Login {
        let mut login = Login::new(Some(anchor.agent.clone()), anchor.at, page.steps);
        let told = anchor.attempt.and_then(|attempt| attempt.unauthorized);
        let silent = anchor.attempt.filter(|attempt| {
            attempt.has_no_channel() && attempt.in_service != Some(false) && told.is_none()
        });
        if let Some(attempt) = silent.filter(|_| fact.is_none()) {
            return self.never_connected(attempt, login);
        }
        if fact.is_none() && told.is_none() {
            let down = self.index.down_at(anchor.at);
            if let Some(found) = login.steps.get_mut(&Step::SystemInfo) {
                found.evidence.extend(down.map(|(_, place)| place));
            }
            return login.close(Some((
                Step::SystemInfo,
                diagnosis::out_of_service(down.map_or("", |(why, _)| why)),
            )));
        }
        let realm = self.realm_refusal(&anchor.agent, anchor.at);
        let mut evidence: Vec<Place> = fact.iter().map(|fact| fact.place).collect();
        evidence.extend(realm.map(|fact| fact.place));
        evidence.extend(told.map(|moment| moment.place));
        // The realm's line has milliseconds.
        let found = match realm {
            Some(realm) => Found::new(realm.at, Confidence::Strong, evidence),
            None => Found::new(anchor.at, Confidence::Strong, evidence).coarse(),
        };
        let failures = self.failures_before(&anchor.agent, found.at);
        login.steps.insert(Step::EventChannel, found);
        let diagnosis = diagnosis::channel_refused(
            &anchor.agent,
            failures,
            self.index.alarm_near(anchor.at, 3),
        );
        login.close(Some((Step::EventChannel, diagnosis)))
    }

    /// Row 10: a desktop that began to connect; a failure only when its log goes on long enough.
    fn never_connected(&self, attempt: &Attempt, mut login: Login) -> Login {
        let Some(began) = attempt.connecting else {
            return login;
        };
        let mut found = self.client_step(attempt, began, login.at, Confidence::Strong);
        found
            .evidence
            .extend(attempt.retries.iter().map(|(moment, _)| moment.place));
        let waited = began.at.zip(attempt.last).map_or(0, |(at, last)| last - at);
        let failed = (waited >= NO_CHANNEL_MS)
            .then(|| (Step::EventChannel, diagnosis::never_connected(waited)));
        if failed.is_some() {
            login.steps.insert(Step::EventChannel, found);
        }
        login.close(failed)
    }
}
