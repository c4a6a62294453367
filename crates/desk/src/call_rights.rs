//! Who may ask what of which call, and what no message can carry.
//!
//! Whether a call's state allows something is the CTI server's answer. finesse-api.md 2.6.

use crate::call_request::asked_data;
use crate::calls;
use crate::directory::Entry;
use crate::{CallAction, Desk, Reject};

/// Bytes of DialedNumber, of DTMFString and of CustomerPhoneNumber without NUL.
const MAX_DIALED: usize = 39;
const MAX_DTMF: usize = 31;
const MAX_PHONE: usize = 19;

impl Desk {
    /// Whether somebody may ask this at all.
    pub(crate) fn check_call(&self, entry: &Entry, action: &CallAction) -> Result<(), Reject> {
        check_syntax(action)?;
        let own = entry
            .agent
            .extension
            .as_deref()
            .filter(|_| entry.agent.is_signed_in());
        if let Some(address) = action.address()
            && own != Some(address)
        {
            return Err(Reject::NotParticipant {
                address: address.to_owned(),
            });
        }
        let own = own.unwrap_or_default();
        if let CallAction::Monitor { to, .. } | CallAction::Barge { to, .. } = action {
            let agent = self.directory.by_extension(to);
            if !agent.is_some_and(|agent| supervises(entry, agent)) {
                return Err(Reject::InvalidSupervisor);
            }
        }
        let Some(id) = action.dialog() else {
            return Ok(());
        };
        let call = self.dialog(id).ok_or(Reject::UnknownDialog)?;
        let place = match action {
            CallAction::DropParticipant { address, .. } => {
                let of_team = call.participants.iter().any(|party| {
                    let agent = party.agent.as_ref().and_then(|id| self.directory.get(id));
                    agent.is_some_and(|agent| supervises(entry, agent))
                });
                if !of_team {
                    return Err(Reject::InvalidSupervisor);
                }
                address
            }
            _ => own,
        };
        if call.participant(place).is_none() {
            return Err(Reject::NotParticipant {
                address: place.to_owned(),
            });
        }
        Ok(())
    }
}

/// Whether messages can carry what is asked. What is wrong in itself REST has refused already.
fn check_syntax(action: &CallAction) -> Result<(), Reject> {
    let refuse = |field| Err(Reject::InvalidInput { field });
    let is_text = |text: &str, longest: usize| {
        !text.is_empty() && text.len() <= longest && !text.contains('\0')
    };
    match action {
        CallAction::Make { to, .. }
        | CallAction::Consult { to, .. }
        | CallAction::TransferSst { to, .. }
            if !is_text(to, MAX_DIALED) =>
        {
            return refuse("toAddress");
        }
        CallAction::SendDtmf { digits, .. } if !is_text(digits, MAX_DTMF) => {
            return refuse("dtmfString");
        }
        CallAction::ScheduleCallback {
            number: Some(number),
            ..
        } if !is_text(number, MAX_PHONE) => {
            return refuse("callbackNumber");
        }
        CallAction::UpdateCallData {
            wrap_up: Some(wrap_up),
            ..
        } if wrap_up.len() > calls::WRAP_UP_LEN || wrap_up.contains('\0') => {
            return refuse("wrapUpReason");
        }
        CallAction::Make { variables, .. } if !calls::fits(variables) => {
            return refuse("callvariables");
        }
        _ => {}
    }
    if calls::fits(&asked_data(action).0) {
        Ok(())
    } else {
        refuse("callvariables")
    }
}

/// Whether one agent supervises the team of another.
pub(crate) fn supervises(supervisor: &Entry, agent: &Entry) -> bool {
    supervisor
        .supervises
        .iter()
        .any(|team| agent.member_of.contains(team))
}
