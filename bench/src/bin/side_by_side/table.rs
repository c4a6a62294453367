//! The outcomes beside each other, and this server's as a ratio to the better of the others.

use std::fmt::Write as _;

use anyhow::Result;

use super::outcome::{Events, Outcome};
use super::peers::Kind;

/// The whole table.
pub(crate) fn render(agents: usize, outcomes: &[Outcome]) -> Result<String> {
    let mut out = String::new();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    writeln!(
        out,
        "{agents} agents, no TLS, SASL PLAIN, servers and generator share {processors} processors; load average at the \
         end {}\n",
        load.split(' ').take(3).collect::<Vec<_>>().join(" ")
    )?;
    let mut transports: Vec<&str> = outcomes.iter().map(|one| one.transport.as_str()).collect();
    transports.dedup();
    for transport in transports {
        let here: Vec<_> = outcomes
            .iter()
            .filter(|one| one.transport == transport)
            .collect();
        of_transport(&mut out, transport, &here)?;
    }
    Ok(out)
}

fn of_transport(out: &mut String, transport: &str, outcomes: &[&Outcome]) -> std::fmt::Result {
    writeln!(out, "## {transport}\n")?;
    write!(out, "| |")?;
    for outcome in outcomes {
        write!(out, " {} |", outcome.kind.name())?;
    }
    writeln!(out, " tact to the better other |")?;
    writeln!(out, "|---|{}", "---|".repeat(outcomes.len() + 1))?;
    row(out, "logins a second", outcomes, 0, true, |one| {
        Some(one.logins.per_second)
    })?;
    row(out, "login, p99 ms", outcomes, 1, false, |one| {
        Some(one.logins.p99_ms)
    })?;
    row(out, "login, server CPU ms", outcomes, 3, false, |one| {
        Some(one.logins.server_ms)
    })?;
    row(out, "login, generator CPU ms", outcomes, 3, false, |one| {
        Some(one.logins.generator_ms)
    })?;
    row(out, "logins failed", outcomes, 0, false, |one| {
        Some(one.logins.failed as f64)
    })?;
    row(out, "KiB a session over idle", outcomes, 1, false, |one| {
        Some(one.session_kib)
    })?;
    let runs = outcomes.iter().map(|one| one.events.len()).max();
    for place in 0..runs.unwrap_or_default() {
        let Some(run) = outcomes.iter().find_map(|one| one.events.get(place)) else {
            continue;
        };
        let what = match run.hearers {
            1 => format!("{}/s", run.rate),
            many => format!("{}/s to {many} each", run.rate),
        };
        let mut of_run = |name: &str, digits: usize, figure: fn(&Events) -> f64| {
            let name = format!("{what}, {name}");
            row(out, &name, outcomes, digits, false, |one| {
                one.events.get(place).map(figure)
            })
        };
        of_run("p50 ms", 2, |run| run.p50_ms)?;
        of_run("p99 ms", 2, |run| run.p99_ms)?;
        of_run("longest ms", 1, |run| run.longest_ms)?;
        of_run("lost", 0, |run| run.lost as f64)?;
        of_run("extra, again, out of order, changed, refused", 0, |run| {
            run.wrong as f64
        })?;
        of_run("server CPU us an event", 0, |run| run.server_us)?;
        of_run("generator CPU us an event", 0, |run| run.generator_us)?;
    }
    writeln!(out)
}

/// One figure of every server, and the ratio where there is somebody to compare with.
fn row(
    out: &mut String,
    name: &str,
    outcomes: &[&Outcome],
    digits: usize,
    more_is_better: bool,
    figure: impl Fn(&Outcome) -> Option<f64>,
) -> std::fmt::Result {
    write!(out, "| {name} |")?;
    let (mut ours, mut best) = (None, None::<f64>);
    for outcome in outcomes {
        let Some(value) = figure(outcome) else {
            write!(out, " |")?;
            continue;
        };
        write!(out, " {value:.digits$} |")?;
        if outcome.kind == Kind::Tact {
            ours = Some(value);
        } else {
            best = Some(match best {
                Some(best) if more_is_better => best.max(value),
                Some(best) => best.min(value),
                None => value,
            });
        }
    }
    match (ours, best) {
        (Some(ours), Some(best)) if best > 0.0 => writeln!(out, " {:.2} |", ours / best),
        _ => writeln!(out, " |"),
    }
}
