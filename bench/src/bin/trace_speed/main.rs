//! The tracer over one gigabyte of webservices log, beside tools that only search or index it.
//!
//! `trace_speed [--megabytes N] [--rounds N] [--folder PATH]`. The log and its logins follow from a seed
//! (`tact_bench::logs`). Each measurement is a process of its own, so that memory is its own too; the file is in the page
//! cache. What is reported is processor time, user and system, of all its threads; the wall clock stands beside it.
//! Each round measures all of them one after the other, so that they share what the machine is up to.

mod child;
mod make;
mod others;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use child::Cost;

/// The seed of the log.
const SEED: u64 = 2_117;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<&str> = words.iter().map(String::as_str).collect();
    match texts.as_slice() {
        ["make", folder, megabytes] => make::make(Path::new(folder), megabytes.parse()?),
        ["read", folder, path, agent] => child::read(
            Path::new(folder),
            Path::new(path),
            Some(*agent).filter(|id| !id.is_empty()),
        ),
        options => measure(options),
    }
}

fn measure(options: &[&str]) -> Result<()> {
    let (mut megabytes, mut rounds, mut folder) = (1_000u64, 5u32, None);
    for pair in options.chunks(2) {
        match pair {
            ["--megabytes", number] => megabytes = number.parse()?,
            ["--rounds", number] => rounds = number.parse()?,
            ["--folder", path] => folder = Some(PathBuf::from(path)),
            other => bail!("what is {other:?}?"),
        }
    }
    let temporary = tempfile::tempdir()?;
    let folder = folder.unwrap_or_else(|| temporary.path().to_owned());
    let made = child::run(&[
        "make",
        &folder.display().to_string(),
        &megabytes.to_string(),
    ])?;
    print!("{made}");
    let logins = make::logins(&folder)?;
    let (agent, id) = logins
        .get(logins.len() / 2)
        .map(|login| (login.agent.clone(), login.request_id.clone()))
        .context("no login was written")?;
    let log = make::log(&folder);
    let bytes = std::fs::metadata(&log)?.len();
    let mut table: Vec<(String, Vec<Cost>)> = Vec::new();
    let mut add = |name: &str, cost: Cost| match table.iter_mut().find(|row| row.0 == name) {
        Some(row) => row.1.push(cost),
        None => table.push((name.to_owned(), vec![cost])),
    };
    let others = others::found(&folder)?;
    for _ in 0..rounds.max(1) {
        add("tact trace, every login", child::trace(&folder, &log, "")?);
        add(
            "tact trace --agent, one agent",
            child::trace(&folder, &log, &agent)?,
        );
        add(
            "tact trace, zipped",
            child::trace(&folder, &make::zipped(&folder), "")?,
        );
        for other in &others {
            add(other.name, other.run(&log, &id)?);
        }
    }
    print_table(&table, bytes)?;
    println!();
    for missing in others::missing(&others) {
        println!("{missing} is not installed and was not measured");
    }
    Ok(())
}

fn print_table(table: &[(String, Vec<Cost>)], bytes: u64) -> Result<()> {
    let gigabytes = bytes as f64 / 1e9;
    let best = |costs: &[Cost]| costs.iter().map(|cost| cost.cpu).fold(f64::MAX, f64::min);
    let grep = table
        .iter()
        .find(|row| row.0.starts_with("GNU grep"))
        .map(|row| best(&row.1));
    println!();
    println!(
        "{gigabytes:.3} GB, best and worst run of each; as much as grep's time is its best run over grep's"
    );
    println!();
    println!("| what | CPU s | GB/s of CPU time | wall s | GB/s wall | peak MB | grep's time |");
    println!("|---|---|---|---|---|---|---|");
    for (name, costs) in table {
        ensure!(!costs.is_empty(), "{name} was never measured");
        let worst = costs.iter().map(|cost| cost.cpu).fold(0.0, f64::max);
        let (cpu, wall) = (
            best(costs),
            costs.iter().map(|cost| cost.wall).fold(f64::MAX, f64::min),
        );
        let slowest = costs.iter().map(|cost| cost.wall).fold(0.0, f64::max);
        let peak = costs.iter().map(|cost| cost.peak).max().unwrap_or_default();
        println!(
            "| {name} | {cpu:.2} to {worst:.2} | {:.2} | {wall:.2} to {slowest:.2} | {:.2} | {} | {} |",
            gigabytes / cpu.max(0.001),
            gigabytes / wall.max(0.001),
            if peak == 0 {
                "-".to_owned()
            } else {
                (peak / 1_000_000).to_string()
            },
            grep.map_or_else(
                || "-".to_owned(),
                |grep| format!("{:.1}", cpu / grep.max(0.001))
            )
        );
    }
    Ok(())
}
