//! The result as one page that needs nothing else: the logins, the worst first, each with its ladder and its steps, and
//! behind each step the lines that show it. Light and dark, by keyboard, on paper; without its script too.
//!
//! Its policy forbids everything but its own style and script, which it names by their hashes. Every value of a log is
//! escaped.

mod ladder;

use std::fmt::Write as _;

use base64::Engine as _;
use sha2::{Digest as _, Sha256};
use tact_logline::step::Step;

use crate::raw::Lines;
use crate::report::{Evidence, FindingReport, LoginReport, Report, StepReport};
use crate::text;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
/// More logins than this get no ladder: a page of hundreds of megabytes helps nobody.
const LADDERS: usize = 500;

/// The policy under which the page may be shown: what it itself says too.
pub fn policy() -> String {
    let hash = |text: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// The whole page. `lines` are those of [`crate::raw::of`].
pub fn render(report: &Report, lines: &Lines) -> String {
    let mut logins: Vec<&LoginReport> = report.logins.iter().collect();
    text::worst_first(&mut logins);
    let count = |verdict| {
        logins
            .iter()
            .filter(|login| login.verdict == verdict)
            .count()
    };
    let mut out = String::with_capacity(64 * 1024);
    // Writing to a String can't fail, here and below.
    _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
        <title>{} traced</title>\n<style>{STYLE}</style></head>\n<body>\n<header class=\"top\"><h1>Logins, step by step</h1>",
        escaped(&policy()),
        plural(logins.len(), "login")
    );
    let days: Vec<&str> = report
        .logins
        .iter()
        .filter_map(|login| {
            login
                .steps
                .iter()
                .find_map(|step| step.at.as_deref()?.get(..10))
        })
        .collect();
    if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) {
        let span = if first == last {
            escaped(first)
        } else {
            format!("{} to {}", escaped(first), escaped(last))
        };
        _ = write!(
            out,
            "<p class=\"lead\">{span}, times in UTC by the server’s clock</p>"
        );
    }
    _ = write!(
        out,
        "<ul class=\"counts\"><li><b>{}</b> failed</li><li><b>{}</b> incomplete</li><li><b>{}</b> ok</li></ul>\
        <p class=\"filter\"><label>Find <input type=\"search\" placeholder=\"agent, extension, cause\"></label></p></header>\n<main>",
        count("failed"),
        count("incomplete"),
        count("ok")
    );
    for (index, login) in logins.iter().enumerate() {
        section(login, index, report, lines, &mut out);
    }
    if logins.is_empty() {
        out.push_str("<p>No login was found in these logs.</p>");
    }
    findings(report, lines, &mut out);
    besides(report, &mut out);
    _ = write!(
        out,
        "</main>\n<footer>Arrows: solid where an id joins the lines, dashed where agent and order do, dotted where only the time does. \
        Credentials are masked. {}</footer>\n<script>{SCRIPT}</script>\n</body></html>\n",
        crate::report::SCHEMA
    );
    out
}

fn section(login: &LoginReport, index: usize, report: &Report, lines: &Lines, out: &mut String) {
    let agent = login.agent.as_deref().unwrap_or("(unknown)");
    let extension = login.extension.as_deref().unwrap_or_default();
    let find = format!(
        "{agent} {extension} {} {} {}",
        login.verdict,
        login.broken_at.unwrap_or_default(),
        login.cause.as_deref().unwrap_or_default()
    );
    _ = write!(
        out,
        "<details class=\"login {}\" id=\"login-{index}\" data-find=\"{}\"{}><summary><span class=\"who\">Agent {}{}</span>\
        <span class=\"badge\">{}{}</span>",
        login.verdict,
        escaped(&find.to_lowercase()),
        if index == 0 { " open" } else { "" },
        escaped(agent),
        if extension.is_empty() {
            String::new()
        } else {
            format!(" at {}", escaped(extension))
        },
        login.verdict,
        login
            .broken_at
            .map_or_else(String::new, |step| format!(" at {step}"))
    );
    let at = login.steps.iter().find_map(|step| step.at.as_deref());
    _ = write!(
        out,
        "<span class=\"meta\">{}</span><span class=\"meta end\">{} of {} steps{}</span></summary><div class=\"inside\">",
        escaped(&at.map(readable).unwrap_or_default()),
        login.steps.len(),
        Step::ALL.len(),
        login
            .total_ms
            .map_or_else(String::new, |ms| format!(", {ms} ms"))
    );
    if let Some(cause) = &login.cause {
        _ = write!(
            out,
            "<div class=\"why\"><p class=\"cause\">{}</p>",
            escaped(cause)
        );
        if let Some(fix) = &login.fix {
            _ = write!(out, "<p class=\"fix\">{}</p>", escaped(fix));
        }
        if let Some(row) = login.row {
            _ = write!(out, "<p class=\"row\">Row {row} of the diagnosis table</p>");
        }
        out.push_str("</div>");
    }
    if index < LADDERS {
        out.push_str("<div class=\"scroll\">");
        ladder::draw(login, index, report, out);
        out.push_str("</div><p class=\"key\"><span><svg width=\"34\" height=\"6\"><line x1=\"0\" x2=\"34\" y1=\"3\" y2=\"3\"/></svg>exact</span>\
            <span><svg width=\"34\" height=\"6\"><line x1=\"0\" x2=\"34\" y1=\"3\" y2=\"3\" stroke-dasharray=\"9 4\"/></svg>strong: agent and order</span>\
            <span><svg width=\"34\" height=\"6\"><line x1=\"0\" x2=\"34\" y1=\"3\" y2=\"3\" stroke-dasharray=\"2 5\"/></svg>time only</span></p>");
    }
    for id in Step::ALL.map(Step::id) {
        match login.steps.iter().find(|step| step.step == id) {
            Some(step) => details(step, login, index, lines, out),
            None => absent(id, login, out),
        }
    }
    if !login.notes.is_empty() {
        out.push_str("<ul class=\"notes\">");
        for note in &login.notes {
            let place = note.evidence.first().map(|at| format!(" ({})", where_(at)));
            _ = write!(
                out,
                "<li>{}{}</li>",
                escaped(&note.text),
                escaped(&place.unwrap_or_default())
            );
        }
        out.push_str("</ul>");
    }
    out.push_str("</div></details>\n");
}

fn details(step: &StepReport, login: &LoginReport, index: usize, lines: &Lines, out: &mut String) {
    let is_broken = login.broken_at == Some(step.step);
    let clock = step
        .at
        .as_deref()
        .and_then(|at| at.get(11..if step.is_coarse { 19 } else { 23 }));
    let total = login.total_ms.unwrap_or(0).max(1);
    let begin = login.begin().unwrap_or(step.at_ms);
    let from = ((step.span().0 - begin).clamp(0, total) * 150 / total).min(147);
    let width = (step.ms.unwrap_or(0).clamp(0, total) * 150 / total).clamp(3, 150 - from);
    let facts: Vec<String> = step
        .details
        .iter()
        .map(|(name, value)| match value {
            serde_json::Value::String(text) => format!("{name} {text}"),
            other => format!("{name} {other}"),
        })
        .collect();
    _ = write!(
        out,
        "<details class=\"step{}\" id=\"{}\"><summary><span class=\"mark\">{}</span><span class=\"id\">{}</span><span class=\"at\">{}</span>\
        <span class=\"ms\">{}</span><svg class=\"track\" viewBox=\"0 0 150 8\" aria-hidden=\"true\"><rect x=\"{from}\" width=\"{width}\" height=\"8\" rx=\"4\"/></svg>\
        <span class=\"sure\">{}</span><span class=\"facts\">{}</span></summary>",
        if is_broken { " broken" } else { "" },
        anchor(index, step.step),
        if is_broken { "✗" } else { "✓" },
        step.step,
        escaped(clock.unwrap_or("–")),
        step.ms.map_or_else(String::new, |ms| format!("{ms} ms")),
        step.confidence,
        escaped(&facts.join(" · ")),
    );
    raw(&step.evidence, lines, out);
    out.push_str("</details>");
}

fn absent(id: &str, login: &LoginReport, out: &mut String) {
    let is_broken = login.broken_at == Some(id);
    _ = write!(
        out,
        "<div class=\"step absent{}\"><span class=\"mark\">{}</span><span class=\"id\">{id}</span><span>{}</span></div>",
        if is_broken { " broken" } else { "" },
        if is_broken { "✗" } else { "·" },
        why_absent(id, login),
    );
}

/// Why a step has no line.
fn why_absent(id: &str, login: &LoginReport) -> &'static str {
    if login.broken_at == Some(id) {
        "did not happen"
    } else if login.is_behind_the_break(id) {
        "not reached"
    } else {
        "not in these logs"
    }
}

fn raw(evidence: &[Evidence], lines: &Lines, out: &mut String) {
    out.push_str("<div class=\"raw\">");
    for at in evidence {
        let text = lines.get(&(at.file.clone(), at.line));
        _ = write!(
            out,
            "<figure><figcaption>{}:{}</figcaption><pre tabindex=\"0\">{}</pre></figure>",
            escaped(&at.file),
            at.line,
            escaped(text.map_or("(not kept)", String::as_str))
        );
    }
    out.push_str("</div>");
}

fn findings(report: &Report, lines: &Lines, out: &mut String) {
    if report.findings.is_empty() {
        return;
    }
    out.push_str("<h2>Beside the logins</h2><div class=\"plain\">");
    for found in &report.findings {
        finding(found, lines, out);
    }
    out.push_str("</div>");
}

fn finding(found: &FindingReport, lines: &Lines, out: &mut String) {
    let mark = match found.severity {
        "fault" => "✗",
        "warning" => "!",
        _ => "·",
    };
    _ = write!(
        out,
        "<details class=\"finding {}\"><summary><span class=\"mark\">{mark}</span><span>{}</span><span>{}</span><span>{}</span></summary><p class=\"fix\">{}</p>",
        found.severity,
        found
            .row
            .map_or_else(String::new, |row| format!("row {row}")),
        escaped(&found.cause),
        plural(usize::try_from(found.count).unwrap_or(usize::MAX), "line"),
        escaped(&found.fix),
    );
    raw(&found.evidence, lines, out);
    out.push_str("</details>");
}

/// Clocks, credentials, what was not given.
fn besides(report: &Report, out: &mut String) {
    let mut said: Vec<String> = report
        .clocks
        .iter()
        .filter(|clock| clock.known_by != "reference")
        .map(text::in_words)
        .collect();
    said.extend(report.credentials.iter().map(|found| {
        format!(
            "{}:{} holds credentials in clear ({})",
            found.file,
            found.line,
            plural(usize::try_from(found.count).unwrap_or(usize::MAX), "line")
        )
    }));
    said.extend(report.missing.iter().cloned());
    said.extend(report.unparsed.first.as_ref().map(|first| {
        format!(
            "{} records of unknown format, the first at {first}",
            report.unparsed.lines
        )
    }));
    said.extend(
        report
            .refused
            .iter()
            .map(|refused| format!("{} was not read: {}", refused.file, refused.why)),
    );
    if said.is_empty() {
        return;
    }
    out.push_str("<h2>About these logs</h2><div class=\"plain\">");
    for line in said {
        _ = write!(out, "<p>{}</p>", escaped(&line));
    }
    out.push_str("</div>");
}

/// The id of a step's lines.
fn anchor(index: usize, step: &str) -> String {
    format!("l{index}-{step}")
}

fn where_(at: &Evidence) -> String {
    let name = at.file.rsplit(['/', '\\', '!']).next().unwrap_or_default();
    format!("{name}:{}", at.line)
}

/// `2013-04-23 22:40:02` of an RFC 3339 time.
fn readable(at: &str) -> String {
    at.get(..19).unwrap_or(at).replace('T', " ")
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// A value of a log inside text or an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_place() {
        assert_eq!(
            escaped("<script>alert('\"&')</script>"),
            "&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;"
        );
    }

    #[test]
    fn style_and_script_hold_nothing_that_would_end_them() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !STYLE.contains("url("));
        assert!(policy().contains("sha256-") && !policy().contains("unsafe"));
    }
}
