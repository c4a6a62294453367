//! `GET Dialog/{id}` and `PUT Dialog/{id}`: one call, and what its parties ask of it.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use tact_api::DialogRequest;
use tact_desk::{Action, CallAction, Dialog, PartyState, Request};

use super::answer::{Answer, Refusal, Reply};
use super::exchange::Exchange;
use super::{body, call_request, refusal};
use crate::store::Configuration;
use crate::view;

/// The call, for its agents, their supervisors and administrators.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    exchange.understood("Dialog-[id]-GET", exchange.user(), "dialog.GET", &id);
    let found = with_dialog(&state, &id, Dialog::clone)?;
    if !may_read(&exchange, &found, &state.configuration.load()) {
        return Err(refusal::other_user(exchange.user()));
    }
    Ok(Reply::document(view::dialog(&found)))
}

/// Asks the CTI server for an action on the call. 202 says that it was asked; the outcome comes as an event.
pub async fn put(
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
    exchange.understood(
        "Dialog-[id]-PUT",
        exchange.user(),
        "dialog.PUT",
        &parameters,
    );
    let number = with_dialog(&state, &id, |dialog| dialog.id)?;
    let action = call_request::on_dialog(&read?, number)?;
    if let CallAction::SendDtmf { address, .. } = &action {
        // The one state that the original judges at once.
        let held = with_dialog(&state, &id, |dialog| {
            let party = dialog.participant(address);
            party.is_some_and(|party| party.state == PartyState::Held)
        })?;
        if held {
            return Err(refusal::held(address));
        }
    }
    ask(&state, &exchange, action)
}

/// Hands an action of the asking agent to the desk.
pub(super) fn ask(state: &super::State, exchange: &Exchange, action: CallAction) -> Answer {
    let request = Request {
        by: exchange.user().to_owned(),
        agent: exchange.user().to_owned(),
        action: Action::Call(action),
        request_id: exchange.request_id().map(str::to_owned),
    };
    match state.desk.request(request.clone()) {
        Ok(()) => Ok(Reply::Accepted),
        Err(reject) => Err(refusal::rejected(&reject, &request)),
    }
}

/// Looks at the call of a path. Nothing is known of any call while the CTI server is away.
fn with_dialog<T>(
    state: &super::State,
    id: &str,
    look: impl FnOnce(&Dialog) -> T,
) -> Result<T, Refusal> {
    state.desk.read(|desk| {
        if !desk.service().in_service {
            return Err(refusal::out_of_service());
        }
        let found = call_request::dialog_id(id).and_then(|id| desk.dialog(id));
        found.map(look).ok_or_else(refusal::dialog_not_found)
    })
}

/// Whether the asking user is an agent of the call, supervises one, or is an administrator.
fn may_read(exchange: &Exchange, dialog: &Dialog, configuration: &Configuration) -> bool {
    let is_administrator = exchange
        .principal()
        .is_some_and(|principal| principal.administrator);
    let mut agents = dialog
        .participants
        .iter()
        .filter_map(|party| party.agent.as_deref());
    is_administrator || agents.any(|agent| exchange.reads(agent, configuration).is_ok())
}
