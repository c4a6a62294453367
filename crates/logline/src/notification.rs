//! The notification service's log and its wire trace (logs.md 2.6).

/// One line of the notification service's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification<'a> {
    /// Milliseconds since 1970.
    pub at: i64,
    /// `INFO`, `WARN`, `ERROR` or `DEBUG`.
    pub level: &'a str,
    /// The thread.
    pub thread: &'a str,
    /// The class, such as `SessionManager`.
    pub class: &'a str,
    /// The text; a wire trace line has the form `>> "..."` or `<< "..."`.
    pub text: &'a str,
}
