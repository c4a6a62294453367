//! `GET User/{id}` and `PUT User/{id}`: an agent's state, and the requests to change it.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use tact_api::UserPut;
use tact_desk::Request;

use super::access::Role;
use super::answer::{Answer, Reply};
use super::exchange::Exchange;
use super::{body, login, refusal};
use crate::view;

/// The agent as the desk knows it. The path may hold the login name.
pub async fn get(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
) -> Answer {
    let configuration = state.configuration.load();
    let known = configuration.user(&id).map_or(id.as_str(), |user| &user.id);
    exchange.understood("User-[id]-GET", known, "user.GET", known);
    let user = exchange.reads_by_login_name(&id, &configuration)?;
    let system = &state.settings.system;
    let document = state.desk.read(|desk| {
        let agent = desk.agent(&user.id);
        let document = agent.map(|agent| view::user(agent, &configuration, system));
        (document, desk.service().in_service)
    });
    match document {
        (Some(document), _) => Ok(Reply::document(document)),
        // Nothing is known of any agent before the CTI server has told it.
        (None, false) => Err(refusal::out_of_service()),
        (None, true) => Err(refusal::user_not_found(&id)),
    }
}

/// Asks the CTI server for a change. 202 says that it was asked; the outcome comes as an event.
pub async fn put(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let limit = state.settings.max_body_bytes;
    let read = body::read::<UserPut>(&headers, body, limit).await;
    let parameters = read.as_ref().map(login::parameters).unwrap_or_default();
    exchange.understood("User-[id]-PUT", &id, "user.PUT", &parameters);
    let configuration = state.configuration.load();
    let (user, role) = exchange.role(&id, &configuration)?;
    if role == Role::Administrator {
        return Err(refusal::other_user(&id));
    }
    if !state.desk.read(|desk| desk.service().in_service) {
        return Err(refusal::out_of_service());
    }
    let action = login::action(&read?, role, user.team_id, &configuration)?;
    let request = Request {
        by: exchange.user().to_owned(),
        agent: user.id.clone(),
        action,
        request_id: exchange.request_id().map(str::to_owned),
    };
    match state.desk.request(request.clone()) {
        Ok(()) => Ok(Reply::Accepted),
        Err(reject) => Err(refusal::rejected(&reject, &request)),
    }
}
