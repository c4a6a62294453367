//! The result for people: the worst logins first, each as a headline with its cause and fix, then its twelve steps as
//! a table with a bar and the line to read. Fits 100 columns; no colour.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use tact_logline::redact;
use tact_logline::step::Step;

use crate::report::{ClockReport, Evidence, LoginReport, Report, StepReport};

/// Width of a bar, characters.
const BAR: i64 = 8;
/// Longer file names are cut in their middle; the end of the report lists them whole.
const FILE: usize = 36;
/// Width of a line.
const WIDTH: usize = 100;
/// With more logins than this, the good ones get a headline only.
const TABLES: usize = 20;

fn rank(login: &LoginReport) -> u8 {
    match login.verdict {
        "failed" => 0,
        "incomplete" => 1,
        _ => 2,
    }
}

/// Failed ones first, then the slowest. Equals stay in the order in which they happened.
pub(crate) fn worst_first(logins: &mut [&LoginReport]) {
    logins.sort_by_key(|login| (rank(login), std::cmp::Reverse(login.total_ms)));
}

/// The whole report as text.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let mut logins: Vec<&LoginReport> = report.logins.iter().collect();
    worst_first(&mut logins);
    let count = |verdict| {
        logins
            .iter()
            .filter(|login| login.verdict == verdict)
            .count()
    };
    // Writing to a String can't fail, here and below.
    _ = writeln!(
        out,
        "{} {}: {} failed, {} incomplete, {} ok",
        logins.len(),
        if logins.len() == 1 { "login" } else { "logins" },
        count("failed"),
        count("incomplete"),
        count("ok"),
    );
    let has_all_tables = logins.len() <= TABLES;
    let mut cut = BTreeSet::new();
    let mut had_table = true;
    for login in &logins {
        let has_table = has_all_tables || login.verdict != "ok";
        if has_table || had_table {
            out.push('\n');
        }
        had_table = has_table;
        headline(login, &mut out);
        if has_table {
            table(login, &mut cut, &mut out);
            besides(login, &mut cut, &mut out);
        }
    }
    if !has_all_tables {
        _ = writeln!(
            out,
            "\nThe steps of good logins: --agent ID, or --format json."
        );
    }
    findings(report, &mut cut, &mut out);
    notes(report, &cut, &mut out);
    out
}

/// One login as text.
pub fn one(login: &LoginReport) -> String {
    let mut out = String::new();
    let mut cut = BTreeSet::new();
    headline(login, &mut out);
    table(login, &mut cut, &mut out);
    besides(login, &mut cut, &mut out);
    out
}

fn findings(report: &Report, cut: &mut BTreeSet<String>, out: &mut String) {
    if report.findings.is_empty() {
        return;
    }
    _ = writeln!(out, "\nBeside the logins, these lines say:");
    for found in &report.findings {
        let mark = match found.severity {
            "fault" => '✗',
            "warning" => '!',
            _ => '·',
        };
        let row = found
            .row
            .map_or_else(|| "?".to_owned(), |row| row.to_string());
        paragraph(&format!("{mark} {row}"), &found.cause, out);
        paragraph("fix", &found.fix, out);
        let mut line = String::new();
        if let Some(first) = found.evidence.first() {
            place(first, cut, &mut line);
        }
        if found.count > 1 {
            _ = write!(line, " and {} more", found.count - 1);
        }
        paragraph("see", &line, out);
    }
}

fn notes(report: &Report, cut: &BTreeSet<String>, out: &mut String) {
    let clients: Vec<_> = report
        .clocks
        .iter()
        .filter(|clock| clock.known_by != "reference")
        .collect();
    let has_notes = !clients.is_empty()
        || !report.missing.is_empty()
        || !report.credentials.is_empty()
        || report.unparsed.lines > 0
        || !cut.is_empty();
    if has_notes {
        out.push('\n');
    }
    for clock in clients {
        _ = writeln!(out, "{}", in_words(clock));
    }
    if let [first, ..] = report.credentials.as_slice() {
        _ = writeln!(
            out,
            "credentials stand in clear in {} {}, first at {}:{} (masked here)",
            report.credentials.len(),
            if report.credentials.len() == 1 {
                "file"
            } else {
                "files"
            },
            base(&first.file),
            first.line
        );
    }
    for missing in &report.missing {
        _ = writeln!(out, "{missing}");
    }
    if let Some(first) = &report.unparsed.first {
        _ = writeln!(
            out,
            "{} records of unknown format, the first at {first}",
            report.unparsed.lines
        );
    }
    for name in cut {
        _ = writeln!(out, "{} is {name}", short(base(name)));
    }
}

/// A clock as an interval; in seconds and turned round where that reads better.
pub(crate) fn in_words(clock: &ClockReport) -> String {
    let seconds = |ms: i64| format!("{}.{}", ms / 1_000, (ms % 1_000 + 50).min(999) / 100);
    let how = match clock.known_by {
        "told" => ", as the client itself measured",
        "given" => ", as given",
        _ => "",
    };
    let mut text = match (clock.min_ms, clock.max_ms) {
        (min, max) if max <= -1_000 => format!(
            "clock of {}: the server is ahead of it by {} to {} s{how}",
            clock.host,
            seconds(-max),
            seconds(-min)
        ),
        (min, max) if min >= 1_000 => format!(
            "clock of {}: ahead of the server's by {} to {} s{how}",
            clock.host,
            seconds(min),
            seconds(max)
        ),
        (min, max) => format!(
            "clock of {}: {min:+} to {max:+} ms against the server's{how}",
            clock.host
        ),
    };
    if clock.contradictions > 0 {
        _ = write!(
            text,
            "; {} pairs of lines contradict this: the clock was set, or they don't belong together",
            clock.contradictions
        );
    }
    text
}

fn headline(login: &LoginReport, out: &mut String) {
    let mark = match login.verdict {
        "ok" => '✓',
        "failed" => '✗',
        _ => '·',
    };
    _ = write!(
        out,
        "{mark} agent {}",
        redact::line(login.agent.as_deref().unwrap_or("(unknown)"))
    );
    if let Some(extension) = &login.extension {
        _ = write!(out, " at {}", redact::line(extension));
    }
    _ = write!(out, "  {}", login.verdict);
    if let Some(step) = login.broken_at {
        _ = write!(out, " at {step}");
    }
    _ = write!(out, "  {} of {} steps", login.steps.len(), Step::ALL.len());
    if let Some(total) = login.total_ms {
        _ = write!(out, "  {total} ms");
    }
    if let Some(first) = login
        .steps
        .iter()
        .filter_map(|step| step.at.as_deref())
        .min()
    {
        _ = write!(out, "  {}", first.get(..10).unwrap_or_default());
    }
    out.push('\n');
    for (label, said) in [("cause", &login.cause), ("fix", &login.fix)] {
        if let Some(said) = said {
            paragraph(label, &redact::line(said), out);
        }
    }
    if let (Some(_), Some(row)) = (&login.cause, login.row) {
        paragraph("row", &format!("{row} of the diagnosis table"), out);
    }
}

/// A label and a text, wrapped.
fn paragraph(label: &str, text: &str, out: &mut String) {
    _ = write!(out, "  {label:<6}");
    let mut column = 8;
    for word in text.split_ascii_whitespace() {
        let length = word.chars().count();
        if column + 1 + length > WIDTH {
            _ = write!(out, "\n{:8}", "");
            column = 8;
        }
        _ = write!(out, " {word}");
        column += length + 1;
    }
    out.push('\n');
}

fn table(login: &LoginReport, cut: &mut BTreeSet<String>, out: &mut String) {
    _ = writeln!(
        out,
        "    {:<13} {:<12} {:>8} {:<8} {:<6} evidence",
        "step", "time (UTC)", "delta ms", "", "sure"
    );
    let total = login.total_ms.unwrap_or(0).max(1);
    let begin = login.begin().unwrap_or(0);
    let mut last = None;
    for id in Step::ALL.map(Step::id) {
        let Some(step) = login.steps.iter().find(|step| step.step == id) else {
            let mark = if login.broken_at == Some(id) {
                '✗'
            } else {
                '·'
            };
            _ = writeln!(out, "  {mark} {id:<13} -");
            continue;
        };
        let mark = if login.broken_at == Some(id) {
            '✗'
        } else {
            '✓'
        };
        // A log with whole seconds has no milliseconds to show.
        let at = step.at.as_deref().unwrap_or_default();
        let clock = at
            .get(11..if step.is_coarse { 19 } else { 23 })
            .unwrap_or("-");
        _ = write!(out, "  {mark} {id:<13} {clock:<12} ");
        match last.filter(|_| !step.is_coarse) {
            Some(last) => _ = write!(out, "{:>+8}", step.at_ms - last),
            None => _ = write!(out, "{:8}", ""),
        }
        if !step.is_coarse {
            last = Some(step.at_ms);
        }
        _ = write!(out, " {} {:<6} ", bar(step, begin, total), step.confidence);
        if let Some(first) = step.evidence.first() {
            place(first, cut, out);
        }
        if let Some(more @ 1..) = step.evidence.len().checked_sub(1) {
            _ = write!(out, " +{more}");
        }
        out.push('\n');
    }
}

/// What the lines say besides: what took how long where, by which ids, and what a reader should know.
fn besides(login: &LoginReport, cut: &mut BTreeSet<String>, out: &mut String) {
    let mut said: Vec<String> = Vec::new();
    for step in &login.steps {
        let detail = |name: &str| step.details.get(name).and_then(serde_json::Value::as_i64);
        let mut parts = Vec::new();
        for (name, words) in DETAILS {
            let words = detail(name).map(|value| words.replace("{}", &value.to_string()));
            parts.extend(words);
        }
        if let (Some(least), Some(most)) = (detail("least_ms"), detail("most_ms")) {
            parts.push(format!("{least} to {most} ms to connect"));
        }
        // How long each of the reads took stands in the table already.
        let is_told =
            step.step == "sign_in" || parts.len() > usize::from(detail("api_ms").is_some());
        if is_told && !parts.is_empty() {
            said.push(format!("{}: {}", step.step, parts.join(", ")));
        }
    }
    if !said.is_empty() {
        paragraph("ms", &said.join("; "), out);
    }
    for note in &login.notes {
        let mut text = note.text.clone();
        if let Some(first) = note.evidence.first() {
            text.push_str(" (");
            place(first, cut, &mut text);
            text.push(')');
        }
        paragraph("note", &text, out);
    }
}

/// Details that are worth a word.
const DETAILS: [(&str, &str); 6] = [
    ("api_ms", "{} in the API"),
    ("web_ms", "{} with the web server"),
    ("gadget_ms", "{} with the gadget container"),
    ("invoke_id", "invoke id {}"),
    ("dispatch_ms", "dispatched after {}"),
    ("retries", "{} retry"),
];

/// Where in the login the step lies, and how much of it the step takes.
fn bar(step: &StepReport, begin: i64, total: i64) -> String {
    let from = ((step.span().0 - begin).saturating_mul(BAR) / total).clamp(0, BAR - 1);
    let length = (step.ms.unwrap_or(0).saturating_mul(BAR) / total).clamp(1, BAR - from);
    (0..BAR)
        .map(|at| {
            if (from..from + length).contains(&at) {
                '━'
            } else {
                ' '
            }
        })
        .collect()
}

fn place(evidence: &Evidence, cut: &mut BTreeSet<String>, out: &mut String) {
    let name = base(&evidence.file);
    if name.chars().count() > FILE {
        cut.insert(evidence.file.clone());
    }
    _ = write!(out, "{}:{}", short(name), evidence.line);
}

/// The name without its folders.
fn base(file: &str) -> &str {
    file.rsplit(['/', '\\', '!']).next().unwrap_or(file)
}

/// `Desktop-webservices…22.123.log` for a long name: its kind stands in front and its start time behind.
fn short(name: &str) -> String {
    let length = name.chars().count();
    if length <= FILE {
        return name.to_owned();
    }
    let front = FILE * 3 / 5;
    let back = FILE - front - 1;
    let head: String = name.chars().take(front).collect();
    let tail: String = name.chars().skip(length - back).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_keep_both_ends() {
        let name = "Desktop-webservices.2026-11-23T04-10-22.123.startup.log";
        let cut = short(name);
        assert_eq!(cut.chars().count(), FILE);
        assert!(
            cut.starts_with("Desktop-webservices.") && cut.ends_with(".startup.log"),
            "{cut}"
        );
        assert_eq!(short("realm.log"), "realm.log");
        assert_eq!(base("logs/realm/realm.log"), "realm.log");
        assert_eq!(base("b.tgz!logs/realm.log"), "realm.log");
    }

    #[test]
    fn paragraphs_stay_within_the_width() {
        let mut out = String::new();
        paragraph("cause", &"word ".repeat(60), &mut out);
        assert!(
            out.lines().all(|line| line.chars().count() <= WIDTH),
            "{out}"
        );
        assert!(out.lines().count() > 2 && !out.contains(" \n"));
    }
}
