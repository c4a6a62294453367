//! Who hears whom: the bridge and the music that follow from the states of the parties, and the streams that
//! clients are told of. Reference ged188, 3.5; acd-and-telephony, 4.4.

use smallvec::SmallVec;
use tact_ged188::{CallMask, Floats, RtpStartedEvent, RtpStoppedEvent, Tag};

use super::CallId;
use super::call::{Call, PartyState, Place, Relation};
use crate::directory::DeviceIndex;
use crate::fabric::{Command, LegId};
use crate::io::Output;
use crate::machine::Acd;

/// Direction of a stream: to the phone, and from it.
const DIRECTIONS: [u16; 2] = [0, 1];

impl Acd {
    /// Has the fabric do what the states of a call's parties mean: those who are connected hear each other; who is
    /// left alone by a hold hears music.
    pub(super) fn connect_media(&mut self, id: CallId, out: &mut Vec<Output>) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        let in_state = |state| {
            let parties = call.parties.iter();
            parties
                .filter(move |party| party.state == state)
                .map(|party| party.leg)
        };
        let connected: SmallVec<[LegId; 3]> = in_state(PartyState::Connected).collect();
        let held = in_state(PartyState::Held).next().is_some();
        let mut bridged = SmallVec::new();
        let mut music: SmallVec<[LegId; 1]> = SmallVec::new();
        match *connected.as_slice() {
            [] => {}
            [alone] if held => music.push(alone),
            [_] => {}
            _ => bridged = connected,
        }
        let before = std::mem::replace(&mut call.music, music.clone());
        let retrieved: SmallVec<[LegId; 1]> = before
            .iter()
            .filter(|leg| !music.contains(leg) && call.party(**leg).is_some())
            .copied()
            .collect();
        for leg in retrieved {
            out.push(Output::Fabric(Command::Retrieve { leg }));
        }
        if bridged != call.bridged {
            call.bridged.clone_from(&bridged);
            out.push(Output::Fabric(Command::Bridge {
                bridge: id.0,
                legs: bridged,
            }));
        }
        for leg in music.into_iter().filter(|leg| !before.contains(leg)) {
            out.push(Output::Fabric(Command::Hold { leg }));
        }
    }

    /// Lets a supervisor who just answered listen to the call that is monitored.
    pub(super) fn tap(&self, call: &Call, leg: LegId, out: &mut Vec<Output>) {
        if let Relation::Monitor { of, .. } = call.relation {
            out.push(Output::Fabric(Command::Tap { leg, bridge: of.0 }));
        }
    }

    /// RTP_STARTED_EVENT, one for each direction, when somebody at a phone begins to talk.
    pub(super) fn tell_rtp_started(&self, call: &Call, place: &Place, out: &mut Vec<Output>) {
        let Some(device) = place.device() else {
            return;
        };
        for direction in DIRECTIONS {
            let event = RtpStartedEvent {
                peripheral_id: self.directory.config().peripheral_id,
                direction,
                connection_device_id_type: self.connection(place).0,
                connection_call_id: call.id.0,
                floats: self.rtp_floats(device),
                ..Default::default()
            };
            self.tell_everyone(call, CallMask::RTP_STARTED, event, out);
        }
    }

    /// RTP_STOPPED_EVENT, likewise.
    pub(super) fn tell_rtp_stopped(&self, call: &Call, place: &Place, out: &mut Vec<Output>) {
        let Some(device) = place.device() else {
            return;
        };
        for direction in DIRECTIONS {
            let event = RtpStoppedEvent {
                peripheral_id: self.directory.config().peripheral_id,
                direction,
                connection_device_id_type: self.connection(place).0,
                connection_call_id: call.id.0,
                floats: self.rtp_floats(device),
                ..Default::default()
            };
            self.tell_everyone(call, CallMask::RTP_STOPPED, event, out);
        }
    }

    /// Whose stream it is. The machine knows no addresses: media are the fabric's.
    fn rtp_floats(&self, device: DeviceIndex) -> Floats {
        let extension = self.directory.extension(device).unwrap_or_default();
        let mut floats = Floats::new().with_text(Tag::CONNECTION_DEVID, extension);
        let agent = self
            .owner(device)
            .and_then(|agent| self.directory.agent_id(agent));
        if let Some(agent) = agent {
            floats.push_text(Tag::AGENT_ID, agent);
            floats.push_text(Tag::AGENT_EXTENSION, extension);
            floats.push_text(Tag::AGENT_INSTRUMENT, extension);
        }
        floats
    }
}
