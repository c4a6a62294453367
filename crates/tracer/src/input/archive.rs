//! Archives: their members as sources, within bounds, and nothing of what an archive could do to its reader.
//!
//! Names are only shown, never opened; yet a member whose name leads out of its folder, a link or a device is refused,
//! because no log bundle has one.

use std::fs::File;
use std::io::{self, BufReader, Read, Write as _};
use std::sync::Arc;

use super::{Content, Part, Source};

/// Most members of all archives together.
const MAX_MEMBERS: usize = 100_000;
/// Archives in archives (logs.md 1.1): a bundle holds compressed folders, these hold compressed logs.
const MAX_DEPTH: u8 = 3;
/// A log shrinks to a tenth or a thirtieth; what unpacks to so many times its size is no log.
const MAX_RATIO: u64 = 250;
/// ... beyond this size, bytes: a short one may well be one line again and again.
const FREE_RATIO: u64 = 16 << 20;
/// Most bytes of one member.
const MAX_MEMBER: u64 = 16 << 30;

fn refused(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, what.into())
}

/// What was found, and how much may still be.
pub(super) struct Listing {
    pub(super) sources: Vec<Source>,
    bytes_left: u64,
    members_left: usize,
    spool: Option<Spool>,
}

/// A file without a name that takes what can't be read again.
struct Spool {
    file: Arc<File>,
    length: u64,
}

impl Listing {
    pub(super) fn new(unpacked: u64) -> Listing {
        Listing {
            sources: Vec::new(),
            bytes_left: unpacked,
            members_left: MAX_MEMBERS,
            spool: None,
        }
    }

    fn count_member(&mut self) -> io::Result<()> {
        self.members_left = self
            .members_left
            .checked_sub(1)
            .ok_or_else(|| refused(format!("more than {MAX_MEMBERS} files in archives")))?;
        Ok(())
    }

    fn count_bytes(&mut self, count: u64) -> io::Result<()> {
        self.bytes_left = self
            .bytes_left
            .checked_sub(count)
            .ok_or_else(|| refused("unpacks to more bytes than are read"))?;
        Ok(())
    }

    /// Adds a file, or the members of an archive; `depth` counts the archives around it.
    pub(super) fn add(&mut self, name: String, content: Content, depth: u8) -> io::Result<()> {
        let lower = name.to_ascii_lowercase();
        let ends = |ends: &[&str]| ends.iter().any(|end| lower.ends_with(end));
        if ends(&[".tgz", ".tar.gz", ".tar", ".zip"]) {
            if depth >= MAX_DEPTH {
                return Err(refused("archives in archives, too many"));
            }
            let Some(part) = content.part()? else {
                return Err(refused("an archive that is compressed once more"));
            };
            return if ends(&[".zip"]) {
                self.zip(&name, content, part, depth)
            } else if ends(&[".tar"]) {
                self.tar(&name, part, depth)
            } else {
                self.tar(&name, gz(part), depth)
            };
        }
        if lower.ends_with(".gz") {
            let Some(part) = content.part()? else {
                return Err(refused("a file that is compressed once more"));
            };
            // Its last bytes say how much comes out; one that lies is found out when it is read.
            let mut said = [0; 4];
            part.read_at(part.length().saturating_sub(4), &mut said)?;
            self.count_bytes(u64::from(u32::from_le_bytes(said)))?;
            // Damage shows at once, so that it can be told which file it is.
            _ = gz(part).read(&mut [0])?;
            let content = Content::Gz(Box::new(content));
            self.sources.push(Source::of(name, content));
            return Ok(());
        }
        self.sources.push(Source::of(name, content));
        Ok(())
    }

    /// Adds a member; what is wrong with it is its own.
    fn member(&mut self, name: String, content: Content, depth: u8) {
        if let Err(error) = self.add(name.clone(), content, depth) {
            self.sources.push(Source::refused(name, error.to_string()));
        }
    }

    fn zip(&mut self, name: &str, content: Content, part: Part, depth: u8) -> io::Result<()> {
        let mut archive = zip::ZipArchive::new(BufReader::new(part)).map_err(io::Error::other)?;
        for index in 0..archive.len() {
            self.count_member()?;
            let (inner, size, packed, trick) = {
                let file = archive.by_index_raw(index).map_err(io::Error::other)?;
                if file.is_dir() {
                    continue;
                }
                let inner = file.name().map_err(io::Error::other)?.into_owned();
                let trick = if file.is_symlink() {
                    Some("a link in an archive".to_owned())
                } else {
                    trick(&inner)
                };
                (inner, file.size(), file.compressed_size(), trick)
            };
            let inner_name = format!("{name}!{inner}");
            if let Some(why) = trick {
                self.sources.push(Source::refused(inner_name, why));
                continue;
            }
            self.count_bytes(size)?;
            if size > FREE_RATIO && size / MAX_RATIO > packed {
                let why = "unpacks to far more than any log does".to_owned();
                self.sources.push(Source::refused(inner_name, why));
                continue;
            }
            let member = Content::Zip(Box::new(content.clone()), index);
            if is_packed(&inner) {
                // An archive must be sought in, which a stream that is being unpacked can't.
                let spooled = member.open().and_then(|reader| self.spool(reader));
                match spooled {
                    Ok(part) => self.member(inner_name, Content::Spooled(part), depth + 1),
                    Err(error) => self
                        .sources
                        .push(Source::refused(inner_name, error.to_string())),
                }
            } else {
                self.member(inner_name, member, depth + 1);
            }
        }
        Ok(())
    }

    fn tar(&mut self, name: &str, reader: impl Read, depth: u8) -> io::Result<()> {
        let mut archive = tar::Archive::new(BufReader::with_capacity(1 << 18, reader));
        for entry in archive.entries()? {
            let entry = entry?;
            self.count_member()?;
            let kind = entry.header().entry_type();
            let inner = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let inner_name = format!("{name}!{inner}");
            if kind.is_dir() {
                continue;
            }
            let trick = if kind.is_file() || kind.is_contiguous() {
                trick(&inner)
            } else {
                Some("a link, a device or a pipe in an archive".to_owned())
            };
            if let Some(why) = trick {
                self.sources.push(Source::refused(inner_name, why));
                continue;
            }
            let part = self.spool(entry)?;
            self.member(inner_name, Content::Spooled(part), depth + 1);
        }
        Ok(())
    }

    /// Copies all of it behind what is in the spool already.
    fn spool(&mut self, mut reader: impl Read) -> io::Result<Part> {
        let spool = match self.spool.take() {
            Some(spool) => spool,
            None => Spool {
                file: Arc::new(tempfile::tempfile()?),
                length: 0,
            },
        };
        let (file, from) = (Arc::clone(&spool.file), spool.length);
        let spool = self.spool.insert(spool);
        let mut buffer = vec![0; 1 << 18];
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.bytes_left = self
                .bytes_left
                .checked_sub(count as u64)
                .ok_or_else(|| refused("unpacks to more bytes than are read"))?;
            (&*spool.file).write_all(buffer.get(..count).unwrap_or_default())?;
            spool.length += count as u64;
        }
        Ok(Part::stretch(file, from, spool.length - from))
    }
}

fn is_packed(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".tgz", ".tar", ".gz", ".zip"]
        .iter()
        .any(|end| lower.ends_with(end))
}

/// Why a member's name is one that no bundle has.
fn trick(name: &str) -> Option<String> {
    let is_absolute = name.starts_with(['/', '\\']) || name.get(1..2) == Some(":");
    let leads_out = name.split(['/', '\\']).any(|part| part == "..");
    (is_absolute || leads_out || name.contains('\0'))
        .then(|| "a name that leads out of its archive".to_owned())
}

/// Unpacks a compressed file.
pub(super) fn gz(part: Part) -> impl Read + Send {
    let packed = part.length();
    let reader = flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, part));
    Bounded {
        reader,
        out: 0,
        packed,
    }
}

/// Unpacks a member of a zip. The archive's directory is read again, so that a list holds no open file.
pub(super) fn zip_member(part: Part, index: usize) -> io::Result<Box<dyn Read + Send>> {
    let mut archive =
        zip::ZipArchive::new(BufReader::new(part.clone())).map_err(io::Error::other)?;
    let file = archive.by_index_raw(index).map_err(io::Error::other)?;
    let (start, packed) = (file.data_start(), file.compressed_size());
    let method = file.compression();
    if file.encrypted() {
        return Err(io::Error::other("encrypted"));
    }
    drop(file);
    let start = start.ok_or_else(|| io::Error::other("a member without a place"))?;
    let stretch = part.within(start, packed);
    let reader: Box<dyn Read + Send> = match method {
        zip::CompressionMethod::Stored => Box::new(stretch),
        zip::CompressionMethod::Deflated => Box::new(flate2::bufread::DeflateDecoder::new(
            BufReader::with_capacity(1 << 16, stretch),
        )),
        other => {
            return Err(io::Error::other(format!(
                "{other}: not a known compression"
            )));
        }
    };
    Ok(Box::new(Bounded {
        reader,
        out: 0,
        packed,
    }))
}

/// Ends with an error where more comes out than any log would give.
struct Bounded<R> {
    reader: R,
    out: u64,
    packed: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(out)?;
        self.out += count as u64;
        let is_bomb = self.out > FREE_RATIO && self.out / MAX_RATIO > self.packed;
        if is_bomb || self.out > MAX_MEMBER {
            return Err(refused("unpacks to far more than any log does"));
        }
        Ok(count)
    }
}
