//! The notification service's log and its wire trace (logs.md 2.6).

use crate::{neutral, redact, time};
use std::fmt::Write as _;

/// One line of the notification service's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification<'a> {
    /// Milliseconds since 1970.
    pub at: i64,
    /// `INFO`, `WARN`, `ERROR` or `DEBUG`.
    pub level: &'a str,
    /// The thread.
    pub thread: &'a str,
    /// The class, such as `SessionManager`.
    pub class: &'a str,
    /// The text; a wire trace line has the form `>> "..."` or `<< "..."`.
    pub text: &'a str,
}

/// Writes `yyyy.MM.dd HH:mm:ss LEVEL [thread]: class - text`, the time in UTC and whole seconds.
pub fn write(notification: &Notification<'_>, out: &mut String) {
    time::write_notification(notification.at, 0, out);
    let text = redact::line(notification.text);
    // Writing to a String can't fail.
    _ = writeln!(
        out,
        " {} [{}]: {} - {}",
        neutral::part(notification.level),
        neutral::item(notification.thread),
        neutral::part(notification.class),
        neutral::line(&text),
    );
}

/// Reads one line; `None` when it isn't one. Lines of a wire trace that lost their head have level, thread and
/// class empty and `at` 0: see [`Notification::is_bare`].
pub fn parse(line: &str) -> Option<Notification<'_>> {
    let line = line.trim_end_matches(['\n', '\r']);
    let Some((at, length)) = time::parse_notification(line.as_bytes()) else {
        return bare(line);
    };
    let rest = line.get(length..)?.strip_prefix(' ')?;
    let (level, rest) = rest.split_once(" [")?;
    let (thread, rest) = rest.split_once("]: ")?;
    let (class, text) = rest.split_once(" - ")?;
    let is_level = matches!(
        level.trim_end(),
        "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL"
    );
    is_level.then_some(Notification {
        at,
        level: level.trim_end(),
        thread,
        class,
        text,
    })
}

/// What a line of this log may begin with when its head is cut off.
const BARE: [&str; 8] = [
    ">> \"",
    ">>\"",
    "<< \"",
    "<<\"",
    "Cookie accepted: ",
    "Buffering response",
    "Adding Host",
    "RoutingTableImpl: ",
];

/// True for the rest of a stanza whose beginning was cut off.
fn is_torn(line: &str) -> bool {
    line.starts_with("&lt;") || line.starts_with("<message ") || line.contains("</event></message>")
}

fn bare(line: &str) -> Option<Notification<'_>> {
    let (class, text) = match line.strip_prefix("RoutingTableImpl: ") {
        Some(text) => ("RoutingTableImpl", text),
        None if BARE.iter().any(|start| line.starts_with(start)) || is_torn(line) => ("", line),
        None => return None,
    };
    Some(Notification {
        at: 0,
        level: "",
        thread: "",
        class,
        text,
    })
}

impl Notification<'_> {
    /// True for a line without its head: it has no time.
    pub fn is_bare(&self) -> bool {
        self.level.is_empty()
    }
}

/// The class of the two lines that prove or refuse an event channel.
pub const SESSION_MANAGER: &str = "SessionManager";

/// How a client reaches the notification service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Long polling over HTTP.
    Bosh,
    /// WebSocket.
    WebSocket,
    /// Plain TCP.
    Tcp,
}

impl Transport {
    /// As the log prints it.
    pub fn name(self) -> &'static str {
        match self {
            Transport::Bosh => "BOSH",
            Transport::WebSocket => "WebSocket",
            Transport::Tcp => "TCP",
        }
    }

    fn from_name(name: &str) -> Option<Transport> {
        [Transport::Bosh, Transport::WebSocket, Transport::Tcp]
            .into_iter()
            .find(|transport| transport.name() == name)
    }
}

/// What a line of class [`SESSION_MANAGER`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session<'a> {
    /// A resource was bound.
    Created {
        /// The full JID.
        jid: &'a str,
        /// By which transport.
        transport: Transport,
    },
    /// SASL refused the credentials.
    Refused {
        /// The id that was tried.
        user: &'a str,
        /// By which transport.
        transport: Transport,
    },
}

/// `Session created for JID 2001@host/desktop over BOSH`.
pub fn session_created(jid: &str, transport: Transport) -> String {
    format!(
        "Session created for JID {} over {}",
        neutral::line(jid),
        transport.name()
    )
}

/// `Session closed for JID 2001@host/desktop over BOSH: inactivity`.
pub fn session_closed(jid: &str, transport: Transport, cause: &str) -> String {
    format!(
        "Session closed for JID {} over {}: {cause}",
        neutral::line(jid),
        transport.name()
    )
}

/// `Authentication failed for 2001 over BOSH`.
pub fn authentication_failed(user: &str, transport: Transport) -> String {
    format!(
        "Authentication failed for {} over {}",
        neutral::line(user),
        transport.name()
    )
}

/// The inverse of [`session_created`] and [`authentication_failed`]; `None` for any other text.
pub fn session(text: &str) -> Option<Session<'_>> {
    let (front, transport) = text.rsplit_once(" over ")?;
    let transport = Transport::from_name(transport)?;
    if let Some(jid) = front.strip_prefix("Session created for JID ") {
        return Some(Session::Created { jid, transport });
    }
    let user = front.strip_prefix("Authentication failed for ")?;
    Some(Session::Refused { user, transport })
}

/// True for a line that looks like a fault and is none (logs.md 0.4).
pub fn is_benign(text: &str) -> bool {
    text.contains("Failed to route packet")
}

/// `yyyy.MM.dd HH:mm:ss`, or what a line without its head begins with.
pub(crate) fn begins(line: &[u8]) -> bool {
    let is_bare = |start: &&str| line.starts_with(start.as_bytes());
    time::parse_notification(line).is_some() || BARE.iter().any(is_bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_session() {
        let text = session_closed("2001@host/desktop", Transport::Tcp, "closed by the client");
        assert_eq!(
            text,
            "Session closed for JID 2001@host/desktop over TCP: closed by the client"
        );
        assert_eq!(session(&text), None, "neither a beginning nor a refusal");
    }

    #[test]
    fn the_two_session_lines() {
        let text = session_created("2001@host/desktop", Transport::Bosh);
        assert_eq!(text, "Session created for JID 2001@host/desktop over BOSH");
        assert_eq!(
            session(&text),
            Some(Session::Created {
                jid: "2001@host/desktop",
                transport: Transport::Bosh
            })
        );
        let text = authentication_failed("2001", Transport::WebSocket);
        assert_eq!(text, "Authentication failed for 2001 over WebSocket");
        assert_eq!(
            session(&text),
            Some(Session::Refused {
                user: "2001",
                transport: Transport::WebSocket
            })
        );
        assert_eq!(session("Session created for JID x over pigeon"), None);
    }

    #[test]
    fn lines_of_the_document() {
        let line = "RoutingTableImpl: Failed to route packet toJID: 2001@h/ User packet: <message";
        let bare = parse(line).expect("a line");
        assert!(bare.is_bare() && is_benign(bare.text));
        assert!(parse(">>\"[\\r][\\n]\"").is_some());
        assert!(parse("&lt;data&gt;").is_some_and(|torn| torn.is_bare()));
        assert!(parse("eg.").is_none());
        let stock = parse("2013.04.23 22:40:05 WARN [main]: org.jivesoftware.X - text - more")
            .expect("a line");
        assert_eq!(
            (stock.class, stock.text),
            ("org.jivesoftware.X", "text - more")
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(at in 0i64..253_402_200_000, text: String) {
            let text = neutral::line(&redact::line(&text)).into_owned();
            let line = Notification { at: at * 1_000, level: "INFO", thread: "client-1", class: "SessionManager", text: &text };
            let mut out = String::new();
            write(&line, &mut out);
            proptest::prop_assert_eq!(out.matches(['\n', '\r']).count(), 1);
            proptest::prop_assert_eq!(parse(&out), Some(line));
        }
    }
}
