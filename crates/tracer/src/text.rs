//! The result for people: the worst logins first, each as a table with a bar a step and the line to read.

use std::fmt::Write as _;

use tact_logline::redact;
use tact_logline::step::Step;

use crate::report::{LoginReport, Report};

/// Width of a bar, characters.
const BAR: i64 = 16;

/// Who does a step.
fn component(step: &str) -> &'static str {
    match Step::from_id(step) {
        Some(Step::Desktop) => "web server",
        Some(Step::SystemInfo | Step::User | Step::SignIn | Step::AgentData) => "REST API",
        Some(Step::EventChannel | Step::Presence | Step::Deliver) => "notification",
        Some(Step::CtiRequest) => "CTI link",
        Some(Step::CtiEvent) => "CTI server",
        Some(Step::Publish) => "server",
        Some(Step::SignedIn) => "desktop",
        None => "",
    }
}

fn rank(verdict: &str) -> u8 {
    match verdict {
        "failed" => 0,
        "incomplete" => 1,
        _ => 2,
    }
}

/// The whole report as text.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let mut logins: Vec<&LoginReport> = report.logins.iter().collect();
    logins.sort_by_key(|login| (rank(login.verdict), std::cmp::Reverse(login.total_ms)));
    let count = |verdict| {
        logins
            .iter()
            .filter(|login| login.verdict == verdict)
            .count()
    };
    // Writing to a String can't fail.
    _ = writeln!(
        out,
        "{} logins: {} failed, {} incomplete, {} ok",
        logins.len(),
        count("failed"),
        count("incomplete"),
        count("ok"),
    );
    for login in logins {
        out.push('\n');
        one(login, &mut out);
    }
    if !report.clocks.is_empty() || !report.missing.is_empty() || report.unparsed.lines > 0 {
        out.push('\n');
    }
    for clock in &report.clocks {
        _ = writeln!(
            out,
            "clock of {}: server {:+} to {:+} ms",
            clock.host, clock.min_ms, clock.max_ms
        );
    }
    for missing in &report.missing {
        _ = writeln!(out, "{missing}");
    }
    if let Some(first) = &report.unparsed.first {
        _ = writeln!(
            out,
            "unparsed: {} lines, first at {first}",
            report.unparsed.lines
        );
    }
    out
}

fn one(login: &LoginReport, out: &mut String) {
    let agent = login.agent.as_deref().unwrap_or("(unknown)");
    _ = write!(out, "agent {agent}");
    if let Some(extension) = &login.extension {
        _ = write!(out, " at {extension}");
    }
    _ = write!(out, ": {}", login.verdict);
    if let Some(step) = login.broken_at {
        _ = write!(out, ", broken at {step}");
    }
    _ = writeln!(
        out,
        ", {} of {} steps, {} ms",
        login.steps.len(),
        Step::ALL.len(),
        login.total_ms.unwrap_or(0)
    );
    if let Some(cause) = &login.cause {
        _ = writeln!(out, "  cause: {}", redact::line(cause));
    }
    if let Some(fix) = &login.fix {
        _ = writeln!(out, "  fix:   {fix}");
    }
    let begin = login.steps.iter().map(|step| step.at_ms).min().unwrap_or(0);
    let total = login.total_ms.unwrap_or(0).max(1);
    let mut last = begin;
    for step in &login.steps {
        let delta = step.at_ms - last;
        last = step.at_ms;
        let offset = ((step.at_ms - begin) * BAR / total).clamp(0, BAR - 1);
        let length = (step.ms.unwrap_or(0) * BAR / total).clamp(1, BAR - offset);
        let bar: String = (0..BAR)
            .map(|at| {
                if (offset..offset + length).contains(&at) {
                    '#'
                } else {
                    '.'
                }
            })
            .collect();
        let place = step.evidence.first().map_or_else(String::new, |first| {
            format!("{}:{}", first.file, first.line)
        });
        let more = step.evidence.len().saturating_sub(1);
        let clock = step.at.get(11..23).unwrap_or_default();
        _ = write!(
            out,
            "  {:<13} {clock} {delta:>+7} ms  {bar}  {:<12} {:<6} {place}",
            step.step,
            component(step.step),
            step.confidence
        );
        if more > 0 {
            _ = write!(out, " (+{more})");
        }
        out.push('\n');
    }
    let missing: Vec<&str> = Step::ALL
        .iter()
        .map(|step| step.id())
        .filter(|id| login.steps.iter().all(|step| step.step != *id))
        .collect();
    if login.verdict == "incomplete" {
        _ = writeln!(out, "  no evidence of: {}", missing.join(", "));
    }
}
