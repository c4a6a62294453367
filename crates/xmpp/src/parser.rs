//! Bytes in, stanzas out: XMPP's restricted XML (RFC 6120, 11.1) within limits.
//!
//! rxml refuses DTDs, processing instructions, comments and foreign entities by construction. It stays behind this file.

use std::borrow::Cow;

use rxml::error::EndOrError;
use rxml::parser::{CommentMode, Options};
use rxml::{Event, Parse as _, Parser, WithOptions as _};

use crate::element::{Attribute, Element, Node};
use crate::ns;

/// What a peer may send in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one top-level element.
    pub bytes: usize,
    /// Elements inside one another, the stanza itself counted.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of one element or attribute name.
    pub name: usize,
}

impl Limits {
    /// Before authentication: 16 KiB.
    pub const BEFORE_AUTH: Limits = Limits {
        bytes: 16 * 1024,
        depth: 32,
        attributes: 64,
        name: 256,
    };
    /// After authentication: 64 KiB.
    pub const AFTER_AUTH: Limits = Limits {
        bytes: 64 * 1024,
        ..Limits::BEFORE_AUTH
    };
}

/// Bytes of one name or attribute value in a stream; text may be longer, it comes in pieces.
pub const MAX_TOKEN_BYTES: usize = 4096;

/// Why input is refused. Each is fatal to the stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not XML, or not namespace-well-formed.
    #[error("not well-formed: {0}")]
    NotWellFormed(String),
    /// XML that XMPP forbids: comment, processing instruction, DTD, foreign entity, other encoding.
    #[error("restricted XML: {0}")]
    Restricted(String),
    /// One of [`Limits`] is exceeded; which.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// Text where only elements may stand.
    #[error("text between stanzas")]
    StrayText,
}

/// What a stream brings, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// The stream header, without children.
    Open(Element),
    /// One complete top-level element.
    Element(Element),
    /// The end of the stream.
    Close,
}

/// A parser for one stream. A restart is a new parser.
pub struct StreamParser {
    parser: Parser,
    limits: Limits,
    /// Elements opened inside the stream and not yet closed.
    stack: Vec<Element>,
    opened: bool,
    /// Bytes since the last top-level element ended.
    bytes: usize,
}

impl std::fmt::Debug for StreamParser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamParser")
            .field("depth", &self.stack.len())
            .field("opened", &self.opened)
            .finish_non_exhaustive()
    }
}

impl StreamParser {
    /// A parser that waits for a stream header.
    pub fn new(limits: Limits) -> StreamParser {
        StreamParser {
            parser: new_parser(MAX_TOKEN_BYTES.min(limits.bytes)),
            limits,
            stack: Vec::new(),
            opened: false,
            bytes: 0,
        }
    }

    /// Takes bytes off the front of `data` until something is complete; `None` when all were taken.
    pub fn next(&mut self, data: &mut &[u8]) -> Result<Option<StreamEvent>, XmlError> {
        loop {
            let before = data.len();
            let parsed = self.parser.parse(data, false);
            self.bytes = self.bytes.saturating_add(before - data.len());
            if self.bytes > self.limits.bytes {
                return Err(XmlError::TooLarge("bytes of a stanza"));
            }
            let event = match parsed {
                Ok(Some(event)) => event,
                Ok(None) | Err(EndOrError::NeedMoreData) => {
                    // A long-lived idle stream should not keep the parser's scratch space.
                    if self.stack.is_empty() {
                        self.parser.release_temporaries();
                    }
                    return Ok(None);
                }
                Err(EndOrError::Error(error)) => return Err(refuse(error)),
            };
            if let Some(event) = self.take(event)? {
                self.bytes = 0;
                return Ok(Some(event));
            }
        }
    }

    fn take(&mut self, event: Event) -> Result<Option<StreamEvent>, XmlError> {
        match event {
            Event::XmlDeclaration(..) => Ok(None),
            Event::StartElement(_, name, attributes) => {
                let element = element(name, attributes, self.limits)?;
                if !self.opened {
                    self.opened = true;
                    return Ok(Some(StreamEvent::Open(element)));
                }
                if self.stack.len() >= self.limits.depth {
                    return Err(XmlError::TooLarge("depth"));
                }
                self.stack.push(element);
                Ok(None)
            }
            Event::Text(_, text) => match self.stack.last_mut() {
                Some(parent) => {
                    parent.push_text(text);
                    Ok(None)
                }
                None if text.bytes().all(|b| b.is_ascii_whitespace()) => {
                    self.bytes = 0; // white space keeps the connection alive
                    Ok(None)
                }
                None => Err(XmlError::StrayText),
            },
            Event::EndElement(_) => {
                let Some(done) = self.stack.pop() else {
                    return Ok(Some(StreamEvent::Close));
                };
                match self.stack.last_mut() {
                    Some(parent) => {
                        parent.nodes.push(Node::Element(done));
                        Ok(None)
                    }
                    None => Ok(Some(StreamEvent::Element(done))),
                }
            }
        }
    }
}

/// Parses one whole document, as a BOSH request and a WebSocket message are.
pub fn document(data: &[u8], limits: Limits) -> Result<Element, XmlError> {
    if data.len() > limits.bytes {
        return Err(XmlError::TooLarge("bytes of a document"));
    }
    let mut parser = new_parser(data.len().max(1));
    let mut rest = data;
    let mut stack: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match parser.parse(&mut rest, true) {
            Ok(Some(Event::XmlDeclaration(..))) => {}
            Ok(Some(Event::StartElement(_, name, attributes))) => {
                if stack.len() >= limits.depth {
                    return Err(XmlError::TooLarge("depth"));
                }
                stack.push(element(name, attributes, limits)?);
            }
            Ok(Some(Event::Text(_, text))) => {
                if let Some(parent) = stack.last_mut() {
                    parent.push_text(text);
                }
            }
            Ok(Some(Event::EndElement(_))) => {
                if let Some(done) = stack.pop() {
                    match stack.last_mut() {
                        Some(parent) => parent.nodes.push(Node::Element(done)),
                        None => root = Some(done),
                    }
                }
            }
            Ok(None) => {
                return root.ok_or_else(|| XmlError::NotWellFormed("no element".to_owned()));
            }
            Err(EndOrError::NeedMoreData) => {
                return Err(XmlError::NotWellFormed("the end is missing".to_owned()));
            }
            Err(EndOrError::Error(error)) => return Err(refuse(error)),
        }
    }
}

/// The parser sets as much memory aside as one token may have.
fn new_parser(token: usize) -> Parser {
    Parser::with_options(Options {
        max_token_length: token,
        context: None,
        comments: CommentMode::Reject,
    })
}

fn element(
    (ns, name): rxml::QName,
    attributes: rxml::AttrMap,
    limits: Limits,
) -> Result<Element, XmlError> {
    if attributes.len() > limits.attributes {
        return Err(XmlError::TooLarge("attributes"));
    }
    if name.len() > limits.name {
        return Err(XmlError::TooLarge("name"));
    }
    let mut list = Vec::with_capacity(attributes.len());
    for ((ns, name), value) in attributes {
        if name.len() > limits.name {
            return Err(XmlError::TooLarge("name"));
        }
        list.push(Attribute {
            ns: intern(&ns),
            name: name.to_string(),
            value,
        });
    }
    Ok(Element {
        name: name.to_string(),
        ns: intern(&ns),
        attributes: list,
        nodes: Vec::new(),
    })
}

fn intern(ns: &rxml::Namespace<'_>) -> Cow<'static, str> {
    ns::intern(ns.as_str())
}

fn refuse(error: rxml::Error) -> XmlError {
    match error {
        rxml::Error::RestrictedXml(what) if what.contains("long") => XmlError::TooLarge("token"),
        rxml::Error::RestrictedXml(_) | rxml::Error::UndeclaredEntity => {
            XmlError::Restricted(error.to_string())
        }
        other => XmlError::NotWellFormed(other.to_string()),
    }
}
