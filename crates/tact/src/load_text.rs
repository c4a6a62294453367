//! The outcome of `tact load` in words and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tact_load::crowd::{ChangeRun, EventRun, Report, Settings, SignInRun};
use tact_load::measure::Waits;

/// The percentiles that are told.
const PERCENTILES: [(&str, f64); 5] = [
    ("p50", 50.0),
    ("p90", 90.0),
    ("p99", 99.0),
    ("p99.9", 99.9),
    ("longest", 100.0),
];

/// The outcome as text.
pub(crate) fn table(settings: &Settings, report: &Report) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write_table(&mut out, settings, report);
    out
}

fn write_table(out: &mut String, settings: &Settings, report: &Report) -> std::fmt::Result {
    writeln!(
        out,
        "{} desktops over {} on {}, {}, {} at a time\n",
        settings.desktops,
        settings.transport.name(),
        settings.server,
        settings.proof.name(),
        settings.pace.at_a_time
    )?;
    if let Some(verified) = &report.verified {
        sign_ins(out, "verified", verified)?;
    }
    for round in &report.rounds {
        sign_ins(out, "logins", round)?;
    }
    if let Some(memory) = report.memory {
        writeln!(
            out,
            "memory     server at the start {:.1} MiB, idle {:.1} MiB, signed in {:.1} MiB: {:.1} KiB a session over idle, {:.1} over the start",
            memory.start_mib,
            memory.idle_mib,
            memory.signed_in_mib,
            memory.per_session_kib(),
            memory.per_session_over_start_kib()
        )?;
    }
    for run in &report.events {
        events(out, run)?;
    }
    if let Some(run) = &report.changes {
        changes(out, run)?;
    }
    if !report.broken.is_empty() {
        let first = report.broken.first().map_or("", String::as_str);
        writeln!(
            out,
            "broken     {} desktops fell out, the first: {first}",
            report.broken.len()
        )?;
    }
    Ok(())
}

fn sign_ins(out: &mut String, name: &str, run: &SignInRun) -> std::fmt::Result {
    let outcome = &run.outcome;
    let count = outcome.waits.count();
    writeln!(
        out,
        "{name:<10} {count} in {:.2} s, {:.0}/s, failed {}",
        outcome.elapsed.as_secs_f64(),
        outcome.per_second(),
        outcome.failures.count
    )?;
    for cause in &outcome.failures.causes {
        writeln!(out, "           failed: {cause}")?;
    }
    waits(out, &outcome.waits)?;
    processor(
        out,
        run.server_cpu_s,
        run.own_cpu_s,
        count,
        "ms",
        1e3,
        "login",
    )
}

fn events(out: &mut String, run: &EventRun) -> std::fmt::Result {
    let counts = &run.counts;
    writeln!(
        out,
        "events     {}/s to {} each: published {}, expected {}, received {}, lost {}, extra {}, duplicated {}, \
         reordered {}, damaged {}, refused {}",
        run.rate,
        run.hearers,
        counts.published,
        counts.expected,
        counts.received,
        counts.lost,
        counts.extra,
        counts.duplicated,
        counts.reordered,
        counts.damaged,
        counts.refused
    )?;
    if let Some(refusal) = &counts.refusal {
        writeln!(out, "           refused: {refusal}")?;
    }
    waits(out, &run.waits)?;
    let (server, own) = (run.server_cpu_s, run.own_cpu_s);
    processor(out, server, own, counts.published, "us", 1e6, "event")
}

fn changes(out: &mut String, run: &ChangeRun) -> std::fmt::Result {
    let outcome = &run.outcome;
    let count = outcome.event.count();
    writeln!(
        out,
        "changes    {}/s of state: {count} in {:.2} s, failed {}; to the 202, then to the event",
        run.rate,
        outcome.elapsed.as_secs_f64(),
        outcome.failures.count
    )?;
    for cause in &outcome.failures.causes {
        writeln!(out, "           failed: {cause}")?;
    }
    waits(out, &outcome.accepted)?;
    waits(out, &outcome.event)?;
    let (server, own) = (run.server_cpu_s, run.own_cpu_s);
    processor(out, server, own, count, "us", 1e6, "change")
}

fn waits(out: &mut String, waits: &Waits) -> std::fmt::Result {
    write!(out, "          ")?;
    for (name, percent) in PERCENTILES {
        write!(out, " {name} {:.2}", waits.percentile_ms(percent))?;
    }
    writeln!(out, " ms")
}

fn processor(
    out: &mut String,
    server: Option<f64>,
    own: f64,
    count: u64,
    unit: &str,
    scale: f64,
    piece: &str,
) -> std::fmt::Result {
    let each = |seconds: f64| seconds * scale / count.max(1) as f64;
    write!(out, "           processor: ")?;
    if let Some(server) = server {
        write!(out, "server {:.3} {unit} a {piece}, ", each(server))?;
    }
    writeln!(out, "generator {:.3} {unit} a {piece}", each(own))
}

/// The outcome as JSON.
pub(crate) fn as_json(settings: &Settings, report: &Report) -> Value {
    json!({
        "server": settings.server.to_string(),
        "transport": settings.transport.name(),
        "mechanism": settings.proof.name(),
        "desktops": settings.desktops,
        "at_a_time": settings.pace.at_a_time,
        "verified": report.verified.as_ref().map(sign_ins_json),
        "logins": report.rounds.iter().map(sign_ins_json).collect::<Vec<_>>(),
        "memory": report.memory.map(|memory| json!({
            "start_mib": round(memory.start_mib),
            "idle_mib": round(memory.idle_mib),
            "signed_in_mib": round(memory.signed_in_mib),
            "sessions": memory.sessions,
            "session_kib": round(memory.per_session_kib()),
            "session_over_start_kib": round(memory.per_session_over_start_kib()),
        })),
        "events": report.events.iter().map(events_json).collect::<Vec<_>>(),
        "changes": report.changes.as_ref().map(changes_json),
        "broken": report.broken.len(),
        "clean": report.is_clean(),
    })
}

fn sign_ins_json(run: &SignInRun) -> Value {
    let outcome = &run.outcome;
    let each = |seconds: f64| round(seconds * 1e3 / outcome.waits.count().max(1) as f64);
    json!({
        "count": outcome.waits.count(),
        "failed": outcome.failures.count,
        "causes": outcome.failures.causes,
        "seconds": round(outcome.elapsed.as_secs_f64()),
        "per_second": round(outcome.per_second()),
        "wait_ms": waits_json(&outcome.waits),
        "server_cpu_ms": run.server_cpu_s.map(each),
        "generator_cpu_ms": each(run.own_cpu_s),
    })
}

fn events_json(run: &EventRun) -> Value {
    let counts = &run.counts;
    let each = |seconds: f64| round(seconds * 1e6 / counts.published.max(1) as f64);
    json!({
        "rate": run.rate,
        "hearers": run.hearers,
        "seconds": round(run.span.as_secs_f64()),
        "published": counts.published,
        "expected": counts.expected,
        "received": counts.received,
        "lost": counts.lost,
        "extra": counts.extra,
        "duplicated": counts.duplicated,
        "reordered": counts.reordered,
        "damaged": counts.damaged,
        "refused": counts.refused,
        "refusal": counts.refusal,
        "wait_ms": waits_json(&run.waits),
        "server_cpu_us": run.server_cpu_s.map(each),
        "generator_cpu_us": each(run.own_cpu_s),
    })
}

fn changes_json(run: &ChangeRun) -> Value {
    let outcome = &run.outcome;
    let each = |seconds: f64| round(seconds * 1e6 / outcome.event.count().max(1) as f64);
    json!({
        "rate": run.rate,
        "seconds": round(outcome.elapsed.as_secs_f64()),
        "count": outcome.event.count(),
        "failed": outcome.failures.count,
        "causes": outcome.failures.causes,
        "accepted_ms": waits_json(&outcome.accepted),
        "event_ms": waits_json(&outcome.event),
        "server_cpu_us": run.server_cpu_s.map(each),
        "generator_cpu_us": each(run.own_cpu_s),
    })
}

fn waits_json(waits: &Waits) -> Value {
    PERCENTILES
        .iter()
        .map(|(name, percent)| {
            (
                (*name).to_owned(),
                json!(round(waits.percentile_ms(*percent))),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Three digits behind the point.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
