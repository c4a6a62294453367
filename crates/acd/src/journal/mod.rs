//! The journal: a state and everything the machine was told since, as bytes that outlive the process.
//!
//! Inputs are written before they are stepped. So the state and the inputs behind it give the present
//! state after a crash, and the same outputs when they are replayed (acd-and-telephony, I-26 and I-31).
//! Knows bytes; files are the server's business.
//!
//! A journal is [`MAGIC`] and then records. All numbers are big-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | length of the payload |
//! | 4 | CRC-32 of length and payload |
//! | 1 | kind: 1 begin, 2 message, 3 other input, 4 check |
//! | 8 | milliseconds since 1970 |
//! | … | begin: the state; message: see `input`; other input: MessagePack; check: 8 bytes inputs so far, 4 bytes digest of all outputs so far |
//!
//! The first record, and no other, is a begin.

mod digest;
mod input;
mod replay;

use crate::io::Input;
use crate::machine::Acd;
use crate::snapshot::SnapshotError;

pub use digest::OutputDigest;
pub use replay::{Recovered, Replay, Step, recover};

/// What a journal begins with; the last byte counts versions of the format.
pub const MAGIC: [u8; 8] = *b"TACTACD\x01";

/// Length and checksum in front of a payload.
const HEAD_LEN: usize = 8;
/// Kind and time at the beginning of every payload.
const STAMP_LEN: usize = 9;
/// Longest payload of anything but a begin: the longest message with what stands around it.
const MAX_PAYLOAD: usize = 64 << 10;
/// How far behind a broken record another one is looked for: more than one write can tear.
const SCAN: usize = 1 << 20;

const BEGIN: u8 = 1;
const MESSAGE: u8 = 2;
const OTHER: u8 = 3;
const CHECK: u8 = 4;

/// Why something cannot be written to a journal. Nothing that came over a wire is refused.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The message has no bytes.
    #[error("the message cannot be encoded: {0}")]
    Message(#[from] tact_ged188::EncodeError),
    /// The input or the state cannot be spelt.
    #[error(transparent)]
    Spelling(#[from] rmp_serde::encode::Error),
    /// Longer than a record can be.
    #[error("a record of {0} bytes is too long for the journal")]
    TooLong(usize),
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub enum Record<'a> {
    /// The state that everything behind it starts from; see [`Acd::restore`].
    Begin {
        /// When it was taken.
        now: i64,
        /// The state.
        snapshot: &'a [u8],
    },
    /// The machine was told this.
    Input {
        /// When.
        now: i64,
        /// What.
        input: Input,
    },
    /// What the machine had said by here.
    Check {
        /// When it was written.
        now: i64,
        /// Inputs since the begin.
        inputs: u64,
        /// [`OutputDigest`] of what followed from them.
        digest: u32,
    },
}

/// Where a journal cannot be read on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// No journal of this format.
    #[error("not a journal of this version of Tact")]
    Magic,
    /// The last record was not written to its end: the process or the machine stopped there. What
    /// stands before it is whole.
    #[error("the last record, at offset {offset}, was not written to its end")]
    Torn {
        /// Where it begins.
        offset: usize,
    },
    /// A record is not what was written, and others stand behind it.
    #[error("the record at offset {offset} is damaged: {what}")]
    Record {
        /// Where it begins.
        offset: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The state at the beginning cannot be read.
    #[error("the state at the beginning cannot be read: {0}")]
    Snapshot(#[from] SnapshotError),
}

/// Begins a journal: what it begins with and the machine's present state.
///
/// # Errors
/// The state cannot be spelt.
pub fn begin(acd: &Acd, now: i64, out: &mut Vec<u8>) -> Result<(), WriteError> {
    let snapshot = acd.snapshot()?;
    out.extend_from_slice(&MAGIC);
    record(BEGIN, now, out, |out| {
        out.extend_from_slice(&snapshot);
        Ok(())
    })
}

/// Appends what `acd` is about to be told. On error nothing is appended.
///
/// # Errors
/// The input cannot be spelt; none that came over a wire.
pub fn append_input(
    acd: &Acd,
    now: i64,
    input: &Input,
    out: &mut Vec<u8>,
) -> Result<(), WriteError> {
    match input {
        Input::Message { client, message } => record(MESSAGE, now, out, |out| {
            input::write_message(*client, message, acd.protocol_of(*client), out)
        }),
        other => record(OTHER, now, out, |out| {
            Ok(rmp_serde::encode::write_named(out, other)?)
        }),
    }
}

/// Appends what the machine has said so far, for replay to compare.
pub fn append_check(now: i64, inputs: u64, digest: u32, out: &mut Vec<u8>) {
    let written = record(CHECK, now, out, |out| {
        out.extend_from_slice(&inputs.to_be_bytes());
        out.extend_from_slice(&digest.to_be_bytes());
        Ok(())
    });
    debug_assert!(written.is_ok(), "a few bytes fit a record");
}

/// Appends a record whose payload `write` appends.
fn record(
    kind: u8,
    now: i64,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD_LEN]);
    out.push(kind);
    out.extend_from_slice(&now.to_be_bytes());
    let written = write(out).and_then(|()| seal(kind, start, out));
    if written.is_err() {
        out.truncate(start);
    }
    written
}

/// Fills in the length and the checksum of the record that begins at `start`.
fn seal(kind: u8, start: usize, out: &mut [u8]) -> Result<(), WriteError> {
    let len = out.len().saturating_sub(start + HEAD_LEN);
    let too_long = WriteError::TooLong(len);
    if kind != BEGIN && len > MAX_PAYLOAD {
        return Err(too_long);
    }
    let (Ok(length), Some((head, payload))) = (
        u32::try_from(len),
        out.get_mut(start..)
            .and_then(|record| record.split_first_chunk_mut::<HEAD_LEN>()),
    ) else {
        return Err(too_long);
    };
    let length = length.to_be_bytes();
    let sum = checksum(length, payload).to_be_bytes();
    let [l0, l1, l2, l3] = length;
    let [s0, s1, s2, s3] = sum;
    *head = [l0, l1, l2, l3, s0, s1, s2, s3];
    Ok(())
}

fn checksum(length: [u8; 4], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length);
    hasher.update(payload);
    hasher.finalize()
}

/// The payload of the record at the beginning of `bytes` and the bytes behind it; `None` when none is there whole.
fn whole(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (sum, rest) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (payload, rest) = rest.split_at_checked(len)?;
    let kind = *payload.first()?;
    let fits = matches!(kind, BEGIN..=CHECK) && (kind == BEGIN || len <= MAX_PAYLOAD);
    (fits && len >= STAMP_LEN && checksum(*length, payload) == u32::from_be_bytes(*sum))
        .then_some((payload, rest))
}

/// The records of a journal, and where it breaks off.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    broken: bool,
}

impl<'a> Reader<'a> {
    /// Reads a whole journal.
    ///
    /// # Errors
    /// It does not begin as one.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Damage> {
        if !bytes.starts_with(&MAGIC) {
            return Err(Damage::Magic);
        }
        Ok(Self {
            bytes,
            at: MAGIC.len(),
            broken: false,
        })
    }

    /// Bytes from the beginning to the next record.
    pub fn offset(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// What is wrong where no whole record is: a torn one has nothing whole behind it.
    fn damage(&self) -> Damage {
        let rest = self.rest();
        let offset = self.at;
        let behind = (1..rest.len().min(SCAN))
            .find(|skip| rest.get(*skip..).is_some_and(|rest| whole(rest).is_some()));
        match behind {
            Some(skip) => Damage::Record {
                offset,
                what: format!(
                    "its checksum does not match, the next one is at {}",
                    offset + skip
                ),
            },
            None if rest.len() > SCAN && offset > MAGIC.len() => Damage::Record {
                offset,
                what: format!("no record in the next {SCAN} bytes"),
            },
            None => Damage::Torn { offset },
        }
    }

    fn parse(&self, payload: &'a [u8]) -> Result<Record<'a>, String> {
        let cut = || "its payload is cut short".to_owned();
        let (kind, rest) = payload.split_first().ok_or_else(cut)?;
        let (now, body) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
        let now = i64::from_be_bytes(*now);
        let first = self.at == MAGIC.len();
        match *kind {
            BEGIN if first => Ok(Record::Begin {
                now,
                snapshot: body,
            }),
            BEGIN => Err("a second beginning".to_owned()),
            _ if first => Err("a journal without a beginning".to_owned()),
            MESSAGE => {
                let input = input::read_message(body)?;
                Ok(Record::Input { now, input })
            }
            OTHER => {
                let input = rmp_serde::from_slice(body).map_err(|error| error.to_string())?;
                Ok(Record::Input { now, input })
            }
            _ => {
                let (inputs, body) = body.split_first_chunk::<8>().ok_or_else(cut)?;
                let (digest, _) = body.split_first_chunk::<4>().ok_or_else(cut)?;
                Ok(Record::Check {
                    now,
                    inputs: u64::from_be_bytes(*inputs),
                    digest: u32::from_be_bytes(*digest),
                })
            }
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Record<'a>, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest();
        if rest.is_empty() || self.broken {
            return None;
        }
        let Some((payload, behind)) = whole(rest) else {
            self.broken = true;
            return Some(Err(self.damage()));
        };
        let record = self.parse(payload).map_err(|what| Damage::Record {
            offset: self.at,
            what,
        });
        self.broken = record.is_err();
        self.at = self.bytes.len().saturating_sub(behind.len());
        Some(record)
    }
}
