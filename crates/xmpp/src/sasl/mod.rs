//! SASL (RFC 6120, 6): the mechanisms as values. Who is right is decided elsewhere.
//!
//! - `plain`: PLAIN (RFC 4616)
//! - `scram`: SCRAM-SHA-1 and SCRAM-SHA-256 (RFC 5802, RFC 7677), both sides
//! - `bearer`: OAUTHBEARER (RFC 7628)

pub mod bearer;
pub mod plain;
pub mod scram;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use bearer::Bearer;
pub use plain::Plain;

/// Bytes of a user name at most.
pub const MAX_USER_BYTES: usize = 256;

/// How a client proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// The password itself.
    Plain,
    /// A proof of the password.
    Scram(scram::Hash),
    /// A token.
    Bearer,
}

impl Mechanism {
    /// All of them, the strongest first, as they are offered.
    pub const ALL: [Mechanism; 4] = [
        Mechanism::Scram(scram::Hash::Sha256),
        Mechanism::Scram(scram::Hash::Sha1),
        Mechanism::Bearer,
        Mechanism::Plain,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Mechanism::Plain => "PLAIN",
            Mechanism::Scram(scram::Hash::Sha1) => "SCRAM-SHA-1",
            Mechanism::Scram(scram::Hash::Sha256) => "SCRAM-SHA-256",
            Mechanism::Bearer => "OAUTHBEARER",
        }
    }

    /// The mechanism of that name.
    pub fn named(name: &str) -> Option<Mechanism> {
        Mechanism::ALL.into_iter().find(|it| it.name() == name)
    }

    /// True when whoever listens learns what it takes to sign in.
    pub fn reveals(self) -> bool {
        matches!(self, Mechanism::Plain | Mechanism::Bearer)
    }
}

/// Why authentication fails, by its name on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the names of RFC 6120, 6.5")]
pub enum Failure {
    Aborted,
    EncryptionRequired,
    IncorrectEncoding,
    InvalidAuthzid,
    InvalidMechanism,
    MalformedRequest,
    NotAuthorized,
    TemporaryAuthFailure,
}

impl Failure {
    /// The element's name.
    pub fn name(self) -> &'static str {
        match self {
            Failure::Aborted => "aborted",
            Failure::EncryptionRequired => "encryption-required",
            Failure::IncorrectEncoding => "incorrect-encoding",
            Failure::InvalidAuthzid => "invalid-authzid",
            Failure::InvalidMechanism => "invalid-mechanism",
            Failure::MalformedRequest => "malformed-request",
            Failure::NotAuthorized => "not-authorized",
            Failure::TemporaryAuthFailure => "temporary-auth-failure",
        }
    }
}

/// The text in the base64 of `<auth/>` or `<response/>`.
fn decode(text: &str) -> Result<String, Failure> {
    let bytes = STANDARD
        .decode(text.trim())
        .map_err(|_| Failure::IncorrectEncoding)?;
    String::from_utf8(bytes).map_err(|_| Failure::MalformedRequest)
}

/// The base64 of a text, as it travels.
pub fn encode(text: &str) -> String {
    STANDARD.encode(text)
}
