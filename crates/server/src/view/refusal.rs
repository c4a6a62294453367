//! Refusals as documents: the desk's at once over HTTP, the CTI server's later as events (finesse-api.md 1.5).

use tact_api::{ApiErrors, AsyncApiError, AsyncApiErrors};
use tact_desk::{Action, Reject, Request};
use tact_ged188::{ControlFailure, PeripheralError};

/// A refusal of the CTI server: its code as data, the code's name as message.
pub fn control_failure(
    failure: ControlFailure,
    peripheral_error: u32,
    action: &Action,
) -> AsyncApiErrors {
    let peripheral = PeripheralError(peripheral_error);
    AsyncApiErrors {
        errors: vec![AsyncApiError {
            error_type: failure_type(failure, action).to_owned(),
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
                format!("Invalid {field} specified for user"),
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
