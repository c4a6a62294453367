//! Facts joined to logins (logs.md 5). Each login is found by what only a login does: a PUT with `state:LOGIN`, a
//! refused authentication, or a desktop that was loaded while the CTI link was down.
//!
//! A fact belongs to one login only: what is joined by time alone is taken once, so that agents who sign in at the
//! same millisecond never share evidence.

mod request;
mod unfinished;

use std::collections::{BTreeMap, BTreeSet};

use tact_logline::format::Format;
use tact_logline::step::Step;

use crate::diagnosis::{self, Diagnosis};
use request::{Request, requests};

use crate::fact::{ClientLine, ClientSays, Facts, Kind, Place};

/// How long the CTI server may take to answer, milliseconds.
const ANSWER_MS: i64 = 10_000;
/// How long before its sign-in a login may have begun, milliseconds.
const LOOK_BACK_MS: i64 = 15 * 60_000;
/// Refusals of one user closer than this are one attempt, milliseconds.
const ONE_ATTEMPT_MS: i64 = 2_000;
/// Zones differ by multiples of this, milliseconds.
const QUARTER_MS: i64 = 15 * 60_000;
/// How far the CTI server's clock may be off, milliseconds.
const PROCESS_SKEW_MS: i64 = 5_000;
/// The access and notification logs have whole seconds.
const SECOND: i64 = 1_000;

/// How sure a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Confidence {
    /// Joined by time and client only.
    Time,
    /// Joined by agent and order.
    Strong,
    /// Joined by an id that only this login has.
    Exact,
}

impl Confidence {
    /// As JSON prints it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Confidence::Time => "time",
            Confidence::Strong => "strong",
            Confidence::Exact => "exact",
        }
    }
}

/// One step that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// When it began, milliseconds since 1970.
    pub(crate) at: i64,
    /// How long it took, where known.
    pub(crate) ms: Option<i64>,
    /// How sure it is.
    pub(crate) confidence: Confidence,
    /// Where it stands.
    pub(crate) evidence: Vec<Place>,
}

/// How a login ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All twelve steps.
    Ok,
    /// Nothing failed, but evidence is missing.
    Incomplete,
    /// The first step that did not succeed, and why.
    Failed(Step, Diagnosis),
}

/// One attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Login {
    /// The agent's id; `None` where the login ended before it was said.
    pub(crate) agent: Option<String>,
    /// The extension, where one was asked for.
    pub(crate) extension: Option<String>,
    /// When it was anchored: the PUT, the refusal, or the load.
    pub(crate) at: i64,
    /// How it ended.
    pub(crate) verdict: Verdict,
    /// The steps in table order.
    pub(crate) steps: BTreeMap<Step, Found>,
}

/// A client's address and the access log's line that names it.
type AccessLine = (String, Place);

/// What is needed while logins are put together.
struct Tracer<'a> {
    facts: &'a Facts,
    requests: Vec<Request>,
    /// Requests and facts that belong to a login already.
    used_requests: BTreeSet<usize>,
    used_facts: BTreeSet<usize>,
    used_cti: BTreeSet<usize>,
    link_down: Vec<(i64, i64, String, Place)>,
}

/// All logins, in the order in which they happened.
pub(crate) fn find(facts: &Facts) -> Vec<Login> {
    let mut tracer = Tracer {
        facts,
        requests: requests(facts),
        used_requests: BTreeSet::new(),
        used_facts: BTreeSet::new(),
        used_cti: BTreeSet::new(),
        link_down: link_down(facts),
    };
    let mut logins = tracer.sign_ins();
    logins.extend(tracer.refusals(&logins));
    logins.extend(tracer.out_of_service());
    logins.sort_by(|a, b| (a.at, &a.agent).cmp(&(b.at, &b.agent)));
    logins
}

/// From when to when the CTI link was down, and why. A start without an error line says nothing.
fn link_down(facts: &Facts) -> Vec<(i64, i64, String, Place)> {
    let mut down = Vec::new();
    let mut since: Option<(i64, String, Place)> = None;
    for fact in &facts.facts {
        match &fact.kind {
            Kind::Link { up: false, text } => {
                _ = since.get_or_insert_with(|| (fact.at, text.clone(), fact.place))
            }
            Kind::Link { up: true, .. } => down.extend(
                since
                    .take()
                    .map(|(from, text, place)| (from, fact.at, text, place)),
            ),
            _ => {}
        }
    }
    down.extend(since.map(|(from, text, place)| (from, i64::MAX, text, place)));
    down
}

/// The agent desktop's page.
fn is_page(path: &str) -> bool {
    path.trim_end_matches('/') == "/desktop/container"
}

/// ` extension:2003 state:LOGIN` by key.
fn parameter<'a>(parameters: &'a str, key: &str) -> Option<&'a str> {
    parameters
        .split_ascii_whitespace()
        .find_map(|word| word.strip_prefix(key)?.strip_prefix(':'))
}

fn found(at: i64, ms: Option<i64>, confidence: Confidence, evidence: Vec<Place>) -> Found {
    Found {
        at,
        ms,
        confidence,
        evidence,
    }
}

impl Tracer<'_> {
    fn is_down(&self, at: i64) -> Option<&(i64, i64, String, Place)> {
        self.link_down
            .iter()
            .find(|(from, to, ..)| (*from..*to).contains(&at))
    }

    /// Takes the newest request before `to` that `wanted` accepts, at most [`LOOK_BACK_MS`] old.
    fn take_request_before(
        &mut self,
        from: i64,
        to: i64,
        wanted: impl Fn(&Request) -> bool,
    ) -> Option<usize> {
        let from = from.max(to.saturating_sub(LOOK_BACK_MS));
        let index = (0..self.requests.len()).rev().find(|index| {
            !self.used_requests.contains(index)
                && self
                    .requests
                    .get(*index)
                    .is_some_and(|r| r.at >= from && r.at <= to && r.method == "GET" && wanted(r))
        })?;
        self.used_requests.insert(index);
        Some(index)
    }

    /// Takes the newest unused fact in `[from, to]`.
    fn take_before(
        &mut self,
        from: i64,
        to: i64,
        wanted: impl Fn(&Kind) -> bool,
    ) -> Option<(i64, Place)> {
        let end = self.facts.facts.partition_point(|fact| fact.at <= to);
        let (index, fact) = self
            .facts
            .facts
            .iter()
            .enumerate()
            .take(end)
            .rev()
            .take_while(|(_, fact)| fact.at >= from)
            .find(|(index, fact)| !self.used_facts.contains(index) && wanted(&fact.kind))?;
        self.used_facts.insert(index);
        Some((fact.at, fact.place))
    }

    /// Takes the oldest unused fact in `[from, to]`.
    fn take_after(
        &mut self,
        from: i64,
        to: i64,
        wanted: impl Fn(&Kind) -> bool,
    ) -> Option<(i64, Place, Kind)> {
        let start = self.facts.facts.partition_point(|fact| fact.at < from);
        let (index, fact) = self
            .facts
            .facts
            .iter()
            .enumerate()
            .skip(start)
            .take_while(|(_, fact)| fact.at <= to)
            .find(|(index, fact)| !self.used_facts.contains(index) && wanted(&fact.kind))?;
        self.used_facts.insert(index);
        Some((fact.at, fact.place, fact.kind.clone()))
    }

    /// The access log's line of a request: by nocache, else by user, method, path and second.
    fn access_of(&mut self, request: &Request) -> Option<(Place, String, u16)> {
        let path = format!("/finesse/api{}", request.resource);
        let from = request.at - SECOND;
        let to = request.at + request.elapsed.unwrap_or(0) + SECOND;
        let taken = self.take_after(from, to, |kind| match kind {
            Kind::Access {
                method,
                path: seen,
                nocache,
                ..
            } => *method == request.method && *seen == path && *nocache == request.nocache,
            _ => false,
        })?;
        match taken.2 {
            Kind::Access { client, status, .. } => Some((taken.1, client, status)),
            _ => None,
        }
    }

    /// A request as a step, with its access line; also the client's address.
    fn step_of(
        &mut self,
        index: usize,
        confidence: Confidence,
    ) -> Option<(Found, Option<AccessLine>, Option<u16>)> {
        let request = self.requests.get(index)?.clone();
        let mut places = request.places.clone();
        let access = self.access_of(&request);
        places.extend(access.as_ref().map(|(place, ..)| *place));
        let (address, status) = access.map_or((None, None), |(place, client, status)| {
            (Some((client, place)), Some(status))
        });
        Some((
            found(request.at, request.elapsed, confidence, places),
            address,
            status,
        ))
    }

    /// The logins with a PUT.
    fn sign_ins(&mut self) -> Vec<Login> {
        let puts: Vec<usize> = (0..self.requests.len())
            .filter(|index| {
                self.requests.get(*index).is_some_and(|r| {
                    r.method == "PUT" && parameter(&r.parameters, "state") == Some("LOGIN")
                })
            })
            .collect();
        // Logins whose client log names its own requests take theirs first; the others take what is left.
        let mut ordered: Vec<(bool, usize)> = puts
            .iter()
            .map(|put| (self.client_log(*put).is_none(), *put))
            .collect();
        ordered.sort_unstable();
        ordered
            .into_iter()
            .filter_map(|(_, put)| self.sign_in(put, &puts))
            .collect()
    }

    /// The client log with this PUT's requestId: its lines and the index of the PUT.
    fn client_log(&self, put: usize) -> Option<(&[ClientLine], usize)> {
        let id = self.requests.get(put)?.request_id.as_deref()?;
        self.facts.clients.values().rev().find_map(|lines| {
            let at = lines.iter().position(
                |line| matches!(&line.says, ClientSays::Put { request_id } if request_id == id),
            )?;
            Some((lines.as_slice(), at))
        })
    }

    fn sign_in(&mut self, put: usize, puts: &[usize]) -> Option<Login> {
        let request = self.requests.get(put)?.clone();
        let agent = request.agent.clone();
        let extension = parameter(&request.parameters, "extension").map(str::to_owned);
        let of_agent = |index: &usize| {
            self.requests
                .get(*index)
                .filter(|r| r.agent == agent)
                .map(|r| r.at)
        };
        let previous = puts
            .iter()
            .filter(|index| **index < put)
            .filter_map(of_agent)
            .max()
            .unwrap_or(i64::MIN);
        let next = puts
            .iter()
            .filter(|index| **index > put)
            .filter_map(of_agent)
            .min()
            .unwrap_or(i64::MAX);
        let start = previous
            .saturating_add(1)
            .max(request.at.saturating_sub(LOOK_BACK_MS));
        let client = self.client_log(put).map(|(lines, at)| (lines.to_vec(), at));
        let mut steps = BTreeMap::new();

        let (sign_in, mut address, status) = self.step_of(put, Confidence::Exact)?;
        self.used_requests.insert(put);
        steps.insert(Step::SignIn, sign_in);

        // What the client says before its PUT, newest first.
        let before: &[ClientLine] = client
            .as_ref()
            .and_then(|(lines, at)| lines.get(..*at))
            .unwrap_or_default();
        let nocache_of = |wanted: &str| {
            before.iter().rev().find_map(|line| match &line.says {
                ClientSays::Get { path, nocache }
                    if path.trim_start_matches("/finesse/api") == wanted =>
                {
                    Some((*nocache, line.place))
                }
                _ => None,
            })
        };
        let user_path = format!("/User/{agent}");
        let user = self.get_step(
            &user_path,
            nocache_of(&user_path),
            start,
            request.at,
            Confidence::Strong,
        );
        let channel = self.channel(&agent, before, start, request.at);
        let until = channel
            .as_ref()
            .map_or(request.at, |found| found.at + SECOND)
            .min(request.at);
        let info = self.get_step(
            "/SystemInfo",
            nocache_of("/SystemInfo"),
            start,
            until,
            Confidence::Time,
        );
        if let Some((_, seen)) = &info {
            address = seen.clone().or(address);
        }
        let earliest = info.as_ref().map_or(until, |(found, _)| found.at);
        if let Some(line) = &address {
            let desktop = self.desktop(
                line,
                start.saturating_sub(SECOND),
                earliest,
                client.is_some(),
            );
            steps.extend(desktop.map(|found| (Step::Desktop, found)));
        }
        steps.extend(info.map(|(found, _)| (Step::SystemInfo, found)));
        steps.extend(user.map(|(found, _)| (Step::User, found)));
        if let Some(presence) = self.presence(&agent, start, request.at) {
            steps.insert(Step::Presence, presence);
        }
        let not_before = steps
            .get(&Step::SystemInfo)
            .map_or(i64::MIN, |info| info.at + info.ms.unwrap_or(0));
        steps.extend(channel.map(|mut found| {
            // The notification log has whole seconds: no earlier than what led to it.
            if not_before - found.at < SECOND {
                found.at = found.at.max(not_before);
            }
            (Step::EventChannel, found)
        }));

        let failed = self.after_put(
            &request,
            &agent,
            extension.as_deref().unwrap_or_default(),
            status,
            next,
            &mut steps,
        );
        if failed.is_none() {
            self.client_side(client.as_ref(), request.request_id.as_deref(), &mut steps);
            self.agent_data(&agent, request.at, next, &mut steps);
        }
        Some(finished(Some(agent), extension, request.at, failed, steps))
    }

    /// A GET as a step: by the client's own nocache, else the newest before the PUT.
    fn get_step(
        &mut self,
        path: &str,
        exact: Option<(i64, Place)>,
        from: i64,
        to: i64,
        otherwise: Confidence,
    ) -> Option<(Found, Option<AccessLine>)> {
        let by_nocache = exact.and_then(|(nocache, place)| {
            let index = self
                .requests
                .iter()
                .position(|r| r.nocache == Some(nocache) && r.resource == path)?;
            self.used_requests.insert(index);
            Some((index, Confidence::Exact, Some(place)))
        });
        let (index, confidence, client) = match by_nocache {
            Some(hit) => hit,
            None => (
                self.take_request_before(from, to, |r| r.resource == path && r.error.is_none())?,
                otherwise,
                None,
            ),
        };
        let (mut step, address, _) = self.step_of(index, confidence)?;
        step.evidence.extend(client);
        Some((step, address))
    }

    /// The channel by the notification log and the client log. The former has whole seconds, so the client's stamp is
    /// preferred where it lies in that second.
    fn channel(&mut self, agent: &str, before: &[ClientLine], from: i64, to: i64) -> Option<Found> {
        let is_ours = |kind: &Kind| matches!(kind, Kind::Session { agent: seen } if seen == agent);
        let session = self.take_before(from.saturating_sub(SECOND), to, is_ours);
        let said = before
            .iter()
            .rev()
            .find(|line| line.says == ClientSays::Established);
        let stamp = said.and_then(|line| line.at);
        let at = stamp.or(session.map(|(at, _)| at))?;
        let mut evidence: Vec<Place> = session.iter().map(|(_, place)| *place).collect();
        evidence.extend(said.map(|line| line.place));
        Some(found(at, None, Confidence::Strong, evidence))
    }

    fn presence(&mut self, agent: &str, from: i64, to: i64) -> Option<Found> {
        let is_ours = |kind: &Kind| matches!(kind, Kind::Presence { agent: seen, available: true } if seen == agent);
        let (at, place) = self.take_before(from, to, is_ours)?;
        Some(found(at, None, Confidence::Strong, vec![place]))
    }

    /// The page load of this address. A login that sends no client log takes only one that is close. The access log has
    /// whole seconds but keeps order, so the load stands above `info`, the line of the SystemInfo that followed it.
    fn desktop(&mut self, info: &AccessLine, from: i64, to: i64, has_log: bool) -> Option<Found> {
        let from = if has_log {
            from
        } else {
            from.max(to.saturating_sub(30 * SECOND))
        };
        let (address, above) = info;
        let end = self.facts.facts.partition_point(|fact| fact.at <= to);
        let known = self
            .facts
            .facts
            .iter()
            .enumerate()
            .take(end)
            .rev()
            .take_while(|(_, fact)| fact.at >= from - SECOND);
        let (index, fact) = known.into_iter().find(|(index, fact)| {
            let Kind::Access {
                client,
                method,
                path,
                status,
                ..
            } = &fact.kind
            else {
                return false;
            };
            let is_above = fact.place.source != above.source || fact.place < *above;
            let is_load = method == "GET" && is_page(path) && *status < 400;
            is_above && is_load && client == address && !self.used_facts.contains(index)
        })?;
        self.used_facts.insert(index);
        // Somewhere in its second, and before what it led to.
        let at = (fact.at + SECOND - 1).min(to).max(fact.at);
        Some(found(at, None, Confidence::Time, vec![fact.place]))
    }

    /// Steps 7 to 9 and what can fail there.
    fn after_put(
        &mut self,
        request: &Request,
        agent: &str,
        extension: &str,
        status: Option<u16>,
        next: i64,
        steps: &mut BTreeMap<Step, Found>,
    ) -> Option<(Step, Diagnosis)> {
        let error = request.error.clone().or_else(|| {
            status
                .filter(|code| *code >= 400)
                .map(|code| (code, String::new()))
        });
        if let Some((code, text)) = error {
            if code == 503 {
                let why = self
                    .is_down(request.at)
                    .map(|(.., text, _)| text.clone())
                    .unwrap_or_default();
                return Some((Step::SystemInfo, diagnosis::out_of_service(&why)));
            }
            return Some((Step::SignIn, diagnosis::request_refused(code, &text)));
        }
        let is_request = |kind: &Kind| matches!(kind, Kind::CtiRequest { agent: seen, extension: at, state: 0, .. } if seen == agent && at == extension);
        let (sent, place, kind) = self.take_after(
            request.at,
            next.min(request.at.saturating_add(ANSWER_MS)),
            is_request,
        )?;
        let Kind::CtiRequest { invoke_id, .. } = kind else {
            return None;
        };
        let mut evidence = vec![place];
        evidence.extend(self.cti_entry(sent, "SET_AGENT_STATE_REQ", Some(invoke_id), agent));
        steps.insert(
            Step::CtiRequest,
            found(sent, None, Confidence::Strong, evidence),
        );

        let until = next.min(sent.saturating_add(ANSWER_MS));
        let refused = self.take_after(
            sent,
            until,
            |kind| matches!(kind, Kind::CtiFailure { invoke_id: id, .. } if *id == invoke_id),
        );
        if let Some((at, place, Kind::CtiFailure { code, name, .. })) = refused {
            let mut evidence = vec![place];
            evidence.extend(self.cti_entry(at, "CONTROL_FAILURE_CONF", Some(invoke_id), ""));
            steps.insert(
                Step::CtiEvent,
                found(at, Some(at - sent), Confidence::Exact, evidence),
            );
            return Some((
                Step::CtiEvent,
                diagnosis::control_failure(code, &name, agent, extension),
            ));
        }
        let confirmed = self.take_after(
            sent,
            until,
            |kind| matches!(kind, Kind::CtiConf { invoke_id: id } if *id == invoke_id),
        );
        let event = self.take_after(sent, until, |kind| matches!(kind, Kind::CtiEvent { agent: seen, state } if seen == agent && *state != 1));
        let answer = event.or(confirmed.clone());
        let Some((at, place, _)) = answer else {
            // Silence is a failure only when the log goes on long enough to have held the answer.
            let waited = self
                .facts
                .newest
                .is_some_and(|newest| newest >= sent.saturating_add(ANSWER_MS));
            return waited.then(|| (Step::CtiEvent, diagnosis::no_answer()));
        };
        let mut evidence = vec![place];
        evidence.extend(
            confirmed
                .filter(|(_, conf, _)| *conf != place)
                .map(|(_, conf, _)| conf),
        );
        evidence.extend(self.cti_entry(at, "SET_AGENT_STATE_CONF", Some(invoke_id), ""));
        evidence.extend(self.cti_entry(at, "AGENT_STATE_EVENT", None, agent));
        steps.insert(
            Step::CtiEvent,
            found(at, Some(at - sent), Confidence::Strong, evidence),
        );

        let wanted_id = request.request_id.as_deref();
        let exact = |kind: &Kind| {
            matches!(kind, Kind::Publish { agent: seen, request_id, failed: false }
                if seen == agent && wanted_id.is_some() && request_id.as_deref() == wanted_id)
        };
        let later = |kind: &Kind| matches!(kind, Kind::Publish { agent: seen, failed: false, .. } if seen == agent);
        let until = next.min(at.saturating_add(LOOK_BACK_MS));
        let published = match self.take_after(sent, until, exact) {
            Some(hit) => Some((hit, Confidence::Exact)),
            None => self
                .take_after(at, until, later)
                .map(|hit| (hit, Confidence::Strong)),
        };
        if let Some(((when, place, _), confidence)) = published {
            steps.insert(
                Step::Publish,
                found(when, Some((when - at).max(0)), confidence, vec![place]),
            );
        }
        None
    }

    /// The next entry of the CTI server's log for this message, each used once.
    fn cti_entry(
        &mut self,
        at: i64,
        name: &str,
        invoke_id: Option<u32>,
        agent: &str,
    ) -> Option<Place> {
        let (index, entry) = self.facts.cti.iter().enumerate().find(|(index, entry)| {
            !self.used_cti.contains(index)
                && entry.name == name
                && is_same_moment(entry.time_of_day, at)
                && (invoke_id.is_none() || entry.invoke_id == invoke_id.map(i64::from))
                && (agent.is_empty() || entry.agent.is_empty() || entry.agent == agent)
        })?;
        self.used_cti.insert(index);
        Some(entry.place)
    }

    /// Steps 10 and 11 from the client log.
    fn client_side(
        &self,
        client: Option<&(Vec<ClientLine>, usize)>,
        id: Option<&str>,
        steps: &mut BTreeMap<Step, Found>,
    ) {
        let Some((lines, put)) = client else { return };
        let after = lines.get(*put..).unwrap_or_default();
        let fallback = steps
            .get(&Step::Publish)
            .or(steps.get(&Step::SignIn))
            .map_or(0, |found| found.at);
        let delivered = after.iter().find(|line| matches!(&line.says, ClientSays::Received { request_id } if request_id.as_deref() == id && id.is_some()));
        if let Some(line) = delivered {
            steps.insert(
                Step::Deliver,
                found(
                    line.at.unwrap_or(fallback),
                    None,
                    Confidence::Exact,
                    vec![line.place],
                ),
            );
        }
        if let Some(line) = after.iter().find(|line| line.says == ClientSays::LoggedIn) {
            steps.insert(
                Step::SignedIn,
                found(
                    line.at.unwrap_or(fallback),
                    None,
                    Confidence::Strong,
                    vec![line.place],
                ),
            );
        }
    }

    /// Step 12: what the desktop fetches once the agent is signed in.
    fn agent_data(&mut self, agent: &str, from: i64, to: i64, steps: &mut BTreeMap<Step, Found>) {
        let base = format!("/User/{agent}/");
        let mut step: Option<Found> = None;
        for index in 0..self.requests.len() {
            let Some(request) = self.requests.get(index) else {
                continue;
            };
            let rest = request.resource.strip_prefix(&base).unwrap_or_default();
            let is_data = matches!(rest, "Dialogs" | "ReasonCodes" | "PhoneBooks");
            let is_ours = request.at >= from
                && request.at < to
                && request.at <= from.saturating_add(LOOK_BACK_MS);
            if !is_data
                || !is_ours
                || request.method != "GET"
                || request.error.is_some()
                || self.used_requests.contains(&index)
            {
                continue;
            }
            self.used_requests.insert(index);
            let Some((found, ..)) = self.step_of(index, Confidence::Strong) else {
                continue;
            };
            match &mut step {
                Some(step) => {
                    step.ms = found.ms.map(|ms| found.at + ms - step.at).max(step.ms);
                    step.evidence.extend(found.evidence);
                }
                None => step = Some(found),
            }
        }
        steps.extend(step.map(|found| (Step::AgentData, found)));
    }
}

/// True when a time of day without a zone can be `at`: zones differ by quarters of an hour, clocks by some seconds.
fn is_same_moment(time_of_day: i64, at: i64) -> bool {
    let apart = (time_of_day - at).rem_euclid(QUARTER_MS);
    apart.min(QUARTER_MS - apart) <= PROCESS_SKEW_MS
}

/// Closes a login: what lies behind the broken step did not happen for it.
fn finished(
    agent: Option<String>,
    extension: Option<String>,
    at: i64,
    failed: Option<(Step, Diagnosis)>,
    mut steps: BTreeMap<Step, Found>,
) -> Login {
    let verdict = match failed {
        Some((step, diagnosis)) => {
            steps.retain(|seen, _| *seen <= step || *seen == Step::SignIn);
            Verdict::Failed(step, diagnosis)
        }
        None if steps.len() == Step::ALL.len() => Verdict::Ok,
        None => Verdict::Incomplete,
    };
    Login {
        agent,
        extension,
        at,
        verdict,
        steps,
    }
}

/// Logs that were not given, in the words of a report.
pub(crate) fn missing(facts: &Facts) -> Vec<&'static str> {
    let texts = [
        (Format::Access, "no access log given: step 1 cannot be seen"),
        (
            Format::Webservices,
            "no webservices log given: steps 2, 4 to 9 and 12 cannot be seen",
        ),
        (
            Format::Notification,
            "no notification log given: step 3 rests on the client log",
        ),
        (
            Format::Client,
            "no client log given: steps 10 and 11 cannot be seen",
        ),
        (
            Format::Ctisvr,
            "no ctisvr log given: steps 7 and 8 are one block",
        ),
    ];
    texts
        .into_iter()
        .filter(|(format, _)| !facts.formats.contains(format))
        .map(|(_, text)| text)
        .collect()
}
