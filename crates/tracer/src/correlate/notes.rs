//! What a reader of one login should know besides its steps: what looks like a fault and is none, what contradicts.

use tact_logline::step::Step;

use super::{Anchor, Tracer};
use crate::clock::Offset;
use crate::fact::Place;
use crate::login::{Found, Login, Note};
use crate::read::NO_TIME_MS;

/// More losses of the channel than this before it stood are worth a look (logs.md 3, rows 12 and 13).
const BENIGN_RETRIES: usize = 1;
/// ... and so is a channel that took longer than this, milliseconds.
const BENIGN_MS: i64 = 10_000;

impl Tracer<'_, '_> {
    /// The notes of one login.
    pub(super) fn notes(&self, anchor: &Anchor<'_>, login: &Login) -> Vec<Note> {
        let mut notes = Vec::new();
        notes.extend(self.retries(anchor));
        if let Some(attempt) = anchor.attempt.filter(|attempt| !attempt.benign.is_empty()) {
            notes.push(Note {
                kind: "benign",
                text: "a JavaScript error of a listener that was already gone: no fault".to_owned(),
                evidence: attempt.benign.clone(),
            });
        }
        if let Some(found) = login.steps.get(&Step::AgentData)
            && found.details.iter().any(|(name, _)| *name == "answers")
        {
            notes.push(Note {
                kind: "missing",
                text: "agent_data: the desktop asked; whether it was answered is not in the logs given".to_owned(),
                evidence: found.evidence.clone(),
            });
        }
        notes.extend(self.against_the_clock(anchor, login));
        if login.is_of_two_clocks {
            notes.push(Note {
                kind: "clock",
                text: "some times are the client's and some the server's, and nothing tells how far they are apart".to_owned(),
                evidence: Vec::new(),
            });
        }
        notes
    }

    /// Some steps are dated by a client, some by the server, and no pair joins the two.
    pub(super) fn is_of_two_clocks(&self, login: &Login) -> bool {
        if self.facts.by_client.is_empty() || self.clocks.only_client().is_some() {
            return false;
        }
        let is_told = |found: &&Found| found.at >= NO_TIME_MS;
        let mut is_clients = login.steps.values().filter(is_told).map(|found| {
            let place = found.evidence.first();
            place.is_some_and(|place| self.facts.by_client.contains(place))
        });
        let first = is_clients.next();
        first.is_some_and(|first| is_clients.any(|next| next != first))
    }

    /// Losses of the channel before it stood: the first is the race of the first attempt.
    fn retries(&self, anchor: &Anchor<'_>) -> Option<Note> {
        let attempt = anchor.attempt?;
        let stood = attempt.established?;
        let (first, _) = attempt.retries.first()?;
        let count = attempt.retries.len();
        let took = stood
            .at
            .zip(first.at)
            .map_or(0, |(stood, first)| stood - first);
        let is_benign = count <= BENIGN_RETRIES && took <= BENIGN_MS;
        let evidence: Vec<Place> = attempt
            .retries
            .iter()
            .map(|(moment, _)| moment.place)
            .chain([stood.place])
            .collect();
        let text = if is_benign {
            format!(
                "{count} retry of the event channel before it stood: benign, the race of the first attempt"
            )
        } else {
            format!(
                "{count} retries of the event channel before it stood: look at the network between desktop and server"
            )
        };
        Some(Note {
            kind: if is_benign { "benign" } else { "slow" },
            text,
            evidence,
        })
    }

    /// An effect in front of its cause, beyond what the clocks leave room for.
    fn against_the_clock(&self, anchor: &Anchor<'_>, login: &Login) -> Option<Note> {
        let attempt = anchor.attempt?;
        let (publish, deliver) = (
            login.steps.get(&Step::Publish)?,
            login.steps.get(&Step::Deliver)?,
        );
        let room = self.clocks.of_log(attempt.log).map_or(0, Offset::slack);
        let early = publish.at - deliver.at - deliver.slack.max(room);
        (early > 0 && deliver.at > 0).then(|| Note {
            kind: "clock",
            text: format!(
                "the desktop got the event {early} ms before it was published, more than the clocks leave room for"
            ),
            evidence: publish.evidence.iter().chain(&deliver.evidence).copied().collect(),
        })
    }
}
