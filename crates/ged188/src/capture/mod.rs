//! Messages out of a packet capture of a CTI connection, pcap or pcapng.
//!
//! - `file`: packets out of the file
//! - `packet`: TCP segments out of packets
//! - `stream`: bytes in order out of segments
//! - `conversation`: messages of both directions, and the version they agreed on
//!
//! Everything is bounded by the size of the capture. What the capture lacks is told as a [`What::Lost`]; reading goes
//! on at the next message.

mod conversation;
mod file;
mod packet;
mod stream;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;

pub use file::FileError;

use crate::Protocol;
use conversation::Conversation;
use file::Packets;

/// Bytes at the beginning of a file that tell it from any other.
pub const MAGIC_LEN: usize = 4;

/// Whether a file that begins so may be a capture; shorter beginnings are compared as far as they go.
pub fn may_begin(bytes: &[u8]) -> bool {
    file::MAGICS.iter().any(|magic| {
        let len = bytes.len().min(magic.len());
        bytes.get(..len) == magic.get(..len)
    })
}

/// What is looked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Only connections with this port on one side; otherwise every connection that speaks GED-188.
    pub port: Option<u16>,
    /// The version of connections whose OPEN_REQ is not in the capture.
    pub protocol: Protocol,
}

/// Something that one side of a connection sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// When its last byte was captured, in nanoseconds since 1970; 0 where the capture does not say.
    pub time: i64,
    /// Who sent it.
    pub from: SocketAddr,
    /// To whom.
    pub to: SocketAddr,
    /// The connection's version by then.
    pub protocol: Protocol,
    /// What.
    pub what: What,
}

/// A message, or the lack of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A whole frame, header included. Its body may still be none.
    Frame(Vec<u8>),
    /// Bytes that are in no capture or in no frame.
    Lost {
        /// How many, as far as that is known.
        bytes: u64,
    },
}

/// The messages of a capture, in the order in which they became whole.
#[derive(Debug)]
pub struct Messages<'a> {
    packets: Packets<'a>,
    options: Options,
    /// By the two ends, the lower first.
    conversations: BTreeMap<(SocketAddr, SocketAddr), Conversation>,
    ready: VecDeque<Captured>,
    ended: bool,
}

impl<'a> Messages<'a> {
    /// Reads a whole capture.
    ///
    /// # Errors
    /// It is none.
    pub fn new(bytes: &'a [u8], options: Options) -> Result<Self, FileError> {
        Ok(Self {
            packets: Packets::new(bytes)?,
            options,
            conversations: BTreeMap::new(),
            ready: VecDeque::new(),
            ended: false,
        })
    }

    fn take(&mut self, packet: &file::Packet<'_>) {
        let Some(segment) = packet::segment(packet) else {
            return;
        };
        let (from, to) = (segment.from, segment.to);
        let wanted = self
            .options
            .port
            .is_none_or(|port| from.port() == port || to.port() == port);
        if !wanted {
            return;
        }
        let conversation = self
            .conversations
            .entry((from.min(to), from.max(to)))
            .or_insert_with(|| Conversation::new(from, to, self.options));
        conversation.take(packet.time, &segment, &mut self.ready);
    }

    /// Hands out what waits for bytes that never came.
    fn end(&mut self) {
        self.ended = true;
        for conversation in self.conversations.values_mut() {
            conversation.end(&mut self.ready);
        }
    }
}

impl Iterator for Messages<'_> {
    /// A fault of the file ends it; everything before that has been handed out.
    type Item = Result<Captured, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(captured) = self.ready.pop_front() {
                return Some(Ok(captured));
            }
            if self.ended {
                return self.packets.fault().map(Err);
            }
            match self.packets.next() {
                Some(packet) => self.take(&packet),
                None => self.end(),
            }
        }
    }
}
