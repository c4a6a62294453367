//! Fuzz targets: plain functions over bytes that must not panic, each with an invariant.

use crate::capture::{Messages, Options, What};
use crate::{HEADER_LEN, MAX_MESSAGE_LEN, Protocol, decode, encode, frame_len};

/// A frame under every version: what decodes must encode to the same bytes.
///
/// # Panics
/// The invariant is broken.
pub fn decode_every_version(data: &[u8]) {
    for protocol in Protocol::all() {
        let Ok(message) = decode(data, protocol) else {
            continue;
        };
        let mut bytes = Vec::new();
        assert_eq!(
            encode(&message, protocol, &mut bytes),
            Ok(()),
            "decoded but not encodable"
        );
        assert!(
            bytes == data,
            "protocol {protocol}: {message:?} encodes to other bytes"
        );
        let fixed = message.fields_at(protocol).count();
        assert!(fixed <= data.len(), "more fields than bytes");
    }
}

/// A stream cut into frames: progress at every step, no frame over the bound, the same answer
/// however the bytes arrive.
///
/// # Panics
/// The invariant is broken.
pub fn split_frames(data: &[u8]) {
    let mut rest = data;
    while let Ok(Some(len)) = frame_len(rest) {
        assert!(
            (HEADER_LEN..=MAX_MESSAGE_LEN).contains(&len),
            "frame of {len} bytes"
        );
        let (header, _) = rest.split_at_checked(HEADER_LEN).unwrap_or((rest, &[]));
        assert_eq!(
            frame_len(header),
            Ok(Some(len)),
            "the header alone tells the length"
        );
        let Some((frame, behind)) = rest.split_at_checked(len) else {
            break;
        };
        let _ = decode(frame, Protocol::CURRENT);
        rest = behind;
    }
}

/// A file as a packet capture: it ends, and what it yields are frames no larger than the file.
///
/// # Panics
/// The invariant is broken.
pub fn capture(data: &[u8]) {
    for port in [None, Some(42027)] {
        let options = Options {
            port,
            ..Options::default()
        };
        let Ok(messages) = Messages::new(data, options) else {
            return;
        };
        let mut bytes = 0;
        for captured in messages.flatten() {
            if let What::Frame(frame) = &captured.what {
                assert_eq!(frame_len(frame), Ok(Some(frame.len())), "no whole frame");
                bytes += frame.len();
            }
        }
        assert!(bytes <= data.len(), "more messages than bytes");
    }
}
