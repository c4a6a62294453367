//! The three stanzas as values (RFC 6120, 8): what a client sent, and the answers to it.

use crate::element::Element;
use crate::error::StanzaCondition;
use crate::ns;

/// The `type` of an iq.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IqKind {
    /// Asks.
    Get,
    /// Changes.
    Set,
    /// Answers.
    Result,
    /// Refuses.
    Error,
}

impl IqKind {
    /// By its name on the wire.
    pub fn parse(name: &str) -> Option<IqKind> {
        match name {
            "get" => Some(IqKind::Get),
            "set" => Some(IqKind::Set),
            "result" => Some(IqKind::Result),
            "error" => Some(IqKind::Error),
            _ => None,
        }
    }

    /// True when an answer is owed.
    pub fn is_request(self) -> bool {
        matches!(self, IqKind::Get | IqKind::Set)
    }
}

/// The parts of an iq that an answer needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iq {
    /// What it is.
    pub kind: IqKind,
    /// Echoed in the answer.
    pub id: String,
    /// Where it was sent; becomes `from` of the answer.
    pub to: Option<String>,
    /// The one child of a request.
    pub payload: Option<Element>,
}

impl Iq {
    /// Reads an iq; a wrong one gives the answer it deserves, `None` where none may be sent.
    pub fn parse(element: &Element, answer_to: &str) -> Result<Iq, Option<String>> {
        let kind = element.attribute("type").and_then(IqKind::parse);
        let iq = Iq {
            kind: kind.unwrap_or(IqKind::Get),
            id: element.attribute("id").unwrap_or_default().to_owned(),
            to: element.attribute("to").map(str::to_owned),
            payload: element.children().next().cloned(),
        };
        let children = element.children().count();
        match kind {
            None => Err(Some(iq.error(StanzaCondition::BadRequest, None, answer_to))),
            Some(kind) if kind.is_request() && (children != 1 || iq.id.is_empty()) => {
                Err(Some(iq.error(StanzaCondition::BadRequest, None, answer_to)))
            }
            Some(_) => Ok(iq),
        }
    }

    /// The answer `result`, with a payload or empty.
    pub fn result(&self, payload: Option<Element>, answer_to: &str) -> String {
        let mut answer = self.answer("result", answer_to);
        if let Some(payload) = payload {
            answer = answer.with_child(payload);
        }
        answer.to_xml()
    }

    /// The answer `error`; the request's payload is not sent back.
    pub fn error(
        &self,
        condition: StanzaCondition,
        pubsub: Option<&str>,
        answer_to: &str,
    ) -> String {
        self.answer("error", answer_to)
            .with_child(condition.to_element(pubsub))
            .to_xml()
    }

    fn answer(&self, kind: &str, answer_to: &str) -> Element {
        let mut answer = Element::new("iq", ns::CLIENT)
            .with_attribute("type", kind)
            .with_attribute("id", self.id.as_str());
        if let Some(to) = &self.to {
            answer = answer.with_attribute("from", to.as_str());
        }
        if !answer_to.is_empty() {
            answer = answer.with_attribute("to", answer_to);
        }
        answer
    }
}

/// A presence stanza that concerns the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Without a type: available, with its priority.
    Available {
        /// -128 to 127. Events go only to priorities of 0 and above.
        priority: i8,
    },
    /// No longer available.
    Unavailable,
    /// `subscribe` or `probe`: wants to know the presence of the addressee.
    Asks {
        /// True for `subscribe`, which also wants `subscribed`.
        subscribe: bool,
    },
    /// Any other type; nothing is done.
    Other,
}

impl Presence {
    /// Reads a presence stanza.
    pub fn parse(element: &Element) -> Presence {
        match element.attribute("type") {
            None => Presence::Available {
                priority: element
                    .child("priority", ns::CLIENT)
                    .and_then(|priority| priority.text().trim().parse().ok())
                    .unwrap_or(0),
            },
            Some("unavailable") => Presence::Unavailable,
            Some("subscribe") => Presence::Asks { subscribe: true },
            Some("probe") => Presence::Asks { subscribe: false },
            Some(_) => Presence::Other,
        }
    }
}

/// A presence stanza as the server sends it.
pub fn presence(from: &str, to: &str, kind: Option<&str>) -> String {
    let mut presence = Element::new("presence", ns::CLIENT)
        .with_attribute("from", from)
        .with_attribute("to", to);
    if let Some(kind) = kind {
        presence = presence.with_attribute("type", kind);
    }
    presence.to_xml()
}
