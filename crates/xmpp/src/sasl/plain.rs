//! SASL PLAIN (RFC 4616).

use super::{Failure, MAX_USER_BYTES, decode, encode};

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

impl Plain {
    /// Reads the base64 text of `<auth/>` or `<response/>`.
    pub fn decode(text: &str) -> Result<Plain, Failure> {
        let text = decode(text)?;
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
        encode(&format!(
            "{}\0{}\0{}",
            self.authzid, self.user, self.password
        ))
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

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
