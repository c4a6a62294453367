//! Wrong password, wrong extension, somebody else's extension: the right step is named, by the client and the tracer.

use crate::server::Server;
use crate::tact::tact;

#[test]
fn a_wrong_password_breaks_the_event_channel() {
    let mut server = Server::start();
    for transport in ["bosh", "websocket", "tcp"] {
        let outcome = server.login(
            "2001",
            "not-the-password",
            "2003",
            &["--transport", transport],
        );
        assert_eq!(outcome.code, 1, "{transport}: {outcome:?}");
        let report = outcome.json();
        assert_eq!(report["verdict"], "failed");
        assert_eq!(report["broken_at"], "event_channel", "{report:#}");
    }
    for (name, text) in server.log_texts() {
        assert!(!text.contains("not-the-password"), "{name}");
    }
    let (code, trace) = server.stop_and_trace();
    assert_eq!(code, 2, "{trace:#}");
    let logins = trace["logins"].as_array().unwrap();
    assert_eq!(logins.len(), 3, "{trace:#}");
    for login in logins {
        assert_eq!(login["agent"], "2001", "{login:#}");
        assert_eq!(login["verdict"], "failed", "{login:#}");
        assert_eq!(login["broken_at"], "event_channel", "{login:#}");
        assert!(!login["fix"].as_str().unwrap().is_empty());
    }
}

#[test]
fn an_unknown_extension_is_refused_by_the_cti_server_with_260() {
    let mut server = Server::start();
    let outcome = server.login("2001", "2001", "9999", &[]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let report = outcome.json();
    assert_eq!(report["broken_at"], "cti_event", "{report:#}");
    let cause = report["cause"].as_str().unwrap();
    assert!(
        cause.contains("260") && cause.contains("CF_INVALID_LOGON_DEVICE_SPECIFIED"),
        "{cause}"
    );
    let (code, trace) = server.stop_and_trace();
    assert_eq!(code, 2, "{trace:#}");
    let login = &trace["logins"][0];
    assert_eq!(login["broken_at"], "cti_event", "{login:#}");
    assert_eq!(login["extension"], "9999", "{login:#}");
    assert!(
        login["cause"].as_str().unwrap().contains("260"),
        "{login:#}"
    );
}

#[test]
fn an_extension_in_use_is_refused_with_283_and_its_owner_is_undisturbed() {
    let mut server = Server::start();
    assert_eq!(server.login("2001", "2001", "2003", &[]).code, 0);
    let outcome = server.login("2002", "2002", "2003", &["--transport", "websocket"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.json()["cause"].as_str().unwrap().contains("283"),
        "{outcome:?}"
    );
    let owner = server.get("/finesse/api/User/2001", "2001").body;
    assert!(owner.contains("<extension>2003</extension>"), "{owner}");
    let (code, trace) = server.stop_and_trace();
    assert_eq!(code, 2, "{trace:#}");
    let verdict = |agent: &str| {
        let logins = trace["logins"].as_array().unwrap();
        logins.iter().find(|login| login["agent"] == agent).unwrap()["verdict"].clone()
    };
    assert_eq!(verdict("2001"), "ok", "{trace:#}");
    assert_eq!(verdict("2002"), "failed", "{trace:#}");
}

#[test]
fn five_wrong_passwords_lock_the_agent_out_and_nobody_else() {
    let server = Server::start();
    for _ in 0..5 {
        let answer = server.request("GET", "/finesse/api/User/2001", Some("2001x"), &[], "");
        assert_eq!(answer.status, 401);
    }
    let wrong = |server: &Server| {
        let header = "Authorization: Basic MjAwMTp3cm9uZw=="; // 2001:wrong
        server
            .request("GET", "/finesse/api/User/2001", None, &[header], "")
            .status
    };
    for _ in 0..5 {
        assert_eq!(wrong(&server), 401);
    }
    let locked = server.get("/finesse/api/User/2001", "2001");
    assert_eq!(locked.status, 401, "the right password too: {locked:?}");
    assert!(
        locked
            .body
            .contains("<ErrorMessage>UNAUTHORIZED</ErrorMessage>"),
        "{locked:?}"
    );
    assert_eq!(server.get("/finesse/api/User/2002", "2002").status, 200);
}

#[test]
fn wrong_usage_says_what_is_right_and_exits_with_3() {
    for arguments in [
        vec!["login"],
        vec![
            "login",
            "--server",
            "ftp://x",
            "--agent",
            "1",
            "--password",
            "1",
            "--extension",
            "1",
        ],
        vec![
            "login",
            "--server",
            "https://x",
            "--agent",
            "",
            "--password",
            "1",
            "--extension",
            "1",
        ],
    ] {
        let outcome = tact(&arguments);
        assert_eq!(outcome.code, 3, "{arguments:?}: {outcome:?}");
        assert!(!outcome.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn nobody_listens_there() {
    // Port 9 of loopback: nothing answers, and nothing is started for it.
    let outcome = tact(&[
        "login",
        "--format",
        "json",
        "--server",
        "http://127.0.0.1:9",
        "--agent",
        "2001",
        "--password",
        "2001",
        "--extension",
        "2003",
    ]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let report = outcome.json();
    assert_eq!(report["broken_at"], "desktop", "{report:#}");
    assert!(
        report["cause"].as_str().unwrap().contains("127.0.0.1:9"),
        "{report:#}"
    );
}
