//! One TCP connection: which of its bytes are messages, and in which version.
//!
//! A connection that was there before the capture, or that the capture lost bytes of, is read on from the next bytes
//! that make sense as a message. A connection that never does is none of CTI and is passed over.

use std::collections::VecDeque;
use std::net::SocketAddr;

use super::packet::Segment;
use super::stream::{Piece, Stream};
use super::{Captured, Options, What};
use crate::frame::{HEADER_LEN, Header};
use crate::{Message, Protocol, decode, frame_len};

/// OPEN_REQ.
const OPEN_REQ: u32 = 3;
/// Bytes among which a first message is looked for in a connection that may be of anything.
const PATIENCE: u64 = 64 << 10;

/// Two ends and what they say.
#[derive(Debug)]
pub(super) struct Conversation {
    /// What each end sends, the first captured first.
    sides: [Side; 2],
    options: Options,
    protocol: Protocol,
    /// Whether it has been seen to be GED-188.
    speaks: bool,
    /// Of the last packet.
    time: i64,
}

#[derive(Debug)]
struct Side {
    from: SocketAddr,
    to: SocketAddr,
    stream: Stream,
    /// Bytes that are no whole message yet.
    buffer: Vec<u8>,
    /// Whether the buffer begins where a message begins.
    in_step: bool,
    /// Bytes passed over since the last message.
    lost: u64,
}

impl Side {
    fn new(from: SocketAddr, to: SocketAddr) -> Self {
        Self {
            from,
            to,
            stream: Stream::default(),
            buffer: Vec::new(),
            in_step: false,
            lost: 0,
        }
    }

    /// The next whole frame. Bytes that are none are dropped and counted.
    fn next_frame(&mut self, protocol: Protocol, speaks: bool) -> Option<Vec<u8>> {
        loop {
            if !self.in_step {
                let skip = self.find(protocol);
                self.buffer.drain(..skip);
                self.lost += skip as u64;
                self.in_step = may_begin(&self.buffer, protocol)?;
            }
            match frame_len(&self.buffer) {
                Ok(Some(len)) if len <= self.buffer.len() => {
                    // The first message decides whether any of this is CTI.
                    if speaks || is_message(&self.buffer, protocol) == Some(true) {
                        return Some(self.buffer.drain(..len).collect());
                    }
                }
                Ok(_) => return None,
                Err(_) => {}
            }
            self.in_step = false;
            self.drop_one();
        }
    }

    /// Bytes before the first place at which a message may begin.
    fn find(&self, protocol: Protocol) -> usize {
        (0..self.buffer.len())
            .find(|skip| {
                let rest = self.buffer.get(*skip..).unwrap_or_default();
                is_message(rest, protocol) != Some(false)
            })
            .unwrap_or(self.buffer.len())
    }

    fn drop_one(&mut self) {
        if !self.buffer.is_empty() {
            self.buffer.remove(0);
            self.lost += 1;
        }
    }
}

/// Whether the buffer begins with a message for sure; `None` while too little of it is there.
fn may_begin(buffer: &[u8], protocol: Protocol) -> Option<bool> {
    is_message(buffer, protocol).filter(|is| *is)
}

/// Whether these bytes begin with a message that makes sense; `None` while they are too few to tell.
fn is_message(bytes: &[u8], protocol: Protocol) -> Option<bool> {
    let Some(header) = Header::parse(bytes) else {
        // No message is so long that its first byte is not 0.
        return (!bytes.is_empty() && bytes.first() != Some(&0)).then_some(false);
    };
    let known = Message::TYPES
        .iter()
        .any(|(number, _)| *number == header.message_type);
    let (true, Ok(Some(len))) = (known, frame_len(bytes)) else {
        return Some(false);
    };
    let (frame, behind) = bytes.split_at_checked(len)?;
    let protocol = version_of(frame).unwrap_or(protocol);
    Some(decode(frame, protocol).is_ok() && is_plausible(behind))
}

/// Whether another message may begin here.
fn is_plausible(bytes: &[u8]) -> bool {
    Header::parse(bytes).is_none_or(|_| frame_len(bytes).is_ok())
}

/// The version that an OPEN_REQ asks for.
fn version_of(frame: &[u8]) -> Option<Protocol> {
    let header = Header::parse(frame)?;
    let (_, rest) = frame.split_at_checked(HEADER_LEN + 4)?;
    let version = u32::from_be_bytes(*rest.first_chunk()?);
    Protocol::new(version).filter(|_| header.message_type == OPEN_REQ)
}

impl Conversation {
    pub(super) fn new(from: SocketAddr, to: SocketAddr, options: Options) -> Self {
        Self {
            sides: [Side::new(from, to), Side::new(to, from)],
            protocol: options.protocol,
            speaks: options.port.is_some(),
            options,
            time: 0,
        }
    }

    pub(super) fn take(
        &mut self,
        time: i64,
        segment: &Segment<'_>,
        ready: &mut VecDeque<Captured>,
    ) {
        self.time = time;
        let mut sequence = segment.sequence;
        let place = self
            .sides
            .iter()
            .position(|side| side.from == segment.from)
            .unwrap_or(0);
        if segment.syn {
            sequence = sequence.wrapping_add(1);
            self.begin(place, segment, ready);
        }
        let Some(side) = self.sides.get_mut(place) else {
            return;
        };
        if !self.speaks && side.lost > PATIENCE {
            return;
        }
        let mut pieces = Vec::new();
        side.stream.take(sequence, segment.data, &mut pieces);
        self.go_on(place, pieces, ready);
    }

    /// Hands out what waits for bytes that never came.
    pub(super) fn end(&mut self, ready: &mut VecDeque<Captured>) {
        for place in 0..self.sides.len() {
            self.end_side(place, ready);
        }
    }

    fn end_side(&mut self, place: usize, ready: &mut VecDeque<Captured>) {
        let mut pieces = Vec::new();
        let Some(side) = self.sides.get_mut(place) else {
            return;
        };
        side.stream.end(&mut pieces);
        self.go_on(place, pieces, ready);
        if let Some(side) = self.sides.get_mut(place) {
            side.lost += side.buffer.len() as u64;
            side.buffer.clear();
        }
        self.tell_lost(place, ready);
    }

    /// A SYN: the side begins, unless it is the same SYN again.
    fn begin(&mut self, place: usize, syn: &Segment<'_>, ready: &mut VecDeque<Captured>) {
        let again = |side: &Side| side.stream.began_with(syn.sequence);
        if self.sides.get(place).is_none_or(again) {
            return;
        }
        self.end_side(place, ready);
        if let Some(side) = self.sides.get_mut(place) {
            side.stream.begin(syn.sequence);
            side.in_step = true;
        }
        // A version of before is another connection's.
        if !syn.ack {
            self.protocol = self.options.protocol;
        }
    }

    fn go_on(&mut self, place: usize, pieces: Vec<Piece>, ready: &mut VecDeque<Captured>) {
        for piece in pieces {
            match piece {
                Piece::Data(data) => {
                    if let Some(side) = self.sides.get_mut(place) {
                        side.buffer.extend_from_slice(&data);
                    }
                    self.cut(place, ready);
                }
                Piece::Gap(bytes) => {
                    if let Some(side) = self.sides.get_mut(place) {
                        side.lost += bytes + side.buffer.len() as u64;
                        side.buffer.clear();
                        side.in_step = false;
                    }
                }
            }
        }
    }

    fn cut(&mut self, place: usize, ready: &mut VecDeque<Captured>) {
        while let Some(side) = self.sides.get_mut(place)
            && let Some(frame) = side.next_frame(self.protocol, self.speaks)
        {
            self.speaks = true;
            self.protocol = version_of(&frame).unwrap_or(self.protocol);
            self.tell_lost(place, ready);
            self.tell(place, What::Frame(frame), ready);
        }
    }

    fn tell_lost(&mut self, place: usize, ready: &mut VecDeque<Captured>) {
        let Some(side) = self.sides.get_mut(place) else {
            return;
        };
        let bytes = std::mem::take(&mut side.lost);
        if bytes > 0 && self.speaks {
            self.tell(place, What::Lost { bytes }, ready);
        }
    }

    fn tell(&self, place: usize, what: What, ready: &mut VecDeque<Captured>) {
        if let Some(side) = self.sides.get(place) {
            ready.push_back(Captured {
                time: self.time,
                from: side.from,
                to: side.to,
                protocol: self.protocol,
                what,
            });
        }
    }
}
