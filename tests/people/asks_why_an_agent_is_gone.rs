//! A supervisor asks why an agent was signed out; the server can say, also after it was started again.

use crate::server::Server;

fn sign_outs(server: &Server, agent: &str, asking: &str) -> String {
    let path = format!("/tact/agents/{agent}/sign-outs");
    let answer = server.get(&path, asking);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

fn element<'a>(document: &'a str, name: &str) -> &'a str {
    let open = format!("<{name}>");
    let rest = document.split_once(&open).map_or("", |(_, rest)| rest);
    rest.split('<').next().unwrap_or_default()
}

#[test]
fn and_hears_of_the_lost_desktop_and_of_the_own_wish() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let settings = ["desk.presence_grace_ms=300"];
    let mut server = Server::start_in(&data, &settings);
    let outcome = server.login("2001", "2001", "2003", &["--sign-out"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let own = sign_outs(&server, "2001", "2001");
    assert_eq!(
        (element(&own, "cause"), element(&own, "by")),
        ("OWN_REQUEST", "2001")
    );

    for (transport, channel) in [("websocket", "WEBSOCKET"), ("tcp", "TCP"), ("bosh", "BOSH")] {
        let outcome = server.login("2001", "2001", "2003", &["--transport", transport]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        server.wait_for_state("2001", "LOGOUT");
        let lost = sign_outs(&server, "2001", "2100");
        assert_eq!(element(&lost, "cause"), "PRESENCE_LOST", "{lost}");
        assert_eq!(element(&lost, "reasonCode"), "255");
        assert_eq!(element(&lost, "channel"), channel);
        assert!(!element(&lost, "noticed").is_empty());
        assert!(
            element(&lost, "absentSince") < element(&lost, "time"),
            "{lost}"
        );
    }

    let outcome = server.login("2002", "2002", "3002", &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    server.kill();
    let mut server = Server::start_in(&data, &["desk.presence_grace_ms=2000"]);
    server.wait_for_status("IN_SERVICE");
    // Whose desktop does not come back after the restart is signed out too, and what was before is known.
    server.wait_for_state("2002", "LOGOUT");
    let lost = sign_outs(&server, "2002", "2002");
    assert_eq!(element(&lost, "cause"), "PRESENCE_LOST", "{lost}");
    assert_eq!(element(&lost, "noticed"), "RESTART");
    let before = sign_outs(&server, "2001", "2001");
    assert_eq!(before.matches("<SignOut>").count(), 4, "{before}");

    // Another agent has no business with it, and nobody knows of somebody who is not there.
    let other = server.get("/tact/agents/2001/sign-outs", "2002");
    assert_eq!(other.status, 401, "{other:?}");
    let nobody = server.get("/tact/agents/9999/sign-outs", "2100");
    assert_eq!(nobody.status, 404, "{nobody:?}");
    server.stop();
}

#[test]
fn and_hears_which_supervisor_it_was() {
    let server = Server::start_with(&["desk.presence_grace_ms=60000"]);
    let outcome = server.login("2001", "2001", "2003", &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let put = server.request(
        "PUT",
        "/finesse/api/User/2001",
        Some("2100"),
        &["Content-Type: application/xml", "requestId: s-1"],
        "<User><state>LOGOUT</state></User>",
    );
    assert_eq!(put.status, 202, "{put:?}");
    server.wait_for_state("2001", "LOGOUT");
    let path = "/tact/agents/2001/sign-outs";
    let json = server.request("GET", path, Some("2100"), &["Accept: application/json"], "");
    assert!(json.body.contains("\"cause\":\"SUPERVISOR\""), "{json:?}");
    assert!(json.body.contains("\"by\":\"2100\""), "{json:?}");
}
