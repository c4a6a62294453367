//! The access log: one line for every request, redirects, pages, BOSH and upgrades included (logs.md 2.3).
//!
//! The line is written when the answer's head is ready; every body but an upgraded connection is whole by then.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{Request, State};
use axum::http::{StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Body as _;
use tact_logline::access::Access;

use super::{AuthenticatedUser, Connection};
use crate::clock;
use crate::telemetry::Logs;

/// Passes the request on and logs its answer. `at` is when the request began, `%D` how long it took.
pub async fn log(State(logs): State<Logs>, request: Request, next: Next) -> Response {
    let started = clock::now_ms();
    let connection = request.extensions().get::<Connection>().copied();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let version = request.version();
    let response = next.run(request).await;

    let connection = connection.unwrap_or(UNKNOWN);
    let elapsed = clock::now_ms().saturating_sub(started);
    let user = response.extensions().get::<AuthenticatedUser>();
    logs.access(&Access {
        at: Some(started),
        client: &connection.peer.ip().to_string(),
        user: user.map(|user| &*user.0),
        port: connection.port,
        method: method.as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        protocol: protocol(version),
        status: response.status().as_u16(),
        bytes: response.body().size_hint().exact().unwrap_or_default(),
        elapsed_ms: u64::try_from(elapsed).unwrap_or_default(),
    });
    response
}

/// Logs bytes that were no request: there is no method, path or user, only the answer.
pub fn log_unread(logs: &Logs, connection: Connection, status: StatusCode) {
    logs.access(&Access {
        at: Some(clock::now_ms()),
        client: &connection.peer.ip().to_string(),
        user: None,
        port: connection.port,
        method: "-",
        path: "-",
        query: "",
        protocol: protocol(Version::HTTP_11),
        status: status.as_u16(),
        bytes: 0,
        elapsed_ms: 0,
    });
}

/// What a request without a connection is logged with: only tests make one.
const UNKNOWN: Connection = Connection {
    peer: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
    port: 0,
    secure: false,
};

fn protocol(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2.0",
        _ => "HTTP/1.1",
    }
}
