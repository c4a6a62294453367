//! Bytes to messages and back.
//!
//! Knows how a message is laid out from its row alone. Reference sections 1.1, 1.3 and 1.6.

use crate::floats::{Floats, Iter};
use crate::frame::{HEADER_LEN, Header, MAX_MESSAGE_LEN};
use crate::message::{Message, Unknown, Visitor};
use crate::table::{Body, Form};
use crate::wire::Reader;
use crate::{Protocol, Tag};

/// Why bytes are no message, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at offset {offset}")]
pub struct DecodeError {
    /// Bytes from the start of the frame, header included, to where it goes wrong.
    pub offset: usize,
    /// What goes wrong.
    pub kind: DecodeErrorKind,
}

/// What is wrong with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeErrorKind {
    /// Fewer bytes than a header has.
    #[error("incomplete header")]
    IncompleteHeader,
    /// The header announces more than [`MAX_MESSAGE_LEN`].
    #[error("message too long")]
    TooLong,
    /// The frame ends before the announced length.
    #[error("message cut short")]
    Truncated,
    /// The frame goes on behind the announced length.
    #[error("bytes behind the message")]
    TrailingBytes,
    /// The announced length ends inside the fixed part.
    #[error("fixed part cut short")]
    FixedPart,
    /// The announced length ends inside a floating field's tag or length.
    #[error("floating field header cut short")]
    FloatHeader,
    /// A floating field is longer than what is left of the message.
    #[error("floating field longer than the message")]
    FloatValue,
}

/// Why a message cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The message would be longer than [`MAX_MESSAGE_LEN`].
    #[error("message longer than {MAX_MESSAGE_LEN} bytes")]
    TooLong,
    /// A floating field is longer than the version's length field can say.
    #[error("floating field {0:?} longer than the version allows")]
    FloatTooLong(Tag),
}

/// Reads one message, header included.
///
/// Where a message's layout differs between versions and the version's own does not fit, its
/// other layouts are tried; the message then remembers which one it was (reference section 1.6).
///
/// # Errors
/// The frame is not exactly one well-formed message.
pub fn decode(frame: &[u8], protocol: Protocol) -> Result<Message, DecodeError> {
    let body = body_of(frame)?;
    let Some(header) = Header::parse(frame) else {
        return Err(DecodeError {
            offset: frame.len(),
            kind: DecodeErrorKind::IncompleteHeader,
        });
    };
    // Read in place: a message is a few hundred bytes, and moving it costs more than reading it.
    let Some(mut message) = Message::empty(header.message_type) else {
        return Ok(Message::Unknown(Unknown {
            message_type: header.message_type,
            body: body.to_vec(),
        }));
    };
    message
        .visit(BodyReader { body, protocol })
        .unwrap_or(Ok(()))?;
    Ok(message)
}

/// Appends one message, header included. On error nothing is appended.
///
/// Floats with tags above 255 are left out below version 20, which has no way to write them.
///
/// # Errors
/// The message, or a float in it, is too long for the wire.
pub fn encode(message: &Message, protocol: Protocol, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let start = out.len();
    let result = append(message, protocol, out);
    if result.is_err() {
        out.truncate(start);
    }
    result
}

/// The bytes behind the header, when the frame is as long as its header says.
fn body_of(frame: &[u8]) -> Result<&[u8], DecodeError> {
    let at = |offset, kind| Err(DecodeError { offset, kind });
    let (Some(header), Some((_, body))) =
        (Header::parse(frame), frame.split_at_checked(HEADER_LEN))
    else {
        return at(frame.len(), DecodeErrorKind::IncompleteHeader);
    };
    let announced = match usize::try_from(header.frame_len()) {
        Ok(announced) if announced <= MAX_MESSAGE_LEN => announced,
        _ => return at(0, DecodeErrorKind::TooLong),
    };
    match frame.len().cmp(&announced) {
        std::cmp::Ordering::Less => at(frame.len(), DecodeErrorKind::Truncated),
        std::cmp::Ordering::Greater => at(announced, DecodeErrorKind::TrailingBytes),
        std::cmp::Ordering::Equal => Ok(body),
    }
}

struct BodyReader<'a> {
    body: &'a [u8],
    protocol: Protocol,
}

impl Visitor for BodyReader<'_> {
    type Output = Result<(), DecodeError>;

    fn visit<B: Body>(self, body: &mut B) -> Self::Output {
        let standard = B::layout_of(self.protocol);
        let first = self.read_layout(body, standard);
        if B::LAYOUTS.len() < 2 || (first.is_ok() && is_plausible(body.floats())) {
            return first;
        }
        // A layout whose floats all make sense beats one whose bytes merely add up.
        let mut adds_up = first.is_ok();
        for layout in neighbours(standard, B::LAYOUTS.len()) {
            let mut other = B::default();
            if self.read_layout(&mut other, layout).is_ok() {
                let makes_sense = is_plausible(other.floats());
                if makes_sense || !adds_up {
                    other.set_form(Form::Layout(layout));
                    *body = other;
                    adds_up = true;
                }
                if makes_sense {
                    break;
                }
            }
        }
        if adds_up { Ok(()) } else { first }
    }
}

impl BodyReader<'_> {
    /// Reads a body in one layout into an empty value.
    fn read_layout<B: Body>(&self, body: &mut B, layout: u8) -> Result<(), DecodeError> {
        let mut reader = Reader::new(self.body);
        if body.read_fixed(&mut reader, layout).is_none() {
            return Err(self.error(reader.rest(), DecodeErrorKind::FixedPart));
        }
        if self.protocol.tag_width() == 1 {
            self.read_narrow(&mut reader, body.floats_mut())
        } else {
            self.read_wide(&reader, body.floats_mut())
        }
    }

    /// Floats with tags and lengths of one byte.
    fn read_narrow(&self, reader: &mut Reader<'_>, floats: &mut Floats) -> Result<(), DecodeError> {
        while !reader.rest().is_empty() {
            let at = *reader;
            let Some([tag, len]) = reader.take() else {
                return Err(self.error(at.rest(), DecodeErrorKind::FloatHeader));
            };
            let Some(value) = reader.take_slice(usize::from(len)) else {
                return Err(self.error(at.rest(), DecodeErrorKind::FloatValue));
            };
            floats.push_bytes(Tag(u16::from(tag)), value);
        }
        Ok(())
    }

    /// Floats with tags and lengths of two bytes: kept as they are, once they are known to be whole.
    fn read_wide(&self, reader: &Reader<'_>, floats: &mut Floats) -> Result<(), DecodeError> {
        let mut fields = Iter::over(reader.rest());
        fields.by_ref().for_each(drop);
        match fields.rest() {
            [] => {
                floats.push_wire(reader.rest());
                Ok(())
            }
            [_, _, _, _, ..] => Err(self.error(fields.rest(), DecodeErrorKind::FloatValue)),
            _ => Err(self.error(fields.rest(), DecodeErrorKind::FloatHeader)),
        }
    }

    /// An error at the first byte that is not read.
    fn error(&self, rest: &[u8], kind: DecodeErrorKind) -> DecodeError {
        let read = self.body.len().saturating_sub(rest.len());
        DecodeError {
            offset: HEADER_LEN + read,
            kind,
        }
    }
}

/// The other layouts of a message, nearest first.
fn neighbours(standard: u8, count: usize) -> impl Iterator<Item = u8> {
    let count = u8::try_from(count).unwrap_or(u8::MAX);
    (1..count)
        .flat_map(move |distance| {
            [
                standard.checked_sub(distance),
                standard.checked_add(distance),
            ]
        })
        .flatten()
        .filter(move |layout| *layout < count)
}

/// Whether every tag is a known one and every value has a length its type can have.
fn is_plausible(floats: &Floats) -> bool {
    floats
        .iter()
        .all(|(tag, value)| tag.row().is_some_and(|row| row.kind.fits(value.len())))
}

fn append(message: &Message, protocol: Protocol, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&message.message_type().to_be_bytes());
    message.write_fixed(protocol, out);
    if let Some(floats) = message.floats() {
        if floats.is_oversize() {
            return Err(EncodeError::TooLong);
        }
        write_floats(floats, protocol, out)?;
    }
    let total = out.len() - start;
    if total > MAX_MESSAGE_LEN {
        return Err(EncodeError::TooLong);
    }
    let body_len =
        u32::try_from(total.saturating_sub(HEADER_LEN)).map_err(|_| EncodeError::TooLong)?;
    if let Some(length) = out
        .get_mut(start..)
        .and_then(|frame| frame.first_chunk_mut::<4>())
    {
        *length = body_len.to_be_bytes();
    }
    Ok(())
}

fn write_floats(floats: &Floats, protocol: Protocol, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if protocol.tag_width() > 1 {
        out.extend_from_slice(floats.wire());
        return Ok(());
    }
    for (tag, value) in floats {
        let Ok(number) = u8::try_from(tag.0) else {
            continue;
        };
        let len = u8::try_from(value.len()).map_err(|_| EncodeError::FloatTooLong(tag))?;
        out.extend_from_slice(&[number, len]);
        out.extend_from_slice(value);
    }
    Ok(())
}
