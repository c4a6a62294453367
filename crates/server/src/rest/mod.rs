//! REST: `/finesse/api`, one file a resource. REST never changes an agent's state: it asks the desk, which asks the
//! CTI server, whose event changes it.
//!
//! Every request passes [`exchange`], which authenticates it, gives it its thread name, logs it and renders the answer:
//!
//! - [`exchange`]: from the request's head to the answer's last byte
//! - [`answer`]: what a handler returns; [`refusal`]: every refusal of the API, by its three texts
//! - [`authorization`]: credentials out of a header; [`mod@format`]: XML or JSON
//! - [`body`]: a request's body within its limit; [`access`]: who may ask about whom
//! - [`threads`]: the thread names of the logs; [`kinds`]: which kinds of request have been seen
//! - [`system_info`], [`user`], [`dialog`], [`dialogs`], [`queues`], [`teams`], [`team_resource`], [`reason_codes`],
//!   [`wrap_up_reasons`], [`phone_books`], [`client_log`]: the resources
//! - [`token`]: what stands for a password for a while; [`colleagues`]: whose extension that is; [`demo_calls`]: somebody
//!   calls the demo centre; [`logs`]: the log files and a login's trace; all beside the API
//! - [`login`]: the body of a user's PUT as what the desk is asked; [`call_request`], [`call_data`]: those of calls

pub mod access;
pub mod answer;
pub mod authorization;
pub mod body;
pub mod call_data;
pub mod call_request;
pub mod client_log;
pub mod colleagues;
pub mod demo_calls;
pub mod dialog;
pub mod dialogs;
pub mod exchange;
pub mod format;
pub mod kinds;
pub mod login;
pub mod logs;
pub mod phone_books;
pub mod queues;
pub mod reason_codes;
pub mod refusal;
pub mod sign_outs;
pub mod system_info;
pub mod team_resource;
pub mod teams;
pub mod threads;
pub mod token;
pub mod user;
pub mod wrap_up_reasons;

use std::sync::Arc;

use axum::routing::{MethodRouter, any, get, post};
use axum::{Router, middleware};

use crate::auth::Credentials;
use crate::cors::Cors;
use crate::desk::DeskHandle;
use crate::store::SharedConfiguration;
use crate::telemetry::Logs;
use crate::view;

pub use authorization::{Given, given};

/// Where the API lives.
pub const BASE: &str = "/finesse/api";

/// Publishes an Update on a node of the notification service.
pub type PublishUpdate = Arc<dyn Fn(&str, &tact_api::Update) + Send + Sync>;

/// What the API works with. Cheap to clone.
#[derive(Clone)]
pub struct State {
    /// The agents.
    pub desk: DeskHandle,
    /// Who may ask.
    pub credentials: Credentials,
    /// Reason codes and phone books.
    pub configuration: SharedConfiguration,
    /// The log files.
    pub logs: Logs,
    /// Where a stored client log is announced: the node and the document.
    pub publish: PublishUpdate,
    /// What is fixed at start.
    pub settings: Arc<Settings>,
    /// The thread names in use.
    pub threads: threads::Threads,
    /// The kinds of request seen.
    pub kinds: Arc<kinds::Kinds>,
}

/// What is fixed at start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What documents tell about this installation.
    pub system: view::System,
    /// Other sites whose pages may call.
    pub cors: Cors,
    /// `http.max_body_bytes`.
    pub max_body_bytes: usize,
    /// `http.max_client_log_bytes`.
    pub max_client_log_bytes: usize,
}

/// The API.
pub fn routes(state: State) -> Router {
    let mut resources = Router::new();
    for (path, allow, methods) in table() {
        let methods = methods.options(move || exchange::options(allow));
        // As the original's framework has it, a slash at the end names the same resource.
        resources = resources
            .route(path, methods.clone())
            .route(&format!("{path}/"), methods);
    }
    let exchange = middleware::from_fn_with_state(state.clone(), exchange::run);
    let resources = resources
        .fallback(refusal::unknown_resource)
        .method_not_allowed_fallback(refusal::wrong_method)
        .layer(exchange.clone())
        .with_state(state.clone());
    // The one path below the base that nesting leaves out.
    let base = any(refusal::unknown_resource).layer(exchange);
    Router::new()
        .nest(BASE, resources)
        .route(&format!("{BASE}/"), base)
        .merge(colleagues::routes(state))
}

/// Resources beside the API, with its authentication, log lines and refusals.
fn beside<S: Clone + Send + Sync + 'static>(rest: State, router: Router<S>, state: S) -> Router {
    router
        .method_not_allowed_fallback(refusal::wrong_method)
        .layer(middleware::from_fn_with_state(rest, exchange::run))
        .with_state(state)
}

/// Each resource with the methods that it allows.
fn table() -> [(&'static str, &'static str, MethodRouter<State>); 18] {
    const READ: &str = "GET,OPTIONS,HEAD";
    [
        ("/SystemInfo", READ, get(system_info::get)),
        (
            "/User/{id}",
            "GET,OPTIONS,HEAD,PUT",
            get(user::get).put(user::put),
        ),
        (
            "/User/{id}/Dialogs",
            "GET,OPTIONS,HEAD,POST",
            get(dialogs::get).post(dialogs::post),
        ),
        ("/User/{id}/Queues", READ, get(queues::of_user)),
        ("/User/{id}/ReasonCodes", READ, get(reason_codes::list)),
        ("/User/{id}/ReasonCode/{code}", READ, get(reason_codes::get)),
        ("/User/{id}/WrapUpReasons", READ, get(wrap_up_reasons::list)),
        (
            "/User/{id}/WrapUpReason/{reason}",
            READ,
            get(wrap_up_reasons::get),
        ),
        ("/User/{id}/PhoneBooks", READ, get(phone_books::list)),
        (
            "/User/{id}/PhoneBook/{book}/Contacts",
            READ,
            get(phone_books::contacts),
        ),
        (
            "/User/{id}/ClientLog",
            "OPTIONS,POST",
            post(client_log::post),
        ),
        (
            "/Dialog/{id}",
            "GET,OPTIONS,HEAD,PUT",
            get(dialog::get).put(dialog::put),
        ),
        ("/Queue/{id}", READ, get(queues::get)),
        ("/Team/{id}", READ, get(teams::get)),
        ("/Teams", READ, get(teams::list)),
        (
            "/TeamResource/{id}/ReasonCodes",
            READ,
            get(team_resource::reason_codes),
        ),
        (
            "/TeamResource/{id}/WrapUpReasons",
            READ,
            get(team_resource::wrap_up_reasons),
        ),
        (
            "/TeamResource/{id}/PhoneBooks",
            READ,
            get(team_resource::phone_books),
        ),
    ]
}
