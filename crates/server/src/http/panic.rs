//! A handler that panics: 500 with the API's error document, the reason on standard error only.

use std::any::Any;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tact_api::{ApiErrors, Document};

/// The answer of a request whose handler panicked.
pub fn answer(reason: Box<dyn Any + Send + 'static>) -> Response {
    let text = reason.downcast_ref::<&str>().copied();
    let text = text.or_else(|| reason.downcast_ref::<String>().map(String::as_str));
    tracing::error!(target: "rest", reason = text.unwrap_or("unknown"), "a handler panicked");
    let errors = ApiErrors::one("Internal Server Error", "RUNTIME_EXCEPTION", "");
    let xml = [(header::CONTENT_TYPE, "application/xml;charset=UTF-8")];
    (StatusCode::INTERNAL_SERVER_ERROR, xml, errors.to_xml()).into_response()
}
