//! Verified credentials, so that not every request costs argon2. Pure: time is a parameter. One entry a user, since
//! a user has one password. Bounded: the entry that expires first makes room. Holds fingerprints, never passwords.

use std::collections::{BTreeMap, BTreeSet};

use super::secret::Fingerprint;

/// Fingerprints of verified credentials by user id.
pub(super) struct Cache {
    /// How long an entry holds, milliseconds.
    lifetime_ms: i64,
    /// Most entries.
    capacity: usize,
    entries: BTreeMap<String, Entry>,
    /// The same entries by the moment at which they expire.
    order: BTreeSet<(i64, String)>,
}

struct Entry {
    fingerprint: Fingerprint,
    expires: i64,
}

impl Cache {
    pub(super) fn new(lifetime_ms: i64, capacity: usize) -> Cache {
        Cache {
            lifetime_ms,
            capacity,
            entries: BTreeMap::new(),
            order: BTreeSet::new(),
        }
    }

    /// True when this credential was verified less than a lifetime ago.
    pub(super) fn holds(&self, user: &str, fingerprint: &Fingerprint, now: i64) -> bool {
        self.entries
            .get(user)
            .is_some_and(|entry| now < entry.expires && entry.fingerprint.matches(fingerprint))
    }

    /// Remembers a credential that has just been verified.
    pub(super) fn insert(&mut self, user: &str, fingerprint: Fingerprint, now: i64) {
        self.remove(user);
        while self.entries.len() >= self.capacity {
            let Some((_, first)) = self.order.pop_first() else {
                break;
            };
            self.entries.remove(&first);
        }
        let expires = now.saturating_add(self.lifetime_ms);
        self.order.insert((expires, user.to_owned()));
        let entry = Entry {
            fingerprint,
            expires,
        };
        self.entries.insert(user.to_owned(), entry);
    }

    /// Forgets a user, whose password has changed.
    pub(super) fn remove(&mut self, user: &str) {
        if let Some(entry) = self.entries.remove(user) {
            self.order.remove(&(entry.expires, user.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::secret::Secret;
    use super::*;

    fn print(user: &str, password: &str) -> Fingerprint {
        Fingerprint::of(&[0; 32], user, &Secret::new(password))
    }

    #[test]
    fn an_entry_holds_for_its_lifetime_and_for_its_password() {
        let mut cache = Cache::new(1000, 10);
        cache.insert("a", print("a", "x"), 0);
        assert!(cache.holds("a", &print("a", "x"), 999));
        assert!(!cache.holds("a", &print("a", "y"), 0));
        assert!(!cache.holds("b", &print("a", "x"), 0));
        assert!(!cache.holds("a", &print("a", "x"), 1000));
    }

    #[test]
    fn a_removed_user_is_forgotten() {
        let mut cache = Cache::new(1000, 10);
        cache.insert("a", print("a", "x"), 0);
        cache.remove("a");
        assert!(!cache.holds("a", &print("a", "x"), 0));
        assert!(cache.order.is_empty());
    }

    #[test]
    fn the_entry_that_expires_first_makes_room() {
        let mut cache = Cache::new(1000, 2);
        cache.insert("a", print("a", "x"), 0);
        cache.insert("b", print("b", "x"), 1);
        cache.insert("a", print("a", "x"), 2);
        cache.insert("c", print("c", "x"), 3);
        assert_eq!((cache.entries.len(), cache.order.len()), (2, 2));
        assert!(cache.holds("a", &print("a", "x"), 4));
        assert!(!cache.holds("b", &print("b", "x"), 4));
    }

    #[test]
    fn a_lifetime_of_zero_caches_nothing() {
        let mut cache = Cache::new(0, 2);
        cache.insert("a", print("a", "x"), 0);
        assert!(!cache.holds("a", &print("a", "x"), 0));
    }
}
