//! Credentials: argon2 against the store, verified ones cached, five failures lock for five minutes.

use std::sync::Arc;

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The user's id, also where the login name was given.
    pub id: Arc<str>,
    /// True for a supervisor.
    pub supervisor: bool,
    /// True for an administrator.
    pub administrator: bool,
}

/// Why a credential is refused. REST answers 401 for all, SASL `not-authorized` (`temporary-auth-failure` when unavailable).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No such user or a wrong password; deliberately one case.
    #[error("unknown user or wrong password")]
    Refused,
    /// Five failures; the right password is refused too until then.
    #[error("locked for another {0} s")]
    Locked(u64),
    /// The database does not answer and the credential is not cached.
    #[error("the configuration database does not answer")]
    Unavailable,
}
