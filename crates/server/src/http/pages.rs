//! The desktop's pages, embedded in the binary. Without built pages it says how to build them.

use std::borrow::Cow;

use crate::cors::Cors;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The folder exists in every clone; the pages below `web/` are built.
#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// A file as it is served.
struct Page {
    bytes: Cow<'static, [u8]>,
    hash: [u8; 32],
}

fn embedded(name: &str) -> Option<Page> {
    let EmbeddedFile { data, metadata } = Assets::get(name)?;
    Some(Page {
        bytes: data,
        hash: metadata.sha256_hash(),
    })
}

/// What a page may load: only from here, and events from this host's WebSocket.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; \
    img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// The tunnel page lives in other people's desktops; it has nothing to show and no rights of its own.
const TUNNEL_POLICY: &str = "default-src 'self'; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors ";

const NOT_BUILT: &str = "The desktop's pages are not part of this build.\n\n\
    Build them with Node 20, then build the server again:\n\n    (cd web && npm ci && npm run build)\n    cargo build --release\n\n\
    The API, the notification service and the command line work without them.\n";

/// A file below `/desktop/`; a folder is its `index.html`.
pub async fn page(Path(path): Path<String>, headers: HeaderMap) -> Response {
    respond(&path, &headers, embedded)
}

/// The event tunnel that third-party desktops load in an iframe (client-facts.md, 1).
/// Only the sites that may call may load it.
pub async fn tunnel(State(cors): State<Cors>, headers: HeaderMap) -> Response {
    let mut response = respond("tunnel/", &headers, embedded);
    let policy = format!("{TUNNEL_POLICY}{}", cors.frame_ancestors());
    // Origins hold nothing that a header may not; without a policy nobody loads it.
    let policy =
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("frame-ancestors 'none'"));
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

fn respond(path: &str, headers: &HeaderMap, find: impl Fn(&str) -> Option<Page>) -> Response {
    let mut name = format!("web/{path}");
    if name.ends_with('/') {
        name.push_str("index.html");
    }
    let Some(file) = find(&name) else {
        return missing(path, headers, find);
    };
    let etag = etag(&file.hash);
    let fresh = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*");
    let mut response = if fresh {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(file.bytes).into_response()
    };
    let out = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        out.insert(header::ETAG, etag);
    }
    // Names are fixed, so a browser asks each time; the tag makes the answer small.
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if !fresh {
        let kind = HeaderValue::from_static(content_type(&name));
        out.insert(header::CONTENT_TYPE, kind);
    }
    protect(out);
    response
}

/// `/desktop/container` without its slash, a file that is not there, or no pages at all.
fn missing(path: &str, headers: &HeaderMap, find: impl Fn(&str) -> Option<Page>) -> Response {
    let built = find("web/container/index.html").is_some();
    if path == "container" {
        let location = [(header::LOCATION, super::DESKTOP)];
        return (StatusCode::FOUND, location).into_response();
    }
    let wants_page = path.ends_with('/')
        || headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
    let mut response = if !built && wants_page {
        // 200: the server is whole, only its pages are not; a headless desktop signs in all the same.
        (StatusCode::OK, NOT_BUILT).into_response()
    } else {
        (StatusCode::NOT_FOUND, "There is no such page.\n").into_response()
    };
    protect(response.headers_mut());
    response
}

fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn protect(headers: &mut HeaderMap) {
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CONTENT_SECURITY_POLICY),
    );
    headers.insert(
        HeaderName::from_static("referrer-policy"),
        HeaderValue::from_static("no-referrer"),
    );
}

/// The first 16 bytes of the hash are plenty to tell two builds apart.
fn etag(hash: &[u8; 32]) -> String {
    let mut tag = String::from("\"");
    for byte in hash.iter().take(16) {
        tag.push_str(&format!("{byte:02x}"));
    }
    tag.push('"');
    tag
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(name: &str) -> Option<Page> {
        let data = match name {
            "web/container/index.html" => "<!doctype html>",
            "web/assets/agent.js" => "export {};",
            _ => return None,
        };
        Some(Page {
            bytes: Cow::Borrowed(data.as_bytes()),
            hash: [7; 32],
        })
    }

    fn get(path: &str) -> Response {
        respond(path, &HeaderMap::new(), built)
    }

    #[test]
    fn a_folder_is_its_index() {
        let response = get("container/");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.headers()["content-type"],
            "text/html; charset=utf-8"
        );
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors"));
    }

    #[test]
    fn a_known_tag_is_answered_without_a_body() {
        let tag = get("assets/agent.js").headers()["etag"].clone();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, tag.clone());
        let response = respond("assets/agent.js", &headers, built);
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(response.headers()["etag"], tag);
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert_eq!(
            respond("assets/agent.js", &headers, built).status(),
            StatusCode::OK
        );
    }

    #[test]
    fn what_is_not_there() {
        assert_eq!(get("assets/nothing.js").status(), StatusCode::NOT_FOUND);
        assert_eq!(
            get("container").headers()["location"],
            super::super::DESKTOP
        );
        assert!(embedded("web/../../Cargo.toml").is_none());
        assert!(embedded("../Cargo.toml").is_none());
    }

    #[test]
    fn without_pages_it_says_how_to_build_them() {
        let response = respond("container/", &HeaderMap::new(), |_| None);
        assert_eq!(response.status(), StatusCode::OK);
        let script = respond("assets/agent.js", &HeaderMap::new(), |_| None);
        assert_eq!(script.status(), StatusCode::NOT_FOUND);
    }
}
