//! Dialogs: the calls of an agent (finesse-api.md 2.4).

use crate::dialog::Dialog;
use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};

/// The list of an agent's calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialogs {
    /// In the order in which they came.
    pub dialogs: Vec<Dialog>,
}

impl Document for Dialogs {
    const NAME: &'static str = "Dialogs";

    fn write(&self, out: &mut dyn Writer) {
        out.list("Dialog");
        for dialog in &self.dialogs {
            dialog.write_as("Dialog", out);
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<Dialogs, ReadError> {
        let dialogs = root.children("Dialog").map(Dialog::read);
        Ok(Dialogs {
            dialogs: dialogs.collect::<Result<_, _>>()?,
        })
    }
}
