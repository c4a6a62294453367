//! What `tact load --format json` said of one server.

use anyhow::{Context, Result};
use serde_json::Value;

use super::peers::Kind;

/// The figures of one server over one transport.
pub(crate) struct Outcome {
    /// Which server.
    pub(crate) kind: Kind,
    /// What carried the desktops' channel.
    pub(crate) transport: String,
    /// Sign-ins a second, their p99, what each cost the server and the generator, ms.
    pub(crate) logins: Logins,
    /// KiB a session over idle.
    pub(crate) session_kib: f64,
    /// Each run of events.
    pub(crate) events: Vec<Events>,
}

/// Sign-ins.
pub(crate) struct Logins {
    pub(crate) per_second: f64,
    pub(crate) p99_ms: f64,
    pub(crate) server_ms: f64,
    pub(crate) generator_ms: f64,
    pub(crate) failed: u64,
}

/// One run of events.
pub(crate) struct Events {
    pub(crate) rate: u64,
    pub(crate) hearers: u64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) longest_ms: f64,
    pub(crate) lost: u64,
    /// Extra, duplicated, reordered, damaged and refused ones.
    pub(crate) wrong: u64,
    pub(crate) server_us: f64,
    pub(crate) generator_us: f64,
}

impl Outcome {
    /// Reads the JSON.
    pub(crate) fn read(kind: Kind, transport: &str, json: &str) -> Result<Outcome> {
        let json: Value = serde_json::from_str(json)?;
        let logins = json.pointer("/logins/0").context("no sign-ins")?;
        let events = json.pointer("/events").and_then(Value::as_array);
        Ok(Outcome {
            kind,
            transport: transport.to_owned(),
            logins: Logins {
                per_second: number(logins, "/per_second")?,
                p99_ms: number(logins, "/wait_ms/p99")?,
                server_ms: number(logins, "/server_cpu_ms")?,
                generator_ms: number(logins, "/generator_cpu_ms")?,
                failed: count(logins, "failed")?,
            },
            session_kib: number(&json, "/memory/session_kib")?,
            events: events
                .context("no events")?
                .iter()
                .map(read_events)
                .collect::<Result<_>>()?,
        })
    }
}

fn read_events(run: &Value) -> Result<Events> {
    let wrong = ["extra", "duplicated", "reordered", "damaged", "refused"];
    let wrong = wrong.iter().map(|name| count(run, name));
    Ok(Events {
        rate: count(run, "rate")?,
        hearers: count(run, "hearers")?,
        p50_ms: number(run, "/wait_ms/p50")?,
        p99_ms: number(run, "/wait_ms/p99")?,
        longest_ms: number(run, "/wait_ms/longest")?,
        lost: count(run, "lost")?,
        wrong: wrong.sum::<Result<u64>>()?,
        server_us: number(run, "/server_cpu_us")?,
        generator_us: number(run, "/generator_cpu_us")?,
    })
}

fn number(value: &Value, pointer: &str) -> Result<f64> {
    let number = value.pointer(pointer).and_then(Value::as_f64);
    number.with_context(|| format!("no {pointer}"))
}

fn count(value: &Value, name: &str) -> Result<u64> {
    let count = value.get(name).and_then(Value::as_u64);
    count.with_context(|| format!("no {name}"))
}
