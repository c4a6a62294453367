//! Credentials out of an `Authorization` header: Basic (RFC 7617), Bearer (RFC 6750).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use crate::auth;

/// Longer headers are no credentials of ours.
const MAX_HEADER_BYTES: usize = 1024;

/// A user and a password; never printed.
#[derive(PartialEq, Eq)]
pub struct Basic {
    /// The part before the first colon.
    pub user: String,
    /// The rest.
    pub password: String,
}

impl std::fmt::Debug for Basic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Basic")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl Basic {
    /// Whether the password is a token in a password's place.
    pub fn is_token(&self) -> bool {
        auth::is_token(&self.password)
    }
}

/// What a header shows.
#[derive(PartialEq, Eq)]
pub enum Given {
    /// A user and a password.
    Basic(Basic),
    /// A token.
    Bearer(String),
}

/// The credentials, when the header holds some.
pub fn given(headers: &HeaderMap) -> Option<Given> {
    let header = headers.get(AUTHORIZATION)?;
    if header.len() > MAX_HEADER_BYTES {
        return None;
    }
    let (scheme, rest) = header.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("Basic") {
        basic(rest).map(Given::Basic)
    } else if scheme.eq_ignore_ascii_case("Bearer") {
        Some(Given::Bearer(rest.to_owned()))
    } else {
        None
    }
}

/// Without its padding it is as good.
fn basic(encoded: &str) -> Option<Basic> {
    let decoded = STANDARD
        .decode(encoded)
        .or_else(|_| STANDARD_NO_PAD.decode(encoded));
    let decoded = String::from_utf8(decoded.ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(Basic {
        user: user.to_owned(),
        password: password.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, header.parse().unwrap());
        match given(&headers)? {
            Given::Basic(basic) => Some((basic.user, basic.password)),
            Given::Bearer(token) => Some(("token".to_owned(), token)),
        }
    }

    #[test]
    fn user_and_password() {
        let expected = Some(("2001".to_owned(), "2001".to_owned()));
        assert_eq!(check("Basic MjAwMToyMDAx"), expected);
        assert_eq!(check("basic  MjAwMToyMDAx "), expected);
    }

    #[test]
    fn a_password_may_hold_colons_and_be_empty() {
        assert_eq!(
            check("Basic YTpiOmM="),
            Some(("a".to_owned(), "b:c".to_owned()))
        );
        assert_eq!(
            check("Basic YTpiOmM"),
            Some(("a".to_owned(), "b:c".to_owned()))
        );
        assert_eq!(check("Basic YTo="), Some(("a".to_owned(), String::new())));
    }

    #[test]
    fn a_token() {
        let expected = Some(("token".to_owned(), "t.o.k".to_owned()));
        assert_eq!(check("bearer t.o.k"), expected);
    }

    #[test]
    fn what_is_no_credential() {
        for header in [
            "Basic",
            "Basic !",
            "Basic YQ==",
            "Digest MjAwMToyMDAx",
            "Basic //8=",
        ] {
            assert_eq!(check(header), None, "{header}");
        }
        assert_eq!(check(&format!("Basic {}", "A".repeat(2000))), None);
        assert!(given(&HeaderMap::new()).is_none());
    }

    #[test]
    fn a_password_is_never_printed() {
        let basic = Basic {
            user: "2001".to_owned(),
            password: "secret".to_owned(),
        };
        assert!(!format!("{basic:?}").contains("secret"));
    }
}
