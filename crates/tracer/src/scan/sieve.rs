//! Where a log tells of one agent's logins: the id is searched for, and only what lies around its sign-ins is read.

use std::io;
use std::ops::Range;

use tact_logline::webservices::start::MARK;

use super::{Sizes, label};
use crate::input::Part;

/// A record lies within this many bytes.
const NEAR: usize = 4 << 10;

/// What one range of a log says of the agent.
#[derive(Debug, Default)]
pub(super) struct Sieved {
    /// Line ends of each block.
    pub(super) lines: Vec<u64>,
    /// Where the agent signs in or out.
    pub(super) places: Vec<u64>,
    /// The time of the last record: whether a log goes on behind a login matters to it.
    pub(super) newest: Option<i64>,
}

/// Looks for the agent between two places, block by block.
pub(super) fn sieve(
    part: &Part,
    range: Range<u64>,
    agent: &str,
    sizes: &Sizes,
) -> io::Result<Sieved> {
    let mut found = Sieved::default();
    let finder = memchr::memmem::Finder::new(agent);
    let block = usize::try_from(sizes.block).unwrap_or(usize::MAX);
    // Behind each block enough is read to know the record that begins at its end.
    let mut buffer = vec![0; block.saturating_add(NEAR)];
    let mut at = range.start;
    while at < range.end {
        let count = part.read_at(at, &mut buffer)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        let own = bytes.get(..block).unwrap_or(bytes);
        found
            .lines
            .push(memchr::memchr_iter(b'\n', own).count() as u64);
        for hit in finder.find_iter(bytes).take_while(|hit| *hit < own.len()) {
            if matters(bytes, hit) {
                found.places.push(at + hit as u64);
            }
        }
        at += own.len() as u64;
        if at >= range.end || at >= part.length() {
            let mark = memchr::memmem::rfind(bytes, MARK);
            found.newest = mark.and_then(|mark| label::at(bytes, mark));
        }
    }
    Ok(found)
}

/// True when the record around a hit is one of a sign-in or a sign-out. One whose mark lies in the block before is
/// looked at too: nothing is missed, at most something is read that need not be.
fn matters(bytes: &[u8], hit: usize) -> bool {
    let from = hit.saturating_sub(NEAR);
    let before = bytes.get(from..hit).unwrap_or_default();
    let Some(mark) = memchr::memmem::rfind(before, MARK) else {
        return from == 0;
    };
    let record = bytes.get(from + mark..).unwrap_or_default();
    let Some(label) = label::label(record) else {
        return true;
    };
    let behind = bytes
        .get(hit..(hit + NEAR).min(bytes.len()))
        .unwrap_or_default();
    let end = memchr::memchr(b'\n', behind).unwrap_or(behind.len());
    let text = bytes.get(from + mark..hit + end).unwrap_or_default();
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    match label.mnemonic {
        b"API_REQUEST" => has(b"state:LOGIN"),
        b"MESSAGE_TO_CTI_SERVER" => has(b"agentstate : 0,"),
        b"DECODED_MESSAGE_FROM_CTI_SERVER" => has(b", agentState=1"),
        b"PRESENCE_NOTIFICATION_RECIEVED" | b"API_ERROR_DETAIL" => true,
        _ => false,
    }
}

/// The stretches around the places, in order, each of whole blocks and apart from the others.
pub(super) fn around(places: &[u64], length: u64, sizes: &Sizes) -> Vec<Range<u64>> {
    let mut stretches: Vec<Range<u64>> = Vec::new();
    for place in places {
        let from = place.saturating_sub(sizes.before) / sizes.block * sizes.block;
        let end = place.saturating_add(sizes.behind).min(length);
        match stretches.last_mut() {
            Some(last) if last.end >= from => last.end = last.end.max(end),
            _ => stretches.push(from..end),
        }
    }
    stretches
}
