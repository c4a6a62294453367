//! Tools that search or index a log, where they are installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::child::{Cost, children_cpu};

/// A tool and how it is asked.
pub(crate) struct Other {
    /// As the table names it.
    pub(crate) name: &'static str,
    program: &'static str,
    words: &'static [&'static str],
    /// It takes what is searched for.
    is_search: bool,
    /// Where its settings are.
    home: PathBuf,
}

const TOOLS: [(&str, &str, &[&str], bool); 3] = [
    (
        "ripgrep, one id",
        "rg",
        &["--count", "--fixed-strings", "--no-mmap"],
        true,
    ),
    ("GNU grep, one id", "grep", &["-c", "-F"], true),
    (
        "lnav, index and count",
        "lnav",
        &["-n", "-c", ";SELECT count(*) FROM ccbu_log"],
        false,
    ),
];

/// What lnav must be told of the log's form.
const LNAV_FORMAT: &str = r#"{
  "$schema": "https://lnav.org/schemas/format-v1.schema.json",
  "ccbu_log": {
    "title": "CCBU", "description": "webservices",
    "regex": {"std": {"pattern": "^(?<seq>\\d+): (?<host>[^ ]*): (?<timestamp>\\w{3} \\d{2} \\d{4} \\d{2}:\\d{2}:\\d{2}\\.\\d{3} [+-]\\d{4}): %CCBU_(?<body>.*)$"}},
    "timestamp-format": ["%b %d %Y %H:%M:%S.%L %z"],
    "value": {"seq": {"kind": "integer"}, "host": {"kind": "string"}},
    "sample": [{"line": "0051203603: 10.106.81.82: Apr 14 2017 14:01:17.196 -0700: %CCBU_a-6-B: c"}]
  }
}"#;

/// Those that are installed.
pub(crate) fn found(folder: &Path) -> Result<Vec<Other>> {
    let home = folder.join("home");
    let formats = home.join(".config/lnav/formats/ccbu");
    std::fs::create_dir_all(&formats)?;
    std::fs::write(formats.join("ccbu.json"), LNAV_FORMAT)?;
    let is_installed = |program: &str| {
        Command::new(program)
            .arg(if program == "lnav" { "-V" } else { "--version" })
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    Ok(TOOLS
        .into_iter()
        .filter(|(_, program, ..)| is_installed(program))
        .map(|(name, program, words, is_search)| Other {
            name,
            program,
            words,
            is_search,
            home: home.clone(),
        })
        .collect())
}

/// Those that are not.
pub(crate) fn missing(found: &[Other]) -> impl Iterator<Item = &'static str> {
    TOOLS
        .iter()
        .map(|tool| tool.1)
        .filter(|program| found.iter().all(|other| other.program != *program))
}

impl Other {
    pub(crate) fn run(&self, log: &Path, id: &str) -> Result<Cost> {
        let mut command = Command::new(self.program);
        command
            .args(self.words)
            .env("HOME", &self.home)
            .env("XDG_CONFIG_HOME", self.home.join(".config"));
        if self.is_search {
            command.arg(id);
        }
        let before = children_cpu()?;
        let begin = Instant::now();
        // A pipe, because grep stops at the first hit when nobody can see the others.
        let done = command.arg(log).stdin(Stdio::null()).output()?;
        let wall = begin.elapsed().as_secs_f64();
        ensure!(
            done.status.success(),
            "{}: {}",
            self.name,
            String::from_utf8_lossy(&done.stderr)
        );
        let said = String::from_utf8_lossy(&done.stdout);
        let count: u64 = said
            .split_ascii_whitespace()
            .filter_map(|word| word.parse().ok())
            .next_back()
            .unwrap_or_default();
        ensure!(count > 0, "{} counted nothing: {said}", self.name);
        Ok(Cost {
            cpu: children_cpu()? - before,
            wall,
            peak: 0,
        })
    }
}
