//! Refusals in words, from the answer to a request and from the event that follows it.

use tact_api::{ApiErrors, AsyncApiErrors, Document};

use crate::http::Answer;

/// A refusal in words: the status and what the API says.
pub(super) fn refusal(answer: &Answer) -> String {
    let status = answer.status;
    match ApiErrors::from_xml(answer.body.as_bytes()) {
        Ok(errors) => match errors.errors.first() {
            Some(error) => format!("{status}: {} ({})", error.error_type, error.message),
            None => status.to_string(),
        },
        Err(_) => status.to_string(),
    }
}

/// A refusal that came as an event: the CTI server's.
pub(super) fn asynchronous(errors: &AsyncApiErrors) -> String {
    match errors.errors.first() {
        Some(error) => format!(
            "the CTI server refused: {} ({}): {}",
            error.message, error.data, error.error_type
        ),
        None => "the CTI server refused and did not say why".into(),
    }
}
