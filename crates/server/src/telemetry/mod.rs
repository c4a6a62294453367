//! The log files, laid out as on the real server, written through `logline`, redacted, rotated by size.
//!
//! This is the handle alone, which every part takes; the files behind it come with the telemetry part, whose
//! version of this file replaces this one whole.

use std::io;

use tact_logline::{access, ctisvr, webservices};

/// A handle on the log files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Logs {}

impl Logs {
    /// A handle that drops every line, for tests.
    pub fn discard() -> Logs {
        Logs {}
    }

    /// One request for the access log. `entry.at` is the caller's.
    pub fn access(&self, _entry: &access::Access<'_>) {}

    /// One `%CCBU_` record, stamped and numbered here.
    pub fn webservices(&self, _thread: &str, _event: &webservices::Event<'_>) {}

    /// One line about an authentication.
    pub fn realm(&self, _thread: &str, _level: &str, _text: &str) {}

    /// One line of the notification service.
    pub fn notification(&self, _level: &str, _class: &str, _text: &str) {}

    /// One stanza of the wire trace; nothing unless it is switched on. The caller has removed credentials.
    pub fn notification_wire(&self, _inbound: bool, _text: &str) {}

    /// One entry of the CTI server.
    pub fn ctisvr(&self, _session: Option<u32>, _body: ctisvr::Body<'_>) {}

    /// One uploaded client log: a file of its own below `clientlogs/`.
    pub fn client(&self, _agent: &str, _text: &str) -> io::Result<()> {
        Ok(())
    }
}
