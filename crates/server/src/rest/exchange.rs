//! One request from its head to the last byte of its answer: thread name, credentials, log lines, format, headers.
//!
//! The lines REQUEST_START, API_REQUEST, REGISTER_API_STATS_OBJECT and REQUEST_END of a request carry one thread
//! name, which no other request under way has (logs.md 2.1). A refusal is logged once: those for credentials in the
//! realm log, all others as API_ERROR_DETAIL here.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, PRAGMA, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tact_logline::webservices::Event;

use super::access::{self, Role};
use super::answer::{Refusal, Unwritten};
use super::authorization::{self, Basic, Given};
use super::format::Format;
use super::kinds::Kinds;
use super::refusal;
use super::threads::Thread;
use crate::auth::{AuthError, Door, Principal};
use crate::clock;
use crate::http::{AuthenticatedUser, Connection};
use crate::store::{Configuration, Team, User};
use crate::telemetry::Logs;

/// The header that joins a request to its events, in any spelling.
const REQUEST_ID: HeaderName = HeaderName::from_static("requestid");
/// A longer requestId is cut off: it is copied into every event and log line of the request.
const MAX_REQUEST_ID: usize = 256;

/// One request under way. Handlers get it as an extension.
#[derive(Clone)]
pub struct Exchange {
    inner: Arc<Inner>,
}

struct Inner {
    thread: Thread,
    logs: Logs,
    kinds: Arc<Kinds>,
    principal: Option<Principal>,
    request_id: Option<String>,
    /// The path below `/finesse/api/`.
    resource: String,
}

impl Exchange {
    /// Logs the request as understood, first of all in a handler. `kind` such as `User-[id]-PUT`, `method` such as
    /// `user.PUT`.
    pub fn understood(&self, kind: &'static str, agent_id: &str, method: &str, parameters: &str) {
        let inner = &*self.inner;
        let thread = inner.thread.name();
        // Of requests without credentials the original writes an empty id, of all others `null`.
        let anonymous = inner.principal.is_none().then_some("");
        let request = Event::ApiRequest {
            url: &inner.resource,
            agent_id,
            request_identifier: self.request_id().or(anonymous),
            request_method: method,
            request_parameters: parameters,
        };
        inner.logs.webservices(thread, &request);
        if inner.kinds.is_first(kind) {
            let register = Event::RegisterApiStatsObject { component: kind };
            inner.logs.webservices(thread, &register);
        }
    }

    /// The client's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// The id of the user who asks; empty without credentials.
    pub fn user(&self) -> &str {
        self.inner
            .principal
            .as_ref()
            .map_or("", |principal| &principal.id)
    }

    /// The user who asks; `None` without credentials.
    pub fn principal(&self) -> Option<&Principal> {
        self.inner.principal.as_ref()
    }

    /// Whether the user who asks supervises the team, or is an administrator.
    pub fn leads(&self, team: &Team) -> bool {
        self.principal().is_some_and(|principal| {
            let is_its = team.supervisors.iter().any(|id| **id == *principal.id);
            principal.administrator || principal.supervisor && is_its
        })
    }

    /// The user that the path names by id, and the role of the asking one.
    ///
    /// # Errors
    /// No right to ask about this user.
    pub fn role<'a>(
        &self,
        path_user: &str,
        configuration: &'a Configuration,
    ) -> Result<(&'a User, Role), Refusal> {
        match &self.inner.principal {
            Some(principal) => access::of(principal, path_user, configuration),
            None => Err(refusal::unauthorized("")),
        }
    }

    /// The user that the path names by id, if the asking one may read it.
    ///
    /// # Errors
    /// No right to ask about this user.
    pub fn reads<'a>(
        &self,
        path_user: &str,
        configuration: &'a Configuration,
    ) -> Result<&'a User, Refusal> {
        self.role(path_user, configuration).map(|(user, _)| user)
    }

    /// As [`reads`](Exchange::reads), and the path may hold the login name.
    ///
    /// # Errors
    /// No right to ask about this user.
    pub fn reads_by_login_name<'a>(
        &self,
        path_user: &str,
        configuration: &'a Configuration,
    ) -> Result<&'a User, Refusal> {
        match &self.inner.principal {
            Some(principal) => access::of_id_or_login_name(principal, path_user, configuration)
                .map(|(user, _)| user),
            None => Err(refusal::unauthorized("")),
        }
    }
}

/// The layer around every resource.
pub async fn run(State(state): State<super::State>, mut request: Request, next: Next) -> Response {
    let head = Head::of(&request);
    let mut response = if head.method == Method::OPTIONS {
        documented(next.run(request).await)
    } else {
        let thread = state.threads.take(head.port);
        match authenticate(&state, &head, thread.name()).await {
            Err(refusal) => refusal.into_response(),
            Ok(principal) => {
                let user = principal
                    .as_ref()
                    .map(|principal| Arc::clone(&principal.id));
                let exchange = head.exchange(&state, thread, principal);
                let started = clock::now_ms();
                head.log_start(&state.logs, &exchange);
                request.extensions_mut().insert(exchange.clone());
                let mut response = documented(next.run(request).await);
                log_end(&state.logs, &exchange, &response, started);
                if let Some(user) = user {
                    response.extensions_mut().insert(AuthenticatedUser(user));
                }
                response
            }
        }
    };
    finish(&mut response, &head, &state);
    response
}

/// What is kept of the request's head while its handler has the request.
struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    port: u16,
    address: Option<IpAddr>,
}

impl Head {
    fn of(request: &Request) -> Head {
        let connection = request.extensions().get::<Connection>();
        Head {
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            port: connection.map_or(0, |connection| connection.port),
            address: connection.map(|connection| connection.peer.ip()),
        }
    }

    fn request_id(&self) -> Option<&HeaderValue> {
        self.headers.get(REQUEST_ID)
    }

    fn exchange(
        &self,
        state: &super::State,
        thread: Thread,
        principal: Option<Principal>,
    ) -> Exchange {
        let request_id = self
            .request_id()
            .map(|id| String::from_utf8_lossy(id.as_bytes()));
        Exchange {
            inner: Arc::new(Inner {
                thread,
                logs: state.logs.clone(),
                kinds: Arc::clone(&state.kinds),
                principal,
                request_id: request_id.map(|id| id.chars().take(MAX_REQUEST_ID).collect()),
                resource: self.uri.path().trim_start_matches('/').to_owned(),
            }),
        }
    }

    fn log_start(&self, logs: &Logs, exchange: &Exchange) {
        let query = self.uri.query().unwrap_or_default();
        let parameters: Vec<(String, String)> = form_pairs(query);
        let start = Event::RequestStart {
            method: self.method.as_str(),
            parameters: &parameters,
            resource: self.uri.path(),
            user: exchange.user(),
        };
        logs.webservices(exchange.inner.thread.name(), &start);
    }
}

/// The decoded parameters of a query, in order.
fn form_pairs(query: &str) -> Vec<(String, String)> {
    let uri = format!("/?{query}").parse::<Uri>();
    let pairs = uri
        .ok()
        .and_then(|uri| axum::extract::Query::try_from_uri(&uri).ok());
    pairs
        .map(|axum::extract::Query(pairs)| pairs)
        .unwrap_or_default()
}

/// Who asks; `None` for the one resource that needs no credentials.
async fn authenticate(
    state: &super::State,
    head: &Head,
    thread: &str,
) -> Result<Option<Principal>, Refusal> {
    if head.uri.path().trim_end_matches('/') == "/SystemInfo" {
        return Ok(None);
    }
    let credentials = &state.credentials;
    let door = Door {
        thread,
        address: head.address,
    };
    let (user, verified) = match authorization::given(&head.headers) {
        Some(Given::Basic(Basic { user, password })) => {
            let verified = credentials.verify(&user, &password, door).await;
            (user, verified)
        }
        Some(Given::Bearer(token)) => {
            let verified = credentials.bearer(None, &token, door).await;
            (String::new(), verified)
        }
        None => return Err(refusal::unauthorized("")),
    };
    match verified {
        Ok(principal) if !principal.publisher => Ok(Some(principal)),
        // Service accounts have no business here.
        Ok(_) | Err(AuthError::Refused | AuthError::Locked(_)) => Err(refusal::unauthorized(&user)),
        Err(AuthError::Unavailable) => Err(refusal::out_of_service()),
    }
}

/// What the router itself refuses, such as a path that is no text, as a document of the API.
fn documented(response: Response) -> Response {
    let is_ours = response.extensions().get::<Unwritten>().is_some();
    if is_ours || !response.status().is_client_error() {
        return response;
    }
    refusal::bad_request("the path or the query cannot be read", "").into_response()
}

/// OPTIONS of every resource: browsers ask before they call from another site's page, without credentials.
pub async fn options(allow: &'static str) -> Response {
    (StatusCode::NO_CONTENT, [(ALLOW, allow)]).into_response()
}

fn log_end(logs: &Logs, exchange: &Exchange, response: &Response, started: i64) {
    let thread = exchange.inner.thread.name();
    if let Some(refusal) = response.extensions().get::<Refusal>() {
        log_refusal(logs, thread, exchange, refusal);
    }
    let elapsed = clock::now_ms().saturating_sub(started);
    let elapsed_ms = u64::try_from(elapsed).unwrap_or_default();
    logs.webservices(thread, &Event::RequestEnd { elapsed_ms });
}

/// The cause that the answer does not tell goes to the log as the message.
fn log_refusal(logs: &Logs, thread: &str, exchange: &Exchange, refusal: &Refusal) {
    let Some(error) = refusal.errors.errors.first() else {
        return;
    };
    let fields = [
        ("REQUEST_URL", exchange.inner.resource.as_str()),
        ("agent_id", exchange.user()),
        (
            "request_identifier",
            exchange.request_id().unwrap_or_default(),
        ),
        ("status", refusal.status.as_str()),
        ("errorType", &error.error_type),
        ("errorMessage", &error.message),
        ("errorData", &error.data),
    ];
    let fields = fields.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let message = if refusal.detail.is_empty() {
        "API request refused"
    } else {
        &refusal.detail
    };
    logs.webservices(
        thread,
        &Event::Other {
            severity: if refusal.status.is_server_error() {
                3
            } else {
                4
            },
            mnemonic: "API_ERROR_DETAIL",
            fields: &fields,
            message,
        },
    );
}

/// Writes the document in the client's format and adds the headers that every answer has.
fn finish(response: &mut Response, head: &Head, state: &super::State) {
    if let Some(Unwritten(document)) = response.extensions_mut().remove::<Unwritten>() {
        let format = Format::accepted(&head.headers);
        *response.body_mut() = Body::from(document.render(format));
        let kind = HeaderValue::from_static(format.content_type());
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    let status = response.status();
    let is_preflight = head.method == Method::OPTIONS;
    let headers = response.headers_mut();
    if let Some(id) = head.request_id() {
        headers.insert(REQUEST_ID, id.clone());
    }
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // With credentials given the browser's own dialog would only cover the page's message.
    if status == StatusCode::UNAUTHORIZED && !head.headers.contains_key(AUTHORIZATION) {
        let realm = HeaderValue::from_static("Basic realm=\"Finesse\", charset=\"UTF-8\"");
        headers.insert(WWW_AUTHENTICATE, realm);
    }
    state
        .settings
        .cors
        .answer(&head.headers, headers, is_preflight);
}
