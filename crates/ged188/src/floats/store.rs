//! Bytes that are only appended to, the first of them without an allocation.

use std::fmt;

/// Bytes that fit beside the message itself; more move to the heap.
const INLINE: usize = 119;
/// What the heap gets at once: enough for an event with all of a call's usual data.
const FIRST_HEAP: usize = 384;

/// Some bytes.
#[derive(Clone)]
pub(super) enum Store {
    Inline { len: u8, bytes: [u8; INLINE] },
    Heap(Vec<u8>),
}

impl Store {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Inline { len, bytes } => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Self::Heap(bytes) => bytes,
        }
    }

    /// Appends these, one after the other.
    #[inline]
    pub(super) fn append<const N: usize>(&mut self, parts: [&[u8]; N]) {
        if let Self::Inline { len, bytes } = self {
            let added = parts.iter().map(|part| part.len()).sum();
            let room = bytes.get_mut(usize::from(*len)..);
            if let Some(mut place) = room.and_then(|room| room.get_mut(..added)) {
                for part in parts {
                    let Some((here, behind)) = place.split_at_mut_checked(part.len()) else {
                        break;
                    };
                    here.copy_from_slice(part);
                    place = behind;
                }
                // Not above INLINE, or there would have been no room.
                *len = len.saturating_add(u8::try_from(added).unwrap_or(u8::MAX));
                return;
            }
        }
        self.append_to_heap(&parts);
    }

    #[inline(never)]
    fn append_to_heap(&mut self, parts: &[&[u8]]) {
        if let Self::Inline { .. } = self {
            let added: usize = parts.iter().map(|part| part.len()).sum();
            let mut bytes = Vec::with_capacity(FIRST_HEAP.max(self.bytes().len() + added));
            bytes.extend_from_slice(self.bytes());
            *self = Self::Heap(bytes);
        }
        if let Self::Heap(bytes) = self {
            for part in parts {
                bytes.extend_from_slice(part);
            }
        }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::Inline {
            len: 0,
            bytes: [0; INLINE],
        }
    }
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Store {}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bytes().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_appended_wherever_it_lies() {
        let mut store = Store::default();
        let mut expected = Vec::new();
        for round in 0..20 {
            let part = vec![round; usize::from(round)];
            store.append([&part, &[], &[round]]);
            expected.extend_from_slice(&part);
            expected.push(round);
            assert_eq!(store.bytes(), expected);
            let fits = expected.len() <= INLINE;
            assert_eq!(matches!(store, Store::Inline { .. }), fits);
        }
    }
}
