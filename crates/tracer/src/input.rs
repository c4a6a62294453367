//! Files, folders and archives as named bytes. The only module that does I/O.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tact_logline::format::{self, Format};

/// Most bytes that one compressed member may unpack to: a 100 MB log of the real server many times over.
const MAX_UNPACKED: u64 = 4 << 30;

/// One file with its bytes.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as given; a member of an archive is `archive!member`.
    pub name: String,
    /// The plain bytes.
    pub bytes: Vec<u8>,
    /// By the first bytes; a file below `clientlogs/` is a client log whatever an uploader put in front.
    pub format: Option<Format>,
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

impl Source {
    /// A source of these bytes.
    pub fn new(name: String, bytes: Vec<u8>) -> Source {
        let is_upload = name
            .split(['/', '\\', '!'])
            .any(|part| part == "clientlogs");
        let format = if is_upload {
            Some(Format::Client)
        } else {
            format::sniff(&bytes)
        };
        Source {
            name,
            bytes,
            format,
        }
    }
}

/// Reads every path, folders recursively, in the order of their names.
///
/// # Errors
/// A path that can't be read, or no file at all.
pub fn read(paths: &[PathBuf]) -> Result<Vec<Source>, InputError> {
    let mut files = Vec::new();
    for path in paths {
        walk(path, &mut files).map_err(|source| failed(path, source))?;
    }
    files.dedup();
    let mut sources = Vec::new();
    for path in &files {
        open(path, &mut sources).map_err(|source| failed(path, source))?;
    }
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

fn walk(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    // A link inside a folder could lead back to it.
    entries
        .into_iter()
        .filter(|entry| !entry.is_symlink())
        .try_for_each(|entry| walk(&entry, files))
}

fn unpack(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_UNPACKED).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn open(path: &Path, sources: &mut Vec<Source>) -> io::Result<()> {
    let name = path.display().to_string();
    member(name, fs::read(path)?, 0, sources)
}

/// Archives hold archives (logs.md 1.1): two levels deep, then bytes are bytes.
fn member(name: String, bytes: Vec<u8>, depth: u8, sources: &mut Vec<Source>) -> io::Result<()> {
    let lower = name.to_ascii_lowercase();
    if depth < 3 && (lower.ends_with(".tgz") || lower.ends_with(".tar.gz")) {
        return tar_members(
            &name,
            flate2::read::MultiGzDecoder::new(&*bytes),
            depth,
            sources,
        );
    }
    if depth < 3 && lower.ends_with(".tar") {
        return tar_members(&name, &*bytes, depth, sources);
    }
    if depth < 3 && lower.ends_with(".zip") {
        let mut archive =
            zip::ZipArchive::new(io::Cursor::new(&bytes)).map_err(io::Error::other)?;
        for index in 0..archive.len() {
            let file = archive.by_index(index).map_err(io::Error::other)?;
            if file.is_file() {
                let inner = format!("{name}!{}", file.name().map_err(io::Error::other)?);
                member(inner, unpack(file)?, depth + 1, sources)?;
            }
        }
        return Ok(());
    }
    if lower.ends_with(".gz") {
        sources.push(Source::new(
            name,
            unpack(flate2::read::MultiGzDecoder::new(&*bytes))?,
        ));
        return Ok(());
    }
    sources.push(Source::new(name, bytes));
    Ok(())
}

fn tar_members(
    name: &str,
    reader: impl Read,
    depth: u8,
    sources: &mut Vec<Source>,
) -> io::Result<()> {
    let mut archive = tar::Archive::new(reader);
    for entry in archive.entries()? {
        let entry = entry?;
        if entry.header().entry_type().is_file() {
            let inner = format!("{name}!{}", entry.path()?.display());
            member(inner, unpack(entry)?, depth + 1, sources)?;
        }
    }
    Ok(())
}
