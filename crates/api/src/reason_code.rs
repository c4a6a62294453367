//! Reason codes: why an agent is not ready or signed out (finesse-api.md 2.2, 2.3 and 4).

use crate::document::{Document, Writer};
use crate::element::{Element, ReadError};

/// A reason code of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReasonCode {
    /// `NOT_READY` or `LOGOUT`.
    pub category: String,
    /// The code on the CTI wire, 1 to 65535.
    pub code: u32,
    /// True when every team has it.
    pub for_all: bool,
    /// The database id, which `reasonCodeId` names; `None` for a code that is not configured.
    pub id: Option<u32>,
    /// What the agent reads, at most 40 characters.
    pub label: String,
    /// True for a code that the system sets.
    pub system_code: bool,
}

impl Document for ReasonCode {
    const NAME: &'static str = "ReasonCode";

    fn write(&self, out: &mut dyn Writer) {
        out.text("category", &self.category);
        out.number("code", self.code.into());
        out.boolean("forAll", self.for_all);
        if let Some(id) = self.id {
            out.number("id", id.into());
        }
        out.text("label", &self.label);
        out.boolean("systemCode", self.system_code);
        if let Some(id) = self.id {
            out.text("uri", &format!("/finesse/api/ReasonCode/{id}"));
        }
    }

    fn read(root: &Element) -> Result<ReasonCode, ReadError> {
        Ok(ReasonCode {
            category: root.string_of("category"),
            code: root.value_of("code")?.unwrap_or_default(),
            for_all: root.value_of("forAll")?.unwrap_or_default(),
            id: root.value_of("id")?,
            label: root.string_of("label"),
            system_code: root.value_of("systemCode")?.unwrap_or_default(),
        })
    }
}

/// The reason codes of one category that an agent may choose from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReasonCodes {
    /// `NOT_READY` or `LOGOUT`.
    pub category: String,
    /// The codes in order.
    pub codes: Vec<ReasonCode>,
}

impl Document for ReasonCodes {
    const NAME: &'static str = "ReasonCodes";

    fn write(&self, out: &mut dyn Writer) {
        out.attribute("category", &self.category);
        out.list("ReasonCode");
        for code in &self.codes {
            code.write_as("ReasonCode", out);
        }
        out.list_end();
    }

    fn read(root: &Element) -> Result<ReasonCodes, ReadError> {
        let attribute = root.attribute("category").map(str::to_owned);
        Ok(ReasonCodes {
            category: attribute.unwrap_or_else(|| root.string_of("category")),
            codes: root
                .children("ReasonCode")
                .map(ReasonCode::read)
                .collect::<Result<_, _>>()?,
        })
    }
}
