//! The desktop's client log, 9.x and 10.5+ (logs.md 2.4).
//!
//! 9.x: `HH:MM:SS: gadget : text`, the browser's clock. 10.5+: the client's stamp, a session, the server's host, the
//! stamp in the server's zone corrected by the drift that the client measured, then the same.

use crate::{neutral, redact, time};
use std::fmt::Write as _;

/// When a line was written, as far as its variant says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// 10.5+: milliseconds since 1970 by the client's clock, and its offset in minutes.
    Client {
        /// Milliseconds since 1970.
        at: i64,
        /// Minutes east of UTC.
        offset_minutes: i32,
    },
    /// 9.x: milliseconds since midnight in the browser's zone.
    TimeOfDay(i64),
    /// The stamp is missing; articles cut it.
    Unknown,
}

/// One entry of a client log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The client's clock.
    pub when: When,
    /// Six characters when the local log is on, else empty.
    pub session: &'a str,
    /// The server's host; `?.?.?.?` while unknown.
    pub host: &'a str,
    /// The same moment by the server's clock (milliseconds since 1970, offset), once the client knows the drift.
    pub server: Option<(i64, i32)>,
    /// `Container`, `Header` or a gadget's id.
    pub gadget: &'a str,
    /// The text, which may begin with `[ClientServices] `.
    pub text: &'a str,
}

/// What stands for the server's stamp until the drift is known.
const NO_DRIFT: &str = "--- -- ---- --:--:--.--- -----";

/// Writes one entry: 10.5+ when [`When::Client`], else 9.x. Credentials are masked.
pub fn write(entry: &Entry<'_>, out: &mut String) {
    // Writing to a String can't fail.
    match entry.when {
        When::Client { at, offset_minutes } => {
            time::write_client(at, offset_minutes, out);
            let host = if entry.host.is_empty() {
                "?.?.?.?"
            } else {
                entry.host
            };
            _ = write!(
                out,
                ": {}: {}: ",
                neutral::part(entry.session),
                neutral::part(host)
            );
            match entry.server {
                Some((at, offset_minutes)) => time::write_ccbu(at, offset_minutes, out),
                None => out.push_str(NO_DRIFT),
            }
            out.push_str(": ");
        }
        When::TimeOfDay(ms) => {
            let mut stamp = String::with_capacity(12);
            time::write_process(ms, 0, &mut stamp);
            out.push_str(stamp.get(..8).unwrap_or_default());
            out.push_str(": ");
        }
        When::Unknown => {}
    }
    let text = redact::line(entry.text);
    _ = writeln!(
        out,
        "{} : {}",
        neutral::part(entry.gadget),
        neutral::line(&text)
    );
}

/// Reads one entry with the payload lines that continue it; `None` when it isn't one.
pub fn parse(record: &str) -> Option<Entry<'_>> {
    let record = record.trim_end_matches(['\n', '\r']);
    if let Some((at, offset_minutes)) = time::parse_client(record.as_bytes()) {
        let rest = record.get(time::CLIENT_LEN..)?.strip_prefix(':')?;
        let (session, rest) = rest.split_once(": ")?;
        let (host, rest) = rest.trim_start().split_once(": ")?;
        let server = time::parse_ccbu(rest.as_bytes());
        let behind = if server.is_some() {
            rest.get(time::CCBU_LEN..)?
        } else {
            rest.strip_prefix(NO_DRIFT)?
        };
        let (gadget, text) = gadget(behind.strip_prefix(": ")?)?;
        let when = When::Client { at, offset_minutes };
        return Some(Entry {
            when,
            session: session.trim(),
            host,
            server,
            gadget,
            text,
        });
    }
    let (when, rest) = match time::parse_clock(record.as_bytes()) {
        Some((hour, minute, second)) => {
            let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
            (
                When::TimeOfDay(seconds * 1_000),
                record.get(8..)?.strip_prefix(':')?.trim_start(),
            )
        }
        None => (When::Unknown, record),
    };
    // Without a stamp only the two gadgets that every desktop has are believed.
    let found = gadget(rest)
        .filter(|(gadget, _)| when != When::Unknown || matches!(*gadget, "Container" | "Header"));
    let (gadget, text) = match found {
        Some(found) => found,
        // An excerpt may begin in the middle of an entry.
        None if when == When::Unknown && is_torn(rest) => ("", rest),
        None => return None,
    };
    Some(Entry {
        when,
        session: "",
        host: "",
        server: None,
        gadget,
        text,
    })
}

/// True for the end of an entry whose beginning was cut off: what only this log's texts hold.
fn is_torn(text: &str) -> bool {
    const TEXTS: [&str; 9] = [
        "[ClientServices]",
        "Making REST",
        "Returned with status=",
        "content='<",
        "POST_DATA='",
        "requestId='",
        "MasterPublisher.",
        "PageServices.",
        "Commencing sign-in process",
    ];
    TEXTS.iter().any(|known| text.contains(known))
}

fn gadget(text: &str) -> Option<(&str, &str)> {
    let (gadget, text) = text.split_once(" :")?;
    let is_gadget = (1..=64).contains(&gadget.len()) && !gadget.contains(char::is_whitespace);
    is_gadget.then(|| (gadget, text.strip_prefix(' ').unwrap_or(text)))
}

/// True where an entry begins at the front of `bytes`.
pub fn begins(bytes: &[u8]) -> bool {
    if time::parse_client(bytes).is_some() {
        return bytes.get(time::CLIENT_LEN) == Some(&b':');
    }
    let is_gadget = |text: &[u8]| {
        let name = text
            .iter()
            .take(65)
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
            .count();
        name > 0 && text.get(name..name + 2) == Some(b" :")
    };
    if time::parse_clock(bytes).is_some() && bytes.get(8) == Some(&b':') {
        let rest = bytes.get(9..).unwrap_or_default();
        let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        return is_gadget(rest.get(blanks..).unwrap_or_default());
    }
    bytes.starts_with(b"Container : ") || bytes.starts_with(b"Header : ")
}

/// Where a second entry begins behind `from` in the line that ends at `end`: text copied from a browser glues entries.
/// What follows its stamp may stand on the next line.
pub(crate) fn glued(bytes: &[u8], from: usize, end: usize) -> Option<usize> {
    let is_free = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_none_or(|byte| !byte.is_ascii_digit() && !matches!(byte, b':' | b'T'))
    };
    let short = memchr::memchr_iter(b':', bytes.get(from..end)?).find_map(|colon| {
        let at = (from + colon).checked_sub(2).filter(|at| *at >= from)?;
        let (rest, line) = (bytes.get(at..)?, bytes.get(at..end)?);
        let is_entry = begins(line) || is_stamp(line) && begins(rest);
        (is_free(at) && is_entry).then_some(at)
    });
    let long = memchr::memchr_iter(b'T', bytes.get(from..end)?).find_map(|letter| {
        let at = (from + letter).checked_sub(10).filter(|at| *at >= from)?;
        (is_free(at) && begins(bytes.get(at..end)?)).then_some(at)
    });
    [short, long].into_iter().flatten().min()
}

/// True for `HH:MM:SS:` and nothing else.
pub(crate) fn is_stamp(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    line.len() == 9 && line.get(8) == Some(&b':') && time::parse_clock(line).is_some()
}

/// Undoes the escaping of a submitted log (`&`, quotes, angle brackets and `&#10;` line ends); borrows when there is none.
pub fn unescaped(text: &str) -> std::borrow::Cow<'_, str> {
    const ENTITIES: [(&str, &str); 8] = [
        ("&#10;", "\n"),
        ("&#13;", ""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    if !text.contains('&') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let found = ENTITIES.iter().find(|(entity, _)| from.starts_with(entity));
        let (entity, plain) = found.copied().unwrap_or(("&", "&"));
        out.push_str(plain);
        rest = from.get(entity.len()..).unwrap_or_default();
    }
    out.push_str(rest);
    out.into()
}

/// What a line says about a login, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// A REST request: `<Type>: requestId='..', Making REST request: method=.., url='..'`.
    Request {
        /// Such as `User`.
        object: &'a str,
        /// `None` for `undefined`.
        request_id: Option<&'a str>,
        /// GET, PUT, POST, DELETE.
        method: &'a str,
        /// With its query.
        url: &'a str,
    },
    /// The answer to one: `<Type>: requestId='..', Returned with status=..`.
    Answer {
        /// Such as `User`.
        object: &'a str,
        /// `None` for `undefined`.
        request_id: Option<&'a str>,
        /// The status.
        status: u16,
        /// The body, may be empty.
        content: &'a str,
    },
    /// An event on a node, with its payload.
    Received {
        /// Such as `/finesse/api/User/2001`.
        node: &'a str,
        /// The document.
        payload: &'a str,
    },
    /// `Connection status: ..`.
    Connection(&'a str),
    /// The channel stands: `BOSH established!` and later spellings.
    Established,
    /// `Performing login: extn=..`.
    PerformingLogin {
        /// The extension.
        extension: &'a str,
    },
    /// `Successfully logged in!`.
    LoggedIn,
    /// `System info status: ..`.
    SystemInfo(&'a str),
}

/// Reads what an entry's text says, its wrapped lines joined ([`crate::wrap::joined`]); `None` when it says nothing about a
/// login.
pub fn said(text: &str) -> Option<Said<'_>> {
    let text = text.strip_prefix("[ClientServices] ").unwrap_or(text);
    if let Some((_, after)) = text.split_once("Connection status: ") {
        return Some(Said::Connection(
            after.split(|c: char| !c.is_ascii_alphabetic()).next()?,
        ));
    }
    if let Some((_, after)) = text.split_once("Performing login: extn=") {
        return Some(Said::PerformingLogin {
            extension: after.split([' ', ',', '\n']).next()?,
        });
    }
    if let Some((_, after)) = text.split_once("System info status: ") {
        return Some(Said::SystemInfo(after.split_ascii_whitespace().next()?));
    }
    if text.contains("Successfully logged in!") {
        return Some(Said::LoggedIn);
    }
    if let Some((front, request)) = text.split_once("Making REST") {
        let (object, request_id) = object(front)?;
        let method = after(request, "method=")?.split([',', ' ', '\n']).next()?;
        let url = after(request, "url='")?;
        // Articles lose the closing quote; an url holds no blanks.
        let url = url.split(['\'', ' ', '\n']).next()?;
        return Some(Said::Request {
            object,
            request_id,
            method,
            url,
        });
    }
    if let Some((front, answer)) = text.split_once("Returned with status=") {
        let (object, request_id) = object(front).unwrap_or(("", None));
        let status = answer
            .split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()?;
        let content = after(answer, "content='").unwrap_or_default();
        return Some(Said::Answer {
            object,
            request_id,
            status,
            content: content.strip_suffix('\'').unwrap_or(content),
        });
    }
    if let Some((_, event)) = text.split_once("eceived ").filter(|(_, event)| {
        event
            .split_once(" on node")
            .is_some_and(|(kind, _)| kind.len() < 16)
    }) {
        let quoted = after(event, "on node")?
            .trim_start_matches([' ', ':'])
            .strip_prefix('\'')?;
        let (node, payload) = quoted.split_once('\'')?;
        return Some(Said::Received {
            node,
            payload: payload.trim_start_matches([':', ' ', '\n']),
        });
    }
    text.contains("established!").then_some(Said::Established)
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    Some(text.split_once(mark)?.1)
}

/// `User: requestId='..', `.
fn object(front: &str) -> Option<(&str, Option<&str>)> {
    let (object, rest) = front.split_once(':')?;
    let (_, rest) = rest.split_once("requestId=")?;
    let id = rest.trim_start().strip_prefix('\'')?.split('\'').next()?;
    Some((
        object.trim(),
        Some(id).filter(|id| !matches!(*id, "undefined" | "null" | "")),
    ))
}

/// True for a text that looks like a fault and is none (logs.md 0.4): the first disconnect of the first try, and a
/// listener that was already gone.
pub fn is_benign(text: &str) -> bool {
    (text.contains("_onDisconnect()") && text.contains("retryCount=0"))
        || (text.contains("TypeError") && text.contains("_listenerCallback"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "2015-12-09T13:29:52.225 -04:00: : host.example.com: Dec 09 2015 12:37:06.077 -0500: Header : [WorkflowEngine] x";

    #[test]
    fn both_variants() {
        let entry = parse(NEW).expect("an entry");
        assert_eq!(
            entry.when,
            When::Client {
                at: 1_449_682_192_225,
                offset_minutes: -240
            }
        );
        assert_eq!(entry.server, Some((1_449_682_626_077, -300)));
        assert_eq!(
            (entry.host, entry.gadget, entry.text),
            ("host.example.com", "Header", "[WorkflowEngine] x")
        );
        let entry = parse("18:40:05: Container : PageServices.onLoad(): BOSH established!")
            .expect("an entry");
        assert_eq!(entry.when, When::TimeOfDay(67_205_000));
        assert_eq!(said(entry.text), Some(Said::Established));
        assert!(
            begins(NEW.as_bytes()) && begins(b"18:40:05:\nContainer : x") && !begins(b"<user>")
        );
    }

    #[test]
    fn an_empty_session_leaves_its_blank() {
        let mut out = String::new();
        write(&parse(NEW).expect("an entry"), &mut out);
        assert_eq!(out.trim_end(), NEW);
    }

    #[test]
    fn texts_of_the_document() {
        let url = "/finesse/api/User/2001?nocache=1366756805180";
        let text = format!(
            "[ClientServices] User: requestId='undefined', Making REST request: method=GET, url='{url}'"
        );
        assert_eq!(
            said(&text),
            Some(Said::Request {
                object: "User",
                request_id: None,
                method: "GET",
                url
            })
        );
        assert_eq!(
            said("[ClientServices] User: requestId='6e21', Returned with status=202, content=''"),
            Some(Said::Answer {
                object: "User",
                request_id: Some("6e21"),
                status: 202,
                content: ""
            })
        );
        assert_eq!(
            said(
                "[ClientServices] MasterPublisher._eventHandler() - Received event on node '/finesse/api/User/2001': <Update>"
            ),
            Some(Said::Received {
                node: "/finesse/api/User/2001",
                payload: "<Update>"
            })
        );
        assert_eq!(
            said("SignIn.handleUserLoad(): Performing login: extn=2003"),
            Some(Said::PerformingLogin { extension: "2003" })
        );
        assert_eq!(
            said("MasterPublisher._connInfoHandler() - Connection status: connected"),
            Some(Said::Connection("connected"))
        );
        assert!(is_benign(
            "PageServices._onDisconnect(): retryCount=0, retrying..."
        ));
        assert!(!is_benign(
            "PageServices._onDisconnect(): retryCount=3, retrying..."
        ));
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(
            at in 0i64..253_402_200_000_000,
            offset_minutes in -840..=840,
            drift in proptest::option::of(-1000i64..1000),
            session in "|[a-z0-9]{6}",
            gadget in "[A-Za-z0-9_]{1,20}",
            text: String,
            variant in 0..3,
        ) {
            let text = neutral::line(&redact::line(&text)).into_owned();
            let mut entry = Entry {
                when: When::Client { at, offset_minutes },
                session: &session,
                host: "h.example",
                server: drift.map(|drift| (at + 100_000 + drift, 0)),
                gadget: &gadget,
                text: &text,
            };
            if variant > 0 {
                entry = Entry { when: When::TimeOfDay(at % 86_400 * 1_000), session: "", host: "", server: None, ..entry };
            }
            if variant > 1 {
                entry = Entry { when: When::Unknown, gadget: "Container", ..entry };
            }
            let mut out = String::new();
            write(&entry, &mut out);
            proptest::prop_assert_eq!(out.matches(['\n', '\r']).count(), 1);
            proptest::prop_assert_eq!(parse(&out), Some(entry));
            proptest::prop_assert!(begins(out.as_bytes()));
        }

        #[test]
        fn nothing_panics(text: String) {
            let _ = (parse(&text), said(&text), begins(text.as_bytes()), unescaped(&text));
        }
    }
}
