//! The queue of one agent's requests: what waits, and what went out.
//!
//! A request goes out only after the confirmation of the one before (finesse-api.md 1.6). Which
//! event ends which request is not known here.

use std::collections::VecDeque;

use crate::login;
use crate::presence::Absence;
use crate::{Action, Agent, CallAction};

/// Who wants something done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum By {
    Agent,
    Supervisor(String),
    /// The desk itself: the agent's presence was lost.
    Presence(Absence),
}

impl By {
    pub(crate) fn is_presence(&self) -> bool {
        matches!(self, By::Presence(_))
    }
}

/// One thing to do for an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) action: Action,
    pub(crate) request_id: Option<String>,
    pub(crate) by: By,
}

impl Work {
    /// What is asked of a call, when it is that.
    pub(crate) fn call(&self) -> Option<&CallAction> {
        match &self.action {
            Action::Call(action) => Some(action),
            _ => None,
        }
    }
}

/// Work that went out.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) invoke: u32,
    pub(crate) work: Work,
    /// Its confirmation came.
    pub(crate) confirmed: bool,
    /// Its client was told the outcome.
    pub(crate) ended: bool,
    /// The call that the confirmation named.
    pub(crate) call: Option<u32>,
}

/// The queue of one agent.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    queued: VecDeque<Work>,
    sent: VecDeque<Sent>,
}

impl Requests {
    /// Whether nothing is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.queued.is_empty() && self.sent.iter().all(|sent| sent.ended)
    }

    /// Whether a sign-in is under way.
    pub(crate) fn is_signing_in(&self) -> bool {
        let signs_in = |work: &Work| matches!(work.action, Action::SignIn { .. });
        self.queued.iter().any(signs_in)
            || self
                .sent
                .iter()
                .any(|sent| !sent.ended && signs_in(&sent.work))
    }

    pub(crate) fn push(&mut self, work: Work) {
        self.queued.push_back(work);
    }

    /// Takes back what the loss of presence asked for and has not gone out.
    pub(crate) fn drop_forced(&mut self) {
        self.queued.retain(|work| !work.by.is_presence());
    }

    pub(crate) fn len(&self) -> usize {
        self.queued.len() + self.sent.len()
    }

    /// The next work to go out, when the last one is confirmed.
    pub(crate) fn next(&mut self) -> Option<Work> {
        if self.sent.iter().all(|sent| sent.confirmed) {
            self.queued.pop_front()
        } else {
            None
        }
    }

    pub(crate) fn went_out(&mut self, invoke: u32, work: Work) {
        self.sent.push_back(Sent {
            invoke,
            work,
            confirmed: false,
            ended: false,
            call: None,
        });
    }

    pub(crate) fn sent(&self) -> impl Iterator<Item = &Sent> {
        self.sent.iter()
    }

    pub(crate) fn sent_mut(&mut self) -> impl Iterator<Item = &mut Sent> {
        self.sent.iter_mut()
    }

    pub(crate) fn take(&mut self, invoke: u32) -> Option<Sent> {
        let position = self.sent.iter().position(|sent| sent.invoke == invoke)?;
        self.sent.remove(position)
    }

    /// Ends what the agent's new state shows to be done, oldest first.
    pub(crate) fn end_reached(&mut self, agent: &Agent, moved: bool) -> Vec<Work> {
        let reached = |sent: &Sent| {
            !sent.ended && login::is_reached(&sent.work, agent, moved, sent.confirmed)
        };
        let Some(last) = self.sent.iter().position(reached) else {
            return Vec::new();
        };
        let mut ended = Vec::new();
        // What was confirmed before it was done too, though the server told only of the outcome;
        // not so what was asked of calls, whose events are others.
        for sent in self
            .sent
            .iter_mut()
            .take(last + 1)
            .filter(|sent| !sent.ended && sent.work.call().is_none())
        {
            sent.ended = true;
            ended.push(sent.work.clone());
        }
        ended
    }

    /// Forgets what is confirmed and ended; the InvokeIDs that are no longer waited for.
    pub(crate) fn sweep(&mut self) -> Vec<u32> {
        let done = |sent: &Sent| sent.ended && sent.confirmed;
        let invokes = self
            .sent
            .iter()
            .filter(|sent| done(sent))
            .map(|sent| sent.invoke)
            .collect();
        self.sent.retain(|sent| !done(sent));
        invokes
    }

    /// Takes everything out; what had not ended, and every InvokeID.
    pub(crate) fn drain(&mut self) -> (Vec<Work>, Vec<u32>) {
        let invokes = self.sent.iter().map(|sent| sent.invoke).collect();
        let sent = self
            .sent
            .drain(..)
            .filter(|sent| !sent.ended)
            .map(|sent| sent.work);
        let works = sent.chain(self.queued.drain(..)).collect();
        (works, invokes)
    }
}
