//! The contact centre's journal on disk: every input is in a file before the machine steps it.
//!
//! Each file begins with the machine's state, so the newest one alone is enough for a restart; older
//! ones are kept for `tact cti replay`. A record is handed to the operating system before its step: it
//! outlives the process, however that ends. It reaches the disk within `SYNC_EVERY`, which is what a
//! power failure may cost. Knows files; what is in them is `tact_acd::journal`'s.

use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use tact_acd::journal::{self, Damage, OutputDigest};
use tact_acd::{Acd, Config, Input, Output, Reconciled};

/// How long a record may be in memory alone.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// Inputs between two checks of what was said.
const CHECK_EVERY: u64 = 1024;
/// Milliseconds between two attempts to write again after the disk refused.
const RETRY_MS: i64 = 10_000;
/// What the files are called: this, eight digits, and [`EXTENSION`].
const PREFIX: &str = "acd-";
/// Their extension.
const EXTENSION: &str = "journal";

/// Where the journal is and how much of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalSettings {
    /// The folder.
    pub folder: PathBuf,
    /// A file of this size is followed by another one.
    pub file_bytes: u64,
    /// Files kept, the current one included.
    pub files: usize,
}

/// What a restart found.
#[derive(Debug)]
pub struct Found {
    /// The machine, without clients.
    pub(crate) acd: Acd,
    /// What followed from the restart itself.
    pub(crate) outputs: Vec<Output>,
    /// The highest client number ever.
    pub(crate) last_client: u32,
    /// The same for people, when there was a journal.
    pub(crate) story: Option<String>,
}

/// The journal that is being written.
#[derive(Debug)]
pub struct Journal {
    settings: JournalSettings,
    /// None while the disk refuses.
    current: Option<Current>,
    /// Of the newest file.
    number: u64,
    retry_at: i64,
    digest: OutputDigest,
    inputs: u64,
    /// Empty between two writes; kept for its memory.
    buffer: Vec<u8>,
    syncer: Syncer,
    /// The folder is this journal's until the end.
    _lock: File,
}

#[derive(Debug)]
struct Current {
    file: Arc<File>,
    bytes: u64,
}

impl Journal {
    /// The centre as it was, or a fresh one where nothing was written; and the journal of what comes.
    ///
    /// What cannot be read does not keep the server from starting: the state in front of it counts, and
    /// the file stays for `tact cti replay` to look at.
    ///
    /// # Errors
    /// The folder cannot be used; [`io::ErrorKind::WouldBlock`] when another server uses it.
    pub fn open(
        settings: JournalSettings,
        config: Config,
        now: i64,
    ) -> io::Result<(Journal, Found)> {
        std::fs::create_dir_all(&settings.folder)?;
        let lock = File::create(settings.folder.join("lock"))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            // A file system without locks: better unprotected than not at all.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let newest = files(&settings.folder)?.pop();
        let number = newest.as_ref().map_or(0, |(number, _)| *number);
        let found = match newest {
            Some((_, path)) => find(&path, &std::fs::read(&path)?, config, now),
            None => Found::fresh(config, now),
        };
        let mut journal = Journal {
            settings,
            current: None,
            number,
            retry_at: now,
            digest: OutputDigest::default(),
            inputs: 0,
            buffer: Vec::new(),
            syncer: Syncer::start(),
            _lock: lock,
        };
        journal.begin(&found.acd, now)?;
        Ok((journal, found))
    }

    /// Writes down what the machine is about to be told.
    pub fn before(&mut self, acd: &Acd, now: i64, input: &Input) {
        let full = |current: &Current| current.bytes >= self.settings.file_bytes;
        if now >= self.retry_at
            && self.current.as_ref().is_none_or(full)
            && let Err(error) = self.begin(acd, now)
        {
            // A full file is still better than none.
            tracing::error!(%error, "no further file of the journal can be begun");
            self.retry_at = now.saturating_add(RETRY_MS);
        }
        self.inputs += 1;
        if let Err(error) = journal::append_input(acd, now, input, &mut self.buffer) {
            // Nothing that came over a wire; a replay would miss it, so the next file begins behind it.
            tracing::error!(%error, "an input cannot be journaled");
            self.current = None;
            self.retry_at = now;
        }
        self.write(now);
    }

    /// Takes account of what the machine said.
    pub fn after(&mut self, now: i64, outputs: &[Output]) {
        for output in outputs {
            self.digest.add(output);
        }
        if self.inputs.is_multiple_of(CHECK_EVERY) {
            self.check(now);
        }
    }

    /// Writes the last check and waits until all is on disk. Nothing is written afterwards.
    pub fn close(&mut self, now: i64) {
        self.check(now);
        self.retry_at = i64::MAX;
        if let Some(current) = self.current.take()
            && let Err(error) = current.file.sync_data()
        {
            self.fail(now, &error);
        }
    }

    fn check(&mut self, now: i64) {
        journal::append_check(now, self.inputs, self.digest.value(), &mut self.buffer);
        self.write(now);
    }

    fn write(&mut self, now: i64) {
        if let Some(current) = &mut self.current {
            match (&*current.file).write_all(&self.buffer) {
                Ok(()) => {
                    current.bytes += self.buffer.len() as u64;
                    self.syncer.dirty.store(true, Ordering::Relaxed);
                }
                Err(error) => self.fail(now, &error),
            }
        }
        self.buffer.clear();
    }

    /// The call centre goes on without a journal, and a new file is tried now and then.
    fn fail(&mut self, now: i64, error: &io::Error) {
        tracing::error!(%error, folder = %self.settings.folder.display(), "the journal cannot be written: a crash now would sign everyone out");
        self.current = None;
        self.retry_at = now.saturating_add(RETRY_MS);
    }

    /// Begins a new file with the present state. It has its name only once the state is on disk.
    fn begin(&mut self, acd: &Acd, now: i64) -> io::Result<()> {
        if self.current.is_some() {
            self.check(now);
        }
        let mut bytes = Vec::new();
        journal::begin(acd, now, &mut bytes).map_err(io::Error::other)?;
        let number = self.number + 1;
        let folder = &self.settings.folder;
        let path = folder.join(format!("{PREFIX}{number:08}.{EXTENSION}"));
        let unfinished = path.with_extension("new");
        let file = create(&unfinished)?;
        (&file).write_all(&bytes)?;
        file.sync_data()?;
        std::fs::rename(&unfinished, &path)?;
        // The name itself; without it a power failure might leave the older file the newest.
        File::open(folder)?.sync_all()?;
        let file = Arc::new(file);
        self.syncer.follow(Arc::clone(&file));
        self.number = number;
        self.current = Some(Current {
            file,
            bytes: bytes.len() as u64,
        });
        self.inputs = 0;
        self.digest = OutputDigest::default();
        self.forget_old();
        Ok(())
    }

    fn forget_old(&self) {
        let Ok(mut files) = files(&self.settings.folder) else {
            return;
        };
        let surplus = files.len().saturating_sub(self.settings.files.max(1));
        for (_, path) in files.drain(..surplus) {
            // One that stays is tried again next time.
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Found {
    pub(crate) fn fresh(config: Config, now: i64) -> Found {
        Found {
            acd: Acd::new(config, now),
            outputs: Vec::new(),
            last_client: 0,
            story: None,
        }
    }
}

/// What a file says, as far as it can be read.
fn find(path: &Path, bytes: &[u8], config: Config, now: i64) -> Found {
    let shown = path.display();
    let mut recovered = match journal::recover(bytes) {
        Ok(recovered) => recovered,
        Err(damage) => {
            tracing::error!(file = %shown, %damage, "the journal cannot be read: everyone is signed out");
            return Found {
                story: Some(format!("{shown} cannot be read: {damage}.")),
                ..Found::fresh(config, now)
            };
        }
    };
    if let Some(damage @ Damage::Record { .. }) = &recovered.damage {
        tracing::error!(file = %shown, %damage, "the journal is damaged: what happened later is lost");
    }
    let mut outputs = Vec::new();
    let reconciled = recovered.acd.restarted(now, config, &mut outputs);
    if reconciled == Reconciled::Shrunk {
        tracing::warn!(
            "agents, phones or queues went from the configuration: calls of before are dropped"
        );
    }
    let damage = recovered.damage.map(|damage| format!("; {damage}"));
    let story = format!(
        "Restarted from {shown}: {} inputs{}; configuration: {reconciled:?}.",
        recovered.inputs,
        damage.unwrap_or_default()
    );
    Found {
        acd: recovered.acd,
        outputs,
        last_client: recovered.last_client.0,
        story: Some(story),
    }
}

/// Readable by its owner only: it holds calls' data.
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

/// The journal's files, oldest first.
fn files(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(".journal"))
            .and_then(|digits| digits.parse().ok());
        if let Some(number) = number {
            files.push((number, path));
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// A thread that has the current file written to the disk now and then, so that no step waits for it.
#[derive(Debug)]
struct Syncer {
    dirty: Arc<AtomicBool>,
    files: Sender<Arc<File>>,
}

impl Syncer {
    /// The thread ends with the journal.
    fn start() -> Syncer {
        let dirty = Arc::new(AtomicBool::new(false));
        let (files, next) = channel::<Arc<File>>();
        let written = Arc::clone(&dirty);
        let thread = std::thread::Builder::new().name("journal".into());
        let started = thread.spawn(move || {
            let mut current: Option<Arc<File>> = None;
            loop {
                let event = next.recv_timeout(SYNC_EVERY);
                if written.swap(false, Ordering::Relaxed)
                    && let Some(file) = &current
                    && let Err(error) = file.sync_data()
                {
                    tracing::error!(%error, "the journal does not reach the disk");
                }
                match event {
                    Ok(file) => current = Some(file),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        if let Err(error) = started {
            tracing::error!(%error, "the journal reaches the disk only when the system sees fit");
        }
        Syncer { dirty, files }
    }

    fn follow(&self, file: Arc<File>) {
        // Without the thread nobody takes it.
        let _ = self.files.send(file);
    }
}

#[cfg(test)]
mod tests;
