//! Addresses: `local@domain/resource` (RFC 7622, the parts that agents' addresses use).
//!
//! Domain and local part compare without case; the spelling of the resource is kept. An agent id is ASCII in practice,
//! so no Unicode profile is applied: what is refused is what could be mistaken for a separator or markup.

use std::fmt;

/// Bytes of one part at most (RFC 7622, 3.1).
pub const MAX_PART_BYTES: usize = 1023;

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jid {
    local: Option<String>,
    domain: String,
    resource: Option<String>,
}

/// Why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JidError {
    /// A part that must not be empty is.
    #[error("an empty part")]
    Empty,
    /// A part exceeds [`MAX_PART_BYTES`].
    #[error("a part is too long")]
    TooLong,
    /// A character that cannot stand there.
    #[error("a forbidden character")]
    Forbidden,
}

impl Jid {
    /// Reads an address; domain and local part become lower case.
    pub fn parse(text: &str) -> Result<Jid, JidError> {
        let (bare, resource) = match text.split_once('/') {
            Some((bare, resource)) => (bare, Some(resource)),
            None => (text, None),
        };
        let (local, domain) = match bare.split_once('@') {
            Some((local, domain)) => (Some(local), domain),
            None => (None, bare),
        };
        check_domain(domain)?;
        if let Some(local) = local {
            check_local(local)?;
        }
        if let Some(resource) = resource {
            check_resource(resource)?;
        }
        Ok(Jid {
            local: local.map(str::to_lowercase),
            domain: domain.to_lowercase(),
            resource: resource.map(str::to_owned),
        })
    }

    /// The bare address of a user.
    pub fn user(local: &str, domain: &str) -> Result<Jid, JidError> {
        check_local(local)?;
        check_domain(domain)?;
        Ok(Jid {
            local: Some(local.to_lowercase()),
            domain: domain.to_lowercase(),
            resource: None,
        })
    }

    /// The same user with a resource.
    pub fn with_resource(&self, resource: &str) -> Result<Jid, JidError> {
        check_resource(resource)?;
        Ok(Jid {
            resource: Some(resource.to_owned()),
            ..self.clone()
        })
    }

    /// The part before `@`.
    pub fn local(&self) -> Option<&str> {
        self.local.as_deref()
    }

    /// The domain.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The part after `/`.
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// Without the resource.
    #[must_use]
    pub fn bare(&self) -> Jid {
        Jid {
            resource: None,
            ..self.clone()
        }
    }

    /// True when both are the same user, whatever the resource.
    pub fn same_user(&self, other: &Jid) -> bool {
        self.local == other.local && self.domain == other.domain
    }
}

impl fmt::Display for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(local) = &self.local {
            write!(f, "{local}@")?;
        }
        f.write_str(&self.domain)?;
        if let Some(resource) = &self.resource {
            write!(f, "/{resource}")?;
        }
        Ok(())
    }
}

fn check(part: &str, forbidden: impl Fn(char) -> bool) -> Result<(), JidError> {
    if part.is_empty() {
        Err(JidError::Empty)
    } else if part.len() > MAX_PART_BYTES {
        Err(JidError::TooLong)
    } else if part.chars().any(|c| c.is_control() || forbidden(c)) {
        Err(JidError::Forbidden)
    } else {
        Ok(())
    }
}

fn check_local(part: &str) -> Result<(), JidError> {
    check(part, |c| c.is_whitespace() || "\"&'/:<>@".contains(c))
}

fn check_domain(part: &str) -> Result<(), JidError> {
    check(part, |c| c.is_whitespace() || "\"&'/<>@".contains(c))
}

fn check_resource(part: &str) -> Result<(), JidError> {
    check(part, |_| false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_all_three_parts() {
        let jid = Jid::parse("2001@Example.COM/Desk/1@x").expect("valid");
        assert_eq!(jid.local(), Some("2001"));
        assert_eq!(jid.domain(), "example.com");
        assert_eq!(jid.resource(), Some("Desk/1@x"));
        assert_eq!(jid.to_string(), "2001@example.com/Desk/1@x");
        assert_eq!(jid.bare().to_string(), "2001@example.com");
    }

    #[test]
    fn refuses_empty_parts_and_markup() {
        for bad in ["", "@d", "a@", "a@d/", "a b@d", "a<@d", "a@d\u{0}"] {
            assert!(Jid::parse(bad).is_err(), "{bad:?}");
        }
    }
}
