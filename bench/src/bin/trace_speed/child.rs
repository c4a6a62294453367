//! One measurement: a process that traces, checks what it found against what was written, and says what it cost.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tact_bench::logs::Written;
use tact_tracer::{Options, Report, input};

use crate::make;

/// What a process cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Seconds of processor time.
    pub(crate) cpu: f64,
    /// Seconds that passed.
    pub(crate) wall: f64,
    /// Most memory that it held, bytes; 0 where that is not known.
    pub(crate) peak: u64,
}

/// Runs this program with these words; what it printed.
pub(crate) fn run(words: &[&str]) -> Result<String> {
    let done = Command::new(std::env::current_exe()?)
        .args(words)
        .output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{words:?}: {said}");
    Ok(String::from_utf8(done.stdout)?)
}

/// Traces in a process of its own.
pub(crate) fn trace(folder: &Path, path: &Path, agent: &str) -> Result<Cost> {
    let said = run(&[
        "read",
        &folder.display().to_string(),
        &path.display().to_string(),
        agent,
    ])?;
    let mut numbers = said.split_ascii_whitespace().map(str::parse::<f64>);
    let mut next = || -> Result<f64> { Ok(numbers.next().context("a figure is missing")??) };
    let (cpu, wall, peak) = (next()?, next()?, next()?);
    Ok(Cost {
        cpu,
        wall,
        peak: peak as u64,
    })
}

/// Traces, checks, prints the cost.
pub(crate) fn read(folder: &Path, path: &Path, agent: Option<&str>) -> Result<()> {
    let begin = Instant::now();
    let sources = input::read(&[path.to_owned()])?;
    let options = Options {
        agent: agent.map(str::to_owned),
        ..Options::default()
    };
    let report = tact_tracer::trace_with(&sources, &options);
    let (wall, cpu, peak) = (begin.elapsed().as_secs_f64(), own_cpu()?, own_peak()?);
    let logins = make::logins(folder)?;
    let expected: Vec<&Written> = logins
        .iter()
        .filter(|login| agent.is_none_or(|id| id == login.agent))
        .collect();
    check(&report, &expected)?;
    println!("{cpu} {wall} {peak}");
    Ok(())
}

/// Every login that was written is found, once, with all that its records say, and no other is.
fn check(report: &Report, expected: &[&Written]) -> Result<()> {
    ensure!(report.unparsed.lines == 0, "{:?}", report.unparsed);
    ensure!(
        report.logins.len() == expected.len(),
        "{} logins found, {} written",
        report.logins.len(),
        expected.len()
    );
    const STEPS: [&str; 8] = [
        "system_info",
        "presence",
        "user",
        "sign_in",
        "cti_request",
        "cti_event",
        "publish",
        "agent_data",
    ];
    for written in expected {
        let found = report
            .logins
            .iter()
            .find(|login| {
                login.steps.iter().any(|step| {
                    step.details.get("request_id").and_then(|id| id.as_str())
                        == Some(&written.request_id)
                })
            })
            .with_context(|| format!("{written:?} was not found"))?;
        ensure!(
            found.agent.as_ref() == Some(&written.agent),
            "{written:?}: {found:?}"
        );
        ensure!(
            found.extension.as_ref() == Some(&written.extension),
            "{written:?}: {found:?}"
        );
        ensure!(found.broken_at.is_none(), "{written:?}: {found:?}");
        for wanted in STEPS {
            ensure!(
                found.steps.iter().any(|step| step.step == wanted),
                "{written:?} without {wanted}: {found:?}"
            );
        }
        let is_in_time = found
            .steps
            .iter()
            .any(|step| step.step == "sign_in" && step.at_ms == written.at);
        ensure!(is_in_time, "{written:?}: {found:?}");
    }
    Ok(())
}

/// Processor time of this process so far, seconds.
fn own_cpu() -> Result<f64> {
    ticks(14)
}

/// Processor time of this process's children that are done, seconds.
pub(crate) fn children_cpu() -> Result<f64> {
    ticks(16)
}

/// Two fields of the process's line of state, from this one on, counted from 1.
fn ticks(field: usize) -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name may hold blanks; it ends with the last parenthesis and is field 2.
    let (_, rest) = stat.rsplit_once(')').context("a line of state")?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let ticks =
        |field: usize| -> Result<u64> { Ok(fields.get(field - 3).context("a field")?.parse()?) };
    // A tick is a hundredth of a second on every Linux.
    Ok((ticks(field)? + ticks(field + 1)?) as f64 / 100.0)
}

fn own_peak() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .context("a peak")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024)
}
