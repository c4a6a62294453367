//! The log files, laid out as on the real server, written through `logline`, redacted, rotated by size.
//!
//! A producer formats its line into the buffer of its file under a short lock; one thread writes the
//! buffers out every [`FLUSH_INTERVAL`]. Lines of a file keep the order in which they were stamped.
//! Times are UTC in every file, because two of the formats carry no zone.
//! A buffer is bounded: beyond [`BUFFER_LIMIT`] lines are dropped, counted, and the count is logged.

mod clientlogs;
mod rolling;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tact_logline::{access, ctisvr, notification, realm, webservices};

use crate::clock;
use clientlogs::ClientLogs;
use rolling::{Naming, RollingFile};

/// How long a line may wait before it is on disk.
pub const FLUSH_INTERVAL: Duration = Duration::from_millis(200);
/// Bytes that may wait for one file.
pub const BUFFER_LIMIT: usize = 8 << 20;
/// The process name in the CTI server's log.
pub const CTI_PROCESS: &str = "cg1A-ctisvr";

/// The files of one server.
#[derive(Debug, Clone, Copy)]
enum File {
    Access,
    Webservices,
    Realm,
    Notification,
    NotificationWire,
    CtiServer,
}

const FILES: [File; 6] = [
    File::Access,
    File::Webservices,
    File::Realm,
    File::Notification,
    File::NotificationWire,
    File::CtiServer,
];

impl File {
    fn naming(self) -> (&'static str, Naming) {
        match self {
            File::Access => ("tomcat", Naming::daily("localhost_access_log.", ".txt")),
            File::Webservices => ("webservices", Naming::start("Desktop-webservices.", ".log")),
            File::Realm => ("realm", Naming::fixed("realm.log")),
            File::Notification => ("openfire", Naming::fixed("info.log")),
            File::NotificationWire => ("openfire", Naming::fixed("debug.log")),
            File::CtiServer => ("ctisvr", Naming::start("cg1A-ctisvr.", ".log")),
        }
    }
}

/// What a server needs to know to write its logs.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// The folder that holds `tomcat/`, `webservices/` and the others.
    pub directory: PathBuf,
    /// The host or address printed in webservices lines.
    pub host: String,
    /// Write the notification service's wire trace.
    pub notification_wire: bool,
    /// A file is rotated and compressed beyond this many bytes.
    pub max_file_bytes: u64,
    /// Compressed files kept of each log.
    pub max_files: usize,
}

/// A handle on the log files. Cheap to clone; [`Logs::discard`] writes nowhere.
#[derive(Debug, Clone)]
pub struct Logs {
    inner: Option<Arc<Inner>>,
}

#[derive(Debug)]
struct Inner {
    host: String,
    notification_wire: bool,
    started: i64,
    buffers: [Mutex<Buffer>; FILES.len()],
    client: ClientLogs,
    wake: Arc<Wake>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Buffer {
    text: String,
    sequence: u64,
    dropped: u64,
}

#[derive(Debug, Default)]
struct Wake {
    state: Mutex<WakeState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct WakeState {
    asked: u64,
    done: u64,
    stop: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while a line was formatted leaves at worst a half line behind; logging goes on.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Logs {
    /// Opens the log files below `settings.directory` and starts their writer.
    pub fn open(settings: LogSettings) -> io::Result<Logs> {
        let now = clock::now_ms();
        let mut files = Vec::with_capacity(FILES.len());
        for file in FILES {
            let (folder, naming) = file.naming();
            let folder = settings.directory.join(folder);
            if matches!(file, File::NotificationWire) && !settings.notification_wire {
                files.push(None);
            } else {
                files.push(Some(RollingFile::open(
                    &folder,
                    naming,
                    now,
                    settings.max_file_bytes,
                    settings.max_files,
                )?));
            }
        }
        std::fs::create_dir_all(settings.directory.join("audit-log"))?;
        let wake = Arc::new(Wake::default());
        let inner = Arc::new(Inner {
            host: settings.host,
            notification_wire: settings.notification_wire,
            started: now,
            buffers: Default::default(),
            client: ClientLogs::open(&settings.directory.join("clientlogs"))?,
            wake: Arc::clone(&wake),
            writer: Mutex::new(None),
        });
        let weak = Arc::downgrade(&inner);
        let handle = std::thread::Builder::new()
            .name("log-writer".into())
            .spawn(move || write_until_stopped(&weak, &wake, files))?;
        *lock(&inner.writer) = Some(handle);
        Ok(Logs { inner: Some(inner) })
    }

    /// A handle that drops every line, for tests.
    pub fn discard() -> Logs {
        Logs { inner: None }
    }

    /// One request for the access log. `entry.at` is the caller's.
    pub fn access(&self, entry: &access::Access<'_>) {
        self.append(File::Access, |_, _, out| {
            access::write(entry, out);
        });
    }

    /// One `%CCBU_` record, stamped and numbered here.
    pub fn webservices(&self, thread: &str, event: &webservices::Event<'_>) {
        let Some(inner) = &self.inner else { return };
        self.append(File::Webservices, |sequence, at, out| {
            let header = webservices::Header {
                sequence,
                host: &inner.host,
                at,
                offset_minutes: 0,
                thread,
            };
            webservices::write(&header, event, out);
        });
    }

    /// One line about an authentication.
    pub fn realm(&self, thread: &str, level: &str, text: &str) {
        let Some(inner) = &self.inner else { return };
        self.append(File::Realm, |_, at, out| {
            let line = realm::Realm {
                uptime_ms: u64::try_from(at - inner.started).unwrap_or(0),
                at,
                thread,
                level,
                text,
            };
            realm::write(&line, out);
        });
    }

    /// One line of the notification service.
    pub fn notification(&self, level: &str, class: &str, text: &str) {
        self.notification_line(File::Notification, level, class, text);
    }

    /// True when the wire trace is switched on.
    pub fn traces_notification_wire(&self) -> bool {
        self.inner
            .as_ref()
            .is_some_and(|inner| inner.notification_wire)
    }

    /// One stanza of the wire trace; nothing unless it is switched on. The caller has removed credentials.
    pub fn notification_wire(&self, inbound: bool, text: &str) {
        if self
            .inner
            .as_ref()
            .is_some_and(|inner| inner.notification_wire)
        {
            let arrow = if inbound { "<<" } else { ">>" };
            let line = format!("{arrow} \"{text}[\\r][\\n]\"");
            self.notification_line(
                File::NotificationWire,
                "DEBUG",
                "httpclient.wire.content",
                &line,
            );
        }
    }

    fn notification_line(&self, file: File, level: &str, class: &str, text: &str) {
        self.append(file, |_, at, out| {
            let line = notification::Notification {
                at,
                level,
                thread: "notification",
                class,
                text,
            };
            notification::write(&line, out);
        });
    }

    /// One entry of the CTI server.
    pub fn ctisvr(&self, session: Option<u32>, body: ctisvr::Body<'_>) {
        self.append(File::CtiServer, |_, at, out| {
            let entry = ctisvr::Entry {
                at,
                process: CTI_PROCESS.into(),
                session,
                body,
            };
            ctisvr::write(&entry, 0, out);
        });
    }

    /// One uploaded client log: a file of its own below `clientlogs/`.
    pub fn client(&self, agent: &str, text: &str) -> io::Result<()> {
        match &self.inner {
            Some(inner) => inner.client.accept(agent, text, clock::now_ms()),
            None => Ok(()),
        }
    }

    /// Waits until every line given so far is on disk.
    pub fn flush(&self) {
        let Some(inner) = &self.inner else { return };
        let mut state = lock(&inner.wake.state);
        state.asked += 1;
        let mine = state.asked;
        inner.wake.changed.notify_all();
        while state.done < mine && !state.stop {
            state = inner
                .wake
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Writes what waits and stops the writer. Lines given later are dropped.
    pub fn close(&self) {
        let Some(inner) = &self.inner else { return };
        lock(&inner.wake.state).stop = true;
        inner.wake.changed.notify_all();
        if let Some(writer) = lock(&inner.writer).take() {
            // The writer never panics on purpose; if it did, there is nothing left to flush.
            let _ = writer.join();
        }
    }

    fn append(&self, file: File, write: impl FnOnce(u64, i64, &mut String)) {
        let Some(inner) = &self.inner else { return };
        let Some(buffer) = inner.buffers.get(file as usize) else {
            return;
        };
        let mut buffer = lock(buffer);
        if buffer.text.len() > BUFFER_LIMIT {
            buffer.dropped += 1;
            return;
        }
        buffer.sequence += 1;
        let sequence = buffer.sequence;
        // Stamped under the lock, so that the order in the file is the order of the stamps.
        let at = clock::now_ms();
        write(sequence, at, &mut buffer.text);
    }
}

fn write_until_stopped(
    inner: &std::sync::Weak<Inner>,
    wake: &Wake,
    mut files: Vec<Option<RollingFile>>,
) {
    // A disk that stays full is worth one line, not one at every flush.
    let mut failing = [false; FILES.len() + 1];
    loop {
        let (asked, stop) = {
            let state = lock(&wake.state);
            let (state, _) = wake
                .changed
                .wait_timeout_while(state, FLUSH_INTERVAL, |state| {
                    !state.stop && state.asked == state.done
                })
                .unwrap_or_else(PoisonError::into_inner);
            (state.asked, state.stop)
        };
        let Some(inner) = inner.upgrade() else { return };
        let [ref mut failing @ .., ref mut client_failing] = failing;
        for ((buffer, file), failing) in inner.buffers.iter().zip(&mut files).zip(failing) {
            let (text, dropped) = {
                let mut buffer = lock(buffer);
                (
                    std::mem::take(&mut buffer.text),
                    std::mem::take(&mut buffer.dropped),
                )
            };
            let Some(file) = file else { continue };
            if dropped > 0 {
                tracing::warn!(dropped, file = %file.path().display(), "log lines were dropped: the disk is too slow");
            }
            match file.write(text.as_bytes(), clock::now_ms()) {
                Ok(()) => *failing &= text.is_empty(),
                Err(error) => {
                    if !std::mem::replace(failing, true) {
                        tracing::error!(%error, file = %file.path().display(), "a log file cannot be written; its lines are lost");
                    }
                }
            }
        }
        match inner.client.write_pending() {
            Ok(wrote) => *client_failing &= !wrote,
            Err(error) => {
                if !std::mem::replace(client_failing, true) {
                    tracing::error!(%error, "a client log cannot be written");
                }
            }
        }
        let mut state = lock(&wake.state);
        state.done = asked;
        drop(state);
        wake.changed.notify_all();
        if stop {
            return;
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        lock(&self.wake.state).stop = true;
        self.wake.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn settings(directory: &Path) -> LogSettings {
        LogSettings {
            directory: directory.to_owned(),
            host: "localhost".into(),
            notification_wire: false,
            max_file_bytes: 1 << 20,
            max_files: 3,
        }
    }

    fn only_file(directory: &Path) -> String {
        let mut files: Vec<_> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(files.len(), 1, "{files:?}");
        std::fs::read_to_string(files.remove(0)).unwrap()
    }

    #[test]
    fn lines_are_on_disk_after_a_flush_in_the_order_of_their_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let logs = Logs::open(settings(folder.path())).unwrap();
        for elapsed_ms in 0..100 {
            logs.webservices(
                "http-bio-8445-exec-1",
                &webservices::Event::RequestEnd { elapsed_ms },
            );
        }
        logs.flush();
        let text = only_file(&folder.path().join("webservices"));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 100);
        for (index, line) in lines.iter().enumerate() {
            assert!(line.contains(&format!("[elapsed_time={index}]")), "{line}");
            assert!(line.starts_with(&format!("{:010}: localhost: ", index + 1)));
        }
    }

    #[test]
    fn the_wire_trace_is_off_unless_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let logs = Logs::open(settings(folder.path())).unwrap();
        logs.notification_wire(true, "<presence/>");
        logs.notification("INFO", "SessionManager", "hello");
        logs.close();
        let text = only_file(&folder.path().join("openfire"));
        assert!(text.contains("hello") && !text.contains("presence"));
    }

    #[test]
    fn closing_writes_what_waits() {
        let folder = tempfile::tempdir().unwrap();
        let logs = Logs::open(settings(folder.path())).unwrap();
        logs.realm("http-bio-8445-exec-1", "INFO", "last words");
        logs.client("2001", "agent\nline\n").unwrap();
        logs.close();
        assert!(only_file(&folder.path().join("realm")).contains("last words"));
        assert_eq!(
            only_file(&folder.path().join("clientlogs")),
            "agent\nline\n"
        );
    }
}
