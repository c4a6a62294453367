//! The `<body/>` element, read and written (XEP-0124, 4 to 17).

use crate::element::{Element, Node, Scope, declare};
use crate::event::Stanza;
use crate::ns;
use crate::parser::{self, Limits, XmlError};

/// The highest request id (2^53 - 1).
pub const MAX_RID: u64 = (1 << 53) - 1;

/// A `ver`: two integers, compared as such (1.10 is above 1.9).
pub type Version = (u32, u32);

/// Why a session ends, by its name on the wire (XEP-0124, 17.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the names of XEP-0124, 17.1")]
pub enum Terminate {
    BadRequest,
    ItemNotFound,
    PolicyViolation,
    RemoteStreamError,
    SystemShutdown,
    InternalServerError,
}

impl Terminate {
    /// The value of `condition`.
    pub fn name(self) -> &'static str {
        match self {
            Terminate::BadRequest => "bad-request",
            Terminate::ItemNotFound => "item-not-found",
            Terminate::PolicyViolation => "policy-violation",
            Terminate::RemoteStreamError => "remote-stream-error",
            Terminate::SystemShutdown => "system-shutdown",
            Terminate::InternalServerError => "internal-server-error",
        }
    }

    /// The HTTP status for a client that sent no `ver` (XEP-0124, 17.2); newer ones always get 200.
    pub fn legacy_status(self) -> u16 {
        match self {
            Terminate::BadRequest => 400,
            Terminate::PolicyViolation => 403,
            Terminate::ItemNotFound => 404,
            Terminate::RemoteStreamError
            | Terminate::SystemShutdown
            | Terminate::InternalServerError => 200,
        }
    }
}

/// A body, of a request or of a response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are the attributes of XEP-0124 and XEP-0206, by name"
)]
pub struct Body {
    pub sid: Option<String>,
    pub rid: Option<u64>,
    pub to: Option<String>,
    pub from: Option<String>,
    pub ver: Option<Version>,
    /// Seconds.
    pub wait: Option<u32>,
    pub hold: Option<u32>,
    pub requests: Option<u32>,
    /// Seconds.
    pub inactivity: Option<u32>,
    /// Seconds.
    pub polling: Option<u32>,
    /// Seconds.
    pub maxpause: Option<u32>,
    /// Seconds.
    pub pause: Option<u32>,
    pub ack: Option<u64>,
    pub content: Option<String>,
    pub key: Option<String>,
    pub newkey: Option<String>,
    /// The attribute `type`.
    pub kind: Option<String>,
    pub condition: Option<String>,
    pub authid: Option<String>,
    /// `xmpp:restart`.
    pub restart: bool,
    /// Stanzas, those in the body's own namespace moved to `jabber:client`.
    pub payload: Vec<Element>,
}

/// Why a body is refused. A client is told `bad-request` for each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not XML as XMPP has it, or too large.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// Another element.
    #[error("not a body element")]
    NotABody,
    /// Character data directly inside.
    #[error("text inside the body")]
    Text,
    /// A number that is none, or out of range.
    #[error("attribute {0} is not a number in range")]
    Number(&'static str),
}

impl Body {
    /// Reads a request or a response.
    pub fn parse(data: &[u8], limits: Limits) -> Result<Body, BodyError> {
        let element = parser::document(data, limits)?;
        if !element.is("body", ns::HTTPBIND) {
            return Err(BodyError::NotABody);
        }
        let text = |name| element.attribute(name).map(str::to_owned);
        let number = |name| number(&element, name);
        let rid = wide(&element, "rid")?;
        if rid.is_some_and(|rid| rid > MAX_RID) {
            return Err(BodyError::Number("rid"));
        }
        let mut body = Body {
            sid: text("sid"),
            rid,
            to: text("to"),
            from: text("from"),
            ver: version(&element)?,
            wait: number("wait")?,
            hold: number("hold")?,
            requests: number("requests")?,
            inactivity: number("inactivity")?,
            polling: number("polling")?,
            maxpause: number("maxpause")?,
            pause: number("pause")?,
            ack: wide(&element, "ack")?,
            content: text("content"),
            key: text("key"),
            newkey: text("newkey"),
            kind: text("type"),
            condition: text("condition"),
            authid: text("authid"),
            restart: element
                .attribute_in(ns::XBOSH, "restart")
                .is_some_and(|value| value == "true" || value == "1"),
            payload: Vec::new(),
        };
        for node in element.nodes {
            match node {
                Node::Element(mut child) => {
                    child.move_namespace(ns::HTTPBIND, ns::CLIENT);
                    body.payload.push(child);
                }
                Node::Text(text) if text.bytes().all(|b| b.is_ascii_whitespace()) => {}
                Node::Text(_) => return Err(BodyError::Text),
            }
        }
        Ok(body)
    }

    /// True for `type='terminate'`.
    pub fn is_terminate(&self) -> bool {
        self.kind.as_deref() == Some("terminate")
    }

    /// True when it carries nothing: a poll.
    pub fn is_empty_request(&self) -> bool {
        self.payload.is_empty() && !self.is_terminate() && self.pause.is_none() && !self.restart
    }

    /// Writes the body with its own payload.
    pub fn to_xml(&self) -> String {
        let mut payload = String::new();
        for element in &self.payload {
            element.write(Scope::BODY, &mut payload);
        }
        let mut out = Vec::with_capacity(256 + payload.len());
        self.write(&[Stanza::from(payload)], &mut out);
        // Only text was written.
        String::from_utf8(out).unwrap_or_default()
    }

    /// Appends the body with stanzas that are text already.
    pub fn write(&self, stanzas: &[Stanza], out: &mut Vec<u8>) {
        let mut head = String::with_capacity(128);
        head.push_str("<body");
        declare("xmlns", ns::HTTPBIND, &mut head);
        // The prefix is declared where a response may carry features or a stream error.
        if self.authid.is_some() || self.condition.is_some() {
            declare("xmlns:stream", ns::STREAMS, &mut head);
        }
        if self.authid.is_some() || self.restart {
            declare("xmlns:xmpp", ns::XBOSH, &mut head);
        }
        if self.authid.is_some() {
            declare("xmpp:version", "1.0", &mut head);
            declare("xmpp:restartlogic", "true", &mut head);
        }
        if self.restart {
            declare("xmpp:restart", "true", &mut head);
        }
        let mut text = |name, value: &Option<String>| {
            if let Some(value) = value {
                declare(name, value, &mut head);
            }
        };
        text("sid", &self.sid);
        text("authid", &self.authid);
        text("to", &self.to);
        text("from", &self.from);
        text("content", &self.content);
        text("key", &self.key);
        text("newkey", &self.newkey);
        text("type", &self.kind);
        text("condition", &self.condition);
        if let Some((major, minor)) = self.ver {
            declare("ver", &format!("{major}.{minor}"), &mut head);
        }
        let mut number = |name, value: Option<u64>| {
            if let Some(value) = value {
                declare(name, &value.to_string(), &mut head);
            }
        };
        number("rid", self.rid);
        number("ack", self.ack);
        number("wait", self.wait.map(u64::from));
        number("hold", self.hold.map(u64::from));
        number("requests", self.requests.map(u64::from));
        number("inactivity", self.inactivity.map(u64::from));
        number("polling", self.polling.map(u64::from));
        number("maxpause", self.maxpause.map(u64::from));
        number("pause", self.pause.map(u64::from));
        out.extend_from_slice(head.as_bytes());
        if stanzas.iter().all(Stanza::is_empty) {
            out.extend_from_slice(b"/>");
            return;
        }
        out.push(b'>');
        for stanza in stanzas {
            stanza.write(out);
        }
        out.extend_from_slice(b"</body>");
    }

    /// A response that ends a session.
    pub fn terminate(condition: Option<Terminate>) -> Body {
        Body {
            kind: Some("terminate".to_owned()),
            condition: condition.map(|condition| condition.name().to_owned()),
            ..Body::default()
        }
    }
}

fn wide(element: &Element, name: &'static str) -> Result<Option<u64>, BodyError> {
    element
        .attribute(name)
        .map(|value| {
            // `parse` would take a sign.
            let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            let value = if digits { value.parse().ok() } else { None };
            value.ok_or(BodyError::Number(name))
        })
        .transpose()
}

fn number(element: &Element, name: &'static str) -> Result<Option<u32>, BodyError> {
    wide(element, name)?
        .map(|value| u32::try_from(value).map_err(|_| BodyError::Number(name)))
        .transpose()
}

fn version(element: &Element) -> Result<Option<Version>, BodyError> {
    let Some(text) = element.attribute("ver") else {
        return Ok(None);
    };
    let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
    match (major.parse(), minor.parse()) {
        (Ok(major), Ok(minor)) => Ok(Some((major, minor))),
        _ => Err(BodyError::Number("ver")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Body, BodyError> {
        Body::parse(text.as_bytes(), Limits::AFTER_AUTH)
    }

    #[test]
    fn reads_a_creation_request() {
        let body = parse(
            "<body rid='1573741820' xmlns='http://jabber.org/protocol/httpbind' to='d' xml:lang='en' \
             wait='60' hold='1' content='text/xml; charset=utf-8' ver='1.10' xmpp:version='1.0' \
             xmlns:xmpp='urn:xmpp:xbosh'/>",
        )
        .expect("valid");
        assert_eq!(body.rid, Some(1_573_741_820));
        assert_eq!(body.ver, Some((1, 10)));
        assert!(body.ver > Some((1, 9)), "the minor version is an integer");
        assert!(body.is_empty_request());
    }

    #[test]
    fn stanzas_in_the_body_namespace_are_client_stanzas() {
        let body = parse(
            "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' sid='s'><presence><priority>1</priority>\
             </presence><iq xmlns='jabber:client'/></body>",
        )
        .expect("valid");
        assert!(body.payload.iter().all(|stanza| stanza.ns == ns::CLIENT));
        assert!(
            body.payload
                .first()
                .is_some_and(|p| p.child("priority", ns::CLIENT).is_some())
        );
    }

    #[test]
    fn refuses_what_the_wire_forbids() {
        let wrap = |attributes: &str, inside: &str| {
            format!(
                "<body xmlns='http://jabber.org/protocol/httpbind' {attributes}>{inside}</body>"
            )
        };
        assert_eq!(parse("<body/>"), Err(BodyError::NotABody));
        assert_eq!(parse(&wrap("", "text")), Err(BodyError::Text));
        for bad in ["", "-1", "+1", "x", "9007199254740992"] {
            assert_eq!(
                parse(&wrap(&format!("rid='{bad}'"), "")),
                Err(BodyError::Number("rid"))
            );
        }
        assert!(parse(&wrap("rid='9007199254740991'", "")).is_ok());
        assert_eq!(
            parse(&wrap("hold='4294967296'", "")),
            Err(BodyError::Number("hold"))
        );
        for bad in ["<!-- c -->", "<?pi p?>", "&nbsp;", "<a>", "</body>"] {
            assert!(
                matches!(parse(&wrap("", bad)), Err(BodyError::Xml(_))),
                "{bad}"
            );
        }
    }

    #[test]
    fn writes_what_it_reads() {
        let body = Body {
            sid: Some("s&'\"".to_owned()),
            rid: Some(MAX_RID),
            ack: Some(3),
            restart: true,
            payload: vec![Element::new("presence", ns::CLIENT)],
            ..Body::default()
        };
        assert_eq!(parse(&body.to_xml()), Ok(body));
    }
}
