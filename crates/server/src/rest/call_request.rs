//! The bodies of `PUT Dialog/{id}` and `POST User/{id}/Dialogs` as what the desk is asked (finesse-api.md 2.6).
//!
//! Judges only the request itself. Whether the call, its parties and the agent are in a state for it is the CTI
//! server's to say, whose answer comes as an event.

use std::fmt::Write as _;

use tact_api::DialogRequest;
use tact_desk::{CallAction, DialogAction};

use super::answer::Refusal;
use super::call_data::{self, Purpose};
use super::refusal;
use crate::view::CLASSIFICATIONS;

/// Bytes of a number that is dialled (DialedNumber).
const DIALED_BYTES: usize = 39;
/// Bytes of an extension or an outside number of a party (ConnectionDeviceID).
const ADDRESS_BYTES: usize = 63;
/// Bytes of a number to call back (CustomerPhoneNumber).
const CALLBACK_BYTES: usize = 19;
/// Digits that can be sent at once (DTMFString).
const DTMF_BYTES: usize = 31;
/// `request_parameters` of the log. Digits and variables may be a customer's secrets and stay out.
pub fn parameters(request: &DialogRequest) -> String {
    let mut text = String::new();
    for (name, value) in [
        ("associatedDialogUri", &request.associated_dialog_uri),
        ("fromAddress", &request.from_address),
        ("requestedAction", &request.requested_action),
        ("targetMediaAddress", &request.target_media_address),
        ("toAddress", &request.to_address),
    ] {
        if let Some(value) = value {
            // Writing to a String cannot fail.
            let _ = write!(text, " {name}:{value}");
        }
    }
    text
}

/// What is asked of a call that there is.
///
/// # Errors
/// Something is missing or has no meaning.
pub fn on_dialog(request: &DialogRequest, dialog: u32) -> Result<CallAction, Refusal> {
    let action = requested(request)?;
    if action == DialogAction::UpdateCallData {
        return update_call_data(request, dialog);
    }
    if is_of_new_call(action) {
        return Err(invalid("requestedAction"));
    }
    let address = address(&request.target_media_address, "targetMediaAddress")?;
    let param = |name| request.action_param(name).map(str::to_owned);
    Ok(match action {
        DialogAction::Answer => CallAction::Answer { dialog, address },
        DialogAction::Hold => CallAction::Hold { dialog, address },
        DialogAction::Retrieve => CallAction::Retrieve { dialog, address },
        DialogAction::Drop => CallAction::Drop { dialog, address },
        DialogAction::ConsultCall => CallAction::Consult {
            dialog,
            to: destination(request, &address)?,
            address,
        },
        DialogAction::Transfer => CallAction::Transfer { dialog, address },
        DialogAction::Conference => CallAction::Conference { dialog, address },
        DialogAction::TransferSst => CallAction::TransferSst {
            dialog,
            to: destination(request, &address)?,
            address,
        },
        DialogAction::SendDtmf => CallAction::SendDtmf {
            dialog,
            address,
            digits: digits(param("dtmfString"))?,
        },
        DialogAction::ParticipantDrop => CallAction::DropParticipant { dialog, address },
        DialogAction::Accept => CallAction::Accept { dialog, address },
        DialogAction::Reject => CallAction::Reject { dialog, address },
        DialogAction::Close => CallAction::Close { dialog, address },
        DialogAction::Reclassify => CallAction::Reclassify {
            dialog,
            address,
            classification: classification(param("outboundClassification"))?,
        },
        DialogAction::UpdateScheduledCallback => {
            let (time, number) = (param("callbackTime"), param("callbackNumber"));
            check_callback(time.as_deref(), number.as_deref())?;
            CallAction::ScheduleCallback {
                dialog,
                address,
                time,
                number,
            }
        }
        DialogAction::CancelScheduledCallback => CallAction::CancelCallback { dialog, address },
        action => CallAction::Unsupported {
            dialog,
            address,
            action,
        },
    })
}

/// What is asked for that makes a call.
///
/// # Errors
/// Something is missing or has no meaning.
pub fn new_call(request: &DialogRequest) -> Result<CallAction, Refusal> {
    let action = requested(request)?;
    if !is_of_new_call(action) {
        return Err(invalid("requestedAction"));
    }
    let from = address(&request.from_address, "fromAddress")?;
    let to = destination(request, &from)?;
    match action {
        DialogAction::SilentMonitor => Ok(CallAction::Monitor { from, to }),
        DialogAction::BargeCall => Ok(CallAction::Barge {
            from,
            to,
            dialog: associated(request)?,
        }),
        _ => {
            let data = request.media_properties.as_ref();
            if data.is_some_and(|data| data.wrap_up_reason.is_some()) {
                return Err(invalid("wrapUpReason"));
            }
            let given = data.map_or(&[][..], |data| &data.call_variables);
            let variables = call_data::variables(given, Purpose::NewCall)?;
            Ok(CallAction::Make {
                from,
                to,
                variables,
            })
        }
    }
}

fn is_of_new_call(action: DialogAction) -> bool {
    matches!(
        action,
        DialogAction::MakeCall | DialogAction::SilentMonitor | DialogAction::BargeCall
    )
}

fn requested(request: &DialogRequest) -> Result<DialogAction, Refusal> {
    let Some(name) = &request.requested_action else {
        return Err(refusal::missing("RequestedAction", "requestedAction"));
    };
    DialogAction::of(name).ok_or_else(|| invalid("requestedAction"))
}

fn update_call_data(request: &DialogRequest, dialog: u32) -> Result<CallAction, Refusal> {
    let Some(data) = &request.media_properties else {
        return Err(refusal::missing("MediaProperties", "mediaProperties"));
    };
    if data.call_variables.is_empty() && data.wrap_up_reason.is_none() {
        return Err(refusal::missing("CallVariables", "callvariables"));
    }
    let asked = &request.target_media_address;
    let address = match asked {
        Some(_) => Some(address(asked, "targetMediaAddress")?),
        None => None,
    };
    let wrap_up = data.wrap_up_reason.as_deref();
    Ok(CallAction::UpdateCallData {
        dialog,
        address,
        variables: call_data::variables(&data.call_variables, Purpose::Update)?,
        wrap_up: wrap_up.map(call_data::wrap_up).transpose()?,
    })
}

/// An extension or a number of a party.
fn address(given: &Option<String>, element: &'static str) -> Result<String, Refusal> {
    let Some(address) = given else {
        return Err(refusal::missing(&capital(element), element));
    };
    if address.len() > ADDRESS_BYTES || !address.is_ascii() {
        return Err(invalid(element));
    }
    Ok(address.clone())
}

/// What is dialled: any ASCII, unchanged, but not the caller itself.
fn destination(request: &DialogRequest, caller: &str) -> Result<String, Refusal> {
    let Some(to) = &request.to_address else {
        return Err(refusal::missing("ToAddress", "toAddress"));
    };
    if to.len() > DIALED_BYTES || !to.is_ascii() {
        return Err(invalid("toAddress"));
    }
    if to == caller {
        return Err(refusal::invalid_destination());
    }
    Ok(to.clone())
}

fn digits(given: Option<String>) -> Result<String, Refusal> {
    let digits = given.ok_or_else(|| refusal::missing("DtmfString", "dtmfString"))?;
    let is_tone = |byte: u8| byte.is_ascii_digit() || b"*#ABCD".contains(&byte);
    if digits.len() > DTMF_BYTES || !digits.bytes().all(is_tone) {
        return Err(invalid("dtmfString"));
    }
    Ok(digits)
}

fn classification(given: Option<String>) -> Result<String, Refusal> {
    let word = given
        .ok_or_else(|| refusal::missing("OutboundClassification", "outboundClassification"))?;
    if CLASSIFICATIONS.contains(&word.as_str()) {
        Ok(word)
    } else {
        Err(invalid("outboundClassification"))
    }
}

/// At least one of the two, each as it should be.
fn check_callback(time: Option<&str>, number: Option<&str>) -> Result<(), Refusal> {
    if time.is_none() && number.is_none() {
        return Err(refusal::missing("CallbackTime", "callbackTime"));
    }
    if time.is_some_and(|time| jiff::civil::DateTime::strptime("%Y-%m-%dT%H:%M", time).is_err()) {
        return Err(invalid("callbackTime"));
    }
    if number.is_some_and(|number| number.len() > CALLBACK_BYTES || !number.is_ascii()) {
        return Err(invalid("callbackNumber"));
    }
    Ok(())
}

/// The monitored call: its URI in full or from the path on, or its bare id.
fn associated(request: &DialogRequest) -> Result<u32, Refusal> {
    let Some(uri) = &request.associated_dialog_uri else {
        return Err(refusal::missing(
            "AssociatedDialogUri",
            "associatedDialogUri",
        ));
    };
    let id = uri.trim_end_matches('/').rsplit('/').next();
    id.and_then(dialog_id)
        .ok_or_else(|| invalid("associatedDialogUri"))
}

/// The id of a voice call.
pub fn dialog_id(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

fn invalid(element: &str) -> Refusal {
    refusal::invalid_input(&format!("Invalid {element} specified for dialog"), element)
}

/// As messages spell an element.
fn capital(element: &str) -> String {
    let mut chars = element.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests;
