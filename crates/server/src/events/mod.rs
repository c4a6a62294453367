//! `/events`: the second channel of events, for programs that would rather read JSON and must lose nothing.
//!
//! One address, two ways: a WebSocket where the request asks for the upgrade, Server-Sent Events otherwise. The events are
//! those of the notification service, under the same names, as JSON; each has an id. A client that names the last id it
//! has seen (`Last-Event-ID`, or `last` in the query) goes on behind it. What is no longer kept is said: `resync` means
//! that the state has to be read anew by REST. Ten minutes, 1,000 events and 1 MiB of each agent are kept.
//!
//! | query | |
//! |---|---|
//! | `last` | the last id seen, where the header cannot be set |
//! | `node` | a node to subscribe to besides the own ones, as over XMPP; repeatable, and it stays subscribed |
//! | `access_token` | a token, where no `Authorization` header can be set: a browser's EventSource and WebSocket |
//!
//! A connection counts as presence: the agent whose last one is lost is signed out as finesse-api.md 6.1 says. A client
//! that says nothing for [`SILENCE`] over WebSocket is gone.
//!
//! - `sse`, `socket`: the two ways

mod socket;
mod sse;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRequestParts as _, Query, Request, State, WebSocketUpgrade};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use tact_api::{Document as _, Update};
use tact_xmpp::stream::Credential;

use crate::auth::{AuthError, Principal};
use crate::cors::Cors;
use crate::http::{AuthenticatedUser, Connection};
use crate::notify::{Authenticator, Heard, ListenError, Notify};
use crate::rest::{Given, exchange, given};

/// Where it is.
pub const PATH: &str = "/events";
/// How often a sign of life goes out.
const BEAT: Duration = Duration::from_secs(15);
/// A WebSocket client that has been silent for so long is gone: two beats without an answer, and a little.
pub const SILENCE: Duration = Duration::from_secs(35);

/// What the channel works with.
#[derive(Clone)]
struct Shared {
    notify: Notify,
    authenticator: Arc<dyn Authenticator>,
    cors: Cors,
}

/// The channel's route.
pub fn routes(notify: Notify, authenticator: Arc<dyn Authenticator>, cors: Cors) -> Router {
    let shared = Shared {
        notify,
        authenticator,
        cors,
    };
    Router::new().route(PATH, any(serve)).with_state(shared)
}

/// The inside of the JSON object of an event: `"node":"…","Update":{…}`.
pub fn fields(node: &str, update: &Update) -> String {
    let node = serde_json::Value::from(node);
    let update = update.to_json();
    let update = update.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    format!("\"node\":{node},{}", update.unwrap_or_default())
}

/// The same of a document that somebody published over XMPP; what is no Update stands there as text, as `notification`.
pub fn fields_of(node: &str, update: &str) -> String {
    match Update::from_xml(update.as_bytes()) {
        Ok(update) => fields(node, &update),
        Err(_) => {
            let (node, update) = (
                serde_json::Value::from(node),
                serde_json::Value::from(update),
            );
            format!("\"node\":{node},\"notification\":{update}")
        }
    }
}

async fn serve(State(shared): State<Shared>, request: Request) -> Response {
    let headers = request.headers().clone();
    let preflight = request.method() == Method::OPTIONS;
    let mut response = match *request.method() {
        Method::OPTIONS => exchange::options("GET,OPTIONS").await,
        Method::GET => answer(&shared, request).await.unwrap_or_else(Refused::into),
        _ => (
            StatusCode::METHOD_NOT_ALLOWED,
            [(header::ALLOW, "GET,OPTIONS")],
        )
            .into_response(),
    };
    shared
        .cors
        .answer(&headers, response.headers_mut(), preflight);
    response
}

async fn answer(shared: &Shared, request: Request) -> Result<Response, Refused> {
    let Query(pairs): Query<Vec<(String, String)>> =
        Query::try_from_uri(request.uri()).map_err(|_| Refused::Unreadable)?;
    let values = |name: &'static str| {
        let named = pairs.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.clone())
    };
    let token = values("access_token").next();
    // A browser asks nobody before it opens a WebSocket, and may send a password that it remembers.
    let upgrades = request.headers().contains_key(header::UPGRADE);
    if upgrades && token.is_none() && !shared.cors.may_open(request.headers()) {
        return Err(Refused::Origin);
    }
    let from = request.extensions().get::<Connection>();
    let from = from.map(|connection| connection.peer.ip());
    let principal = authenticate(shared, request.headers(), token, from).await?;
    let last = last_seen(request.headers()).or_else(|| values("last").next());
    let nodes: Vec<String> = values("node").collect();
    let user = AuthenticatedUser(Arc::clone(&principal.id));
    let (mut parts, _) = request.into_parts();
    // Before anybody listens: a request that only looks like an upgrade is nobody's presence.
    let upgrade = if upgrades {
        let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, shared).await;
        Some(upgrade.map_err(|_| Refused::Unreadable)?)
    } else {
        None
    };
    let listener = shared.notify.listen(&principal, last.as_deref(), &nodes)?;
    let mut response = match upgrade {
        Some(upgrade) => socket::serve(upgrade, listener),
        None => sse::serve(listener),
    };
    response.extensions_mut().insert(user);
    Ok(response)
}

fn last_seen(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("last-event-id")?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}

async fn authenticate(
    shared: &Shared,
    headers: &HeaderMap,
    token: Option<String>,
    from: Option<IpAddr>,
) -> Result<Principal, Refused> {
    let (user, credential) = match (given(headers), token) {
        (Some(Given::Basic(basic)), _) => (basic.user, Credential::Password(basic.password)),
        (Some(Given::Bearer(token)), _) | (None, Some(token)) => {
            (String::new(), Credential::Token(token))
        }
        (None, None) => return Err(Refused::Unauthorized),
    };
    match shared.authenticator.verify(user, credential, from).await {
        Ok(principal) if !principal.publisher => Ok(principal),
        // Service accounts publish; they hear nothing.
        Ok(_) | Err(AuthError::Refused | AuthError::Locked(_)) => Err(Refused::Unauthorized),
        Err(AuthError::Unavailable) => Err(Refused::Unavailable),
    }
}

/// Why there is no channel.
enum Refused {
    Unauthorized,
    Unavailable,
    Unreadable,
    Origin,
    Listen(ListenError),
}

impl From<ListenError> for Refused {
    fn from(error: ListenError) -> Refused {
        Refused::Listen(error)
    }
}

impl From<Refused> for Response {
    fn from(refused: Refused) -> Response {
        let (status, text) = match &refused {
            Refused::Unauthorized => (StatusCode::UNAUTHORIZED, "not signed in".to_owned()),
            Refused::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the credential cannot be checked now".to_owned(),
            ),
            Refused::Unreadable => (
                StatusCode::BAD_REQUEST,
                "the query or the upgrade cannot be read".to_owned(),
            ),
            Refused::Origin => (
                StatusCode::FORBIDDEN,
                "pages of this site may not listen; see cors.origins".to_owned(),
            ),
            Refused::Listen(error) => (
                match error {
                    ListenError::TooMany | ListenError::TooManySubscriptions => {
                        StatusCode::TOO_MANY_REQUESTS
                    }
                    ListenError::Forbidden(_) => StatusCode::FORBIDDEN,
                    ListenError::NoSuchNode(_) => StatusCode::NOT_FOUND,
                },
                error.to_string(),
            ),
        };
        let body = serde_json::json!({ "error": text }).to_string();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let realm = axum::http::HeaderValue::from_static("Basic realm=\"Tact\"");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, realm);
        }
        response
    }
}

/// The name of what is heard, its id, and the JSON object that says it.
fn told(heard: &Heard) -> (&'static str, &str, String) {
    match heard {
        Heard::Ready { id } => ("ready", id, format!("{{\"id\":\"{id}\"}}")),
        Heard::Resync { id, why } => {
            let why = why.name();
            (
                "resync",
                id,
                format!("{{\"id\":\"{id}\",\"why\":\"{why}\"}}"),
            )
        }
        Heard::Update { id, fields } => ("update", id, format!("{{\"id\":\"{id}\",{fields}}}")),
    }
}
