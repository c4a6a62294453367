//! Starts the release binary as its own process with an empty data folder, signs 200 agents in, lets them change state,
//! and prints what they waited for, beside what the benches of the parts measured before.
//!
//! `figures [PATH OF tact]`; without it the `tact` beside this program.

mod parts;
mod table;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use tact_load::channel::Transport;
use tact_load::login::{LoginSettings, Seat};
use tact_load::measure::{Changes, SignIns, sign_in_all, sign_out_all, state_changes};
use tact_load::process::{self, Cost};
use tact_load::target::Target;

use tact_bench::server::{self, Server};

/// Agents that take part.
const AGENTS: usize = 200;
/// Agents of the demo centre: more than take part, as in life.
const DEMO_AGENTS: u32 = 220;
/// Agents that act at a time, where a run is not of one at a time.
const AT_A_TIME: usize = 20;
/// Warm sign-ins of everyone.
const WARM_ROUNDS: usize = 3;
/// State changes of each agent in a run.
const ROUNDS: usize = 10;

/// The outcome of all runs.
struct Figures {
    /// The password hash's algorithm and parameters, as they stand in the database.
    hash: String,
    /// Passwords that were never hashed: the demo centre's at its first start.
    first: SignIns,
    /// Passwords that this process has not verified yet.
    cold: SignIns,
    /// Passwords that this process has verified.
    warm: SignIns,
    /// State changes: what carried the events, how many at a time, and the waits.
    changes: Vec<(Transport, usize, Changes)>,
    /// What all that cost the server since its second start.
    server: Cost,
    /// What it cost this program, all in all.
    generator: Cost,
}

fn main() -> Result<()> {
    let binary = match std::env::args_os().nth(1) {
        Some(path) => PathBuf::from(path),
        None => std::env::current_exe()?.with_file_name("tact"),
    };
    // One thread, so that the server has the rest of the machine.
    let figures = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(measure(&binary))?;
    print!("{}", table::render(&parts::read(&binary), &figures));
    Ok(())
}

async fn measure(binary: &std::path::Path) -> Result<Figures> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let demo = [format!("demo.agents={DEMO_AGENTS}")];

    let server = Server::start(binary, &data, &demo)?;
    let agents = agents(&server, Transport::WebSocket)?;
    let (seats, first) = everyone_in(&agents).await.context("the first sign-ins")?;
    sign_out_all(seats, AT_A_TIME).await?;
    server.stop()?;

    // A new process has verified nobody.
    let server = Server::start(binary, &data, &demo)?;
    let hash = server::password_hash(&data)?;
    let over_websocket = self::agents(&server, Transport::WebSocket)?;
    let (seats, cold) = everyone_in(&over_websocket)
        .await
        .context("cold sign-ins")?;
    sign_out_all(seats, AT_A_TIME).await?;

    let mut warm = None;
    for _ in 0..WARM_ROUNDS {
        let (seats, round) = everyone_in(&over_websocket)
            .await
            .context("warm sign-ins")?;
        sign_out_all(seats, AT_A_TIME).await?;
        match &mut warm {
            None => warm = Some(round),
            Some(all) => all.add(&round),
        }
    }
    let warm = warm.context("no warm round")?;

    let mut changes = Vec::new();
    for transport in [Transport::WebSocket, Transport::Bosh] {
        let agents = self::agents(&server, transport)?;
        let (mut seats, _) = everyone_in(&agents).await?;
        // Connections, caches and branch predictors settle.
        state_changes(&mut seats, AT_A_TIME, 2).await?;
        for at_a_time in [1, AT_A_TIME] {
            let measured = state_changes(&mut seats, at_a_time, ROUNDS)
                .await
                .with_context(|| format!("state changes, {at_a_time} at a time"))?;
            changes.push((transport, at_a_time, measured));
        }
        sign_out_all(seats, AT_A_TIME).await?;
    }
    let cost = process::cost_of(server.pid())?;
    server.stop()?;
    Ok(Figures {
        hash,
        first,
        cold,
        warm,
        changes,
        server: cost,
        generator: process::cost_of(std::process::id())?,
    })
}

/// Signs all of them in; one failure is the end.
async fn everyone_in(agents: &[LoginSettings]) -> Result<(Vec<Seat>, SignIns)> {
    let (seats, outcome) = sign_in_all(agents, AT_A_TIME).await;
    if outcome.failures.count > 0 {
        bail!("{}", outcome.failures.in_words());
    }
    Ok((seats, outcome))
}

/// The agents of the demo centre: 2001 at 2003, and 20NN at 30NN; 2100 is the supervisor. Each password is the id.
fn agents(server: &Server, transport: Transport) -> Result<Vec<LoginSettings>> {
    let target = Target::parse(&server.url()?)?;
    Ok((2001..)
        .filter(|id| *id != 2100)
        .take(AGENTS)
        .map(|id: u32| LoginSettings {
            server: target.clone(),
            xmpp: (target.host.clone(), 0),
            insecure: false,
            transport,
            agent: id.to_string(),
            password: id.to_string(),
            extension: if id == 2001 { 2003 } else { id + 1000 }.to_string(),
            sign_out: false,
        })
        .collect())
}
