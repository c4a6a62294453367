//! Every setting: its key, default, unit and meaning. One TOML file, each key overridable by `--set key=value`.

use std::net::IpAddr;
use std::path::PathBuf;

/// The settings of one server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `--data`: where the database, the certificate and the logs live. Default `./tact-data`.
    pub data: PathBuf,
    /// `listen.address`: the address that every listener binds. Default 127.0.0.1.
    pub address: IpAddr,
    /// `node.host`: the name in SystemInfo and the XMPP domain. Default `localhost`.
    pub host: String,
    /// `http.port`: REST, desktop, BOSH, WebSocket. Default 8082; 0 is a free port.
    pub http_port: u16,
    /// `https.port`. Default 8445.
    pub https_port: u16,
    /// `bosh.port`: plain BOSH and WebSocket as older clients expect. Default 7071.
    pub bosh_port: u16,
    /// `bosh.secure_port`. Default 7443.
    pub bosh_secure_port: u16,
    /// `xmpp.port`: XMPP over TCP with STARTTLS. Default 5222.
    pub xmpp_port: u16,
    /// `xmpp.secure_port`: XMPP over TLS from the first byte. Default 5223.
    pub xmpp_secure_port: u16,
    /// `cti.*`.
    pub cti: CtiSettings,
    /// `database.url`: `sqlite:PATH` or `postgres://...`. Default a SQLite file in the data folder.
    pub database_url: Option<String>,
    /// `demo.agents`: agents of the demo centre seeded into an empty database; 0 seeds nothing. Default 20.
    pub demo_agents: u32,
    /// `desk.load`: what happens when presence is lost: 1 signs out, 0 sets NOT_READY. Default 1.
    pub load: u8,
    /// `desk.presence_grace_ms`. Default 60 000.
    pub presence_grace_ms: i64,
    /// `log.notification_wire`: the notification service's wire trace. Default false.
    pub log_notification_wire: bool,
    /// `log.max_file_bytes`: a log file is rotated and compressed beyond this. Default 100 MiB.
    pub log_max_file_bytes: u64,
    /// `log.max_files`: rotated files kept of each log. Default 40.
    pub log_max_files: usize,
}

/// The link to the CTI server.
#[derive(Debug, Clone)]
pub struct CtiSettings {
    /// `cti.host`: side A of a foreign CTI server; `None` starts the embedded one.
    pub host: Option<String>,
    /// `cti.port`: of side A, or of the embedded server. Default 42027.
    pub port: u16,
    /// `cti.backup_host`: side B.
    pub backup_host: Option<String>,
    /// `cti.backup_port`: side B. Default 43027.
    pub backup_port: u16,
    /// `cti.peripheral_id`. Default 5000.
    pub peripheral_id: u32,
    /// `cti.protocol`: the GED-188 version that the link opens with. Default 24.
    pub protocol: u32,
    /// `cti.heartbeat_ms`. Default 5 000; three unanswered reset the link.
    pub heartbeat_ms: i64,
}
