//! One log file that starts anew when it is too large or the day changes; finished files are compressed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::clock;

/// How the files of one log are called.
#[derive(Debug, Clone, Copy)]
pub(super) enum Naming {
    /// `realm.log`; a finished file becomes `realm.<start>.log.gz`.
    Fixed(&'static str),
    /// `Desktop-webservices.<start>.log`.
    Start(&'static str, &'static str),
    /// `localhost_access_log.<date>.txt`, a second one of the day with its start time.
    Daily(&'static str, &'static str),
}

impl Naming {
    pub(super) const fn fixed(name: &'static str) -> Naming {
        Naming::Fixed(name)
    }
    pub(super) const fn start(prefix: &'static str, suffix: &'static str) -> Naming {
        Naming::Start(prefix, suffix)
    }
    pub(super) const fn daily(prefix: &'static str, suffix: &'static str) -> Naming {
        Naming::Daily(prefix, suffix)
    }

    fn current(self, now: i64) -> String {
        match self {
            Naming::Fixed(name) => name.to_owned(),
            Naming::Start(prefix, suffix) => {
                format!("{prefix}{}{suffix}", clock::file_stamp(now))
            }
            Naming::Daily(prefix, suffix) => {
                format!("{prefix}{}{suffix}", clock::file_date(now))
            }
        }
    }

    /// The name under which a finished file is kept, before compression.
    fn finished(self, current: &str, now: i64) -> String {
        match self {
            Naming::Start(..) => current.to_owned(),
            Naming::Fixed(name) => match name.rsplit_once('.') {
                Some((stem, extension)) => {
                    format!("{stem}.{}.{extension}", clock::file_stamp(now))
                }
                None => format!("{name}.{}", clock::file_stamp(now)),
            },
            Naming::Daily(prefix, suffix) => {
                format!("{prefix}{}{suffix}", clock::file_stamp(now))
            }
        }
    }

    fn owns(self, name: &str) -> bool {
        let (start, end) = match self {
            Naming::Fixed(name) => match name.rsplit_once('.') {
                Some((stem, extension)) => (stem, extension),
                None => (name, ""),
            },
            Naming::Start(prefix, suffix) | Naming::Daily(prefix, suffix) => (prefix, suffix),
        };
        name.strip_suffix(".gz")
            .is_some_and(|rest| rest.starts_with(start) && rest.ends_with(end))
    }
}

/// A log file and the rule by which it is followed by the next.
#[derive(Debug)]
pub(super) struct RollingFile {
    folder: PathBuf,
    naming: Naming,
    max_bytes: u64,
    max_files: usize,
    path: PathBuf,
    day: String,
    file: File,
    bytes: u64,
}

impl RollingFile {
    /// Opens the file for appending, so that a restart loses nothing.
    pub(super) fn open(
        folder: &Path,
        naming: Naming,
        now: i64,
        max_bytes: u64,
        max_files: usize,
    ) -> io::Result<RollingFile> {
        fs::create_dir_all(folder)?;
        let path = folder.join(naming.current(now));
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let bytes = file.metadata()?.len();
        Ok(RollingFile {
            folder: folder.to_owned(),
            naming,
            max_bytes,
            max_files,
            path,
            day: clock::file_date(now),
            file,
            bytes,
        })
    }

    /// The file that is being written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends whole lines.
    pub(super) fn write(&mut self, text: &[u8], now: i64) -> io::Result<()> {
        if matches!(self.naming, Naming::Daily(..)) && self.day != clock::file_date(now) {
            self.start_next(now, false)?;
        }
        if text.is_empty() {
            return Ok(());
        }
        if self.bytes > 0 && self.bytes + text.len() as u64 > self.max_bytes {
            self.start_next(now, true)?;
        }
        self.file.write_all(text)?;
        self.bytes += text.len() as u64;
        Ok(())
    }

    fn start_next(&mut self, now: i64, compress_now: bool) -> io::Result<()> {
        let name = self
            .path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if compress_now {
            let finished = self.folder.join(self.naming.finished(&name, now));
            if finished != self.path {
                fs::rename(&self.path, &finished)?;
            }
            compress_or_keep(&finished);
        } else {
            compress_or_keep(&self.path);
        }
        *self = RollingFile::open(
            &self.folder,
            self.naming,
            now,
            self.max_bytes,
            self.max_files,
        )?;
        self.remove_oldest()
    }

    fn remove_oldest(&self) -> io::Result<()> {
        let mut finished: Vec<PathBuf> = fs::read_dir(&self.folder)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                path.file_name()
                    .and_then(|name| name.to_str())
                    .is_some_and(|name| self.naming.owns(name))
            })
            .collect();
        // The names sort by time, because they differ only in their stamp.
        finished.sort();
        let surplus = finished.len().saturating_sub(self.max_files);
        for path in finished.into_iter().take(surplus) {
            fs::remove_file(path)?;
        }
        Ok(())
    }
}

/// Compresses a finished file. Where that fails (a full disk) it stays as it is: what comes next must be written
/// all the same, and half an archive must not stand in for the whole file.
fn compress_or_keep(path: &Path) {
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    let archive = PathBuf::from(name);
    if let Err(error) = compress(path, &archive) {
        tracing::warn!(%error, file = %path.display(), "a finished log file cannot be compressed");
        // There may be none.
        let _ = fs::remove_file(archive);
    }
}

fn compress(path: &Path, archive: &Path) -> io::Result<()> {
    let mut encoder =
        flate2::write::GzEncoder::new(File::create(archive)?, flate2::Compression::fast());
    io::copy(&mut File::open(path)?, &mut encoder)?;
    encoder.finish()?.sync_all()?;
    fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    const NOON: i64 = 1_763_899_200_000;
    const DAY_MS: i64 = 86_400_000;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_full_file_is_compressed_and_only_the_newest_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let naming = Naming::start("Desktop-webservices.", ".log");
        let mut file = RollingFile::open(folder.path(), naming, NOON, 10, 2).unwrap();
        for second in 0..5 {
            file.write(b"12345678\n", NOON + second * 1000).unwrap();
        }
        let names = names(folder.path());
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!(names.iter().filter(|name| name.ends_with(".gz")).count(), 2);
        let newest = names.iter().rfind(|name| name.ends_with(".gz")).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(File::open(folder.path().join(newest)).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "12345678\n");
    }

    #[test]
    fn the_access_log_has_a_file_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let naming = Naming::daily("localhost_access_log.", ".txt");
        let mut file = RollingFile::open(folder.path(), naming, NOON, 1000, 9).unwrap();
        file.write(b"a\n", NOON).unwrap();
        file.write(b"b\n", NOON + DAY_MS).unwrap();
        let names = names(folder.path());
        assert_eq!(names.len(), 2, "{names:?}");
        assert!(names[0].ends_with(".txt.gz") && names[1].ends_with(".txt"));
    }

    #[test]
    fn what_cannot_be_compressed_is_kept_and_followed() {
        let folder = tempfile::tempdir().unwrap();
        let naming = Naming::fixed("realm.log");
        let mut file = RollingFile::open(folder.path(), naming, NOON, 10, 9).unwrap();
        file.write(b"12345678\n", NOON).unwrap();
        // A folder in the archive's place stands for a disk that refuses it.
        let finished = naming.finished("realm.log", NOON + 1000);
        fs::create_dir(folder.path().join(format!("{finished}.gz"))).unwrap();
        file.write(b"abcdefgh\n", NOON + 1000).unwrap();
        file.write(b"next\n", NOON + 2000).unwrap();
        let kept = fs::read_to_string(folder.path().join(finished)).unwrap();
        assert_eq!(kept, "12345678\n");
        let current = fs::read_to_string(folder.path().join("realm.log")).unwrap();
        assert_eq!(current, "next\n");
    }

    #[test]
    fn a_restart_appends() {
        let folder = tempfile::tempdir().unwrap();
        for text in [b"one\n", b"two\n"] {
            RollingFile::open(folder.path(), Naming::fixed("realm.log"), NOON, 1000, 9)
                .unwrap()
                .write(text, NOON)
                .unwrap();
        }
        let text = fs::read_to_string(folder.path().join("realm.log")).unwrap();
        assert_eq!(text, "one\ntwo\n");
    }
}
