//! The machine: the data folder, the clock, the limit of open files.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Check;

/// Fewer open files than this are too few for a server: listeners, logs, database and some agents.
const FILES_FAIL: u64 = 1024;
/// Fewer than this are too few for some hundred agents, each with two connections.
const FILES_WARN: u64 = 4096;
/// No release of this program is older.
const FIRST_YEAR: i16 = 2025;
/// A clock beyond this is not set.
const LAST_YEAR: i16 = 2099;
/// There while systemd's time service has the clock in step.
const SYNCHRONIZED: &str = "/run/systemd/timesync/synchronized";

/// Whether files can be made in the data folder, or the folder itself.
pub(super) fn data_folder(data: &Path) -> Check {
    let name = "data folder";
    // An empty parent is the current folder.
    let here = data
        .ancestors()
        .map(|folder| {
            if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            }
        })
        .find(|folder| folder.exists())
        .unwrap_or(Path::new("."));
    if !here.is_dir() {
        return Check::fail(
            name,
            format!("{} is a file", here.display()),
            "choose a folder: --data DIR",
        );
    }
    let probe = here.join(format!(".tact-doctor-{}", std::process::id()));
    let written = fs::write(&probe, b"probe").and_then(|()| fs::remove_file(&probe));
    match written {
        Ok(()) if data.exists() => Check::ok(name, format!("{} is writable", data.display())),
        Ok(()) => Check::ok(
            name,
            format!("{} is not there yet and will be made", data.display()),
        ),
        Err(error) => Check::fail(
            name,
            format!("{} is not writable: {error}", here.display()),
            "give this user the folder, or choose another: --data DIR",
        ),
    }
}

/// Whether the clock shows a year that can be, and whether somebody keeps it in step.
pub(super) fn clock(now: i64) -> Check {
    let name = "clock";
    let fix = "set the clock and run a time service (systemd-timesyncd or chrony): wrong times break durations, \
               certificates and traces";
    let Ok(timestamp) = Timestamp::from_millisecond(now) else {
        return Check::fail(name, "shows no date", fix);
    };
    let year = timestamp.to_zoned(TimeZone::UTC).year();
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Check::fail(name, format!("shows the year {year}"), fix);
    }
    let synchronization = if Path::new(SYNCHRONIZED).exists() {
        "kept in step by systemd-timesyncd"
    } else if Path::new("/run/chrony").exists() {
        "kept by chrony"
    } else {
        "whether a time service keeps it in step is unknown here"
    };
    Check::ok(name, format!("{timestamp:.0}, {synchronization}"))
}

/// Whether enough files, and so connections, can be open at a time.
pub(super) fn file_limit() -> Check {
    let limit = fs::read_to_string("/proc/self/limits")
        .ok()
        .and_then(|limits| soft_file_limit(&limits));
    judge_file_limit(limit)
}

fn judge_file_limit(limit: Option<u64>) -> Check {
    let name = "file limit";
    let fix = "raise it: `ulimit -n 65536` in the shell, or LimitNOFILE=65536 in the systemd unit";
    match limit {
        None => Check::ok(name, "cannot be read on this system"),
        Some(limit) if limit < FILES_FAIL => Check::fail(name, format!("{limit} open files"), fix),
        Some(limit) if limit < FILES_WARN => Check::warn(
            name,
            format!("{limit} open files, enough for a demo; each agent needs two"),
            fix,
        ),
        Some(u64::MAX) => Check::ok(name, "no limit"),
        Some(limit) => Check::ok(name, format!("{limit} open files")),
    }
}

/// The soft limit of open files in a text such as `/proc/self/limits`.
fn soft_file_limit(limits: &str) -> Option<u64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn a_folder_that_can_be_made_is_fine_and_a_file_is_not() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(data_folder(folder.path()).verdict, Verdict::Ok);
        assert_eq!(data_folder(&folder.path().join("a/b")).verdict, Verdict::Ok);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(data_folder(&file).verdict, Verdict::Fail);
        assert_eq!(data_folder(&file.join("below")).verdict, Verdict::Fail);
    }

    #[test]
    fn a_clock_must_show_a_year_that_can_be() {
        assert_eq!(clock(0).verdict, Verdict::Fail);
        assert_eq!(clock(i64::MAX).verdict, Verdict::Fail);
        let found = clock(1_800_000_000_000);
        assert_eq!(found.verdict, Verdict::Ok);
        assert!(
            found.detail.starts_with("2027-01-15T08:00:00Z"),
            "{}",
            found.detail
        );
    }

    #[test]
    fn the_file_limit_is_judged() {
        let limits = "Limit      Soft Limit  Hard Limit  Units\nMax open files      1024      4096      files\n";
        assert_eq!(soft_file_limit(limits), Some(1024));
        assert_eq!(
            soft_file_limit("Max open files  unlimited unlimited files"),
            Some(u64::MAX)
        );
        assert_eq!(soft_file_limit("nothing"), None);
        let judged = |limit| judge_file_limit(Some(limit)).verdict;
        assert_eq!(
            [judged(1023), judged(1024), judged(4095), judged(4096)],
            [Verdict::Fail, Verdict::Warn, Verdict::Warn, Verdict::Ok]
        );
    }
}
