//! SASL PLAIN (RFC 4616) and the failures of RFC 6120, 6.5. Who is right is decided elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Bytes of a user name at most.
pub const MAX_USER_BYTES: usize = 256;

/// What PLAIN carries. The password may be a token of several KiB.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain {
    /// The identity to act as; empty means the own one.
    pub authzid: String,
    /// The user name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Plain {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plain")
            .field("authzid", &self.authzid)
            .field("user", &self.user)
            .finish_non_exhaustive()
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

impl Plain {
    /// Reads the base64 text of `<auth/>` or `<response/>`.
    pub fn decode(text: &str) -> Result<Plain, Failure> {
        let bytes = STANDARD
            .decode(text.trim())
            .map_err(|_| Failure::IncorrectEncoding)?;
        let text = String::from_utf8(bytes).map_err(|_| Failure::MalformedRequest)?;
        let mut parts = text.split('\0');
        let (Some(authzid), Some(user), Some(password), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Failure::MalformedRequest);
        };
        if user.is_empty() || user.len() > MAX_USER_BYTES || password.is_empty() {
            return Err(Failure::MalformedRequest);
        }
        Ok(Plain {
            authzid: authzid.to_owned(),
            user: user.to_owned(),
            password: password.to_owned(),
        })
    }

    /// Writes the base64 text, as a client does.
    pub fn encode(&self) -> String {
        STANDARD.encode(format!(
            "{}\0{}\0{}",
            self.authzid, self.user, self.password
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        let plain = Plain {
            authzid: "2001@d".to_owned(),
            user: "2001".to_owned(),
            password: "pä ss".to_owned(),
        };
        assert_eq!(Plain::decode(&plain.encode()), Ok(plain));
    }

    #[test]
    fn refuses_what_is_not_plain() {
        assert_eq!(Plain::decode("%%%"), Err(Failure::IncorrectEncoding));
        for bad in [
            "",
            "user\0password",
            "\0\0password",
            "\0user\0",
            "\0user\0pass\0more",
        ] {
            assert_eq!(
                Plain::decode(&STANDARD.encode(bad)),
                Err(Failure::MalformedRequest),
                "{bad:?}"
            );
        }
        assert_eq!(
            Plain::decode(&STANDARD.encode(b"\0\xff\0x")),
            Err(Failure::MalformedRequest)
        );
    }
}
