//! The conditions of stream errors (RFC 6120, 4.9.3) and stanza errors (8.3.3), and how they are written.

use crate::element::{Element, Scope};
use crate::ns;
use crate::parser::XmlError;

/// Why a stream ends. Every stream error is fatal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the names of RFC 6120, 4.9.3")]
pub enum StreamCondition {
    BadFormat,
    Conflict,
    ConnectionTimeout,
    InternalServerError,
    InvalidFrom,
    InvalidNamespace,
    NotAuthorized,
    NotWellFormed,
    PolicyViolation,
    ResourceConstraint,
    RestrictedXml,
    SystemShutdown,
    UndefinedCondition,
    UnsupportedStanzaType,
    UnsupportedVersion,
}

impl StreamCondition {
    /// The element's name.
    pub fn name(self) -> &'static str {
        match self {
            StreamCondition::BadFormat => "bad-format",
            StreamCondition::Conflict => "conflict",
            StreamCondition::ConnectionTimeout => "connection-timeout",
            StreamCondition::InternalServerError => "internal-server-error",
            StreamCondition::InvalidFrom => "invalid-from",
            StreamCondition::InvalidNamespace => "invalid-namespace",
            StreamCondition::NotAuthorized => "not-authorized",
            StreamCondition::NotWellFormed => "not-well-formed",
            StreamCondition::PolicyViolation => "policy-violation",
            StreamCondition::ResourceConstraint => "resource-constraint",
            StreamCondition::RestrictedXml => "restricted-xml",
            StreamCondition::SystemShutdown => "system-shutdown",
            StreamCondition::UndefinedCondition => "undefined-condition",
            StreamCondition::UnsupportedStanzaType => "unsupported-stanza-type",
            StreamCondition::UnsupportedVersion => "unsupported-version",
        }
    }

    /// The whole `<stream:error/>`. `stream_declared` is true inside a TCP stream, whose header binds the prefix.
    pub fn to_xml(self, stream_declared: bool) -> String {
        let error = Element::new("error", ns::STREAMS)
            .with_child(Element::new(self.name(), ns::STREAM_ERRORS));
        let mut out = String::new();
        let scope = if stream_declared {
            Scope::STREAM
        } else {
            Scope::NONE
        };
        error.write(scope, &mut out);
        out
    }
}

impl From<&XmlError> for StreamCondition {
    fn from(error: &XmlError) -> StreamCondition {
        match error {
            XmlError::NotWellFormed(_) => StreamCondition::NotWellFormed,
            XmlError::Restricted(_) => StreamCondition::RestrictedXml,
            XmlError::TooLarge(_) => StreamCondition::PolicyViolation,
            XmlError::StrayText => StreamCondition::BadFormat,
        }
    }
}

/// Why a stanza is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the names of RFC 6120, 8.3.3")]
pub enum StanzaCondition {
    BadRequest,
    Conflict,
    Forbidden,
    ItemNotFound,
    JidMalformed,
    NotAcceptable,
    NotAllowed,
    PolicyViolation,
    ResourceConstraint,
    ServiceUnavailable,
    UnexpectedRequest,
}

impl StanzaCondition {
    /// The element's name.
    pub fn name(self) -> &'static str {
        match self {
            StanzaCondition::BadRequest => "bad-request",
            StanzaCondition::Conflict => "conflict",
            StanzaCondition::Forbidden => "forbidden",
            StanzaCondition::ItemNotFound => "item-not-found",
            StanzaCondition::JidMalformed => "jid-malformed",
            StanzaCondition::NotAcceptable => "not-acceptable",
            StanzaCondition::NotAllowed => "not-allowed",
            StanzaCondition::PolicyViolation => "policy-violation",
            StanzaCondition::ResourceConstraint => "resource-constraint",
            StanzaCondition::ServiceUnavailable => "service-unavailable",
            StanzaCondition::UnexpectedRequest => "unexpected-request",
        }
    }

    /// The `type` of the error: what the sender may do about it.
    pub fn kind(self) -> &'static str {
        match self {
            StanzaCondition::BadRequest
            | StanzaCondition::JidMalformed
            | StanzaCondition::NotAcceptable
            | StanzaCondition::PolicyViolation => "modify",
            StanzaCondition::Forbidden => "auth",
            StanzaCondition::ResourceConstraint | StanzaCondition::UnexpectedRequest => "wait",
            StanzaCondition::Conflict
            | StanzaCondition::ItemNotFound
            | StanzaCondition::NotAllowed
            | StanzaCondition::ServiceUnavailable => "cancel",
        }
    }

    /// The `<error/>` child, with a PubSub condition (XEP-0060) where there is one.
    pub fn to_element(self, pubsub: Option<&str>) -> Element {
        let mut error = Element::new("error", ns::CLIENT)
            .with_attribute("type", self.kind())
            .with_child(Element::new(self.name(), ns::STANZA_ERRORS));
        if let Some(condition) = pubsub {
            error = error.with_child(Element::new(condition, ns::PUBSUB_ERRORS));
        }
        error
    }
}
