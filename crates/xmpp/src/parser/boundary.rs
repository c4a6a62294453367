//! Where the pieces of a stream end: header, top-level elements, the closing tag. Looks at angle brackets and quotes only, a
//! byte at a time or as many as come, and refuses at once what no piece may hold.

use super::characters::is_space;
use super::{Limits, XmlError};

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// White space between pieces.
    Space,
    /// `<?xml ...?>`.
    Declaration,
    /// The start tag of the stream.
    Header,
    /// A whole top-level element.
    Element,
    /// The end tag of the stream.
    Close,
}

/// Where in the text the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before, between or behind pieces.
    Between,
    /// Behind `<`.
    Less,
    /// Inside `<?xml`; true behind `?`.
    Declaration(bool),
    /// Inside a tag.
    Tag {
        close: bool,
        /// Inside an attribute value.
        quote: Option<u8>,
        /// Behind `/`.
        slash: bool,
    },
    /// Text inside an element.
    Text,
    /// Behind `<!` and this many bytes of `[CDATA[`.
    Mark(usize),
    /// Inside a CDATA section, behind this many `]`; more than two count as two.
    Section(u8),
}

const MARK: &[u8] = b"[CDATA[";

/// How far the stream has come.
#[derive(Debug)]
pub(super) struct Boundary {
    limits: Limits,
    at: At,
    depth: usize,
    /// Bytes of the piece so far.
    bytes: usize,
    progress: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Not a byte has come.
    Fresh,
    /// The header has not.
    Before,
    Open,
    /// `<stream:stream/>`: its end is to be told.
    Empty,
    Closed,
}

impl Boundary {
    pub(super) fn new(limits: Limits) -> Boundary {
        Boundary {
            limits,
            at: At::Between,
            depth: 0,
            bytes: 0,
            progress: Progress::Fresh,
        }
    }

    /// True while a piece has begun and not ended.
    pub(super) fn is_inside(&self) -> bool {
        self.at != At::Between
    }

    /// How many bytes to take, and the piece that they end.
    pub(super) fn scan(&mut self, data: &[u8]) -> Result<(usize, Option<Piece>), XmlError> {
        if self.at == At::Between {
            return self.begin(data);
        }
        // Nothing may be looked at beyond what a piece may have.
        let room = self.limits.bytes.saturating_sub(self.bytes);
        let within = data.get(..room).unwrap_or(data);
        let mut taken = 0;
        while let Some(rest) = within.get(taken..).filter(|rest| !rest.is_empty()) {
            let (more, piece) = self.step(rest)?;
            taken += more;
            if piece.is_some() {
                self.bytes = 0;
                self.at = At::Between;
                return Ok((taken, piece));
            }
        }
        self.bytes += taken;
        if within.len() < data.len() {
            return Err(XmlError::TooLarge("bytes of a stanza"));
        }
        Ok((taken, None))
    }

    /// White space up to the next piece, told as a piece of its own so that nobody holds it.
    fn begin(&mut self, data: &[u8]) -> Result<(usize, Option<Piece>), XmlError> {
        if self.progress == Progress::Empty {
            self.progress = Progress::Closed;
            return Ok((0, Some(Piece::Close)));
        }
        let Some(first) = data.first() else {
            return Ok((0, None));
        };
        if is_space(*first) {
            if self.progress == Progress::Fresh {
                self.progress = Progress::Before;
            }
            let white = data.iter().take_while(|byte| is_space(**byte)).count();
            return Ok((white, Some(Piece::Space)));
        }
        match (first, self.progress) {
            (_, Progress::Closed) => {
                Err(XmlError::NotWellFormed("something behind the stream's end"))
            }
            (b'<', _) => {
                self.at = At::Less;
                self.bytes = 1;
                let (taken, piece) = self.scan(data.get(1..).unwrap_or_default())?;
                Ok((taken + 1, piece))
            }
            (_, Progress::Open) => Err(XmlError::StrayText),
            _ => Err(XmlError::NotWellFormed("text before the stream")),
        }
    }

    /// Takes at least one byte of a piece.
    fn step(&mut self, rest: &[u8]) -> Result<(usize, Option<Piece>), XmlError> {
        let Some(byte) = rest.first().copied() else {
            return Ok((0, None));
        };
        match self.at {
            // `scan` begins pieces.
            At::Between => return Ok((0, None)),
            At::Less => self.less(byte)?,
            At::Declaration(mark) => {
                if mark && byte == b'>' {
                    self.progress = Progress::Before;
                    return Ok((1, Some(Piece::Declaration)));
                }
                self.at = At::Declaration(byte == b'?');
            }
            At::Tag {
                close,
                quote: Some(quote),
                ..
            } => {
                let Some(end) = memchr::memchr2(quote, b'<', rest) else {
                    return Ok((rest.len(), None));
                };
                if rest.get(end) == Some(&b'<') {
                    return Err(XmlError::NotWellFormed("`<` in an attribute"));
                }
                self.at = tag(close);
                return Ok((end + 1, None));
            }
            At::Tag {
                close,
                quote: None,
                slash,
            } => match byte {
                b'>' => return Ok((1, self.tag_ends(close, slash)?)),
                b'<' => return Err(XmlError::NotWellFormed("`<` in a tag")),
                b'"' | b'\'' => {
                    self.at = At::Tag {
                        close,
                        quote: Some(byte),
                        slash: false,
                    };
                }
                _ => {
                    self.at = At::Tag {
                        close,
                        quote: None,
                        slash: byte == b'/',
                    };
                }
            },
            At::Text => {
                let Some(end) = memchr::memchr(b'<', rest) else {
                    return Ok((rest.len(), None));
                };
                self.at = At::Less;
                return Ok((end + 1, None));
            }
            At::Mark(seen) => {
                if MARK.get(seen) != Some(&byte) {
                    return Err(XmlError::Restricted("a comment or a document type"));
                }
                self.at = if seen + 1 == MARK.len() {
                    At::Section(0)
                } else {
                    At::Mark(seen + 1)
                };
            }
            At::Section(brackets) => {
                self.at = match byte {
                    b']' => At::Section((brackets + 1).min(2)),
                    b'>' if brackets == 2 => At::Text,
                    _ => At::Section(0),
                };
            }
        }
        Ok((1, None))
    }

    fn less(&mut self, byte: u8) -> Result<(), XmlError> {
        self.at = match byte {
            b'?' if self.progress == Progress::Fresh => At::Declaration(false),
            b'?' => return Err(XmlError::Restricted("a processing instruction")),
            b'!' if self.depth > 0 => At::Mark(0),
            b'!' => return Err(XmlError::Restricted("a comment or a document type")),
            b'/' if self.progress == Progress::Open => tag(true),
            b'/' | b'<' | b'>' | b'"' | b'\'' => {
                return Err(XmlError::NotWellFormed("a tag without a name"));
            }
            _ => tag(false),
        };
        Ok(())
    }

    fn tag_ends(&mut self, close: bool, slash: bool) -> Result<Option<Piece>, XmlError> {
        if self.progress != Progress::Open {
            self.progress = if slash {
                Progress::Empty
            } else {
                Progress::Open
            };
            return Ok(Some(Piece::Header));
        }
        self.at = At::Text;
        if close {
            let Some(depth) = self.depth.checked_sub(1) else {
                self.progress = Progress::Closed;
                return Ok(Some(Piece::Close));
            };
            self.depth = depth;
        } else {
            if self.depth >= self.limits.depth {
                return Err(XmlError::TooLarge("depth"));
            }
            if !slash {
                self.depth += 1;
            }
        }
        Ok((self.depth == 0).then_some(Piece::Element))
    }
}

fn tag(close: bool) -> At {
    At::Tag {
        close,
        quote: None,
        slash: false,
    }
}
