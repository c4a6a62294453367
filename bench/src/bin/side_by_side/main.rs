//! The notification service beside ejabberd and prosody, in one run: the same `tact load`, the same users, passwords and
//! events, no TLS, one server at a time on the same machine. Prints one table with the ratios.
//!
//! `side_by_side [PATH OF tact] [--agents N] [--seconds N] [--rates N,N] [--transports websocket,bosh] [--servers
//! tact,ejabberd,prosody]`; without a path the `tact` beside this program. Servers that are not installed are left out,
//! which the table says: `scripts/setup.sh bench` installs them.

mod outcome;
mod peers;
mod table;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use outcome::Outcome;
use peers::{Kind, Peer};

/// What is asked for on the command line.
struct Options {
    binary: PathBuf,
    agents: usize,
    seconds: u32,
    rates: String,
    transports: String,
    servers: Vec<Kind>,
}

fn main() -> Result<()> {
    let options = options(std::env::args().skip(1))?;
    let mut outcomes = Vec::new();
    for transport in options.transports.split(',') {
        for kind in &options.servers {
            if let Some(missing) = kind.missing() {
                eprintln!("side_by_side: {} is not measured: {missing}", kind.name());
                continue;
            }
            eprintln!("side_by_side: {} over {transport}", kind.name());
            match measure(&options, *kind, transport) {
                Ok(outcome) => outcomes.push(outcome),
                // What one server cannot do does not keep the others from being measured.
                Err(error) => {
                    eprintln!("side_by_side: {} over {transport}: {error:#}", kind.name())
                }
            }
        }
    }
    print!("{}", table::render(options.agents, &outcomes)?);
    Ok(())
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options {
        binary: std::env::current_exe()?.with_file_name("tact"),
        agents: 2000,
        seconds: 10,
        rates: "200,1000,2000,4000".into(),
        transports: "websocket,bosh".into(),
        servers: Kind::ALL.to_vec(),
    };
    while let Some(word) = words.next() {
        if !word.starts_with("--") {
            options.binary = word.into();
            continue;
        }
        let value = words
            .next()
            .with_context(|| format!("{word} needs a value"))?;
        match word.as_str() {
            "--agents" => options.agents = value.parse()?,
            "--seconds" => options.seconds = value.parse()?,
            "--rates" => options.rates = value,
            "--transports" => options.transports = value,
            "--servers" => {
                let named = value.split(',').map(Kind::named);
                options.servers = named.collect::<Result<_>>()?;
            }
            _ => bail!("there is no option {word}"),
        }
    }
    Ok(options)
}

/// Starts the server, has everyone in, measures, stops it.
fn measure(options: &Options, kind: Kind, transport: &str) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let start = || Peer::start(kind, &options.binary, folder.path(), options.agents);
    if kind.wants_nodes() {
        // Nodes and subscriptions are kept, so that the server can be started anew and its memory begins at idle.
        let peer = start()?;
        load(
            options,
            &peer,
            transport,
            &["--prepare", "--team", &team(options)],
        )?;
        peer.stop()?;
    }
    let peer = start()?;
    let team = team(options);
    let seconds = options.seconds.to_string();
    let arguments = [
        "--rate",
        &options.rates,
        "--seconds",
        &seconds,
        "--team",
        &team,
    ];
    let outcome = load(options, &peer, transport, &arguments)?;
    peer.stop()?;
    Outcome::read(kind, transport, &outcome)
}

/// A team is of 100.
fn team(options: &Options) -> String {
    options.agents.min(100).to_string()
}

/// Runs `tact load`; its JSON. That events were lost or late is an outcome too.
fn load(options: &Options, peer: &Peer, transport: &str, arguments: &[&str]) -> Result<String> {
    let mut command = Command::new(&options.binary);
    command.args(["load", "--format", "json", "--transport", transport]);
    command.args(["--desktops", &options.agents.to_string()]);
    command.args(["--server", &peer.url, "--xmpp", &peer.xmpp]);
    command.args(["--pid", &peer.pid().to_string()]);
    if let Some(domain) = peer.domain {
        command.args(["--domain", domain]);
    }
    let output = command.args(arguments).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.stdout.is_empty() {
        bail!("tact load: {}", said.trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}
