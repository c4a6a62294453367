//! Putting a call on hold and taking it back.

use tact_ged188::EventCause;

use super::CallId;
use super::call::PartyState;
use crate::fabric::LegId;
use crate::io::Output;
use crate::machine::Acd;

impl Acd {
    /// A connected party puts the call on hold: CALL_HELD_EVENT.
    pub(super) fn hold(
        &mut self,
        now: i64,
        id: CallId,
        leg: LegId,
        cause: EventCause,
        out: &mut Vec<Output>,
    ) {
        let Some(party) = self.calls.get_mut(id).and_then(|call| call.party_mut(leg)) else {
            return;
        };
        party.state = PartyState::Held;
        let place = party.place.clone();
        self.connect_media(id, out);
        if let Some(call) = self.calls.get(id) {
            self.tell_held(call, &place, cause, out);
        }
        if let Some(device) = place.device() {
            self.line_changed(now, device, out);
        }
        if let Some(call) = self.calls.get(id) {
            self.tell_rtp_stopped(call, &place, out);
        }
    }

    /// The party that put the call on hold takes it back: CALL_RETRIEVED_EVENT. What is connected at the same phone
    /// is put on hold.
    pub(super) fn retrieve(&mut self, now: i64, id: CallId, leg: LegId, out: &mut Vec<Output>) {
        let Some(party) = self.calls.get(id).and_then(|call| call.party(leg)) else {
            return;
        };
        let place = party.place.clone();
        self.hold_others(now, id, &place, out);
        if let Some(party) = self.calls.get_mut(id).and_then(|call| call.party_mut(leg)) {
            party.state = PartyState::Connected;
        }
        self.connect_media(id, out);
        if let Some(call) = self.calls.get(id) {
            self.tell_retrieved(call, &place, out);
        }
        if let Some(device) = place.device() {
            self.line_changed(now, device, out);
        }
        if let Some(call) = self.calls.get(id) {
            self.tell_rtp_started(call, &place, out);
        }
    }
}
