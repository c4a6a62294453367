//! Namespace names. Known ones are borrowed from here, so that a parsed stanza allocates none for them.

use std::borrow::Cow;

/// Stanzas between client and server (RFC 6120, 4.8.2).
pub const CLIENT: &str = "jabber:client";
/// The stream itself: header, features, errors (RFC 6120, 4.8.1).
pub const STREAMS: &str = "http://etherx.jabber.org/streams";
/// Conditions inside a stream error (RFC 6120, 4.9.2).
pub const STREAM_ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-streams";
/// Conditions inside a stanza error (RFC 6120, 8.3.2).
pub const STANZA_ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
/// STARTTLS (RFC 6120, 5).
pub const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";
/// SASL (RFC 6120, 6).
pub const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
/// Resource binding (RFC 6120, 7).
pub const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
/// The session request that RFC 3921 had and older clients still send.
pub const SESSION: &str = "urn:ietf:params:xml:ns:xmpp-session";
/// Roster (RFC 6121, 2).
pub const ROSTER: &str = "jabber:iq:roster";
/// Ping (XEP-0199).
pub const PING: &str = "urn:xmpp:ping";
/// Disco information (XEP-0030).
pub const DISCO_INFO: &str = "http://jabber.org/protocol/disco#info";
/// Disco items (XEP-0030).
pub const DISCO_ITEMS: &str = "http://jabber.org/protocol/disco#items";
/// PubSub requests, and the notification payload of the wire (XEP-0060).
pub const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
/// PubSub events (XEP-0060).
pub const PUBSUB_EVENT: &str = "http://jabber.org/protocol/pubsub#event";
/// PubSub error conditions (XEP-0060).
pub const PUBSUB_ERRORS: &str = "http://jabber.org/protocol/pubsub#errors";
/// BOSH bodies (XEP-0124).
pub const HTTPBIND: &str = "http://jabber.org/protocol/httpbind";
/// XMPP over BOSH (XEP-0206).
pub const XBOSH: &str = "urn:xmpp:xbosh";
/// WebSocket framing (RFC 7395).
pub const FRAMING: &str = "urn:ietf:params:xml:ns:xmpp-framing";
/// The `xml:` prefix.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

const KNOWN: [&str; 20] = [
    CLIENT,
    STREAMS,
    STREAM_ERRORS,
    STANZA_ERRORS,
    TLS,
    SASL,
    BIND,
    SESSION,
    ROSTER,
    PING,
    DISCO_INFO,
    DISCO_ITEMS,
    PUBSUB,
    PUBSUB_EVENT,
    PUBSUB_ERRORS,
    HTTPBIND,
    XBOSH,
    FRAMING,
    XML,
    "",
];

/// The same name, borrowed where it is known here.
pub fn intern(name: &str) -> Cow<'static, str> {
    KNOWN.iter().find(|known| **known == name).map_or_else(
        || Cow::Owned(name.to_owned()),
        |known| Cow::Borrowed(*known),
    )
}
