//! The mirror of calls: what call events change in dialogs, and who is told.
//!
//! Nothing else changes a dialog. Events may come in any order, twice, or not at all: an unknown
//! call is begun by any event that shows it alive, and asked for with SNAPSHOT_CALL_REQ. Calls
//! are known by ConnectionCallID alone. Reference sections 3.4, 5.9, 5.10; finesse-api.md 2.4 to 2.7.
//!
//! `progress` makes a call go on, `cleared` ends it, `merged` joins two, `data` is what it carries,
//! `publish` compares with what agents were told last and says what changed.

mod actions;
mod call;
mod cleared;
mod data;
mod merged;
mod progress;
mod publish;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};

use tact_ged188::{ConnectionDeviceIdType, DeviceIdType, Floats, Message, Tag};

pub(crate) use call::{Call, is_live};
pub(crate) use data::{WRAP_UP_LEN, fits, holds, push as push_variables};
pub(crate) use publish::{Cause, Kind, View};

use crate::query::Ask;
use crate::session::Phase;
use crate::{Desk, Note, Output};

/// Calls that a desk mirrors; more are left out.
pub(crate) const MAX_CALLS: usize = 100_000;

/// Every call, and where to look for it.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    calls: BTreeMap<u32, Call>,
    /// Calls by agent who takes part or was told of it.
    by_agent: BTreeMap<String, BTreeSet<u32>>,
    /// Calls by address of a party.
    by_address: BTreeMap<String, BTreeSet<u32>>,
    /// What the two indexes hold of each call: agents, addresses.
    indexed: BTreeMap<u32, (BTreeSet<String>, BTreeSet<String>)>,
}

impl Calls {
    pub(crate) fn get(&self, id: u32) -> Option<&Call> {
        self.calls.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: u32) -> Option<&mut Call> {
        self.calls.get_mut(&id)
    }

    pub(crate) fn ids(&self) -> Vec<u32> {
        self.calls.keys().copied().collect()
    }

    /// Calls in which an agent takes part or of which the agent was told.
    pub(crate) fn of_agent(&self, agent: &str) -> impl Iterator<Item = &Call> {
        self.by_agent
            .get(agent)
            .into_iter()
            .flatten()
            .filter_map(|id| self.calls.get(id))
    }

    fn at_address(&self, address: &str) -> Vec<u32> {
        self.by_address
            .get(address)
            .map(|ids| ids.iter().copied().collect())
            .unwrap_or_default()
    }

    fn remove(&mut self, id: u32) -> Option<Call> {
        let call = self.calls.remove(&id);
        self.index(id);
        call
    }

    /// Brings the indexes up to date with a call. Agents who came or left.
    fn index(&mut self, id: u32) {
        let (agents, addresses) = match self.calls.get(&id) {
            Some(call) => {
                let agents = call
                    .agents()
                    .into_iter()
                    .map(str::to_owned)
                    .chain(call.told.iter().cloned())
                    .collect();
                (agents, call.legs.keys().cloned().collect())
            }
            None => (BTreeSet::new(), BTreeSet::new()),
        };
        let (old_agents, old_addresses) = self.indexed.remove(&id).unwrap_or_default();
        move_entries(&mut self.by_agent, id, &old_agents, &agents);
        move_entries(&mut self.by_address, id, &old_addresses, &addresses);
        if self.calls.contains_key(&id) {
            self.indexed.insert(id, (agents, addresses));
        }
    }
}

fn move_entries(
    index: &mut BTreeMap<String, BTreeSet<u32>>,
    id: u32,
    old: &BTreeSet<String>,
    new: &BTreeSet<String>,
) {
    for key in old.difference(new) {
        if let Some(ids) = index.get_mut(key) {
            ids.remove(&id);
            if ids.is_empty() {
                index.remove(key);
            }
        }
    }
    for key in new.difference(old) {
        index.entry(key.clone()).or_default().insert(id);
    }
}

/// Whether a number names a call.
pub(crate) const fn is_call(id: u32) -> bool {
    id != 0 && id != u32::MAX
}

/// Whom an event is about.
fn who(
    floats: &Floats,
    device: Option<(Tag, DeviceIdType)>,
    connection_type: ConnectionDeviceIdType,
) -> call::Who {
    let known = |tag| {
        floats
            .text(tag)
            .filter(|text| !text.is_empty())
            .map(std::borrow::Cow::into_owned)
    };
    let kind = match (device, connection_type) {
        (Some((_, kind)), _) => kind,
        (None, ConnectionDeviceIdType::DYNAMIC) => DeviceIdType::EXTERNAL,
        (None, ConnectionDeviceIdType::STATIC) => DeviceIdType::DEVICE_IDENTIFIER,
        (None, _) => DeviceIdType::NONE,
    };
    call::Who {
        device: device.and_then(|(tag, _)| known(tag)),
        kind,
        connection: known(Tag::CONNECTION_DEVID),
        connection_type,
    }
}

/// The event's own device, for a name of the caller or of what was called.
fn named(floats: &Floats, tag: Tag) -> Option<String> {
    floats
        .text(tag)
        .filter(|text| !text.is_empty())
        .map(std::borrow::Cow::into_owned)
}

impl Desk {
    /// Hands a message about calls to the module that knows it; others are left alone.
    pub(crate) fn call_message(&mut self, now: i64, message: &Message, out: &mut Vec<Output>) {
        use Message as M;
        let peripheral = match message {
            M::BeginCallEvent(event) => event.peripheral_id,
            M::CallDataUpdateEvent(event) => event.peripheral_id,
            M::EndCallEvent(event) => event.peripheral_id,
            M::CallDeliveredEvent(event) => event.peripheral_id,
            M::CallOriginatedEvent(event) => event.peripheral_id,
            M::CallEstablishedEvent(event) => event.peripheral_id,
            M::CallHeldEvent(event) => event.peripheral_id,
            M::CallRetrievedEvent(event) => event.peripheral_id,
            M::CallServiceInitiatedEvent(event) => event.peripheral_id,
            M::CallFailedEvent(event) => event.peripheral_id,
            M::CallConnectionClearedEvent(event) => event.peripheral_id,
            M::CallClearedEvent(event) => event.peripheral_id,
            M::CallConferencedEvent(event) => event.peripheral_id,
            M::CallTransferredEvent(event) => event.peripheral_id,
            M::CallDivertedEvent(event) => event.peripheral_id,
            M::CallReachedNetworkEvent(event) => event.peripheral_id,
            M::CallQueuedEvent(event) => event.peripheral_id,
            // AGENT_PRE_CALL_EVENT names no call, and BEGIN_CALL tells all that it does; RTP,
            // greetings and CALL_DEQUEUED change nothing that a dialog shows.
            _ => return self.call_answered(now, message, out),
        };
        if peripheral != self.config.peripheral_id {
            return;
        }
        match message {
            M::BeginCallEvent(event) => self.call_begun(now, event, out),
            M::CallDataUpdateEvent(event) => self.call_data_updated(now, event, out),
            M::EndCallEvent(event) => self.call_ended(now, event.connection_call_id, out),
            M::CallDeliveredEvent(event) => self.call_delivered(now, event, out),
            M::CallOriginatedEvent(event) => self.call_originated(now, event, out),
            M::CallEstablishedEvent(event) => self.call_established(now, event, out),
            M::CallHeldEvent(event) => self.call_held(now, event, out),
            M::CallRetrievedEvent(event) => self.call_retrieved(now, event, out),
            M::CallServiceInitiatedEvent(event) => self.call_service_initiated(now, event, out),
            M::CallFailedEvent(event) => self.call_failed(now, event, out),
            M::CallConnectionClearedEvent(event) => self.connection_cleared(now, event, out),
            M::CallClearedEvent(event) => self.call_cleared(now, event.connection_call_id, out),
            M::CallConferencedEvent(event) => self.call_conferenced(now, event, out),
            M::CallTransferredEvent(event) => self.call_transferred(now, event, out),
            M::CallDivertedEvent(event) => self.call_diverted(event, out),
            M::CallReachedNetworkEvent(event) => self.call_reached_network(now, event, out),
            M::CallQueuedEvent(event) => self.call_queued(now, event, out),
            _ => {}
        }
    }

    /// Confirmations of call requests, and answers to questions about calls.
    fn call_answered(&mut self, now: i64, message: &Message, out: &mut Vec<Output>) {
        use Message as M;
        let (invoke, call) = match message {
            M::AnswerCallConf(conf) => (conf.invoke_id, None),
            M::HoldCallConf(conf) => (conf.invoke_id, None),
            M::RetrieveCallConf(conf) => (conf.invoke_id, None),
            M::ClearConnectionConf(conf) => (conf.invoke_id, None),
            M::SetCallDataConf(conf) => (conf.invoke_id, None),
            M::SendDtmfSignalConf(conf) => (conf.invoke_id, None),
            M::MakeCallConf(conf) => (conf.invoke_id, Some(conf.new_connection_call_id)),
            M::ConsultationCallConf(conf) => (conf.invoke_id, Some(conf.new_connection_call_id)),
            M::TransferCallConf(conf) => (conf.invoke_id, Some(conf.new_connection_call_id)),
            M::ConferenceCallConf(conf) => (conf.invoke_id, Some(conf.new_connection_call_id)),
            M::SuperviseCallConf(conf) => (conf.invoke_id, Some(conf.connection_call_id)),
            M::SnapshotCallConf(conf) => return self.call_told(now, conf, out),
            M::SnapshotDeviceConf(conf) => return self.device_told(now, conf, out),
            _ => return,
        };
        self.request_confirmed(now, invoke, call.filter(|id| is_call(*id)), out);
    }

    /// The call of an event that shows it alive; begun when it is new.
    ///
    /// `told` says that the event brings the call's data along, so that nothing is to be asked.
    fn live_call(
        &mut self,
        now: i64,
        id: u32,
        told: bool,
        out: &mut Vec<Output>,
    ) -> Option<&mut Call> {
        if !is_call(id) {
            return None;
        }
        let is_new = !self.calls.calls.contains_key(&id);
        if is_new {
            if self.calls.calls.len() >= MAX_CALLS {
                out.push(Output::Note(Note::TooManyCalls));
                return None;
            }
            self.calls.calls.insert(id, Call::new(id));
        }
        let was_stale = self
            .calls
            .calls
            .get_mut(&id)
            .is_some_and(|call| std::mem::replace(&mut call.stale, false));
        let knows = matches!(self.session.phase, Phase::Querying | Phase::Ready);
        if (was_stale || (is_new && !told)) && knows {
            self.ask(now, Ask::Call(id), out);
        }
        self.calls.get_mut(id).filter(|call| !call.ended)
    }
}
