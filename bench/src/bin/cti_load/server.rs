//! `tact cti serve`, a process of its own on a free port.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A running CTI server. Dropped before it was stopped, it is killed.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// Starts it with an empty data folder and waits until it is ready.
    pub(crate) fn start(binary: &Path, data: &Path, agents: usize) -> Result<Server> {
        let mut command = Command::new(binary);
        command.args(["cti", "serve", "--data"]).arg(data);
        for setting in [
            "cti.port=0".to_owned(),
            format!("demo.agents={agents}"),
            "acd.max_sessions=10000".to_owned(),
            // The least there is, so that who does not read is cut off within the run.
            "acd.session_queue_bytes=1048576".to_owned(),
        ] {
            command.args(["--set", &setting]);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let stdout = child.stdout.take();
        let stdout = stdout.context("the server has no standard output")?;
        let mut address = None;
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            let mut words = line.split_whitespace();
            match (words.next(), words.next(), address) {
                (Some("ready"), None, Some(address)) => return Ok(Server { child, address }),
                (Some("cti.port"), Some(text), _) => address = Some(text.parse()?),
                _ => {}
            }
        }
        let _ = child.kill();
        bail!("the server ended before it was ready");
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM, then the end.
    pub(crate) fn stop(mut self) -> Result<()> {
        let told = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()?;
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
