//! `POST User/{id}/ClientLog`: keeps a desktop's log as a file and announces it on the log's node
//! (finesse-api.md 2.11). Works while the service is out: that is when the logs are wanted.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use tact_api::ClientLog;
use tact_api::client_log::MAX_LOG_CHARS;

use super::access::Role;
use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use super::{body, refusal};
use crate::view;

/// Stores the log, then publishes that it is stored.
pub async fn post(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    exchange.understood("User-[id]-ClientLog-POST", &id, "clientLog.POST", &id);
    let configuration = state.configuration.load();
    let (user, role) = exchange.role(&id, &configuration)?;
    if role != Role::Own {
        return Err(refusal::other_user(&id));
    }
    let limit = state.settings.max_client_log_bytes;
    let document: ClientLog = body::read(&headers, body, limit).await?;
    let Some(text) = document.log_data else {
        return Err(refusal::missing("LogData", "logData"));
    };
    if text.chars().count() > MAX_LOG_CHARS {
        let message = format!("the log is longer than {MAX_LOG_CHARS} characters");
        return Err(refusal::invalid_input(&message, "logData"));
    }
    let (logs, agent) = (state.logs.clone(), user.id.clone());
    let stored = tokio::task::spawn_blocking(move || logs.client(&agent, &text)).await;
    match stored {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(refusal::internal(error.to_string())),
        Err(error) => return Err(refusal::internal(error.to_string())),
    }
    let (node, update) = view::client_log_stored(&user.id, exchange.request_id());
    (state.publish)(&node, &update);
    Ok(Reply::Accepted)
}
