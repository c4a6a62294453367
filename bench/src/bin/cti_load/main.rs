//! Many CTI clients at one CTI server: starts the release binary's `tact cti serve` with an empty data folder, opens
//! ALL_EVENTS sessions and a session of each agent, lets the agents work, and says what was lost, what came in
//! another order and how long each event took from the request that caused it.
//!
//! `cti_load [PATH OF tact] [--work calls|states] [--seconds N] [--rate N] [--agents N] [--all N]`; without a path the
//! `tact` beside this program. One session of each kind stops reading after it is open: the server must cut it off, and
//! the others must not notice.
//! With `calls`, half of the agents call a number that is routed to the other half, `--rate` calls a second; with
//! `states`, each agent in turn goes ready and not ready again, `--rate` changes a second.

mod book;
mod driver;
mod order;
mod report;
mod server;
mod session;

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use book::Book;
use driver::Driver;
use server::Server;

/// What is asked for on the command line.
struct Options {
    binary: PathBuf,
    seconds: u64,
    rate: u32,
    agents: usize,
    all: usize,
    calls: bool,
}

fn main() -> Result<()> {
    let options = options(std::env::args().skip(1))?;
    // One thread, so that the server has the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let good = tokio::task::LocalSet::new().block_on(&runtime, measure(&options))?;
    if good {
        Ok(())
    } else {
        bail!("events were lost, out of order or too late, or who did not read was not cut off")
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options {
        binary: std::env::current_exe()?.with_file_name("tact"),
        seconds: 20,
        rate: 100,
        agents: 2000,
        all: 32,
        calls: true,
    };
    while let Some(word) = words.next() {
        if !word.starts_with("--") {
            options.binary = word.into();
            continue;
        }
        let value = words
            .next()
            .with_context(|| format!("{word} needs a number"))?;
        match word.as_str() {
            "--work" => options.calls = value == "calls",
            "--seconds" => options.seconds = value.parse()?,
            "--rate" => options.rate = value.parse()?,
            "--agents" => options.agents = value.parse()?,
            "--all" => options.all = value.parse()?,
            _ => bail!("there is no option {word}"),
        }
    }
    if options.agents < 2 || options.all < 2 || options.rate == 0 {
        bail!("one session of each kind stalls, so there are two at least");
    }
    Ok(options)
}

/// Runs everything, prints the table; whether the run was good.
async fn measure(options: &Options) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let server = Server::start(&options.binary, folder.path(), options.agents)?;
    let people = session::people(server.address()).await?;
    let people = people
        .get(..options.agents)
        .context("the centre has too few agents")?;

    let book = Rc::new(Book::new(people, options.all - 1));
    let driver = Rc::new(Driver::new(Rc::clone(&book), options.calls));
    for number in 0..options.all {
        session::all_events(server.address(), number, &book, &driver).await?;
    }
    for agent in 0..options.agents {
        session::of_agent(server.address(), agent, &book, &driver).await?;
    }
    driver.sign_in().await?;
    let (done, elapsed) = driver
        .work(options.rate, Duration::from_secs(options.seconds))
        .await?;
    let calls = if options.calls { done } else { 0 };
    print!("{}", report::table(&book, elapsed, calls, server.pid()));
    server.stop()?;
    Ok(report::is_good(&book))
}
