//! table
//! The table of the settings: key, default, meaning, and how the value lands in [`Settings`].
//! [`reference()`] makes the documentation from it.

use std::fmt::Write as _;

use super::{Settings, value};

/// One setting.
pub struct Key {
    /// As in the file and after `--set`.
    pub name: &'static str,
    /// As one would write it; empty is none.
    pub default: &'static str,
    /// One sentence; units are in the key's name.
    pub meaning: &'static str,
    /// True when the value must not appear in messages.
    pub secret: bool,
    /// Reads the value into its field; the error says what the value must be.
    pub apply: fn(&mut Settings, &str) -> Result<(), String>,
}

impl Key {
    const fn new(
        name: &'static str,
        default: &'static str,
        meaning: &'static str,
        apply: fn(&mut Settings, &str) -> Result<(), String>,
    ) -> Key {
        Key {
            name,
            default,
            meaning,
            secret: false,
            apply,
        }
    }

    const fn secret(mut self) -> Key {
        self.secret = true;
        self
    }
}

/// An hour in milliseconds; no timer is longer.
const HOUR_MS: i64 = 3_600_000;
/// A mebibyte.
const MIB: usize = 1 << 20;

/// What stands above the table of the reference.
const INTRODUCTION: &str = "\
# Settings

Each can stand in the TOML file that `--config` names, or after `--set` on the command line; the last `--set` wins, and
wins over the file.

```
tact serve --config tact.toml --set http.port=8080
```

```toml
http.port = 8080

[cors]
origins = ['https://crm.example.com']
```

A time ends in `_ms` or `_s`, a size in `_bytes`. This page is made from the table in `crates/server/src/settings`.

";

/// Every setting, in the order of the reference.
pub const KEYS: &[Key] = &[
    Key::new(
        "listen.address",
        "127.0.0.1",
        "The address that every listener binds. While the demo centre is in the database only a loopback address is \
         accepted, unless demo.expose is true.",
        |s, v| value::parse(v, "an IP address such as 127.0.0.1 or ::1", &mut s.address),
    ),
    Key::new(
        "listen.plain",
        "false",
        "Serves HTTP, BOSH, WebSocket and XMPP without TLS beyond loopback too. Without it a server beyond loopback opens \
         no port for plain HTTP, and takes no password over XMPP before STARTTLS.",
        |s, v| value::truth(v, &mut s.plain),
    ),
    Key::new(
        "listen.legacy",
        "true",
        "Opens the ports that older clients expect: bosh.port, bosh.secure_port and xmpp.secure_port.",
        |s, v| value::truth(v, &mut s.legacy_listeners),
    ),
    Key::new(
        "listen.standard",
        "false",
        "Opens 80 and 443 too, as http.port and https.port.",
        |s, v| value::truth(v, &mut s.standard_ports),
    ),
    Key::new(
        "node.host",
        "localhost",
        "The name of this node: in SystemInfo, in the certificate, and as the XMPP domain.",
        |s, v| value::host(v, &mut s.host),
    ),
    Key::new(
        "node.secondary_host",
        "",
        "The name of the other node, for SystemInfo.",
        |s, v| value::optional_host(v, &mut s.secondary_host),
    ),
    Key::new(
        "http.port",
        "8082",
        "HTTP: REST, the desktop, BOSH, WebSocket. 0 is a free port, printed at start.",
        |s, v| value::port(v, &mut s.http_port),
    ),
    Key::new(
        "https.port",
        "8445",
        "The same over TLS. 0 is a free port.",
        |s, v| value::port(v, &mut s.https_port),
    ),
    Key::new(
        "http.max_connections",
        "25000",
        "HTTP connections at a time on each port; more wait until one ends.",
        |s, v| value::between(v, 1, 1_000_000, &mut s.http.max_connections),
    ),
    Key::new(
        "http.max_body_bytes",
        "65536",
        "The largest body of a REST request; more is answered 400.",
        |s, v| value::between(v, 1024, 64 * MIB, &mut s.http.max_body_bytes),
    ),
    Key::new(
        "http.max_client_log_bytes",
        "8388608",
        "The largest body of a ClientLog upload: 1,048,576 characters, which may be escaped.",
        |s, v| value::between(v, MIB, 64 * MIB, &mut s.http.max_client_log_bytes),
    ),
    Key::new(
        "cors.origins",
        "",
        "Origins of other sites whose pages may call this server, such as https://crm.example.com, separated by \
         commas; * is any. Without it any origin on a loopback address, none elsewhere. `tact cors` changes it while the server runs.",
        |s, v| value::origins(v, &mut s.cors_origins),
    ),
    Key::new(
        "rest.reason_code_spelling",
        "both",
        "The element of a user's reason code, which clients of different releases read differently: upper is \
         ReasonCode, lower is reasonCode, both suits all known clients.",
        |s, v| value::spelling(v, &mut s.reason_code_spelling),
    ),
    Key::new(
        "bosh.port",
        "7071",
        "BOSH and WebSocket as older clients expect them. 0 is a free port.",
        |s, v| value::port(v, &mut s.bosh_port),
    ),
    Key::new(
        "bosh.secure_port",
        "7443",
        "The same over TLS. 0 is a free port.",
        |s, v| value::port(v, &mut s.bosh_secure_port),
    ),
    Key::new(
        "bosh.max_wait_s",
        "60",
        "The longest that a BOSH request is held.",
        |s, v| value::between(v, 1, 300, &mut s.notify.bosh_max_wait_s),
    ),
    Key::new(
        "bosh.inactivity_s",
        "30",
        "A BOSH session without a request for this long is gone.",
        |s, v| value::between(v, 1, 600, &mut s.notify.bosh_inactivity_s),
    ),
    Key::new(
        "xmpp.port",
        "5222",
        "XMPP over TCP with STARTTLS. 0 is a free port.",
        |s, v| value::port(v, &mut s.xmpp_port),
    ),
    Key::new(
        "xmpp.secure_port",
        "5223",
        "XMPP over TLS from the first byte. 0 is a free port.",
        |s, v| value::port(v, &mut s.xmpp_secure_port),
    ),
    Key::new(
        "xmpp.max_sessions",
        "20000",
        "Notification sessions at a time over all transports.",
        |s, v| value::between(v, 1, 1_000_000, &mut s.notify.max_sessions),
    ),
    Key::new(
        "xmpp.max_sessions_per_user",
        "10",
        "Notification sessions of one user at a time.",
        |s, v| value::between(v, 1, 1000, &mut s.notify.max_sessions_per_user),
    ),
    Key::new(
        "xmpp.session_queue",
        "1000",
        "Stanzas that wait for a slow client before its session is closed.",
        |s, v| value::between(v, 10, 100_000, &mut s.notify.session_queue),
    ),
    Key::new(
        "xmpp.session_stanzas_per_s",
        "100",
        "Stanzas that one session may send each second in the long run, and ten times as many at once; more end it with \
         policy-violation. Service accounts have no such limit.",
        |s, v| value::between(v, 1, 1_000_000, &mut s.notify.session_stanzas_per_s),
    ),
    Key::new(
        "xmpp.session_bytes_per_s",
        "131072",
        "The same in bytes.",
        |s, v| value::between(v, 16384, 1 << 30, &mut s.notify.session_bytes_per_s),
    ),
    Key::new(
        "xmpp.publishers",
        "",
        "Service accounts that may publish on the node of any agent over XMPP, and nothing else: NAME:PASSWORD, separated \
         by commas.",
        |s, v| value::publishers(v, &mut s.auth.publishers),
    )
    .secret(),
    Key::new(
        "cti.host",
        "",
        "Side A of a foreign CTI server. Without it the embedded CTI server is started.",
        |s, v| value::optional_host(v, &mut s.cti.host),
    ),
    Key::new(
        "cti.port",
        "42027",
        "The port of side A, or of the embedded CTI server (where 0 is a free port).",
        |s, v| value::port(v, &mut s.cti.port),
    ),
    Key::new(
        "cti.backup_host",
        "",
        "Side B of a foreign CTI server.",
        |s, v| value::optional_host(v, &mut s.cti.backup_host),
    ),
    Key::new("cti.backup_port", "43027", "The port of side B.", |s, v| {
        value::port(v, &mut s.cti.backup_port)
    }),
    Key::new(
        "cti.peripheral_id",
        "5000",
        "The peripheral that the desktop works on.",
        |s, v| value::between(v, 1, u32::MAX, &mut s.cti.peripheral_id),
    ),
    Key::new(
        "cti.protocol",
        "24",
        "The GED-188 version that the link opens with.",
        |s, v| value::between(v, 9, 25, &mut s.cti.protocol),
    ),
    Key::new(
        "cti.heartbeat_ms",
        "5000",
        "The interval of heartbeats; three unanswered reset the link.",
        |s, v| value::between(v, 10, HOUR_MS, &mut s.cti.heartbeat_ms),
    ),
    Key::new(
        "cti.request_timeout_ms",
        "10000",
        "A request that the CTI server has not answered by then has failed.",
        |s, v| value::between(v, 10, HOUR_MS, &mut s.cti.request_timeout_ms),
    ),
    Key::new(
        "cti.reconnect_min_ms",
        "500",
        "The wait before the first reconnect; it doubles up to cti.reconnect_max_ms.",
        |s, v| value::between(v, 1, HOUR_MS, &mut s.cti.reconnect_min_ms),
    ),
    Key::new(
        "cti.reconnect_max_ms",
        "10000",
        "The longest wait between two reconnects.",
        |s, v| value::between(v, 1, HOUR_MS, &mut s.cti.reconnect_max_ms),
    ),
    Key::new(
        "acd.max_sessions",
        "1024",
        "CTI clients of the embedded CTI server at a time; more are closed at once.",
        |s, v| value::between(v, 1, 10_000, &mut s.acd.max_sessions),
    ),
    Key::new(
        "acd.session_queue_bytes",
        "33554432",
        "Bytes that wait for a slow CTI client before it is cut off.",
        |s, v| value::between(v, MIB, 1024 * MIB, &mut s.acd.session_queue_bytes),
    ),
    Key::new(
        "acd.journal_files",
        "8",
        "Files kept of the journal that the contact centre is restored from after a crash; more of them let `tact cti replay` look further back. 0 keeps no journal: every start signs everyone out.",
        |s, v| value::between(v, 0, 10_000, &mut s.acd.journal_files),
    ),
    Key::new(
        "acd.journal_file_bytes",
        "67108864",
        "A file of the journal that has become this large is followed by another one. A start reads one file.",
        |s, v| value::between(v, 65_536, 1024 * MIB, &mut s.acd.journal_file_bytes),
    ),
    Key::new(
        "auth.cache_ms",
        "1800000",
        "How long a verified password is not hashed again.",
        |s, v| value::between(v, 0, 24 * HOUR_MS, &mut s.auth.cache_ms),
    ),
    Key::new(
        "auth.failures",
        "5",
        "Wrong passwords in a row that lock a user.",
        |s, v| value::between(v, 1, 1000, &mut s.auth.failures),
    ),
    Key::new("auth.lock_ms", "300000", "How long the lock holds.", |s, v| {
        value::between(v, 0, 24 * HOUR_MS, &mut s.auth.lock_ms)
    }),
    Key::new(
        "auth.address_failures",
        "300",
        "Failed sign-ins of whomever in a minute from one address; from more nobody can sign in from there for a while. \
         Successes never count.",
        |s, v| value::between(v, 1, 1_000_000, &mut s.auth.address_failures),
    ),
    Key::new(
        "auth.queue",
        "2000",
        "Password checks that wait for a processor; more are answered as unavailable.",
        |s, v| value::between(v, 1, 1_000_000, &mut s.auth.queue),
    ),
    Key::new(
        "database.url",
        "",
        "sqlite:PATH or postgres://user:password@host/database. Without it a SQLite file in the data folder.",
        |s, v| value::database(v, &mut s.database_url),
    )
    .secret(),
    Key::new(
        "demo.agents",
        "20",
        "Agents of the demo centre that an empty database is seeded with; 0 seeds nothing. The password of each demo \
         user is its id, so demo passwords are public.",
        |s, v| value::between(v, 0, 100_000, &mut s.demo_agents),
    ),
    Key::new(
        "demo.expose",
        "false",
        "Allows a listen.address beyond loopback although the demo centre's passwords are public.",
        |s, v| value::truth(v, &mut s.demo_expose),
    ),
    Key::new(
        "demo.calls_per_hour",
        "0",
        "Simulated callers of the demo centre, in the mean; 0 is nobody, so that phones ring only when somebody calls. \
         `make run` sets 30: enough that one agent who is READY is called within minutes.",
        |s, v| value::between(v, 0, 1_000_000, &mut s.demo.calls_per_hour),
    ),
    Key::new(
        "demo.handle_time_s",
        "120",
        "How long such a caller talks, in the mean; few talk very long.",
        |s, v| value::between(v, 1, 3600, &mut s.demo.handle_time_s),
    ),
    Key::new(
        "demo.patience_s",
        "180",
        "How long such a caller waits for an agent, in the mean; 0 is for ever.",
        |s, v| value::between(v, 0, 3600, &mut s.demo.patience_s),
    ),
    Key::new(
        "demo.seed",
        "1",
        "What the simulated callers' chance follows from: the same seed, the same callers.",
        |s, v| value::between(v, 0, u64::MAX, &mut s.demo.seed),
    ),
    Key::new(
        "desk.load",
        "1",
        "What becomes of an agent whose presence is lost: 1 signs out, 0 sets NOT_READY.",
        |s, v| value::between(v, 0, 1, &mut s.load),
    ),
    Key::new(
        "desk.presence_grace_ms",
        "60000",
        "How long a desktop may be away before that, as in a page reload.",
        |s, v| value::between(v, 0, HOUR_MS, &mut s.presence_grace_ms),
    ),
    Key::new(
        "log.notification_wire",
        "false",
        "Writes the notification service's wire trace, without credentials. Costs performance.",
        |s, v| value::truth(v, &mut s.log_notification_wire),
    ),
    Key::new(
        "log.max_file_bytes",
        "104857600",
        "A log file beyond this is rotated and compressed.",
        |s, v| value::between(v, 4096, 1 << 40, &mut s.log_max_file_bytes),
    ),
    Key::new(
        "log.max_files",
        "40",
        "Rotated files kept of each log.",
        |s, v| value::between(v, 1, 10_000, &mut s.log_max_files),
    ),
];

/// The reference of all settings as a Markdown document; `docs/settings.md` is its copy.
pub fn reference() -> String {
    let mut text = String::from(INTRODUCTION);
    text.push_str("| key | default | meaning |\n|---|---|---|\n");
    for key in KEYS {
        let default = match key.default {
            "" => "none".to_owned(),
            default => format!("`{default}`"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{}` | {default} | {} |", key.name, key.meaning);
    }
    text
}
