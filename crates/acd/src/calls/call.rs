//! A call and its parties: plain state, changed by nobody but the parts of `calls`.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use tact_ged188::{CallType, EventCause, LineType, LocalConnectionState};

use super::CallId;
use super::data::CallData;
use crate::agent::WrapUp;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::fabric::{Cause, LegId};
use crate::routing::QueueName;

/// Parties that one call may have (MAX_NUM_PARTIES).
pub(crate) const MAX_PARTIES: usize = 16;

/// Where a party is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// At a phone of the centre.
    Phone(DeviceIndex),
    /// Beyond the trunk, by number.
    Outside(Box<str>),
    /// A port of the dialer, by number: calls agents, and is called by nobody. It has no leg.
    Port(Box<str>),
}

impl Place {
    pub(crate) fn device(&self) -> Option<DeviceIndex> {
        match self {
            Self::Phone(device) => Some(*device),
            Self::Outside(_) | Self::Port(_) => None,
        }
    }
}

/// Whom a call is for, as it was dialled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Destination {
    /// Whoever routing finds for this number.
    Route(Box<str>),
    /// One place.
    Place(Place),
}

/// How far a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum PartyState {
    /// Makes the call; the own phone is not off hook yet.
    OffHook,
    /// Waits for somebody to answer.
    Waiting,
    /// Is about to ring. Nobody was told of it yet.
    Offered,
    /// Rings.
    Alerting,
    /// Talks, or would if somebody else were connected.
    Connected,
    /// Put the call on hold.
    Held,
    /// Hears that the call failed.
    Failed,
}

impl PartyState {
    /// As CallDeviceConnectionState and the like say it.
    pub(crate) fn wire(self) -> LocalConnectionState {
        match self {
            Self::OffHook | Self::Waiting => LocalConnectionState::INITIATE,
            Self::Offered => LocalConnectionState::NULL,
            Self::Alerting => LocalConnectionState::ALERTING,
            Self::Connected => LocalConnectionState::CONNECT,
            Self::Held => LocalConnectionState::HOLD,
            Self::Failed => LocalConnectionState::FAIL,
        }
    }

    /// Whether the party was asked for and has not answered.
    pub(crate) fn is_called(self) -> bool {
        matches!(self, Self::Offered | Self::Alerting)
    }

    /// Whether the party answered, or was answered.
    pub(crate) fn is_answered(self) -> bool {
        matches!(self, Self::Connected | Self::Held)
    }
}

/// Why somebody is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// To talk to the caller.
    Answer,
    /// To be added to the call by whoever is at this phone (single-step conference).
    Join(DeviceIndex),
}

/// One end of a call: exactly one leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Party {
    pub(crate) leg: LegId,
    pub(crate) place: Place,
    pub(crate) state: PartyState,
    /// Whose state follows the call: who was signed in at the phone when it was connected, or is reserved.
    pub(crate) agent: Option<AgentIndex>,
    pub(crate) purpose: Purpose,
    /// When something must have happened, in milliseconds since 1970.
    pub(crate) deadline: Option<i64>,
}

impl Party {
    pub(crate) fn new(leg: LegId, place: Place, state: PartyState) -> Self {
        Self {
            leg,
            place,
            state,
            agent: None,
            purpose: Purpose::Answer,
            deadline: None,
        }
    }
}

/// What a call has to do with another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Relation {
    /// Nothing.
    None,
    /// It was made while the other one was put on hold for it.
    Consult {
        /// The other one.
        of: CallId,
    },
    /// Its only party listens to the other one.
    Monitor {
        /// The other one.
        of: CallId,
        /// The agent's phone.
        target: DeviceIndex,
    },
}

/// A call. It lives while it has parties or somebody wraps it up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Call {
    pub(crate) id: CallId,
    /// What it is now.
    pub(crate) kind: CallType,
    /// What it was at first, whatever was transferred since.
    pub(crate) origin: CallType,
    /// Who called.
    pub(crate) calling: Place,
    /// Who was called.
    pub(crate) called: Destination,
    pub(crate) data: CallData,
    /// In the order of arrival.
    pub(crate) parties: SmallVec<[Party; 2]>,
    /// Whether routing looks for an agent, or one is reserved and has not answered.
    pub(crate) ticket: bool,
    /// Whether CALL_QUEUED_EVENT was told and CALL_DEQUEUED_EVENT was not.
    pub(crate) queued: bool,
    /// The queue that it was given from.
    pub(crate) queue: Option<QueueName>,
    /// Whose phone may add parties.
    pub(crate) controller: Option<DeviceIndex>,
    pub(crate) relation: Relation,
    /// Calls of supervisors who listen to this one.
    pub(crate) monitors: SmallVec<[CallId; 1]>,
    /// Phones whose clients were told that it began and not that it ended.
    pub(crate) audience: SmallVec<[DeviceIndex; 2]>,
    /// Who wraps it up, and at which phone.
    pub(crate) wrapping: SmallVec<[(AgentIndex, DeviceIndex); 1]>,
    /// Legs that hear each other.
    pub(crate) bridged: SmallVec<[LegId; 3]>,
    /// Legs that hear music because everyone else put the call on hold.
    pub(crate) music: SmallVec<[LegId; 1]>,
    /// When its timer comes up.
    pub(crate) due: Option<i64>,
}

impl Call {
    /// A call without parties.
    pub(crate) fn new(id: CallId, kind: CallType, calling: Place, called: Destination) -> Self {
        Self {
            id,
            kind,
            origin: kind,
            calling,
            called,
            data: CallData::default(),
            parties: SmallVec::new(),
            ticket: false,
            queued: false,
            queue: None,
            controller: None,
            relation: Relation::None,
            monitors: SmallVec::new(),
            audience: SmallVec::new(),
            wrapping: SmallVec::new(),
            bridged: SmallVec::new(),
            music: SmallVec::new(),
            due: None,
        }
    }

    pub(crate) fn party(&self, leg: LegId) -> Option<&Party> {
        self.parties.iter().find(|party| party.leg == leg)
    }

    pub(crate) fn party_mut(&mut self, leg: LegId) -> Option<&mut Party> {
        self.parties.iter_mut().find(|party| party.leg == leg)
    }

    /// The party at a phone.
    pub(crate) fn party_at(&self, device: DeviceIndex) -> Option<&Party> {
        self.parties
            .iter()
            .find(|party| party.place == Place::Phone(device))
    }

    /// The agent whom routing reserved for the call, and the leg that rings there.
    pub(crate) fn offered(&self) -> Option<&Party> {
        self.parties
            .iter()
            .find(|party| self.ticket && party.state.is_called() && party.agent.is_some())
    }

    /// Whether the call goes on when this party leaves: somebody has to be there who does not merely ring, and
    /// somebody else or the hope for an agent.
    pub(crate) fn goes_on_without(&self, leg: LegId) -> bool {
        let others = || self.parties.iter().filter(|party| party.leg != leg);
        let anchored = others().any(|party| !party.state.is_called());
        anchored && (others().count() >= 2 || self.ticket)
    }

    /// Whether the call counts for the state of agents: a reservation keeps them reserved.
    pub(crate) fn is_talk(&self) -> bool {
        self.kind != CallType::RESERVATION_PREVIEW
    }

    /// The place whose connection begins and ends the call for those who hear everything: who called, or the
    /// supervisor who listens.
    pub(crate) fn subject(&self) -> &Place {
        match (&self.relation, &self.called) {
            (Relation::Monitor { .. }, Destination::Place(listener)) => listener,
            _ => &self.calling,
        }
    }

    /// LineType of its events.
    pub(crate) fn line_type(&self) -> LineType {
        line_type_of(self.origin, &self.called)
    }
}

/// LineType of a call that began as a kind, to a destination.
pub(crate) fn line_type_of(origin: CallType, called: &Destination) -> LineType {
    match origin {
        CallType::OUT | CallType::CUSTOMER_PREVIEW => LineType::OUTBOUND,
        CallType::AGENT_INSIDE => LineType::INSIDE,
        CallType::OTHER_IN => LineType::DID,
        CallType::CONSULT => match called {
            Destination::Place(Place::Outside(_)) => LineType::OUTBOUND,
            _ => LineType::INSIDE,
        },
        CallType::ASSIST | CallType::EMERGENCY => LineType::HELP,
        CallType::SUPERVISOR_MONITOR => LineType::SILENT_MONITOR,
        CallType::SUPERVISOR_BARGEIN => LineType::SUPERVISOR,
        CallType::RESERVATION_PREVIEW => LineType::OUTBOUND_ACD,
        _ => LineType::INBOUND_ACD,
    }
}

/// What follows a call of a kind: wrap-up is for calls with customers.
pub(crate) fn wrap_up_of(origin: CallType) -> WrapUp {
    match origin {
        CallType::OUT | CallType::CUSTOMER_PREVIEW => WrapUp::Outgoing,
        CallType::PREROUTE_ACD_IN | CallType::OTHER_IN => WrapUp::Incoming,
        _ => WrapUp::None,
    }
}

/// Why a party left or a call failed, as events say it.
pub(crate) fn event_cause(cause: Cause) -> EventCause {
    match cause {
        Cause::Normal => EventCause::NONE,
        Cause::Busy | Cause::Rejected => EventCause::BUSY,
        Cause::NoAnswer => EventCause::CALL_NOT_ANSWERED,
        Cause::InvalidNumber | Cause::Unreachable => EventCause::DEST_NOT_OBTAINABLE,
    }
}
