//! An operator lets the pages of another site call, while the server runs.

use crate::server::Server;
use crate::tact::{Outcome, tact, until};

const SITE: &str = "https://crm.example.com";

fn cors(server: &Server, words: &[&str]) -> Outcome {
    let data = server.data().display().to_string();
    // The command knows the settings that the server was started with.
    let set = "cors.origins=https://other.example.com";
    let mut arguments = vec!["cors", "--data", &data, "--set", set];
    arguments.extend(words);
    tact(&arguments)
}

/// Whether pages of the site may: by REST, BOSH, a socket for events, the tunnel.
fn may(server: &Server) -> [bool; 4] {
    let origin = format!("Origin: {SITE}");
    let allows = |method: &str, path: &str| {
        let answer = server.request(method, path, None, &[&origin], "");
        answer.header("access-control-allow-origin") == Some(SITE)
    };
    let headers = [
        origin.as_str(),
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    let events = server.request("GET", "/events", None, &headers, "");
    let tunnel = server.get("/tunnel/", "2001");
    let policy = tunnel.header("content-security-policy").unwrap_or_default();
    [
        allows("OPTIONS", "/finesse/api/User/2001"),
        allows("OPTIONS", "/http-bind"),
        events.status != 403,
        policy.contains("frame-ancestors 'self'") && policy.contains(SITE),
    ]
}

#[test]
fn and_nothing_has_to_be_started_again() {
    let server = Server::start_with(&["cors.origins=https://other.example.com"]);
    assert_eq!(may(&server), [false; 4]);
    let added = cors(&server, &["add", SITE]);
    assert_eq!(added.code, 0, "{added:?}");
    assert_eq!(added.stdout, format!("https://other.example.com\n{SITE}\n"));
    until("the site may", || (may(&server) == [true; 4]).then_some(()));
    let listed = cors(&server, &["list"]);
    assert_eq!(listed.stdout, added.stdout);

    let deleted = cors(&server, &["delete", SITE]);
    assert_eq!(
        (deleted.code, deleted.stdout.trim()),
        (0, "https://other.example.com"),
        "{deleted:?}"
    );
    until("the site may not", || {
        (may(&server) == [false; 4]).then_some(())
    });
    let again = cors(&server, &["delete", SITE]);
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains("is not among the origins"),
        "{again:?}"
    );
    let wrong = cors(&server, &["add", "crm.example.com/page"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.stderr.contains("origins such as"), "{wrong:?}");
}
