//! Rules on the text of the sources: sizes, names, purity, nothing that belongs to one machine.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Lines of a source file, unless its header says `//! table`.
const MAX_LINES: usize = 800;

/// File and folder names that say nothing.
const EMPTY_NAMES: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "manager", "misc",
];

/// The crates that never do I/O, never read a clock, never spawn.
const PURE: &[&str] = &["ged188", "xmpp", "api", "logline", "desk", "acd"];

/// What a pure crate must not mention, with what it should use.
const IMPURE: &[(&str, &str)] = &[
    ("std::fs", "bytes come in as parameters"),
    ("TcpListener", "bytes come in as parameters"),
    ("TcpStream", "bytes come in as parameters"),
    ("UdpSocket", "bytes come in as parameters"),
    ("std::thread", "machines are called, they do not run"),
    ("std::time::Instant", "time is a parameter"),
    ("SystemTime", "time is a parameter"),
    ("tokio", "only server and load are asynchronous"),
    ("tracing::", "effects are data"),
    ("println!", "effects are data"),
];

pub(crate) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let here = root.to_string_lossy().into_owned();
    for file in files {
        let name = file.to_string_lossy();
        if let Some(stem) = file.file_stem().and_then(|stem| stem.to_str())
            && EMPTY_NAMES.contains(&stem)
        {
            findings.push(format!(
                "{name}: the name says nothing; call it after its one idea"
            ));
        }
        let bytes =
            std::fs::read(root.join(file)).with_context(|| format!("cannot read {name}"))?;
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        findings.extend(check_text(&name, &text, &here));
    }
    Ok(findings)
}

fn check_text(name: &str, text: &str, root: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let source = [".rs", ".ts", ".tsx", ".mjs", ".css", ".py", ".sh"]
        .iter()
        .any(|ending| name.ends_with(ending));
    if source {
        let lines = text.lines().count();
        let is_table = text
            .lines()
            .take(5)
            .any(|line| line.starts_with("//! table"));
        if lines > MAX_LINES && !is_table {
            findings.push(format!("{name}: {lines} lines; the limit is {MAX_LINES}"));
        }
        for (number, line) in text.lines().enumerate() {
            if line.ends_with([' ', '\t']) {
                findings.push(format!(
                    "{name}:{}: white space at the end of the line",
                    number + 1
                ));
            }
        }
    }
    if name.ends_with(".rs") && !text.trim_start().starts_with("//!") {
        findings.push(format!("{name}: begins without a //! that says what it is"));
    }
    if root.len() > 4 && text.contains(root) {
        findings.push(format!("{name}: names a path of this machine"));
    }
    if name.ends_with("package-lock.json") && text.contains("\"resolved\"") {
        findings.push(format!("{name}: records download addresses"));
    }
    let crate_name = name
        .strip_prefix("crates/")
        .and_then(|rest| rest.split_once("/src/"));
    if let Some((crate_name, _)) = crate_name
        && PURE.contains(&crate_name)
    {
        let body = text.split("#[cfg(test)]").next().unwrap_or(text);
        for (number, line) in body.lines().enumerate() {
            let code = line.split("//").next().unwrap_or(line);
            for (word, instead) in IMPURE {
                if code.contains(word) {
                    findings.push(format!(
                        "{name}:{}: {word} in a pure crate: {instead}",
                        number + 1
                    ));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::check_text;

    #[test]
    fn each_rule_finds_its_breach() {
        let root = "/somewhere/checkout";
        let long = format!("//! doc\n{}", "x\n".repeat(900));
        for (name, text, expected) in [
            (
                "crates/desk/src/a.rs",
                "//! doc\nuse std::fs;\n",
                "pure crate",
            ),
            ("crates/server/src/a.rs", "fn f() {}\n", "begins without"),
            (
                "crates/server/src/a.rs",
                "//! doc\nfn f() {} \n",
                "white space",
            ),
            ("crates/server/src/a.rs", long.as_str(), "901 lines"),
            (
                "README.md",
                "see /somewhere/checkout/x",
                "path of this machine",
            ),
            (
                "web/package-lock.json",
                "{\"resolved\": 1}",
                "download addresses",
            ),
        ] {
            let findings = check_text(name, text, root);
            assert!(
                findings.iter().any(|finding| finding.contains(expected)),
                "{name} {expected}: {findings:?}"
            );
        }
        assert!(
            check_text(
                "crates/desk/src/a.rs",
                "//! doc\nfn f() {} // std::fs\n",
                root
            )
            .is_empty()
        );
    }
}
