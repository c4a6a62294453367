//! Files, folders and archives as named sources. The only module that does I/O, with what is below it.
//!
//! Listing opens archives and reads the head of each file; nothing is held. A file is read in windows when it is asked
//! for ([`Source::open`]), by plain reads: a log that is cut off while it is read ends there, where a mapping would
//! kill the process. Members of a zip are unpacked as they are read. What can only be read from front to back (a tar)
//! is copied once into a file without a name in the system's folder for temporary files.

mod archive;
mod part;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tact_logline::format::{self, Format};

use archive::Listing;
pub(crate) use part::Part;

/// Most bytes that all archives of one call may unpack to, together. The real server keeps about 4.5 GB of each
/// component's logs before it deletes the oldest (logs.md 1.1).
const MAX_UNPACKED: u64 = 64 << 30;

/// One file.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as given; a member of an archive is `archive!member`.
    pub name: String,
    /// By the first bytes; a file below `clientlogs/` is a client log whatever an uploader put in front.
    pub format: Option<Format>,
    content: Content,
}

/// Where a source's bytes are.
#[derive(Debug, Clone)]
enum Content {
    Memory(Arc<[u8]>),
    File(PathBuf),
    /// A stretch of the spool.
    Spooled(Part),
    /// A compressed file.
    Gz(Box<Content>),
    /// A member of a zip.
    Zip(Box<Content>, usize),
    /// Not read, and why.
    Refused(String),
}

/// Why the input can't be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// A path that can't be opened or unpacked.
    #[error("{path}: {source}")]
    Read {
        /// The path as given.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Nothing to read at all.
    #[error("no files in {0}")]
    Empty(String),
}

impl Content {
    /// As a stretch that can be read at any place; `None` for what must be unpacked.
    fn part(&self) -> io::Result<Option<Part>> {
        Ok(match self {
            Content::Memory(bytes) => Some(Part::memory(Arc::clone(bytes))),
            Content::File(path) => Some(Part::file(fs::File::open(path)?)?),
            Content::Spooled(part) => Some(part.clone()),
            Content::Gz(_) | Content::Zip(..) | Content::Refused(_) => None,
        })
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let packed = |inner: &Content| {
            inner
                .part()?
                .ok_or_else(|| io::Error::other("packed more than once"))
        };
        Ok(match self {
            Content::Gz(inner) => Box::new(archive::gz(packed(inner)?)),
            Content::Zip(inner, index) => archive::zip_member(packed(inner)?, *index)?,
            Content::Refused(why) => return Err(io::Error::other(why.clone())),
            Content::Memory(_) | Content::File(_) | Content::Spooled(_) => {
                Box::new(self.part()?.unwrap_or_else(|| Part::memory(Arc::from([]))))
            }
        })
    }
}

impl Source {
    /// A source of these bytes.
    pub fn new(name: String, bytes: Vec<u8>) -> Source {
        Source::of(name, Content::Memory(bytes.into()))
    }

    /// A source whose format is told by its first bytes.
    fn of(name: String, content: Content) -> Source {
        let mut head = Vec::new();
        let read = content
            .open()
            .and_then(|reader| reader.take(format::HEAD as u64).read_to_end(&mut head));
        let content = match read {
            Ok(_) => content,
            // A running server compresses a log and removes it; the compressed one is read at the next look.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Content::Memory(Arc::from([])),
            Err(error) => Content::Refused(error.to_string()),
        };
        let is_upload = name
            .split(['/', '\\', '!'])
            .any(|part| part == "clientlogs");
        let format = if is_upload {
            Some(Format::Client)
        } else {
            format::sniff(&head)
        };
        Source {
            name,
            format,
            content,
        }
    }

    /// A source that is not read.
    fn refused(name: String, why: String) -> Source {
        Source {
            name,
            format: None,
            content: Content::Refused(why),
        }
    }

    /// Its plain bytes from front to back.
    ///
    /// # Errors
    /// A file that can't be opened; what was refused when it was listed. Reading fails where an archive is damaged or
    /// unpacks to more than any log does.
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.content.open()
    }

    /// Its plain bytes at any place; `None` for what must be unpacked.
    pub(crate) fn part(&self) -> Option<Part> {
        self.content.part().ok().flatten()
    }

    /// True when it holds nothing at all.
    pub fn is_empty(&self) -> bool {
        let mut byte = [0];
        self.open()
            .and_then(|mut reader| reader.read(&mut byte))
            .is_ok_and(|count| count == 0)
    }
}

/// Lists every path, folders recursively, in the order of their names.
///
/// # Errors
/// A path that can't be read, or no file at all. What is wrong inside of a folder or an archive is a source that fails
/// when it is opened, so that the others can be read.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Source>, InputError> {
    read_at_most(paths, MAX_UNPACKED)
}

/// As [`read`] with another bound on what archives may unpack to, bytes.
///
/// # Errors
/// As [`read`], and an archive beyond the bound.
pub fn read_at_most(paths: &[PathBuf], unpacked: u64) -> Result<Vec<Source>, InputError> {
    let mut files = Vec::new();
    for path in paths {
        walk(path, true, &mut files).map_err(|source| failed(path, source))?;
    }
    // A file that is named twice is read once.
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|path| seen.insert(path.clone()));
    let mut listing = Listing::new(unpacked);
    for path in files {
        let name = path.display().to_string();
        let is_named = paths.contains(&path);
        match listing.add(name.clone(), Content::File(path.clone()), 0) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_named => {}
            Err(error) if is_named => return Err(failed(&path, error)),
            Err(error) => listing
                .sources
                .push(Source::refused(name, error.to_string())),
        }
    }
    let sources = listing.sources;
    if sources.is_empty() {
        let given: Vec<_> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return Err(InputError::Empty(given.join(", ")));
    }
    Ok(sources)
}

fn failed(path: &Path, source: io::Error) -> InputError {
    InputError::Read {
        path: path.display().to_string(),
        source,
    }
}

fn walk(path: &Path, is_named: bool, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    if !kind.is_dir() {
        // A pipe or a device may never end.
        return if is_named {
            Err(io::Error::other("neither a file nor a folder"))
        } else {
            Ok(())
        };
    }
    let mut entries = fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    // A link inside a folder could lead back to it.
    for entry in entries.iter().filter(|entry| !entry.is_symlink()) {
        match walk(entry, false, files) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            done => done?,
        }
    }
    Ok(())
}
