//! `tact cti replay --why`: why a call went where it went, or why an agent got what the agent got.
//!
//! The machine says what routing decided; who else could have had the call, and what they did meanwhile, is found by
//! replaying. Knows no words; `cti_why_text` does.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tact_acd::journal::{Damage, Replay, Step};
use tact_acd::{Acd, CallId, Decision, Outcome, Output, Trace};
use tact_ged188::{AgentState, Message, Tag};

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// By AgentID.
    Agent(String),
    /// By ConnectionCallID.
    Call(u32),
}

/// An agent was in a state for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Stay {
    /// AGENT_STATE_...
    pub(crate) state: String,
    /// 0 is none.
    pub(crate) reason: u16,
    /// Milliseconds since 1970.
    pub(crate) from: i64,
    /// The same; none while it lasts.
    pub(crate) to: Option<i64>,
}

/// An agent who was eligible for a call at a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Candidate {
    /// AgentID.
    pub(crate) agent: String,
    /// Since when the agent waited for a call, in milliseconds since 1970; none who did not.
    pub(crate) available_since: Option<i64>,
    /// What the agent was doing.
    pub(crate) stay: Stay,
}

/// One decision and who was looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Explained {
    /// When, in milliseconds since 1970.
    pub(crate) time: i64,
    /// Counted from 1.
    pub(crate) input: u64,
    /// Which call.
    pub(crate) call: u32,
    /// Who called, as far as the call still knows.
    pub(crate) caller: Option<String>,
    /// What was decided.
    pub(crate) outcome: Outcome,
    /// Everyone else who was eligible and signed in, in the order of the configuration.
    pub(crate) others: Vec<Candidate>,
    /// How many more were eligible, but signed out.
    pub(crate) signed_out: usize,
}

/// All that is known about the subject.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Explanation {
    /// Every decision about the call, or that the agent was eligible for, in order.
    pub(crate) decisions: Vec<Explained>,
    /// What the agent did; empty for a call.
    pub(crate) stays: Vec<Stay>,
    /// Names of queues by number.
    pub(crate) queues: BTreeMap<u32, String>,
    /// Why the journal ends before its end.
    pub(crate) damage: Option<String>,
}

/// Replays the journal and keeps what concerns the subject. `None` when the subject does not occur.
///
/// # Errors
/// There is nothing to replay.
pub(crate) fn explain(bytes: &[u8], subject: &str) -> Result<Option<Explanation>, Damage> {
    let mut replay = Replay::new(bytes)?;
    let Some(subject) = subject_of(replay.acd(), subject) else {
        return Ok(None);
    };
    let mut history = History::new(replay.acd());
    let mut found = Vec::new();
    let mut places = Places::new();
    let mut outputs = Vec::new();
    let mut damage = None;
    loop {
        match replay.step(&mut outputs) {
            None => break,
            Some(Ok(Step::Input(_))) => {}
            Some(Ok(Step::Check { .. })) => continue,
            Some(Err(error)) => {
                damage = Some(error.to_string());
                break;
            }
        }
        let (now, input) = (replay.now(), replay.inputs());
        for output in outputs.drain(..) {
            match output {
                Output::Trace(Trace::AgentEvent(message)) => history.note(now, &message),
                Output::Trace(Trace::Routing(decision)) => {
                    let places = places_of(&mut places, &decision);
                    let look = Look {
                        acd: replay.acd(),
                        history: &history,
                        now,
                        input,
                    };
                    found.extend(look.at(&subject, decision, &places));
                }
                _ => {}
            }
        }
    }
    let known = match &subject {
        Subject::Agent(_) => true,
        Subject::Call(_) => !found.is_empty(),
    };
    Ok(known.then(|| Explanation {
        decisions: found
            .into_iter()
            .map(|found| found.with_ends(&history))
            .collect(),
        stays: match &subject {
            Subject::Agent(id) => history.of(id).to_vec(),
            Subject::Call(_) => Vec::new(),
        },
        queues: queue_names(replay.acd()),
        damage,
    }))
}

/// An agent where there is one of that id, else a call.
fn subject_of(acd: &Acd, subject: &str) -> Option<Subject> {
    if acd.agent(subject).is_some() {
        return Some(Subject::Agent(subject.to_owned()));
    }
    subject.parse().ok().map(Subject::Call)
}

fn queue_names(acd: &Acd) -> BTreeMap<u32, String> {
    let config = acd.config();
    let groups = config.skill_groups.iter();
    let queues = config.precision_queues.iter();
    groups
        .map(|group| (group.number, group.name.clone()))
        .chain(queues.map(|queue| (queue.number, queue.name.clone())))
        .collect()
}

/// What every agent did.
#[derive(Debug)]
struct History {
    stays: BTreeMap<String, Vec<Stay>>,
}

impl History {
    fn new(acd: &Acd) -> Self {
        let stays = acd.agents().map(|agent| {
            let stay = Stay {
                state: agent.state.to_string(),
                reason: agent.reason,
                from: agent.since,
                to: None,
            };
            (agent.id.to_owned(), vec![stay])
        });
        Self {
            stays: stays.collect(),
        }
    }

    /// An AGENT_STATE_EVENT.
    fn note(&mut self, now: i64, message: &Message) {
        let Message::AgentStateEvent(event) = message else {
            return;
        };
        let Some(stays) = event
            .floats
            .text(Tag::AGENT_ID)
            .and_then(|id| self.stays.get_mut(id.as_ref()))
        else {
            return;
        };
        let (state, reason) = (event.agent_state.to_string(), event.event_reason_code);
        // What is told again goes on.
        if let Some(last) = stays.last_mut() {
            if (last.state.as_str(), last.reason) == (state.as_str(), reason) {
                return;
            }
            last.to = Some(now);
        }
        stays.push(Stay {
            state,
            reason,
            from: now,
            to: None,
        });
    }

    fn of(&self, agent: &str) -> &[Stay] {
        self.stays.get(agent).map_or(&[], Vec::as_slice)
    }
}

/// A decision, and for everyone who was looked at which of their stays it was.
#[derive(Debug)]
struct Found {
    explained: Explained,
    places: Vec<usize>,
}

impl Found {
    /// Says of each stay how long it lasted in the end.
    fn with_ends(mut self, history: &History) -> Explained {
        for (candidate, place) in self.explained.others.iter_mut().zip(self.places) {
            if let Some(stay) = history.of(&candidate.agent).get(place) {
                candidate.stay = stay.clone();
            }
        }
        self.explained
    }
}

/// The steps of its queues that each call was last known to be on.
type Places = BTreeMap<u32, BTreeMap<u32, u32>>;

/// Takes note of where a decision leaves the call, and says where it was looked for.
fn places_of(places: &mut Places, decision: &Decision) -> BTreeMap<u32, u32> {
    let call = decision.call.0;
    match &decision.outcome {
        Outcome::Waits { queues, .. } => {
            places.insert(call, queues.iter().copied().collect());
        }
        Outcome::Offered { queue, step, .. } | Outcome::Widened { queue, step } => {
            places.entry(call).or_default().insert(*queue, *step);
        }
        Outcome::Answered { .. }
        | Outcome::Gone { .. }
        | Outcome::Overflowed { .. }
        | Outcome::Closed { .. } => {
            return places.remove(&call).unwrap_or_default();
        }
        Outcome::Requeued { .. } => {}
    }
    places.get(&call).cloned().unwrap_or_default()
}

/// The moment of a decision.
struct Look<'a> {
    acd: &'a Acd,
    history: &'a History,
    now: i64,
    input: u64,
}

impl Look<'_> {
    /// The decision with who else was looked at, when the subject has to do with it.
    fn at(
        &self,
        subject: &Subject,
        decision: Decision,
        places: &BTreeMap<u32, u32>,
    ) -> Option<Found> {
        let call = decision.call;
        let chosen = agent_in(&decision.outcome);
        // Nobody is chosen when a call goes, or moves on.
        let sought = matches!(
            decision.outcome,
            Outcome::Waits { .. } | Outcome::Offered { .. }
        );
        let eligible = |id: &str| {
            let mut places = places.iter();
            places.any(|(queue, step)| self.acd.eligible(*queue, *step).any(|other| other == id))
        };
        let ids: BTreeSet<String> = match subject {
            Subject::Call(id) if *id != call.0 => return None,
            Subject::Agent(id) if chosen == Some(id.as_str()) => BTreeSet::new(),
            Subject::Agent(id) if sought && eligible(id) => [id.clone()].into(),
            Subject::Agent(_) => return None,
            Subject::Call(_) if sought => places
                .iter()
                .flat_map(|(queue, step)| self.acd.eligible(*queue, *step))
                .filter(|id| chosen != Some(*id))
                .map(str::to_owned)
                .collect(),
            Subject::Call(_) => BTreeSet::new(),
        };
        let mut found = Found {
            explained: Explained {
                time: self.now,
                input: self.input,
                call: call.0,
                caller: self.caller(call),
                outcome: decision.outcome,
                others: Vec::new(),
                signed_out: 0,
            },
            places: Vec::new(),
        };
        for id in ids {
            self.consider(id, matches!(subject, Subject::Agent(_)), &mut found);
        }
        Some(found)
    }

    fn consider(&self, agent: String, even_signed_out: bool, found: &mut Found) {
        let stays = self.history.of(&agent);
        let Some(stay) = stays.last().cloned() else {
            return;
        };
        if stay.state == AgentState::LOGOUT.to_string() && !even_signed_out {
            found.explained.signed_out += 1;
            return;
        }
        // The machine knows it after the input; who was given something else meanwhile waited since the state began.
        let available = stay.state == AgentState::AVAILABLE.to_string();
        let since = self.acd.available_since(&agent).unwrap_or(stay.from);
        found.places.push(stays.len() - 1);
        found.explained.others.push(Candidate {
            agent,
            available_since: available.then_some(since),
            stay,
        });
    }

    /// The first party's number.
    fn caller(&self, call: CallId) -> Option<String> {
        let call = self.acd.call(call)?;
        Some(call.parties.first()?.number.to_owned())
    }
}

/// Whom an outcome is about.
fn agent_in(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Offered { agent, .. }
        | Outcome::Requeued { agent, .. }
        | Outcome::Answered { agent } => Some(agent),
        Outcome::Gone { reserved } => reserved.as_deref(),
        Outcome::Waits { .. }
        | Outcome::Widened { .. }
        | Outcome::Overflowed { .. }
        | Outcome::Closed { .. } => None,
    }
}
