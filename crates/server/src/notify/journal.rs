//! What the notification service writes into its log, and its wire trace with the passwords taken out.

use std::fmt;
use std::sync::Arc;

use tact_logline::notification::{self, SESSION_MANAGER};
use tact_xmpp::stream::Transport;

use crate::telemetry::Logs;

/// Takes a line of the log: level, class, text.
pub type LineSink = Arc<dyn Fn(&str, &str, &str) + Send + Sync>;
/// Takes a line of the wire trace: true for inbound, and the text.
pub type WireSink = Arc<dyn Fn(bool, &str) + Send + Sync>;

/// The log of the notification service.
#[derive(Clone)]
pub struct Journal {
    line: LineSink,
    wire: Option<WireSink>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("wire", &self.wire.is_some())
            .finish_non_exhaustive()
    }
}

impl Journal {
    /// A log with a wire trace where one is given.
    pub fn new(line: LineSink, wire: Option<WireSink>) -> Journal {
        Journal { line, wire }
    }

    /// The notification service's files.
    pub fn to(logs: &Logs) -> Journal {
        let wire: Option<WireSink> = logs.traces_notification_wire().then(|| {
            let logs = logs.clone();
            Arc::new(move |inbound: bool, text: &str| logs.notification_wire(inbound, text))
                as WireSink
        });
        let logs = logs.clone();
        Journal {
            line: Arc::new(move |level, class, text| logs.notification(level, class, text)),
            wire,
        }
    }

    /// A session is bound.
    pub(super) fn created(&self, jid: &str, transport: Transport) {
        let text = notification::session_created(jid, named(transport));
        (self.line)("INFO", SESSION_MANAGER, &text);
    }

    /// A bound session is over.
    pub(super) fn closed(&self, jid: &str, transport: Transport, cause: &str) {
        let text = notification::session_closed(jid, named(transport), cause);
        (self.line)("INFO", SESSION_MANAGER, &text);
    }

    /// Credentials were refused.
    pub(super) fn authentication_failed(&self, user: &str, transport: Transport) {
        let text = notification::authentication_failed(user, named(transport));
        (self.line)("WARN", SESSION_MANAGER, &text);
    }

    /// A client was refused for what it sent or did.
    pub(super) fn refused(&self, transport: Transport, text: &str) {
        let class = match transport {
            Transport::Bosh => "BoshSession",
            Transport::WebSocket => "WebSocketStream",
            Transport::Tcp => "TcpStream",
        };
        (self.line)("WARN", class, text);
    }

    /// True when the wire trace is on.
    pub(super) fn traces(&self) -> bool {
        self.wire.is_some()
    }

    /// A piece of the wire, when the trace is on.
    pub(super) fn wire(&self, inbound: bool, text: &[u8]) {
        if let Some(wire) = &self.wire {
            let text = String::from_utf8_lossy(text);
            wire(inbound, &redact(&text));
        }
    }
}

/// The log's name for a transport.
fn named(transport: Transport) -> notification::Transport {
    match transport {
        Transport::Bosh => notification::Transport::Bosh,
        Transport::WebSocket => notification::Transport::WebSocket,
        Transport::Tcp => notification::Transport::Tcp,
    }
}

/// Elements whose text is or may be a credential.
const SECRET: [&str; 4] = ["auth", "response", "password", "digest"];

/// Replaces what SASL elements carry, whatever prefix they have.
fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, name)) = next_secret(rest) {
        let Some(end) = rest
            .get(at..)
            .and_then(|tail| tail.find('>'))
            .map(|i| at + i + 1)
        else {
            break;
        };
        out.push_str(rest.get(..end).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
        if out.ends_with("/>") {
            continue;
        }
        let close = rest.find(&format!("</{name}"));
        out.push_str("***");
        // Without an end the payload is cut in the middle: nothing behind it is shown.
        rest = close.and_then(|at| rest.get(at..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Where the next such element begins, and its name with the prefix.
fn next_secret(text: &str) -> Option<(usize, &str)> {
    text.match_indices('<').find_map(|(at, _)| {
        let tail = text.get(at + 1..)?;
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '=');
        let name = tail.get(..tail.find(ends).unwrap_or(tail.len()))?;
        let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
        SECRET.contains(&local).then_some((at, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_do_not_reach_the_trace() {
        assert_eq!(
            redact("<body rid='1'><auth mechanism='PLAIN'>AGEAYg==</auth></body>"),
            "<body rid='1'><auth mechanism='PLAIN'>***</auth></body>"
        );
        assert_eq!(redact("<auth>half of it"), "<auth>***");
        assert_eq!(
            redact("<response>x</response><auth/><iq/>"),
            "<response>***</response><auth/><iq/>"
        );
        assert_eq!(redact("<iq>x</iq>"), "<iq>x</iq>");
        assert_eq!(
            redact("<a:auth xmlns:a='s'>AGEAYg==</a:auth><é/>"),
            "<a:auth xmlns:a='s'>***</a:auth><é/>"
        );
        assert_eq!(
            redact("<query><password\n>x</password></query>"),
            "<query><password\n>***</password></query>"
        );
    }
}
