//! Where a server is: scheme, host and port of a base URL.

use std::fmt;
use std::net::IpAddr;

/// The base URL of a server, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// True for `https`.
    pub secure: bool,
    /// A host name or address; IPv6 without its brackets.
    pub host: String,
    /// The port; 443 or 80 where the URL names none.
    pub port: u16,
}

/// A URL that names no server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a server's URL; expected something like https://localhost:8445")]
pub struct InvalidTarget(String);

impl Target {
    /// Reads `https://host:port`, with or without a trailing slash. A bare `host:port` means https.
    pub fn parse(url: &str) -> Result<Target, InvalidTarget> {
        let invalid = || InvalidTarget(url.to_owned());
        let (secure, rest) = match url.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            Some(_) => return Err(invalid()),
            None => (true, url),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let default_port = if secure { 443 } else { 80 };
        let (host, port) = split_port(authority, default_port).ok_or_else(invalid)?;
        if host.is_empty() || host.contains(['@', ' ']) {
            return Err(invalid());
        }
        Ok(Target {
            secure,
            host: host.to_owned(),
            port,
        })
    }

    /// True for an address or name of this machine.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost"
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    /// `host:port` as the Host header and a connection attempt want it.
    pub fn authority(&self) -> String {
        authority(&self.host, self.port)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority())
    }
}

/// `host:port`, an IPv6 address in brackets.
pub(crate) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// Splits `host[:port]`; brackets around an IPv6 address are taken off.
pub fn split_port(authority: &str, default_port: u16) -> Option<(&str, u16)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        let port = match rest.strip_prefix(':') {
            Some(port) => port.parse().ok()?,
            None if rest.is_empty() => default_port,
            None => return None,
        };
        return Some((host, port));
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, port.parse().ok()?)),
        None => Some((authority, default_port)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_and_printed() {
        for (url, printed) in [
            ("https://localhost:8445", "https://localhost:8445"),
            ("http://127.0.0.1:8082/", "http://127.0.0.1:8082"),
            (
                "https://finesse.example.com",
                "https://finesse.example.com:443",
            ),
            ("http://[::1]:8082/x", "http://[::1]:8082"),
            ("localhost:8445", "https://localhost:8445"),
        ] {
            assert_eq!(Target::parse(url).unwrap().to_string(), printed);
        }
        for bad in [
            "",
            "ftp://x",
            "https://",
            "https://a:b",
            "https://u@h:1",
            "http://[::1",
        ] {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn loopback_is_recognised() {
        assert!(Target::parse("http://127.0.0.2:1").unwrap().is_loopback());
        assert!(Target::parse("https://[::1]:1").unwrap().is_loopback());
        assert!(!Target::parse("https://example.com").unwrap().is_loopback());
    }
}
