//! A developer points clients at the server that nobody here wrote: they work, and the tracer says what they leave out.

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
