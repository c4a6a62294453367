//! Fuzz targets: functions over bytes that must neither panic nor break their invariant.

use crate::bosh::Body;
use crate::jid::Jid;
use crate::parser::{Limits, StreamEvent, StreamParser, document};
use crate::sasl::Plain;

/// A stream of bytes, cut at every seventh byte: the same events as in one piece, and each element survives being written.
pub fn stream_parser(data: &[u8]) {
    let whole = events(data, data.len().max(1));
    let pieces = events(data, 7);
    assert_eq!(
        whole, pieces,
        "cutting the input must not change what it means"
    );
    for event in &whole.0 {
        if let StreamEvent::Element(element) = event {
            let text = element.to_xml();
            let limits = Limits {
                bytes: usize::MAX >> 1,
                depth: usize::MAX,
                attributes: usize::MAX,
                name: usize::MAX,
            };
            let again = document(text.as_bytes(), limits);
            assert_eq!(again.as_ref(), Ok(element), "{text}");
        }
    }
}

fn events(data: &[u8], size: usize) -> (Vec<StreamEvent>, bool) {
    let mut parser = StreamParser::new(Limits::BEFORE_AUTH);
    let mut out = Vec::new();
    for mut chunk in data.chunks(size) {
        loop {
            match parser.next(&mut chunk) {
                Ok(Some(event)) => out.push(event),
                Ok(None) => break,
                Err(_) => return (out, true),
            }
        }
    }
    (out, false)
}

/// A BOSH body: what is read is read again from what is written.
pub fn bosh_body(data: &[u8]) {
    if let Ok(body) = Body::parse(data, Limits::AFTER_AUTH) {
        let text = body.to_xml();
        let limits = Limits {
            bytes: usize::MAX >> 1,
            ..Limits::AFTER_AUTH
        };
        let again = Body::parse(text.as_bytes(), limits);
        assert_eq!(again.as_ref(), Ok(&body), "{text}");
    }
}

/// A WebSocket message.
pub fn websocket_message(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = crate::websocket::parse(text, Limits::BEFORE_AUTH);
    }
}

/// Addresses and SASL data: what is read survives being written.
pub fn jid_and_sasl(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(jid) = Jid::parse(text) {
        assert_eq!(Jid::parse(&jid.to_string()), Ok(jid));
    }
    if let Ok(plain) = Plain::decode(text) {
        assert_eq!(Plain::decode(&plain.encode()), Ok(plain));
    }
}
