//! Credentials: argon2 against the store, verified ones cached, five failures in a row lock for five minutes.
//!
//! - `credentials`: the whole check, and its lines in the realm log
//! - `cache`: what was found out, `lockout`: failures in a row; both pure, time is a parameter
//! - `addresses`: failures from one machine
//! - `flight`: the same question asked many times at once is answered once
//! - `hash`: argon2 on a bounded number of threads
//! - `scram`: keys for clients that prove a password, `token`: what stands for one for an hour
//! - `secret`: a password on its way
//! - `publisher`: accounts of programs that publish events, which are in the settings and not in the store
//!
//! A refusal costs the same argon2 work for an unknown user as for a wrong password, so that nobody learns from the
//! time which users there are. Sources: finesse-api.md 1.2 (cache, lock), logs.md 2.5 (realm log).

mod addresses;
mod cache;
mod credentials;
mod flight;
mod hash;
mod limits;
mod lockout;
mod publisher;
mod scram;
mod secret;
mod token;

use std::net::IpAddr;
use std::sync::Arc;

pub use credentials::Credentials;
pub use limits::Limits;
pub use publisher::Publisher;
pub(crate) use token::is_token;

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The user's id, also where the login name was given.
    pub id: Arc<str>,
    /// True for a supervisor.
    pub supervisor: bool,
    /// True for an administrator.
    pub administrator: bool,
    /// True for a service account: it publishes events over XMPP, and does nothing else.
    pub publisher: bool,
}

/// Where a credential comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door<'a> {
    /// The name in the realm log.
    pub thread: &'a str,
    /// The client's address, where there is one.
    pub address: Option<IpAddr>,
}

impl<'a> From<&'a str> for Door<'a> {
    /// From nowhere in particular.
    fn from(thread: &'a str) -> Door<'a> {
        Door {
            thread,
            address: None,
        }
    }
}

/// Why a credential is refused. REST answers 401, SASL `not-authorized`; when unavailable 503 and
/// `temporary-auth-failure`, so that no desktop takes a busy server for a wrong password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No such user or a wrong password; deliberately one case.
    #[error("unknown user or wrong password")]
    Refused,
    /// Five failures, or too many from the same address; the right password is refused too until then.
    #[error("locked for another {0} s")]
    Locked(u64),
    /// The credential is not cached, and the database does not answer or too many others wait to be checked.
    #[error("the credential cannot be checked now")]
    Unavailable,
}
