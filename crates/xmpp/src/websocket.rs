//! XMPP framing of WebSocket messages (RFC 7395): each message is one document, `<open/>` and `<close/>` stand for the
//! stream's tags. Both sides use it.

use crate::element::Element;
use crate::ns;
use crate::parser::{self, Limits, XmlError};

/// The WebSocket subprotocol.
pub const SUBPROTOCOL: &str = "xmpp";

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// `<open/>`: begins or restarts the stream.
    Open(Element),
    /// `<close/>`: ends it.
    Close,
    /// A stanza, features, SASL or a stream error.
    Element(Element),
}

/// Reads a text message. It must begin with `<`: white space is no keep-alive here.
pub fn parse(message: &str, limits: Limits) -> Result<Frame, XmlError> {
    if !message.starts_with('<') {
        return Err(XmlError::StrayText);
    }
    let element = parser::document(message.as_bytes(), limits)?;
    Ok(match (element.name.as_str(), element.ns.as_ref()) {
        ("open", ns::FRAMING) => Frame::Open(element),
        ("close", ns::FRAMING) => Frame::Close,
        _ => Frame::Element(element),
    })
}

/// The server's `<open/>`.
pub fn open_response(from: &str, id: &str) -> String {
    Element::new("open", ns::FRAMING)
        .with_attribute("from", from)
        .with_attribute("id", id)
        .with_attribute("version", "1.0")
        .with_language("en")
        .to_xml()
}

/// The client's `<open/>`.
pub fn open_request(to: &str) -> String {
    Element::new("open", ns::FRAMING)
        .with_attribute("to", to)
        .with_attribute("version", "1.0")
        .to_xml()
}

/// `<close/>`.
pub fn close() -> String {
    Element::new("close", ns::FRAMING).to_xml()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_open_close_and_stanzas_apart() {
        let limits = Limits::BEFORE_AUTH;
        let open = parse(&open_request("d"), limits).expect("open");
        assert!(matches!(open, Frame::Open(element) if element.attribute("to") == Some("d")));
        assert_eq!(parse(&close(), limits), Ok(Frame::Close));
        assert!(matches!(
            parse(
                "<?xml version='1.0'?><presence xmlns='jabber:client'/>",
                limits
            ),
            Ok(Frame::Element(_))
        ));
        // The right names in the wrong namespace are not framing.
        assert!(matches!(
            parse("<open to='d'/>", limits),
            Ok(Frame::Element(_))
        ));
    }

    #[test]
    fn refuses_what_is_not_one_document() {
        let limits = Limits::BEFORE_AUTH;
        assert_eq!(parse(" <a/>", limits), Err(XmlError::StrayText));
        assert_eq!(parse("", limits), Err(XmlError::StrayText));
        for bad in ["<a/><b/>", "<a", "<a></b>", "<p:a/>"] {
            assert!(
                matches!(parse(bad, limits), Err(XmlError::NotWellFormed(_))),
                "{bad}"
            );
        }
        for bad in [
            "<!-- x --><a/>",
            "<a><!-- x --></a>",
            "<?pi x?><a/>",
            "<a>&nbsp;</a>",
        ] {
            assert!(
                matches!(parse(bad, limits), Err(XmlError::Restricted(_))),
                "{bad}"
            );
        }
    }
}
