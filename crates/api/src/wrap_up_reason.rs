//! Wrap-up reasons: what an agent may write down about a call (finesse-api.md 2.3 and 4).

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};

/// A label of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrapUpReason {
    /// True when every team has it.
    pub for_all: bool,
    /// What the agent reads, at most 39 bytes.
    pub label: String,
    /// Below the agent's own URI where an agent asked.
    pub uri: String,
}

/// The wrap-up reasons that an agent may choose from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrapUpReasons {
    /// In order.
    pub reasons: Vec<WrapUpReason>,
}

impl Document for WrapUpReason {
    const NAME: &'static str = "WrapUpReason";

    fn write(&self, out: &mut dyn Writer) {
        out.boolean("forAll", self.for_all);
        out.text("label", &self.label);
        out.text("uri", &self.uri);
    }

    fn read(root: &Element) -> Result<WrapUpReason, ReadError> {
        Ok(WrapUpReason {
            for_all: root.value_of("forAll")?.unwrap_or_default(),
            label: root.string_of("label"),
            uri: root.string_of("uri"),
        })
    }
}

impl Document for WrapUpReasons {
    const NAME: &'static str = "WrapUpReasons";

    fn write(&self, out: &mut dyn Writer) {
        out.list("WrapUpReason");
        for reason in &self.reasons {
            reason.write_as("WrapUpReason", out);
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<WrapUpReasons, ReadError> {
        let reasons = root.children("WrapUpReason").map(WrapUpReason::read);
        Ok(WrapUpReasons {
            reasons: reasons.collect::<Result<_, _>>()?,
        })
    }
}
