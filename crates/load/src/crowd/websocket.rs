//! WebSocket as a client speaks it (RFC 6455), for text messages only: the upgrade and frames, as bytes.

use super::scan::NotXml;

/// The key of RFC 6455's example, and the only answer to it. It is no secret, it only keeps caches away.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// The longest message that is read, bytes.
const MAX_MESSAGE: usize = 1 << 20;

/// The request that asks for the `xmpp` protocol.
pub(super) fn upgrade(authority: &str, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
    )
}

/// Whether the head of an answer grants the upgrade.
pub(super) fn is_granted(head: &str) -> bool {
    let mut lines = head.split("\r\n");
    lines
        .next()
        .is_some_and(|status| status.starts_with("HTTP/1.1 101"))
        && lines.any(|line| {
            line.split_once(':').is_some_and(|(name, value)| {
                name.eq_ignore_ascii_case("sec-websocket-accept") && value.trim() == ACCEPT
            })
        })
}

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text message, or a part of one.
    Text {
        /// True for the last part.
        last: bool,
    },
    /// To be answered with a pong.
    Ping,
    /// An answer to a ping.
    Pong,
    /// The end.
    Close,
}

/// A frame that a server sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// What it carries.
    pub(super) payload: &'a [u8],
    /// Bytes that it took, head included.
    pub(super) length: usize,
}

/// The first frame of `bytes`; `None` while its end is missing.
pub(super) fn frame(bytes: &[u8]) -> Result<Option<Frame<'_>>, NotXml> {
    let (Some(first), Some(second)) = (bytes.first(), bytes.get(1)) else {
        return Ok(None);
    };
    let (head, length) = match second {
        0..=125 => (2, u64::from(*second)),
        126 => match bytes.get(2..4).and_then(|bytes| bytes.try_into().ok()) {
            Some(length) => (4, u64::from(u16::from_be_bytes(length))),
            None => return Ok(None),
        },
        127 => match bytes.get(2..10).and_then(|bytes| bytes.try_into().ok()) {
            Some(length) => (10, u64::from_be_bytes(length)),
            None => return Ok(None),
        },
        // Only clients mask.
        _ => return Err(NotXml),
    };
    let length = usize::try_from(length).map_err(|_| NotXml)?;
    if length > MAX_MESSAGE {
        return Err(NotXml);
    }
    let Some(payload) = bytes.get(head..head + length) else {
        return Ok(None);
    };
    let last = first & 0x80 != 0;
    let kind = match first & 0x0f {
        0 | 1 => Kind::Text { last },
        8 => Kind::Close,
        9 => Kind::Ping,
        10 => Kind::Pong,
        _ => return Err(NotXml),
    };
    Ok(Some(Frame {
        kind,
        payload,
        length: head + length,
    }))
}

/// Appends a text message.
pub(super) fn text(payload: &str, out: &mut Vec<u8>) {
    write(0x81, payload.as_bytes(), out);
}

/// Appends the answer to a ping.
pub(super) fn pong(payload: &[u8], out: &mut Vec<u8>) {
    write(0x8a, payload, out);
}

/// Appends the end.
pub(super) fn close(out: &mut Vec<u8>) {
    write(0x88, &[], out);
}

/// Masked, as every client's frame, with zeros: they change nothing here and cost the server what any mask costs.
fn write(first: u8, payload: &[u8], out: &mut Vec<u8>) {
    out.push(first);
    let length = payload.len();
    if let Ok(short @ 0..=125) = u8::try_from(length) {
        out.push(0x80 | short);
    } else if let Ok(medium) = u16::try_from(length) {
        out.push(0x80 | 126);
        out.extend_from_slice(&medium.to_be_bytes());
    } else {
        out.push(0x80 | 127);
        out.extend_from_slice(&u64::try_from(length).unwrap_or_default().to_be_bytes());
    }
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_length_are_read() {
        for length in [0_usize, 1, 125, 126, 300, 65_535, 65_536] {
            let mut bytes = Vec::new();
            text(&"x".repeat(length), &mut bytes);
            // As a server would send it: without the mask.
            bytes[1] &= 0x7f;
            let head = bytes.len() - length - 4;
            bytes.drain(head..head + 4);
            assert_eq!(frame(&bytes[..bytes.len() - 1]), Ok(None));
            bytes.push(0);
            let read = frame(&bytes).unwrap().unwrap();
            assert_eq!(read.kind, Kind::Text { last: true });
            assert_eq!((read.payload.len(), read.length), (length, bytes.len() - 1));
        }
    }

    #[test]
    fn only_the_answer_to_our_key_grants_the_upgrade() {
        let head = format!("HTTP/1.1 101 Switching\r\nsec-websocket-ACCEPT: {ACCEPT}\r\n\r\n");
        assert!(is_granted(&head));
        assert!(!is_granted(&head.replace("s3p", "s4p")));
        assert!(!is_granted(&head.replace("101", "200")));
    }
}
