//! Pages of other sites: which may call, and the answer to their browsers' questions (client-facts.md 7).

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HOST, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue};

const METHODS: &str = "GET, HEAD, OPTIONS, POST, PUT, DELETE";
const HEADERS: &str = "authorization, content-type, requestid, accept, cache-control, range, x-requested-with, last-event-id";
/// Seconds that a browser may remember the answer.
const MAX_AGE: &str = "600";

/// Which other sites may call. Credentials of the browser are never allowed: a page brings its own header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cors {
    /// Any: a server that listens on loopback only, or one told so.
    Any,
    /// These.
    Origins(Vec<String>),
}

impl Cors {
    /// From `cors.origins`; a server on loopback that is told nothing lets any page call.
    pub fn new(origins: &[String], is_loopback: bool) -> Cors {
        if origins.iter().any(|origin| origin == "*") || (origins.is_empty() && is_loopback) {
            Cors::Any
        } else {
            Cors::Origins(origins.to_vec())
        }
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
        match self {
            Cors::Any => true,
            Cors::Origins(origins) => origins
                .iter()
                .any(|known| known.as_bytes().eq_ignore_ascii_case(origin.as_bytes())),
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
        let none = Cors::new(&[], false);
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
            assert!(Cors::Any.may_open(&request));
        }
    }

    #[test]
    fn origins() {
        let crm = "https://crm.example.com";
        let listed = Cors::new(&[crm.to_owned()], true);
        assert_eq!(allowed(&listed, crm).as_deref(), Some(crm));
        assert_eq!(allowed(&listed, "https://evil.example.com"), None);
        assert_eq!(Cors::new(&[], true), Cors::Any);
        assert_eq!(allowed(&Cors::new(&[], false), crm), None);
        assert_eq!(
            allowed(&Cors::new(&["*".to_owned()], false), crm).as_deref(),
            Some(crm)
        );
    }
}
