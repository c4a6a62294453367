//! Who is told of a change: each dialog is compared with what its agents were told last.
//!
//! POST when it came to an agent, DELETE when it left, PUT when it changed; so an event that says
//! nothing new is told to nobody. While out of service nothing is told; the snapshot is compared
//! when the service is back.

use tact_ged188::ControlFailure;

use super::actions::{Situation, actions};
use super::call::state_of_call;
use super::progress::is_second_call;
use super::{Call, is_live};
use crate::request::publish_failure;
use crate::{Change, Desk, Dialog, Output, PartyState, Publish};

/// What made a dialog change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Anything but the two below.
    Progress,
    /// A transfer.
    Transferred,
    /// A conference.
    Conferenced,
}

/// How an agent is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Post,
    Put,
    Delete,
}

/// What one agent is about to be told, for requests to see whether it is their outcome.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) kind: Kind,
    pub(crate) cause: Cause,
    pub(crate) dialog: &'a Dialog,
    pub(crate) before: Option<&'a Dialog>,
}

impl Desk {
    /// Draws the consequences of a change of these calls and tells who must know: first whom they
    /// left, then the rest, then of other calls in which something else became possible.
    pub(super) fn settle(&mut self, ids: &[u32], cause: Cause, out: &mut Vec<Output>) {
        let mut touched = ids.to_vec();
        for id in ids {
            let Some(call) = self.calls.get(*id) else {
                continue;
            };
            let mut agents: Vec<String> = call.agents().into_iter().map(str::to_owned).collect();
            agents.extend(call.told.iter().cloned());
            self.calls.index(*id);
            for agent in agents {
                for other in self.calls.of_agent(&agent) {
                    if !touched.contains(&other.dialog.id) {
                        touched.push(other.dialog.id);
                    }
                }
            }
        }
        for id in &touched {
            self.refresh(*id);
        }
        if self.session.service.in_service {
            for id in ids {
                self.withdraw(*id, cause, out);
            }
            for id in &touched {
                let cause = if ids.contains(id) {
                    cause
                } else {
                    Cause::Progress
                };
                self.show_call(*id, cause, out);
            }
        }
        let mut waiting = Vec::new();
        for id in ids {
            if self
                .calls
                .get(*id)
                .is_some_and(|call| call.ended && call.told.is_empty())
            {
                let gone = self.calls.remove(*id);
                waiting.extend(gone.into_iter().flat_map(|call| call.watchers));
            } else {
                self.calls.index(*id);
            }
        }
        // What waited to see a party dropped has nothing to wait for any more.
        for agent in waiting {
            self.fail_stranded(&agent, out);
        }
    }

    /// State, first call and actions follow from the rest.
    fn refresh(&mut self, id: u32) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let state = state_of_call(&call.dialog.participants);
        let associated = call.dialog.associated.or_else(|| self.first_call(call));
        let connected = call
            .dialog
            .participants
            .iter()
            .filter(|party| matches!(party.state, PartyState::Active | PartyState::Held))
            .count();
        let table = call.dialog.participants.iter().map(|party| {
            let Some(agent) = &party.agent else {
                return Vec::new();
            };
            actions(Situation {
                state: party.state,
                call_type: call.dialog.call_type,
                monitored: call.is_monitored(&party.address),
                active_elsewhere: self.active_call(agent, id).is_some(),
                supervisor: self
                    .directory
                    .get(agent)
                    .is_some_and(|entry| entry.agent.supervisor),
                connected,
            })
        });
        let table: Vec<_> = table.collect();
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        call.dialog.state = state;
        call.dialog.associated = associated;
        for (party, actions) in call.dialog.participants.iter_mut().zip(table) {
            party.actions = actions;
        }
    }

    /// The call that a second one belongs to, when no event said it: the agent's other one.
    fn first_call(&self, call: &Call) -> Option<u32> {
        if !is_second_call(call.dialog.call_type) {
            return None;
        }
        let agents = call.live().filter_map(|party| party.agent.as_deref());
        let mut others = agents.flat_map(|agent| {
            self.calls.of_agent(agent).filter(move |other| {
                other.dialog.id != call.dialog.id
                    && !is_second_call(other.dialog.call_type)
                    && other
                        .live()
                        .any(|party| party.agent.as_deref() == Some(agent))
            })
        });
        others.next().map(|other| other.dialog.id)
    }

    /// The call on which an agent is connected, other than this one.
    pub(crate) fn active_call(&self, agent: &str, except: u32) -> Option<&Call> {
        self.calls.of_agent(agent).find(|call| {
            call.dialog.id != except
                && !call.is_monitor()
                && call.dialog.participants.iter().any(|party| {
                    party.state == PartyState::Active && party.agent.as_deref() == Some(agent)
                })
        })
    }

    /// Tells the agents whom a call has left.
    fn withdraw(&mut self, id: u32, cause: Cause, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let agents = call.agents();
        let left: Vec<String> = call
            .told
            .iter()
            .filter(|agent| !agents.contains(agent.as_str()))
            .cloned()
            .collect();
        for agent in left {
            let Some(call) = self.calls.get_mut(id) else {
                return;
            };
            call.told.remove(&agent);
            let before = call.shown.clone();
            let dialog = farewell(call, &agent);
            let view = View {
                kind: Kind::Delete,
                cause,
                dialog: &dialog,
                before: before.as_ref(),
            };
            let request_id = self.request_ended_by(&agent, &view).flatten();
            out.push(Output::Publish(Publish::Dialogs {
                agent: agent.clone(),
                event: Change::Delete,
                dialog,
                request_id,
            }));
            self.fail_stranded(&agent, out);
        }
    }

    /// Tells the agents of a call how it is, as far as they do not know it yet.
    fn show_call(&mut self, id: u32, cause: Cause, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let mut agents: Vec<String> = Vec::new();
        // In the order of the parties, so that who made a call hears of it first.
        for party in &call.dialog.participants {
            let retired = call.legs.get(&party.address).is_none_or(|leg| leg.retired);
            if let Some(agent) = party.agent.as_ref().filter(|_| !retired)
                && !agents.contains(agent)
            {
                agents.push(agent.clone());
            }
        }
        if agents.is_empty() && call.watchers.is_empty() {
            call.shown = None;
            return;
        }
        let dialog = call.dialog.clone();
        let before = call.shown.replace(dialog.clone());
        let changed = before.as_ref() != Some(&dialog);
        let watchers = call.watchers.clone();
        for agent in &agents {
            let is_new = self
                .calls
                .get_mut(id)
                .is_some_and(|call| call.told.insert(agent.clone()));
            if !is_new && !changed {
                continue;
            }
            let view = View {
                kind: if is_new { Kind::Post } else { Kind::Put },
                cause,
                dialog: &dialog,
                before: before.as_ref(),
            };
            let request_id = self.request_ended_by(agent, &view).flatten();
            out.push(Output::Publish(if is_new {
                Publish::Dialogs {
                    agent: agent.clone(),
                    event: Change::Post,
                    dialog: dialog.clone(),
                    request_id,
                }
            } else {
                Publish::Dialog {
                    agent: agent.clone(),
                    dialog: dialog.clone(),
                    request_id,
                }
            }));
        }
        for agent in watchers.iter().filter(|agent| !agents.contains(agent)) {
            let view = View {
                kind: Kind::Put,
                cause,
                dialog: &dialog,
                before: before.as_ref(),
            };
            if let Some(request_id) = self.request_ended_by(agent, &view) {
                out.push(Output::Publish(Publish::Dialog {
                    agent: agent.clone(),
                    dialog: dialog.clone(),
                    request_id,
                }));
            }
        }
    }

    /// Ends requests that were confirmed and whose call is gone without showing what was asked.
    fn fail_stranded(&mut self, agent: &str, out: &mut Vec<Output>) {
        for work in self.stranded_requests(agent) {
            publish_failure(agent, work, ControlFailure::GENERIC_UNSPECIFIED, 0, out);
        }
    }

    /// The service is back: everybody is told of every live call anew, and of those that are gone.
    pub(crate) fn show_calls_again(&mut self, now: i64, out: &mut Vec<Output>) {
        let ids = self.calls.ids();
        for id in &ids {
            let Some(call) = self.calls.get_mut(*id) else {
                continue;
            };
            if call.stale || call.ended {
                call.finish(now);
                call.ended = true;
            } else {
                let agents: Vec<String> = call.agents().into_iter().map(str::to_owned).collect();
                // To be told as if it were new: clients may have missed anything.
                call.told.retain(|agent| !agents.contains(agent));
            }
        }
        for id in ids {
            self.settle(&[id], Cause::Progress, out);
        }
    }
}

/// A dialog as it is shown to the agent whom it leaves: the agent's own party is gone.
fn farewell(call: &Call, agent: &str) -> Dialog {
    let mut dialog = call.dialog.clone();
    let is_own = |party: &crate::Participant| party.agent.as_deref() == Some(agent);
    if !dialog.participants.iter().any(is_own) {
        let shown = call.shown.iter().flat_map(|shown| &shown.participants);
        for own in shown.filter(|party| is_own(party)) {
            let place = dialog
                .participants
                .iter_mut()
                .find(|party| party.address == own.address);
            match place {
                // Somebody else may be at the same phone by now, or nobody.
                Some(place) => *place = own.clone(),
                None => dialog.participants.push(own.clone()),
            }
        }
    }
    for party in &mut dialog.participants {
        if party.agent.as_deref() == Some(agent) {
            if is_live(party.state) {
                party.state = PartyState::Dropped;
            }
            party.actions.clear();
        }
    }
    dialog.state = state_of_call(&dialog.participants);
    dialog
}
