//! Servers under test: real processes on free ports, each with a folder of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use serde_json::Value;

use crate::tact::{Outcome, binary, tact, until};

/// Every port of a desktop server, by its setting.
pub(crate) const WEB_PORTS: [&str; 6] = [
    "http.port",
    "https.port",
    "bosh.port",
    "bosh.secure_port",
    "xmpp.port",
    "xmpp.secure_port",
];

/// A running `tact serve` or `tact cti serve`.
pub(crate) struct Server {
    child: Child,
    folder: Option<tempfile::TempDir>,
    data: PathBuf,
    listening: BTreeMap<String, SocketAddr>,
}

impl Server {
    /// `tact serve` with the demo centre.
    pub(crate) fn start() -> Server {
        Server::start_with(&[])
    }

    /// `tact serve` with these settings besides.
    pub(crate) fn start_with(settings: &[&str]) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let mut server = Server::start_in(&data, settings);
        server.folder = Some(folder);
        server
    }

    /// `tact serve` on a folder that outlives it.
    pub(crate) fn start_in(data: &Path, settings: &[&str]) -> Server {
        let mut arguments = vec![
            "serve".to_owned(),
            "--data".into(),
            data.display().to_string(),
        ];
        for port in WEB_PORTS {
            arguments.extend(["--set".into(), format!("{port}=0")]);
        }
        // The embedded CTI server takes a free port too; a foreign one is named in `settings`.
        if !settings.iter().any(|setting| setting.starts_with("cti.")) {
            arguments.extend(["--set".into(), "cti.port=0".into()]);
        }
        for setting in settings {
            arguments.extend(["--set".into(), (*setting).to_owned()]);
        }
        Server::spawn(&arguments, data)
    }

    /// `tact cti serve` alone. Port 0 is a free one.
    pub(crate) fn start_cti(data: &Path, port: u16) -> Server {
        let arguments = [
            "cti".to_owned(),
            "serve".into(),
            "--data".into(),
            data.display().to_string(),
            "--set".into(),
            format!("cti.port={port}"),
        ];
        Server::spawn(&arguments, data)
    }

    fn spawn(arguments: &[String], data: &Path) -> Server {
        // Beside the folder, which the server makes itself; one started later on the same folder adds to it.
        let stderr = data.with_extension("stderr");
        let complaints = File::options().create(true).append(true).open(&stderr);
        let mut child = Command::new(binary())
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(complaints.unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut listening = BTreeMap::new();
        loop {
            let Some(line) = lines.next() else {
                let said = std::fs::read_to_string(&stderr).unwrap_or_default();
                panic!(
                    "the server ended before it was ready: {:?}: {said}",
                    child.wait()
                );
            };
            let line = line.unwrap();
            if line.trim() == "ready" {
                break;
            }
            let mut words = line.split_whitespace();
            if let (Some(key), Some(address)) = (words.next(), words.next())
                && key.contains("port")
                && let Ok(address) = address.parse()
            {
                listening.insert(key.to_owned(), address);
            }
        }
        Server {
            child,
            folder: None,
            data: data.to_owned(),
            listening,
        }
    }

    /// Where the listener of this key is.
    pub(crate) fn address(&self, key: &str) -> SocketAddr {
        *self
            .listening
            .get(key)
            .unwrap_or_else(|| panic!("{key} is not listened on: {:?}", self.listening))
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether anything listens for this key.
    pub(crate) fn listens(&self, key: &str) -> bool {
        self.listening.contains_key(key)
    }

    /// Base URL over plain HTTP.
    pub(crate) fn http(&self) -> String {
        format!("http://{}", self.address("http.port"))
    }

    /// Base URL over TLS.
    pub(crate) fn https(&self) -> String {
        format!("https://{}", self.address("https.port"))
    }

    /// All that it said on stderr.
    pub(crate) fn complaints(&self) -> String {
        std::fs::read_to_string(self.data.with_extension("stderr")).unwrap()
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The folder of the log files.
    pub(crate) fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// Every log file's text, by its path below the folder.
    pub(crate) fn log_texts(&self) -> Vec<(String, String)> {
        fn collect(folder: &Path, root: &Path, out: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    collect(&path, root, out);
                } else {
                    let name = path.strip_prefix(root).unwrap().display().to_string();
                    let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                    out.push((name, text));
                }
            }
        }
        let mut out = Vec::new();
        collect(&self.logs(), &self.logs(), &mut out);
        out
    }

    /// `tact login` as JSON. `options` may name another transport.
    pub(crate) fn login(
        &self,
        agent: &str,
        password: &str,
        extension: &str,
        options: &[&str],
    ) -> Outcome {
        let server = self.https();
        let xmpp = self.address("xmpp.port").to_string();
        let mut arguments = vec![
            "login",
            "--format",
            "json",
            "--server",
            &server,
            "--xmpp",
            &xmpp,
            "--agent",
            agent,
            "--password",
            password,
            "--extension",
            extension,
        ];
        arguments.extend(options);
        tact(&arguments)
    }

    /// Stops the server in order, so that every line is on disk, and traces its logs.
    pub(crate) fn stop_and_trace(&mut self) -> (i32, Value) {
        self.stop();
        let outcome = tact(&[
            "trace",
            &self.logs().display().to_string(),
            "--format",
            "json",
        ]);
        (outcome.code, outcome.json())
    }

    /// Traces the logs of the running server, once all it wrote is on disk.
    pub(crate) fn trace_agent(&self, agent: &str, logins: usize) -> Vec<Value> {
        let logs = self.logs().display().to_string();
        until(&format!("the logs hold {logins} logins of {agent}"), || {
            let outcome = tact(&["trace", &logs, "--agent", agent, "--format", "json"]);
            let found = outcome.json()["logins"].as_array().unwrap().clone();
            (found.len() >= logins).then_some(found)
        })
    }

    /// SIGTERM, then the end.
    pub(crate) fn stop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        until("the server has ended", || self.child.try_wait().unwrap());
    }

    /// SIGKILL: no farewell.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// True while the process runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// One HTTP request over a connection of its own.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        user: Option<&str>,
        headers: &[&str],
        body: &str,
    ) -> Answer {
        let mut stream = TcpStream::connect(self.address("http.port")).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        if let Some(user) = user {
            let encoded =
                base64::engine::general_purpose::STANDARD.encode(format!("{user}:{user}"));
            head.push_str(&format!("Authorization: Basic {encoded}\r\n"));
        }
        for header in headers {
            head.push_str(&format!("{header}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        // A server that refuses a body early closes its side; what it answered is still there to be read.
        let _ = stream
            .write_all(head.as_bytes())
            .and_then(|()| stream.write_all(body.as_bytes()));
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Answer::parse(&String::from_utf8_lossy(&bytes))
    }

    /// GET with the agent's credentials.
    pub(crate) fn get(&self, path: &str, user: &str) -> Answer {
        self.request("GET", path, Some(user), &[], "")
    }

    /// PUT of a User document with the agent's credentials.
    pub(crate) fn put_user(&self, agent: &str, request_id: &str, body: &str) -> Answer {
        let header = format!("requestId: {request_id}");
        let headers = ["Content-Type: application/xml", header.as_str()];
        self.request(
            "PUT",
            &format!("/finesse/api/User/{agent}"),
            Some(agent),
            &headers,
            body,
        )
    }

    /// Waits until SystemInfo says `status`.
    pub(crate) fn wait_for_status(&self, status: &str) {
        let element = format!("<status>{status}</status>");
        until(&format!("SystemInfo says {status}"), || {
            let answer = self.request("GET", "/finesse/api/SystemInfo", None, &[], "");
            answer.body.contains(&element).then_some(())
        });
    }

    /// Waits until the agent is in `state`, and answers with the User document.
    pub(crate) fn wait_for_state(&self, agent: &str, state: &str) -> String {
        let element = format!("<state>{state}</state>");
        until(&format!("agent {agent} is {state}"), || {
            let answer = self.get(&format!("/finesse/api/User/{agent}"), agent);
            answer.body.contains(&element).then_some(answer.body)
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A failed test must not leave its server behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("{}", self.complaints());
        }
    }
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header's value, by its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut named = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.trim())
    }

    fn parse(text: &str) -> Answer {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Answer {
            status: status.unwrap_or(0),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }
}
