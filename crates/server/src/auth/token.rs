//! Tokens in place of passwords: who, until when, and a signature. Pure: time is a parameter.
//!
//! `tact.PAYLOAD.SIGNATURE`: base64url of `EXPIRES:ID` (milliseconds since 1970), and of the HMAC-SHA-256 of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

/// What every token begins with; no password of ours does.
const PREFIX: &str = "tact.";

/// Signs tokens and reads them.
pub(super) struct Seal(hmac::Key);

impl Seal {
    /// With a secret that all servers of one database share.
    pub(super) fn new(secret: &str) -> Seal {
        Seal(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    /// A token of this user.
    pub(super) fn token(&self, id: &str, expires: i64) -> String {
        let payload = URL_SAFE_NO_PAD.encode(format!("{expires}:{id}"));
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, payload.as_bytes()));
        format!("{PREFIX}{payload}.{signature}")
    }

    /// Whose token it is, when it is one of ours and still holds.
    pub(super) fn read(&self, token: &str, now: i64) -> Option<String> {
        let (payload, signature) = token.strip_prefix(PREFIX)?.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        hmac::verify(&self.0, payload.as_bytes(), &signature).ok()?;
        let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        let (expires, id) = payload.split_once(':')?;
        let holds = expires.parse::<i64>().is_ok_and(|expires| now < expires);
        holds.then(|| id.to_owned())
    }
}

/// Whether a password can only be a token.
pub(crate) fn is_token(password: &str) -> bool {
    password.starts_with(PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_until_it_expires_and_only_where_it_was_signed() {
        let seal = Seal::new("secret");
        let token = seal.token("20:01", 1000);
        assert!(is_token(&token));
        assert_eq!(seal.read(&token, 999), Some("20:01".to_owned()));
        assert_eq!(seal.read(&token, 1000), None);
        assert_eq!(Seal::new("other").read(&token, 0), None);
    }

    #[test]
    fn a_changed_token_is_none() {
        let seal = Seal::new("secret");
        let token = seal.token("2001", 1000);
        for (place, _) in token.char_indices() {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last digits of base64 may carry unused bits; the decoder refuses those.
            assert_eq!(seal.read(&changed, 0), None, "{changed}");
        }
        for bad in ["", "tact.", "tact..", "tact.x", "2001"] {
            assert_eq!(seal.read(bad, 0), None);
        }
    }
}
