//! The web server's access log: `[%t ]%h %a %u %l %p %m %U %q %H %s %b %D` (logs.md 2.3).

/// One request as the access log tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access<'a> {
    /// Milliseconds since 1970, when the line carries a time (whole seconds on the wire).
    pub at: Option<i64>,
    /// The client's address, as `%h` and `%a`.
    pub client: &'a str,
    /// The authenticated user; `None` is written `-`.
    pub user: Option<&'a str>,
    /// The local port.
    pub port: u16,
    /// The method.
    pub method: &'a str,
    /// The path without its query.
    pub path: &'a str,
    /// The query without its `?`; may be empty. Never holds a credential when written by us.
    pub query: &'a str,
    /// The protocol, such as `HTTP/1.1`.
    pub protocol: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// Bytes of the answer's body; 0 is written `-`.
    pub bytes: u64,
    /// Milliseconds that the request took.
    pub elapsed_ms: u64,
}
