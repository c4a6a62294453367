//! An engineer opens the page of a trace in a browser, and follows a login while it happens.

use std::process::Command;

use crate::server::Server;
use crate::tact::{root, run, tact};

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
