//! An agent opens the desktop in a real browser; the tests of `web/tests` press the keys.

use std::process::Command;

use crate::server::Server;
use crate::tact::{TWELVE, root, run, steps};

#[test]
fn and_the_tracer_agrees_with_what_the_screen_showed() {
    let mut server = Server::start();
    let shots = root().join("target/screenshots");
    std::fs::create_dir_all(&shots).unwrap();
    let outcome = run(Command::new("npm")
        .args(["run", "--silent", "test:browser"])
        .current_dir(root().join("web"))
        .env("TACT_URL", server.http())
        .env("TACT_SCREENSHOTS", &shots));
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    assert!(server.is_running());
    let (_, trace) = server.stop_and_trace();
    let logins = trace["logins"].as_array().unwrap();
    let whole: Vec<_> = logins
        .iter()
        .filter(|login| login["verdict"] == "ok")
        .collect();
    assert!(!whole.is_empty(), "{trace:#}");
    for login in whole {
        assert_eq!(steps(login), TWELVE, "{login:#}");
    }
    for login in logins {
        // Each failed one is one of the mistakes that the browser tests make on purpose.
        let broken_at = login["broken_at"].as_str();
        assert!(
            matches!(broken_at, None | Some("event_channel" | "cti_event")),
            "{login:#}"
        );
    }
}
