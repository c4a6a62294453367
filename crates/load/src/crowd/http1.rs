//! Answers of HTTP/1.1 with a Content-Length, which is what BOSH prescribes (XEP-0124, 5).

/// The longest answer that is read, bytes.
const MAX_ANSWER: usize = 4 << 20;

/// Why bytes are no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum BadAnswer {
    /// Not HTTP, or no length.
    #[error("an answer that is not HTTP/1.1 with a Content-Length")]
    Malformed,
    /// Another status than 200.
    #[error("answered {0}")]
    Status(String),
}

/// A whole answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answer<'a> {
    /// Its body.
    pub(super) body: &'a [u8],
    /// Bytes that it took, head included.
    pub(super) length: usize,
    /// True when the server closes the connection behind it.
    pub(super) closes: bool,
}

/// The length of the head that `bytes` begin with, the empty line included.
pub(super) fn head_end(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

/// The first answer of `bytes`; `None` while its end is missing.
pub(super) fn answer(bytes: &[u8]) -> Result<Option<Answer<'_>>, BadAnswer> {
    let Some(head) = head_end(bytes) else {
        return match bytes.len() > MAX_ANSWER {
            true => Err(BadAnswer::Malformed),
            false => Ok(None),
        };
    };
    let text = bytes
        .get(..head)
        .and_then(|head| std::str::from_utf8(head).ok());
    let mut lines = text.ok_or(BadAnswer::Malformed)?.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1.1 "))
        .ok_or(BadAnswer::Malformed)?;
    if !status.starts_with("200") {
        return Err(BadAnswer::Status(status.to_owned()));
    }
    let (mut body, mut closes) = (None, false);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            body = value.trim().parse::<usize>().ok();
        } else if name.eq_ignore_ascii_case("connection") {
            closes = value.trim().eq_ignore_ascii_case("close");
        }
    }
    let body = body.filter(|length| *length <= MAX_ANSWER);
    let length = head + body.ok_or(BadAnswer::Malformed)?;
    Ok(bytes.get(head..length).map(|body| Answer {
        body,
        length,
        closes,
    }))
}

/// A POST of a BOSH body.
pub(super) fn post(authority: &str, path: &str, body: &str, out: &mut Vec<u8>) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(body.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_once_it_is_whole() {
        let bytes = b"HTTP/1.1 200 OK\r\ncontent-LENGTH: 7\r\nConnection: close\r\n\r\n<body/>HTTP";
        for end in 0..bytes.len() - 4 {
            assert_eq!(answer(&bytes[..end]), Ok(None), "{end}");
        }
        let read = answer(bytes).unwrap().unwrap();
        assert_eq!(
            (read.body, read.length, read.closes),
            (b"<body/>".as_slice(), bytes.len() - 4, true)
        );
    }

    #[test]
    fn other_answers_are_errors() {
        let status = answer(b"HTTP/1.1 404 Not Found\r\n\r\n");
        assert_eq!(status, Err(BadAnswer::Status("404 Not Found".into())));
        assert_eq!(
            answer(b"HTTP/1.1 200 OK\r\n\r\n"),
            Err(BadAnswer::Malformed)
        );
    }
}
