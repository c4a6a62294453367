//! Which call variables a client wants to hear of: REGISTER_VARIABLES_REQ.
//!
//! A client that registers none hears of all. No list of expanded variables is configured here, so any name
//! may be registered. Reference ged188, 1.4, 3.9 (110) and 4.10.

use serde::{Deserialize, Serialize};
use tact_ged188::{Floats, RegisterVariablesConf, RegisterVariablesReq, StatusCode, Tag};

use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};

/// Every bit of CallVariableMask.
const KNOWN_VARIABLES: u16 = 0x3ff;
/// Bytes that all expanded variables of a request may have together.
const MAX_EXPANDED: usize = 2000;
/// Call variables, in the order of their bits.
const CALL_VARIABLES: [Tag; 10] = [
    Tag::CALL_VAR_1,
    Tag::CALL_VAR_2,
    Tag::CALL_VAR_3,
    Tag::CALL_VAR_4,
    Tag::CALL_VAR_5,
    Tag::CALL_VAR_6,
    Tag::CALL_VAR_7,
    Tag::CALL_VAR_8,
    Tag::CALL_VAR_9,
    Tag::CALL_VAR_10,
];

/// The variables that a client wants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Registered {
    calls: u16,
    /// Names as they came.
    scalars: Vec<Box<[u8]>>,
    arrays: Vec<Box<[u8]>>,
}

impl Registered {
    /// Keeps the wanted variables of an event; how many expanded scalars and arrays are left.
    pub(crate) fn filter(&self, floats: &mut Floats) -> (u16, u16) {
        let mut kept = Floats::new();
        let (mut scalars, mut arrays) = (0_u16, 0_u16);
        for (tag, value) in floats.iter() {
            let wanted = if tag == Tag::NAMED_VARIABLE {
                let wanted = self
                    .scalars
                    .iter()
                    .any(|name| **name == *scalar_name(value));
                scalars = scalars.saturating_add(u16::from(wanted));
                wanted
            } else if tag == Tag::NAMED_ARRAY {
                let wanted = self.arrays.iter().any(|name| **name == *array_name(value));
                arrays = arrays.saturating_add(u16::from(wanted));
                wanted
            } else {
                let bit = CALL_VARIABLES.iter().position(|it| *it == tag);
                bit.is_none_or(|bit| self.calls & (1 << bit) != 0)
            };
            if wanted {
                kept.push_bytes(tag, value);
            }
        }
        *floats = kept;
        (scalars, arrays)
    }
}

/// The name in `name NUL value NUL`.
fn scalar_name(value: &[u8]) -> &[u8] {
    value.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// The name in `index name NUL value NUL`.
fn array_name(value: &[u8]) -> &[u8] {
    scalar_name(value.get(1..).unwrap_or_default())
}

impl Acd {
    /// REGISTER_VARIABLES_REQ: replaces what was registered before.
    pub(crate) fn register_variables(
        &mut self,
        client: ClientId,
        request: &RegisterVariablesReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        if request.call_variable_mask & !KNOWN_VARIABLES != 0 {
            return Err(StatusCode::INVALID_CALL_VARIABLE_MASK.into());
        }
        let scalars: Vec<&[u8]> = request.floats.all(Tag::NAMED_VARIABLE).collect();
        let arrays: Vec<&[u8]> = request.floats.all(Tag::NAMED_ARRAY).collect();
        if scalars.len() != usize::from(request.num_named_variables) {
            return Err(StatusCode::INVALID_NUM_NAMED_VARIABLES.into());
        }
        if arrays.len() != usize::from(request.num_named_arrays) {
            return Err(StatusCode::INVALID_NUM_NAMED_ARRAYS.into());
        }
        let bytes: usize = scalars.iter().chain(&arrays).map(|it| it.len()).sum();
        if bytes > MAX_EXPANDED {
            return Err(StatusCode::TOO_MUCH_DATA.into());
        }
        let registered = Registered {
            calls: request.call_variable_mask,
            scalars: scalars
                .into_iter()
                .map(|it| scalar_name(it).into())
                .collect(),
            arrays: arrays.into_iter().map(|it| array_name(it).into()).collect(),
        };
        let session = self.session_mut(client);
        session.ok_or(StatusCode::SESSION_NOT_OPEN)?.variables = Some(registered);
        send(
            out,
            client,
            RegisterVariablesConf {
                invoke_id: request.invoke_id,
                ..Default::default()
            },
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_registered_is_kept_and_counted() {
        let registered = Registered {
            calls: 0b10,
            scalars: vec![b"user.x"[..].into()],
            arrays: vec![b"user.a"[..].into()],
        };
        let mut floats = Floats::new()
            .with_text(Tag::ANI, "5551234")
            .with_text(Tag::CALL_VAR_1, "one")
            .with_text(Tag::CALL_VAR_2, "two");
        floats.push_bytes(Tag::NAMED_VARIABLE, b"user.x\0yes\0");
        floats.push_bytes(Tag::NAMED_VARIABLE, b"user.y\0no\0");
        floats.push_bytes(Tag::NAMED_ARRAY, b"\x03user.a\0yes\0");
        floats.push_bytes(Tag::NAMED_ARRAY, b"");
        assert_eq!(registered.filter(&mut floats), (1, 1));
        let kept: Vec<Tag> = floats.iter().map(|(tag, _)| tag).collect();
        assert_eq!(
            kept,
            [
                Tag::ANI,
                Tag::CALL_VAR_2,
                Tag::NAMED_VARIABLE,
                Tag::NAMED_ARRAY
            ]
        );
    }
}
