//! `GET User/{id}/Dialogs`: the agent's calls; `POST` there: make one, monitor one, barge into one.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use tact_api::{DialogRequest, Dialogs};
use tact_desk::CallAction;

use super::access::Role;
use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use super::{body, call_request, dialog, refusal};
use crate::view;

/// The list of calls.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood("User-[id]-Dialogs-GET", &id, "dialogs.GET", &id);
    let configuration = state.configuration.load();
    let user = exchange.reads(&id, &configuration)?;
    state.desk.read(|desk| {
        // An empty list would say that there are no calls.
        if !desk.service().in_service {
            return Err(refusal::out_of_service());
        }
        let dialogs = desk.dialogs_of(&user.id).map(view::dialog).collect();
        Ok(Reply::document(Dialogs { dialogs }))
    })
}

/// Asks the CTI server for a call. 202 says that it was asked; the call comes as an event.
pub async fn post(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let limit = state.settings.max_body_bytes;
    let read = body::read::<DialogRequest>(&headers, body, limit).await;
    let parameters = read
        .as_ref()
        .map(call_request::parameters)
        .unwrap_or_default();
    exchange.understood("User-[id]-Dialogs-POST", &id, "dialogs.POST", &parameters);
    let configuration = state.configuration.load();
    let (user, role) = exchange.role(&id, &configuration)?;
    if role != Role::Own {
        return Err(refusal::other_user(&id));
    }
    if user.administrator && !user.supervisor {
        return Err(refusal::no_agent());
    }
    if !state.desk.read(|desk| desk.service().in_service) {
        return Err(refusal::out_of_service());
    }
    let action = call_request::new_call(&read?)?;
    if !user.supervisor && !matches!(action, CallAction::Make { .. }) {
        return Err(refusal::invalid_supervisor(&user.id));
    }
    dialog::ask(&state, &exchange, action)
}
