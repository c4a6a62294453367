//! What an agent's party may ask for now: one table (finesse-api.md 2.5 and 2.6).

use tact_ged188::CallType;

use crate::dialog::{DialogAction, PartyState};

/// What the table depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation {
    pub(crate) state: PartyState,
    pub(crate) call_type: CallType,
    /// The party is only listened to.
    pub(crate) monitored: bool,
    /// The agent is connected on another call.
    pub(crate) active_elsewhere: bool,
    /// The agent is a supervisor.
    pub(crate) supervisor: bool,
    /// Parties that are connected or on hold.
    pub(crate) connected: usize,
}

/// Whether a call offers a customer to the agent before the customer is called.
pub(crate) const fn is_preview(call_type: CallType) -> bool {
    matches!(
        call_type,
        CallType::PREVIEW
            | CallType::RESERVATION_PREVIEW
            | CallType::RESERVATION_PREVIEW_DIRECT
            | CallType::RESERVATION_CALLBACK
            | CallType::RESERVATION_PERSONAL_CALLBACK
    )
}

/// Whether a call came from a campaign, so that its outcome can be classified.
const fn is_campaign(call_type: CallType) -> bool {
    matches!(
        call_type,
        CallType::CUSTOMER_PREVIEW
            | CallType::CUSTOMER_PREVIEW_DIRECT
            | CallType::CUSTOMER_PREDICTIVE
            | CallType::CUSTOMER_CALLBACK
            | CallType::CUSTOMER_PERSONAL
    )
}

/// The actions, in the order of [`DialogAction::ALL`].
pub(crate) fn actions(situation: Situation) -> Vec<DialogAction> {
    use DialogAction as A;
    if situation.monitored {
        return Vec::new();
    }
    let monitor = matches!(
        situation.call_type,
        CallType::SUPERVISOR_MONITOR | CallType::SUPERVISOR_WHISPER
    );
    let preview = is_preview(situation.call_type);
    let campaign: &[A] = if is_campaign(situation.call_type) {
        &[
            A::Reclassify,
            A::UpdateScheduledCallback,
            A::CancelScheduledCallback,
        ]
    } else {
        &[]
    };
    let mut actions = match situation.state {
        PartyState::Alerting | PartyState::Active if preview => {
            vec![A::Accept, A::Reject, A::Close]
        }
        PartyState::Initiating | PartyState::Initiated => vec![A::Drop, A::UpdateCallData],
        PartyState::Alerting => vec![A::Answer],
        PartyState::Active if monitor => vec![A::Drop, A::BargeCall],
        PartyState::Active => {
            let mut actions = vec![
                A::Hold,
                A::Drop,
                A::ConsultCall,
                A::TransferSst,
                A::SendDtmf,
                A::UpdateCallData,
            ];
            if situation.supervisor && situation.connected > 2 {
                actions.push(A::ParticipantDrop);
            }
            actions.extend(campaign);
            actions
        }
        PartyState::Held => {
            let mut actions = vec![A::Retrieve, A::Drop, A::UpdateCallData];
            if situation.active_elsewhere {
                actions.extend([A::Transfer, A::Conference]);
            }
            actions
        }
        PartyState::Failed => vec![A::Drop],
        PartyState::WrapUp => {
            let mut actions = vec![A::UpdateCallData];
            actions.extend(campaign);
            actions
        }
        PartyState::Dropped | PartyState::Accepted => Vec::new(),
    };
    actions.sort_unstable();
    actions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(state: PartyState, call_type: CallType, active_elsewhere: bool) -> Vec<&'static str> {
        let situation = Situation {
            state,
            call_type,
            monitored: false,
            active_elsewhere,
            supervisor: false,
            connected: 2,
        };
        actions(situation)
            .into_iter()
            .map(DialogAction::name)
            .collect()
    }

    #[test]
    fn each_state_has_its_actions() {
        let inbound = CallType::PREROUTE_ACD_IN;
        let dialing = ["DROP", "UPDATE_CALL_DATA"];
        assert_eq!(words(PartyState::Initiating, inbound, false), dialing);
        assert_eq!(words(PartyState::Initiated, inbound, false), dialing);
        assert_eq!(words(PartyState::Alerting, inbound, false), ["ANSWER"]);
        assert_eq!(
            words(PartyState::Active, inbound, false),
            [
                "HOLD",
                "DROP",
                "CONSULT_CALL",
                "TRANSFER_SST",
                "SEND_DTMF",
                "UPDATE_CALL_DATA"
            ]
        );
        assert_eq!(
            words(PartyState::Held, inbound, false),
            ["RETRIEVE", "DROP", "UPDATE_CALL_DATA"]
        );
        assert_eq!(
            words(PartyState::Held, inbound, true),
            [
                "RETRIEVE",
                "DROP",
                "TRANSFER",
                "CONFERENCE",
                "UPDATE_CALL_DATA"
            ]
        );
        assert_eq!(words(PartyState::Failed, inbound, false), ["DROP"]);
        assert_eq!(
            words(PartyState::WrapUp, inbound, false),
            ["UPDATE_CALL_DATA"]
        );
        assert!(words(PartyState::Dropped, inbound, true).is_empty());
    }

    #[test]
    fn a_preview_is_accepted_rejected_or_closed_and_nothing_else() {
        let preview = CallType::RESERVATION_PREVIEW;
        for state in [PartyState::Alerting, PartyState::Active] {
            assert_eq!(words(state, preview, true), ["ACCEPT", "REJECT", "CLOSE"]);
        }
        assert!(words(PartyState::Accepted, preview, false).is_empty());
    }

    #[test]
    fn a_campaign_call_is_classified_also_in_wrap_up() {
        let customer = CallType::CUSTOMER_PREVIEW;
        assert!(words(PartyState::Active, customer, false).contains(&"RECLASSIFY"));
        assert!(words(PartyState::WrapUp, customer, false).contains(&"UPDATE_SCHEDULED_CALLBACK"));
    }

    #[test]
    fn only_the_listener_of_a_monitor_call_can_do_something() {
        let mut situation = Situation {
            state: PartyState::Active,
            call_type: CallType::SUPERVISOR_MONITOR,
            monitored: true,
            active_elsewhere: true,
            supervisor: false,
            connected: 2,
        };
        assert!(actions(situation).is_empty());
        situation.monitored = false;
        assert_eq!(
            actions(situation),
            [DialogAction::Drop, DialogAction::BargeCall]
        );
    }

    #[test]
    fn supervisors_drop_parties_of_conferences() {
        let mut situation = Situation {
            state: PartyState::Active,
            call_type: CallType::CONFERENCE,
            monitored: false,
            active_elsewhere: false,
            supervisor: true,
            connected: 3,
        };
        assert!(actions(situation).contains(&DialogAction::ParticipantDrop));
        situation.connected = 2;
        assert!(!actions(situation).contains(&DialogAction::ParticipantDrop));
    }
}
