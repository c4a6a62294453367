//! An engineer opens the page of a trace in a browser, follows logins while they happen, and fetches logs from a node.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::server::Server;
use crate::tact::{binary, root, run, tact};

#[test]
fn in_a_browser_by_keyboard_light_and_dark() {
    let mut server = Server::start();
    assert_eq!(server.login("2001", "2001", "2003", &[]).code, 0);
    assert_eq!(server.login("2002", "2002", "9999", &[]).code, 1);
    server.stop();
    let logs = server.logs();
    let outcome = tact(&["trace", "--format", "html", &logs.to_string_lossy()]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("trace.html");
    std::fs::write(&page, outcome.stdout).unwrap();
    let shots = root().join("target/screenshots");
    std::fs::create_dir_all(&shots).unwrap();
    let outcome = run(Command::new("npm")
        .args(["run", "--silent", "test:trace"])
        .current_dir(root().join("web"))
        .env("TACT_URL", format!("file://{}", page.display()))
        .env("TACT_SCREENSHOTS", &shots));
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
}

#[test]
fn while_it_happens() {
    let server = Server::start();
    let mut follower = Command::new(binary())
        .args(["trace", "--follow", "--format", "json"])
        .arg(server.logs())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    assert_eq!(server.login("2001", "2001", "2003", &[]).code, 0);
    let first = next();
    assert_eq!(
        (&first["agent"], &first["verdict"]),
        (&"2001".into(), &"ok".into()),
        "{first:#}"
    );
    assert_eq!(server.login("2002", "2002", "9999", &[]).code, 1);
    let second = next();
    assert_eq!(
        (&second["agent"], &second["verdict"]),
        (&"2002".into(), &"failed".into()),
        "{second:#}"
    );
    assert_eq!(second["row"], 17);
    follower.kill().unwrap();
    follower.wait().unwrap();
}

#[test]
fn as_a_page_of_the_server_itself_for_those_who_may() {
    let server = Server::start();
    let answer = server.put_user(
        "2001",
        "aaaaaaaa-5786-43bc-babf-64a397a6057f",
        "<User><state>LOGIN</state><extension>2003</extension></User>",
    );
    assert_eq!(answer.status, 202);
    server.wait_for_state("2001", "NOT_READY");
    let path = "/trace/aaaaaaaa-5786-43bc-babf-64a397a6057f";
    assert_eq!(server.get(path, "2001").status, 401, "an agent may not");
    let page = server.get(path, "2100");
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .contains("default-src 'none'")
    );
    assert!(
        page.header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    assert!(page.body.contains("Agent 2001 at 2003") && page.body.contains("SET_AGENT_STATE_REQ"));
    assert_eq!(server.get("/trace/no-such-request", "2100").status, 404);
    assert_eq!(server.get("/tact/logs/../tact.db", "2100").status, 404);
    assert_eq!(server.get("/tact/logs/%2e%2e/tact.db", "2100").status, 404);
    assert_eq!(server.get("/tact/logs", "2001").status, 401);
}

#[test]
fn from_its_files_on_a_node_by_folder_and_over_rest() {
    let server = Server::start();
    assert_eq!(server.login("2001", "2001", "2003", &[]).code, 0);
    // Log lines are on disk within a second.
    crate::tact::until("all twelve steps in the logs", || {
        let logins = server.trace_agent("2001", 1);
        (logins[0]["verdict"] == "ok").then_some(())
    });
    let folder = server.logs().to_string_lossy().into_owned();
    let http = server.http();
    let of_server = ["--node", &http, "--user", "2100", "--password", "2100"];
    let of_folder = ["--node", &folder];
    for node in [&of_folder[..], &of_server[..]] {
        let ask = |verb: &str, words: &[&str]| tact(&[&["logs", verb], node, words].concat());
        let list = ask(
            "list",
            &["activelog", "desktop/logs", "recurs", "detail", "date"],
        );
        assert_eq!(list.code, 0, "{}", list.stderr);
        assert!(
            list.stdout.contains("webservices/Desktop-webservices."),
            "{}",
            list.stdout
        );
        let flat = ask("list", &["activelog", "desktop/logs"]);
        assert!(flat.stdout.ends_with("file count = 0\n"), "{}", flat.stdout);
        let search = ask(
            "search",
            &[
                "activelog",
                "webservices",
                "STATE:login",
                "ignorecase",
                "recurs",
            ],
        );
        assert_eq!(search.code, 0, "{}", search.stderr);
        assert!(
            search.stdout.contains("extension:2003 state:LOGIN"),
            "{}",
            search.stdout
        );
        assert_eq!(ask("search", &["webservices", "no such text"]).code, 1);
        let tail = ask(
            "tail",
            &[
                "activelog",
                "tomcat/logs",
                "recent",
                "lines",
                "3",
                "regexp",
                "SystemInfo",
            ],
        );
        assert!(
            tail.stdout.contains("/finesse/api/SystemInfo"),
            "{}",
            tail.stdout
        );
        let into = tempfile::tempdir().unwrap();
        let dir = into.path().to_string_lossy().into_owned();
        let got = ask(
            "get",
            &[
                "--into",
                &dir,
                "activelog",
                "desktop",
                "reltime",
                "hours",
                "2",
                "recurs",
                "compress",
            ],
        );
        assert_eq!(got.code, 0, "{}", got.stderr);
        let archive = got.stdout.trim();
        assert!(archive.ends_with("active_1.tgz"), "{archive}");
        // What was fetched is what the tracer reads.
        let trace = tact(&["trace", "--format", "json", archive]);
        let logins = trace.json()["logins"].clone();
        assert_eq!(
            (&logins[0]["agent"], &logins[0]["verdict"]),
            (&"2001".into(), &"ok".into()),
            "{logins:#}"
        );
    }
    let both = tact(&[
        "logs",
        "list",
        "--node",
        &folder,
        "--node",
        &http,
        "--user",
        "2100",
        "--password",
        "2100",
        "realm",
    ]);
    assert_eq!(
        both.stdout.matches("file count").count(),
        2,
        "{}",
        both.stdout
    );
    let agent = tact(&[
        "logs",
        "list",
        "--node",
        &http,
        "--user",
        "2001",
        "--password",
        "2001",
        "desktop",
    ]);
    assert_eq!(agent.code, 1);
    assert!(
        agent.stderr.contains("no administrator"),
        "{}",
        agent.stderr
    );
}
