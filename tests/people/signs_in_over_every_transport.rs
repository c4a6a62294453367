//! An agent signs in over BOSH, WebSocket and TCP; the tracer finds each login whole.

use crate::server::Server;
use crate::tact::{TWELVE, steps, tact, visible};

#[test]
fn and_the_server_has_nothing_to_complain_about() {
    let mut server = Server::start();
    for transport in ["bosh", "websocket", "tcp"] {
        let options = ["--transport", transport, "--sign-out"];
        let outcome = server.login("2001", "2001", "2003", &options);
        assert_eq!(outcome.code, 0, "{transport}: {outcome:?}");
    }
    // One who stays is there at the end, too.
    assert_eq!(server.login("2002", "2002", "3002", &[]).code, 0);
    server.stop();
    assert_eq!(server.complaints(), "");
}

#[test]
fn and_the_tracer_finds_all_twelve_steps_of_each() {
    let mut server = Server::start();
    for (agent, extension, transport) in [
        ("2001", "2003", "bosh"),
        ("2002", "3002", "websocket"),
        ("2004", "3004", "tcp"),
    ] {
        let outcome = server.login(
            agent,
            agent,
            extension,
            &["--transport", transport, "--sign-out"],
        );
        assert_eq!(outcome.code, 0, "{transport}: {outcome:?}");
        let report = outcome.json();
        assert_eq!(report["verdict"], "ok", "{report}");
        assert!(report["broken_at"].is_null(), "{report}");
        assert_eq!(steps(&report), visible(), "{transport}");
        server.wait_for_state(agent, "LOGOUT");
    }
    let (code, trace) = server.stop_and_trace();
    assert_eq!(code, 0, "{trace:#}");
    let logins = trace["logins"].as_array().unwrap();
    assert_eq!(logins.len(), 3, "{trace:#}");
    for login in logins {
        assert_eq!(login["verdict"], "ok", "{login:#}");
        assert_eq!(steps(login), TWELVE, "{login:#}");
    }
    assert_eq!(trace["unparsed"]["lines"], 0, "{:#}", trace["unparsed"]);
}

#[test]
fn and_reads_it_as_a_table() {
    let server = Server::start();
    let outcome = tact(&[
        "login",
        "--server",
        &server.http(),
        "--agent",
        "2001",
        "--password",
        "2001",
        "--extension",
        "2003",
    ]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for step in visible() {
        assert!(outcome.stdout.contains(step), "{step}: {}", outcome.stdout);
    }
    assert_eq!(outcome.stderr, "");
}

#[test]
fn twenty_agents_at_once_and_none_is_mistaken_for_another() {
    let mut server = Server::start();
    std::thread::scope(|scope| {
        let server = &server;
        for number in 2..=20 {
            scope.spawn(move || {
                let agent = format!("20{number:02}");
                let extension = format!("30{number:02}");
                let transport = ["bosh", "websocket", "tcp"][number % 3];
                let outcome = server.login(&agent, &agent, &extension, &["--transport", transport]);
                assert_eq!(outcome.code, 0, "{agent}: {outcome:?}");
            });
        }
    });
    let (code, trace) = server.stop_and_trace();
    assert_eq!(code, 0, "{trace:#}");
    let logins = trace["logins"].as_array().unwrap();
    assert_eq!(logins.len(), 19, "{trace:#}");
    for login in logins {
        assert_eq!(login["verdict"], "ok", "{login:#}");
        let agent = login["agent"].as_str().unwrap();
        assert_eq!(
            login["extension"].as_str().unwrap(),
            agent.replacen("20", "30", 1)
        );
    }
}
