//! The request inside a gadget container's own (logs.md 2.3): up to 10.x the browser sends every REST request as
//! `/gadgets/makeRequest?url=...&httpMethod=...&headers=...`, and the container sends it on to the API.

/// The request inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inner {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// The requestId header.
    pub(crate) request_id: Option<String>,
}

/// The request inside this one; `None` where it is none of a gadget container's.
pub(crate) fn request(path: &str, query: &str) -> Option<Inner> {
    if path != "/gadgets/makeRequest" {
        return None;
    }
    let value = |key: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
            .map(decoded)
    };
    let url = value("url")?;
    // `http://localhost/finesse/api/...`: what stands in front of the path is of no use.
    let at = url.find("/finesse/api")?;
    let target = url.get(at..)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = value("headers").unwrap_or_default();
    let request_id = headers
        .split('&')
        .find_map(|pair| pair.strip_prefix("requestId="))
        .map(decoded)
        .filter(|id| !id.is_empty());
    Some(Inner {
        method: value("httpMethod").unwrap_or_else(|| "GET".to_owned()),
        path: path.to_owned(),
        query: query.to_owned(),
        request_id,
    })
}

/// Percent-decoded once; what is no UTF-8 then is replaced.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let mut hex = || char::from(ahead.next()?).to_digit(16);
        match (byte, hex(), hex()) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_inside_has_its_nocache_and_its_id() {
        let query = "refresh=3600&url=http%3A%2F%2Flocalhost%2Ffinesse%2Fapi%2FSystemInfo%3Fnocache%3D1366756802163\
            &httpMethod=GET&headers=Authorization%3DBasic%2520MjAw%26locale%3Den_US&postData=";
        let inner = request("/gadgets/makeRequest", query).expect("a request");
        assert_eq!(
            (inner.path.as_str(), inner.query.as_str()),
            ("/finesse/api/SystemInfo", "nocache=1366756802163")
        );
        assert_eq!((inner.method.as_str(), inner.request_id), ("GET", None));
        let put = "url=http%3A%2F%2Flocalhost%2Ffinesse%2Fapi%2FUser%2F2001&httpMethod=PUT\
            &headers=requestId%3D6e21-a%26Authorization%3Dx";
        let inner = request("/gadgets/makeRequest", put).expect("a request");
        assert_eq!(
            (inner.method.as_str(), inner.request_id.as_deref()),
            ("PUT", Some("6e21-a"))
        );
        assert_eq!(request("/gadgets/js/x.js", query), None);
        assert_eq!(request("/gadgets/makeRequest", "url=%zz"), None);
    }
}
