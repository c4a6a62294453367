//! The link to a CTI server: connects, reconnects with back-off to side A then B, feeds the desk.
//!
//! What is said on a connection is the desk's business; this knows sockets and waiting only.
//! Reference ged188, 5.1.

mod connection;
pub(crate) mod record;

use std::time::Duration;

use tact_desk::{Disconnect, Side};
use tact_ged188::Protocol;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::desk::DeskHandle;
use crate::settings::CtiSettings;
use crate::telemetry::Logs;

/// Where the CTI servers are, and how patiently they are tried.
#[derive(Debug, Clone)]
pub struct LinkSettings {
    /// Side A, and side B when there is one.
    pub servers: Vec<Server>,
    /// The version spoken; the desk opens with the same.
    pub protocol: Protocol,
    /// The wait after the first round in which no server answered; it doubles from round to round.
    pub retry_min: Duration,
    /// The longest wait.
    pub retry_max: Duration,
}

/// One CTI server.
#[derive(Debug, Clone)]
pub struct Server {
    /// Which of the pair.
    pub side: Side,
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl LinkSettings {
    /// From the server's settings. `embedded_port` is where the embedded CTI server listens, used
    /// when no foreign one is named.
    pub fn new(settings: &CtiSettings, embedded_port: u16) -> Self {
        let server = |side, host: &str, port| Server {
            side,
            host: host.to_owned(),
            port,
        };
        let mut servers = match &settings.host {
            Some(host) => vec![server(Side::A, host, settings.port)],
            None => vec![server(Side::A, "127.0.0.1", embedded_port)],
        };
        if let Some(host) = &settings.backup_host {
            servers.push(server(Side::B, host, settings.backup_port));
        }
        Self {
            servers,
            protocol: Protocol::new(settings.protocol).unwrap_or_default(),
            retry_min: millis(settings.reconnect_min_ms),
            retry_max: millis(settings.reconnect_max_ms),
        }
    }
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

/// Keeps the desk connected until `stop`, then closes the session in order.
///
/// Both sides are tried in turn, beginning with the one that was good last unless it said that
/// it goes away. After a round without success there is a wait, each longer than the last.
pub async fn run(settings: LinkSettings, desk: DeskHandle, logs: Logs, stop: CancellationToken) {
    let mut rounds = Rounds::new(&settings);
    let mut complained = vec![false; settings.servers.len()];
    while !stop.is_cancelled() {
        let mut success = None;
        for index in rounds.order(settings.servers.len()) {
            let (Some(server), Some(complained)) =
                (settings.servers.get(index), complained.get_mut(index))
            else {
                continue;
            };
            let begun = Instant::now();
            let fate = match connection::run(server, settings.protocol, &desk, &logs, &stop).await {
                Ok(fate) => fate,
                Err(error) => {
                    // Once, until the server was there again: a server away for hours fills no log.
                    if !std::mem::replace(complained, true) {
                        record::socket_error(&logs, &server.to_string(), &error.to_string());
                    }
                    continue;
                }
            };
            if stop.is_cancelled() {
                return;
            }
            let same_side = fate.disconnect.is_some_and(Disconnect::retries_same_side);
            if fate.opened || same_side {
                *complained = false;
                // Of a server that goes away by its own word, or is dead, the other one is tried first.
                let leave = fate.disconnect.is_some() && !same_side;
                rounds.first = if leave { index + 1 } else { index };
                success = Some(begun.elapsed());
                break;
            }
        }
        let wait = rounds.wait(success);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Which server comes first, and how long to wait between rounds.
#[derive(Debug)]
struct Rounds {
    first: usize,
    next_wait: Duration,
    min: Duration,
    max: Duration,
}

impl Rounds {
    fn new(settings: &LinkSettings) -> Self {
        Self {
            first: 0,
            next_wait: settings.retry_min,
            min: settings.retry_min,
            max: settings.retry_max.max(settings.retry_min),
        }
    }

    /// Every server once.
    fn order(&self, servers: usize) -> impl Iterator<Item = usize> + use<> {
        let first = self.first;
        (0..servers).map(move |offset| (first + offset) % servers)
    }

    /// The wait after a round; `success` is how long the session lasted, if there was one.
    fn wait(&mut self, success: Option<Duration>) -> Duration {
        match success {
            // A session that lasted is replaced at once; one that broke right away must not spin.
            Some(lasted) => {
                self.next_wait = self.min;
                self.min.saturating_sub(lasted)
            }
            None => {
                let wait = self.next_wait;
                self.next_wait = wait.saturating_mul(2).min(self.max);
                wait
            }
        }
    }
}

impl std::fmt::Display for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds() -> Rounds {
        let ms = Duration::from_millis;
        Rounds {
            first: 0,
            next_wait: ms(100),
            min: ms(100),
            max: ms(350),
        }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_start_over() {
        let mut rounds = rounds();
        let waits: Vec<_> = (0..4).map(|_| rounds.wait(None).as_millis()).collect();
        assert_eq!(waits, [100, 200, 350, 350]);
        assert_eq!(rounds.wait(Some(Duration::from_secs(60))), Duration::ZERO);
        assert_eq!(rounds.wait(None).as_millis(), 100);
    }

    #[test]
    fn a_session_that_broke_at_once_is_not_replaced_at_once() {
        assert_eq!(
            rounds().wait(Some(Duration::from_millis(30))).as_millis(),
            70
        );
    }

    #[test]
    fn both_sides_are_tried_beginning_with_the_first() {
        let mut rounds = rounds();
        assert_eq!(rounds.order(2).collect::<Vec<_>>(), [0, 1]);
        rounds.first = 1;
        assert_eq!(rounds.order(2).collect::<Vec<_>>(), [1, 0]);
        rounds.first = 2;
        assert_eq!(rounds.order(2).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(rounds.order(1).collect::<Vec<_>>(), [0]);
    }
}
