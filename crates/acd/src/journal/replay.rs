//! A journal read back: the state it ends in, or every step on the way.

use super::{Damage, OutputDigest, Reader, Record};
use crate::io::{ClientId, Input, Output};
use crate::machine::Acd;

/// A journal that is stepped through.
#[derive(Debug)]
pub struct Replay<'a> {
    reader: Reader<'a>,
    acd: Acd,
    now: i64,
    inputs: u64,
    digest: OutputDigest,
}

/// One record behind the beginning.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "the large one is nearly all there is"
)]
pub enum Step {
    /// The machine was told this; what followed stands in the outputs.
    Input(Input),
    /// What was said by here is compared with what was written down when it happened.
    Check {
        /// Whether it is the same.
        same: bool,
    },
}

impl<'a> Replay<'a> {
    /// Reads the beginning.
    ///
    /// # Errors
    /// There is no state to start from.
    pub fn new(bytes: &'a [u8]) -> Result<Self, Damage> {
        let mut reader = Reader::new(bytes)?;
        let offset = reader.offset();
        match reader.next() {
            Some(Ok(Record::Begin { now, snapshot })) => Ok(Self {
                acd: Acd::restore(snapshot)?,
                reader,
                now,
                inputs: 0,
                digest: OutputDigest::default(),
            }),
            Some(Err(damage)) => Err(damage),
            Some(Ok(_)) | None => Err(Damage::Torn { offset }),
        }
    }

    /// Takes the next record; outputs are appended to `out`. `None` at the end.
    ///
    /// # Errors
    /// The journal cannot be read on. The machine stays as it was before.
    pub fn step(&mut self, out: &mut Vec<Output>) -> Option<Result<Step, Damage>> {
        let record = match self.reader.next()? {
            Ok(record) => record,
            Err(damage) => return Some(Err(damage)),
        };
        Some(Ok(match record {
            Record::Input { now, input } => {
                self.now = now;
                self.inputs += 1;
                let start = out.len();
                self.acd.handle(now, input.clone(), out);
                for output in out.get(start..).unwrap_or_default() {
                    self.digest.add(output);
                }
                Step::Input(input)
            }
            Record::Check { inputs, digest, .. } => Step::Check {
                same: (inputs, digest) == (self.inputs, self.digest.value()),
            },
            // The reader lets no second one through.
            Record::Begin { now, .. } => {
                self.now = now;
                return self.step(out);
            }
        }))
    }

    /// The machine as it is by now.
    pub fn acd(&self) -> &Acd {
        &self.acd
    }

    /// When the last record was written, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Inputs taken so far.
    pub fn inputs(&self) -> u64 {
        self.inputs
    }

    /// Bytes from the beginning to the next record.
    pub fn offset(&self) -> usize {
        self.reader.offset()
    }
}

/// What a journal ends in.
#[derive(Debug)]
pub struct Recovered {
    /// The machine, with the sessions it had.
    pub acd: Acd,
    /// When the last input came, in milliseconds since 1970.
    pub now: i64,
    /// Inputs behind the beginning.
    pub inputs: u64,
    /// The highest number that a client ever had.
    pub last_client: ClientId,
    /// Why it ends before the end of the bytes.
    pub damage: Option<Damage>,
}

/// The state a journal ends in: that of its last whole record in front of any damage.
///
/// # Errors
/// There is no state to start from.
pub fn recover(bytes: &[u8]) -> Result<Recovered, Damage> {
    let mut replay = Replay::new(bytes)?;
    let mut last_client = replay.acd.last_client();
    let mut damage = None;
    let mut out = Vec::new();
    loop {
        out.clear();
        match replay.step(&mut out) {
            None => break,
            Some(Ok(Step::Input(Input::Connected { client, .. }))) => {
                last_client = last_client.max(client);
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                damage = Some(error);
                break;
            }
        }
    }
    Ok(Recovered {
        now: replay.now,
        inputs: replay.inputs,
        acd: replay.acd,
        last_client,
        damage,
    })
}
