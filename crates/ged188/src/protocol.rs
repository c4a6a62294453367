//! The protocol version a session agreed on in OPEN_REQ; it fixes every later layout.
//!
//! Knows numbers only, nothing of messages. Reference sections 1.3, 1.5 and 1.6.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A protocol version this crate has layouts for: 9 (ICM 5.0) to 25 (UCCE 15.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Protocol(u32);

impl Protocol {
    /// The oldest version with layouts here.
    pub const OLDEST: Self = Self(9);
    /// The version spoken when nobody says otherwise (UCCE 12.6).
    pub const CURRENT: Self = Self(24);
    /// The newest version with layouts here.
    pub const NEWEST: Self = Self(25);

    /// The version, when it is one of 9 to 25.
    pub const fn new(version: u32) -> Option<Self> {
        if version >= Self::OLDEST.0 && version <= Self::NEWEST.0 {
            Some(Self(version))
        } else {
            None
        }
    }

    /// The number as OPEN_REQ carries it.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// Bytes of a floating field's tag, and of its length: 1 up to version 19, 2 from 20.
    pub const fn tag_width(self) -> usize {
        if self.0 < 20 { 1 } else { 2 }
    }

    /// Every version, oldest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (Self::OLDEST.0..=Self::NEWEST.0).map(Self)
    }
}

impl Default for Protocol {
    fn default() -> Self {
        Self::CURRENT
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_versions_with_layouts_exist() {
        assert_eq!(Protocol::new(8), None);
        assert_eq!(Protocol::new(26), None);
        assert_eq!(Protocol::new(24), Some(Protocol::CURRENT));
        assert_eq!(Protocol::all().count(), 17);
    }

    #[test]
    fn tags_widen_at_twenty() {
        assert_eq!(Protocol::new(19).map(Protocol::tag_width), Some(1));
        assert_eq!(Protocol::new(20).map(Protocol::tag_width), Some(2));
    }
}
