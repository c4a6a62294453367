//! Refusals as documents: the desk's at once over HTTP, the CTI server's later as events (finesse-api.md 1.5).

use tact_api::{ApiErrors, AsyncApiError, AsyncApiErrors};
use tact_desk::{Action, CallAction, Reject, Request};
use tact_ged188::{ControlFailure, PeripheralError};

/// A refusal of the CTI server: its code as data, the code's name as message.
pub fn control_failure(
    failure: ControlFailure,
    peripheral_error: u32,
    action: &Action,
) -> AsyncApiErrors {
    failed(failure, peripheral_error, failure_type(failure, action))
}

/// As [`control_failure`], of a request about a call.
pub fn call_failure(
    failure: ControlFailure,
    peripheral_error: u32,
    action: &CallAction,
) -> AsyncApiErrors {
    let mut errors = failed(
        failure,
        peripheral_error,
        call_failure_type(failure, action),
    );
    if let (Some(text), Some(error)) =
        (conference_text(peripheral_error), errors.errors.first_mut())
    {
        "Generic Error".clone_into(&mut error.error_type);
        text.clone_into(&mut error.message);
        error.data = peripheral_error.to_string();
    }
    errors
}

/// The two refusals of a conference that desktops know by the peripheral's own code (finesse-api.md 2.6).
fn conference_text(peripheral_error: u32) -> Option<&'static str> {
    match peripheral_error {
        20_700 => Some("<ConferenceCallCommand>: Conference failed: too many participants"),
        20_999 => Some(
            "<ConferenceCallCommand>: Conference failed: not the conference controller, or a consultation is open",
        ),
        _ => None,
    }
}

fn failed(failure: ControlFailure, peripheral_error: u32, kind: &str) -> AsyncApiErrors {
    let peripheral = PeripheralError(peripheral_error);
    AsyncApiErrors {
        errors: vec![AsyncApiError {
            error_type: kind.to_owned(),
            message: failure.to_string(),
            data: failure.0.to_string(),
            peripheral: (peripheral != PeripheralError::NONE)
                .then(|| peripheral_document(peripheral)),
        }],
    }
}

/// The peripheral's own error; the texts stay empty where nobody knows the number.
fn peripheral_document(error: PeripheralError) -> tact_api::PeripheralError {
    tact_api::PeripheralError {
        code: error.0,
        name: error.name().unwrap_or_default().to_owned(),
        text: error.text().unwrap_or_default().to_owned(),
    }
}

/// The error type that desktops know for a code (finesse-api.md 1.5 and 3.5, logs.md 3 rows 17 and 18).
fn failure_type(failure: ControlFailure, action: &Action) -> &'static str {
    let mobile = matches!(
        action,
        Action::SignIn {
            mobile: Some(_),
            ..
        }
    );
    match failure {
        ControlFailure::GENERIC_UNSPECIFIED | ControlFailure::GENERIC_OPERATION => "Generic Error",
        ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED => "Invalid Device",
        ControlFailure::SPECIFIED_EXTENSION_ALREADY_IN_USE => "Device Busy",
        ControlFailure::INVALID_AGENT_WORKMODE if mobile => "Mode Not Allowed",
        _ => "Invalid State",
    }
}

/// The error type of a refused request about a call (finesse-api.md 1.5 and 2.6). The reference names the type of few
/// codes: what is wrong with the state of the call is `Invalid State` for monitoring and what is listed for every
/// participant, `Generic Error` for a consultation, a single-step transfer and a conference; call data has its own
/// two; the rest is `Call Operation Failure`.
fn call_failure_type(failure: ControlFailure, action: &CallAction) -> &'static str {
    match failure {
        ControlFailure::GENERIC_UNSPECIFIED
        | ControlFailure::GENERIC_OPERATION
        | ControlFailure::GENERIC_UNSPECIFIED_REJECTION
        | ControlFailure::GENERIC_OPERATION_REJECTION => "Generic Error",
        ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE
        | ControlFailure::SECURITY_VIOLATION
            if matches!(action, CallAction::UpdateCallData { .. }) =>
        {
            "Call Variable is protected"
        }
        ControlFailure::VALUE_OUT_OF_RANGE | ControlFailure::INVALID_PARAMETER => "Invalid Input",
        _ if !is_of_state(failure) => "Call Operation Failure",
        _ => match action {
            CallAction::Consult { .. }
            | CallAction::TransferSst { .. }
            | CallAction::Conference { .. }
            | CallAction::Reclassify { .. }
            | CallAction::Unsupported { .. } => "Generic Error",
            _ => "Invalid State",
        },
    }
}

/// Whether a failure says that the request does not fit the state of the call or the agent.
fn is_of_state(failure: ControlFailure) -> bool {
    matches!(
        failure,
        ControlFailure::GENERIC_STATE_INCOMPATIBILITY
            | ControlFailure::INVALID_OBJECT_STATE
            | ControlFailure::INVALID_CONNECTION_ID_FOR_ACTIVE_CALL
            | ControlFailure::NO_ACTIVE_CALL
            | ControlFailure::NO_HELD_CALL
            | ControlFailure::NO_CALL_TO_CLEAR
            | ControlFailure::NO_CONNECTION_TO_CLEAR
            | ControlFailure::NO_CALL_TO_ANSWER
            | ControlFailure::NO_CALL_TO_COMPLETE
            | ControlFailure::INVALID_AGENT_WORKMODE
    )
}

/// What a refused request was about.
fn what(request: &Request) -> &'static str {
    match request.action {
        Action::Call(_) => "dialog",
        _ => "user",
    }
}

/// What HTTP answers when the desk refuses a request: status, document.
pub fn api_errors_for(reject: &Reject, request: &Request) -> (u16, ApiErrors) {
    let agent = request.agent.as_str();
    match reject {
        Reject::OutOfService => (
            503,
            ApiErrors::one("Service Unavailable", "SERVER_OUT_OF_SERVICE", ""),
        ),
        Reject::UnknownAgent => (404, ApiErrors::one("User Not Found", "UNKNOWN_USER", agent)),
        Reject::InvalidSupervisor => (
            401,
            ApiErrors::one(
                "Invalid Supervisor",
                "The user is no supervisor of the agent's team",
                request.by.as_str(),
            ),
        ),
        Reject::InvalidState => (
            400,
            ApiErrors::one("Invalid State", "Invalid State specified for user", "state"),
        ),
        Reject::InvalidInput { field } => (
            400,
            ApiErrors::one(
                "Invalid Input",
                format!("Invalid {field} specified for {}", what(request)),
                *field,
            ),
        ),
        Reject::UnknownDialog => (
            404,
            ApiErrors::one("Not Found", "Invalid dialogId specified for dialog", ""),
        ),
        Reject::NotParticipant { address } => (
            401,
            ApiErrors::one(
                "Invalid Authorization User Specified",
                "The address is not where the user takes part in the dialog",
                address.as_str(),
            ),
        ),
        Reject::TooManyRequests => (
            400,
            ApiErrors::one(
                "Generic Error",
                "Too many requests for this user are waiting for the CTI server",
                agent,
            ),
        ),
    }
}
