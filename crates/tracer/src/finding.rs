//! Findings: what the lines say beside the logins, each with its row of the diagnosis table, how often, and where.
//!
//! A login that failed has its own cause; what only repeats it is no finding. So an excerpt without any login is
//! explained too, and nothing is said twice.

use std::collections::{BTreeMap, BTreeSet};

use tact_logline::redact;

use crate::diagnosis::fill;
use crate::diagnosis::table::{self, Row, Severity};
use crate::fact::{Fact, Facts, Kind, Place, Says};
use crate::login::{Login, Verdict};
use crate::sign::Signs;

/// Places that are kept of each finding.
const PLACES: usize = 5;
/// An event that is published later than this is late, milliseconds (row 31; the article's took 14.7 s).
const LATE_MS: i64 = 5_000;
/// ... and later than this it is another event's publication.
const LOST_MS: i64 = 60_000;
/// A request that takes this much longer around the API than inside is slow, milliseconds (row 33).
const SLOW_MS: i64 = 1_000;
/// A restart explains what fails within this time, milliseconds (row 40).
const RESTART_MS: i64 = 3_600_000;
/// Losses of a channel that stood that are worth a word (row 13).
const FLAPPING: usize = 3;
/// A page that was loaded asks for SystemInfo within this time, milliseconds (row 6).
const PAGE_MS: i64 = 60_000;
/// AgentState LOGOUT.
const LOGOUT: u16 = 1;

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) row: &'static Row,
    pub(crate) agent: Option<String>,
    pub(crate) at: Option<i64>,
    pub(crate) cause: String,
    pub(crate) count: u64,
    pub(crate) evidence: Vec<Place>,
}

impl Finding {
    /// One that no line was counted for yet.
    fn new(row: &'static Row, agent: Option<String>, at: Option<i64>, cause: String) -> Finding {
        Finding {
            row,
            agent,
            at,
            cause,
            count: 0,
            evidence: Vec::new(),
        }
    }
}

/// All findings, the worst first, then by row and agent.
pub(crate) fn findings(facts: &Facts, signs: &Signs, logins: &[Login]) -> Vec<Finding> {
    let mut found = Found {
        explained: explained(logins),
        rows: logins.iter().filter_map(row_of).collect(),
        by_key: BTreeMap::new(),
    };
    found.records(facts);
    found.documents(facts);
    found.late(facts);
    found.slow(logins);
    found.pages(facts);
    found.flapping(facts);
    for sign in &signs.signs {
        // A copy of what a login failed of, or of what a parser has read of the same file, says nothing new.
        let is_read = found.by_key.values().any(|finding| {
            finding.row.number == sign.row.number
                && finding.evidence.iter().any(|place| {
                    sign.places
                        .first()
                        .is_some_and(|first| first.source == place.source)
                })
        });
        let is_copy = found.rows.contains(&sign.row.number) && sign.row.severity == Severity::Fault;
        if is_read || is_copy {
            continue;
        }
        let line = redact::line(&sign.line).into_owned();
        // Whom it is about stands in the line, if anywhere.
        let cause = if sign.row.cause.contains("{line}") {
            sign.row.cause.replace("{line}", &line)
        } else {
            format!("{}: {line}", fill(sign.row.cause, "", ""))
        };
        let known = found
            .by_key
            .entry((sign.row.number, String::new(), cause.clone()));
        let finding = known.or_insert_with(|| Finding {
            row: sign.row,
            agent: None,
            at: None,
            cause,
            count: 0,
            evidence: Vec::new(),
        });
        finding.count += sign.count;
        let room = PLACES.saturating_sub(finding.evidence.len());
        finding.evidence.extend(sign.places.iter().take(room));
    }
    found.restarts(facts, logins);
    let mut all: Vec<Finding> = found.by_key.into_values().collect();
    all.sort_by(|a, b| {
        (a.row.severity, a.row.number, &a.agent, &a.evidence).cmp(&(
            b.row.severity,
            b.row.number,
            &b.agent,
            &b.evidence,
        ))
    });
    all
}

/// The lines that explain a failed login already.
fn explained(logins: &[Login]) -> BTreeSet<Place> {
    logins
        .iter()
        .filter(|login| matches!(login.verdict, Verdict::Failed(..)))
        .flat_map(|login| login.steps.values())
        .flat_map(|found| found.evidence.iter().copied())
        .collect()
}

fn row_of(login: &Login) -> Option<u8> {
    match &login.verdict {
        Verdict::Failed(_, diagnosis) => diagnosis.row,
        _ => None,
    }
}

struct Found {
    explained: BTreeSet<Place>,
    rows: BTreeSet<u8>,
    by_key: BTreeMap<Key, Finding>,
}

/// The row's number, whom or which kind of error it is about, and the text where texts are told apart.
type Key = (u8, String, String);

impl Found {
    fn add(&mut self, row: &'static Row, agent: Option<&str>, fact: &Fact, cause: String) {
        self.add_at(row, agent, Some(fact.at), fact.place, cause);
    }

    fn add_at(
        &mut self,
        row: &'static Row,
        agent: Option<&str>,
        at: Option<i64>,
        place: Place,
        cause: String,
    ) {
        if self.explained.contains(&place) {
            return;
        }
        let key = (
            row.number,
            agent.unwrap_or_default().to_owned(),
            // Alarms of one kind differ in their texts; the first one's stands for all.
            if row.number == 39 {
                cause.clone()
            } else {
                String::new()
            },
        );
        let agent = agent.map(str::to_owned);
        self.count(key, place, Finding::new(row, agent, at, cause));
    }

    /// An error that no row speaks of.
    fn unknown(&mut self, place: Place, at: Option<i64>, text: String) {
        let cause = format!("{}: {text}", table::UNKNOWN.cause);
        // One for each kind of error, not for each text.
        let kind = text.split(':').next().unwrap_or_default().to_owned();
        let finding = Finding::new(&table::UNKNOWN, None, at, cause);
        self.count((0, kind, String::new()), place, finding);
    }

    /// One line more; the first of a key says what all of them say.
    fn count(&mut self, key: Key, place: Place, first: Finding) {
        let finding = self.by_key.entry(key).or_insert(first);
        finding.count += 1;
        if finding.evidence.len() < PLACES {
            finding.evidence.push(place);
        }
    }

    /// What single records say.
    fn records(&mut self, facts: &Facts) {
        for fact in &facts.facts {
            match &fact.kind {
                Kind::Alarm { name, text } => {
                    let text = redact::line(text);
                    match table::of_alarm(name) {
                        Some(row) => {
                            self.add(row, None, fact, format!("{} ({name}: {text})", row.cause));
                        }
                        None if !is_good(name) => {
                            self.unknown(fact.place, Some(fact.at), format!("{name}: {text}"));
                        }
                        None => {}
                    }
                }
                Kind::Link { up: false, text } => {
                    let name = text.split(':').next().unwrap_or_default();
                    if let Some(row) = table::of_alarm(name) {
                        self.add(
                            row,
                            None,
                            fact,
                            format!("{} ({})", row.cause, redact::line(text)),
                        );
                    }
                }
                Kind::RealmRefused { agent } => {
                    let row = table::row(1);
                    self.add(row, Some(agent), fact, fill(row.cause, agent, ""));
                }
                Kind::ApiError { text, .. } => {
                    let diagnosis = crate::diagnosis::request_refused(0, text, None);
                    if let Some(row) = diagnosis.row.map(table::row) {
                        self.add(
                            row,
                            None,
                            fact,
                            format!("{} ({})", row.cause, redact::line(text)),
                        );
                    }
                }
                Kind::CtiFailure {
                    code,
                    name,
                    peripheral,
                    ..
                } => {
                    let said = crate::diagnosis::control_failure(*code, name, *peripheral, "", "");
                    if let Some(row) = said.row.map(table::row) {
                        self.add(row, None, fact, said.cause);
                    }
                }
                Kind::CtiEvent {
                    agent,
                    reason,
                    state,
                    ..
                } if *reason != 0 => {
                    // 255 may be any centre's own code unless somebody is signed out with it.
                    let row =
                        table::of_reason(*reason).filter(|_| *reason != 255 || *state == LOGOUT);
                    let text = table::REASONS.iter().find(|(code, _)| code == reason);
                    if let Some((row, (_, text))) = row.zip(text) {
                        let cause = match row.number {
                            39 => fill(&row.cause.replace("{reason}", text), agent, ""),
                            _ => format!("agent {agent}: {text}"),
                        };
                        self.add(row, Some(agent), fact, cause);
                    }
                }
                Kind::Publish {
                    agent,
                    error: Some(error),
                    ..
                } => {
                    let said = crate::diagnosis::error_published(error, agent, "");
                    if let Some(row) = said.row.map(table::row) {
                        self.add(row, Some(agent), fact, said.cause);
                    }
                }
                _ => {}
            }
        }
    }

    /// Errors in documents that stand alone.
    fn documents(&mut self, facts: &Facts) {
        for (place, error) in &facts.documents {
            let by_data = error.data.and_then(table::of_data);
            let said = crate::diagnosis::error_published(error, "", "");
            let cause = match by_data {
                Some(row) => format!("{} ({})", row.cause, redact::line(&error.text)),
                None => said.cause,
            };
            match by_data.or(said.row.map(table::row)) {
                Some(row) => {
                    self.add_at(row, None, None, *place, cause);
                    self.rows.insert(row.number);
                }
                None => self.unknown(*place, None, redact::line(&error.text).into_owned()),
            }
        }
    }

    /// Row 31: an event that came in time and was published late. The publication is the event's own only when nothing
    /// else of this agent lies between.
    fn late(&mut self, facts: &Facts) {
        let mut last: BTreeMap<&str, (&Fact, u16)> = BTreeMap::new();
        for fact in &facts.facts {
            match &fact.kind {
                Kind::CtiEvent { agent, state, .. } => _ = last.insert(agent, (fact, *state)),
                Kind::Publish {
                    agent,
                    state: Some(shown),
                    error: None,
                    ..
                } => {
                    let Some((event, state)) = last.remove(agent.as_str()) else {
                        continue;
                    };
                    let ms = fact.at - event.at;
                    if (LATE_MS..LOST_MS).contains(&ms) && is_state(state, shown) {
                        let row = table::row(31);
                        let cause = fill(&row.cause.replace("{ms}", &ms.to_string()), agent, "");
                        self.add(row, Some(agent), event, cause);
                        let key = (row.number, agent.clone(), String::new());
                        if let Some(finding) = self.by_key.get_mut(&key)
                            && finding.evidence.len() < PLACES
                        {
                            finding.evidence.push(fact.place);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Row 33: requests of logins that were quick inside and slow around.
    fn slow(&mut self, logins: &[Login]) {
        for login in logins {
            for found in login.steps.values() {
                let detail = |wanted: &str| {
                    found
                        .details
                        .iter()
                        .find(|(name, _)| *name == wanted)
                        .and_then(|(_, value)| value.as_i64())
                };
                let Some(inside) = detail("api_ms") else {
                    continue;
                };
                let around = detail("gadget_ms").max(detail("web_ms")).unwrap_or(inside) - inside;
                let Some(place) = found.evidence.first() else {
                    continue;
                };
                if around >= SLOW_MS && around >= 2 * inside {
                    let row = table::row(33);
                    let cause = row.cause.replace("{ms}", &around.to_string());
                    self.add_at(row, login.agent.as_deref(), Some(found.at), *place, cause);
                }
            }
        }
    }

    /// Row 6: a page that was loaded, and nothing behind it although the log goes on.
    fn pages(&mut self, facts: &Facts) {
        let newest = facts
            .facts
            .iter()
            .rev()
            .find(|fact| matches!(fact.kind, Kind::Access(_)))
            .map_or(i64::MIN, |fact| fact.at);
        let mut asked: BTreeMap<&str, i64> = BTreeMap::new();
        for fact in facts.facts.iter().rev() {
            let access = match &fact.kind {
                Kind::Access(access) | Kind::Gadget { access, .. } => access,
                _ => continue,
            };
            if access.path.starts_with("/finesse/api/") || access.path.starts_with("/gadgets/") {
                asked.insert(&access.client, fact.at);
            }
            let is_page = access.method == "GET"
                && access.path.trim_end_matches('/') == "/desktop/container"
                && access.status < 400;
            let is_over = newest.saturating_sub(fact.at) >= PAGE_MS;
            // A gadget container asks from its own machine, so the address alone does not tell there.
            let is_alone = !facts.by_client.contains(&fact.place)
                && asked
                    .get(access.client.as_str())
                    .is_none_or(|at| at - fact.at > PAGE_MS);
            if is_page && is_over && is_alone {
                let row = table::row(6);
                self.add(row, None, fact, row.cause.to_owned());
            }
        }
    }

    /// Row 13: a desktop that lost its channel again and again after it had stood.
    fn flapping(&mut self, facts: &Facts) {
        for log in &facts.clients {
            let mut has_stood = false;
            let mut losses = Vec::new();
            for line in &log.lines {
                match line.says {
                    Says::Established => has_stood = true,
                    Says::Connection { up: false } if has_stood => losses.push(line),
                    _ => {}
                }
            }
            if losses.len() < FLAPPING {
                continue;
            }
            let row = table::row(13);
            let agent = log.agent.as_deref().unwrap_or_default();
            for line in losses {
                let cause = fill(row.cause, agent, "");
                let named = Some(agent).filter(|agent| !agent.is_empty());
                self.add_at(row, named, line.at, line.place, cause);
            }
        }
    }

    /// Row 40: the web server started shortly before something failed.
    fn restarts(&mut self, facts: &Facts, logins: &[Login]) {
        let mut failed: Vec<i64> = logins
            .iter()
            .filter(|login| matches!(login.verdict, Verdict::Failed(..)))
            .map(|login| login.at)
            .collect();
        let is_fault = |finding: &&Finding| finding.row.severity == Severity::Fault;
        failed.extend(
            self.by_key
                .values()
                .filter(is_fault)
                .filter_map(|finding| finding.at),
        );
        let restarts: Vec<(i64, Place)> = facts
            .restarts
            .iter()
            .filter(|(start, _)| {
                failed
                    .iter()
                    .any(|at| (*start..*start + RESTART_MS).contains(at))
            })
            .copied()
            .collect();
        for (start, place) in restarts {
            let row = table::row(40);
            let line = format!(
                "the web server started at {}",
                tact_logline::time::rfc3339(start)
            );
            let cause = row.cause.replace("{line}", &line);
            self.explained.remove(&place);
            self.add_at(row, None, Some(start), place, cause);
        }
    }
}

/// Alarms that say that all is well again, or that something was planned.
fn is_good(name: &str) -> bool {
    matches!(
        name,
        "CONNECTED_TO_XMPP_SERVER"
            | "OF_STATE_CHANGED"
            | "AWDB_CONNECTION_SWITCH_SUCCESS"
            | "DB_SS_CONNECTION_CHECK"
            | "SWAP_CTI_CONNECTIONS"
            | "RESET_PRIMARY_CTI_CONNECTION"
            | "CTI_DISCONNECT"
            | "FINESSE_MAINTENANCE_MODE_REQ_ACCEPTED"
            | "FINESSE_MAINTENANCE_MODE_COMPLETED"
    )
}

/// The state of a CTI event and the state that an Update shows are one.
fn is_state(state: u16, shown: &str) -> bool {
    match state {
        1 => shown == "LOGOUT",
        2 => shown == "NOT_READY",
        3 => shown == "READY",
        4 => shown == "TALKING",
        5 => matches!(shown, "WORK" | "WORK_NOT_READY"),
        6 => matches!(shown, "WORK_READY"),
        8 => shown == "RESERVED",
        10 => shown == "HOLD",
        _ => false,
    }
}
