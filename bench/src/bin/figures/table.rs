//! The figures on one screen.

use std::fmt::Write as _;

use tact_load::measure::{SignIns, Waits};

use super::parts::Part;
use super::{AGENTS, AT_A_TIME, Figures};
use tact_load::process::Cost;

/// The wait for an event within which 99 of 100 are to come, milliseconds.
const EVENT_P99_MS: f64 = 20.0;

/// The whole table.
pub(crate) fn render(parts: &[Part], figures: &Figures) -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut out, processors, parts, figures);
    out
}

fn write(
    out: &mut String,
    processors: usize,
    parts: &[Part],
    figures: &Figures,
) -> std::fmt::Result {
    writeln!(out)?;
    writeln!(
        out,
        "Parts, each alone on one core{}",
        if parts.is_empty() {
            ": not measured yet (cargo bench -p tact-bench)"
        } else {
            ""
        }
    )?;
    for part in parts {
        write!(
            out,
            "  {:<42} {:>12} {:<4}",
            part.name,
            grouped(part.value),
            part.unit
        )?;
        if let Some((target, more_is_better)) = part.target {
            let sign = if more_is_better { '>' } else { '<' };
            let ratio = part.value / target;
            write!(
                out,
                "to beat: {sign} {} {}, {ratio:.2} of it",
                grouped(target),
                part.unit
            )?;
        }
        writeln!(out)?;
    }
    writeln!(out)?;
    writeln!(
        out,
        "The whole server, a process of its own; {AGENTS} agents over plain HTTP on loopback, from one thread;"
    )?;
    writeln!(
        out,
        "server and agents share {processors} processors. Passwords: {}.",
        figures.hash
    )?;
    writeln!(out)?;
    writeln!(
        out,
        "  sign-ins, {AT_A_TIME} at a time, WebSocket            a second    p50 ms    p99 ms"
    )?;
    for (name, run) in [
        ("never hashed: hashed and stored", &figures.first),
        ("cold: not verified since the start", &figures.cold),
        ("warm: verified before", &figures.warm),
    ] {
        sign_ins(out, name, run)?;
    }
    writeln!(out)?;
    writeln!(
        out,
        "  state changes              a second   PUT to 202 ms p50    p99   PUT to event ms p50    p99"
    )?;
    for (transport, at_a_time, run) in &figures.changes {
        let name = format!("{}, {at_a_time} at a time", transport.name());
        writeln!(
            out,
            "  {name:<26} {:>8.0}   {:>17} {:>6}   {:>19} {:>6}  p99 to beat: < {EVENT_P99_MS} ms, {:.2} of it",
            run.per_second(),
            ms(&run.accepted, 50.0),
            ms(&run.accepted, 99.0),
            ms(&run.event, 50.0),
            ms(&run.event, 99.0),
            run.event.percentile_ms(99.0) / EVENT_P99_MS,
        )?;
    }
    writeln!(out)?;
    for (name, cost) in [
        ("server since its second start", &figures.server),
        ("all agents together", &figures.generator),
    ] {
        costs(out, name, cost)?;
    }
    Ok(())
}

fn sign_ins(out: &mut String, name: &str, run: &SignIns) -> std::fmt::Result {
    writeln!(
        out,
        "  {name:<42} {:>11.0} {:>9} {:>9}",
        run.per_second(),
        ms(&run.waits, 50.0),
        ms(&run.waits, 99.0)
    )
}

fn costs(out: &mut String, name: &str, cost: &Cost) -> std::fmt::Result {
    writeln!(
        out,
        "  {name:<32} {:>7.2} s processor time, {:>5.0} MiB resident, {:>5.0} MiB at most",
        cost.cpu_s, cost.resident_mib, cost.peak_mib
    )
}

fn ms(waits: &Waits, percent: f64) -> String {
    format!("{:.1}", waits.percentile_ms(percent))
}

/// A number as people read it: thousands apart, a decimal only where it is small.
fn grouped(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(grouped(1_234_567.0), "1,234,567");
        assert_eq!(grouped(500_000.0), "500,000");
        assert_eq!(grouped(123.4), "123");
        assert_eq!(grouped(35.26), "35.3");
    }
}
