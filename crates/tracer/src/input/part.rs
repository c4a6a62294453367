//! A stretch of bytes that can be read at any place, by several threads.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

#[derive(Debug, Clone)]
enum Store {
    Memory(Arc<[u8]>),
    File(Arc<File>),
}

/// A stretch of a file or of memory, with a place in it.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    store: Store,
    from: u64,
    length: u64,
    at: u64,
}

impl Part {
    pub(crate) fn memory(bytes: Arc<[u8]>) -> Part {
        Part {
            from: 0,
            length: bytes.len() as u64,
            at: 0,
            store: Store::Memory(bytes),
        }
    }

    /// All that the file has now. What is appended later is read at the next look.
    pub(crate) fn file(file: File) -> io::Result<Part> {
        let length = file.metadata()?.len();
        Ok(Part::stretch(Arc::new(file), 0, length))
    }

    pub(crate) fn stretch(file: Arc<File>, from: u64, length: u64) -> Part {
        Part {
            store: Store::File(file),
            from,
            length,
            at: 0,
        }
    }

    /// A stretch of this one.
    pub(crate) fn within(&self, from: u64, length: u64) -> Part {
        let from = from.min(self.length);
        Part {
            store: self.store.clone(),
            from: self.from + from,
            length: length.min(self.length - from),
            at: 0,
        }
    }

    /// How many bytes it has.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Reads at this place, as much as there is; 0 at its end, also where the file has become shorter.
    pub(crate) fn read_at(&self, at: u64, out: &mut [u8]) -> io::Result<usize> {
        let left = self.length.saturating_sub(at);
        let most = usize::try_from(left).map_or(out.len(), |left| left.min(out.len()));
        let Some(out) = out.get_mut(..most) else {
            return Ok(0);
        };
        match &self.store {
            Store::Memory(bytes) => {
                let from = usize::try_from(self.from + at).unwrap_or(usize::MAX);
                let Some(found) = bytes.get(from..from.saturating_add(most)) else {
                    return Ok(0);
                };
                out.copy_from_slice(found);
                Ok(most)
            }
            Store::File(file) => loop {
                match file.read_at(out, self.from + at) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    done => return done,
                }
            },
        }
    }
}

impl Read for Part {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.read_at(self.at, out)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Part {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
