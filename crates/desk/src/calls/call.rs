//! One mirrored call: the dialog that is shown, and what only the desk needs to know of it.

use std::collections::{BTreeMap, BTreeSet};

use tact_ged188::{CallType, ConnectionDeviceIdType, DeviceIdType};

use crate::dialog::{Dialog, DialogState, Participant, PartyState, StateCause};
use crate::directory::Directory;

/// Parties of one call, gone ones included; a conference has at most 16 at a time.
pub(crate) const MAX_PARTIES: usize = 32;

/// One call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) dialog: Dialog,
    /// By address; one for each participant.
    pub(crate) legs: BTreeMap<String, Leg>,
    /// Agents who were told of it and not yet that it left them.
    pub(crate) told: BTreeSet<String>,
    /// What they were told last.
    pub(crate) shown: Option<Dialog>,
    /// Who asked to have a party dropped without being one.
    pub(crate) watchers: BTreeSet<String>,
    /// CALL_CLEARED came: nobody comes back.
    pub(crate) cleared: bool,
    /// END_CALL came: it goes as soon as that was told.
    pub(crate) ended: bool,
    /// Nothing was heard of it since the last loss of the link.
    pub(crate) stale: bool,
    /// An event named the caller or what was called; until then both come from the call's data.
    pub(crate) from_known: bool,
    pub(crate) to_known: bool,
    /// Who listens on a monitor call; the others on it are listened to.
    pub(crate) listener: Option<String>,
}

/// The wire's side of one participant.
#[derive(Debug, Clone)]
pub(crate) struct Leg {
    /// ConnectionDeviceID, opaque; the address until an event tells it.
    pub(crate) device: String,
    pub(crate) device_type: ConnectionDeviceIdType,
    /// An event told the connection.
    pub(super) attached: bool,
    /// It was connected once, so that there is something to wrap up.
    pub(crate) answered: bool,
    /// The call is over for its agent, though others may go on.
    pub(crate) retired: bool,
}

/// Whom an event is about: the device that it names, and the connection.
#[derive(Debug, Default)]
pub(crate) struct Who {
    pub(crate) device: Option<String>,
    pub(crate) kind: DeviceIdType,
    pub(crate) connection: Option<String>,
    pub(crate) connection_type: ConnectionDeviceIdType,
}

impl Call {
    pub(crate) fn new(id: u32) -> Self {
        Self {
            dialog: Dialog {
                id,
                secondary_id: None,
                associated: None,
                call_type: CallType::default(),
                from: String::new(),
                to: String::new(),
                dialed_number: String::new(),
                dnis: String::new(),
                queue: None,
                router_call_key: None,
                variables: Vec::new(),
                wrap_up: String::new(),
                state: DialogState::Initiating,
                participants: Vec::new(),
            },
            legs: BTreeMap::new(),
            told: BTreeSet::new(),
            shown: None,
            watchers: BTreeSet::new(),
            cleared: false,
            ended: false,
            stale: false,
            from_known: false,
            to_known: false,
            listener: None,
        }
    }

    /// Whether it is a call on which a supervisor only listens.
    pub(crate) fn is_monitor(&self) -> bool {
        matches!(
            self.dialog.call_type,
            CallType::SUPERVISOR_MONITOR | CallType::SUPERVISOR_WHISPER
        )
    }

    /// Whether a party is only listened to.
    pub(crate) fn is_monitored(&self, address: &str) -> bool {
        self.is_monitor()
            && self
                .listener
                .as_ref()
                .is_some_and(|listener| listener != address)
    }

    /// Takes a call type over; 0 and all ones say nothing.
    pub(crate) fn set_type(&mut self, call_type: CallType) {
        if !matches!(call_type.0, 0 | u16::MAX) {
            self.dialog.call_type = call_type;
        }
    }

    pub(crate) fn state_of(&self, address: &str) -> Option<PartyState> {
        self.dialog.participant(address).map(|party| party.state)
    }

    /// Parties that are still there.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Participant> {
        self.dialog
            .participants
            .iter()
            .filter(|party| is_live(party.state))
    }

    /// Agents for whom the call is not over.
    pub(crate) fn agents(&self) -> BTreeSet<&str> {
        self.dialog
            .participants
            .iter()
            .filter(|party| {
                self.legs
                    .get(&party.address)
                    .is_some_and(|leg| !leg.retired)
            })
            .filter_map(|party| party.agent.as_deref())
            .collect()
    }

    /// The address of a party: the device named, or the one that has the connection.
    pub(crate) fn place(&self, who: &Who) -> Option<String> {
        if let Some(device) = &who.device
            && self.legs.contains_key(device)
        {
            return Some(device.clone());
        }
        let by_connection = who.connection.as_ref().and_then(|connection| {
            self.legs
                .iter()
                .find(|(_, leg)| leg.device == *connection)
                .map(|(address, _)| address.clone())
        });
        by_connection
            .or_else(|| who.device.clone())
            .or_else(|| who.connection.clone())
    }

    /// Lets a party in, when it is not there yet. Whether it came just now; `None` when there is
    /// no room.
    pub(crate) fn join(
        &mut self,
        now: i64,
        address: &str,
        kind: DeviceIdType,
        state: PartyState,
        directory: &Directory,
    ) -> Option<bool> {
        if self.legs.contains_key(address) {
            return Some(false);
        }
        if self.legs.len() >= MAX_PARTIES {
            let gone = self
                .dialog
                .participants
                .iter()
                .find(|party| party.state == PartyState::Dropped && party.agent.is_none())
                .map(|party| party.address.clone())?;
            self.leave(&gone);
        }
        let agent = directory
            .by_extension(address)
            .map(|entry| entry.agent.id.clone());
        self.legs.insert(
            address.to_owned(),
            Leg {
                device: address.to_owned(),
                device_type: ConnectionDeviceIdType::STATIC,
                attached: false,
                answered: state == PartyState::Active,
                retired: false,
            },
        );
        self.dialog.participants.push(Participant {
            address: address.to_owned(),
            kind: if agent.is_some() {
                DeviceIdType::AGENT_DEVICE
            } else {
                kind
            },
            agent,
            state,
            cause: None,
            started: now,
            changed: now,
            actions: Vec::new(),
        });
        Some(true)
    }

    /// Takes a party out altogether.
    pub(crate) fn leave(&mut self, address: &str) {
        self.legs.remove(address);
        self.dialog
            .participants
            .retain(|party| party.address != address);
    }

    /// Notes the connection of a party, which requests must name.
    pub(crate) fn attach(&mut self, address: &str, who: &Who) {
        let Some(connection) = &who.connection else {
            return;
        };
        let taken = self
            .legs
            .iter()
            .any(|(other, leg)| other != address && leg.device == *connection);
        if let Some(leg) = self.legs.get_mut(address)
            && !leg.attached
            && !taken
        {
            leg.device.clone_from(connection);
            leg.device_type = who.connection_type;
            leg.attached = true;
        }
    }

    /// Puts a party into a state.
    pub(crate) fn set_state(&mut self, now: i64, address: &str, state: PartyState) {
        let Some(party) = self
            .dialog
            .participants
            .iter_mut()
            .find(|party| party.address == address)
        else {
            return;
        };
        if party.state != state {
            party.state = state;
            party.changed = now;
        }
        if state != PartyState::Failed {
            party.cause = None;
        }
        if let Some(leg) = self.legs.get_mut(address) {
            leg.answered |= state == PartyState::Active;
            // Who comes back after having left takes part again.
            leg.retired &= !is_live(state);
        }
    }

    pub(crate) fn fail(&mut self, now: i64, address: &str, cause: StateCause) {
        self.set_state(now, address, PartyState::Failed);
        for party in &mut self.dialog.participants {
            if party.address == address {
                party.cause = Some(cause);
            }
        }
    }

    /// The call is over for the one at this address.
    pub(crate) fn retire(&mut self, address: &str) {
        if let Some(leg) = self.legs.get_mut(address) {
            leg.retired = true;
        }
    }

    /// The call is over for everybody.
    pub(crate) fn finish(&mut self, now: i64) {
        self.cleared = true;
        let addresses: Vec<String> = self.legs.keys().cloned().collect();
        for address in addresses {
            self.set_state(now, &address, PartyState::Dropped);
            self.retire(&address);
        }
        self.dialog.state = DialogState::Dropped;
        for party in &mut self.dialog.participants {
            party.actions.clear();
        }
    }

    /// Finds out anew who is signed in where.
    pub(crate) fn recognise(&mut self, address: &str, directory: &Directory) {
        let agent = directory
            .by_extension(address)
            .map(|entry| entry.agent.id.clone());
        for party in &mut self.dialog.participants {
            if party.address == address {
                party.kind = match (&agent, party.kind) {
                    (Some(_), _) => DeviceIdType::AGENT_DEVICE,
                    (None, DeviceIdType::AGENT_DEVICE) => DeviceIdType::DEVICE_IDENTIFIER,
                    (None, kind) => kind,
                };
                party.agent.clone_from(&agent);
            }
        }
    }
}

/// Whether a party is still there.
pub(crate) const fn is_live(state: PartyState) -> bool {
    !matches!(state, PartyState::Dropped | PartyState::WrapUp)
}

/// What the parties' states amount to.
pub(crate) fn state_of_call(parties: &[Participant]) -> DialogState {
    let any = |state| parties.iter().any(|party| party.state == state);
    if any(PartyState::Accepted) {
        DialogState::Accepted
    } else if any(PartyState::Active) || any(PartyState::Held) {
        DialogState::Active
    } else if any(PartyState::Alerting) {
        DialogState::Alerting
    } else if any(PartyState::Failed) {
        DialogState::Failed
    } else if any(PartyState::Initiated) {
        DialogState::Initiated
    } else if any(PartyState::Initiating) || parties.is_empty() {
        DialogState::Initiating
    } else {
        DialogState::Dropped
    }
}
