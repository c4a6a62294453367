//! The Host header: HTTP/1.1 needs exactly one, and what it holds must be a host (RFC 9112, 3.2).

use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Answers 400 to a request whose host nobody can tell.
pub async fn check(request: Request, next: Next) -> Response {
    if is_good(request.version(), request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, "One Host header is needed.\n").into_response()
    }
}

fn is_good(version: Version, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => is_host(host),
        (Some(_), Some(_)) => false,
    }
}

/// Empty is a host too: that of a target without one.
fn is_host(value: &HeaderValue) -> bool {
    value.is_empty()
        || Authority::try_from(value.as_bytes()).is_ok_and(|host| !host.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(version: Version, hosts: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, host.parse().unwrap());
        }
        is_good(version, &headers)
    }

    #[test]
    fn one_host() {
        for host in [
            "localhost",
            "localhost:8082",
            "127.0.0.1",
            "[::1]:8445",
            "a_b.example",
            "",
        ] {
            assert!(judge(Version::HTTP_11, &[host]), "{host}");
            assert!(judge(Version::HTTP_10, &[host]), "{host}");
        }
        for host in ["a b", "a/b", "user@host", "http://a", "a:b:c"] {
            assert!(!judge(Version::HTTP_11, &[host]), "{host}");
        }
    }

    #[test]
    fn none_or_several() {
        assert!(judge(Version::HTTP_10, &[]));
        assert!(!judge(Version::HTTP_11, &[]));
        assert!(!judge(Version::HTTP_11, &["a", "a"]));
        assert!(!judge(Version::HTTP_10, &["a", "a"]));
    }
}
