//! Dialog out of a call that the desk knows (finesse-api.md 2.4 and 2.5).

use tact_api::{CallVariable, MediaProperties};
use tact_desk::{Dialog, DialogState, Participant, PartyState, StateCause, Variable};
use tact_ged188::{CallType, DeviceIdType};

/// The media routing domain of voice.
const VOICE: u32 = 1;
/// Call variables that every call has, 1 to this one.
const CALL_VARIABLES: u32 = 10;

/// How an agent may classify a campaign's call (finesse-api.md 2.6).
pub const CLASSIFICATIONS: [&str; 6] = [
    "VOICE",
    "FAX",
    "ANS_MACHINE",
    "INVALID",
    "DO_NOT_CALL",
    "BUSY",
];

/// A call in full.
pub fn dialog(dialog: &Dialog) -> tact_api::Dialog {
    let key = dialog.router_call_key;
    let queue = dialog.queue.as_ref();
    tact_api::Dialog {
        associated_dialog_uri: dialog
            .associated
            .map(|id| tact_api::Dialog::uri_of(&id.to_string()))
            .unwrap_or_default(),
        callback_number: customer_number(dialog),
        from_address: dialog.from.clone(),
        id: dialog.id.to_string(),
        media_properties: MediaProperties {
            dnis: dialog.dnis.clone(),
            call_key_call_id: key.map(|key| key.call_id),
            call_key_prefix: key.map(|key| key.day),
            call_key_sequence: key.map(|key| key.sequence),
            call_type: call_type_name(dialog.call_type).to_owned(),
            call_variables: variables(&dialog.variables),
            dialed_number: dialog.dialed_number.clone(),
            media_id: VOICE,
            outbound_classification: classification(dialog),
            queue_name: queue.map(|(_, name)| name.clone()).unwrap_or_default(),
            queue_number: queue.map(|(number, _)| *number),
            wrap_up_reason: dialog.wrap_up.clone(),
        },
        media_type: "Voice".to_owned(),
        participants: dialog.participants.iter().map(participant).collect(),
        scheduled_callback: None,
        secondary_id: dialog.secondary_id.map(|id| id.to_string()),
        state: state_name(dialog.state).to_owned(),
        to_address: dialog.to.clone(),
    }
}

/// How a campaign's call was classified: BAResponse where it says one of the words for that.
fn classification(dialog: &Dialog) -> String {
    let response = dialog.variables.iter().find(|it| it.name == "BAResponse");
    response
        .filter(|response| CLASSIFICATIONS.contains(&response.value.as_str()))
        .map(|response| response.value.clone())
        .unwrap_or_default()
}

/// The number of the customer as the campaign has it, without what the dialer dials before it: of direct preview calls.
fn customer_number(dialog: &Dialog) -> Option<String> {
    let is_direct = matches!(
        dialog.call_type,
        CallType::RESERVATION_PREVIEW_DIRECT | CallType::CUSTOMER_PREVIEW_DIRECT
    );
    let mut variables = dialog.variables.iter().filter(|_| is_direct);
    variables
        .find(|variable| variable.name == "BACustomerNumber")
        .map(|variable| variable.value.clone())
}

/// All ten call variables, empty where unset, as a real system shows them: old desktops lose a lone variable. Then
/// the others that have a value.
fn variables(known: &[Variable]) -> Vec<CallVariable> {
    let numbered: Vec<String> = (1..=CALL_VARIABLES)
        .map(|number| format!("callVariable{number}"))
        .collect();
    let value = |name: &String| {
        let found = known.iter().find(|variable| variable.name == *name);
        found
            .map(|variable| variable.value.clone())
            .unwrap_or_default()
    };
    let others = known
        .iter()
        .filter(|variable| !numbered.contains(&variable.name));
    let others = others.map(|variable| CallVariable {
        name: variable.name.clone(),
        value: variable.value.clone(),
    });
    let ten = numbered.iter().map(|name| CallVariable {
        name: name.clone(),
        value: value(name),
    });
    ten.chain(others).collect()
}

fn participant(party: &Participant) -> tact_api::Participant {
    tact_api::Participant {
        actions: party
            .actions
            .iter()
            .map(|action| action.name().to_owned())
            .collect(),
        media_address: party.address.clone(),
        media_address_type: address_type(party).to_owned(),
        start_time: Some(party.started),
        state: party_state_name(party.state).to_owned(),
        state_cause: party.cause.map(cause_name).unwrap_or_default().to_owned(),
        state_change_time: Some(party.changed),
    }
}

/// `AGENT_DEVICE` is the one type that desktops look for. A caller's is empty.
fn address_type(party: &Participant) -> &'static str {
    match party.kind {
        _ if party.agent.is_some() => "AGENT_DEVICE",
        DeviceIdType::AGENT_DEVICE => "AGENT_DEVICE",
        DeviceIdType::ROUTE_POINT => "ROUTE_POINT",
        DeviceIdType::CTI_PORT => "CTI_PORT",
        _ => "",
    }
}

/// A call's type as documents spell it; empty where they have no word.
pub fn call_type_name(call_type: CallType) -> &'static str {
    match call_type {
        CallType::ACD_IN => "ACD_IN",
        CallType::PREROUTE_ACD_IN => "PREROUTE_ACD_IN",
        CallType::PREROUTE_DIRECT_AGENT => "PREROUTE_DIRECT_AGENT",
        CallType::TRANSFER_IN => "TRANSFER",
        CallType::OVERFLOW_IN => "OVERFLOW_IN",
        CallType::OTHER_IN | CallType::NON_ACD | CallType::VOICE_CALL_BACK => "OTHER_IN",
        CallType::AUTO_OUT => "AUTO_OUT",
        CallType::AGENT_OUT => "AGENT_OUT",
        CallType::OUT => "OUT",
        CallType::AGENT_INSIDE => "AGENT_INSIDE",
        CallType::OFFERED => "OFFERED",
        CallType::CONSULT => "CONSULT",
        CallType::CONSULT_OFFERRED => "CONSULT_OFFERED",
        CallType::CONSULT_CONFERENCE => "CONSULT_CONFERENCE",
        CallType::CONFERENCE => "CONFERENCE",
        CallType::UNMONITORED => "UNMONITORED",
        CallType::PREVIEW => "PREVIEW",
        CallType::RESERVATION => "RESERVATION",
        CallType::ASSIST => "ASSIST_CALL",
        CallType::EMERGENCY => "EMERGENCY",
        CallType::SUPERVISOR_MONITOR => "SUPERVISOR_MONITOR",
        CallType::SUPERVISOR_WHISPER => "SUPERVISOR_WHISPER",
        CallType::SUPERVISOR_BARGEIN => "SUPERVISOR_BARGEIN",
        CallType::SUPERVISOR_INTERCEPT => "SUPERVISOR_INTERCEPT",
        CallType::RESERVATION_PREVIEW => "OUTBOUND_PREVIEW",
        CallType::RESERVATION_PREVIEW_DIRECT => "OUTBOUND_DIRECT_PREVIEW",
        CallType::RESERVATION_CALLBACK => "OUTBOUND_CALLBACK_PREVIEW",
        CallType::RESERVATION_PERSONAL_CALLBACK => "OUTBOUND_PERSONAL_CALLBACK_PREVIEW",
        CallType::RESERVATION_PREDICTIVE
        | CallType::CUSTOMER_PREVIEW
        | CallType::CUSTOMER_PREVIEW_DIRECT
        | CallType::CUSTOMER_PREDICTIVE
        | CallType::CUSTOMER_IVR => "OUTBOUND",
        CallType::CUSTOMER_CALLBACK => "OUTBOUND_CALLBACK",
        CallType::CUSTOMER_PERSONAL => "OUTBOUND_PERSONAL_CALLBACK",
        _ => "",
    }
}

fn state_name(state: DialogState) -> &'static str {
    match state {
        DialogState::Initiating => "INITIATING",
        DialogState::Initiated => "INITIATED",
        DialogState::Alerting => "ALERTING",
        DialogState::Active => "ACTIVE",
        DialogState::Failed => "FAILED",
        DialogState::Dropped => "DROPPED",
        DialogState::Accepted => "ACCEPTED",
    }
}

fn party_state_name(state: PartyState) -> &'static str {
    match state {
        PartyState::Initiating => "INITIATING",
        PartyState::Initiated => "INITIATED",
        PartyState::Alerting => "ALERTING",
        PartyState::Active => "ACTIVE",
        PartyState::Held => "HELD",
        PartyState::Failed => "FAILED",
        PartyState::Dropped => "DROPPED",
        PartyState::WrapUp => "WRAP_UP",
        PartyState::Accepted => "ACCEPTED",
    }
}

fn cause_name(cause: StateCause) -> &'static str {
    match cause {
        StateCause::Busy => "BUSY",
        StateCause::BadDestination => "BAD_DESTINATION",
        StateCause::Other => "OTHER",
        StateCause::DeviceResourceNotAvailable => "DEVICE_RESOURCE_NOT_AVAILABLE",
    }
}
