//! A password on its way through the server. It has no `Debug` and no `Display`, so it cannot reach a log by accident.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

/// A password.
#[derive(Clone)]
pub(super) struct Secret(Box<str>);

impl Secret {
    pub(super) fn new(password: &str) -> Secret {
        Secret(password.into())
    }

    /// The bytes, for hashing alone.
    pub(super) fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// What stands for a credential in memory: SHA-256 over a salt of this process, the user and the password.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(salt: &[u8; 32], user: &str, password: &Secret) -> Fingerprint {
        let mut digest = Sha256::new();
        digest.update(salt);
        // The length keeps the user apart from the password.
        digest.update((user.len() as u64).to_le_bytes());
        digest.update(user.as_bytes());
        digest.update(password.expose());
        Fingerprint(digest.finalize().into())
    }

    /// Compares in a time that does not depend on where the two differ.
    pub(super) fn matches(&self, other: &Fingerprint) -> bool {
        same(&self.0, &other.0)
    }
}

/// Compares two byte strings in a time that depends on their lengths only.
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(user: &str, password: &str) -> Fingerprint {
        Fingerprint::of(&[7; 32], user, &Secret::new(password))
    }

    #[test]
    fn a_fingerprint_is_of_one_user_and_one_password() {
        assert!(print("2001", "x").matches(&print("2001", "x")));
        assert!(!print("2001", "x").matches(&print("2001", "y")));
        assert!(!print("2001", "x").matches(&print("200", "1x")));
        let salted = Fingerprint::of(&[8; 32], "2001", &Secret::new("x"));
        assert!(!print("2001", "x").matches(&salted));
    }

    #[test]
    fn same_compares_whole_strings() {
        assert!(same(b"", b""));
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"ab"));
    }
}
