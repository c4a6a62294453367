//! Which dialog event ends which call request.
//!
//! A request ends once: with the event that shows what was asked, or with a failure. One event
//! ends at most one request of an agent, the oldest it shows. Confirmation and event come in any
//! order (reference section 5.10); what only a confirmation can show (tones) ends with it.

use tact_ged188::{CallType, ControlFailure};

use crate::backlog::{Sent, Work};
use crate::call_request::asked_data;
use crate::calls::{self, Cause, Kind, View};
use crate::query::Ask;
use crate::request::publish_failure;
use crate::{CallAction, Desk, Dialog, Output, PartyState, Publish};

/// Whether a dialog is as the request wants it, whatever made it so. `None` where the state of a
/// dialog alone cannot tell.
fn holds(action: &CallAction, dialog: &Dialog) -> Option<bool> {
    let state = |address: &str| dialog.participant(address).map(|party| party.state);
    Some(match action {
        CallAction::Answer { address, .. } | CallAction::Retrieve { address, .. } => {
            state(address) == Some(PartyState::Active)
        }
        CallAction::Hold { address, .. } => state(address) == Some(PartyState::Held),
        CallAction::Drop { address, .. } | CallAction::DropParticipant { address, .. } => {
            !state(address).is_some_and(calls::is_live)
        }
        CallAction::UpdateCallData { .. }
        | CallAction::Accept { .. }
        | CallAction::Reject { .. }
        | CallAction::Close { .. }
        | CallAction::Reclassify { .. }
        | CallAction::ScheduleCallback { .. }
        | CallAction::CancelCallback { .. } => {
            let (variables, wrap_up) = asked_data(action);
            calls::holds(dialog, &variables, wrap_up)
        }
        _ => return None,
    })
}

/// Whether what an agent is about to be told shows what was asked.
fn is_shown(sent: &Sent, action: &CallAction, view: &View<'_>) -> bool {
    let dialog = view.dialog;
    let is_named = action.dialog() == Some(dialog.id);
    let is_live = |address: &str| {
        dialog
            .participant(address)
            .is_some_and(|party| calls::is_live(party.state))
    };
    // A call that the confirmation named is that call; before it, a call that looks like it.
    let is_made = |looks: bool| {
        view.kind != Kind::Delete
            && match sent.call {
                Some(call) => call == dialog.id,
                None => looks && view.kind == Kind::Post && !sent.confirmed,
            }
    };
    let dials = |address: &str| {
        dialog.participant(address).is_some_and(|party| {
            matches!(
                party.state,
                PartyState::Initiating | PartyState::Initiated | PartyState::Failed
            )
        })
    };
    let second = matches!(
        dialog.call_type,
        CallType::CONSULT | CallType::CONSULT_OFFERRED | CallType::CONSULT_CONFERENCE
    );
    match action {
        CallAction::Make { from, .. } => is_made(dials(from) && !second),
        CallAction::Consult { address, .. } => is_made(dials(address)),
        CallAction::Monitor { from, .. } => {
            is_made(dialog.call_type == CallType::SUPERVISOR_MONITOR && is_live(from))
        }
        CallAction::Transfer { .. } | CallAction::TransferSst { .. } => {
            view.cause == Cause::Transferred
                && view.kind == Kind::Delete
                && (is_named || Some(dialog.id) == sent.call)
        }
        CallAction::Conference { .. } => {
            view.cause == Cause::Conferenced && view.kind != Kind::Delete
        }
        // The supervisor is in the agent's call, not in the one that leads there.
        CallAction::Barge { from, to, .. } => {
            view.kind != Kind::Delete
                && !is_named
                && !matches!(
                    dialog.call_type,
                    CallType::SUPERVISOR_BARGEIN | CallType::SUPERVISOR_MONITOR
                )
                && dialog
                    .participant(from)
                    .is_some_and(|party| party.state == PartyState::Active)
                && is_live(to)
        }
        CallAction::SendDtmf { .. } | CallAction::Unsupported { .. } => false,
        _ if !is_named => false,
        CallAction::Drop { .. } if view.kind == Kind::Delete => true,
        // A preview that is gone was taken or given back, as asked.
        CallAction::Accept { .. } | CallAction::Reject { .. } | CallAction::Close { .. }
            if view.kind == Kind::Delete =>
        {
            true
        }
        _ if view.kind == Kind::Delete => false,
        // Of what was so before only the confirmation says that it is this request's doing.
        _ => {
            let before = view.before.and_then(|before| holds(action, before));
            holds(action, dialog) == Some(true) && (sent.confirmed || before == Some(false))
        }
    }
}

impl Desk {
    /// Ends the oldest request of an agent that the view shows; its requestId.
    pub(crate) fn request_ended_by(
        &mut self,
        agent: &str,
        view: &View<'_>,
    ) -> Option<Option<String>> {
        let requests = &mut self.directory.get_mut(agent)?.requests;
        let sent = requests.sent_mut().find(|sent| {
            !sent.ended
                && sent
                    .work
                    .call()
                    .is_some_and(|action| is_shown(sent, action, view))
        })?;
        sent.ended = true;
        let request_id = sent.work.request_id.clone();
        for invoke in requests.sweep() {
            self.forget(invoke);
        }
        Some(request_id)
    }

    /// Takes out requests that were confirmed, and whose call is no longer the agent's.
    pub(crate) fn stranded_requests(&mut self, agent: &str) -> Vec<Work> {
        let Some(entry) = self.directory.get(agent) else {
            return Vec::new();
        };
        let stranded = |sent: &Sent| {
            sent.confirmed
                && !sent.ended
                && sent
                    .work
                    .call()
                    .is_some_and(|action| self.is_gone(agent, action))
        };
        let invokes: Vec<u32> = entry
            .requests
            .sent()
            .filter(|sent| stranded(sent))
            .map(|sent| sent.invoke)
            .collect();
        let mut works = Vec::new();
        for invoke in invokes {
            self.forget(invoke);
            if let Some(entry) = self.directory.get_mut(agent) {
                works.extend(entry.requests.take(invoke).map(|sent| sent.work));
            }
        }
        works
    }

    /// Whether the call that a request names is over for the agent, so that no event about it comes.
    fn is_gone(&self, agent: &str, action: &CallAction) -> bool {
        // These wait for events of other calls, some of which come behind the end of this one.
        if matches!(action, CallAction::Barge { .. }) {
            return false;
        }
        action.dialog().is_some_and(|id| {
            self.calls.get(id).is_none_or(|call| {
                call.ended || !(call.told.contains(agent) || call.watchers.contains(agent))
            })
        })
    }

    /// The confirmation of a call request: what it shows by itself ends the request.
    pub(crate) fn call_confirmed(
        &mut self,
        agent: &str,
        invoke: u32,
        call: Option<u32>,
        out: &mut Vec<Output>,
    ) {
        let Some(sent) = self.directory.get_mut(agent).and_then(|entry| {
            entry
                .requests
                .sent_mut()
                .find(|sent| sent.invoke == invoke && !sent.ended)
        }) else {
            return;
        };
        sent.call = call;
        let Some(action) = sent.work.call().cloned() else {
            return;
        };
        let request_id = sent.work.request_id.clone();
        if self.is_gone(agent, &action) {
            for work in self.stranded_requests(agent) {
                publish_failure(agent, work, ControlFailure::GENERIC_UNSPECIFIED, 0, out);
            }
            return;
        }
        let makes = matches!(
            action,
            CallAction::Make { .. } | CallAction::Consult { .. } | CallAction::Monitor { .. }
        );
        let id = if makes { call } else { action.dialog() };
        let Some(known) = id.and_then(|id| self.calls.get(id)) else {
            return;
        };
        let reaches = known.told.contains(agent) || known.watchers.contains(agent);
        let is_done = makes
            || matches!(action, CallAction::SendDtmf { .. })
            || holds(&action, &known.dialog) == Some(true);
        if reaches && is_done {
            let dialog = known.dialog.clone();
            self.show_dialog_outcome(agent, invoke, dialog, request_id, out);
        }
    }

    /// No event came in time. What was confirmed and is only data may have been ignored by the CTI
    /// server (finesse-api.md 2.6), so the dialog is shown as it is. Whether that ended the request.
    pub(crate) fn call_timed_out(&self, agent: &str, sent: &Sent, out: &mut Vec<Output>) -> bool {
        let Some(CallAction::UpdateCallData { dialog, .. }) = sent.work.call() else {
            return false;
        };
        let told = |call: &&crate::calls::Call| call.told.contains(agent);
        let Some(call) = self.calls.get(*dialog).filter(told) else {
            return false;
        };
        if sent.confirmed {
            out.push(Output::Publish(Publish::Dialog {
                agent: agent.to_owned(),
                dialog: call.dialog.clone(),
                request_id: sent.work.request_id.clone(),
            }));
        }
        sent.confirmed
    }

    /// What to ask after a call request that came to no end.
    pub(crate) fn ask_after(&mut self, now: i64, action: &CallAction, out: &mut Vec<Output>) {
        if let Some(id) = action.dialog()
            && self.calls.get(id).is_some()
        {
            self.ask(now, Ask::Call(id), out);
        }
    }

    fn show_dialog_outcome(
        &mut self,
        agent: &str,
        invoke: u32,
        dialog: Dialog,
        request_id: Option<String>,
        out: &mut Vec<Output>,
    ) {
        if let Some(entry) = self.directory.get_mut(agent)
            && let Some(sent) = entry.requests.sent_mut().find(|sent| sent.invoke == invoke)
        {
            sent.ended = true;
        }
        out.push(Output::Publish(Publish::Dialog {
            agent: agent.to_owned(),
            dialog,
            request_id,
        }));
    }
}
