//! Events that end calls or parties, and wrap-up after them.
//!
//! A party that left stays in sight as DROPPED. The agent's dialog ends with END_CALL, or earlier
//! when the call goes on without the agent and there is nothing to wrap up.

use tact_ged188::{AgentState, CallConnectionClearedEvent, CallDivertedEvent, Tag};

use super::{Cause, is_live, who};
use crate::agent::is_on_call;
use crate::{Desk, Output, PartyState};

/// Parties without whom a call goes on when somebody leaves; with fewer it ends by itself.
const GOES_ON: usize = 2;

const fn is_working(state: AgentState) -> bool {
    matches!(state, AgentState::WORK_NOT_READY | AgentState::WORK_READY)
}

impl Desk {
    pub(super) fn connection_cleared(
        &mut self,
        now: i64,
        event: &CallConnectionClearedEvent,
        out: &mut Vec<Output>,
    ) {
        let id = event.connection_call_id;
        let device = (Tag::RELEASING_DEVID, event.releasing_device_type);
        let who = who(&event.floats, Some(device), event.connection_device_id_type);
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let Some(address) = call.place(&who) else {
            return;
        };
        if !call.state_of(&address).is_some_and(is_live) {
            return;
        }
        call.set_state(now, &address, PartyState::Dropped);
        self.after_dropping(now, id, &address);
        self.settle(&[id], Cause::Progress, out);
    }

    pub(super) fn call_cleared(&mut self, now: i64, id: u32, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        call.cleared = true;
        let left: Vec<String> = call.live().map(|party| party.address.clone()).collect();
        for address in left {
            if let Some(call) = self.calls.get_mut(id) {
                call.set_state(now, &address, PartyState::Dropped);
            }
            self.after_dropping(now, id, &address);
        }
        self.settle(&[id], Cause::Progress, out);
    }

    /// END_CALL: nothing more will be heard of the call.
    pub(super) fn call_ended(&mut self, now: i64, id: u32, out: &mut Vec<Output>) {
        if let Some(call) = self.calls.get_mut(id) {
            call.finish(now);
            call.ended = true;
            self.settle(&[id], Cause::Progress, out);
        }
    }

    /// The call went elsewhere from a device: the party is out, the call goes on.
    pub(super) fn call_diverted(&mut self, event: &CallDivertedEvent, out: &mut Vec<Output>) {
        let id = event.connection_call_id;
        let device = (Tag::DIVERTING_DEVID, event.diverting_device_type);
        let who = who(&event.floats, Some(device), event.connection_device_id_type);
        if let Some(call) = self.calls.get_mut(id)
            && let Some(address) = call.place(&who)
        {
            call.leave(&address);
            self.settle(&[id], Cause::Progress, out);
        }
    }

    /// What follows for the agent whose party has just left.
    fn after_dropping(&mut self, now: i64, id: u32, address: &str) {
        let Some(call) = self.calls.get(id) else {
            return;
        };
        let Some(agent) = call
            .dialog
            .participant(address)
            .and_then(|party| party.agent.clone())
        else {
            return;
        };
        let state = self
            .directory
            .get(&agent)
            .map_or(AgentState::UNKNOWN, |entry| entry.agent.state);
        let goes_on = call.live().count() >= GOES_ON;
        let busy_elsewhere = self.is_busy_elsewhere(&agent, id);
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let answered = call.legs.get(address).is_some_and(|leg| leg.answered);
        if is_working(state) && answered && !busy_elsewhere {
            call.set_state(now, address, PartyState::WrapUp);
        } else if goes_on && (busy_elsewhere || !answered || !is_on_call(state)) {
            call.retire(address);
        }
    }

    /// Whether an agent is a live party of another call than this one.
    fn is_busy_elsewhere(&self, agent: &str, id: u32) -> bool {
        self.calls.of_agent(agent).any(|call| {
            call.dialog.id != id
                && call
                    .live()
                    .any(|party| party.agent.as_deref() == Some(agent))
        })
    }

    /// An agent's state changed: wrap-up begins or ends, and calls that went on without the agent
    /// are over for good.
    pub(crate) fn calls_follow_state(&mut self, now: i64, agent: &str, out: &mut Vec<Output>) {
        let Some(state) = self.directory.get(agent).map(|entry| entry.agent.state) else {
            return;
        };
        let mut touched = Vec::new();
        let ids: Vec<u32> = self
            .calls
            .of_agent(agent)
            .map(|call| call.dialog.id)
            .collect();
        for id in ids {
            let Some(call) = self.calls.get_mut(id) else {
                continue;
            };
            let alone = call.live().next().is_none();
            let mut changes = Vec::new();
            for party in &call.dialog.participants {
                if party.agent.as_deref() != Some(agent) {
                    continue;
                }
                let Some(leg) = call.legs.get(&party.address).filter(|leg| !leg.retired) else {
                    continue;
                };
                match party.state {
                    PartyState::Dropped if is_working(state) && leg.answered => {
                        changes.push((party.address.clone(), PartyState::WrapUp));
                    }
                    PartyState::Dropped if !is_on_call(state) && !is_working(state) && !alone => {
                        changes.push((party.address.clone(), PartyState::Dropped));
                    }
                    PartyState::WrapUp if !is_working(state) => {
                        changes.push((party.address.clone(), PartyState::Dropped));
                    }
                    _ => {}
                }
            }
            for (address, state) in changes {
                call.set_state(now, &address, state);
                if state == PartyState::Dropped {
                    call.retire(&address);
                }
                if !touched.contains(&id) {
                    touched.push(id);
                }
            }
        }
        if !touched.is_empty() {
            self.settle(&touched, Cause::Progress, out);
        }
    }

    /// Somebody signed in or out at these addresses: parties there have another agent, or none.
    pub(crate) fn calls_follow_extension(&mut self, addresses: &[String], out: &mut Vec<Output>) {
        let mut touched = Vec::new();
        for address in addresses {
            for id in self.calls.at_address(address) {
                if let Some(call) = self.calls.get_mut(id) {
                    call.recognise(address, &self.directory);
                    touched.push(id);
                }
            }
        }
        if !touched.is_empty() {
            self.settle(&touched, Cause::Progress, out);
        }
    }
}
