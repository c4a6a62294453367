//! An operator wants to know what the server bears before the agents come: `tact load`.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::server::Server;
use crate::tact::{Outcome, binary, tact, until};

/// Desktops of a run.
const DESKTOPS: usize = 50;

fn start() -> Server {
    Server::start_with(&[
        "demo.agents=60",
        "xmpp.publishers=pub0:pub0,pub1:pub1,pub2:pub2,pub3:pub3",
    ])
}

fn load(server: &Server, options: &[&str]) -> Outcome {
    tact(&arguments(server, options))
}

fn arguments(server: &Server, options: &[&str]) -> Vec<String> {
    let fixed = ["load".to_owned(), "--server".into(), server.http()];
    let xmpp = ["--xmpp".into(), server.address("xmpp.port").to_string()];
    let desktops = ["--desktops".into(), DESKTOPS.to_string()];
    let options = options.iter().map(|option| (*option).to_owned());
    fixed
        .into_iter()
        .chain(xmpp)
        .chain(desktops)
        .chain(options)
        .collect()
}

#[test]
fn over_every_transport_nothing_is_lost_added_or_out_of_order() {
    let server = start();
    let pid = server.pid().to_string();
    for transport in ["websocket", "bosh", "tcp"] {
        let outcome = load(
            &server,
            &[
                "--transport",
                transport,
                "--rounds",
                "2",
                "--rate",
                "100,200",
                "--seconds",
                "2",
                "--team",
                "20",
                "--team-rate",
                "10",
                "--pid",
                &pid,
                "--format",
                "json",
            ],
        );
        assert_eq!(outcome.code, 0, "{transport}: {outcome:?}");
        let report = outcome.json();
        assert_eq!(report["clean"], true, "{report:#}");
        assert_eq!(report["broken"], 0, "{report:#}");
        assert_eq!(report["verified"]["count"], DESKTOPS);
        for round in report["logins"].as_array().unwrap() {
            assert_eq!(
                (&round["count"], &round["failed"]),
                (&DESKTOPS.into(), &0.into())
            );
            assert!(round["per_second"].as_f64().unwrap() > 1.0, "{round}");
            assert_rise(&round["wait_ms"]);
        }
        assert_eq!(report["logins"].as_array().unwrap().len(), 2);
        assert!(
            report["memory"]["idle_mib"].as_f64().unwrap() > 1.0,
            "{report:#}"
        );
        let runs = report["events"].as_array().unwrap();
        let expected = [(100, 1, 200), (200, 1, 400), (10, 20, 20)];
        assert_eq!(runs.len(), expected.len());
        for (run, (rate, hearers, published)) in runs.iter().zip(expected) {
            assert_eq!(
                (&run["rate"], &run["hearers"]),
                (&rate.into(), &hearers.into())
            );
            assert_eq!(run["published"], published, "{run:#}");
            assert_eq!(run["received"], published * hearers, "{run:#}");
            for none in [
                "lost",
                "extra",
                "duplicated",
                "reordered",
                "damaged",
                "refused",
            ] {
                assert_eq!(run[none], 0, "{transport} {none}: {run:#}");
            }
            assert_rise(&run["wait_ms"]);
        }
    }
}

/// Percentiles are there, above nothing, and no later one is below an earlier one.
fn assert_rise(waits: &Value) {
    let mut last = 0.0;
    for name in ["p50", "p90", "p99", "p99.9", "longest"] {
        let wait = waits[name].as_f64().unwrap();
        assert!(wait > 0.0 && wait >= last, "{waits:#}");
        last = wait;
    }
}

#[test]
fn reads_it_as_a_table() {
    let server = start();
    let options = [
        "--mechanism",
        "scram-sha-256",
        "--rate",
        "50",
        "--seconds",
        "1",
    ];
    let outcome = load(&server, &options);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for part in [
        "50 desktops over BOSH on http://127.0.0.1:",
        "SCRAM-SHA-256, 64 at a time",
        "\nverified   50 in ",
        "\nlogins     50 in ",
        "\nevents     50/s to 1 each: published 50, expected 50, received 50, lost 0, extra 0, duplicated 0, \
         reordered 0, damaged 0, refused 0\n",
        " p99 ",
        "processor: generator ",
    ] {
        assert!(outcome.stdout.contains(part), "{part}: {}", outcome.stdout);
    }
    assert_eq!(outcome.stderr, "");
    let options = ["--mechanism", "scram-sha-1", "--cold", "--transport", "tcp"];
    let outcome = load(&server, &options);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(!outcome.stdout.contains("verified"), "{}", outcome.stdout);
}

#[test]
fn whole_logins_and_state_changes_go_well_too() {
    let server = start();
    let options = [
        "--login",
        "full",
        "--transport",
        "websocket",
        "--changes",
        "50",
        "--seconds",
        "2",
    ];
    let outcome = load(&server, &[&options[..], &["--format", "json"]].concat());
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let report = outcome.json();
    assert_eq!(report["logins"][0]["count"], DESKTOPS, "{report:#}");
    assert_eq!(report["changes"]["count"], 100, "{report:#}");
    assert_rise(&report["changes"]["accepted_ms"]);
    assert_rise(&report["changes"]["event_ms"]);
    for agent in ["2001", "2050"] {
        server.wait_for_state(agent, "LOGOUT");
    }
}

#[test]
fn a_mistake_on_the_command_line_is_named() {
    let server = start();
    for (options, words) in [
        (["--transport", "pigeon"], "pigeon"),
        (["--rate", "0"], "--rate is 0"),
        (["--desktops", "0"], "--desktops is 0"),
        (["--team", "51"], "--team is larger than --desktops"),
        (["--changes", "1"], "--changes needs --login full"),
        (["--xmpp", ":1"], "not HOST:PORT"),
        (["--server", "ftp://x"], "not a server's URL"),
        (["--server", "https://localhost:1"], "without TLS"),
    ] {
        let mut arguments = arguments(&server, &options);
        // The last one counts; clap would refuse it twice.
        if let Some(at) = arguments.iter().position(|word| *word == options[0])
            && at + 2 < arguments.len()
        {
            arguments.drain(at..at + 2);
        }
        let outcome = tact(&arguments);
        assert_eq!(outcome.code, 3, "{options:?}: {outcome:?}");
        assert!(
            outcome.stderr.contains(words),
            "{options:?}: {}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn what_keeps_everyone_out_is_said() {
    let nowhere = tact(&["load", "--server", "http://127.0.0.1:1", "--desktops", "2"]);
    assert_eq!(nowhere.code, 1, "{nowhere:?}");
    assert!(
        nowhere.stderr.contains("cannot connect to 127.0.0.1:1"),
        "{}",
        nowhere.stderr
    );

    let server = start();
    for (options, words) in [
        (
            &["--password", "wrong"][..],
            "nobody could sign in: the credentials were refused: not-authorized",
        ),
        (
            &["--rate", "1", "--publisher-password", "wrong"],
            "the publishers cannot sign in: the credentials were refused",
        ),
        (&["--pid", "4194304"], "process 4194304 cannot be looked at"),
        (
            &["--team", "1", "--team-node", "/finesse/api/Team/5000/Users"],
            "could not be prepared: not-allowed",
        ),
    ] {
        let outcome = load(&server, options);
        assert_eq!(outcome.code, 1, "{options:?}: {outcome:?}");
        assert!(
            outcome.stderr.contains(words),
            "{options:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn those_who_get_in_are_measured_beside_those_who_do_not() {
    let server = start();
    // The demo centre ends at 2060, and 2100 is left out.
    let options = [
        "--first",
        "2041",
        "--cold",
        "--rate",
        "20",
        "--seconds",
        "1",
        "--format",
        "json",
    ];
    let outcome = load(&server, &options);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let report = outcome.json();
    let round = &report["logins"][0];
    assert_eq!(
        (&round["count"], &round["failed"]),
        (&20.into(), &30.into()),
        "{report:#}"
    );
    let cause = "the credentials were refused: not-authorized";
    assert_eq!(round["causes"], serde_json::json!([cause]));
    assert_eq!(report["events"][0]["received"], 20, "{report:#}");
    assert_eq!(report["clean"], false);
}

#[test]
fn a_server_that_dies_under_it_ends_the_run_with_a_report() {
    let mut server = start();
    let options = [
        "--transport",
        "websocket",
        "--rate",
        "20",
        "--seconds",
        "3000",
        "--format",
        "json",
    ];
    let port = server.address("xmpp.port").port();
    let child = Command::new(binary())
        .args(arguments(&server, &options))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until("the publishers are connected", || {
        // Both ends of four connections; 01 is ESTABLISHED (proc(5)).
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let port = format!(":{port:04X}");
        let ends = table
            .lines()
            .filter(|line| line.contains(&port) && line.contains(" 01 "));
        (ends.count() >= 8).then_some(())
    });
    server.kill();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    assert_eq!(report["logins"][0]["count"], DESKTOPS);
    assert!(
        report["events"][0]["lost"].as_u64().unwrap() > 50_000,
        "{report:#}"
    );
    assert!(report["broken"].as_u64().unwrap() >= 50, "{report:#}");
}
