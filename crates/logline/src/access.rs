//! The web server's access log: `[%t ]%h %a %u %l %p %m %U %q %H %s %b %D` (logs.md 2.3).
//!
//! `%q` brings its own `?`, so an empty query leaves two blanks. The time in front is optional; we write it.

use crate::{neutral, redact, time};
use std::fmt::Write as _;

/// One request as the access log tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access<'a> {
    /// Milliseconds since 1970, when the line carries a time (whole seconds on the wire).
    pub at: Option<i64>,
    /// The client's address, as `%h` and `%a`.
    pub client: &'a str,
    /// The authenticated user; `None` is written `-`.
    pub user: Option<&'a str>,
    /// The local port.
    pub port: u16,
    /// The method.
    pub method: &'a str,
    /// The path without its query.
    pub path: &'a str,
    /// The query without its `?`; may be empty. Never holds a credential when written by us.
    pub query: &'a str,
    /// The protocol, such as `HTTP/1.1`.
    pub protocol: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// Bytes of the answer's body; 0 is written `-`.
    pub bytes: u64,
    /// Milliseconds that the request took.
    pub elapsed_ms: u64,
}

/// Writes one line, times in UTC. Credentials in the query are masked; blanks and line ends are percent-encoded.
pub fn write(access: &Access<'_>, out: &mut String) {
    if let Some(at) = access.at {
        out.push('[');
        time::write_access(at, 0, out);
        out.push_str("] ");
    }
    let client = neutral::word(access.client);
    let user = neutral::word(access.user.unwrap_or_default());
    let method = neutral::word(access.method);
    let path = neutral::word(access.path);
    // Writing to a String can't fail.
    _ = write!(
        out,
        "{client} {client} {user} - {} {method} {path} ",
        access.port
    );
    if !access.query.is_empty() {
        let masked = redact::query(access.query);
        out.push('?');
        out.push_str(&neutral::part(&masked));
    }
    _ = write!(
        out,
        " {} {} ",
        neutral::word(access.protocol),
        access.status
    );
    match access.bytes {
        0 => out.push('-'),
        bytes => _ = write!(out, "{bytes}"),
    }
    _ = writeln!(out, " {}", access.elapsed_ms);
}

/// Reads one line; `None` when it isn't one. Line ends inside (a line that an article wrapped) count as blanks.
pub fn parse(line: &str) -> Option<Access<'_>> {
    let line = line.trim_end();
    let (at, rest) = match line.strip_prefix('[') {
        Some(stamped) => {
            let (stamp, rest) = stamped.split_once("] ")?;
            let (at, _) = time::parse_access(stamp.as_bytes())?;
            (Some(at), rest)
        }
        None => (None, line),
    };
    let (client, rest) = rest.split_once(' ')?;
    let (_, rest) = rest.split_once(' ')?;
    let (user, port, rest) = user_and_port(rest)?;
    let (method, rest) = rest.split_once(' ')?;
    let is_method = !method.is_empty()
        && method
            .bytes()
            .all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_');
    if !is_method {
        return None;
    }
    let (target, tail) = at_protocol(rest)?;
    let (path, query) = match target.split_once(" ?") {
        Some((path, query)) => (path, query.trim_end()),
        None => (target.trim_end(), ""),
    };
    // An article broke `HTTP/ 1.1` in two words.
    let (protocol, tail) = match tail.strip_prefix("HTTP/ ") {
        Some(broken) => ("HTTP/1.1", broken.split_once(' ')?.1),
        None => tail.split_once(' ')?,
    };
    let mut words = tail.split_ascii_whitespace();
    let status = words.next()?.parse().ok()?;
    let bytes = match words.next()? {
        "-" => 0,
        number => number.parse().ok()?,
    };
    let elapsed_ms = words.next()?.parse().ok()?;
    let user = (user != "-").then_some(user);
    Some(Access {
        at,
        client,
        user,
        port,
        method,
        path,
        query,
        protocol,
        status,
        bytes,
        elapsed_ms,
    })
}

/// `%u %l %p `: a user name may hold blanks, so it ends at the first ` - ` with a port behind it.
fn user_and_port(text: &str) -> Option<(&str, u16, &str)> {
    text.match_indices(" - ").find_map(|(at, dash)| {
        let (port, rest) = text.get(at + dash.len()..)?.split_once(' ')?;
        Some((text.get(..at)?, port.parse().ok()?, rest))
    })
}

/// Splits `path ?query HTTP/1.1 200 ...` before the protocol.
fn at_protocol(text: &str) -> Option<(&str, &str)> {
    text.match_indices("HTTP/").find_map(|(at, _)| {
        let before = text.get(..at)?;
        let after = text.get(at + "HTTP/".len()..)?.trim_start();
        let stands_alone =
            before.ends_with([' ', '\n']) && after.starts_with(|c: char| c.is_ascii_digit());
        stands_alone.then(|| Some((before.trim_end_matches('\n'), text.get(at..)?)))?
    })
}

/// `[dd/Mon/yyyy:...] ` or two address words at the front.
pub(crate) fn begins(line: &[u8]) -> bool {
    let line = match line.strip_prefix(b"[") {
        Some(stamped) if time::parse_access(stamped).is_some() => return true,
        Some(_) => return false,
        None => line,
    };
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let (Some(host), Some(address), Some(rest)) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let is_address = (2..=45).contains(&address.len())
        && address
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
        && address.iter().any(|byte| matches!(byte, b'.' | b':'));
    is_address
        && !host.is_empty()
        && memchr::memmem::find(rest, b" - ")
            .or(rest.starts_with(b"- ").then_some(0))
            .is_some()
}

/// Where another record starts behind `from` in the line that ends at `end`: behind a status, a size and a time.
pub(crate) fn glued(bytes: &[u8], from: usize, end: usize) -> Option<usize> {
    let line = bytes.get(..end)?;
    memchr::memmem::find_iter(line.get(from..)?, b"HTTP/").find_map(|found| {
        let tail = from + found;
        let start = tail + tail_length(line.get(tail..)?)?;
        let rest = line.get(start..)?;
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        (blanks > 0 && begins(rest.get(blanks..)?)).then_some(start + blanks)
    })
}

/// The length of `HTTP/1.1 200 4541 185` at the front; an article may have put a blank into the protocol.
fn tail_length(text: &[u8]) -> Option<usize> {
    let mut at = b"HTTP/".len();
    at += usize::from(text.get(at) == Some(&b' '));
    for word in 0..4 {
        let rest = text.get(at..)?;
        let length = rest
            .iter()
            .take_while(|byte| {
                byte.is_ascii_digit() || **byte == if word == 0 { b'.' } else { b'-' }
            })
            .count();
        at += length;
        if length == 0 {
            return None;
        }
        if word < 3 {
            if !text.get(at).is_some_and(u8::is_ascii_whitespace) {
                return None;
            }
            at += 1;
        }
    }
    Some(at)
}

/// True when the record that these bytes begin has all that it can have.
pub(crate) fn is_whole(record: &[u8]) -> bool {
    memchr::memmem::find_iter(record, b"HTTP/").any(|at| {
        record
            .get(at..)
            .is_some_and(|tail| tail_length(tail).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: &str =
        "10.10.10.211 10.10.10.211 - - 80 GET /desktop/container/ HTTP/1.1 200 4541 185";
    const REST: &str = "127.0.0.1 127.0.0.1 - - 80 GET /finesse/api/SystemInfo ?nocache=1366756802163 HTTP/1.1 200 336 120";

    #[test]
    fn lines_of_the_document() {
        let access = parse(PLAIN).expect("a line");
        assert_eq!(
            (access.client, access.user, access.port),
            ("10.10.10.211", None, 80)
        );
        assert_eq!(
            (access.path, access.query, access.status),
            ("/desktop/container/", "", 200)
        );
        assert_eq!(
            (access.bytes, access.elapsed_ms, access.at),
            (4541, 185, None)
        );
        let access = parse(REST).expect("a line");
        assert_eq!(
            (access.path, access.query),
            ("/finesse/api/SystemInfo", "nocache=1366756802163")
        );
        assert!(parse("127.0.0.1").is_none());
        assert!(parse(&PLAIN.replace("HTTP/1.1 200", "\nHTTP/ 1.1 200")).is_some());
    }

    #[test]
    fn an_empty_query_leaves_two_blanks_and_a_query_has_one_before_its_mark() {
        let mut out = String::new();
        let mut access = parse(REST).expect("a line");
        write(&access, &mut out);
        assert_eq!(out.trim_end(), REST);
        access.query = "";
        access.at = Some(1_366_756_803_999);
        out.clear();
        write(&access, &mut out);
        assert_eq!(
            out,
            "[23/Apr/2013:22:40:03 +0000] 127.0.0.1 127.0.0.1 - - 80 GET /finesse/api/SystemInfo  HTTP/1.1 200 336 120\n"
        );
    }

    #[test]
    fn credentials_in_the_query_are_masked() {
        let mut access = parse(REST).expect("a line");
        access.query = "url=x&headers=Authorization%3DBasic%2520MjAwMToyMDAx&password=secret";
        let mut out = String::new();
        write(&access, &mut out);
        assert!(!out.contains("MjAw") && !out.contains("secret"), "{out}");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            at in proptest::option::of(0i64..253_402_200_000),
            user in proptest::option::of("[^ ]{1,12}"),
            path in "/[^ ?]{0,20}",
            query in "[a-z]{0,8}|nocache=[0-9]{13}",
            numbers in any::<(u16, u16, u64, u64)>(),
        ) {
            let (port, status, bytes, elapsed_ms) = numbers;
            let user = user.map(|user| neutral::word(&user).into_owned()).filter(|user| user != "-");
            let path = neutral::word(&path).into_owned();
            let access = Access {
                at: at.map(|at| at * 1_000),
                client: "10.10.10.211",
                user: user.as_deref(),
                port,
                method: "PUT",
                path: &path,
                query: &query,
                protocol: "HTTP/1.1",
                status,
                bytes,
                elapsed_ms,
            };
            let mut out = String::new();
            write(&access, &mut out);
            prop_assert_eq!(parse(&out), Some(access));
        }

        #[test]
        fn a_client_cannot_forge_a_line(user: String, path: String, query: String, method: String) {
            let mut access = parse(PLAIN).expect("a line");
            access.user = Some(&user);
            access.path = &path;
            access.query = &query;
            access.method = &method;
            let mut out = String::new();
            write(&access, &mut out);
            prop_assert_eq!(out.lines().count(), 1);
            prop_assert_eq!(out.matches(['\n', '\r']).count(), 1);
        }
    }
}
