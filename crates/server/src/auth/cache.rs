//! What was found out about users, so that not every request costs as much. Pure: time is a parameter. One entry a
//! user. Bounded: the entry that expires first makes room. Holds fingerprints and keys, never passwords.

use std::collections::{BTreeMap, BTreeSet};

/// Values by user id.
pub(super) struct Cache<V> {
    /// How long an entry holds, milliseconds.
    lifetime_ms: i64,
    /// Most entries.
    capacity: usize,
    entries: BTreeMap<String, Entry<V>>,
    /// The same entries by the moment at which they expire.
    order: BTreeSet<(i64, String)>,
}

struct Entry<V> {
    value: V,
    expires: i64,
}

impl<V> Cache<V> {
    pub(super) fn new(lifetime_ms: i64, capacity: usize) -> Cache<V> {
        Cache {
            lifetime_ms,
            capacity,
            entries: BTreeMap::new(),
            order: BTreeSet::new(),
        }
    }

    /// What was remembered less than a lifetime ago.
    pub(super) fn get(&self, user: &str, now: i64) -> Option<&V> {
        let entry = self.entries.get(user)?;
        (now < entry.expires).then_some(&entry.value)
    }

    /// Remembers what has just been found out.
    pub(super) fn insert(&mut self, user: &str, value: V, now: i64) {
        self.remove(user);
        while self.entries.len() >= self.capacity {
            let Some((_, first)) = self.order.pop_first() else {
                break;
            };
            self.entries.remove(&first);
        }
        let expires = now.saturating_add(self.lifetime_ms);
        self.order.insert((expires, user.to_owned()));
        let entry = Entry { value, expires };
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
    use super::super::secret::{Fingerprint, Secret};
    use super::*;

    fn print(user: &str, password: &str) -> Fingerprint {
        Fingerprint::of(&[0; 32], user, &Secret::new(password))
    }

    fn holds(cache: &Cache<Fingerprint>, user: &str, print: &Fingerprint, now: i64) -> bool {
        cache.get(user, now).is_some_and(|own| own.matches(print))
    }

    #[test]
    fn an_entry_holds_for_its_lifetime_and_for_its_password() {
        let mut cache = Cache::new(1000, 10);
        cache.insert("a", print("a", "x"), 0);
        assert!(holds(&cache, "a", &print("a", "x"), 999));
        assert!(!holds(&cache, "a", &print("a", "y"), 0));
        assert!(!holds(&cache, "b", &print("a", "x"), 0));
        assert!(!holds(&cache, "a", &print("a", "x"), 1000));
    }

    #[test]
    fn a_removed_user_is_forgotten() {
        let mut cache = Cache::new(1000, 10);
        cache.insert("a", print("a", "x"), 0);
        cache.remove("a");
        assert!(!holds(&cache, "a", &print("a", "x"), 0));
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
        assert!(holds(&cache, "a", &print("a", "x"), 4));
        assert!(!holds(&cache, "b", &print("b", "x"), 4));
    }

    #[test]
    fn a_lifetime_of_zero_caches_nothing() {
        let mut cache = Cache::new(0, 2);
        cache.insert("a", print("a", "x"), 0);
        assert!(!holds(&cache, "a", &print("a", "x"), 0));
    }
}
