//! Fixtures and hex.

use std::path::PathBuf;

use tact_ged188::{HEADER_LEN, Message, Protocol, decode, encode};

/// A file of the fixtures.
pub(crate) fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../testdata/ged188")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Bytes of a hex text.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    (0..digits.len() / 2)
        .map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

/// A version by its number.
pub(crate) fn protocol(number: u32) -> Protocol {
    Protocol::new(number).unwrap()
}

/// A header in front of a body.
pub(crate) fn frame(message_type: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend_from_slice(&message_type.to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// The bytes of a message.
pub(crate) fn encoded(message: &Message, protocol: Protocol) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(message, protocol, &mut bytes).unwrap();
    bytes
}

/// Lengths of the fixed part that a message type can have: bodies of zeros without floats.
pub(crate) fn fixed_lengths(message_type: u32, protocol: Protocol) -> Vec<usize> {
    let fits = |len: &usize| {
        decode(&frame(message_type, &vec![0; *len]), protocol)
            .is_ok_and(|message| message.floats().is_some_and(|floats| floats.is_empty()))
    };
    let shortest = (0..=600).find(fits).unwrap();
    // No two layouts of a message are further apart than this.
    (shortest..shortest + 12).filter(fits).collect()
}

/// Length of the body of an encoded message.
pub(crate) fn body_len(message: &Message, protocol: Protocol) -> usize {
    encoded(message, protocol).len() - HEADER_LEN
}
