//! Bytes in, stanzas out: XMPP's restricted XML (RFC 6120, 11.1) within limits.
//!
//! A stream is cut into its top-level pieces as the bytes come (`boundary`), and each piece is read when it is whole
//! (`reader`): an idle stream holds nothing but the names of its header. Comments, processing instructions, document types
//! and foreign entities are not part of the language; there is no code for them to reach.

mod boundary;
mod characters;
mod reader;

use self::boundary::{Boundary, Piece};
use self::reader::{Bindings, Reader};
use crate::element::Element;

/// What a peer may send in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one top-level element.
    pub bytes: usize,
    /// Elements inside one another, the stanza itself counted.
    pub depth: usize,
    /// Attributes of one element, and namespaces that it declares.
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

/// Why input is refused. Each is fatal to the stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// Not XML, or not namespace-well-formed.
    #[error("not well-formed: {0}")]
    NotWellFormed(&'static str),
    /// XML that XMPP forbids: comment, processing instruction, DTD, foreign entity, other encoding.
    #[error("restricted XML: {0}")]
    Restricted(&'static str),
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
#[derive(Debug)]
pub struct StreamParser {
    limits: Limits,
    boundary: Boundary,
    /// The beginning of a piece whose end has not come.
    held: Vec<u8>,
    /// What the header declared, for all that follows.
    bindings: Bindings<'static>,
    /// The header's name as it was written.
    root: Box<str>,
}

impl StreamParser {
    /// A parser that waits for a stream header.
    pub fn new(limits: Limits) -> StreamParser {
        StreamParser {
            limits,
            boundary: Boundary::new(limits),
            held: Vec::new(),
            bindings: Bindings::default(),
            root: Box::default(),
        }
    }

    /// Takes bytes off the front of `data` until something is complete; `None` when all were taken.
    pub fn next(&mut self, data: &mut &[u8]) -> Result<Option<StreamEvent>, XmlError> {
        loop {
            let (taken, piece) = self.boundary.scan(data)?;
            let (now, later) = data.split_at(taken);
            *data = later;
            let Some(piece) = piece else {
                if self.boundary.is_inside() {
                    self.held.extend_from_slice(now);
                }
                return Ok(None);
            };
            let event = if self.held.is_empty() {
                self.read(piece, now)?
            } else {
                let mut whole = std::mem::take(&mut self.held);
                whole.extend_from_slice(now);
                self.read(piece, &whole)?
            };
            if let Some(event) = event {
                return Ok(Some(event));
            }
        }
    }

    fn read(&mut self, piece: Piece, bytes: &[u8]) -> Result<Option<StreamEvent>, XmlError> {
        let text = characters::text(bytes)?;
        let mut reader = Reader::new(text, self.limits, &self.bindings);
        Ok(Some(match piece {
            Piece::Space => return Ok(None),
            Piece::Declaration => {
                reader.declaration()?;
                return Ok(None);
            }
            Piece::Header => {
                let (header, root, bindings) = reader.header()?;
                self.root = root.into();
                self.bindings = bindings;
                StreamEvent::Open(header)
            }
            Piece::Element => StreamEvent::Element(reader.element()?),
            Piece::Close => {
                reader.close(&self.root)?;
                StreamEvent::Close
            }
        }))
    }
}

/// Parses one whole document, as a BOSH request and a WebSocket message are.
pub fn document(data: &[u8], limits: Limits) -> Result<Element, XmlError> {
    if data.len() > limits.bytes {
        return Err(XmlError::TooLarge("bytes of a document"));
    }
    let bindings = Bindings::default();
    let mut reader = Reader::new(characters::text(data)?, limits, &bindings);
    reader.declaration()?;
    reader.space();
    let root = reader.element()?;
    reader.space();
    reader.end()?;
    Ok(root)
}
