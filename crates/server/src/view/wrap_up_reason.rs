//! WrapUpReason out of the configured one (finesse-api.md 2.3).

use tact_api::WrapUpReason;

use crate::store;

/// A wrap-up reason; its URI is below the agent's who asked, where one did.
pub fn wrap_up_reason(reason: &store::WrapUpReason, asked_by: Option<&str>) -> WrapUpReason {
    let below = asked_by.map(|agent| format!("User/{agent}/"));
    WrapUpReason {
        for_all: reason.for_all,
        label: reason.label.clone(),
        uri: format!(
            "/finesse/api/{}WrapUpReason/{}",
            below.unwrap_or_default(),
            reason.id
        ),
    }
}
