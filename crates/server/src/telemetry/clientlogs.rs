//! Client logs that desktops upload: one file each, the oldest deleted beyond the limits of the real server.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::clock;

/// Bytes of all client logs together (logs.md 1.1).
const MAX_TOTAL_BYTES: u64 = 100 << 20;
/// Number of client logs.
const MAX_FILES: usize = 25_000;
/// Uploads that may wait to be written.
const MAX_PENDING: usize = 256;
/// Characters of the agent id in the file name.
const MAX_AGENT: usize = 32;

#[derive(Debug)]
pub(super) struct ClientLogs {
    folder: PathBuf,
    pending: Mutex<VecDeque<(String, String)>>,
}

impl ClientLogs {
    pub(super) fn open(folder: &Path) -> io::Result<ClientLogs> {
        fs::create_dir_all(folder)?;
        Ok(ClientLogs {
            folder: folder.to_owned(),
            pending: Mutex::new(VecDeque::new()),
        })
    }

    /// Takes an upload; the writer thread puts it on disk.
    pub(super) fn accept(&self, agent: &str, text: &str, now: i64) -> io::Result<()> {
        let agent: String = agent
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .take(MAX_AGENT)
            .collect();
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() >= MAX_PENDING {
            return Err(io::Error::new(
                io::ErrorKind::WouldBlock,
                "too many client logs wait to be written",
            ));
        }
        let name = format!("{agent}_{}.log", clock::file_stamp(now));
        pending.push_back((name, text.to_owned()));
        Ok(())
    }

    /// Writes what waits; true when something did. Called by the writer thread only.
    pub(super) fn write_pending(&self) -> io::Result<bool> {
        let mut wrote = false;
        loop {
            let next = self
                .pending
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            let Some((name, text)) = next else { break };
            fs::write(self.free_path(&name), text)?;
            wrote = true;
        }
        if wrote {
            self.remove_oldest()?;
        }
        Ok(wrote)
    }

    /// Two uploads of one agent in one millisecond both survive.
    fn free_path(&self, name: &str) -> PathBuf {
        let stem = name.strip_suffix(".log").unwrap_or(name);
        let mut path = self.folder.join(name);
        let mut copy = 1;
        while path.exists() {
            copy += 1;
            path = self.folder.join(format!("{stem}-{copy}.log"));
        }
        path
    }

    fn remove_oldest(&self) -> io::Result<()> {
        let mut files = Vec::new();
        let mut total = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            total += metadata.len();
            files.push((metadata.modified()?, metadata.len(), entry.path()));
        }
        files.sort();
        let mut count = files.len();
        for (_, bytes, path) in files {
            if total <= MAX_TOTAL_BYTES && count <= MAX_FILES {
                break;
            }
            fs::remove_file(path)?;
            total -= bytes;
            count -= 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_leave_the_folder_and_uploads_do_not_overwrite_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let logs = ClientLogs::open(folder.path()).unwrap();
        for text in ["one", "two"] {
            logs.accept("../2001\n", text, 0).unwrap();
        }
        logs.write_pending().unwrap();
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names.len(), 2);
        assert!(
            names.iter().all(|name| name.starts_with("2001_")),
            "{names:?}"
        );
    }

    #[test]
    fn the_queue_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let logs = ClientLogs::open(folder.path()).unwrap();
        for _ in 0..MAX_PENDING {
            logs.accept("2001", "x", 0).unwrap();
        }
        assert!(logs.accept("2001", "x", 0).is_err());
    }
}
