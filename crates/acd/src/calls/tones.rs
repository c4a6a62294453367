//! SEND_DTMF_SIGNAL_REQ. Reference ged188, 3.8.

use tact_ged188::{PeripheralError, SendDtmfSignalConf, SendDtmfSignalReq, StatusCode, Tag};

use super::call::PartyState;
use super::request::NO_CALL;
use crate::fabric::Command;
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};
use crate::session::text_of;

/// Tones of one request.
const MAX_TONES: usize = 32;

impl Acd {
    /// Everyone else who is connected hears the tones.
    pub(super) fn send_dtmf(
        &mut self,
        client: ClientId,
        request: &SendDtmfSignalReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        let session = self.controller(client, request.peripheral_id)?;
        let id = request.connection_call_id;
        let hand = self.hand(session, id, Tag::CONNECTION_DEVID, &request.floats)?;
        let tones = text_of(&request.floats, Tag::DTMF_STRING);
        let tones = tones.ok_or(StatusCode::REQUIRED_DATA_MISSING)?;
        if tones.len() > MAX_TONES {
            return Err(StatusCode::INVALID_FIELD_LENGTH.into());
        }
        if !tones
            .bytes()
            .all(|tone| b"0123456789ABCDabcd*#".contains(&tone))
        {
            return Err(StatusCode::INVALID_DIGITS.into());
        }
        let wrong = PeripheralError::CM_DIGIT_GENERATION_WRONG_CALL_STATE;
        let hand = hand.in_state(PartyState::Connected, wrong)?;
        let call = self.calls.get(hand.id).ok_or(NO_CALL)?;
        let conf = SendDtmfSignalConf {
            invoke_id: request.invoke_id,
            ..Default::default()
        };
        send(out, client, conf);
        let digits = tones.to_ascii_uppercase();
        for party in &call.parties {
            if party.leg != hand.leg && party.state == PartyState::Connected {
                out.push(Output::Fabric(Command::Dtmf {
                    leg: party.leg,
                    digits: digits.as_str().into(),
                }));
            }
        }
        Ok(())
    }
}
