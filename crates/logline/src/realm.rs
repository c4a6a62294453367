//! The realm log: authentication of every API client (logs.md 2.5).

/// One line of the realm log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Realm<'a> {
    /// Milliseconds since the server started.
    pub uptime_ms: u64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The thread, such as `http-bio-8445-exec-10`.
    pub thread: &'a str,
    /// `INFO`, `WARN` or `ERROR`.
    pub level: &'a str,
    /// Such as `CCRealmConfig.finesseAuthenticate(): Unable to authenticate user: 2001`.
    pub text: &'a str,
}
