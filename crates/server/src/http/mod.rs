//! HTTP: listeners, TLS, the access log, the pages of the desktop. Knows no resource of the API.
//!
//! - [`mod@serve`]: one listener: connections, their limits and their end
//! - `plain`: most requests, served with no buffer between them; `head` reads and writes their heads, `begun` hands a
//!   connection on to hyper
//! - [`tls`]: the certificate, made at first start
//! - [`access_log`]: one line for every request, whoever answers it
//! - [`mod@host`]: the header that HTTP/1.1 needs
//! - [`pages`]: the desktop's pages, embedded in the binary
//! - [`mod@panic`]: a handler that panics answers 500 and harms no other request

pub mod access_log;
mod begun;
mod head;
pub mod host;
pub mod pages;
pub mod panic;
mod plain;
pub mod serve;
pub mod tls;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::cors::Cors;
use crate::telemetry::Logs;

pub use serve::serve;

/// Where a desktop is opened.
pub const DESKTOP: &str = "/desktop/container/";

/// The connection that a request came on; an extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection {
    /// The client's address.
    pub peer: SocketAddr,
    /// The port that the client reached.
    pub port: u16,
    /// True for TLS.
    pub secure: bool,
}

/// Who a request was authenticated as; an extension of the response, for the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedUser(pub Arc<str>);

/// Everything that a port for browsers serves: the API, the notification service, the desktop, and the way there.
pub fn router(rest: Router, notify: Router, cors: Cors, logs: Logs) -> Router {
    let tunnel = Router::new()
        .route("/tunnel", get(pages::tunnel))
        .route("/tunnel/", get(pages::tunnel))
        .with_state(cors);
    Router::new()
        .route("/", get(to_desktop))
        .route("/desktop", get(to_desktop))
        .route("/desktop/", get(to_desktop))
        .route("/desktop/{*path}", get(pages::page))
        .merge(tunnel)
        .merge(rest)
        .merge(notify)
        .fallback(not_found)
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(middleware::from_fn(host::check))
        .layer(middleware::map_response(nosniff))
        .layer(middleware::from_fn_with_state(logs, access_log::log))
}

async fn to_desktop() -> Response {
    let location = [(header::LOCATION, HeaderValue::from_static(DESKTOP))];
    (StatusCode::FOUND, location).into_response()
}

async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response()
}

/// No answer is to be taken for another type than it says.
async fn nosniff(mut response: Response) -> Response {
    let name = HeaderName::from_static("x-content-type-options");
    let headers = response.headers_mut();
    headers.insert(name, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    async fn get(path: &str) -> Response {
        let rest = Router::new().route("/boom", axum::routing::get(boom));
        let router = router(rest, Router::new(), Cors::any(), Logs::discard());
        let request = Request::get(path).header(header::HOST, "localhost");
        let request = request.body(Body::empty()).unwrap();
        router.oneshot(request).await.unwrap()
    }

    async fn boom() {
        panic!("on purpose");
    }

    #[tokio::test]
    async fn every_short_way_leads_to_the_desktop() {
        for path in ["/", "/desktop", "/desktop/"] {
            let response = get(path).await;
            assert_eq!(response.status(), StatusCode::FOUND, "{path}");
            assert_eq!(response.headers()["location"], DESKTOP);
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let response = get("/boom").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let body = axum::body::to_bytes(response.into_body(), 4096).await;
        let body = String::from_utf8(body.unwrap().to_vec()).unwrap();
        assert!(
            body.contains("<ErrorMessage>RUNTIME_EXCEPTION</ErrorMessage>"),
            "{body}"
        );
        assert!(
            !body.contains("on purpose"),
            "no detail leaves the server: {body}"
        );
    }

    #[tokio::test]
    async fn nothing_is_404() {
        assert_eq!(get("/nothing").await.status(), StatusCode::NOT_FOUND);
    }
}
