//! A developer points clients at the server that nobody here wrote: they work, and the tracer says what they leave out.

use std::net::TcpListener;
use std::process::Command;

use serde_json::Value;

use crate::server::Server;
use crate::tact::{Outcome, TWELVE, root, run, steps};

/// What such a client leaves no evidence of: it loads no desktop and sends no client log.
const NO_EVIDENCE: [&str; 3] = ["desktop", "deliver", "signed_in"];

fn strophe(server: &Server, transport: &str, agent: &str, extension: &str) -> Outcome {
    run(Command::new("node")
        .arg(root().join("tests/clients/strophe.mjs"))
        .args(["--server", &server.http(), "--transport", transport])
        .args(["--agent", agent, "--password", agent])
        .args(["--put", "LOGIN", "--extension", extension]))
}

fn slixmpp(server: &Server, agent: &str, extension: &str) -> Outcome {
    let xmpp = server.address("xmpp.port");
    run(Command::new(root().join("tests/clients/.venv/bin/python"))
        .arg(root().join("tests/clients/slixmpp_client.py"))
        .args(["--server", &server.http()])
        .args(["--host", &xmpp.ip().to_string()])
        .args(["--port", &xmpp.port().to_string()])
        .args(["--agent", agent, "--password", agent])
        .args(["--put", "LOGIN", "--extension", extension]))
}

/// One that takes the part of a supervisor who listens to a team.
fn supervises(server: &Server, client: &str, transport: &str) -> Outcome {
    let clients = root().join("tests/clients");
    let mut command = if client.ends_with(".py") {
        let mut python = Command::new(clients.join(".venv/bin/python"));
        python.arg(clients.join(client));
        python
    } else {
        let mut node = Command::new("node");
        node.arg(clients.join(client))
            .args(["--transport", transport]);
        node
    };
    let xmpp = server.address("xmpp.port").to_string();
    run(command.args(["--server", &server.http(), "--xmpp", &xmpp]))
}

fn passes(outcome: &Outcome) {
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let result: Value =
        serde_json::from_str(outcome.stdout.lines().last().unwrap_or_default()).unwrap();
    assert_eq!(result["ok"], true, "{outcome:?}");
}

#[test]
fn strophe_and_slixmpp_sign_in_and_hear_the_event() {
    let mut server = Server::start();
    passes(&strophe(&server, "bosh", "2001", "2003"));
    passes(&strophe(&server, "websocket", "2002", "3002"));
    passes(&slixmpp(&server, "2004", "3004"));
    let (code, trace) = server.stop_and_trace();
    assert_eq!(code, 0, "nothing failed: {trace:#}");
    let logins = trace["logins"].as_array().unwrap();
    assert_eq!(logins.len(), 3, "{trace:#}");
    for login in logins {
        assert_eq!(login["verdict"], "incomplete", "{login:#}");
        let found = steps(login);
        for step in TWELVE {
            // These clients ask for no SystemInfo, no User and no agent data unless they choose to.
            let optional = ["system_info", "user", "agent_data"].contains(&step);
            if !optional {
                assert_eq!(
                    found.contains(&step),
                    !NO_EVIDENCE.contains(&step),
                    "{step}: {login:#}"
                );
            }
        }
    }
}

#[test]
fn a_supervisor_hears_the_team_with_whichever_client() {
    let mut server = Server::start();
    for (client, transport) in [
        ("stanza.mjs", "bosh"),
        ("stanza.mjs", "websocket"),
        ("xmpp_client.mjs", "websocket"),
        ("xmpp_client.mjs", "tcp"),
        ("aioxmpp_client.py", "tcp"),
    ] {
        passes(&supervises(&server, client, transport));
        server.wait_for_state("2001", "LOGOUT");
    }
    server.stop();
    assert_eq!(server.complaints(), "");
}

#[test]
fn tsung_signs_agents_in_and_subscribes_them_over_bosh() {
    let mut server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let agents = ["2001", "2002", "2003", "2004", "2005"];
    let users = folder.path().join("users.csv");
    let lines = agents.map(|agent| format!("{agent},{agent}\n"));
    std::fs::write(&users, lines.concat()).unwrap();
    let scenario = std::fs::read_to_string(root().join("tests/clients/tsung.xml")).unwrap();
    let scenario = scenario
        .replace("@PORT@", &server.address("http.port").port().to_string())
        .replace("@USERS@", &users.display().to_string());
    let file = folder.path().join("tsung.xml");
    std::fs::write(&file, scenario).unwrap();
    // Erlang's name service is left running by tsung; this one is nobody else's, and is ended below.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let port = free.unwrap().port().to_string();
    let erlang = |program: &str| {
        let mut command = Command::new(program);
        command
            .env("HOME", folder.path())
            .env("ERL_EPMD_PORT", &port);
        command
    };
    let log = folder.path().join("log");
    let outcome = run(erlang("tsung")
        // Named by address, as this host's name may not resolve; no page of its own, no time to warm up.
        .args(["-I", "127.0.0.1", "-n", "-w", "0"])
        .args(["-f".as_ref(), file.as_os_str()])
        .args(["-l".as_ref(), log.as_os_str()])
        .arg("start"));
    let _ = run(erlang("epmd").arg("-kill"));
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let run = std::fs::read_dir(&log).unwrap().next().unwrap().unwrap();
    let report = std::fs::read_to_string(run.path().join("tsung.log")).unwrap();
    // `stats: NAME LATELY IN_ALL`, said again and again.
    let counted = |name: &str| {
        let begin = format!("stats: {name} ");
        let last = report.lines().rfind(|line| line.starts_with(&begin))?;
        last.rsplit(' ').next()?.parse::<usize>().ok()
    };
    assert_eq!(
        counted("finish_users_count"),
        Some(agents.len()),
        "{report}"
    );
    // Eight answers of each agent's are looked at.
    assert_eq!(counted("match"), Some(8 * agents.len()), "{report}");
    assert_eq!(counted("nomatch"), None, "{report}");
    assert!(!report.contains("stats: error"), "{report}");
    server.stop();
    assert_eq!(server.complaints(), "");
}
