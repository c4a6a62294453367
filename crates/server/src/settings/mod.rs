//! Every setting. A TOML file (`--config`) and `--set key=value` on the command line speak of the same keys, which
//! one table holds: [`keys::KEYS`], from which the parsing and the reference text both come.
//!
//! - [`keys`]: the table
//! - `value`: what a value may look like
//! - `suggest`: the key that was probably meant
//!
//! Order: the default, then the file, then each `--set`; the later wins. An unknown key is an error.

pub mod keys;
mod suggest;
mod value;

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use tact_api::user::ReasonCodeSpelling;

use crate::auth::Publisher;
use crate::cti::journal::JournalSettings;
use crate::store::{Configuration, Store};

/// The settings of one server. Each field names its key; defaults, limits and meanings are in [`keys::KEYS`].
#[derive(Debug, Clone)]
pub struct Settings {
    /// `--data`: where the database, the certificate and the logs live.
    pub data: PathBuf,
    /// `listen.address`.
    pub address: IpAddr,
    /// `listen.plain`; [`Settings::takes_plain`] is what counts.
    pub plain: bool,
    /// `listen.legacy`: whether 7071, 7443 and 5223 are opened.
    pub legacy_listeners: bool,
    /// `listen.standard`: whether 80 and 443 are opened too.
    pub standard_ports: bool,
    /// `node.host`.
    pub host: String,
    /// `node.secondary_host`.
    pub secondary_host: Option<String>,
    /// `http.port`.
    pub http_port: u16,
    /// `https.port`.
    pub https_port: u16,
    /// `http.*`.
    pub http: HttpSettings,
    /// `bosh.port`.
    pub bosh_port: u16,
    /// `bosh.secure_port`.
    pub bosh_secure_port: u16,
    /// `xmpp.port`.
    pub xmpp_port: u16,
    /// `xmpp.secure_port`.
    pub xmpp_secure_port: u16,
    /// `bosh.*` and `xmpp.*` limits.
    pub notify: NotifySettings,
    /// `cors.origins`.
    pub cors_origins: Vec<String>,
    /// `rest.reason_code_spelling`.
    pub reason_code_spelling: ReasonCodeSpelling,
    /// `cti.*`.
    pub cti: CtiSettings,
    /// `acd.*`.
    pub acd: AcdSettings,
    /// `auth.*`.
    pub auth: AuthSettings,
    /// `database.url`; [`Settings::database`] is the one in force.
    pub database_url: Option<String>,
    /// `demo.agents`.
    pub demo_agents: u32,
    /// `demo.expose`.
    pub demo_expose: bool,
    /// Other `demo.*`.
    pub demo: DemoSettings,
    /// `desk.load`.
    pub load: u8,
    /// `desk.presence_grace_ms`.
    pub presence_grace_ms: i64,
    /// `log.notification_wire`.
    pub log_notification_wire: bool,
    /// `log.max_file_bytes`.
    pub log_max_file_bytes: u64,
    /// `log.max_files`.
    pub log_max_files: usize,
}

/// The link to the CTI server.
#[derive(Debug, Clone, Default)]
pub struct CtiSettings {
    /// `cti.host`; `None` starts the embedded CTI server.
    pub host: Option<String>,
    /// `cti.port`: of side A, or of the embedded server.
    pub port: u16,
    /// `cti.backup_host`.
    pub backup_host: Option<String>,
    /// `cti.backup_port`.
    pub backup_port: u16,
    /// `cti.peripheral_id`.
    pub peripheral_id: u32,
    /// `cti.protocol`.
    pub protocol: u32,
    /// `cti.heartbeat_ms`; three unanswered reset the link.
    pub heartbeat_ms: i64,
    /// `cti.request_timeout_ms`.
    pub request_timeout_ms: i64,
    /// `cti.reconnect_min_ms`.
    pub reconnect_min_ms: i64,
    /// `cti.reconnect_max_ms`.
    pub reconnect_max_ms: i64,
}

/// The embedded CTI server.
#[derive(Debug, Clone, Default)]
pub struct AcdSettings {
    /// `acd.max_sessions`.
    pub max_sessions: usize,
    /// `acd.session_queue_bytes`.
    pub session_queue_bytes: usize,
    /// `acd.journal_files`; 0 is no journal.
    pub journal_files: usize,
    /// `acd.journal_file_bytes`.
    pub journal_file_bytes: usize,
}

/// Who calls the demo centre.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoSettings {
    /// `demo.calls_per_hour`; 0 is nobody.
    pub calls_per_hour: u32,
    /// `demo.handle_time_s`.
    pub handle_time_s: u32,
    /// `demo.patience_s`; 0 is for ever.
    pub patience_s: u32,
    /// `demo.seed`.
    pub seed: u64,
}

/// HTTP limits.
#[derive(Debug, Clone, Default)]
pub struct HttpSettings {
    /// `http.max_connections`.
    pub max_connections: usize,
    /// `http.max_body_bytes`.
    pub max_body_bytes: usize,
    /// `http.max_client_log_bytes`.
    pub max_client_log_bytes: usize,
}

/// Limits of the notification service.
#[derive(Debug, Clone, Default)]
pub struct NotifySettings {
    /// `xmpp.max_sessions`.
    pub max_sessions: usize,
    /// `xmpp.max_sessions_per_user`.
    pub max_sessions_per_user: usize,
    /// `xmpp.session_queue`.
    pub session_queue: usize,
    /// `xmpp.session_stanzas_per_s`.
    pub session_stanzas_per_s: u32,
    /// `xmpp.session_bytes_per_s`.
    pub session_bytes_per_s: u32,
    /// `bosh.max_wait_s`.
    pub bosh_max_wait_s: u32,
    /// `bosh.inactivity_s`.
    pub bosh_inactivity_s: u32,
}

/// How credentials are checked.
#[derive(Debug, Clone, Default)]
pub struct AuthSettings {
    /// `auth.cache_ms`.
    pub cache_ms: i64,
    /// `auth.failures`.
    pub failures: u32,
    /// `auth.lock_ms`.
    pub lock_ms: i64,
    /// `auth.address_failures`.
    pub address_failures: u32,
    /// `auth.queue`.
    pub queue: usize,
    /// `xmpp.publishers`.
    pub publishers: Vec<Publisher>,
}

/// What is wrong with the settings, for the person who wrote them.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file of `--config` cannot be read.
    #[error("cannot read the configuration file {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the configuration file {path} is not valid TOML: {message}")]
    Toml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// A `--set` without `=`.
    #[error("--set {0}: write it as key=value, for example --set http.port=8082")]
    NotAnAssignment(String),
    /// No such key.
    #[error("{origin}: there is no setting `{key}`{}", did_you_mean(.nearest))]
    UnknownKey {
        /// Where it was written.
        origin: String,
        /// The key.
        key: String,
        /// The key that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A value that the key cannot have.
    #[error("{origin}: {key} = {value} is not possible: it must be {expected}")]
    BadValue {
        /// Where it was written.
        origin: String,
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What it must be.
        expected: String,
    },
    /// Two settings that contradict each other.
    #[error("{0}")]
    Contradiction(String),
}

/// Origins separated by commas, as `cors.origins` takes them.
///
/// # Errors
/// One is no origin.
pub fn origins(text: &str) -> Result<Vec<String>, Error> {
    let mut origins = Vec::new();
    value::origins(text, &mut origins).map_err(|expected| Error::BadValue {
        origin: "the command line".to_owned(),
        key: "cors.origins",
        value: text.to_owned(),
        expected,
    })?;
    Ok(origins)
}

fn did_you_mean(nearest: &Option<&'static str>) -> String {
    match nearest {
        Some(key) => format!("; did you mean `{key}`?"),
        None => "; `tact serve --help` and the settings reference list them all".to_owned(),
    }
}

impl Settings {
    /// The defaults, with `data` as the data folder.
    pub fn defaults(data: &Path) -> Settings {
        let mut settings = Settings::blank(data);
        for key in keys::KEYS {
            let applied = (key.apply)(&mut settings, key.default);
            debug_assert!(applied.is_ok(), "the default of {} is not valid", key.name);
        }
        settings
    }

    /// The defaults, then the file, then each of `sets` (`key=value`) in order.
    pub fn load(
        data: &Path,
        config_file: Option<&Path>,
        sets: &[String],
    ) -> Result<Settings, Error> {
        let mut settings = Settings::defaults(data);
        if let Some(path) = config_file {
            let text = std::fs::read_to_string(path).map_err(|source| Error::File {
                path: path.to_owned(),
                source,
            })?;
            settings.apply_toml(path, &text)?;
        }
        for set in sets {
            let Some((key, value)) = set.split_once('=') else {
                return Err(Error::NotAnAssignment(set.clone()));
            };
            settings.apply("--set", key.trim(), value.trim())?;
        }
        settings.check()?;
        Ok(settings)
    }

    /// The URL of the database in force: `database.url`, or a SQLite file in the data folder.
    pub fn database(&self) -> String {
        match &self.database_url {
            Some(url) => url.clone(),
            None => Store::sqlite_url(&self.data.join("tact.db")),
        }
    }

    /// True where clients may come without TLS: on loopback, and where the switch says so.
    pub fn takes_plain(&self) -> bool {
        self.plain || self.address.is_loopback()
    }

    /// The origins of `cors.origins`, `*` for any: so it is too on loopback where nothing is set.
    pub fn allowed_origins(&self) -> Vec<String> {
        if self.cors_origins.is_empty() && self.address.is_loopback() {
            return vec!["*".to_owned()];
        }
        self.cors_origins.clone()
    }

    /// The folder of the logs.
    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// Where the contact centre keeps its journal, if it does.
    pub fn journal(&self) -> Option<JournalSettings> {
        (self.acd.journal_files > 0).then(|| JournalSettings {
            folder: self.data.join("journal"),
            file_bytes: self.acd.journal_file_bytes as u64,
            files: self.acd.journal_files,
        })
    }

    /// Refuses to show the public passwords of the demo centre to the network.
    /// `demo` says whether the database holds the demo centre ([`Store::is_demo`]) or is about to.
    pub fn check_exposure(&self, demo: bool) -> Result<(), Error> {
        if demo && !self.address.is_loopback() && !self.demo_expose {
            return Err(Error::Contradiction(format!(
                "listen.address = {} would open the demo centre to the network, and the password of each of its users \
                 is its id. Use listen.address = 127.0.0.1, or an own configuration (demo.agents = 0 on an empty data \
                 folder), or demo.expose = true if that is what you want",
                self.address
            )));
        }
        Ok(())
    }

    /// Refuses a service account with the name of a user: nobody could tell whose password it is.
    pub fn check_publishers(&self, configuration: &Configuration) -> Result<(), Error> {
        let mut publishers = self.auth.publishers.iter();
        match publishers.find(|publisher| configuration.user(&publisher.name).is_some()) {
            Some(publisher) => Err(Error::Contradiction(format!(
                "xmpp.publishers names {}, which is a user: give the account another name",
                publisher.name
            ))),
            None => Ok(()),
        }
    }

    fn apply_toml(&mut self, path: &Path, text: &str) -> Result<(), Error> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| Error::Toml {
            path: path.to_owned(),
            message: error.to_string(),
        })?;
        let mut flat = Vec::new();
        value::flatten("", &table, &mut flat);
        let origin = path.display().to_string();
        for (key, value) in flat {
            self.apply(&origin, &key, &value)?;
        }
        Ok(())
    }

    fn apply(&mut self, origin: &str, name: &str, value: &str) -> Result<(), Error> {
        let Some(key) = keys::KEYS.iter().find(|key| key.name == name) else {
            return Err(Error::UnknownKey {
                origin: origin.to_owned(),
                key: name.to_owned(),
                nearest: suggest::nearest(name, keys::KEYS.iter().map(|key| key.name)),
            });
        };
        (key.apply)(self, value).map_err(|expected| Error::BadValue {
            origin: origin.to_owned(),
            key: key.name,
            value: if key.secret {
                "(not shown)".to_owned()
            } else {
                value.to_owned()
            },
            expected,
        })
    }

    /// What single values cannot show.
    fn check(&self) -> Result<(), Error> {
        let mut ports = vec![
            ("http.port", self.http_port),
            ("https.port", self.https_port),
            ("xmpp.port", self.xmpp_port),
        ];
        if self.legacy_listeners {
            ports.extend([
                ("bosh.port", self.bosh_port),
                ("bosh.secure_port", self.bosh_secure_port),
                ("xmpp.secure_port", self.xmpp_secure_port),
            ]);
        }
        if self.cti.host.is_none() {
            ports.push(("cti.port", self.cti.port));
        }
        for (index, (name, port)) in ports.iter().enumerate() {
            let twin = ports.iter().take(index).find(|(_, other)| other == port);
            if let Some((other, _)) = twin.filter(|_| *port != 0) {
                return Err(Error::Contradiction(format!(
                    "{other} and {name} are both {port}: give one of them another port (0 is a free one)"
                )));
            }
        }
        if self.cti.reconnect_min_ms > self.cti.reconnect_max_ms {
            return Err(Error::Contradiction(
                "cti.reconnect_min_ms is above cti.reconnect_max_ms".to_owned(),
            ));
        }
        if self.cti.host.is_none() && self.cti.backup_host.is_some() {
            return Err(Error::Contradiction(
                "cti.backup_host is side B of a foreign CTI server: set cti.host, its side A, too"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    /// A value for each field, which the table's defaults then overwrite.
    fn blank(data: &Path) -> Settings {
        Settings {
            data: data.to_owned(),
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            plain: false,
            legacy_listeners: false,
            standard_ports: false,
            host: String::new(),
            secondary_host: None,
            http_port: 0,
            https_port: 0,
            http: HttpSettings::default(),
            bosh_port: 0,
            bosh_secure_port: 0,
            xmpp_port: 0,
            xmpp_secure_port: 0,
            notify: NotifySettings::default(),
            cors_origins: Vec::new(),
            reason_code_spelling: ReasonCodeSpelling::default(),
            cti: CtiSettings::default(),
            acd: AcdSettings::default(),
            auth: AuthSettings::default(),
            database_url: None,
            demo_agents: 0,
            demo_expose: false,
            demo: DemoSettings::default(),
            load: 0,
            presence_grace_ms: 0,
            log_notification_wire: false,
            log_max_file_bytes: 0,
            log_max_files: 0,
        }
    }
}

#[cfg(test)]
mod tests;
