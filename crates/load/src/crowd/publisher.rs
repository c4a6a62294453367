//! The second thread: writes each event's publish request at the moment it is due, and never waits for an answer.

use std::io::{ErrorKind, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::payload::{self, Stamp};
use super::plan::Plan;

/// How soon a full connection is tried again.
const AGAIN: Duration = Duration::from_micros(200);

/// A connection of a publisher that has signed in, and what it could not take yet.
struct Publisher {
    stream: TcpStream,
    waiting: Vec<u8>,
}

impl Publisher {
    fn flush(&mut self) -> std::io::Result<()> {
        let mut sent = 0;
        while let Some(rest) = self.waiting.get(sent..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(length) => sent += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.waiting.drain(..sent);
        Ok(())
    }
}

/// Starts to publish.
pub(super) fn start(
    plan: Arc<Plan>,
    streams: Vec<TcpStream>,
    service: String,
    start: Instant,
) -> JoinHandle<std::io::Result<()>> {
    std::thread::spawn(move || {
        let mut publishers: Vec<_> = streams
            .into_iter()
            .map(|stream| Publisher {
                stream,
                waiting: Vec::new(),
            })
            .collect();
        let mut room = String::new();
        let mut text = String::new();
        let mut events = plan.events.iter().zip(0_u32..).peekable();
        loop {
            let now = Instant::now();
            while let Some((event, number)) =
                events.next_if(|(event, _)| start + Duration::from_micros(event.due_us) <= now)
            {
                let Some(node) = plan.node_of(event) else {
                    continue;
                };
                let Some(publisher) = publishers.get_mut(node.publisher) else {
                    continue;
                };
                let stamp = Stamp {
                    run: plan.run,
                    number,
                    due_us: event.due_us,
                };
                text.clear();
                payload::publish(
                    &service,
                    &node.name,
                    &node.subject,
                    stamp,
                    &mut room,
                    &mut text,
                );
                publisher.waiting.extend_from_slice(text.as_bytes());
            }
            let mut blocked = false;
            for publisher in &mut publishers {
                publisher.flush()?;
                blocked |= !publisher.waiting.is_empty();
            }
            let next = events
                .peek()
                .map(|(event, _)| start + Duration::from_micros(event.due_us));
            match next {
                None if !blocked => return Ok(()),
                Some(next) if !blocked => {
                    std::thread::sleep(next.saturating_duration_since(Instant::now()));
                }
                _ => std::thread::sleep(AGAIN),
            }
        }
    })
}
