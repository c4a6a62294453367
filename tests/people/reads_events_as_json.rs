//! A developer takes the client out of docs/events.md and runs it as it stands, over a restart of the server.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::server::Server;
use crate::tact::root;

/// How long an event may take on a busy machine, a restart of the server included.
const PATIENCE: Duration = Duration::from_secs(120);

/// The client of the document, running.
struct Reader {
    child: Child,
    lines: Receiver<String>,
}

impl Reader {
    fn start(server: &str, agent: &str) -> Reader {
        let document = std::fs::read_to_string(root().join("docs/events.md")).unwrap();
        let (_, rest) = document.split_once("```python\n").unwrap();
        let (client, _) = rest.split_once("```").unwrap();
        assert!(
            client.lines().count() <= 24,
            "short enough to be read at a glance"
        );
        let mut child = Command::new("python3")
            .args(["-c", client, server, agent, agent])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Reader { child, lines }
    }

    /// The next event of that kind; what it says.
    fn next(&self, wanted: &str) -> Value {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap();
            let (kind, event) = line.split_once(' ').unwrap();
            if kind == wanted {
                return serde_json::from_str(event).unwrap();
            }
        }
    }

    /// The agent's state in the next event about the agent.
    fn state(&self) -> String {
        loop {
            let event = self.next("update");
            if let Some(state) = event["Update"]["data"]["user"]["state"].as_str() {
                return state.to_owned();
            }
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_client_of_the_documentation_reads_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Server::start_in(&data, &[]);
    let reader = Reader::start(&server.http(), "2001");
    reader.next("ready");
    let login = "<User><state>LOGIN</state><extension>2003</extension></User>";
    assert_eq!(server.put_user("2001", "r-1", login).status, 202);
    while reader.state() != "NOT_READY" {}
    let ready = "<User><state>READY</state></User>";
    assert_eq!(server.put_user("2001", "r-2", ready).status, 202);
    assert_eq!(reader.state(), "READY");

    let port = format!("http.port={}", server.address("http.port").port());
    server.stop();
    drop(server);
    let server = Server::start_in(&data, &[&port, "cti.port=0"]);
    let told = reader.next("resync");
    assert_eq!(told["why"], "unknown-id");
    let pause = "<User><state>NOT_READY</state><reasonCodeId>1</reasonCodeId></User>";
    assert_eq!(server.put_user("2001", "r-3", pause).status, 202);
    while reader.state() != "NOT_READY" {}
}

#[test]
fn a_token_stands_for_the_password_everywhere_but_where_tokens_are_made() {
    let server = Server::start();
    let made = server.request("POST", "/tact/token", Some("2001"), &[], "");
    assert_eq!(made.status, 200);
    let made: Value = serde_json::from_str(&made.body).unwrap();
    let token = made["access_token"].as_str().unwrap();
    assert_eq!(made["token_type"], "Bearer");
    let bearer = format!("Authorization: Bearer {token}");
    let user = server.request("GET", "/finesse/api/User/2001", None, &[&bearer], "");
    assert_eq!(user.status, 200);
    let other = server.request("GET", "/finesse/api/User/2002", None, &[&bearer], "");
    assert_eq!(other.status, 401, "an agent's token reads no other agent");
    let again = server.request("POST", "/tact/token", None, &[&bearer], "");
    assert_eq!(again.status, 401);
    // The token never reaches a log, however its parameter is spelt.
    for path in [
        "/events?access_token",
        "/events?access%5Ftoken",
        "/finesse/api/SystemInfo?access_token",
    ] {
        let answer = server.request("GET", &format!("{path}={token}x"), None, &[], "");
        assert!([200, 401].contains(&answer.status), "{path}");
    }
    let listening = server.request(
        "GET",
        &format!("/events?access_token={token}x"),
        None,
        &[],
        "",
    );
    assert_eq!(listening.status, 401);
    for (name, text) in server.log_texts() {
        assert!(!text.contains(token), "{name}");
    }
}
