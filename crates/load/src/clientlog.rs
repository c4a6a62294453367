//! The log that a desktop keeps and sends: the lines of logs.md 2.4 in their 10.5+ form.

use tact_logline::client;

/// Bytes that are kept; the oldest lines go first, as on the real desktop.
const MAX_BYTES: usize = 1 << 20;

/// A desktop's log.
#[derive(Debug)]
pub struct ClientLog {
    lines: std::collections::VecDeque<String>,
    bytes: usize,
    host: String,
    /// Milliseconds that the server is ahead, once SystemInfo told its time.
    drift: Option<i64>,
    last_nocache: i64,
}

impl ClientLog {
    /// An empty log of a desktop at this server.
    pub fn new(host: &str) -> ClientLog {
        ClientLog {
            lines: std::collections::VecDeque::new(),
            bytes: 0,
            host: host.to_owned(),
            drift: None,
            last_nocache: 0,
        }
    }

    /// Learns the drift from the server's clock.
    pub fn server_time(&mut self, server: i64, client: i64) {
        self.drift = Some(server - client);
    }

    /// The `nocache` of the next GET: the client's clock, but never the same twice.
    pub fn next_nocache(&mut self, now: i64) -> i64 {
        self.last_nocache = now.max(self.last_nocache + 1);
        self.last_nocache
    }

    /// Adds a line of the gadget `Container`.
    pub fn note(&mut self, now: i64, text: &str) {
        let mut line = String::new();
        let entry = client::Entry {
            when: client::When::Client {
                at: now,
                offset_minutes: 0,
            },
            session: "",
            host: &self.host,
            server: self.drift.map(|drift| (now + drift, 0)),
            gadget: "Container",
            text,
        };
        client::write(&entry, &mut line);
        self.bytes += line.len();
        self.lines.push_back(line);
        while self.bytes > MAX_BYTES
            && let Some(oldest) = self.lines.pop_front()
        {
            self.bytes -= oldest.len();
        }
    }

    /// The file that is sent: the user agent, then the lines.
    pub fn render(&self) -> String {
        let mut text = format!("tact login {}\n", env!("CARGO_PKG_VERSION"));
        for line in &self.lines {
            text.push_str(line);
        }
        text
    }
}
