//! A browser vanishes: after the grace the agent is signed out or not ready; back within it nothing changes.

use std::process::{Child, Command, Stdio};

use crate::server::Server;
use crate::tact::{binary, until};

/// A desktop that signs in and then vanishes without a farewell.
fn vanishing_login(server: &Server, agent: &str, extension: &str) {
    let outcome = server.login(agent, agent, extension, &["--transport", "websocket"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
}

#[test]
fn and_is_signed_out_after_the_grace() {
    let server = Server::start_with(&["desk.presence_grace_ms=300", "desk.load=1"]);
    vanishing_login(&server, "2001", "2003");
    server.wait_for_state("2001", "LOGOUT");
    let realm_of_causes = until("the forced sign-out is in the CTI server's log", || {
        server
            .log_texts()
            .into_iter()
            .filter(|(name, _)| name.starts_with("ctisvr"))
            .map(|(_, text)| text)
            .find(|text| text.contains("EventReasonCode:255"))
    });
    assert!(realm_of_causes.contains("AGENT_STATE_EVENT"));
}

#[test]
fn and_is_only_not_ready_where_the_desk_setting_says_so() {
    let server = Server::start_with(&["desk.presence_grace_ms=300", "desk.load=0"]);
    vanishing_login(&server, "2001", "2003");
    until("the reason is 255", || {
        let logs = server.log_texts();
        logs.iter()
            .any(|(name, text)| name.starts_with("ctisvr") && text.contains("EventReasonCode:255"))
            .then_some(())
    });
    let user = server.wait_for_state("2001", "NOT_READY");
    assert!(user.contains("<extension>2003</extension>"), "{user}");
}

#[test]
fn and_is_back_within_the_grace_as_if_nothing_had_happened() {
    let server = Server::start_with(&["desk.presence_grace_ms=20000"]);
    vanishing_login(&server, "2001", "2003");
    let before = server.wait_for_state("2001", "NOT_READY");
    // The reload: the same agent at the same extension signs in again.
    vanishing_login(&server, "2001", "2003");
    let after = server.wait_for_state("2001", "NOT_READY");
    let changed = |user: &str| {
        let (_, rest) = user.split_once("<stateChangeTime>").unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    assert_eq!(changed(&before), changed(&after));
    for (name, text) in server.log_texts() {
        assert!(!text.contains("EventReasonCode:255"), "{name}");
    }
}

#[test]
fn the_server_is_stopped_and_started_again_on_the_same_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for round in 0..2 {
        let mut server = Server::start_in(&data, &[]);
        let outcome = server.login("2001", "2001", "2003", &["--sign-out"]);
        assert_eq!(outcome.code, 0, "round {round}: {outcome:?}");
        server.stop();
    }
}

#[test]
fn a_port_that_is_taken_is_named_with_the_way_out() {
    let server = Server::start();
    let taken = server.address("http.port").port();
    let folder = tempfile::tempdir().unwrap();
    let child: Child = Command::new(binary())
        .args(["serve", "--data"])
        .arg(folder.path())
        .args([
            "--set",
            &format!("http.port={taken}"),
            "--set",
            "cti.port=0",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.contains("http.port") && text.contains(&taken.to_string()),
        "{text}"
    );
}
