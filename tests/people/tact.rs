//! The binary under test, and how its commands are run and read.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// No command of a healthy system takes this long on a busy machine.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(400);

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// The binary that `cargo build --workspace` made beside this test.
pub(crate) fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let binary = test.parent().unwrap().parent().unwrap().join("tact");
    assert!(
        binary.exists(),
        "{} is missing: run `cargo build --workspace` first, as `make test` does",
        binary.display()
    );
    binary
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs `tact` with these arguments to its end.
pub(crate) fn tact<S: AsRef<str>>(arguments: &[S]) -> Outcome {
    let mut command = Command::new(binary());
    command.args(arguments.iter().map(AsRef::as_ref));
    run(&mut command)
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let id = child.id();
    let waiting = thread::spawn(move || child.wait_with_output());
    let deadline = Instant::now() + COMMAND_TIMEOUT;
    while !waiting.is_finished() {
        if Instant::now() > deadline {
            let _ = Command::new("kill").arg("-9").arg(id.to_string()).status();
            panic!("{command:?} did not end within {COMMAND_TIMEOUT:?}");
        }
        thread::sleep(Duration::from_millis(10));
    }
    let output = waiting.join().unwrap().unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Waits until `condition` gives a value.
pub(crate) fn until<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + COMMAND_TIMEOUT;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The ids in a report's `steps`.
pub(crate) fn steps(report: &Value) -> Vec<&str> {
    report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["step"].as_str().unwrap())
        .collect()
}

/// The twelve steps.
pub(crate) const TWELVE: [&str; 12] = [
    "desktop",
    "system_info",
    "event_channel",
    "presence",
    "user",
    "sign_in",
    "cti_request",
    "cti_event",
    "publish",
    "deliver",
    "signed_in",
    "agent_data",
];

/// Those that a client can see.
pub(crate) fn visible() -> Vec<&'static str> {
    TWELVE
        .into_iter()
        .filter(|step| !matches!(*step, "cti_request" | "cti_event" | "publish"))
        .collect()
}
