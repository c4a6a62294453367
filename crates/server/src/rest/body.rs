//! A request's body: whole, within its limit and in time, as a document.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use bytes::Bytes;
use tact_api::Document;

use super::answer::Refusal;
use super::format::Format;
use super::refusal;

/// A body may take this long to arrive.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// Reads a document of at most `limit` bytes. Too long or a compressed body is a Bad Request: the API has no 413
/// and no 415.
pub async fn read<D: Document>(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<D, Refusal> {
    let codings = headers.get_all(CONTENT_ENCODING).iter();
    if let Some(coding) = codings
        .into_iter()
        .find(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        let coding = String::from_utf8_lossy(coding.as_bytes());
        let message = "a body with a Content-Encoding cannot be read";
        return Err(refusal::bad_request(message, &coding));
    }
    let bytes = collect(body, limit).await?;
    let document = match Format::of_body(headers) {
        Format::Xml => D::from_xml(&bytes),
        Format::Json => D::from_json(&bytes),
    };
    document.map_err(|error| refusal::unreadable(&error))
}

/// The bytes of a body of at most `limit`.
pub async fn collect(body: Body, limit: usize) -> Result<Bytes, Refusal> {
    match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => {
            use std::error::Error as _;
            let too_long = error
                .source()
                .is_some_and(|source| source.is::<http_body_util::LengthLimitError>());
            Err(if too_long {
                refusal::bad_request(&format!("the body is longer than {limit} bytes"), "")
            } else {
                refusal::bad_request("the body did not arrive whole", "")
            })
        }
        Err(_) => Err(refusal::bad_request("the body did not arrive in time", "")),
    }
}

#[cfg(test)]
mod tests {
    use tact_api::UserPut;

    use super::*;

    #[tokio::test]
    async fn one_byte_too_many_is_a_bad_request() {
        let text = "<User><state>READY</state></User>";
        let headers = HeaderMap::new();
        let whole: UserPut = read(&headers, Body::from(text), text.len()).await.unwrap();
        assert_eq!(whole.state.as_deref(), Some("READY"));
        let long = read::<UserPut>(&headers, Body::from(text), text.len() - 1).await;
        let refusal = long.unwrap_err();
        assert_eq!(refusal.status, 400);
        assert_eq!(refusal.errors.errors[0].error_type, "Bad Request");
        assert!(refusal.errors.errors[0].message.contains("longer than"));
    }

    #[tokio::test]
    async fn json_when_it_says_so() {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json".parse().unwrap());
        let body = Body::from(r#"{"User":{"state":"READY"}}"#);
        let put: UserPut = read(&headers, body, 100).await.unwrap();
        assert_eq!(put.state.as_deref(), Some("READY"));
    }
}
