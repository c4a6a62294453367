//! An operator loses the server in the middle of the day: `kill -9`, and starts it again.

use crate::server::Server;
use crate::tact::tact;

#[test]
fn and_everyone_who_was_signed_in_still_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Server::start_in(&data, &[]);
    server.wait_for_status("IN_SERVICE");
    for (agent, extension) in [("2001", "2003"), ("2002", "3002")] {
        let outcome = server.login(agent, agent, extension, &[]);
        assert_eq!(outcome.code, 0, "{outcome:?}");
    }
    let ready = server.put_user("2001", "r-1", "<User><state>READY</state></User>");
    assert_eq!(ready.status, 202, "{ready:?}");
    server.wait_for_state("2001", "READY");
    let before = ["2001", "2002"].map(|agent| state_of(&server, agent));

    server.kill();
    let mut server = Server::start_in(&data, &[]);
    server.wait_for_status("IN_SERVICE");
    let after = ["2001", "2002"].map(|agent| state_of(&server, agent));
    for (after, before) in after.iter().zip(&before) {
        assert_eq!(after.state, before.state);
        assert_eq!(after.extension, before.extension);
        // The wire tells for how long in seconds, and the desktop counts back from when it hears it.
        let moved = (after.since_ms - before.since_ms).rem_euclid(DAY_MS);
        assert!(moved <= 1_500, "{after:?} {before:?}");
    }
    server.wait_for_state("2004", "LOGOUT");
    // They go on working.
    let done = server.put_user("2002", "r-2", "<User><state>READY</state></User>");
    assert_eq!(done.status, 202, "{done:?}");
    server.wait_for_state("2002", "READY");
    let outcome = server.login("2004", "2004", "3004", &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");

    // Stopped in order they are kept too.
    server.stop();
    let mut server = Server::start_in(&data, &[]);
    server.wait_for_status("IN_SERVICE");
    server.wait_for_state("2004", "NOT_READY");
    server.stop();

    // And the journal says again what was said, the same every time.
    let journal = data.join("journal");
    let mut files: Vec<_> = std::fs::read_dir(&journal)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "journal")
        })
        .collect();
    files.sort();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let file = file.display().to_string();
        let first = tact(&["cti", "replay", &file]);
        let second = tact(&["cti", "replay", &file]);
        assert_eq!(first.code, 0, "{first:?}");
        assert_eq!(first.stdout, second.stdout);
        assert!(first.stdout.contains("OPEN_CONF"), "{file}");
    }
    let newest = journal.display().to_string();
    let checked = tact(&["cti", "replay", "--check", &newest]);
    assert_eq!(checked.code, 0, "{checked:?}");
    assert!(
        checked.stderr.contains("1 of 1 checks are the same"),
        "{checked:?}"
    );
}

#[test]
fn and_a_call_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Server::start_in(&data, &[]);
    server.wait_for_status("IN_SERVICE");
    let outcome = server.login("2001", "2001", "2003", &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let path = "/finesse/api/User/2001/Dialogs";
    let made = server.request(
        "POST",
        path,
        Some("2001"),
        &["Content-Type: application/xml", "requestId: c-1"],
        "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>2003</fromAddress><toAddress>0612345678</toAddress></Dialog>",
    );
    assert_eq!(made.status, 202, "{made:?}");
    server.wait_for_state("2001", "TALKING");
    let call = |server: &Server| {
        let dialogs = server.get(path, "2001").body;
        let id = dialogs.split_once("<id>").map_or("", |(_, rest)| rest);
        id.split('<').next().unwrap_or_default().to_owned()
    };
    let before = call(&server);
    assert!(before.parse::<u32>().is_ok(), "{before}");

    server.kill();
    let mut server = Server::start_in(&data, &[]);
    server.wait_for_status("IN_SERVICE");
    server.wait_for_state("2001", "TALKING");
    assert_eq!(call(&server), before);
    // It is a call that can be ended.
    let dropped = server.request(
        "PUT",
        &format!("/finesse/api/Dialog/{before}"),
        Some("2001"),
        &["Content-Type: application/xml", "requestId: c-2"],
        "<Dialog><targetMediaAddress>2003</targetMediaAddress><requestedAction>DROP</requestedAction></Dialog>",
    );
    assert_eq!(dropped.status, 202, "{dropped:?}");
    server.wait_for_state("2001", "NOT_READY");
    server.stop();
}

const DAY_MS: i64 = 86_400_000;

/// What must not change.
#[derive(Debug)]
struct Seen {
    state: String,
    extension: String,
    /// Milliseconds since midnight when the state began.
    since_ms: i64,
}

fn state_of(server: &Server, agent: &str) -> Seen {
    let user = server
        .get(&format!("/finesse/api/User/{agent}"), agent)
        .body;
    let element = |name: &str| {
        let open = format!("<{name}>");
        let rest = user.split_once(&open).map_or("", |(_, rest)| rest);
        rest.split('<').next().unwrap_or_default().to_owned()
    };
    let time = element("stateChangeTime");
    let clock = time.split_once('T').unwrap().1.trim_end_matches('Z');
    let since_ms = clock.split([':', '.']).zip([3_600_000, 60_000, 1_000, 1]);
    Seen {
        state: element("state"),
        extension: element("extension"),
        since_ms: since_ms
            .map(|(digits, ms)| digits.parse::<i64>().unwrap() * ms)
            .sum(),
    }
}
