//! One frame of a CTI client to a message, and the one message that names its own version.
//!
//! Does no I/O and answers nobody. Reference ged188, 1.3 and 1.5.

use tact_acd::Malformed;
use tact_ged188::{HEADER_LEN, Message, Protocol, decode};

/// OPEN_REQ.
const OPEN_REQ: u32 = 3;
/// The last version with one-byte tags, and the first with two.
const LAST_NARROW: u32 = 19;
const FIRST_WIDE: u32 = 20;

/// Reads one whole frame. `protocol` is that of the open session.
///
/// # Errors
/// The frame is no message.
pub(crate) fn parse(frame: &[u8], protocol: Option<Protocol>) -> Result<Message, Malformed> {
    let message_type = number_at(frame, 4).unwrap_or_default();
    if message_type == OPEN_REQ {
        return parse_open(frame);
    }
    decode(frame, protocol.unwrap_or_default()).map_err(|error| Malformed::Body {
        message_type,
        invoke_id: invoke_id(frame, message_type),
        offset: error.offset,
    })
}

/// OPEN_REQ says in its fixed part which version its floating part has. A client that names one
/// version and writes the tags of another is understood too.
fn parse_open(frame: &[u8]) -> Result<Message, Malformed> {
    let invoke_id = number_at(frame, HEADER_LEN);
    let body = |offset| Malformed::Body {
        message_type: OPEN_REQ,
        invoke_id,
        offset,
    };
    let (Some(id), Some(version)) = (invoke_id, number_at(frame, HEADER_LEN + 4)) else {
        return Err(body(frame.len()));
    };
    let Some(protocol) = Protocol::new(version) else {
        return Err(Malformed::Version {
            invoke_id: id,
            version,
        });
    };
    let other = if protocol.tag_width() == 1 {
        FIRST_WIDE
    } else {
        LAST_NARROW
    };
    decode(frame, protocol)
        .or_else(|error| {
            let other = Protocol::new(other).and_then(|other| decode(frame, other).ok());
            other.ok_or(error)
        })
        .map_err(|error| body(error.offset))
}

/// The first field of a malformed request, so that the refusal finds its way.
fn invoke_id(frame: &[u8], message_type: u32) -> Option<u32> {
    let (_, name) = Message::TYPES
        .iter()
        .find(|(number, _)| *number == message_type)?;
    if name.ends_with("_REQ") {
        number_at(frame, HEADER_LEN)
    } else {
        None
    }
}

fn number_at(frame: &[u8], offset: usize) -> Option<u32> {
    let (_, rest) = frame.split_at_checked(offset)?;
    rest.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tact_ged188::{OpenReq, Tag, encode};

    fn open(version: u32, written_as: u32) -> Vec<u8> {
        let mut request = OpenReq {
            invoke_id: 7,
            version_number: version,
            ..Default::default()
        };
        request.floats.push_text(Tag::CLIENT_ID, "test");
        let mut bytes = Vec::new();
        encode(
            &request.into(),
            Protocol::new(written_as).unwrap(),
            &mut bytes,
        )
        .unwrap();
        bytes
    }

    #[test]
    fn open_req_is_read_in_its_own_version_and_in_the_other_width() {
        for (version, written_as) in [(15, 15), (24, 24), (15, 24), (24, 15)] {
            let Ok(Message::OpenReq(request)) = parse(&open(version, written_as), None) else {
                panic!("{version} written as {written_as}");
            };
            assert_eq!(request.version_number, version);
            assert_eq!(request.floats.text(Tag::CLIENT_ID).as_deref(), Some("test"));
        }
    }

    #[test]
    fn unknown_versions_are_told_apart_from_garbage() {
        let unknown = parse(&open(26, 24), None);
        assert_eq!(
            unknown,
            Err(Malformed::Version {
                invoke_id: 7,
                version: 26
            })
        );
        let short = [0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 9];
        let malformed = Malformed::Body {
            message_type: 3,
            invoke_id: Some(9),
            offset: 12,
        };
        assert_eq!(parse(&short, None), Err(malformed));
    }
}
