//! Scalars on the wire: big-endian, unaligned, no padding.
//!
//! Knows bytes and numbers, not messages. Reference section 1.2.

use std::fmt;

/// Reads big-endian scalars off the front of a message body.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read yet.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next `N` bytes; `None`, and nothing read, when fewer are left.
    #[inline]
    pub fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    /// The next `len` bytes; `None`, and nothing read, when fewer are left.
    #[inline]
    pub fn take_slice(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(head)
    }
}

/// A fixed field's type: its width, how it is read and written, what it shows as.
pub trait Scalar: Copy + Default {
    /// Width in bytes.
    const SIZE: usize;

    /// Reads the value; `None` when the body ends inside it.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;

    /// Appends the value.
    fn write(self, out: &mut Vec<u8>);

    /// The value for logs and tools.
    fn value(self) -> Value;

    /// Reads the two-byte form some fields had in other versions.
    fn read_short(reader: &mut Reader<'_>) -> Option<Self> {
        Self::read(reader)
    }

    /// Appends the two-byte form; a value that does not fit becomes the largest that does.
    fn write_short(self, out: &mut Vec<u8>) {
        self.write(out);
    }
}

/// A fixed field's value as a number, with its name when it is a code that has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value {
    /// The number on the wire.
    pub number: i64,
    /// The code's name in the guides, such as `AGENT_STATE_NOT_READY`.
    pub name: Option<&'static str>,
}

impl Value {
    /// A number without a name.
    pub const fn plain(number: i64) -> Self {
        Self { number, name: None }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => f.write_str(name),
            None => self.number.fmt(f),
        }
    }
}

macro_rules! scalar {
    ($($ty:ty)*) => {$(
        impl Scalar for $ty {
            const SIZE: usize = size_of::<$ty>();
            #[inline]
            fn read(reader: &mut Reader<'_>) -> Option<Self> {
                reader.take().map(<$ty>::from_be_bytes)
            }
            #[inline]
            fn write(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }
            fn value(self) -> Value {
                Value::plain(i64::from(self))
            }
        }
    )*};
}

scalar!(u8 u16 i32);

impl Scalar for u32 {
    const SIZE: usize = 4;

    #[inline]
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.take().map(Self::from_be_bytes)
    }

    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_be_bytes());
    }

    fn value(self) -> Value {
        Value::plain(i64::from(self))
    }

    fn read_short(reader: &mut Reader<'_>) -> Option<Self> {
        u16::read(reader).map(Self::from)
    }

    fn write_short(self, out: &mut Vec<u8>) {
        u16::try_from(self).unwrap_or(u16::MAX).write(out);
    }
}

/// A BOOL: two bytes, 0 or 1. Any other value reads as true and keeps its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Bool(pub u16);

impl Bool {
    /// No.
    pub const FALSE: Self = Self(0);
    /// Yes.
    pub const TRUE: Self = Self(1);

    /// Whether the value is anything but zero.
    pub const fn is_true(self) -> bool {
        self.0 != 0
    }
}

impl From<bool> for Bool {
    fn from(value: bool) -> Self {
        Self(u16::from(value))
    }
}

impl Scalar for Bool {
    const SIZE: usize = 2;

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        u16::read(reader).map(Self)
    }

    fn write(self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn value(self) -> Value {
        self.0.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_big_endian_and_stops_at_the_end() {
        let mut reader = Reader::new(&[1, 2, 3, 0xff, 0xff, 0xff, 0xfe, 9]);
        assert_eq!(u8::read(&mut reader), Some(1));
        assert_eq!(u16::read(&mut reader), Some(0x0203));
        assert_eq!(i32::read(&mut reader), Some(-2));
        assert_eq!(u32::read(&mut reader), None);
        assert_eq!(reader.rest(), [9]);
    }

    #[test]
    fn short_form_saturates() {
        let mut out = Vec::new();
        70_000u32.write_short(&mut out);
        7u32.write_short(&mut out);
        assert_eq!(out, [0xff, 0xff, 0, 7]);
    }

    #[test]
    fn odd_truths_survive() {
        let odd = Bool::read(&mut Reader::new(&[0, 2]));
        assert_eq!(odd, Some(Bool(2)));
        assert!(odd.is_some_and(Bool::is_true));
    }
}
