//! Dialogs: the calls of an agent (finesse-api.md 2.4). Signing in needs the empty list; calls bring the items.

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};

/// The list of an agent's calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialogs {}

impl Document for Dialogs {
    const NAME: &'static str = "Dialogs";

    fn write(&self, out: &mut dyn Writer) {
        out.list("Dialog");
        out.list_end();
    }

    fn read(_root: &Element) -> Result<Dialogs, ReadError> {
        Ok(Dialogs {})
    }
}
