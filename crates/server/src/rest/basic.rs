//! Basic credentials out of an `Authorization` header (RFC 7617).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

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

/// The credentials, when the header holds some. Without its padding it is as good.
pub fn credentials(headers: &HeaderMap) -> Option<Basic> {
    let header = headers.get(AUTHORIZATION)?;
    if header.len() > MAX_HEADER_BYTES {
        return None;
    }
    let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let encoded = encoded.trim();
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
        credentials(&headers).map(|basic| (basic.user, basic.password))
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
    fn what_is_no_credential() {
        for header in [
            "Basic",
            "Basic !",
            "Basic YQ==",
            "Bearer MjAwMToyMDAx",
            "Basic //8=",
        ] {
            assert_eq!(check(header), None, "{header}");
        }
        assert_eq!(check(&format!("Basic {}", "A".repeat(2000))), None);
        assert!(credentials(&HeaderMap::new()).is_none());
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
