//! The ladder: who spoke to whom, from top to bottom. Its lines say how sure each step is; a step is a link to its lines.

use std::fmt::Write as _;

use tact_logline::step::Step;

use super::{anchor, escaped, why_absent};
use crate::report::{LoginReport, Report, StepReport};

const LANES: [&str; 6] = ["Browser", "Web", "REST API", "Notification", "CTI", "PG"];
const BROWSER: usize = 0;
const WEB: usize = 1;
const REST: usize = 2;
const NOTIFICATION: usize = 3;
const LINK: usize = 4;
const GATEWAY: usize = 5;

/// Where the first lane stands, how far the lanes are apart, and the width of all.
const LEFT: usize = 150;
const APART: usize = 172;
const WIDTH: usize = 1080;
/// The head's height, and that of a step.
const HEAD: usize = 52;
const ROW: usize = 46;

/// What a step looks like: from lane to lane, whether it is answered there, and its words.
struct Shape {
    from: usize,
    to: usize,
    is_answered: bool,
    words: &'static str,
}

fn shape(step: Step) -> Shape {
    let shape = |from, to, is_answered, words| Shape {
        from,
        to,
        is_answered,
        words,
    };
    match step {
        Step::Desktop => shape(BROWSER, WEB, false, "loads the desktop"),
        Step::SystemInfo => shape(BROWSER, REST, true, "GET SystemInfo"),
        Step::EventChannel => shape(BROWSER, NOTIFICATION, true, "event channel"),
        Step::Presence => shape(NOTIFICATION, REST, false, "presence"),
        Step::User => shape(BROWSER, REST, true, "GET User"),
        Step::SignIn => shape(BROWSER, REST, true, "PUT User: LOGIN"),
        Step::CtiRequest => shape(REST, GATEWAY, false, "SET_AGENT_STATE_REQ"),
        Step::CtiEvent => shape(GATEWAY, REST, false, "AGENT_STATE_EVENT"),
        Step::Publish => shape(REST, NOTIFICATION, false, "publish"),
        Step::Deliver => shape(NOTIFICATION, BROWSER, false, "Update"),
        Step::SignedIn => shape(BROWSER, BROWSER, false, "shows the agent signed in"),
        Step::AgentData => shape(BROWSER, REST, true, "dialogs, reason codes, phone books"),
    }
}

fn x(lane: usize) -> usize {
    LEFT + lane * APART
}

/// Draws one login's ladder.
pub(super) fn draw(login: &LoginReport, index: usize, report: &Report, out: &mut String) {
    let has = |words: &str| report.missing.iter().any(|missing| missing.contains(words));
    let is_dark = |lane: usize| match lane {
        WEB => has("access log"),
        REST | LINK => has("webservices log"),
        NOTIFICATION => has("notification log"),
        GATEWAY => has("CTI server log"),
        _ => has("client log"),
    };
    let height = HEAD + ROW * Step::ALL.len() + 16;
    // Writing to a String can't fail, here and below.
    _ = write!(
        out,
        "<svg class=\"ladder\" viewBox=\"0 0 {WIDTH} {height}\" role=\"group\" aria-label=\"Ladder of the login of agent {}\">",
        escaped(login.agent.as_deref().unwrap_or("unknown"))
    );
    for (lane, name) in LANES.iter().enumerate() {
        _ = write!(
            out,
            "<line class=\"rail{}\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>\
            <rect class=\"head\" x=\"{}\" y=\"6\" width=\"116\" height=\"{}\" rx=\"8\"/>\
            <text class=\"lane\" x=\"{}\" y=\"{}\">{name}</text>",
            if is_dark(lane) { " none" } else { "" },
            x(lane),
            x(lane),
            HEAD - 8,
            height - 8,
            x(lane) - 58,
            HEAD - 14,
            x(lane),
            if is_dark(lane) { 22 } else { 30 }
        );
        if is_dark(lane) {
            _ = write!(
                out,
                "<text class=\"lane-note\" text-anchor=\"middle\" x=\"{}\" y=\"37\">no log given</text>",
                x(lane)
            );
        }
    }
    for (row, step) in Step::ALL.into_iter().enumerate() {
        let y = HEAD + ROW * row + 30;
        match login.steps.iter().find(|found| found.step == step.id()) {
            Some(found) => one(found, step, login, index, y, out),
            None => none(step, login, y, out),
        }
    }
    out.push_str("</svg>");
}

fn one(
    found: &StepReport,
    step: Step,
    login: &LoginReport,
    index: usize,
    y: usize,
    out: &mut String,
) {
    let Shape {
        from,
        to,
        is_answered,
        words,
    } = shape(step);
    let is_broken = login.broken_at == Some(found.step);
    let sure = match found.confidence {
        "exact" => "exact",
        "strong" => "strong",
        _ => "time-only",
    };
    let clock = found
        .at
        .as_deref()
        .and_then(|at| at.get(11..if found.is_coarse { 19 } else { 23 }))
        .unwrap_or("–");
    let ms = found.ms.map_or_else(String::new, |ms| format!("{ms} ms"));
    _ = write!(
        out,
        "<a href=\"#{}\" aria-description=\"{}, {}\" class=\"{sure}{}\">\
        <rect class=\"hit\" x=\"4\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\"/>\
        <text class=\"time\" x=\"{}\" y=\"{}\">{}</text>",
        anchor(index, found.step),
        found.step,
        found.confidence,
        if is_broken { " broken" } else { "" },
        y - 26,
        WIDTH - 8,
        ROW - 6,
        LEFT - 66,
        y + 1,
        escaped(clock),
    );
    let label = match (is_broken, found.details.get("invoke_id")) {
        (true, _) => format!("✗ {words}"),
        (false, Some(id)) => format!("{words} #{id}"),
        (false, None) => words.to_owned(),
    };
    if from == to {
        _ = write!(
            out,
            "<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"6\"/><text class=\"label\" x=\"{}\" y=\"{}\">{}</text></a>",
            x(from),
            y - 3,
            x(from) + 16,
            y + 1,
            escaped(&label)
        );
        return;
    }
    arrow(x(from), x(to), y, "arrow", "tip", out);
    if is_answered && !is_broken {
        arrow(x(to), x(from), y + 7, "back", "back-tip", out);
    }
    // The link stands between the API and the gateway.
    if matches!(step, Step::CtiRequest | Step::CtiEvent) {
        _ = write!(
            out,
            "<circle class=\"dot\" cx=\"{}\" cy=\"{y}\" r=\"4\"/>",
            x(LINK)
        );
    }
    let left = x(from).min(x(to));
    _ = write!(
        out,
        "<text class=\"label\" x=\"{}\" y=\"{}\">{}</text>",
        left + 14,
        y - 8,
        escaped(&label)
    );
    if !ms.is_empty() {
        _ = write!(
            out,
            "<text class=\"ms\" x=\"{}\" y=\"{}\">{ms}</text>",
            x(from).max(x(to)) + 12,
            y + 4
        );
    }
    out.push_str("</a>");
}

/// A step that no line shows.
fn none(step: Step, login: &LoginReport, y: usize, out: &mut String) {
    let is_broken = login.broken_at == Some(step.id());
    let shape = shape(step);
    _ = write!(
        out,
        "<g class=\"absent{}\"><text class=\"label\" x=\"{}\" y=\"{}\">{}: {}</text></g>",
        if is_broken { " broken" } else { "" },
        x(shape.from.min(shape.to)) + 14,
        y,
        if is_broken {
            format!("✗ {}", shape.words)
        } else {
            shape.words.to_owned()
        },
        why_absent(step.id(), login)
    );
}

fn arrow(from: usize, to: usize, y: usize, class: &str, tip: &str, out: &mut String) {
    let (end, back) = if to > from {
        (to - 3, to - 12)
    } else {
        (to + 3, to + 12)
    };
    _ = write!(
        out,
        "<line class=\"{class}\" x1=\"{from}\" x2=\"{back}\" y1=\"{y}\" y2=\"{y}\"/><path class=\"{tip}\" d=\"M{end} {y}L{back} {}L{back} {}Z\"/>",
        y - 5,
        y + 5
    );
}
