//! Every refusal of the API by its status and three texts (finesse-api.md 1.4 and 1.5).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tact_api::{ApiErrors, ReadError};
use tact_desk::{Reject, Request};

use super::answer::Refusal;
use crate::view;

fn refuse(status: StatusCode, kind: &str, message: &str, data: &str) -> Refusal {
    Refusal {
        status,
        errors: ApiErrors::one(kind, message, data),
        detail: String::new(),
    }
}

/// Missing or wrong credentials.
pub fn unauthorized(user: &str) -> Refusal {
    let status = StatusCode::UNAUTHORIZED;
    refuse(status, "Authorization Failure", "UNAUTHORIZED", user)
}

/// The URI names another user than the credentials do.
pub fn other_user(path_user: &str) -> Refusal {
    refuse(
        StatusCode::UNAUTHORIZED,
        "Invalid Authorization User Specified",
        "The user specified in the authentication credentials and the uri don't match",
        path_user,
    )
}

/// A supervisor asks about an agent of a team that is not supervised.
pub fn invalid_supervisor(supervisor: &str) -> Refusal {
    refuse(
        StatusCode::UNAUTHORIZED,
        "Invalid Supervisor",
        "The user is no supervisor of the agent's team",
        supervisor,
    )
}

/// No such user.
pub fn user_not_found(user: &str) -> Refusal {
    refuse(
        StatusCode::NOT_FOUND,
        "User Not Found",
        "UNKNOWN_USER",
        user,
    )
}

/// No such thing.
pub fn not_found(what: &str) -> Refusal {
    refuse(
        StatusCode::NOT_FOUND,
        "Not Found",
        "The resource does not exist",
        what,
    )
}

/// No such team.
pub fn team_not_found(team: &str) -> Refusal {
    let status = StatusCode::NOT_FOUND;
    refuse(status, "TeamId Not Found", "The team does not exist", team)
}

/// No such call.
pub fn dialog_not_found() -> Refusal {
    let message = "Invalid dialogId specified for dialog";
    refuse(StatusCode::NOT_FOUND, "Not Found", message, "")
}

/// An administrator who is no agent asks for a call.
pub fn no_agent() -> Refusal {
    refuse(
        StatusCode::UNAUTHORIZED,
        "Invalid Authorization User Specified",
        "User (administrator) is not an agent or a supervisor",
        "User (administrator)",
    )
}

/// Tones cannot be sent into a held call. The status is the original's.
pub fn held(address: &str) -> Refusal {
    refuse(
        StatusCode::UNAUTHORIZED,
        "Invalid State",
        "The participant is held",
        address,
    )
}

/// A call to oneself.
pub fn invalid_destination() -> Refusal {
    refuse(
        StatusCode::BAD_REQUEST,
        "Invalid Destination",
        "The destination is the caller's own address",
        "toAddress",
    )
}

/// A part of a list that is none, or too large.
pub fn range_not_satisfiable() -> Refusal {
    refuse(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "Range Not Satisfiable",
        "Range must be 1-6000 objects",
        "Range",
    )
}

/// A body that cannot be read, a query that lacks what it needs.
pub fn bad_request(message: &str, data: &str) -> Refusal {
    refuse(StatusCode::BAD_REQUEST, "Bad Request", message, data)
}

/// A body that is no document of its kind.
pub fn unreadable(error: &ReadError) -> Refusal {
    bad_request(&error.to_string(), "")
}

/// An element is absent or empty; `name` as the message spells it, `element` as the wire does.
pub fn missing(name: &str, element: &str) -> Refusal {
    let message = format!("{name} Parameter missing");
    refuse(
        StatusCode::BAD_REQUEST,
        "Parameter Missing",
        &message,
        element,
    )
}

/// An element holds what it must not.
pub fn invalid_input(message: &str, element: &str) -> Refusal {
    refuse(StatusCode::BAD_REQUEST, "Invalid Input", message, element)
}

/// A state that cannot be asked for, or not by this user.
pub fn invalid_state() -> Refusal {
    let status = StatusCode::BAD_REQUEST;
    refuse(
        status,
        "Invalid State",
        "Invalid State specified for user",
        "state",
    )
}

/// The CTI server is not reachable.
pub fn out_of_service() -> Refusal {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    refuse(status, "Service Unavailable", "SERVER_OUT_OF_SERVICE", "")
}

/// Our own fault; `detail` goes to the log only.
pub fn internal(detail: String) -> Refusal {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    Refusal {
        detail,
        ..refuse(status, "Internal Server Error", "RUNTIME_EXCEPTION", "")
    }
}

/// The desk refuses at once.
pub fn rejected(reject: &Reject, request: &Request) -> Refusal {
    let (status, errors) = view::api_errors_for(reject, request);
    Refusal {
        status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        errors,
        detail: String::new(),
    }
}

/// The answer below `/finesse/api` where there is no resource.
pub async fn unknown_resource(uri: axum::http::Uri) -> Response {
    not_found(uri.path()).into_response()
}

/// The answer to a method that the resource does not know; the router adds `Allow`.
pub async fn wrong_method(method: axum::http::Method) -> Response {
    let status = StatusCode::METHOD_NOT_ALLOWED;
    refuse(
        status,
        "Method Not Allowed",
        "METHOD_NOT_ALLOWED",
        method.as_str(),
    )
    .into_response()
}
