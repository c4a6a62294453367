//! `tact trace --follow`: a live folder, each login once, as soon as it is over.
//!
//! The folder is read again whenever a file of it has changed: a login is known by its lines only when all of them are
//! there, and they stand in five logs. On a folder of gigabytes name the newest files instead.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::bail;
use tact_tracer::report::LoginReport;
use tact_tracer::{input, text, trace_with};

use super::{Args, Format};

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// A login that stays unfinished through so many looks is told as it is.
const PATIENCE: u32 = 40;

/// What is known of a login: its verdict and steps, since how many looks, and whether it was told so.
struct Seen {
    state: (&'static str, usize),
    looks: u32,
    is_told: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if !matches!(args.format, Format::Text | Format::Json) {
        bail!("--follow prints text or json");
    }
    // A path that is wrong is wrong at once, not for ever.
    for path in &args.paths {
        std::fs::metadata(path).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    }
    let options = args.options();
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut last = None;
    let mut logins = Vec::new();
    loop {
        let now = state(&args.paths);
        if last.as_ref() != Some(&now) {
            logins = match input::read(&args.paths) {
                Ok(sources) => trace_with(&sources, &options).logins,
                Err(input::InputError::Empty(_)) => Vec::new(),
                Err(error) => return Err(error.into()),
            };
            last = Some(now);
        }
        for login in &logins {
            if is_due(&mut seen, login) && !told(login, args.format)? {
                return Ok(ExitCode::SUCCESS);
            }
        }
        std::thread::sleep(LOOK);
    }
}

/// True when there is something new to say of a login.
fn is_due(seen: &mut BTreeMap<String, Seen>, login: &LoginReport) -> bool {
    let state = (login.verdict, login.steps.len());
    let known = seen.entry(key(login)).or_insert(Seen {
        state,
        looks: 0,
        is_told: false,
    });
    if known.state != state {
        // More evidence of what was told as unfinished is worth another word; of what is over it is not.
        let was_over = known.is_told && known.state.0 != "incomplete";
        known.is_told = was_over && known.state.0 == state.0;
        known.state = state;
        known.looks = 0;
    }
    known.looks += 1;
    let is_over = login.verdict != "incomplete" || known.looks > PATIENCE;
    if known.is_told || !is_over {
        return false;
    }
    known.is_told = true;
    true
}

/// What stays the same while a login grows: the line of its PUT, else its first line.
fn key(login: &LoginReport) -> String {
    let step = login
        .steps
        .iter()
        .find(|step| step.step == "sign_in")
        .or(login.steps.first());
    let place = step.and_then(|step| step.evidence.first());
    let place = place.map(|place| format!("{}:{}", place.file, place.line));
    format!(
        "{} {}",
        login.agent.as_deref().unwrap_or_default(),
        place.unwrap_or_default()
    )
}

/// False when nobody listens any more.
fn told(login: &LoginReport, format: Format) -> anyhow::Result<bool> {
    let text = match format {
        Format::Json => serde_json::to_string(login)? + "\n",
        _ => text::one(login) + "\n",
    };
    let mut out = std::io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        other => {
            other?;
            Ok(true)
        }
    }
}

/// Every file with its length and time.
fn state(paths: &[PathBuf]) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let mut files = Vec::new();
    paths.iter().for_each(|path| walk(path, &mut files));
    files.sort();
    files
}

fn walk(path: &Path, files: &mut Vec<(PathBuf, u64, Option<SystemTime>)>) {
    let Ok(metadata) = std::fs::symlink_metadata(path) else {
        return;
    };
    if metadata.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| walk(&entry.path(), files));
    } else {
        files.push((path.to_owned(), metadata.len(), metadata.modified().ok()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(verdict: &'static str) -> LoginReport {
        LoginReport {
            agent: Some("2001".into()),
            extension: None,
            verdict,
            broken_at: None,
            cause: None,
            fix: None,
            row: None,
            total_ms: None,
            slowest: None,
            steps: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_login_is_told_once_when_it_is_over_or_stays_unfinished() {
        let mut seen = BTreeMap::new();
        for _ in 0..PATIENCE {
            assert!(!is_due(&mut seen, &login("incomplete")));
        }
        assert!(is_due(&mut seen, &login("incomplete")));
        assert!(!is_due(&mut seen, &login("incomplete")));
        assert!(is_due(&mut seen, &login("ok")));
        assert!(!is_due(&mut seen, &login("ok")));
    }
}
