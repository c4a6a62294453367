//! Files, folders and archives as named bytes. The only module that does I/O.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tact_logline::format::{self, Format};

/// Most bytes that all compressed files and archives of one call may unpack to, together. The real server keeps about
/// 4.5 GB of logs before it deletes the oldest (logs.md 1.1).
const MAX_UNPACKED: u64 = 4 << 30;
/// Most members of all archives together.
const MAX_MEMBERS: usize = 100_000;

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
    read_at_most(paths, MAX_UNPACKED)
}

/// As [`read`] with another bound on what archives may unpack to, bytes.
///
/// # Errors
/// As [`read`], and an archive beyond the bound.
pub fn read_at_most(paths: &[PathBuf], unpacked: u64) -> Result<Vec<Source>, InputError> {
    let mut files = Vec::new();
    for path in paths {
        walk(path, &mut files).map_err(|source| failed(path, source))?;
    }
    // A file that is named twice is read once.
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|path| seen.insert(path.clone()));
    let mut reading = Reading {
        sources: Vec::new(),
        bytes_left: unpacked,
        members_left: MAX_MEMBERS,
    };
    for path in &files {
        let name = path.display().to_string();
        match fs::read(path) {
            Ok(bytes) => reading
                .member(name, bytes, 0)
                .map_err(|source| failed(path, source))?,
            // A running server compresses a log and removes it; the compressed one is read at the next look.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(path, error)),
        }
    }
    let sources = reading.sources;
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

/// What is read, and how much may still be unpacked.
struct Reading {
    sources: Vec<Source>,
    bytes_left: u64,
    members_left: usize,
}

impl Reading {
    fn unpack(&mut self, reader: impl Read) -> io::Result<Vec<u8>> {
        let refused = |what: String| io::Error::new(io::ErrorKind::FileTooLarge, what);
        self.members_left = self
            .members_left
            .checked_sub(1)
            .ok_or_else(|| refused(format!("more than {MAX_MEMBERS} files in archives")))?;
        let mut bytes = Vec::new();
        // One byte more than allowed tells a file that fits from one that does not.
        let count = reader
            .take(self.bytes_left.saturating_add(1))
            .read_to_end(&mut bytes)?;
        self.bytes_left = self
            .bytes_left
            .checked_sub(count as u64)
            .ok_or_else(|| refused("unpacks to more bytes than are read".to_owned()))?;
        Ok(bytes)
    }

    /// Archives hold archives (logs.md 1.1): two levels deep, then bytes are bytes.
    fn member(&mut self, name: String, bytes: Vec<u8>, depth: u8) -> io::Result<()> {
        let lower = name.to_ascii_lowercase();
        if depth < 3 && (lower.ends_with(".tgz") || lower.ends_with(".tar.gz")) {
            return self.tar_members(&name, flate2::read::MultiGzDecoder::new(&*bytes), depth);
        }
        if depth < 3 && lower.ends_with(".tar") {
            return self.tar_members(&name, &*bytes, depth);
        }
        if depth < 3 && lower.ends_with(".zip") {
            let mut archive =
                zip::ZipArchive::new(io::Cursor::new(&bytes)).map_err(io::Error::other)?;
            for index in 0..archive.len() {
                let file = archive.by_index(index).map_err(io::Error::other)?;
                if file.is_file() {
                    let inner = format!("{name}!{}", file.name().map_err(io::Error::other)?);
                    let unpacked = self.unpack(file)?;
                    self.member(inner, unpacked, depth + 1)?;
                }
            }
            return Ok(());
        }
        if lower.ends_with(".gz") {
            let unpacked = self.unpack(flate2::read::MultiGzDecoder::new(&*bytes))?;
            self.sources.push(Source::new(name, unpacked));
            return Ok(());
        }
        self.sources.push(Source::new(name, bytes));
        Ok(())
    }

    fn tar_members(&mut self, name: &str, reader: impl Read, depth: u8) -> io::Result<()> {
        let mut archive = tar::Archive::new(reader);
        for entry in archive.entries()? {
            let entry = entry?;
            if entry.header().entry_type().is_file() {
                let inner = format!("{name}!{}", entry.path()?.display());
                let unpacked = self.unpack(entry)?;
                self.member(inner, unpacked, depth + 1)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const LINE: &[u8] = b"127.0.0.1 127.0.0.1 - - 80 GET /  HTTP/1.1 302 - 141\n";

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn tgz(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            archive.append_data(&mut header, name, *bytes).unwrap();
        }
        gz(&archive.into_inner().unwrap())
    }

    fn zip_of(name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).unwrap();
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_bundle_is_read_two_levels_deep() {
        let folder = tempfile::tempdir().unwrap();
        let zipped = zip_of("localhost_access_log.txt", LINE);
        let bundle = tgz(&[
            ("tomcat/access.log.zip", &zipped),
            ("tomcat/plain.txt", LINE),
        ]);
        fs::write(folder.path().join("active_1.tgz"), bundle).unwrap();
        fs::write(folder.path().join("rotated.txt.gz"), gz(LINE)).unwrap();
        let sources = read(&[folder.path().to_owned()]).unwrap();
        let ends: Vec<_> = sources
            .iter()
            .map(|source| source.name.rsplit('/').next().unwrap())
            .collect();
        assert_eq!(
            ends,
            [
                "access.log.zip!localhost_access_log.txt",
                "plain.txt",
                "rotated.txt.gz"
            ]
        );
        assert!(sources.iter().all(|source| source.bytes == LINE));
        assert!(
            sources
                .iter()
                .all(|source| source.format == Some(Format::Access))
        );
    }

    #[test]
    fn what_unpacks_to_more_than_is_allowed_is_refused() {
        let bomb = gz(&vec![0; 1 << 20]);
        let mut reading = Reading {
            sources: Vec::new(),
            bytes_left: 1 << 10,
            members_left: 10,
        };
        let error = reading.member("a.log.gz".into(), bomb, 0).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert!(reading.sources.is_empty());
    }

    #[test]
    fn a_damaged_archive_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken.zip");
        fs::write(&path, b"PK no zip").unwrap();
        let error = read(std::slice::from_ref(&path)).unwrap_err();
        assert!(error.to_string().contains("broken.zip"), "{error}");
    }
}
