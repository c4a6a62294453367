//! A supervisor asks why a call went where it went: the journal knows.

use crate::server::Server;
use crate::tact::{tact, until};

/// Puts an agent into a state by the agent's own desktop, and waits until it is so.
fn put(server: &Server, agent: &str, state: &str, more: &str) {
    let body = format!("<User><state>{state}</state>{more}</User>");
    let answer = server.put_user(agent, state, &body);
    assert_eq!(answer.status, 202, "{answer:?}");
    let is = if state == "LOGIN" { "NOT_READY" } else { state };
    server.wait_for_state(agent, is);
}

/// The one dialog of an agent, once it is in a state.
fn dialog(server: &Server, agent: &str, state: &str) -> String {
    let path = format!("/finesse/api/User/{agent}/Dialogs");
    let state = format!("<state>{state}</state>");
    let body = until(&format!("{agent} has a call, {state}"), || {
        let body = server.get(&path, agent).body;
        body.contains(&state).then_some(body)
    });
    let id = body.split("<id>").nth(1).unwrap();
    id.split('<').next().unwrap().to_owned()
}

fn does(server: &Server, agent: &str, address: &str, dialog: &str, action: &str) {
    let body = format!(
        "<Dialog><requestedAction>{action}</requestedAction><targetMediaAddress>{address}</targetMediaAddress></Dialog>"
    );
    let headers = ["Content-Type: application/xml"];
    let path = format!("/finesse/api/Dialog/{dialog}");
    let answer = server.request("PUT", &path, Some(agent), &headers, &body);
    assert_eq!(answer.status, 202, "{answer:?}");
}

/// The text with each time of day as `TIME`, and one with its date as `DATE`.
fn without_times(text: &str) -> String {
    let shape = |text: &str, shape: &str| {
        text.len() >= shape.len()
            && text
                .bytes()
                .zip(shape.bytes())
                .all(|(is, wanted)| match wanted {
                    b'0' => is.is_ascii_digit(),
                    wanted => is == wanted,
                })
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let known = [
            ("0000-00-00T00:00:00.000Z", "DATE"),
            ("00:00:00.000", "TIME"),
        ];
        let found = known.iter().find(|(wanted, _)| shape(rest, wanted));
        let (taken, put) = match found {
            Some((wanted, name)) => (wanted.len(), (*name).to_owned()),
            None => (first.len_utf8(), first.to_string()),
        };
        out.push_str(&put);
        rest = &rest[taken..];
    }
    out
}

#[test]
fn and_is_told_who_was_skipped_and_what_they_did() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Server::start_in(&data, &[]);
    server.wait_for_status("IN_SERVICE");
    for (agent, extension) in [("2001", "2003"), ("2002", "3002"), ("2004", "3004")] {
        let extension = format!("<extension>{extension}</extension>");
        put(&server, agent, "LOGIN", &extension);
    }
    put(&server, "2004", "READY", "");
    put(
        &server,
        "2004",
        "NOT_READY",
        "<reasonCodeId>1</reasonCodeId>",
    );
    put(&server, "2001", "READY", "");
    put(&server, "2002", "READY", "");
    let headers = ["Content-Type: application/json"];
    let caller = "{\"from\":\"5551234\",\"to\":\"8000\"}";
    let answer = server.request("POST", "/tact/demo/calls", Some("2100"), &headers, caller);
    assert_eq!(answer.status, 202, "{answer:?}");
    let id = dialog(&server, "2001", "ALERTING");
    does(&server, "2001", "2003", &id, "ANSWER");
    server.wait_for_state("2001", "TALKING");
    put(&server, "2004", "READY", "");
    does(&server, "2001", "2003", &id, "DROP");
    server.wait_for_state("2001", "READY");
    server.stop();

    let journal = data.join("journal").display().to_string();
    let why = |subject: &str| {
        let outcome = tact(&["cti", "replay", &journal, "--why", subject]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        without_times(&outcome.stdout)
    };
    // Who waited longer had the call; the others, and what they did until when, are named.
    assert_eq!(
        why(&id),
        format!(
            "Call {id} from 5551234\n\
             \n\
             DATE  call {id} is offered to agent 2001 from queue 1 (Support) step 1, at once\n    \
             agent 2001 was available since TIME, the longest\n    \
             agent 2002 was skipped: available since TIME, not as long\n    \
             agent 2004 was skipped: NOT_READY (reason 10) TIME to TIME\n    \
             18 more were signed out\n\
             \n\
             DATE  call {id} is answered by agent 2001\n"
        )
    );
    assert_eq!(
        why("2004"),
        format!(
            "Agent 2004\n    \
             LOGOUT DATE to TIME\n    \
             NOT_READY TIME to TIME\n    \
             AVAILABLE TIME to TIME\n    \
             NOT_READY (reason 10) TIME to TIME\n    \
             AVAILABLE since TIME\n\
             \n\
             DATE  call {id} is offered to agent 2001 from queue 1 (Support) step 1, at once\n    \
             agent 2001 was available since TIME, the longest\n    \
             agent 2004 was skipped: NOT_READY (reason 10) TIME to TIME\n"
        )
    );
}
