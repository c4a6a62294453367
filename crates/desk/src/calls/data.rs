//! Call data on the wire and in a dialog: call variables, ECC variables, numbers, the router's key.
//!
//! Reference sections 1.4 (ECC variables) and 3.4. ECC names are kept as the wire has them, with
//! their `user.` where there is one.

use tact_ged188::{Floats, Tag, number, text};

use crate::dialog::{Dialog, RouterCallKey, Variable};

/// ECC variables of one call that are kept.
pub(crate) const MAX_VARIABLES: usize = 256;
/// The ten call variables.
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
/// What call variables are called in REST, before their number.
const CALL_VARIABLE: &str = "callVariable";

/// Takes over all call data that a message carries. What it does not name stays.
pub(crate) fn take(dialog: &mut Dialog, floats: &Floats) {
    let mut key = dialog.router_call_key.unwrap_or(RouterCallKey {
        day: 0,
        call_id: 0,
        sequence: 0,
    });
    let mut has_key = dialog.router_call_key.is_some();
    for (tag, value) in floats {
        match tag {
            Tag::DNIS => dialog.dnis = text(value).into_owned(),
            Tag::DIALED_NUMBER => dialog.dialed_number = text(value).into_owned(),
            Tag::CALL_WRAPUP_DATA => dialog.wrap_up = text(value).into_owned(),
            Tag::ROUTER_CALL_KEY_DAY => {
                key.day = number(value).unwrap_or_default();
                has_key = true;
            }
            Tag::ROUTER_CALL_KEY_CALLID => {
                key.call_id = number(value).unwrap_or_default();
                has_key = true;
            }
            Tag::ROUTER_CALL_KEY_SEQUENCE_NUM => key.sequence = number(value).unwrap_or_default(),
            Tag::NAMED_VARIABLE => {
                let (name, value) = named(value);
                set(dialog, name, value);
            }
            Tag::NAMED_ARRAY => {
                if let Some((index, rest)) = value.split_first() {
                    let (name, value) = named(rest);
                    if !name.is_empty() {
                        set(dialog, format!("{name}[{index}]"), value);
                    }
                }
            }
            _ => {
                if let Some(position) = CALL_VARIABLES.iter().position(|known| *known == tag) {
                    let name = format!("{CALL_VARIABLE}{}", position + 1);
                    set(dialog, name, text(value).into_owned());
                }
            }
        }
    }
    if has_key {
        dialog.router_call_key = Some(key);
    }
}

/// Name and value of an ECC variable.
fn named(value: &[u8]) -> (String, String) {
    let name = text(value);
    let end = value.iter().position(|byte| *byte == 0);
    let rest = end.and_then(|end| value.get(end + 1..)).unwrap_or_default();
    (name.into_owned(), text(rest).into_owned())
}

/// Sets a variable at its place in the order: call variables by number, then ECC by name and index.
fn set(dialog: &mut Dialog, name: String, value: String) {
    if name.is_empty() {
        return;
    }
    let variables = &mut dialog.variables;
    match variables.binary_search_by(|known| rank(&known.name).cmp(&rank(&name))) {
        Ok(position) => {
            if let Some(known) = variables.get_mut(position) {
                known.value = value;
            }
        }
        Err(position) if variables.len() < MAX_VARIABLES => {
            variables.insert(position, Variable { name, value });
        }
        Err(_) => {}
    }
}

fn rank(name: &str) -> (bool, u8, &str, Option<u8>) {
    match call_variable(name) {
        Some(number) => (false, number, "", None),
        None => {
            let (base, index) =
                array_element(name).map_or((name, None), |(base, index)| (base, Some(index)));
            (true, 0, base, index)
        }
    }
}

/// The number of a call variable, 1 to 10, when the name is that of one.
fn call_variable(name: &str) -> Option<u8> {
    let digits = name.strip_prefix(CALL_VARIABLE)?;
    let number: u8 = digits.parse().ok()?;
    // `01` and `+1` are no names of call variables.
    ((1..=10).contains(&number) && digits == number.to_string()).then_some(number)
}

/// Name and index of an element of an ECC array.
fn array_element(name: &str) -> Option<(&str, u8)> {
    let (base, rest) = name.split_once('[')?;
    let digits = rest.strip_suffix(']')?;
    let index: u8 = digits.parse().ok()?;
    (!base.is_empty() && digits == index.to_string()).then_some((base, index))
}

/// Appends variables to a request; how many named variables and array elements there are.
pub(crate) fn push(floats: &mut Floats, variables: &[Variable]) -> (u16, u16) {
    let (mut scalars, mut elements) = (0u16, 0u16);
    for Variable { name, value } in variables {
        let tag = call_variable(name)
            .and_then(|number| CALL_VARIABLES.get(usize::from(number).saturating_sub(1)));
        if let Some(tag) = tag {
            floats.push_text(*tag, value);
            continue;
        }
        let mut bytes = Vec::with_capacity(name.len() + value.len() + 3);
        let (tag, base, count) = match array_element(name) {
            Some((base, index)) => {
                bytes.push(index);
                (Tag::NAMED_ARRAY, base, &mut elements)
            }
            None => (Tag::NAMED_VARIABLE, name.as_str(), &mut scalars),
        };
        bytes.extend_from_slice(base.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(value.as_bytes());
        bytes.push(0);
        floats.push_bytes(tag, &bytes);
        *count = count.saturating_add(1);
    }
    (scalars, elements)
}

/// Bytes of a call variable, of an ECC name and an ECC value, of all ECC variables together, and
/// of wrap-up data, each without NUL.
const CALL_VARIABLE_LEN: usize = 40;
const NAME_LEN: usize = 32;
const VALUE_LEN: usize = 210;
const NAMED_LEN: usize = 2000;
pub(crate) const WRAP_UP_LEN: usize = 40;

/// Whether a message can carry these variables.
pub(crate) fn fits(variables: &[Variable]) -> bool {
    let mut named = 0usize;
    for Variable { name, value } in variables {
        if name.is_empty() || name.contains('\0') || value.contains('\0') {
            return false;
        }
        if call_variable(name).is_some() {
            if value.len() > CALL_VARIABLE_LEN {
                return false;
            }
            continue;
        }
        let base = array_element(name).map_or(name.as_str(), |(base, _)| base);
        if base.len() > NAME_LEN || value.len() > VALUE_LEN {
            return false;
        }
        named = named.saturating_add(base.len() + value.len() + 3);
    }
    named <= NAMED_LEN && variables.len() <= MAX_VARIABLES
}

/// Whether a dialog's data is as it was asked to be.
pub(crate) fn holds(dialog: &Dialog, variables: &[Variable], wrap_up: Option<&str>) -> bool {
    let is_set = |wanted: &Variable| {
        let known = dialog
            .variables
            .iter()
            .find(|known| known.name == wanted.name);
        // A server may leave out what is empty.
        known.map_or("", |known| known.value.as_str()) == wanted.value
    };
    variables.iter().all(is_set) && wrap_up.is_none_or(|wrap_up| dialog.wrap_up == wrap_up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::call::Call;

    fn variable(name: &str, value: &str) -> Variable {
        Variable {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn what_is_pushed_is_taken_in_order() {
        let mut floats = Floats::new();
        let variables = [
            variable("user.media[10]", "ten"),
            variable("callVariable10", "x"),
            variable("user.media[2]", "two"),
            variable("BAStatus", "Ä"),
            variable("callVariable2", ""),
        ];
        assert_eq!(push(&mut floats, &variables), (1, 2));
        let mut dialog = Call::new(1).dialog;
        take(&mut dialog, &floats);
        let names: Vec<_> = dialog
            .variables
            .iter()
            .map(|known| known.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "callVariable2",
                "callVariable10",
                "BAStatus",
                "user.media[2]",
                "user.media[10]"
            ]
        );
        assert!(holds(&dialog, &variables, None));
        assert!(!holds(&dialog, &[variable("callVariable2", "y")], None));
        assert!(!holds(&dialog, &[], Some("done")));
    }

    #[test]
    fn half_a_variable_is_no_harm() {
        let mut floats = Floats::new();
        floats.push_bytes(Tag::NAMED_ARRAY, &[]);
        floats.push_bytes(Tag::NAMED_ARRAY, &[3]);
        floats.push_bytes(Tag::NAMED_VARIABLE, b"\0value\0");
        floats.push_bytes(Tag::NAMED_VARIABLE, b"name");
        floats.push_bytes(Tag::ROUTER_CALL_KEY_DAY, b"abc");
        let mut dialog = Call::new(1).dialog;
        take(&mut dialog, &floats);
        assert_eq!(dialog.variables, [variable("name", "")]);
    }

    #[test]
    fn variables_are_bounded() {
        let mut dialog = Call::new(1).dialog;
        for number in 0..1_000 {
            set(&mut dialog, format!("user.{number}"), String::new());
        }
        assert_eq!(dialog.variables.len(), MAX_VARIABLES);
        assert!(!fits(&[variable("callVariable1", &"x".repeat(41))]));
        assert!(fits(&[variable("callVariable1", &"x".repeat(40))]));
        assert!(!fits(&[variable("user.x", &"x".repeat(211))]));
        assert!(!fits(&vec![variable("user.x", &"x".repeat(200)); 10]));
        assert!(!fits(&[variable("a\0b", "")]));
    }
}
