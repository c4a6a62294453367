//! An agent opens the desktop in a real browser; the tests of `web/tests` press the keys.

use std::process::Command;

use crate::server::Server;
use crate::tact::{Outcome, TWELVE, root, run, steps};

/// Runs the browser tests of that script against a server.
fn in_the_browser(script: &str, server: &Server) -> Outcome {
    let shots = root().join("target/screenshots");
    std::fs::create_dir_all(&shots).unwrap();
    run(Command::new("npm")
        .args(["run", "--silent", script])
        .current_dir(root().join("web"))
        .env("TACT_URL", server.http())
        .env("TACT_SCREENSHOTS", &shots))
}

#[test]
fn two_agents_and_a_supervisor_take_the_calls_of_simulated_callers() {
    // Somebody calls every two seconds, waits for as long as it takes and talks until hung up on.
    let mut server = Server::start_with(&[
        "demo.calls_per_hour=1800",
        "demo.patience_s=0",
        "demo.handle_time_s=3600",
    ]);
    let outcome = in_the_browser("test:callers", &server);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    assert!(server.is_running());
}

#[test]
fn and_is_told_why_it_was_signed_out() {
    let mut server = Server::start_with(&["desk.presence_grace_ms=500"]);
    let outcome = in_the_browser("test:absent", &server);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
    assert!(server.is_running());
}

#[test]
fn and_the_tracer_agrees_with_what_the_screen_showed() {
    let mut server = Server::start();
    let outcome = in_the_browser("test:browser", &server);
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
