//! Any message of any type at any version survives the wire.

use proptest::prelude::*;
use tact_ged188::{
    AgentState, AgentStateEvent, EncodeError, Floats, Form, MAX_MESSAGE_LEN, Message, Protocol,
    SetAgentStateReq, Tag, UserMessageReq, decode, encode,
};

use crate::support::{encoded, fixed_lengths, frame, protocol};

/// A float that makes sense: a known tag and a length its type can have.
fn sensible_float() -> impl Strategy<Value = (Tag, Vec<u8>)> {
    let known: Vec<Tag> = Tag::ALL.iter().copied().filter(|tag| tag.0 < 256).collect();
    (
        proptest::sample::select(known),
        proptest::collection::vec(any::<u8>(), 0..40),
        1..4usize,
    )
        .prop_map(|(tag, mut value, count)| {
            if let Some(width) = tag.row().and_then(|row| row.kind.width()) {
                value.resize(width * count, 0x5a);
            }
            (tag, value)
        })
}

/// Any float at all, also with a tag nobody knows.
fn any_float() -> impl Strategy<Value = (Tag, Vec<u8>)> {
    (0..256u16, proptest::collection::vec(any::<u8>(), 0..12))
        .prop_map(|(tag, value)| (Tag(tag), value))
}

fn append(body: &mut Vec<u8>, protocol: Protocol, floats: &[(Tag, Vec<u8>)]) {
    for (tag, value) in floats {
        let header = [tag.0, value.len() as u16];
        for number in header {
            body.extend_from_slice(&number.to_be_bytes()[2 - protocol.tag_width()..]);
        }
        body.extend_from_slice(value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    /// Every type, every version, its own layout: the typed values are what was written.
    #[test]
    fn any_message_survives(
        (message_type, name) in proptest::sample::select(Message::TYPES),
        version in 9..=25u32,
        noise in proptest::collection::vec(any::<u8>(), 600),
        floats in proptest::collection::vec(sensible_float(), 0..6),
    ) {
        let version = protocol(version);
        // A body of zeros tells the length of the version's own layout.
        let lengths = fixed_lengths(message_type, version);
        let own = lengths.iter().copied().find(|len| {
            decode(&frame(message_type, &vec![0; *len]), version).unwrap().form() == Form::ByVersion
        }).unwrap();
        let mut body = noise[..own].to_vec();
        append(&mut body, version, &floats);
        let bytes = frame(message_type, &body);

        let message = decode(&bytes, version).unwrap();
        prop_assert_eq!(message.name(), name);
        let read: Vec<_> = message.floats().unwrap().iter().map(|(tag, value)| (tag, value.to_vec())).collect();
        prop_assert_eq!(read, floats);
        prop_assert_eq!(encoded(&message, version), bytes);
    }

    /// Whatever the floats and the layout: the same bytes again, and the same message from them.
    #[test]
    fn any_bytes_that_decode_come_back(
        (message_type, _) in proptest::sample::select(Message::TYPES),
        version in 9..=25u32,
        pick in any::<proptest::sample::Index>(),
        noise in proptest::collection::vec(any::<u8>(), 600),
        floats in proptest::collection::vec(any_float(), 0..6),
    ) {
        let version = protocol(version);
        let lengths = fixed_lengths(message_type, version);
        let mut body = noise[..lengths[pick.index(lengths.len())]].to_vec();
        append(&mut body, version, &floats);
        let bytes = frame(message_type, &body);
        let message = decode(&bytes, version).unwrap();
        prop_assert_eq!(encoded(&message, version), &bytes[..]);
        prop_assert_eq!(decode(&bytes, version), Ok(message));
    }

    /// From the typed side: what a program puts in comes out at every version that can carry it.
    #[test]
    fn a_built_message_comes_out(
        version in 19..=25u32,
        numbers in any::<(u32, u32, u16, u16, i32, u32)>(),
        texts in proptest::collection::vec("[ -~]{0,20}", 0..6),
    ) {
        let (session_id, state_duration, state, reason, department_id, task) = numbers;
        let mut event = AgentStateEvent {
            session_id,
            state_duration,
            agent_state: AgentState(state),
            event_reason_code: reason,
            department_id,
            num_tasks: task,
            ..AgentStateEvent::default()
        };
        for text in &texts {
            event.floats.push_text(Tag::AGENT_INSTRUMENT, text);
        }
        event.floats.push_u32(Tag::DURATION, state_duration);
        let message = Message::from(event);
        let version = protocol(version);
        prop_assert_eq!(decode(&encoded(&message, version), version), Ok(message));
    }

    /// A type without a row keeps its body.
    #[test]
    fn unknown_messages_survive(
        message_type in 300..=u32::MAX,
        version in 9..=25u32,
        body in proptest::collection::vec(any::<u8>(), 0..100),
    ) {
        let bytes = frame(message_type, &body);
        let message = decode(&bytes, protocol(version)).unwrap();
        prop_assert_eq!(message.name(), "UNKNOWN");
        prop_assert_eq!(encoded(&message, protocol(version)), bytes);
    }
}

#[test]
fn the_largest_message_fits_and_no_larger() {
    let mut request = UserMessageReq::default();
    // Header 8, fixed part 10, float header 4.
    request
        .floats
        .push_bytes(Tag::TEXT, &vec![b'x'; MAX_MESSAGE_LEN - 22]);
    let bytes = encoded(&request.clone().into(), Protocol::CURRENT);
    assert_eq!(bytes.len(), MAX_MESSAGE_LEN);
    assert_eq!(
        decode(&bytes, Protocol::CURRENT),
        Ok(request.clone().into())
    );

    request.floats.push_bytes(Tag::TEXT, &[]);
    let mut out = b"before".to_vec();
    assert_eq!(
        encode(&request.into(), Protocol::CURRENT, &mut out),
        Err(EncodeError::TooLong)
    );
    assert_eq!(out, b"before");
}

#[test]
fn one_byte_lengths_refuse_what_they_cannot_say() {
    let mut request = UserMessageReq::default();
    request.floats.push_bytes(Tag::TEXT, &[b'x'; 256]);
    let mut out = Vec::new();
    assert_eq!(
        encode(&request.into(), protocol(19), &mut out),
        Err(EncodeError::FloatTooLong(Tag::TEXT))
    );
    assert!(out.is_empty());
}

#[test]
fn new_tags_are_left_out_for_old_clients() {
    let mut request = SetAgentStateReq::default();
    request.floats.push_text(Tag::ACTIVE_TERMINAL, "SEP0001");
    request.floats.push_text(Tag::AGENT_ID, "2001");
    let Message::SetAgentStateReq(read) =
        decode(&encoded(&request.into(), protocol(15)), protocol(15)).unwrap()
    else {
        panic!()
    };
    assert_eq!(read.floats, Floats::new().with_text(Tag::AGENT_ID, "2001"));
}

#[test]
fn strings_keep_their_padding() {
    // Without NUL, with three, with none and no text, and with one alone.
    let mut body = vec![0; 44];
    for value in [&b"a"[..], b"a\0\0\0", b"", b"\0"] {
        append(
            &mut body,
            Protocol::CURRENT,
            &[(Tag::CLIENT_ID, value.to_vec())],
        );
    }
    let bytes = frame(3, &body);
    let message = decode(&bytes, Protocol::CURRENT).unwrap();
    assert_eq!(encoded(&message, Protocol::CURRENT), bytes);
    let texts: Vec<_> = message
        .floats()
        .unwrap()
        .all(Tag::CLIENT_ID)
        .map(tact_ged188::text)
        .collect();
    assert_eq!(texts, ["a", "a", "", ""]);
}
