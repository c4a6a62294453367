//! The message table against the guides' own lists.

use std::collections::BTreeMap;

use tact_ged188::{Message, Protocol, Tag};

use crate::support::{body_len, fixed_lengths, fixture};

/// Rows of a tab-separated fixture, without its comment line.
fn rows(name: &str) -> Vec<Vec<String>> {
    fixture(name)
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

fn empty(message_type: u32) -> Message {
    Message::empty(message_type).unwrap()
}

#[test]
fn every_listed_message_has_a_row_of_its_size() {
    let types: BTreeMap<u32, &str> = Message::TYPES.iter().copied().collect();
    for row in rows("messages.tsv") {
        let (number, name, size) = (
            row[0].parse().unwrap(),
            row[1].as_str(),
            row[2].parse().unwrap(),
        );
        assert_eq!(types.get(&number), Some(&name));
        if !matches!(name, "FAILURE_CONF" | "QUERY_DEVICE_INFO_REQ") {
            assert_eq!(body_len(&empty(number), Protocol::CURRENT), size, "{name}");
        } else {
            assert!(
                fixed_lengths(number, Protocol::CURRENT).contains(&size),
                "{name}"
            );
        }
    }
}

#[test]
fn every_row_is_found_by_its_number() {
    for (number, name) in Message::TYPES {
        let message = empty(*number);
        assert_eq!((message.message_type(), message.name()), (*number, *name));
    }
    assert_eq!(Message::empty(9999), None);
}

#[test]
fn no_number_and_no_name_is_there_twice() {
    let numbers: BTreeMap<_, _> = Message::TYPES.iter().copied().collect();
    let names: BTreeMap<_, _> = Message::TYPES
        .iter()
        .map(|(number, name)| (name, number))
        .collect();
    assert_eq!(numbers.len(), Message::TYPES.len());
    assert_eq!(names.len(), Message::TYPES.len());
}

#[test]
fn floats_are_called_what_the_guide_calls_them_there() {
    for row in rows("floats.tsv") {
        let message = empty(row[0].parse().unwrap());
        let tag = Tag(row[1].parse().unwrap());
        assert_eq!(
            message.float_name(tag),
            Some(row[2].as_str()),
            "{} {tag:?}",
            message.name()
        );
    }
}

#[test]
fn a_float_the_guide_does_not_list_goes_by_its_tag() {
    let message = empty(5);
    assert_eq!(message.float_name(Tag::AGENT_ID), Some("AGENT_ID_TAG"));
    assert_eq!(message.float_name(Tag(74)), None);
}
