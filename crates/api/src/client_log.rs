//! ClientLog: a desktop sends its log (finesse-api.md 2.11).

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};

/// A log may hold this many characters.
pub const MAX_LOG_CHARS: usize = 1_048_576;

/// The body of `POST User/{id}/ClientLog`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClientLog {
    /// The log, lines separated by line feeds; `None` when the element is missing.
    pub log_data: Option<String>,
}

impl Document for ClientLog {
    const NAME: &'static str = "ClientLog";

    fn write(&self, out: &mut dyn Writer) {
        if let Some(log) = &self.log_data {
            out.text("logData", log);
        }
    }

    fn read(root: &Element) -> Result<ClientLog, ReadError> {
        let log = root.child("logData");
        Ok(ClientLog {
            log_data: log.map(|log| log.text.clone()),
        })
    }
}
