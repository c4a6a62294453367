//! What a call carries: numbers, call variables, wrap-up data. Reference ged188, 1.4, 3.4 and 3.9.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tact_ged188::{Floats, StatusCode, Tag, text};

use super::texts::Texts;

/// Bytes of all ECC names, indexes and values of one call.
const MAX_NAMED_BYTES: usize = 2000;
/// Bytes of the name of an ECC variable.
const MAX_NAME: usize = 32;
/// Bytes of the value of an ECC variable.
const MAX_VALUE: usize = 210;
/// Bytes of the user-to-user information.
const MAX_UUI: usize = 131;

/// Texts that clients may set, with the bytes that each may have.
const SETTABLE: [(Tag, usize); 15] = [
    (Tag::ANI, 40),
    (Tag::CED, 40),
    (Tag::CALL_VAR_1, 40),
    (Tag::CALL_VAR_2, 40),
    (Tag::CALL_VAR_3, 40),
    (Tag::CALL_VAR_4, 40),
    (Tag::CALL_VAR_5, 40),
    (Tag::CALL_VAR_6, 40),
    (Tag::CALL_VAR_7, 40),
    (Tag::CALL_VAR_8, 40),
    (Tag::CALL_VAR_9, 40),
    (Tag::CALL_VAR_10, 40),
    (Tag::CALL_WRAPUP_DATA, 40),
    (Tag::CUSTOMER_PHONE_NUMBER, 20),
    (Tag::CUSTOMER_ACCOUNT_NUMBER, 32),
];

/// An ECC variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Named {
    Scalar(Box<str>),
    Array(BTreeMap<u8, Box<str>>),
}

/// Identifies a routed call across servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RouterKey {
    /// RouterCallKeyDay.
    pub(crate) day: u32,
    /// RouterCallKeyCallID.
    pub(crate) call_id: u32,
    /// RouterCallKeySequenceNumber.
    pub(crate) sequence: u32,
}

/// A call's data, or a change of it. A text that is not there was never set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CallData {
    texts: Texts,
    uui: Option<Box<[u8]>>,
    named: BTreeMap<Box<str>, Named>,
    pub(crate) key: Option<RouterKey>,
}

impl CallData {
    /// What a request sets.
    ///
    /// # Errors
    /// The status of the first thing that is wrong: counts that do not match (77, 78), a text too long (23),
    /// an ECC variable without shape (25) or too long (74).
    pub(crate) fn requested(
        floats: &Floats,
        named_variables: u16,
        named_arrays: u16,
    ) -> Result<Self, StatusCode> {
        let count = |tag| floats.all(tag).count();
        if count(Tag::NAMED_VARIABLE) != usize::from(named_variables) {
            return Err(StatusCode::INVALID_NUM_NAMED_VARIABLES);
        }
        if count(Tag::NAMED_ARRAY) != usize::from(named_arrays) {
            return Err(StatusCode::INVALID_NUM_NAMED_ARRAYS);
        }
        let mut data = Self::default();
        for (tag, longest) in SETTABLE {
            let Some(value) = floats.text(tag) else {
                continue;
            };
            if value.len() > longest {
                return Err(StatusCode::INVALID_FIELD_LENGTH);
            }
            data.texts.set(tag, &value);
        }
        if let Some(uui) = floats.bytes(Tag::UUI) {
            if uui.len() > MAX_UUI {
                return Err(StatusCode::INVALID_FIELD_LENGTH);
            }
            data.uui = Some(uui.into());
        }
        for value in floats.all(Tag::NAMED_VARIABLE) {
            let (name, value) = pair(value)?;
            data.name(name, None, value)?;
        }
        for value in floats.all(Tag::NAMED_ARRAY) {
            let (index, rest) = value.split_first().ok_or(StatusCode::BAD_MESSAGE_FORMAT)?;
            let (name, value) = pair(rest)?;
            data.name(name, Some(*index), value)?;
        }
        Ok(data)
    }

    /// Sets an ECC variable, or an element of one.
    fn name(&mut self, name: String, index: Option<u8>, value: String) -> Result<(), StatusCode> {
        if name.is_empty() || name.len() > MAX_NAME || value.len() > MAX_VALUE {
            return Err(StatusCode::VALUE_TOO_LONG);
        }
        let value = value.into_boxed_str();
        match (self.named.get_mut(name.as_str()), index) {
            (Some(Named::Array(_)), None) => return Err(StatusCode::SCALAR_FUNCTION_ON_ARRAY),
            (Some(Named::Scalar(_)), Some(_)) => return Err(StatusCode::ARRAY_FUNCTION_ON_SCALAR),
            (Some(Named::Array(elements)), Some(index)) => {
                elements.insert(index, value);
            }
            (_, None) => {
                self.named.insert(name.into(), Named::Scalar(value));
            }
            (None, Some(index)) => {
                let elements = BTreeMap::from([(index, value)]);
                self.named.insert(name.into(), Named::Array(elements));
            }
        }
        Ok(())
    }

    /// Sets variables by the names that REST and voice menus use (`callVariable1`, `user.x`, `user.x[2]`). What has
    /// no such name or is too long is left out.
    pub(crate) fn set_by_names(&mut self, variables: &[(Box<str>, Box<str>)]) {
        for (name, value) in variables {
            let number = name.strip_prefix("callVariable");
            if let Some(number) = number.and_then(|number| number.parse::<u16>().ok()) {
                let tag = Tag(Tag::CALL_VAR_1.0.saturating_add(number).saturating_sub(1));
                if (1..=10).contains(&number) {
                    self.set(tag, clamp(value, 40));
                }
                continue;
            }
            let element = name
                .strip_suffix(']')
                .and_then(|name| name.rsplit_once('['))
                .and_then(|(name, index)| Some((name, index.parse::<u8>().ok()?)));
            let (name, index) = match element {
                Some((name, index)) => (name, Some(index)),
                None => (&**name, None),
            };
            let mut changed = self.clone();
            if changed.name(name.into(), index, value.to_string()).is_ok()
                && changed.named_bytes() <= MAX_NAMED_BYTES
            {
                *self = changed;
            }
        }
    }

    /// Sets an ECC variable that is none of the clients', as much of it as fits.
    pub(crate) fn set_named(&mut self, name: &str, value: &str) {
        let value = clamp(value, MAX_VALUE).into();
        self.named.insert(name.into(), Named::Scalar(value));
    }

    /// An ECC variable that is no array.
    pub(crate) fn named(&self, name: &str) -> Option<&str> {
        match self.named.get(name)? {
            Named::Scalar(value) => Some(value),
            Named::Array(_) => None,
        }
    }

    /// Sets one text.
    pub(crate) fn set(&mut self, tag: Tag, value: &str) {
        self.texts.set(tag, value);
    }

    /// One text; empty when it is not there.
    pub(crate) fn text(&self, tag: Tag) -> &str {
        self.texts.get(tag)
    }

    /// Takes over what a request sets, all of it or nothing.
    ///
    /// # Errors
    /// An array is used as a scalar or the other way round (75, 76), or the ECC variables would be more than fits
    /// into one message (73).
    pub(crate) fn merge(&mut self, change: &Self) -> Result<(), StatusCode> {
        let mut merged = self.clone();
        for (name, named) in &change.named {
            match named {
                Named::Scalar(value) => merged.name(name.to_string(), None, value.to_string())?,
                Named::Array(elements) => {
                    for (index, value) in elements {
                        merged.name(name.to_string(), Some(*index), value.to_string())?;
                    }
                }
            }
        }
        if merged.named_bytes() > MAX_NAMED_BYTES {
            return Err(StatusCode::TOO_MUCH_DATA);
        }
        for (tag, value) in change.texts.between(..) {
            merged.texts.set(tag, value);
        }
        if change.uui.is_some() {
            merged.uui.clone_from(&change.uui);
        }
        *self = merged;
        Ok(())
    }

    /// The same change, with every ECC variable of the call when it has any: they are always told together (version
    /// 22 and later).
    pub(crate) fn told_with(mut self, all: &Self) -> Self {
        if !self.named.is_empty() {
            self.named.clone_from(&all.named);
        }
        self
    }

    fn named_bytes(&self) -> usize {
        let bytes = |name: &str, named: &Named| match named {
            Named::Scalar(value) => name.len() + value.len() + 2,
            Named::Array(elements) => elements
                .values()
                .map(|value| name.len() + value.len() + 3)
                .sum(),
        };
        self.named
            .iter()
            .map(|(name, named)| bytes(name, named))
            .sum()
    }

    /// Appends everything, with the router's key when the message has it.
    pub(crate) fn push(&self, with_key: bool, floats: &mut Floats) -> Counts {
        let variables = Tag::CALL_VAR_1;
        self.texts.push(..Tag::UUI, floats);
        if let Some(uui) = &self.uui {
            floats.push_bytes(Tag::UUI, uui);
        }
        self.texts.push(Tag::UUI..variables, floats);
        if let Some(key) = self.key.filter(|_| with_key) {
            floats.push_u32(Tag::ROUTER_CALL_KEY_DAY, key.day);
            floats.push_u32(Tag::ROUTER_CALL_KEY_CALLID, key.call_id);
            floats.push_u32(Tag::ROUTER_CALL_KEY_SEQUENCE_NUM, key.sequence);
        }
        self.texts.push(variables.., floats);
        let mut counts = Counts::default();
        let mut bytes = Vec::new();
        for (name, named) in &self.named {
            match named {
                Named::Scalar(value) => {
                    counts.variables += 1;
                    bytes.clear();
                    for text in [name, value] {
                        bytes.extend_from_slice(text.as_bytes());
                        bytes.push(0);
                    }
                    floats.push_bytes(Tag::NAMED_VARIABLE, &bytes);
                }
                Named::Array(elements) => {
                    for (index, value) in elements {
                        counts.arrays += 1;
                        bytes.clear();
                        bytes.push(*index);
                        for text in [name, value] {
                            bytes.extend_from_slice(text.as_bytes());
                            bytes.push(0);
                        }
                        floats.push_bytes(Tag::NAMED_ARRAY, &bytes);
                    }
                }
            }
        }
        counts
    }
}

/// NumNamedVariables and NumNamedArrays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) variables: u16,
    pub(crate) arrays: u16,
}

/// Name and value of an ECC variable: each ends with a NUL.
fn pair(bytes: &[u8]) -> Result<(String, String), StatusCode> {
    let wrong = StatusCode::BAD_MESSAGE_FORMAT;
    let end = bytes.iter().position(|byte| *byte == 0).ok_or(wrong)?;
    let (name, rest) = bytes.split_at_checked(end).ok_or(wrong)?;
    let (_, value) = rest.split_first().ok_or(wrong)?;
    Ok((text(name).into_owned(), text(value).into_owned()))
}

/// The beginning of a text, at most this many bytes of it.
pub(crate) fn clamp(text: &str, longest: usize) -> &str {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.split_at_checked(end).map_or("", |(start, _)| start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(data: &CallData) -> (Floats, Counts) {
        let mut floats = Floats::new();
        let counts = data.push(true, &mut floats);
        (floats, counts)
    }

    fn requested(floats: &Floats) -> Result<CallData, StatusCode> {
        let count = |tag| u16::try_from(floats.all(tag).count()).unwrap();
        CallData::requested(floats, count(Tag::NAMED_VARIABLE), count(Tag::NAMED_ARRAY))
    }

    #[test]
    fn what_is_pushed_reads_as_the_same() {
        let mut data = CallData::default();
        let named = |name: &str, value: &str| (name.into(), value.into());
        data.set_by_names(&[
            named("callVariable1", "one"),
            named("callVariable10", "ten"),
            named("callVariable11", "no"),
            named("user.x", "1"),
            named("user.a[2]", "two"),
            named("user.a[7]", "seven"),
        ]);
        let (floats, counts) = pushed(&data);
        assert_eq!((counts.variables, counts.arrays), (1, 2));
        assert_eq!(floats.text(Tag::CALL_VAR_10).as_deref(), Some("ten"));
        assert_eq!(requested(&floats), Ok(data));
    }

    #[test]
    fn a_scalar_is_no_array() {
        let mut data = CallData::default();
        data.set_by_names(&[
            ("user.x".into(), "1".into()),
            ("user.a[0]".into(), "1".into()),
        ]);
        let mut other = CallData::default();
        other.set_by_names(&[("user.x[1]".into(), "2".into())]);
        assert_eq!(
            data.merge(&other),
            Err(StatusCode::ARRAY_FUNCTION_ON_SCALAR)
        );
        let mut other = CallData::default();
        other.set_by_names(&[("user.a".into(), "2".into())]);
        let before = data.clone();
        assert_eq!(
            data.merge(&other),
            Err(StatusCode::SCALAR_FUNCTION_ON_ARRAY)
        );
        assert_eq!(data, before);
    }

    #[test]
    fn everything_has_a_bound() {
        let long = "x".repeat(41);
        let floats = Floats::new().with_text(Tag::CALL_VAR_3, &long);
        assert_eq!(requested(&floats), Err(StatusCode::INVALID_FIELD_LENGTH));
        let mut floats = Floats::new();
        floats.push_bytes(Tag::NAMED_VARIABLE, b"no end");
        assert_eq!(requested(&floats), Err(StatusCode::BAD_MESSAGE_FORMAT));
        assert_eq!(
            CallData::requested(&floats, 2, 0),
            Err(StatusCode::INVALID_NUM_NAMED_VARIABLES)
        );
        let mut data = CallData::default();
        for number in 0..12 {
            let mut more = CallData::default();
            let name = format!("user.{number}").into();
            more.set_by_names(&[(name, "y".repeat(200).into())]);
            let verdict = data.merge(&more);
            assert_eq!(verdict.is_err(), number >= 9, "{number}");
        }
        assert!(data.named_bytes() <= MAX_NAMED_BYTES);
    }

    #[test]
    fn a_text_is_cut_between_letters() {
        assert_eq!(clamp("a\u{e4}b", 2), "a");
        assert_eq!(clamp("a\u{e4}b", 3), "a\u{e4}");
        assert_eq!(clamp("ab", 9), "ab");
    }
}
