//! Somebody starts a second server on the same folder, or one whose files are broken, or whose terminal is gone.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::server::Server;
use crate::server::WEB_PORTS;
use crate::tact::{Outcome, binary, run};

/// `tact serve` on free ports.
fn serve(data: &Path) -> Command {
    let mut command = Command::new(binary());
    command.arg("serve").arg("--data").arg(data);
    for port in WEB_PORTS.into_iter().chain(["cti.port"]) {
        command.arg("--set").arg(format!("{port}=0"));
    }
    command
}

fn refused(data: &Path) -> Outcome {
    let outcome = run(&mut serve(data));
    assert_eq!(outcome.code, 1, "{outcome:?}");
    outcome
}

#[test]
fn twice_on_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = Server::start_in(folder.path(), &[]);
    let second = refused(folder.path());
    assert!(
        second.stderr.contains("in use by another server"),
        "{second:?}"
    );
    assert!(first.is_running());
    // However it ends, its folder is free again.
    first.kill();
    let mut third = Server::start_in(folder.path(), &[]);
    third.stop();
}

#[test]
fn with_broken_files() {
    let folder = tempfile::tempdir().unwrap();
    Server::start_in(folder.path(), &[]).stop();
    let database = folder.path().join("tact.db");
    let whole = fs::read(&database).unwrap();
    fs::write(&database, "garbage ".repeat(1000)).unwrap();
    let outcome = refused(folder.path());
    assert!(outcome.stderr.contains("not a database"), "{outcome:?}");
    fs::write(&database, whole).unwrap();
    fs::remove_file(folder.path().join("key.pem")).unwrap();
    let outcome = refused(folder.path());
    assert!(
        outcome.stderr.contains("key.pem") && outcome.stderr.contains("delete both"),
        "{outcome:?}"
    );
    assert_eq!(
        outcome.stderr.matches("No such file").count(),
        1,
        "{outcome:?}"
    );
}

#[test]
fn with_nowhere_to_complain() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = serve(folder.path())
        .env("RUST_LOG", "debug")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::options().write(true).open("/dev/full").unwrap())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.map_while(Result::ok).any(|line| line == "ready");
    let alive = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    assert!(ready && alive);
}
