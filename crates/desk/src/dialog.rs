//! A dialog: one call as the CTI server tells of it. No rules here, only what is known.
//!
//! Shapes follow finesse-api.md 2.4 and 2.5; the words are the wire's and the REST API's.

use tact_ged188::{CallType, DeviceIdType};

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// ConnectionCallID.
    pub id: u32,
    /// The call that was merged into this one by a transfer or a conference.
    pub secondary_id: Option<u32>,
    /// The call that this one belongs to: of consult, barge and monitor calls.
    pub associated: Option<u32>,
    /// What kind of call it is.
    pub call_type: CallType,
    /// fromAddress: who called.
    pub from: String,
    /// toAddress: what was called first.
    pub to: String,
    /// The dialed number; may be empty.
    pub dialed_number: String,
    /// DNIS; may be empty.
    pub dnis: String,
    /// Number and name of the skill group that the call waited in or was given from.
    pub queue: Option<(u32, String)>,
    /// The router's key of a routed call.
    pub router_call_key: Option<RouterCallKey>,
    /// Call variables and ECC variables that have a value, in a fixed order.
    pub variables: Vec<Variable>,
    /// CallWrapupData; empty until it is given.
    pub wrap_up: String,
    /// What the participants' states amount to.
    pub state: DialogState,
    /// In the order of their arrival.
    pub participants: Vec<Participant>,
}

impl Dialog {
    /// The participant with this address.
    pub fn participant(&self, address: &str) -> Option<&Participant> {
        self.participants
            .iter()
            .find(|participant| participant.address == address)
    }
}

/// The router's name for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouterCallKey {
    /// RouterCallKeyDay.
    pub day: u32,
    /// RouterCallKeyCallID, unique within the day.
    pub call_id: u32,
    /// RouterCallKeySequenceNumber.
    pub sequence: u32,
}

/// One piece of call data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// As REST has it: `callVariable1`, `user.name`, `user.array[2]`, or a `BA` variable.
    pub name: String,
    /// May be empty.
    pub value: String,
}

/// State of a whole call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DialogState {
    /// Off hook.
    Initiating,
    /// Dialing.
    Initiated,
    /// Ringing.
    Alerting,
    /// At least one party is connected.
    Active,
    /// It could not be completed.
    Failed,
    /// No party is connected any more.
    Dropped,
    /// A preview that the agent accepted.
    Accepted,
}

/// One party of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Extension or number, opaque.
    pub address: String,
    /// What kind of device it is.
    pub kind: DeviceIdType,
    /// Id of the agent who is signed in at the address.
    pub agent: Option<String>,
    /// The party's own state.
    pub state: PartyState,
    /// Why it failed.
    pub cause: Option<StateCause>,
    /// Milliseconds since 1970 when the party came in.
    pub started: i64,
    /// Milliseconds since 1970 of the last change of state.
    pub changed: i64,
    /// What the party may ask for now, in the order of [`DialogAction::ALL`].
    pub actions: Vec<DialogAction>,
}

/// State of one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyState {
    /// Off hook.
    Initiating,
    /// Dialing.
    Initiated,
    /// Ringing.
    Alerting,
    /// Connected.
    Active,
    /// On hold.
    Held,
    /// Its call could not be completed.
    Failed,
    /// Gone.
    Dropped,
    /// The agent wraps the call up.
    WrapUp,
    /// Accepted a preview.
    Accepted,
}

/// Why a party's call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateCause {
    /// BUSY.
    Busy,
    /// BAD_DESTINATION.
    BadDestination,
    /// OTHER.
    Other,
    /// DEVICE_RESOURCE_NOT_AVAILABLE.
    DeviceResourceNotAvailable,
}

macro_rules! actions {
    ($($name:ident $wire:literal,)*) => {
        /// What can be asked of a call, by its word in the REST API (finesse-api.md 2.6).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DialogAction {
            $(
                #[doc = concat!("`", $wire, "`.")]
                $name,
            )*
        }

        impl DialogAction {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word in the REST API.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $wire,)*
                }
            }

            /// The action with this word.
            pub fn of(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.name() == name)
            }
        }
    };
}

actions! {
    MakeCall "MAKE_CALL",
    Answer "ANSWER",
    Hold "HOLD",
    Retrieve "RETRIEVE",
    Drop "DROP",
    ConsultCall "CONSULT_CALL",
    Transfer "TRANSFER",
    Conference "CONFERENCE",
    TransferSst "TRANSFER_SST",
    SendDtmf "SEND_DTMF",
    UpdateCallData "UPDATE_CALL_DATA",
    SilentMonitor "SILENT_MONITOR",
    BargeCall "BARGE_CALL",
    ParticipantDrop "PARTICIPANT_DROP",
    StartRecording "START_RECORDING",
    Accept "ACCEPT",
    Reject "REJECT",
    Close "CLOSE",
    Reclassify "RECLASSIFY",
    UpdateScheduledCallback "UPDATE_SCHEDULED_CALLBACK",
    CancelScheduledCallback "CANCEL_SCHEDULED_CALLBACK",
}

impl std::fmt::Display for DialogAction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_found_by_its_word() {
        for action in DialogAction::ALL {
            assert_eq!(DialogAction::of(action.name()), Some(*action));
        }
        assert_eq!(DialogAction::of("hold"), None);
    }
}
