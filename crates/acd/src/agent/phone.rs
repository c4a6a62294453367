//! What happens at an agent's phone, as far as the agent's state depends on it.
//!
//! Knows nothing of calls; they say what happened.

use crate::directory::AgentIndex;
use crate::io::Output;
use crate::machine::Acd;
use crate::transitions::{On, State};

/// Something at an agent's phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "predictive dialers and other lines tell the rest")
)]
pub(crate) enum Trigger {
    /// A queued call was routed to the agent.
    Reserved,
    /// An outbound preview was.
    ReservedPreview,
    /// A dialer reserved the agent for a call that it is about to connect.
    ReservedOutbound,
    /// A call that nobody routed rings at the phone: the state stays, but no queued call is offered until it is
    /// `Connected` or its `OfferGone`.
    Alerting,
    /// The agent is busy on a line that is not the centre's: NOT_READY with 50005.
    OtherLineBusy,
    /// The agent went off-hook to make a call; READY agents go NOT_READY with 50006 first. Until the call is connected
    /// and `LastCallEnded`, or `LastCallEnded` without, no queued call is offered.
    OffHook,
    /// A call is connected at the phone.
    Connected,
    /// No call is connected any more and at least one is held.
    AllHeld,
    /// The offer is over without an answer, and not by the agent's fault: back to the state before. Routed calls say
    /// so with `ticket_gone` or `offer_unanswered` instead.
    OfferGone,
    /// RingNoAnswerTime is over: NOT_READY with 32767.
    RingNoAnswer,
    /// Routed calls did not arrive at the phone, twice in a row: NOT_READY with 50010.
    NeverArrived,
    /// The last call at the phone ended.
    LastCallEnded {
        /// Whether wrap-up applies, and of which kind.
        wrap_up: WrapUp,
    },
    /// The phone is gone: signed out with 50003 once no call is left.
    DeviceLost,
}

/// Whether a call that ends is followed by wrap-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum WrapUp {
    /// Never: monitored, internal and failed calls.
    None,
    /// As the desk settings say for incoming calls.
    Incoming,
    /// As they say for outgoing ones.
    Outgoing,
}

impl Trigger {
    /// The table's word for it.
    fn on(self) -> Option<On> {
        Some(match self {
            Self::Reserved => On::Routed,
            Self::ReservedPreview => On::RoutedPreview,
            Self::ReservedOutbound => On::RoutedOutbound,
            Self::Alerting => return None,
            Self::OtherLineBusy => On::OtherLineBusy,
            Self::OffHook => On::OffHook,
            Self::Connected => On::Connected,
            Self::AllHeld => On::AllHeld,
            Self::OfferGone => On::OfferGone,
            Self::RingNoAnswer => On::RingNoAnswer,
            Self::NeverArrived => On::NeverArrived,
            Self::LastCallEnded { .. } => On::CallsOver,
            Self::DeviceLost => On::DeviceLost,
        })
    }
}

impl Acd {
    /// Changes the agent's state by the table of `transitions` and tells of it; tells `routing` when availability changes.
    ///
    /// Nothing is offered to an agent who becomes available before the input that is being handled is done with.
    pub(crate) fn agent_trigger(
        &mut self,
        now: i64,
        index: AgentIndex,
        trigger: Trigger,
        out: &mut Vec<Output>,
    ) {
        let settings = self.directory.desk_settings(Some(index));
        let routed = self.routing.reserved_for(index).is_some();
        let Some(agent) = self.agents.get_mut(index.0) else {
            return;
        };
        if agent.place() == State::Logout {
            return;
        }
        match trigger {
            Trigger::Alerting | Trigger::OffHook => agent.busy = true,
            Trigger::OfferGone
            | Trigger::RingNoAnswer
            | Trigger::NeverArrived
            | Trigger::LastCallEnded { .. } => agent.busy = false,
            _ => {}
        }
        self.note_availability(now, index);
        // Another call's, that rang beside the routed one.
        if routed && trigger == Trigger::OfferGone {
            return;
        }
        let wrap_up = match trigger {
            Trigger::LastCallEnded { wrap_up } => match wrap_up {
                WrapUp::None => None,
                WrapUp::Incoming => Some(settings.wrapup_incoming),
                WrapUp::Outgoing => Some(settings.wrapup_outgoing),
            },
            _ => None,
        };
        if let Some(on) = trigger.on() {
            self.happen(now, index, on, wrap_up, out);
        }
    }
}
