//! OAUTHBEARER (RFC 7628): a token in place of a password.

use super::scram::{Gs2, unescape};
use super::{Failure, MAX_USER_BYTES, decode, encode};

/// What a client's message carries.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer {
    /// The identity to act as; empty means that of the token.
    pub authzid: String,
    /// The token, without `Bearer`.
    pub token: String,
}

impl std::fmt::Debug for Bearer {
    /// Without the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bearer")
            .field("authzid", &self.authzid)
            .finish_non_exhaustive()
    }
}

impl Bearer {
    /// Reads the base64 text of `<auth/>` or `<response/>`: a GS2 header, then pairs between bytes of 1.
    pub fn decode(text: &str) -> Result<Bearer, Failure> {
        let text = decode(text)?;
        let (gs2, pairs) = Gs2::split(&text)?;
        let token = pairs
            .split('\x01')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == "auth")
            .and_then(|(_, value)| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .filter(|token| !token.is_empty())
            .ok_or(Failure::MalformedRequest)?;
        let authzid = unescape(gs2.authzid).ok_or(Failure::MalformedRequest)?;
        if authzid.len() > MAX_USER_BYTES {
            return Err(Failure::MalformedRequest);
        }
        Ok(Bearer {
            authzid,
            token: token.to_owned(),
        })
    }

    /// Writes the base64 text, as a client does.
    pub fn encode(&self) -> String {
        let authzid = super::scram::escape(&self.authzid);
        let gs2 = if authzid.is_empty() {
            "n,,".to_owned()
        } else {
            format!("n,a={authzid},")
        };
        encode(&format!("{gs2}\x01auth=Bearer {}\x01\x01", self.token))
    }
}

/// What a refused token is told before the failure (RFC 7628, 3.2.2), as base64.
pub fn refusal() -> String {
    encode(r#"{"status":"invalid_token"}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for authzid in ["", "2001@d", "a=b,c"] {
            let bearer = Bearer {
                authzid: authzid.to_owned(),
                token: "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==".to_owned(),
            };
            assert_eq!(Bearer::decode(&bearer.encode()), Ok(bearer));
        }
    }

    /// The example of RFC 7628, 4.1.
    #[test]
    fn reads_what_other_clients_send() {
        let text = "n,a=user@example.com,\x01host=server.example.com\x01port=143\x01\
                    auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01";
        let bearer = Bearer::decode(&encode(text)).unwrap();
        assert_eq!(bearer.authzid, "user@example.com");
        assert_eq!(bearer.token, "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
    }

    #[test]
    fn refuses_what_carries_no_token() {
        for bad in [
            "",
            "n,,",
            "n,,\x01auth=Basic eA==\x01\x01",
            "n,,\x01auth=Bearer \x01\x01",
            "x",
        ] {
            assert_eq!(
                Bearer::decode(&encode(bad)),
                Err(Failure::MalformedRequest),
                "{bad:?}"
            );
        }
    }
}
