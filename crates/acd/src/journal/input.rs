//! A message as the journal keeps it: client, version, and the bytes of the wire.
//!
//! Passwords are blotted out: the machine does not look at them, and a file must not hold them.

use tact_ged188::{Message, Protocol, Tag, decode, encode};

use super::WriteError;
use crate::io::{ClientId, Input};
use crate::machine::Acd;

/// What stands for each byte of a password.
const BLOT: u8 = b'*';

impl Acd {
    /// The version of each open session.
    pub fn versions(&self) -> impl Iterator<Item = (ClientId, Protocol)> {
        self.sessions
            .keys()
            .filter_map(|client| Some((client, self.protocol_of(client)?)))
    }

    /// The version of a client's session.
    pub(crate) fn protocol_of(&self, client: ClientId) -> Option<Protocol> {
        self.session(client).map(|session| session.protocol)
    }
}

/// Four bytes client, one byte version, the message in that version.
pub(super) fn write_message(
    client: ClientId,
    message: &Message,
    session: Option<Protocol>,
    out: &mut Vec<u8>,
) -> Result<(), WriteError> {
    let protocol = match message {
        // It may be written in another width than it names, and has one layout in all versions.
        Message::OpenReq(_) => Protocol::CURRENT,
        _ => session.unwrap_or_default(),
    };
    out.extend_from_slice(&client.0.to_be_bytes());
    out.push(u8::try_from(protocol.number()).unwrap_or_default());
    let start = out.len();
    encode(message, protocol, out)?;
    if let Some(frame) = out.get_mut(start..) {
        blot(message, protocol, frame);
    }
    Ok(())
}

pub(super) fn read_message(body: &[u8]) -> Result<Input, String> {
    let cut = || "its payload is cut short".to_owned();
    let (client, body) = body.split_first_chunk::<4>().ok_or_else(cut)?;
    let (version, frame) = body.split_first().ok_or_else(cut)?;
    let protocol = Protocol::new(u32::from(*version))
        .ok_or_else(|| format!("a message of version {version}"))?;
    Ok(Input::Message {
        client: ClientId(u32::from_be_bytes(*client)),
        message: decode(frame, protocol).map_err(|error| error.to_string())?,
    })
}

/// Overwrites the values of secret floats, which stand at the end of the frame in the order of the message.
fn blot(message: &Message, protocol: Protocol, frame: &mut [u8]) {
    let Some(floats) = message.floats() else {
        return;
    };
    if !floats.iter().any(|(tag, _)| tag.is_secret()) {
        return;
    }
    let head = 2 * protocol.tag_width();
    let written = |tag: Tag| head == 4 || tag.0 <= u16::from(u8::MAX);
    let mut at = frame.len();
    for (tag, value) in floats.iter().filter(|(tag, _)| written(*tag)) {
        let _ = tag;
        at = at.saturating_sub(head + value.len());
    }
    for (tag, value) in floats.iter().filter(|(tag, _)| written(*tag)) {
        at += head;
        let end = at + value.len();
        if tag.is_secret() {
            for byte in frame.get_mut(at..end).unwrap_or_default() {
                if *byte != 0 {
                    *byte = BLOT;
                }
            }
        }
        at = end;
    }
}
