//! The server under measurement: `tact serve`, a process of its own on free ports.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Every setting that names a port.
const PORTS: [&str; 7] = [
    "http.port",
    "https.port",
    "bosh.port",
    "bosh.secure_port",
    "xmpp.port",
    "xmpp.secure_port",
    "cti.port",
];

/// A running server. Dropped before it was stopped, it is killed.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// The address of each listener by its setting.
    listening: BTreeMap<String, String>,
}

impl Server {
    /// Starts it with these settings and waits until it is ready.
    pub fn start(binary: &Path, data: &Path, settings: &[String]) -> Result<Server> {
        let mut command = Command::new(binary);
        command.arg("serve").arg("--data").arg(data);
        for setting in settings {
            command.args(["--set", setting]);
        }
        for port in PORTS {
            command.args(["--set", &format!("{port}=0")]);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let stdout = child.stdout.take();
        let mut server = Server {
            child,
            listening: BTreeMap::new(),
        };
        let stdout = stdout.context("the server has no standard output")?;
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            let mut words = line.split_whitespace();
            match (words.next(), words.next()) {
                (Some("ready"), None) => return Ok(server),
                (Some(key), Some(address)) if key.contains("port") => {
                    server.listening.insert(key.to_owned(), address.to_owned());
                }
                _ => {}
            }
        }
        bail!("the server ended before it was ready");
    }

    /// Where the listener of this setting is.
    pub fn address(&self, key: &str) -> Result<&str> {
        let address = self.listening.get(key);
        Ok(address.with_context(|| format!("the server has no {key}"))?)
    }

    /// Base URL over plain HTTP.
    pub fn url(&self) -> Result<String> {
        Ok(format!("http://{}", self.address("http.port")?))
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM, then the end.
    pub fn stop(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").arg(pid).status()?;
        if !told.success() {
            bail!("the server cannot be told to stop");
        }
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` there is nothing left to kill, and that is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Algorithm and parameters of the stored password hashes, such as `argon2id v=19 m=19456,t=2,p=1`: read from the
/// database file, so that what is printed is what the server did.
pub fn password_hash(data: &Path) -> Result<String> {
    const START: &[u8] = b"$argon2id$";
    /// Longer than any algorithm and parameters of a PHC string.
    const LONGEST: usize = 80;
    for entry in std::fs::read_dir(data)? {
        let path = entry?.path();
        if !path.is_file() {
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let found = bytes.windows(START.len()).position(|bytes| bytes == START);
        let Some(rest) = found.and_then(|at| bytes.get(at..)) else {
            continue;
        };
        let text = String::from_utf8_lossy(rest.get(..LONGEST).unwrap_or(rest));
        let mut parts = text.split('$').skip(1);
        if let (Some(algorithm), Some(version), Some(parameters)) =
            (parts.next(), parts.next(), parts.next())
        {
            return Ok(format!("{algorithm} {version} {parameters}"));
        }
    }
    bail!("no argon2 hash is stored in {}", data.display());
}
