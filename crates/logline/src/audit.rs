//! What administrators and supervisors changed (logs.md 1.1): time, id, method, URL, payload. Read only.
//!
//! No line of this log is public; the reference only tells what stands in it and in which order. So any stamp of the
//! server's logs is taken in front, and everything but the order is tolerated. A log in `%CCBU_` records is read as that.

use crate::{local, time};

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit<'a> {
    /// Milliseconds since 1970, where the stamp has a zone.
    pub at: Option<i64>,
    /// The stamp as it is printed.
    pub stamp: &'a str,
    /// What stands between the stamp and the method; the last word is the id.
    pub user: &'a str,
    /// `PUT`, `POST` or `DELETE`.
    pub method: &'a str,
    /// A path or an address.
    pub url: &'a str,
    /// What was sent, may be empty.
    pub payload: &'a str,
}

/// The stamp at the front and how long it is.
fn stamp(text: &[u8]) -> Option<(Option<i64>, usize)> {
    if let Some((at, _)) = time::parse_ccbu(text) {
        return Some((Some(at), time::CCBU_LEN));
    }
    if let Some((at, _)) = time::parse_client(text) {
        return Some((Some(at), time::CLIENT_LEN));
    }
    local::iso(text).map(|(_, length)| (None, length))
}

/// Reads one record, also behind a number; `None` when it isn't one.
pub fn parse(record: &str) -> Option<Audit<'_>> {
    let record = record.trim();
    let digits = record
        .bytes()
        .take(20)
        .take_while(u8::is_ascii_digit)
        .count();
    let body = record
        .get(digits..)
        .filter(|_| digits > 0)
        .and_then(|rest| rest.strip_prefix(": "))
        .unwrap_or(record);
    let (at, length) = stamp(body.as_bytes())?;
    let (stamp, rest) = body.split_at_checked(length)?;
    let first_line = rest.lines().next().unwrap_or_default();
    let (found, method) = ["PUT", "POST", "DELETE"]
        .iter()
        .filter_map(|method| Some((word(first_line, method)?, *method)))
        .min()?;
    let behind = rest
        .get(found + method.len()..)?
        .trim_start_matches([' ', ',', ':', '|', ']', '[', '=']);
    let end = behind
        .find([' ', ',', '\n', '|', ']'])
        .unwrap_or(behind.len());
    let (url, payload) = behind.split_at_checked(end)?;
    let front = rest
        .get(..found)?
        .trim_matches([' ', ':', ',', '|', '[', ']', '-']);
    let user = front
        .rsplit([' ', ':', '|', '[', '='])
        .next()?
        .trim_matches([']', ',']);
    let is_url = url.starts_with('/') || url.starts_with("http");
    (is_url && !user.is_empty()).then_some(Audit {
        at,
        stamp,
        user,
        method,
        url,
        payload: payload.trim_matches([' ', ',', '|', ']', '\n', '\r']),
    })
}

/// Where `wanted` stands as a word of its own.
fn word(text: &str, wanted: &str) -> Option<usize> {
    let is_end =
        |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    text.match_indices(wanted).map(|found| found.0).find(|at| {
        is_end(
            at.checked_sub(1)
                .and_then(|before| text.as_bytes().get(before)),
        ) && is_end(text.as_bytes().get(at + wanted.len()))
    })
}

/// True where a record begins at the front.
pub(crate) fn begins(line: &[u8]) -> bool {
    let line = line.get(..512).unwrap_or(line);
    let text = line.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    parse(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_reference_lists_in_any_dress() {
        for line in [
            "Jul 17 2019 09:54:35.123 +0000: admin PUT /finesse/api/Team/1 <Team/>",
            "0000000001: Jul 17 2019 09:54:35.123 +0000: [http-1] INFO admin, PUT, /finesse/api/Team/1, <Team/>",
        ] {
            let read = parse(line).expect(line);
            assert_eq!(
                (read.user, read.method, read.url),
                ("admin", "PUT", "/finesse/api/Team/1"),
                "{line}"
            );
            assert_eq!(read.payload, "<Team/>");
        }
        assert!(parse("Jul 17 2019 09:54:35.123 +0000: nothing happened").is_none());
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "([a-z0-9:,|/ ]|PUT|Jul 17 2019 09:54:35.123 \\+0000|é|\n){0,20}") {
            let _ = parse(&text);
            let _ = begins(text.as_bytes());
        }
    }
}
