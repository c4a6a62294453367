//! An engineer runs the CTI server as a process of its own, kills it and starts it again.

use crate::server::Server;
use crate::tact::{TWELVE, steps};

#[test]
fn and_sign_in_fails_at_system_info_until_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let cti_data = folder.path().join("cti");
    let mut cti = Server::start_cti(&cti_data, 0);
    let port = cti.address("cti.port").port();
    let mut server = Server::start_with(&[
        "cti.host=127.0.0.1",
        &format!("cti.port={port}"),
        "cti.reconnect_min_ms=50",
        "cti.reconnect_max_ms=200",
    ]);
    server.wait_for_status("IN_SERVICE");
    let outcome = server.login("2001", "2001", "2003", &["--sign-out"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");

    cti.kill();
    server.wait_for_status("OUT_OF_SERVICE");
    let outcome = server.login("2002", "2002", "3002", &[]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert_eq!(outcome.json()["broken_at"], "system_info", "{outcome:?}");
    let refused = server.put_user(
        "2002",
        "r-1",
        "<User><state>LOGIN</state><extension>3002</extension></User>",
    );
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(
        refused.body.contains("SERVER_OUT_OF_SERVICE"),
        "{refused:?}"
    );

    let mut cti = Server::start_cti(&cti_data, port);
    server.wait_for_status("IN_SERVICE");
    let outcome = server.login("2004", "2004", "3004", &["--transport", "websocket"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    cti.stop();

    // The logs of both processes together tell the whole story.
    server.stop();
    let bundle = [
        server.logs().display().to_string(),
        cti_data.join("logs").display().to_string(),
    ];
    let outcome = crate::tact::tact(&["trace", &bundle[0], &bundle[1], "--format", "json"]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    let trace = outcome.json();
    let logins = trace["logins"].as_array().unwrap();
    let broken: Vec<_> = logins
        .iter()
        .filter(|login| login["verdict"] == "failed")
        .map(|login| (login["agent"].as_str(), login["broken_at"].as_str()))
        .collect();
    // The desktop of 2002 saw the service down; a script then asked all the same, and was answered with 503.
    assert!(
        broken.contains(&(Some("2002"), Some("system_info"))),
        "{broken:?}"
    );
    assert!(
        broken.iter().all(|(agent, _)| *agent == Some("2002")),
        "{broken:?}"
    );
    for login in logins.iter().filter(|login| login["verdict"] != "failed") {
        assert_eq!(login["verdict"], "ok", "{login:#}");
        assert_eq!(steps(login), TWELVE, "{login:#}");
    }
}
