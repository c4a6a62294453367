//! What of agents' presence outlives the process: whom the next start expects back, and why agents were signed out. The
//! desk says it while its lock is held, so it goes into a bounded queue; a task writes it, many at a time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tact_desk::{Channel, Keep, Noticed, SignOutCause};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::store::{self, Kept, SignOut, Store};

/// What may wait for the database.
const WAITING: usize = 100_000;
/// What is written in one transaction.
const BATCH: usize = 1_000;
/// How long a reader waits for what was said before.
const SETTLE: Duration = Duration::from_secs(2);

/// Takes what is to outlive the process; never blocks.
pub type Keeper = Arc<dyn Fn(&Keep) + Send + Sync>;

enum Entry {
    Kept(Kept),
    /// Everything before it is written.
    Settled(oneshot::Sender<()>),
}

/// What was kept.
#[derive(Clone)]
pub struct SignOuts {
    store: Store,
    queue: mpsc::Sender<Entry>,
}

impl std::fmt::Debug for SignOuts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignOuts").finish_non_exhaustive()
    }
}

impl SignOuts {
    /// Over the store; the task to run with it. It ends after `stop`, once what was waiting is written.
    pub fn new(
        store: &Store,
        node: &str,
        stop: CancellationToken,
    ) -> (SignOuts, impl Future<Output = ()> + use<>) {
        let (queue, entries) = mpsc::channel(WAITING);
        let sign_outs = SignOuts {
            store: store.clone(),
            queue,
        };
        (
            sign_outs,
            write(store.clone(), node.to_owned(), entries, stop),
        )
    }

    /// Where the desk says it. What comes when the queue is full is lost, and the log says so.
    pub fn keeper(&self) -> Keeper {
        let queue = self.queue.clone();
        Arc::new(move |keep| {
            if queue.try_send(Entry::Kept(kept(keep))).is_err() {
                tracing::warn!(?keep, "could not be kept");
            }
        })
    }

    /// Why an agent was signed out, the last time first; what the desk has said until now is among it.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(&self, agent: &str) -> Result<Vec<SignOut>, store::Error> {
        let (settled, written) = oneshot::channel();
        if self.queue.try_send(Entry::Settled(settled)).is_ok() {
            // Without an answer in time the database is read as it is.
            let _ = tokio::time::timeout(SETTLE, written).await;
        }
        self.store.sign_outs(agent).await
    }
}

async fn write(
    store: Store,
    node: String,
    mut entries: mpsc::Receiver<Entry>,
    stop: CancellationToken,
) {
    let mut batch = Vec::new();
    loop {
        let taken = tokio::select! {
            // What is waiting is written even while the server stops.
            biased;
            taken = entries.recv_many(&mut batch, BATCH) => taken,
            () = stop.cancelled() => 0,
        };
        if taken == 0 {
            return;
        }
        let mut waiting = Vec::new();
        let mut kept = Vec::with_capacity(batch.len());
        for entry in batch.drain(..) {
            match entry {
                Entry::Kept(entry) => kept.push(entry),
                Entry::Settled(settled) => waiting.push(settled),
            }
        }
        if let Err(error) = store.keep(&node, &kept).await {
            tracing::warn!(%error, lost = kept.len(), "sign-outs could not be kept");
        }
        for settled in waiting {
            // Whoever asked may have gone.
            let _ = settled.send(());
        }
    }
}

fn kept(keep: &Keep) -> Kept {
    match keep {
        Keep::Watched { agent, watched } => Kept::Watched {
            agent: agent.clone(),
            watched: *watched,
        },
        Keep::SignedOut {
            agent,
            at,
            reason,
            cause,
        } => Kept::SignedOut {
            agent: agent.clone(),
            sign_out: sign_out(agent, *at, *reason, cause),
        },
    }
}

fn sign_out(agent: &str, at: i64, reason: Option<u16>, cause: &SignOutCause) -> SignOut {
    let mut sign_out = SignOut {
        at,
        reason: reason.map(u32::from),
        ..SignOut::default()
    };
    let word = match cause {
        SignOutCause::Requested { by } => {
            sign_out.by.clone_from(by);
            if by == agent {
                "OWN_REQUEST"
            } else {
                "SUPERVISOR"
            }
        }
        SignOutCause::PresenceLost(absence) => {
            sign_out.channel = absence.loss.channel.map_or("", channel).to_owned();
            sign_out.noticed = noticed(absence.loss.noticed).to_owned();
            sign_out.absent_since = Some(absence.since);
            "PRESENCE_LOST"
        }
        // The CTI server's word; some of its reasons say what everybody wants to know (ged188.md 4.15).
        SignOutCause::CtiServer => match reason {
            Some(50_004) => "INACTIVITY",
            Some(50_042) => "LINE_LOST",
            _ => "CTI_SERVER",
        },
    };
    word.clone_into(&mut sign_out.cause);
    sign_out
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Bosh => "BOSH",
        Channel::WebSocket => "WEBSOCKET",
        Channel::Tcp => "TCP",
        Channel::Events => "EVENTS",
    }
}

fn noticed(noticed: Noticed) -> &'static str {
    match noticed {
        Noticed::Left => "LEFT",
        Noticed::Closed => "CLOSED",
        Noticed::Silent => "SILENT",
        Noticed::Replaced => "REPLACED",
        Noticed::Ended => "ENDED",
        Noticed::Restart => "RESTART",
    }
}

#[cfg(test)]
mod tests {
    use tact_desk::{Absence, Loss};

    use super::*;

    #[test]
    fn each_cause_has_its_word() {
        let by = |by: &str| SignOutCause::Requested { by: by.to_owned() };
        let loss = Loss {
            channel: Some(Channel::Bosh),
            noticed: Noticed::Silent,
        };
        let absent = SignOutCause::PresenceLost(Absence { since: 40, loss });
        for (cause, reason, word) in [
            (by("2001"), None, "OWN_REQUEST"),
            (by("2100"), Some(999), "SUPERVISOR"),
            (absent.clone(), Some(255), "PRESENCE_LOST"),
            (SignOutCause::CtiServer, Some(50_004), "INACTIVITY"),
            (SignOutCause::CtiServer, Some(50_042), "LINE_LOST"),
            (SignOutCause::CtiServer, None, "CTI_SERVER"),
        ] {
            assert_eq!(sign_out("2001", 100, reason, &cause).cause, word);
        }
        let lost = sign_out("2001", 100, Some(255), &absent);
        assert_eq!((&*lost.channel, &*lost.noticed), ("BOSH", "SILENT"));
        assert_eq!((lost.at, lost.absent_since), (100, Some(40)));
    }
}
