//! What a request asks of a call (finesse-api.md 2.6).

use crate::dialog::{DialogAction, Variable};

/// One action. `dialog` is the call's id, `address` the extension of the one who asks, unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallAction {
    /// MAKE_CALL.
    Make {
        /// The caller's extension.
        from: String,
        /// What is dialed.
        to: String,
        /// Call data to begin with.
        variables: Vec<Variable>,
    },
    /// ANSWER.
    Answer {
        /// The call.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// HOLD.
    Hold {
        /// The call.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// RETRIEVE.
    Retrieve {
        /// The held call.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// DROP: takes the one who asks out of the call.
    Drop {
        /// The call.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// CONSULT_CALL.
    Consult {
        /// The active call.
        dialog: u32,
        /// Who asks.
        address: String,
        /// What is dialed.
        to: String,
    },
    /// TRANSFER, of a held call to the other party of the active one.
    Transfer {
        /// The held call.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// CONFERENCE, of a held call with the active one.
    Conference {
        /// The held call.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// TRANSFER_SST: single-step transfer.
    TransferSst {
        /// The active call.
        dialog: u32,
        /// Who asks.
        address: String,
        /// Where the call goes.
        to: String,
    },
    /// SEND_DTMF.
    SendDtmf {
        /// The call.
        dialog: u32,
        /// Who asks.
        address: String,
        /// `0` to `9`, `*`, `#`, `A` to `D`.
        digits: String,
    },
    /// UPDATE_CALL_DATA.
    UpdateCallData {
        /// The call.
        dialog: u32,
        /// Who asks; without it the requester's own extension.
        address: Option<String>,
        /// What is to be set.
        variables: Vec<Variable>,
        /// The wrap-up reason to be set.
        wrap_up: Option<String>,
    },
    /// SILENT_MONITOR, by a supervisor.
    Monitor {
        /// The supervisor's extension.
        from: String,
        /// The agent's extension.
        to: String,
    },
    /// BARGE_CALL, by a supervisor who monitors.
    Barge {
        /// The supervisor's extension.
        from: String,
        /// The agent's extension.
        to: String,
        /// The monitor dialog.
        dialog: u32,
    },
    /// PARTICIPANT_DROP.
    DropParticipant {
        /// The call.
        dialog: u32,
        /// Who is to be dropped.
        address: String,
    },
    /// ACCEPT a preview.
    Accept {
        /// The reservation.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// REJECT a preview.
    Reject {
        /// The reservation.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// CLOSE a preview.
    Close {
        /// The reservation.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// RECLASSIFY an outbound call.
    Reclassify {
        /// The call.
        dialog: u32,
        /// Who asks.
        address: String,
        /// Such as `BUSY`.
        classification: String,
    },
    /// UPDATE_SCHEDULED_CALLBACK.
    ScheduleCallback {
        /// The call.
        dialog: u32,
        /// Who asks.
        address: String,
        /// `YYYY-MM-DDThh:mm`, at the customer.
        time: Option<String>,
        /// Another number to call.
        number: Option<String>,
    },
    /// CANCEL_SCHEDULED_CALLBACK.
    CancelCallback {
        /// The call.
        dialog: u32,
        /// Who asks.
        address: String,
    },
    /// What this platform does not have; answered with a failure like one of the CTI server's.
    Unsupported {
        /// The call.
        dialog: u32,
        /// Who asks.
        address: String,
        /// What was asked.
        action: DialogAction,
    },
}

impl CallAction {
    /// The action's word.
    pub const fn kind(&self) -> DialogAction {
        match self {
            Self::Make { .. } => DialogAction::MakeCall,
            Self::Answer { .. } => DialogAction::Answer,
            Self::Hold { .. } => DialogAction::Hold,
            Self::Retrieve { .. } => DialogAction::Retrieve,
            Self::Drop { .. } => DialogAction::Drop,
            Self::Consult { .. } => DialogAction::ConsultCall,
            Self::Transfer { .. } => DialogAction::Transfer,
            Self::Conference { .. } => DialogAction::Conference,
            Self::TransferSst { .. } => DialogAction::TransferSst,
            Self::SendDtmf { .. } => DialogAction::SendDtmf,
            Self::UpdateCallData { .. } => DialogAction::UpdateCallData,
            Self::Monitor { .. } => DialogAction::SilentMonitor,
            Self::Barge { .. } => DialogAction::BargeCall,
            Self::DropParticipant { .. } => DialogAction::ParticipantDrop,
            Self::Accept { .. } => DialogAction::Accept,
            Self::Reject { .. } => DialogAction::Reject,
            Self::Close { .. } => DialogAction::Close,
            Self::Reclassify { .. } => DialogAction::Reclassify,
            Self::ScheduleCallback { .. } => DialogAction::UpdateScheduledCallback,
            Self::CancelCallback { .. } => DialogAction::CancelScheduledCallback,
            Self::Unsupported { action, .. } => *action,
        }
    }

    /// The call that the request names; none of those that make one.
    pub const fn dialog(&self) -> Option<u32> {
        match self {
            Self::Make { .. } | Self::Monitor { .. } => None,
            Self::Answer { dialog, .. }
            | Self::Hold { dialog, .. }
            | Self::Retrieve { dialog, .. }
            | Self::Drop { dialog, .. }
            | Self::Consult { dialog, .. }
            | Self::Transfer { dialog, .. }
            | Self::Conference { dialog, .. }
            | Self::TransferSst { dialog, .. }
            | Self::SendDtmf { dialog, .. }
            | Self::UpdateCallData { dialog, .. }
            | Self::Barge { dialog, .. }
            | Self::DropParticipant { dialog, .. }
            | Self::Accept { dialog, .. }
            | Self::Reject { dialog, .. }
            | Self::Close { dialog, .. }
            | Self::Reclassify { dialog, .. }
            | Self::ScheduleCallback { dialog, .. }
            | Self::CancelCallback { dialog, .. }
            | Self::Unsupported { dialog, .. } => Some(*dialog),
        }
    }

    /// The address that the request names as the requester's own.
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Make { from, .. } | Self::Monitor { from, .. } | Self::Barge { from, .. } => {
                Some(from)
            }
            Self::UpdateCallData { address, .. } => address.as_deref(),
            Self::DropParticipant { .. } => None,
            Self::Answer { address, .. }
            | Self::Hold { address, .. }
            | Self::Retrieve { address, .. }
            | Self::Drop { address, .. }
            | Self::Consult { address, .. }
            | Self::Transfer { address, .. }
            | Self::Conference { address, .. }
            | Self::TransferSst { address, .. }
            | Self::SendDtmf { address, .. }
            | Self::Accept { address, .. }
            | Self::Reject { address, .. }
            | Self::Close { address, .. }
            | Self::Reclassify { address, .. }
            | Self::ScheduleCallback { address, .. }
            | Self::CancelCallback { address, .. }
            | Self::Unsupported { address, .. } => Some(address),
        }
    }
}
