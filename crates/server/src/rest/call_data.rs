//! Call variables and wrap-up reasons that a client sets: their names and sizes (finesse-api.md 2.4 and 7).
//!
//! The original answers what is too long later, as an event. Here it is refused at once, with the same type: such a
//! value has no place in any message to the CTI server.

use tact_api::CallVariable;
use tact_desk::Variable;

use super::answer::Refusal;
use super::refusal;

/// Bytes of callVariable1 to callVariable10 each.
const CALL_VARIABLE_BYTES: usize = 40;
/// Bytes of the name of an expanded variable, `user.` included.
const ECC_NAME_BYTES: usize = 32;
/// Bytes of one expanded variable.
const ECC_VALUE_BYTES: usize = 210;
/// Bytes of all expanded variables of a request, names, indexes and values.
const ECC_TOTAL_BYTES: usize = 2000;
/// Bytes of a wrap-up reason.
const WRAP_UP_BYTES: usize = 39;

/// Who sets the variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A call that is made: no variables of outbound campaigns.
    NewCall,
    /// A call that there is: the answer to a campaign's offer may be set.
    Update,
}

/// The variables as the desk takes them; of duplicates the last value, in the first one's place.
///
/// # Errors
/// A name that nobody may set, a value that is too long, too much in all.
pub fn variables(given: &[CallVariable], purpose: Purpose) -> Result<Vec<Variable>, Refusal> {
    let mut taken: Vec<Variable> = Vec::new();
    let mut expanded = 0;
    for CallVariable { name, value } in given {
        match limit(name, purpose) {
            None => return Err(invalid("name", name)),
            Some(bytes) if value.len() > bytes => return Err(invalid("value", name)),
            Some(_) if is_expanded(name) => expanded += name.len() + value.len(),
            Some(_) => {}
        }
        // Checked for each one, so that a long body cannot make the search below long.
        if expanded > ECC_TOTAL_BYTES {
            return Err(invalid("callvariables", "callvariables"));
        }
        match taken.iter_mut().find(|known| known.name == *name) {
            Some(known) => known.value.clone_from(value),
            None => taken.push(Variable {
                name: name.clone(),
                value: value.clone(),
            }),
        }
    }
    Ok(taken)
}

/// # Errors
/// The reason is too long.
pub fn wrap_up(reason: &str) -> Result<String, Refusal> {
    if reason.len() > WRAP_UP_BYTES {
        return Err(invalid("wrapUpReason", "wrapUpReason"));
    }
    Ok(reason.to_owned())
}

/// Bytes that a variable may hold; `None` for one that nobody may set.
fn limit(name: &str, purpose: Purpose) -> Option<usize> {
    if let Some(number) = name.strip_prefix("callVariable") {
        return is_number(number, 1..=10).then_some(CALL_VARIABLE_BYTES);
    }
    if name == "BAResponse" {
        return (purpose == Purpose::Update).then_some(CALL_VARIABLE_BYTES);
    }
    let (name, index) = match name.strip_suffix(']') {
        Some(array) => {
            let (name, index) = array.split_once('[')?;
            (name, Some(index))
        }
        None => (name, None),
    };
    let is_named = name.len() <= ECC_NAME_BYTES
        && name.strip_prefix("user.").is_some_and(|own| {
            !own.is_empty()
                && own
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        });
    let is_indexed = index.is_none_or(|index| is_number(index, 0..=255));
    (is_named && is_indexed).then_some(ECC_VALUE_BYTES)
}

fn is_expanded(name: &str) -> bool {
    name.starts_with("user.")
}

/// `7`, not `07` or `+7`.
fn is_number(text: &str, range: std::ops::RangeInclusive<u32>) -> bool {
    let number: Option<u32> = text.parse().ok();
    number.is_some_and(|number| range.contains(&number) && number.to_string() == text)
}

fn invalid(what: &str, element: &str) -> Refusal {
    refusal::invalid_input(&format!("Invalid {what} specified for dialog"), element)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&str, &str)], purpose: Purpose) -> Result<Vec<(String, String)>, String> {
        let given: Vec<_> = pairs
            .iter()
            .map(|(name, value)| CallVariable {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect();
        match variables(&given, purpose) {
            Ok(taken) => Ok(taken.into_iter().map(|it| (it.name, it.value)).collect()),
            Err(refusal) => {
                let error = &refusal.errors.errors[0];
                assert_eq!(
                    (refusal.status.as_u16(), error.error_type.as_str()),
                    (400, "Invalid Input")
                );
                Err(error.data.clone())
            }
        }
    }

    #[test]
    fn names_that_can_be_set() {
        for name in [
            "callVariable1",
            "callVariable10",
            "user.a",
            "user.cisco.x_1-b",
            "user.array[0]",
            "user.array[255]",
        ] {
            assert!(check(&[(name, " x ")], Purpose::NewCall).is_ok(), "{name}");
        }
        for name in [
            "",
            "callVariable0",
            "callVariable11",
            "callVariable01",
            "CallVariable1",
            "callVariable",
            "user.",
            "user.a[256]",
            "user.a[]",
            "user.a[1",
            "user.a b",
            "user.é",
            "BACampaign",
            "wrapUpReason",
            &format!("user.{}", "n".repeat(28)),
        ] {
            assert_eq!(
                check(&[(name, "x")], Purpose::Update),
                Err(name.to_owned()),
                "{name}"
            );
        }
    }

    #[test]
    fn the_answer_to_a_campaign_is_for_calls_that_there_are() {
        let answer = [("BAResponse", "Accept")];
        assert!(check(&answer, Purpose::Update).is_ok());
        assert_eq!(
            check(&answer, Purpose::NewCall),
            Err("BAResponse".to_owned())
        );
    }

    #[test]
    fn sizes_are_in_bytes() {
        let long = "x".repeat(41);
        assert!(check(&[("callVariable1", &long[..40])], Purpose::Update).is_ok());
        let refused = Err("callVariable1".to_owned());
        assert_eq!(check(&[("callVariable1", &long)], Purpose::Update), refused);
        let wide = "é".repeat(21);
        assert_eq!(check(&[("callVariable1", &wide)], Purpose::Update), refused);
        let long = "x".repeat(211);
        assert!(check(&[("user.a", &long[..210])], Purpose::Update).is_ok());
        assert!(check(&[("user.a", &long)], Purpose::Update).is_err());
        assert!(wrap_up(&"x".repeat(39)).is_ok());
        assert!(wrap_up(&"x".repeat(40)).is_err());
    }

    #[test]
    fn there_is_a_bound_for_all_together() {
        let value = "x".repeat(200);
        let names: Vec<String> = (0..10).map(|n| format!("user.a[{n}]")).collect();
        let pairs: Vec<_> = names
            .iter()
            .map(|name| (name.as_str(), value.as_str()))
            .collect();
        assert!(check(&pairs[..9], Purpose::Update).is_ok());
        assert_eq!(
            check(&pairs, Purpose::Update),
            Err("callvariables".to_owned())
        );
    }

    #[test]
    fn of_duplicates_the_last_value_stands_in_the_first_place() {
        let pairs = [
            ("callVariable2", "a"),
            ("user.b", ""),
            ("callVariable2", "c"),
        ];
        let expected = [("callVariable2", "c"), ("user.b", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(check(&pairs, Purpose::Update).unwrap(), expected);
    }
}
