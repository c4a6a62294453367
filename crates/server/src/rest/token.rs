//! `POST /tact/token`: a token that stands for the asking user's password for an hour, as `Authorization: Bearer` here, as
//! `access_token` of `/events`, and over XMPP with OAUTHBEARER or in the password's place. Not of the original's API; the
//! answer has the shape of RFC 6749, 5.1.
//!
//! ```json
//! {"access_token": "tact.…", "token_type": "Bearer", "expires_in": 3600}
//! ```
//!
//! A token cannot be used to get the next one, so that one that leaks does not live for ever.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Extension, Router};

use super::answer::Refusal;
use super::authorization::{self, Given};
use super::exchange::{self, Exchange};
use super::refusal;
use crate::clock;

/// Where it is.
pub const PATH: &str = "/tact/token";

/// The resource.
pub fn routes(state: super::State) -> Router {
    let methods = post(create).options(|| exchange::options("OPTIONS,POST"));
    super::beside(state.clone(), Router::new().route(PATH, methods), state)
}

async fn create(
    State(state): State<super::State>,
    Extension(exchange): Extension<Exchange>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    exchange.understood("Token-POST", exchange.user(), "token.POST", "");
    if !matches!(authorization::given(&headers), Some(Given::Basic(basic)) if !basic.is_token()) {
        return Err(refusal::unauthorized(exchange.user()));
    }
    let made = state.credentials.token(exchange.user()).await;
    let (token, expires) = made.map_err(|_| refusal::out_of_service())?;
    let seconds = expires.saturating_sub(clock::now_ms()) / 1000;
    let body = serde_json::json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": seconds,
    });
    let fixed = HeaderValue::from_static;
    let headers = [
        (header::CONTENT_TYPE, fixed("application/json")),
        (header::CACHE_CONTROL, fixed("no-store")),
    ];
    Ok((headers, body.to_string()).into_response())
}
