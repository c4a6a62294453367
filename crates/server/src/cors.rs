//! Pages of other sites: which may call, and the answer to their browsers' questions (client-facts.md 7).

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HOST, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue};
use tokio_util::sync::CancellationToken;

use crate::store::Store;

const METHODS: &str = "GET, HEAD, OPTIONS, POST, PUT, DELETE";
const HEADERS: &str = "authorization, content-type, requestid, accept, cache-control, range, x-requested-with, last-event-id";
/// Seconds that a browser may remember the answer.
const MAX_AGE: &str = "600";

/// How often the database is asked whether an operator has changed the list.
const LOOK: Duration = Duration::from_secs(1);

/// Which other sites may call, as it is at the moment. Credentials of the browser are never allowed: a page brings its own
/// header. A cheap handle; everybody who holds one sees a change at once.
#[derive(Debug, Clone)]
pub struct Cors {
    allowed: Arc<RwLock<Arc<Allowed>>>,
}

/// A list of sites.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Allowed {
    /// Any: a server that listens on loopback only, or one told so.
    Any,
    /// These.
    Origins(Vec<String>),
}

impl Cors {
    /// These origins; `*` is any.
    pub fn new(origins: &[String]) -> Cors {
        Cors {
            allowed: Arc::new(RwLock::new(Arc::new(Allowed::new(origins)))),
        }
    }

    /// Any origin.
    pub fn any() -> Cors {
        Cors::new(&["*".to_owned()])
    }

    /// Lets these origins call from now on, and no others. True when that is a change.
    pub fn set(&self, origins: &[String]) -> bool {
        let allowed = Arc::new(Allowed::new(origins));
        let mut current = self.allowed.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, Arc::clone(&allowed)) != allowed
    }

    /// Follows what is in the database, and the settings where nothing is, until `stop`.
    pub async fn follow(self, store: Store, configured: Vec<String>, stop: CancellationToken) {
        loop {
            match store.cors_origins().await {
                Ok(origins) => {
                    let origins = origins.unwrap_or_else(|| configured.clone());
                    if self.set(&origins) {
                        tracing::info!(target: "rest", ?origins, "pages of these origins may call");
                    }
                }
                // It will answer again, and until then nothing changes.
                Err(error) => tracing::warn!(%error, "cors.origins could not be read"),
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// Who may put a page of ours into a frame, as a content security policy says it.
    pub fn frame_ancestors(&self) -> String {
        match &*self.current() {
            Allowed::Any => "*".to_owned(),
            Allowed::Origins(origins) => {
                let mut text = "'self'".to_owned();
                for origin in origins {
                    text.push(' ');
                    text.push_str(origin);
                }
                text
            }
        }
    }

    fn current(&self) -> Arc<Allowed> {
        let current = self.allowed.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }

    /// Adds what lets the page of an allowed origin read the answer.
    pub fn answer(&self, request: &HeaderMap, response: &mut HeaderMap, is_preflight: bool) {
        response.append(VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = request.get(ORIGIN).filter(|origin| self.allows(origin)) else {
            return;
        };
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        let expose = HeaderValue::from_static("requestId");
        response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, expose);
        if is_preflight {
            let fixed = HeaderValue::from_static;
            response.insert(ACCESS_CONTROL_ALLOW_METHODS, fixed(METHODS));
            response.insert(ACCESS_CONTROL_ALLOW_HEADERS, fixed(HEADERS));
            response.insert(ACCESS_CONTROL_MAX_AGE, fixed(MAX_AGE));
        }
    }

    /// Whether the page that asks may: one of ours, one of an allowed site, or no page at all. For what browsers do not
    /// ask about before they do it, such as opening a WebSocket.
    pub fn may_open(&self, request: &HeaderMap) -> bool {
        let Some(origin) = request.get(ORIGIN) else {
            return true;
        };
        let own = |host: &HeaderValue| {
            let authority = origin.to_str().ok().and_then(|it| it.split_once("://"));
            authority.is_some_and(|(_, it)| it.as_bytes().eq_ignore_ascii_case(host.as_bytes()))
        };
        self.allows(origin) || request.get(HOST).is_some_and(own)
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        match &*self.current() {
            Allowed::Any => true,
            Allowed::Origins(origins) => origins
                .iter()
                .any(|known| known.as_bytes().eq_ignore_ascii_case(origin.as_bytes())),
        }
    }
}

impl Allowed {
    fn new(origins: &[String]) -> Allowed {
        if origins.iter().any(|origin| origin == "*") {
            Allowed::Any
        } else {
            Allowed::Origins(origins.to_vec())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(cors: &Cors, origin: &str) -> Option<String> {
        let mut request = HeaderMap::new();
        request.insert(ORIGIN, origin.parse().unwrap());
        let mut response = HeaderMap::new();
        cors.answer(&request, &mut response, true);
        let value = response.get(ACCESS_CONTROL_ALLOW_ORIGIN)?;
        assert!(response.contains_key(ACCESS_CONTROL_ALLOW_HEADERS));
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_page_of_another_site_opens_nothing() {
        let none = Cors::new(&[]);
        let mut request = HeaderMap::new();
        request.insert(HOST, "tact.test:8445".parse().unwrap());
        assert!(none.may_open(&request));
        for (origin, may) in [
            ("https://tact.test:8445", true),
            ("https://tact.test", false),
            ("https://evil.test", false),
            ("null", false),
        ] {
            request.insert(ORIGIN, origin.parse().unwrap());
            assert_eq!(none.may_open(&request), may, "{origin}");
            assert!(Cors::any().may_open(&request));
        }
    }

    #[test]
    fn origins() {
        let crm = "https://crm.example.com";
        let listed = Cors::new(&[crm.to_owned()]);
        assert_eq!(allowed(&listed, crm).as_deref(), Some(crm));
        assert_eq!(allowed(&listed, "https://evil.example.com"), None);
        assert_eq!(allowed(&Cors::new(&[]), crm), None);
        assert_eq!(allowed(&Cors::any(), crm).as_deref(), Some(crm));
        assert_eq!(listed.frame_ancestors(), format!("'self' {crm}"));
    }

    #[test]
    fn a_change_is_seen_by_everybody_at_once() {
        let cors = Cors::new(&[]);
        let held = cors.clone();
        let crm = ["https://crm.example.com".to_owned()];
        assert!(cors.set(&crm));
        assert!(!cors.set(&crm));
        assert!(allowed(&held, &crm[0]).is_some());
        assert!(cors.set(&[]));
        assert_eq!(allowed(&held, &crm[0]), None);
    }
}
