//! The head of a plain request, read, and of its answer, written (RFC 9112).
//!
//! A request is plain when it is HTTP/1.1, names a path, has at most one Content-Length and no other way to tell its
//! length, and asks for nothing more than an answer. All else, malformed bytes included, is hyper's to answer.

use std::time::{Duration, SystemTime};

use axum::body::{Body, HttpBody as _};
use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, DATE, EXPECT, HeaderMap, HeaderName, HeaderValue,
    TRANSFER_ENCODING, UPGRADE,
};
use axum::http::response::Parts;
use axum::http::{Method, Request, Uri};

use super::serve::{BUFFER_BYTES, MAX_HEADERS};
use crate::clock;

/// The longest body of a plain request, bytes.
const MAX_BODY: usize = 64 * 1024;

/// What stands at the front of what was read.
pub(super) enum Front {
    /// The beginning of something.
    Partial,
    /// A request that is not plain.
    Other,
    /// A plain request.
    Whole(Box<Plain>),
}

/// A plain request.
pub(super) struct Plain {
    pub(super) request: Request<Body>,
    /// True when the client wants the connection closed behind the answer.
    pub(super) close: bool,
    /// Its bytes, head and body.
    pub(super) length: usize,
}

/// Looks at what was read.
pub(super) fn front(read: &[u8]) -> Front {
    if read.is_empty() {
        return Front::Partial;
    }
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    match parsed.parse(read) {
        Ok(httparse::Status::Complete(head)) => whole(&parsed, head, read).unwrap_or(Front::Other),
        Ok(httparse::Status::Partial) if read.len() < BUFFER_BYTES => Front::Partial,
        Ok(httparse::Status::Partial) | Err(_) => Front::Other,
    }
}

/// `None` for a request that is not plain.
fn whole(parsed: &httparse::Request<'_, '_>, head: usize, read: &[u8]) -> Option<Front> {
    let method = Method::from_bytes(parsed.method?.as_bytes()).ok()?;
    let path = parsed.path?;
    if parsed.version != Some(1) || !path.starts_with('/') || method == Method::CONNECT {
        return None;
    }
    let uri = Uri::try_from(path).ok()?;
    let mut headers = HeaderMap::with_capacity(parsed.headers.len());
    for header in parsed.headers.iter() {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_bytes(header.value).ok()?);
    }
    if [TRANSFER_ENCODING, UPGRADE, EXPECT]
        .iter()
        .any(|name| headers.contains_key(name))
    {
        return None;
    }
    let body = content_length(&headers)?;
    let length = head + body;
    let Some(body) = read.get(head..length) else {
        return Some(Front::Partial);
    };
    let close = says_close(&headers);
    let mut request = Request::new(Body::from(body.to_vec()));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Some(Front::Whole(Box::new(Plain {
        request,
        close,
        length,
    })))
}

/// `None` for a length that is none, told twice, or too large.
fn content_length(headers: &HeaderMap) -> Option<usize> {
    let mut told = headers.get_all(CONTENT_LENGTH).iter();
    let Some(length) = told.next() else {
        return Some(0);
    };
    let length = length.to_str().ok()?;
    let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    let length = length.parse().ok().filter(|length| *length <= MAX_BODY)?;
    (digits && told.next().is_none()).then_some(length)
}

fn says_close(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CONNECTION).iter();
    let mut tokens = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    tokens.any(|token| token.trim().eq_ignore_ascii_case("close"))
}

/// How the end of an answer's body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// There is no body.
    Nothing,
    /// By its length.
    Length(u64),
    /// By its last chunk.
    Chunked,
}

/// What was written.
pub(super) struct Written {
    pub(super) framing: Framing,
    /// True when the connection ends behind the answer.
    pub(super) close: bool,
}

/// Appends the head of an answer. `bodiless` is for an answer to HEAD.
pub(super) fn write(
    parts: &Parts,
    body: &Body,
    bodiless: bool,
    close: bool,
    out: &mut Vec<u8>,
) -> Written {
    let status = parts.status;
    // RFC 9110, 15.3.5 and 15.4.5.
    let bodiless = bodiless || matches!(status.as_u16(), 100..=199 | 204 | 304);
    let told = parts.headers.get(CONTENT_LENGTH);
    let told = told.and_then(|value| value.to_str().ok()?.parse().ok());
    let framing = match (bodiless, told.or(body.size_hint().exact())) {
        (true, _) => Framing::Nothing,
        (false, Some(length)) => Framing::Length(length),
        (false, None) => Framing::Chunked,
    };
    out.extend_from_slice(b"HTTP/1.1 ");
    out.extend_from_slice(status.as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(status.canonical_reason().unwrap_or_default().as_bytes());
    out.extend_from_slice(b"\r\n");
    // RFC 9110, 8.6: these have no length, not even none.
    let unmeasured = matches!(status.as_u16(), 100..=199 | 204);
    for (name, value) in &parts.headers {
        if unmeasured && name == CONTENT_LENGTH {
            continue;
        }
        header(name.as_str(), value.as_bytes(), out);
    }
    if told.is_none()
        && let Framing::Length(length) = framing
    {
        header("content-length", length.to_string().as_bytes(), out);
    }
    if framing == Framing::Chunked {
        header("transfer-encoding", b"chunked", out);
    }
    let asked = says_close(&parts.headers);
    if close && !asked {
        header("connection", b"close", out);
    }
    if !parts.headers.contains_key(DATE) {
        let now = Duration::from_millis(u64::try_from(clock::now_ms()).unwrap_or_default());
        let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + now);
        header("date", date.as_bytes(), out);
    }
    out.extend_from_slice(b"\r\n");
    Written {
        framing,
        close: close || asked,
    }
}

fn header(name: &str, value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(read: &str) -> Option<(String, usize)> {
        match front(read.as_bytes()) {
            Front::Whole(plain) => {
                let request = &plain.request;
                let line = format!("{} {}", request.method(), request.uri());
                Some((line, plain.length))
            }
            Front::Partial | Front::Other => None,
        }
    }

    #[test]
    fn a_request_is_taken_when_it_is_whole() {
        let text = "POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /";
        for end in 0..text.len() - 5 {
            let read = text.as_bytes().get(..end).unwrap_or_default();
            assert!(matches!(front(read), Front::Partial), "{end}");
        }
        assert_eq!(
            plain(text),
            Some(("POST /a?b=c".to_owned(), text.len() - 5))
        );
    }

    #[test]
    fn whatever_is_not_plain_is_left_alone() {
        for head in [
            "GET / HTTP/1.0\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
            "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\nabc",
            "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
            "GET / HTTP/1.1\r\nbad header: x\r\n\r\n",
            "\u{16}\u{3}\u{1}garbage\r\n\r\n",
        ] {
            assert!(matches!(front(head.as_bytes()), Front::Other), "{head}");
        }
        let many = format!(
            "GET / HTTP/1.1\r\n{}\r\n",
            "X: y\r\n".repeat(MAX_HEADERS + 1)
        );
        assert!(matches!(front(many.as_bytes()), Front::Other));
        let endless = format!("GET /{}", "x".repeat(BUFFER_BYTES));
        assert!(matches!(front(endless.as_bytes()), Front::Other));
    }

    #[test]
    fn close_is_a_token_among_others() {
        for (value, closes) in [("close", true), ("foo, Close", true), ("keep-alive", false)] {
            let text = format!("GET / HTTP/1.1\r\nConnection: {value}\r\n\r\n");
            let Front::Whole(plain) = front(text.as_bytes()) else {
                panic!("plain");
            };
            assert_eq!(plain.close, closes, "{value}");
        }
    }
}
