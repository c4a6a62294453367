//! The result as a timeline in the JSON that Perfetto and Chrome's tracing read: a process for each login, a thread for
//! each part of the system, a slice for each step.

use serde_json::{Map, Value, json};

use crate::report::{LoginReport, Report};

/// The parts in which steps happen, and the steps of each.
const PARTS: [(&str, &[&str]); 5] = [
    ("browser", &["signed_in", "deliver"]),
    ("web", &["desktop"]),
    ("rest", &["system_info", "user", "sign_in", "agent_data"]),
    ("notification", &["event_channel", "presence", "publish"]),
    ("cti", &["cti_request", "cti_event"]),
];
/// A step without a length is drawn this long, microseconds.
const LEAST_US: i64 = 100;

/// The whole timeline.
pub fn render(report: &Report) -> Value {
    let mut events = Vec::new();
    for (login, process) in report.logins.iter().zip(1_u64..) {
        one(login, process, &mut events);
    }
    json!({ "displayTimeUnit": "ms", "traceEvents": events })
}

fn one(login: &LoginReport, process: u64, events: &mut Vec<Value>) {
    let name = |what: &str, thread: u64, name: &str| json!({ "ph": "M", "name": what, "pid": process, "tid": thread, "args": { "name": name } });
    let agent = login.agent.as_deref().unwrap_or("(unknown)");
    let title = match login.broken_at {
        Some(step) => format!("agent {agent}: failed at {step}"),
        None => format!("agent {agent}: {}", login.verdict),
    };
    events.push(name("process_name", 0, &title));
    for ((part, _), thread) in PARTS.iter().zip(1_u64..) {
        events.push(name("thread_name", thread, part));
    }
    for step in login.steps.iter().filter(|step| step.at.is_some()) {
        let thread = PARTS
            .iter()
            .zip(1_u64..)
            .find(|((_, steps), _)| steps.contains(&step.step))
            .map_or(0, |(_, thread)| thread);
        let mut args: Map<String, Value> = step.details.clone();
        args.insert("confidence".to_owned(), json!(step.confidence));
        let evidence = step
            .evidence
            .iter()
            .map(|at| format!("{}:{}", at.file, at.line));
        args.insert("evidence".to_owned(), json!(evidence.collect::<Vec<_>>()));
        if login.broken_at == Some(step.step) {
            args.insert("cause".to_owned(), json!(login.cause));
        }
        events.push(json!({
            "ph": "X",
            "name": step.step,
            "cat": step.confidence,
            "pid": process,
            "tid": thread,
            "ts": step.span().0.saturating_mul(1_000),
            "dur": step.ms.unwrap_or(0).saturating_mul(1_000).max(LEAST_US),
            "args": args,
        }));
    }
}
