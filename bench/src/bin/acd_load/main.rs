//! The acd at work on one core: 10,000 agents, 500 queues, 15 queues an agent, calls and all that agents do about them.
//!
//! `acd_load [--inputs N] [--rounds N] [--agents N]`. Inputs are recorded from a centre that works on virtual time (`tact_bench::floor`),
//! then told to copies of that centre, once without and once with the journal that a server keeps. Each round
//! measures all kinds one after the other, so that they share what the machine is up to.

mod memory;
mod run;

use anyhow::{Context, Result, bail};
use tact_bench::floor::{Floor, QUEUES, QUEUES_AN_AGENT, Sessions};

use run::{Kind, Pass};

/// Inputs a second that one core is to take.
const WANTED_PER_SECOND: f64 = 500_000.0;
/// Nanoseconds within which 99 of 100 inputs are to be done.
const WANTED_P99_NS: u64 = 50_000;
/// Virtual time until the centre is as busy as it gets.
const WARM_UP_MS: i64 = 900_000;

fn main() -> Result<()> {
    let (mut inputs, mut rounds, mut agents) = (200_000, 5, 10_000);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words
            .next()
            .with_context(|| format!("{word} needs a number"))?;
        match word.as_str() {
            "--inputs" => inputs = value.parse()?,
            "--rounds" => rounds = value.parse()?,
            "--agents" => agents = value.parse()?,
            _ => bail!("there is no option {word}"),
        }
    }
    println!(
        "The acd on one core: {agents} agents, {QUEUES} queues, {QUEUES_AN_AGENT} queues an agent"
    );
    // First, while the process holds nothing else.
    memory::print(&memory::measure(agents)?);
    for (sessions, name) in [
        (
            Sessions::One,
            "one session for all agents, a desktop server's",
        ),
        (Sessions::Each, "a session of each agent and one ALL_EVENTS"),
    ] {
        measure(agents, sessions, name, inputs, rounds.max(1))?;
    }
    Ok(())
}

fn measure(
    agents: usize,
    sessions: Sessions,
    name: &str,
    inputs: usize,
    rounds: usize,
) -> Result<()> {
    let mut floor = Floor::new(agents, sessions);
    floor.open_the_lines();
    floor.work(WARM_UP_MS);
    let before = floor.acd.clone();
    let from = floor.elapsed();
    let told = floor.record(inputs);
    let seconds = (floor.elapsed() - from) as f64 / 1000.0;
    println!();
    println!(
        "{} inputs of {seconds:.0} s of a busy centre; {name}",
        told.len()
    );
    for (count, what) in run::mix(&told) {
        println!(
            "  {:>5.1} % {what}",
            100.0 * count as f64 / told.len() as f64
        );
    }
    let kinds = [Kind::Plain, Kind::Journaled];
    let mut passes: [Vec<Pass>; 2] = Default::default();
    for _ in 0..rounds {
        for (kind, passes) in kinds.iter().zip(&mut passes) {
            passes.push(run::pass(*kind, &before, &told)?);
        }
    }
    println!(
        "                       inputs a second: lowest  median highest   ns an input: p50    p99  p99.9  longest"
    );
    for (kind, passes) in kinds.iter().zip(&passes) {
        let mut rates: Vec<f64> = passes.iter().map(Pass::per_second).collect();
        rates.sort_by(f64::total_cmp);
        let at = |place: usize| rates.get(place).copied().unwrap_or_default();
        let (lowest, median, highest) = (at(0), at(rates.len() / 2), at(rates.len() - 1));
        let middle = |percent| {
            let mut values: Vec<u64> = passes.iter().map(|it| it.percentile(percent)).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        println!(
            "  {:<34} {lowest:>10.0} {median:>8.0} {highest:>8.0} {:>18} {:>6} {:>6} {:>8}",
            kind.name(),
            middle(50.0),
            middle(99.0),
            middle(99.9),
            middle(100.0),
        );
        let shares = passes.iter().map(Pass::share);
        let share = shares.sum::<f64>() / passes.len() as f64;
        println!(
            "  {:<34} to beat: > {WANTED_PER_SECOND}, {:.2} to {:.2} of it; p99 < {WANTED_P99_NS} ns, {:.2} of it; had a core {:.0} % of the time",
            "",
            lowest / WANTED_PER_SECOND,
            highest / WANTED_PER_SECOND,
            middle(99.0) as f64 / WANTED_P99_NS as f64,
            100.0 * share,
        );
    }
    Ok(())
}
