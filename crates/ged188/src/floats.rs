//! The floating part of a message: an ordered list of tagged values.
//!
//! Order, repeats, unknown tags and odd lengths are kept, so that a message encodes back to the
//! bytes it came from. Knows nothing of which message carries which tag. Reference section 1.3.

use std::borrow::Cow;
use std::fmt;

use self::store::Store;
use crate::Tag;

mod store;

/// Bytes of tag and length in front of each value.
const HEAD_LEN: usize = 4;

/// Ordered floating fields, in the bytes that versions 20 and later write: so a list is read and written in one go, a
/// message with a dozen short fields needs no allocation, and a hostile one cannot multiply its size.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Floats {
    /// Tag, length and value of each field, one field after the other.
    fields: Store,
    /// A value was pushed that no message can carry; encoding says so.
    oversize: bool,
}

impl Floats {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.wire().is_empty()
    }

    /// Appends raw bytes as they are.
    ///
    /// A value longer than 65535 bytes is not stored; encoding the message then fails.
    #[inline]
    pub fn push_bytes(&mut self, tag: Tag, value: &[u8]) {
        self.push(tag, value, &[]);
    }

    /// Appends text and the NUL the wire wants behind it.
    #[inline]
    pub fn push_text(&mut self, tag: Tag, text: &str) {
        self.push(tag, text.as_bytes(), &[0]);
    }

    /// Appends a field whose value is `value` and what ends it.
    fn push(&mut self, tag: Tag, value: &[u8], end: &[u8]) {
        let Ok(len) = u16::try_from(value.len().saturating_add(end.len())) else {
            self.oversize = true;
            return;
        };
        let ([t0, t1], [l0, l1]) = (tag.0.to_be_bytes(), len.to_be_bytes());
        self.fields.append([&[t0, t1, l0, l1], value, end]);
    }

    /// Appends whole fields as they are on the wire.
    pub(crate) fn push_wire(&mut self, fields: &[u8]) {
        self.fields.append([fields]);
    }

    /// The fields in the bytes of versions 20 and later.
    pub(crate) fn wire(&self) -> &[u8] {
        self.fields.bytes()
    }

    /// Appends a USHORT.
    pub fn push_u16(&mut self, tag: Tag, value: u16) {
        self.push_bytes(tag, &value.to_be_bytes());
    }

    /// Appends a UINT.
    pub fn push_u32(&mut self, tag: Tag, value: u32) {
        self.push_bytes(tag, &value.to_be_bytes());
    }

    /// The same list with a text behind it, for building a message in one expression.
    #[must_use]
    pub fn with_text(mut self, tag: Tag, text: &str) -> Self {
        self.push_text(tag, text);
        self
    }

    /// The same list with a USHORT behind it.
    #[must_use]
    pub fn with_u16(mut self, tag: Tag, value: u16) -> Self {
        self.push_u16(tag, value);
        self
    }

    /// The same list with a UINT behind it.
    #[must_use]
    pub fn with_u32(mut self, tag: Tag, value: u32) -> Self {
        self.push_u32(tag, value);
        self
    }

    /// Every field in wire order.
    pub fn iter(&self) -> Iter<'_> {
        Iter { rest: self.wire() }
    }

    /// Every value of a repeated tag, in wire order.
    pub fn all(&self, tag: Tag) -> impl Iterator<Item = &[u8]> {
        self.iter()
            .filter(move |(found, _)| *found == tag)
            .map(|(_, value)| value)
    }

    /// The first value with this tag.
    pub fn bytes(&self, tag: Tag) -> Option<&[u8]> {
        self.iter()
            .find(|(found, _)| *found == tag)
            .map(|(_, value)| value)
    }

    /// The first value with this tag as text, see [`text`].
    pub fn text(&self, tag: Tag) -> Option<Cow<'_, str>> {
        self.bytes(tag).map(text)
    }

    /// The first value with this tag as a number of at most two bytes; `None` for other lengths.
    pub fn u16(&self, tag: Tag) -> Option<u16> {
        self.bytes(tag)
            .and_then(number)
            .and_then(|value| u16::try_from(value).ok())
    }

    /// The first value with this tag as a number of one, two or four bytes; `None` for other lengths.
    pub fn u32(&self, tag: Tag) -> Option<u32> {
        self.bytes(tag).and_then(number)
    }

    /// Whether the list holds a value no message can carry.
    pub(crate) const fn is_oversize(&self) -> bool {
        self.oversize
    }
}

/// Text of a STRING value: up to the first NUL, UTF-8 or else Latin-1, which never fails.
pub fn text(value: &[u8]) -> Cow<'_, str> {
    let end = value
        .iter()
        .position(|byte| *byte == 0)
        .unwrap_or(value.len());
    let (text, _) = value.split_at_checked(end).unwrap_or((value, &[]));
    match std::str::from_utf8(text) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(text.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// Big-endian number of one, two or four bytes.
pub fn number(value: &[u8]) -> Option<u32> {
    match *value {
        [a] => Some(u32::from(a)),
        [a, b] => Some(u32::from(u16::from_be_bytes([a, b]))),
        [a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
        _ => None,
    }
}

/// Fields of a [`Floats`] in wire order.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    rest: &'a [u8],
}

impl<'a> Iter<'a> {
    /// Over fields as versions 20 and later write them; ends where no whole field follows.
    pub(crate) fn over(fields: &'a [u8]) -> Self {
        Self { rest: fields }
    }

    /// What is not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = (Tag, &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let ([t0, t1, l0, l1], behind) = self.rest.split_first_chunk::<HEAD_LEN>()?;
        let len = usize::from(u16::from_be_bytes([*l0, *l1]));
        let (value, rest) = behind.split_at_checked(len)?;
        self.rest = rest;
        Some((Tag(u16::from_be_bytes([*t0, *t1])), value))
    }
}

impl<'a> IntoIterator for &'a Floats {
    type Item = (Tag, &'a [u8]);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Shows tags by name and values as text or hex; passwords never.
impl fmt::Debug for Floats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (tag, value) in self {
            map.key(&tag);
            if tag.is_secret() {
                map.value(&format_args!("***"));
            } else {
                map.value(&Shown(value));
            }
        }
        map.finish()
    }
}

/// A value of unknown type: text when it reads as such, else hex.
struct Shown<'a>(&'a [u8]);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [text @ .., 0] if text.iter().all(|byte| (0x20..0x7f).contains(byte)) => {
                crate::floats::text(text).fmt(f)
            }
            bytes => {
                f.write_str("0x")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_repeats() {
        let mut floats = Floats::new();
        floats.push_u16(Tag::LINE_HANDLE, 1);
        floats.push_u16(Tag::LINE_TYPE, 2);
        floats.push_u16(Tag::LINE_HANDLE, 3);
        let tags: Vec<_> = floats.iter().map(|(tag, _)| tag).collect();
        assert_eq!(tags, [Tag::LINE_HANDLE, Tag::LINE_TYPE, Tag::LINE_HANDLE]);
        let all: Vec<_> = floats.all(Tag::LINE_HANDLE).map(<[u8]>::to_vec).collect();
        assert_eq!(all, [[0, 1], [0, 3]]);
    }

    #[test]
    fn text_loses_its_nul_and_survives_other_charsets() {
        let mut floats = Floats::new();
        floats.push_text(Tag::AGENT_ID, "2001");
        floats.push_bytes(Tag::TEXT, &[b'M', 0xfc, b'l']);
        floats.push_bytes(Tag::ANI, &[]);
        assert_eq!(floats.bytes(Tag::AGENT_ID), Some(&b"2001\0"[..]));
        assert_eq!(floats.text(Tag::AGENT_ID).as_deref(), Some("2001"));
        assert_eq!(floats.text(Tag::TEXT).as_deref(), Some("M\u{fc}l"));
        assert_eq!(floats.text(Tag::ANI).as_deref(), Some(""));
        assert_eq!(floats.text(Tag::DNIS), None);
    }

    #[test]
    fn numbers_of_other_lengths_are_refused() {
        let mut floats = Floats::new();
        floats.push_bytes(Tag::DIRECTION, &[1, 2, 3]);
        floats.push_u32(Tag::DURATION, 70_000);
        floats.push_u16(Tag::AGENT_FLAGS, 4);
        assert_eq!(floats.u32(Tag::DIRECTION), None);
        assert_eq!(floats.u16(Tag::DURATION), None);
        assert_eq!(floats.u32(Tag::DURATION), Some(70_000));
        assert_eq!(floats.u32(Tag::AGENT_FLAGS), Some(4));
    }

    #[test]
    fn passwords_are_never_shown() {
        let mut floats = Floats::new();
        floats.push_text(Tag::AGENT_PASSWORD, "hunter2");
        floats.push_text(Tag::CLIENT_PASSWORD, "hunter3");
        floats.push_text(Tag::AGENT_ID, "2001");
        let shown = format!("{floats:?} {floats:#?}");
        assert!(!shown.contains("hunter"), "{shown}");
        assert!(!shown.contains("68756e"), "{shown}");
        assert!(shown.contains("2001"), "{shown}");
    }

    #[test]
    fn a_value_too_long_for_any_message_is_remembered() {
        let mut floats = Floats::new();
        floats.push_bytes(Tag::TEXT, &[0; 65_536]);
        assert!(floats.is_empty());
        assert!(floats.is_oversize());
    }
}
