//! SCRAM (RFC 5802; SHA-256: RFC 7677) without channel binding: the server's side of the exchange, the keys that it keeps
//! in place of a password, and what a client needs to take part.
//!
//! Names and passwords are taken as they come: the normalisation of RFC 4013 is left out, as agents' names are plain.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::{digest, hmac, pbkdf2};
use subtle::ConstantTimeEq as _;

use super::{Failure, MAX_USER_BYTES, decode, encode};

/// Bytes of a client's nonce at most.
const MAX_NONCE_BYTES: usize = 256;
/// Rounds of key derivation that a client can be asked for at most, so that no server keeps it busy.
const MAX_ITERATIONS: u32 = 1_000_000;

/// The hash of a mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hash {
    /// 20 bytes.
    Sha1,
    /// 32 bytes.
    Sha256,
}

impl Hash {
    fn digest(self, data: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Hash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &digest::SHA256,
        };
        digest::digest(algorithm, data).as_ref().to_vec()
    }

    fn hmac(self, key: &[u8], data: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Hash::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => hmac::HMAC_SHA256,
        };
        let key = hmac::Key::new(algorithm, key);
        hmac::sign(&key, data).as_ref().to_vec()
    }

    /// `Hi` of RFC 5802, 2.2: PBKDF2 with one block.
    fn stretch(self, password: &[u8], salt: &[u8], iterations: NonZeroU32) -> Vec<u8> {
        let (algorithm, length) = match self {
            Hash::Sha1 => (pbkdf2::PBKDF2_HMAC_SHA1, 20),
            Hash::Sha256 => (pbkdf2::PBKDF2_HMAC_SHA256, 32),
        };
        let mut out = vec![0; length];
        pbkdf2::derive(algorithm, iterations, salt, password, &mut out);
        out
    }

    /// The name of its mechanism.
    pub fn mechanism(self) -> &'static str {
        super::Mechanism::Scram(self).name()
    }
}

/// What a server keeps of a password for one mechanism. It proves nothing to another server.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// Which mechanism they serve.
    pub hash: Hash,
    /// Rounds of key derivation.
    pub iterations: NonZeroU32,
    /// Random bytes.
    pub salt: Vec<u8>,
    /// The hash of the client's key.
    pub stored_key: Vec<u8>,
    /// What the server proves itself with.
    pub server_key: Vec<u8>,
}

impl std::fmt::Debug for Keys {
    /// Without the keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("hash", &self.hash)
            .field("iterations", &self.iterations)
            .finish_non_exhaustive()
    }
}

impl Keys {
    /// Derives them: as slow as there are iterations.
    pub fn derive(hash: Hash, password: &str, salt: Vec<u8>, iterations: NonZeroU32) -> Keys {
        let salted = hash.stretch(password.as_bytes(), &salt, iterations);
        Keys {
            stored_key: hash.digest(&hash.hmac(&salted, b"Client Key")),
            server_key: hash.hmac(&salted, b"Server Key"),
            hash,
            iterations,
            salt,
        }
    }

    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Keys> {
        let mut parts = text.splitn(3, '$');
        let (mechanism, settings, keys) = (parts.next()?, parts.next()?, parts.next()?);
        let hash = [Hash::Sha1, Hash::Sha256]
            .into_iter()
            .find(|hash| hash.mechanism() == mechanism)?;
        let (iterations, salt) = settings.split_once(':')?;
        let (stored_key, server_key) = keys.split_once(':')?;
        Some(Keys {
            hash,
            iterations: iterations.parse().ok()?,
            salt: STANDARD.decode(salt).ok()?,
            stored_key: STANDARD.decode(stored_key).ok()?,
            server_key: STANDARD.decode(server_key).ok()?,
        })
    }
}

/// `SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY` in base64, as PostgreSQL keeps them too.
impl std::fmt::Display for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}${}:{}${}:{}",
            self.hash.mechanism(),
            self.iterations,
            STANDARD.encode(&self.salt),
            STANDARD.encode(&self.stored_key),
            STANDARD.encode(&self.server_key)
        )
    }
}

/// The GS2 header, which says that no channel is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gs2<'a> {
    /// As it stands, with its last comma.
    whole: &'a str,
    /// Still escaped; empty when there is none.
    pub(super) authzid: &'a str,
}

impl<'a> Gs2<'a> {
    /// The header and what follows it.
    pub(super) fn split(text: &'a str) -> Result<(Gs2<'a>, &'a str), Failure> {
        let mut parts = text.splitn(3, ',');
        let (Some(binding), Some(authzid), Some(rest)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(Failure::MalformedRequest);
        };
        // `y`: the client would bind, and thinks that this server cannot. It is right.
        if !matches!(binding, "n" | "y") {
            return Err(Failure::MalformedRequest);
        }
        let authzid = match authzid {
            "" => "",
            named => named.strip_prefix("a=").ok_or(Failure::MalformedRequest)?,
        };
        let whole = text.get(..text.len() - rest.len());
        let whole = whole.ok_or(Failure::MalformedRequest)?;
        Ok((Gs2 { whole, authzid }, rest))
    }
}

/// The client's first message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First {
    /// The identity to act as; empty means the own one.
    pub authzid: String,
    /// The user name.
    pub user: String,
    hash: Hash,
    /// The GS2 header, which the last message repeats.
    gs2: String,
    /// The message without it.
    bare: String,
    nonce: String,
}

impl First {
    /// Reads the base64 text of `<auth/>` or `<response/>`.
    pub fn decode(hash: Hash, text: &str) -> Result<First, Failure> {
        let text = decode(text)?;
        let (gs2, bare) = Gs2::split(&text)?;
        let mut fields = bare.split(',');
        // A mandatory extension (m=) would come first; none is known.
        let user = fields.next().and_then(|field| field.strip_prefix("n="));
        let nonce = fields.next().and_then(|field| field.strip_prefix("r="));
        let (Some(user), Some(nonce)) = (user.and_then(unescape), nonce) else {
            return Err(Failure::MalformedRequest);
        };
        let right_nonce = (1..=MAX_NONCE_BYTES).contains(&nonce.len())
            && nonce.bytes().all(|byte| byte.is_ascii_graphic());
        if user.is_empty() || user.len() > MAX_USER_BYTES || !right_nonce {
            return Err(Failure::MalformedRequest);
        }
        Ok(First {
            authzid: unescape(gs2.authzid).ok_or(Failure::MalformedRequest)?,
            user,
            hash,
            gs2: gs2.whole.to_owned(),
            nonce: nonce.to_owned(),
            bare: bare.to_owned(),
        })
    }

    /// The hash of the mechanism that the client chose.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The text of the challenge as base64, and what checks the answer. The nonce is the server's part, unpredictable,
    /// printable and without commas.
    pub fn challenge(self, keys: Keys, nonce: &str) -> (String, Challenge) {
        let nonce = format!("{}{nonce}", self.nonce);
        let salt = STANDARD.encode(&keys.salt);
        let text = format!("r={nonce},s={salt},i={}", keys.iterations);
        let challenge = Challenge {
            messages: format!("{},{text}", self.bare),
            binding: STANDARD.encode(&self.gs2),
            nonce,
            keys,
        };
        (encode(&text), challenge)
    }
}

/// A challenge that was sent.
#[derive(Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The two messages so far, as they are signed.
    messages: String,
    binding: String,
    nonce: String,
    keys: Keys,
}

impl Challenge {
    /// Checks the base64 text of `<response/>`; the text of `<success/>` as base64 when it is right.
    pub fn check(&self, text: &str) -> Result<String, Failure> {
        let text = decode(text)?;
        let (message, proof) = text.rsplit_once(",p=").ok_or(Failure::MalformedRequest)?;
        let mut fields = message.split(',');
        let binding = fields.next().and_then(|field| field.strip_prefix("c="));
        let nonce = fields.next().and_then(|field| field.strip_prefix("r="));
        let (Some(binding), Some(nonce)) = (binding, nonce) else {
            return Err(Failure::MalformedRequest);
        };
        let proof = STANDARD
            .decode(proof)
            .map_err(|_| Failure::MalformedRequest)?;
        if binding != self.binding || nonce != self.nonce {
            return Err(Failure::NotAuthorized);
        }
        let hash = self.keys.hash;
        let signed = format!("{},{message}", self.messages);
        let signature = hash.hmac(&self.keys.stored_key, signed.as_bytes());
        if proof.len() != signature.len() {
            return Err(Failure::NotAuthorized);
        }
        let client_key: Vec<u8> = proof.iter().zip(&signature).map(|(a, b)| a ^ b).collect();
        let right = hash.digest(&client_key).ct_eq(&self.keys.stored_key);
        if !bool::from(right) {
            return Err(Failure::NotAuthorized);
        }
        let server = hash.hmac(&self.keys.server_key, signed.as_bytes());
        Ok(encode(&format!("v={}", STANDARD.encode(server))))
    }
}

/// What a client derives from its password, and may keep for the next time (RFC 5802, 3). As good as the password
/// where the salt is the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Salted {
    hash: Hash,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    password: Vec<u8>,
}

impl std::fmt::Debug for Salted {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Salted")
            .field("hash", &self.hash)
            .field("iterations", &self.iterations)
            .finish_non_exhaustive()
    }
}

/// The client's side of one exchange.
#[derive(Clone)]
pub struct Client {
    hash: Hash,
    password: String,
    bare: String,
    nonce: String,
}

impl Client {
    /// Begins: the base64 text of `<auth/>`.
    pub fn begin(hash: Hash, user: &str, password: &str, nonce: &str) -> (Client, String) {
        let bare = format!("n={},r={nonce}", escape(user));
        let text = encode(&format!("n,,{bare}"));
        let client = Client {
            hash,
            password: password.to_owned(),
            bare,
            nonce: nonce.to_owned(),
        };
        (client, text)
    }

    /// Answers a challenge: the base64 text of `<response/>`, and that of the `<success/>` which proves the server.
    /// `None` when the challenge is none, or belongs to somebody else.
    pub fn answer(&self, challenge: &str) -> Option<(String, String)> {
        self.answer_again(challenge, &mut None)
    }

    /// The same, by a client that keeps what it derived from its password last time.
    pub fn answer_again(
        &self,
        challenge: &str,
        kept: &mut Option<Salted>,
    ) -> Option<(String, String)> {
        let challenge = decode(challenge).ok()?;
        let mut fields = challenge.split(',');
        let nonce = fields.next()?.strip_prefix("r=")?;
        let salt = STANDARD.decode(fields.next()?.strip_prefix("s=")?).ok()?;
        let iterations: NonZeroU32 = fields.next()?.strip_prefix("i=")?.parse().ok()?;
        if !nonce.starts_with(&self.nonce) || iterations.get() > MAX_ITERATIONS {
            return None;
        }
        let hash = self.hash;
        let salted = match kept.take() {
            Some(kept)
                if (kept.hash, kept.iterations) == (hash, iterations) && kept.salt == salt =>
            {
                kept
            }
            _ => Salted {
                hash,
                iterations,
                password: hash.stretch(self.password.as_bytes(), &salt, iterations),
                salt,
            },
        };
        let salted = &kept.insert(salted).password;
        let client_key = hash.hmac(salted, b"Client Key");
        let message = format!("c=biws,r={nonce}");
        let signed = format!("{},{challenge},{message}", self.bare);
        let signature = hash.hmac(&hash.digest(&client_key), signed.as_bytes());
        let proof: Vec<u8> = client_key
            .iter()
            .zip(&signature)
            .map(|(a, b)| a ^ b)
            .collect();
        let server_key = hash.hmac(salted, b"Server Key");
        let server = hash.hmac(&server_key, signed.as_bytes());
        Some((
            encode(&format!("{message},p={}", STANDARD.encode(proof))),
            encode(&format!("v={}", STANDARD.encode(server))),
        ))
    }
}

/// A name as it stands in a message: comma and equals sign are escaped.
pub(super) fn escape(name: &str) -> String {
    name.replace('=', "=3D").replace(',', "=2C")
}

/// The name that was escaped; `None` for an equals sign that escapes nothing.
pub(super) fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('=');
    out.push_str(parts.next()?);
    for part in parts {
        let (escaped, rest) = part.split_at_checked(2)?;
        out.push(match escaped {
            "2C" => ',',
            "3D" => '=',
            _ => return None,
        });
        out.push_str(rest);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rounds(count: u32) -> NonZeroU32 {
        NonZeroU32::new(count).unwrap()
    }

    /// The exchanges of RFC 5802, 5 and RFC 7677, 3: hash, nonces, salt, proof, signature.
    const PUBLISHED: [(Hash, &str, &str, &str, &str, &str); 2] = [
        (
            Hash::Sha1,
            "fyko+d2lbbFgONRv9qkxdawL",
            "3rfcNHYJY1ZVvWVs7j",
            "QSXCR+Q6sek8bf92",
            "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        ),
        (
            Hash::Sha256,
            "rOprNGfwEbeRWgbNEkqO",
            "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
            "W22ZaJ0SNY7soEsUEjb6gQ==",
            "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        ),
    ];

    #[test]
    fn the_published_exchanges() {
        for (hash, client_nonce, server_nonce, salt, proof, signature) in PUBLISHED {
            let first = encode(&format!("n,,n=user,r={client_nonce}"));
            let first = First::decode(hash, &first).unwrap();
            assert_eq!(first.user, "user");
            let keys = Keys::derive(hash, "pencil", STANDARD.decode(salt).unwrap(), rounds(4096));
            assert_eq!(Keys::parse(&keys.to_string()), Some(keys.clone()));
            let (text, challenge) = first.challenge(keys, server_nonce);
            let nonce = format!("{client_nonce}{server_nonce}");
            assert_eq!(decode(&text).unwrap(), format!("r={nonce},s={salt},i=4096"));
            let answer = encode(&format!("c=biws,r={nonce},p={proof}"));
            let success = challenge.check(&answer).unwrap();
            assert_eq!(decode(&success).unwrap(), format!("v={signature}"));
            let (client, _) = Client::begin(hash, "user", "pencil", client_nonce);
            let expected = Some((answer, success));
            assert_eq!(client.answer(&text), expected);
            let mut kept = None;
            for _ in 0..2 {
                assert_eq!(client.answer_again(&text, &mut kept), expected);
            }
            // Of no use for another salt: it is derived anew.
            let other = First::decode(hash, &encode(&format!("n,,n=user,r={client_nonce}")));
            let keys = Keys::derive(hash, "pencil", b"other".to_vec(), rounds(4096));
            let (text, challenge) = other.unwrap().challenge(keys, server_nonce);
            let (answer, success) = client.answer_again(&text, &mut kept).unwrap();
            assert_eq!(challenge.check(&answer), Ok(success));
        }
    }

    fn challenge(password: &str) -> (Client, String, Challenge) {
        let (client, first) = Client::begin(Hash::Sha256, "a,b=c", password, "abc");
        let first = First::decode(Hash::Sha256, &first).unwrap();
        assert_eq!(first.user, "a,b=c");
        let keys = Keys::derive(Hash::Sha256, "right", vec![1; 16], rounds(2));
        let (text, challenge) = first.challenge(keys, "xyz");
        (client, text, challenge)
    }

    #[test]
    fn a_wrong_password_a_stale_nonce_and_a_bound_channel_prove_nothing() {
        let (client, text, own) = challenge("right");
        let (answer, success) = client.answer(&text).unwrap();
        assert_eq!(own.check(&answer), Ok(success));
        let (client, text, own) = challenge("wrong");
        let (answer, _) = client.answer(&text).unwrap();
        assert_eq!(own.check(&answer), Err(Failure::NotAuthorized));
        let answer = decode(&answer).unwrap();
        for changed in [
            answer.replace("r=abc", "r=abd"),
            answer.replace("biws", "eSws"),
        ] {
            assert_eq!(own.check(&encode(&changed)), Err(Failure::NotAuthorized));
        }
    }

    #[test]
    fn a_client_trusts_no_challenge_with_another_nonce_or_endless_work() {
        let (client, ..) = challenge("right");
        for bad in [
            "r=abx,s=AQ==,i=4096",
            "r=abcx,s=AQ==,i=0",
            "r=abcx,s=AQ==,i=99999999",
            "",
            "r=abc",
        ] {
            assert!(client.answer(&encode(bad)).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn refuses_what_is_no_first_message() {
        for bad in [
            "",
            "n,,",
            "p=tls-unique,,n=user,r=abc",
            "n,x,n=user,r=abc",
            "n,,n=,r=abc",
            "n,,n=us=er,r=abc",
            "n,,n=user,r=",
            "n,,n=user,r=a\tc",
            "n,,m=ext,n=user,r=abc",
        ] {
            let decoded = First::decode(Hash::Sha1, &encode(bad));
            assert_eq!(decoded, Err(Failure::MalformedRequest), "{bad:?}");
        }
        assert_eq!(
            First::decode(Hash::Sha1, "%%"),
            Err(Failure::IncorrectEncoding)
        );
        assert!(First::decode(Hash::Sha1, &encode("y,,n=user,r=abc")).is_ok());
    }

    proptest! {
        #[test]
        fn names_survive(name in ".{0,40}") {
            prop_assert_eq!(unescape(&escape(&name)), Some(name));
        }

        #[test]
        fn no_answer_is_a_crash(text in ".{0,80}") {
            let (_, _, challenge) = challenge("right");
            prop_assert!(challenge.check(&encode(&text)).is_err());
            let _ = First::decode(Hash::Sha1, &encode(&text));
        }
    }
}
