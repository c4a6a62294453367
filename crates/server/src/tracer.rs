//! What reads the server's logs. The tracer stands beside the server and knows nothing of it; whoever starts both, the
//! command line, hands one to the other.

use std::io;
use std::path::Path;

/// A page and the policy under which a browser may show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The whole document.
    pub html: String,
    /// `Content-Security-Policy`.
    pub policy: String,
}

/// Finds logins in a folder of logs. Called on a thread that may block.
pub trait Tracer: Send + Sync {
    /// The page of the login with this requestId; `None` when the logs hold none.
    ///
    /// # Errors
    /// Logs that can't be read.
    fn page(&self, logs: &Path, request_id: &str) -> io::Result<Option<Page>>;
}
