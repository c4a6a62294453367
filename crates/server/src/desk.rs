//! The desk behind its mutex: hands inputs in, runs outputs in order, wakes it when time is due.
//!
//! Outputs are run while the lock is held, so that no two threads can swap them; none of them
//! blocks: frames go to a bounded queue, publishing renders and queues, log lines are queued.
//! The rules are `tact_desk`'s.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tact_desk::{
    Config, Desk, Disconnect, Input, Load, Loss, Note, Output, Publish, Reject, Request, Side,
};
use tact_ged188::{Message, Protocol, encode};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::cti::link::record;
use crate::presence::Keeper;
use crate::settings::Settings;
use crate::telemetry::Logs;

/// Frames that may wait for the CTI server to read. Beyond it the server is taken for dead.
pub(crate) const LINK_QUEUE: usize = 16_384;

/// Tells the subscribers; called with the lock held, so it must neither block nor call the handle.
pub type Publisher = Box<dyn Fn(&Desk, &Publish) + Send + Sync>;

/// The desk's settings out of the server's.
pub fn config(settings: &Settings) -> Config {
    Config {
        peripheral_id: settings.cti.peripheral_id,
        protocol: Protocol::new(settings.cti.protocol).unwrap_or_default(),
        heartbeat_ms: settings.cti.heartbeat_ms,
        request_timeout_ms: settings.cti.request_timeout_ms,
        presence_grace_ms: settings.presence_grace_ms,
        load: if settings.load == 0 {
            Load::NotReady
        } else {
            Load::SignOut
        },
        has_other_side: settings.cti.backup_host.is_some(),
        ..Config::default()
    }
}

/// The one desk of a server. Cheap to clone.
#[derive(Clone)]
pub struct DeskHandle {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for DeskHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskHandle").finish_non_exhaustive()
    }
}

struct Shared {
    state: Mutex<State>,
    publisher: Publisher,
    keeper: Keeper,
    logs: Logs,
    /// The earliest timer changed.
    rescheduled: Notify,
}

struct State {
    desk: Desk,
    /// The latest time handed in: the desk's time never goes back, though the clock may be set.
    now: i64,
    link: Option<Connection>,
    /// Kept for its capacity.
    outputs: Vec<Output>,
}

/// The desk's end of a connection to a CTI server.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Encoded messages, bounded by [`LINK_QUEUE`].
    pub(crate) frames: mpsc::Sender<Bytes>,
    /// Ends the connection once the queued frames have left.
    pub(crate) cut: CancellationToken,
    /// The server's address, for the log.
    pub(crate) server: String,
    /// What became of it so far.
    pub(crate) fate: Fate,
}

/// How a connection went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    /// OPEN_REQ was granted.
    pub(crate) opened: bool,
    /// The desk gave it up.
    pub(crate) disconnect: Option<Disconnect>,
}

impl DeskHandle {
    /// A desk without a connection, which nothing outlives. `publisher` tells the subscribers.
    pub fn new(config: Config, publisher: Publisher, logs: Logs) -> Self {
        DeskHandle::with_keeper(config, publisher, Arc::new(|_| {}), logs)
    }

    /// The same; `keeper` remembers what is to outlive it. It is called with the lock held, as the publisher is.
    pub fn with_keeper(config: Config, publisher: Publisher, keeper: Keeper, logs: Logs) -> Self {
        let state = State {
            desk: Desk::new(config),
            now: clock::now_ms(),
            link: None,
            outputs: Vec::new(),
        };
        Self {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                publisher,
                keeper,
                logs,
                rescheduled: Notify::new(),
            }),
        }
    }

    /// Takes a client's request. Its outcome is published later.
    ///
    /// # Errors
    /// The request is refused at once.
    pub fn request(&self, request: Request) -> Result<(), Reject> {
        self.handle(&mut self.lock(), Input::Request(request))
    }

    /// The agent's first event channel appeared, or the last one is gone, and how. By id or login name.
    pub fn presence(&self, agent: &str, lost: Option<Loss>) {
        let agent = agent.to_owned();
        self.take(&mut self.lock(), Input::Presence { agent, lost });
    }

    /// The server has started; these agents had a desktop when it ended.
    pub fn restarted(&self, watched: Vec<String>) {
        self.take(&mut self.lock(), Input::Restarted { watched });
    }

    /// Looks at the desk. The lock is held meanwhile, so the function must be quick and not call the handle.
    pub fn read<T>(&self, look: impl FnOnce(&Desk) -> T) -> T {
        look(&self.lock().desk)
    }

    /// Wakes the desk when its time is due, until `stop`.
    pub async fn keep_time(&self, stop: CancellationToken) {
        loop {
            let due = self.read(Desk::next_due);
            let sleep = async {
                match due {
                    Some(due) => {
                        let ms = u64::try_from(due.saturating_sub(clock::now_ms())).unwrap_or(0);
                        tokio::time::sleep(Duration::from_millis(ms)).await;
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = sleep => self.take(&mut self.lock(), Input::Tick),
                () = self.shared.rescheduled.notified() => {}
                () = stop.cancelled() => return,
            }
        }
    }

    /// A connection stands.
    pub(crate) fn link_up(&self, side: Side, connection: Connection) {
        let mut state = self.lock();
        state.link = Some(connection);
        self.take(&mut state, Input::LinkUp { side });
    }

    /// The connection is gone, for a reason for people. How it went.
    pub(crate) fn link_down(&self, reason: &str) -> Fate {
        let mut state = self.lock();
        self.take(
            &mut state,
            Input::LinkDown {
                reason: reason.to_owned(),
            },
        );
        state.link.take().map(|link| link.fate).unwrap_or_default()
    }

    /// A message from the CTI server.
    pub(crate) fn cti(&self, message: Message) {
        self.take(&mut self.lock(), Input::Cti(message));
    }

    /// The server stops: the session is closed in order.
    pub(crate) fn close(&self) {
        self.take(&mut self.lock(), Input::Close);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in a publisher leaves the desk whole: its outputs are run after its change.
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands in what cannot be refused.
    fn take(&self, state: &mut State, input: Input) {
        if let Err(reject) = self.handle(state, input) {
            tracing::error!(target: "desk", %reject, "refused what cannot be refused");
        }
    }

    fn handle(&self, state: &mut State, input: Input) -> Result<(), Reject> {
        state.now = state.now.max(clock::now_ms());
        let due = state.desk.next_due();
        let mut outputs = std::mem::take(&mut state.outputs);
        let result = state.desk.handle(state.now, input, &mut outputs);
        for output in outputs.drain(..) {
            self.run(state, output);
        }
        state.outputs = outputs;
        if state.desk.next_due() != due {
            self.shared.rescheduled.notify_one();
        }
        result
    }

    fn run(&self, state: &mut State, output: Output) {
        let logs = &self.shared.logs;
        match output {
            Output::Send(message) => {
                let Some(link) = &mut state.link else { return };
                record::sent(logs, &message);
                link.send(&message, state.desk.service().protocol);
            }
            Output::Publish(publish) => (self.shared.publisher)(&state.desk, &publish),
            Output::Disconnect { reason } => {
                if let Some(link) = &mut state.link {
                    link.fate.disconnect = Some(reason);
                    link.cut.cancel();
                }
            }
            Output::Keep(keep) => (self.shared.keeper)(&keep),
            Output::Note(note) => {
                if let (Note::SessionOpened { .. }, Some(link)) = (&note, &mut state.link) {
                    link.fate.opened = true;
                }
                let server = state.link.as_ref().map_or("", |link| link.server.as_str());
                record::note(logs, &note, server);
            }
        }
    }
}

impl Connection {
    /// Queues a message. A server that does not read, or a message that cannot be written, ends the connection.
    fn send(&self, message: &Message, protocol: Protocol) {
        let mut bytes = Vec::with_capacity(128);
        match encode(message, protocol, &mut bytes) {
            Ok(()) => {
                if self.frames.try_send(bytes.into()).is_err() {
                    self.cut.cancel();
                }
            }
            Err(error) => {
                tracing::error!(target: "cti", message = message.name(), %error, "cannot be written");
                self.cut.cancel();
            }
        }
    }
}
