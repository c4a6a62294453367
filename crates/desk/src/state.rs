//! The mirror of agents' states: what AGENT_STATE_EVENT and answers to queries change, and who is told.
//!
//! Nothing else changes a state. Reference sections 3.3 (message 30), 4.2, 5.8.

use tact_ged188::{AgentState, AgentStateEvent, Tag};

use crate::agent::{ReservedFor, SignOutCause, is_on_call, is_signed_in};
use crate::directory::Shown;
use crate::query::MRD_VOICE;
use crate::{Desk, Keep, Output, Pending, Publish};

impl Desk {
    pub(crate) fn agent_state_event(
        &mut self,
        now: i64,
        event: &AgentStateEvent,
        out: &mut Vec<Output>,
    ) {
        // Other media have their own states; 0 was seen to mean voice.
        let is_voice = event.mrd_id == MRD_VOICE || event.mrd_id == 0;
        if event.peripheral_id != self.config.peripheral_id || !is_voice {
            return;
        }
        let Some(id) = self.agent_of(event) else {
            return;
        };
        let Some(entry) = self.directory.entry(&id) else {
            return;
        };
        let state = event.agent_state;
        let extension = extension_of(event);
        if state == AgentState::LOGIN {
            // A sign-in is under way; the state behind it is what subscribers hear of first.
            entry.login_extension = extension;
            return;
        }
        let agent = &mut entry.agent;
        let (old_state, old_reason) = (agent.state, agent.reason);
        let was_signed_in = agent.is_signed_in();
        agent.state = state;
        agent.reserved_for = ReservedFor::of(state, event.floats.u32(Tag::DIRECTION));
        agent.reason = match state {
            AgentState::NOT_READY | AgentState::LOGOUT => {
                Some(event.event_reason_code).filter(|code| *code != 0)
            }
            _ => None,
        };
        let moved = old_state != state;
        if moved || old_reason != agent.reason || agent.since.is_none() {
            agent.since =
                Some(now.saturating_sub(i64::from(event.state_duration).saturating_mul(1000)));
        }
        if let Some(next) = event
            .floats
            .u16(Tag::EXT_AGENT_STATE)
            .map(AgentState)
            .filter(|_| is_on_call(state))
        {
            let same = agent.pending.filter(|pending| pending.state == next);
            agent.pending = same.or(Some(Pending {
                state: next,
                reason: None,
            }));
        } else if !is_on_call(state) {
            agent.pending = None;
        }
        let login_extension = entry.login_extension.take();
        let place = if agent.is_signed_in() {
            agent.signed_out_because = None;
            if state == AgentState::AVAILABLE {
                entry.to_sign_out = None;
            }
            extension
                .or(login_extension)
                .or_else(|| agent.extension.clone())
        } else if state == AgentState::LOGOUT {
            agent.mobile = None;
            if moved {
                let asked = entry.to_sign_out.take();
                agent.signed_out_because = Some(asked.unwrap_or(SignOutCause::CtiServer));
            }
            None
        } else {
            agent.extension.clone()
        };
        let addresses = self.directory.set_extension(&id, place);
        if state == AgentState::LOGOUT {
            self.presence_of_signed_out(&id);
        }
        if !self.end_reached_requests(&id, moved, out) {
            self.show_if_changed(&id, out);
        }
        if moved && was_signed_in {
            self.keep_sign_out(now, &id, out);
        }
        self.keep_watch(&id, out);
        self.calls_follow_extension(&addresses, out);
        self.calls_follow_state(now, &id, out);
        self.enforce_presence(now, &id, out);
    }

    /// The agent whom an event is about: by id, or else by where it signed in.
    fn agent_of(&self, event: &AgentStateEvent) -> Option<String> {
        let id = event
            .floats
            .text(Tag::AGENT_ID)
            .or_else(|| event.floats.text(Tag::AGENT_ID_LONG));
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            return Some(id.into_owned());
        }
        self.directory
            .by_extension(&extension_of(event)?)
            .map(|entry| entry.agent.id.clone())
    }

    /// What a query told.
    pub(crate) fn state_told(
        &mut self,
        now: i64,
        id: &str,
        state: AgentState,
        extension: Option<&str>,
        out: &mut Vec<Output>,
    ) {
        let Some(entry) = self.directory.get_mut(id) else {
            return;
        };
        let agent = &mut entry.agent;
        if entry.shown.state != state {
            // The answer tells neither reason nor time; a team message may have told the time.
            agent.reason = None;
            agent.since = entry
                .hint
                .filter(|(hinted, _)| *hinted == state && agent.state != state)
                .map(|(_, at)| at);
        }
        if agent.state != state {
            agent.reserved_for = ReservedFor::default();
        }
        let was_signed_in = is_signed_in(entry.shown.state);
        agent.state = state;
        let told = extension
            .filter(|extension| !extension.is_empty())
            .map(|extension| device(extension).to_owned());
        let signed_in = agent.is_signed_in();
        let mut addresses = Vec::new();
        if state == AgentState::LOGOUT {
            agent.mobile = None;
            agent.pending = None;
            if was_signed_in {
                // While nobody told: what the CTI server did then is its own affair.
                agent.signed_out_because = Some(SignOutCause::CtiServer);
            }
            addresses = self.directory.set_extension(id, None);
            self.presence_of_signed_out(id);
            if was_signed_in {
                self.keep_sign_out(now, id, out);
            }
        } else if signed_in && told.is_some() {
            addresses = self.directory.set_extension(id, told);
        }
        self.show_if_changed(id, out);
        self.keep_watch(id, out);
        self.calls_follow_extension(&addresses, out);
        self.calls_follow_state(now, id, out);
        self.enforce_presence(now, id, out);
    }

    /// An agent was signed in and is no longer.
    fn keep_sign_out(&self, now: i64, id: &str, out: &mut Vec<Output>) {
        let Some(agent) = self
            .agent(id)
            .filter(|agent| agent.state == AgentState::LOGOUT)
        else {
            return;
        };
        let cause = agent.signed_out_because.clone();
        out.push(Output::Keep(Keep::SignedOut {
            agent: id.to_owned(),
            at: now,
            reason: agent.reason,
            cause: cause.unwrap_or(SignOutCause::CtiServer),
        }));
    }

    /// The link or the peripheral is gone: no state is known any more.
    pub(crate) fn forget_states(&mut self) {
        for entry in self.directory.iter_mut() {
            entry.agent.state = AgentState::UNKNOWN;
            entry.agent.pending = None;
            entry.login_extension = None;
        }
    }

    /// Tells subscribers of every agent who is not as they were told last.
    pub(crate) fn show_what_changed(&mut self, out: &mut Vec<Output>) {
        let ids: Vec<String> = self.directory.ids().cloned().collect();
        for id in ids {
            self.show_if_changed(&id, out);
        }
    }

    pub(crate) fn show_if_changed(&mut self, id: &str, out: &mut Vec<Output>) {
        let changed = self
            .directory
            .get(id)
            .is_some_and(|entry| entry.shown != Shown::of(&entry.agent));
        if changed {
            self.publish_user(id, None, out);
        }
    }

    /// Tells subscribers how an agent is. While out of service they wait for the snapshot.
    pub(crate) fn publish_user(
        &mut self,
        id: &str,
        request_id: Option<String>,
        out: &mut Vec<Output>,
    ) {
        if !self.session.service.in_service {
            return;
        }
        if let Some(entry) = self.directory.get_mut(id) {
            entry.shown = Shown::of(&entry.agent);
            out.push(Output::Publish(Publish::User {
                agent: id.to_owned(),
                request_id,
            }));
        }
    }
}

/// The extension of an event; of a mobile agent's instrument only the device.
fn extension_of(event: &AgentStateEvent) -> Option<String> {
    let known = |tag| event.floats.text(tag).filter(|text| !text.is_empty());
    known(Tag::AGENT_EXTENSION)
        .or_else(|| known(Tag::AGENT_INSTRUMENT))
        .map(|text| device(&text).to_owned())
}

fn device(instrument: &str) -> &str {
    instrument
        .split_once(';')
        .map_or(instrument, |(device, _)| device)
}
