//! Which kinds of request have been seen since the start: the first of each registers its statistics object.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

/// The kinds seen. As many as there are resources and methods, all known at build time.
#[derive(Debug, Default)]
pub struct Kinds {
    seen: RwLock<BTreeSet<&'static str>>,
}

impl Kinds {
    /// True for the first request of its kind, such as `User-[id]-PUT`.
    pub fn is_first(&self, kind: &'static str) -> bool {
        let known = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        if known.contains(kind) {
            return false;
        }
        drop(known);
        self.seen
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::Kinds;

    #[test]
    fn once_a_kind() {
        let kinds = Kinds::default();
        assert!(kinds.is_first("User-[id]-PUT"));
        assert!(!kinds.is_first("User-[id]-PUT"));
        assert!(kinds.is_first("User-[id]-GET"));
    }
}
