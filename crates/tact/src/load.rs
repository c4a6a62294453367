//! `tact load`: many desktops at one server, and what they and it came to, as a table or JSON.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, anyhow};
use clap::{Args, ValueEnum};
use tact_load::crowd::{self, Login, Pace, Proof, Settings, Team};
use tact_load::target::Target;

use crate::USAGE;
use crate::load_text::{as_json, table};
use crate::login::{Carrier, Format, xmpp_address};

/// What `tact load` is told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The server, such as http://localhost:8082.
    #[arg(long, value_name = "URL")]
    server: String,
    /// How many desktops.
    #[arg(long, value_name = "N", default_value_t = 100)]
    desktops: usize,
    /// What carries the event channel.
    #[arg(long, value_enum, default_value_t = Carrier::Bosh)]
    transport: Carrier,
    /// XMPP over TCP, when it is not the server's host on port 5222. Publishers always use it.
    #[arg(long, value_name = "HOST:PORT")]
    xmpp: Option<String>,
    /// The XMPP domain; without it SystemInfo tells it.
    #[arg(long)]
    domain: Option<String>,
    /// The id of the first agent; the others follow, 2100 left out: the supervisor of the demo centre.
    #[arg(long, value_name = "ID", default_value_t = 2001)]
    first: u32,
    /// The password of all agents; without it each one's is its id.
    #[arg(long, env = "TACT_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// How passwords are shown or proved.
    #[arg(long, value_enum, default_value_t = Mechanism::Plain)]
    mechanism: Mechanism,
    /// How much of a login: xmpp is the event channel up to presence, full has the REST requests and signs the agent in.
    #[arg(long, value_enum, default_value_t = Walk::Xmpp)]
    login: Walk,
    /// State changes a second of agents who are signed in in full, for --seconds.
    #[arg(long, value_name = "N")]
    changes: Option<u32>,
    /// Desktops on their way in at a time.
    #[arg(long, value_name = "N", default_value_t = 64)]
    at_a_time: usize,
    /// Sign-ins that begin in a second; without it the next one begins when one is done.
    #[arg(long, value_name = "N")]
    login_rate: Option<u32>,
    /// How often everyone signs in.
    #[arg(long, value_name = "N", default_value_t = 1)]
    rounds: u32,
    /// Do not have each credential verified once before the first round.
    #[arg(long)]
    cold: bool,
    /// Make the nodes and subscribe the agents first: for servers where nobody hears anything without.
    #[arg(long)]
    prepare: bool,
    /// Seconds between two pings of a desktop.
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    ping: u32,
    /// Seconds that everyone stays before the first event.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    stay: u32,
    /// Events a second to random agents; a run for each, as in 200,2000,4000.
    #[arg(long, value_name = "N", value_delimiter = ',')]
    rate: Vec<u32>,
    /// How long each run of events lasts.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    seconds: u32,
    /// A last run of events that so many desktops hear.
    #[arg(long, value_name = "N")]
    team: Option<usize>,
    /// Its events a second.
    #[arg(long, value_name = "N", default_value_t = 20)]
    team_rate: u32,
    /// Its node.
    #[arg(long, value_name = "NODE", default_value = "/finesse/api/Queue/1")]
    team_node: String,
    /// Accounts that publish, each on a connection of its own.
    #[arg(long, value_name = "N", default_value_t = 4)]
    publishers: usize,
    /// Their name; a number from 0 follows.
    #[arg(long, value_name = "NAME", default_value = "pub")]
    publisher: String,
    /// Their password; without it each one's is its name.
    #[arg(long, env = "TACT_PUBLISHER_PASSWORD", hide_env_values = true)]
    publisher_password: Option<String>,
    /// The server's process on this machine: its memory and processor time are measured too.
    #[arg(long)]
    pid: Option<u32>,
    /// How to print the outcome.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Walk {
    Xmpp,
    Full,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mechanism {
    Plain,
    #[value(name = "scram-sha-1")]
    ScramSha1,
    #[value(name = "scram-sha-256")]
    ScramSha256,
}

pub(crate) fn run(options: Options) -> Result<ExitCode> {
    let format = options.format;
    let settings = match settings(options) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("tact load: {error:#}");
            return Ok(ExitCode::from(USAGE));
        }
    };
    let report = crowd::run(&settings)?;
    match format {
        Format::Text => print!("{}", table(&settings, &report)),
        Format::Json => println!("{}", as_json(&settings, &report)),
    }
    for note in &report.notes {
        eprintln!("tact load: {note}");
    }
    Ok(match report.is_clean() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn settings(options: Options) -> Result<Settings> {
    let server = Target::parse(&options.server)?;
    if server.secure {
        return Err(anyhow!(
            "--server must be http://: load is measured without TLS"
        ));
    }
    let xmpp = xmpp_address(options.xmpp.as_deref(), &server)?;
    let counts = [
        ("--desktops", options.desktops),
        ("--at-a-time", options.at_a_time),
        ("--publishers", options.publishers),
        ("--team", options.team.unwrap_or(1)),
    ];
    let rates = [
        ("--rounds", options.rounds),
        ("--seconds", options.seconds),
        ("--ping", options.ping),
        ("--team-rate", options.team_rate),
        ("--login-rate", options.login_rate.unwrap_or(1)),
        ("--changes", options.changes.unwrap_or(1)),
        ("--rate", options.rate.iter().copied().min().unwrap_or(1)),
    ];
    let zero_counts = counts.iter().find(|(_, count)| *count == 0);
    let zero_rates = rates.iter().find(|(_, rate)| *rate == 0);
    if let Some(name) = zero_counts
        .map(|(name, _)| name)
        .or(zero_rates.map(|(name, _)| name))
    {
        return Err(anyhow!("{name} is 0"));
    }
    let full = options.login == Walk::Full;
    if options.changes.is_some() && !full {
        return Err(anyhow!("--changes needs --login full"));
    }
    if full && (!options.rate.is_empty() || options.team.is_some() || options.login_rate.is_some())
    {
        return Err(anyhow!("--rate, --team and --login-rate need --login xmpp"));
    }
    if options.team.is_some_and(|team| team > options.desktops) {
        return Err(anyhow!("--team is larger than --desktops"));
    }
    Ok(Settings {
        server,
        xmpp,
        domain: options.domain,
        transport: options.transport.transport(),
        desktops: options.desktops,
        first: options.first,
        password: options.password,
        proof: match options.mechanism {
            Mechanism::Plain => Proof::Plain,
            Mechanism::ScramSha1 => Proof::ScramSha1,
            Mechanism::ScramSha256 => Proof::ScramSha256,
        },
        login: match options.login {
            Walk::Xmpp => Login::Xmpp,
            Walk::Full => Login::Full,
        },
        changes: options.changes,
        pace: Pace {
            at_a_time: options.at_a_time,
            per_second: options.login_rate,
        },
        rounds: options.rounds,
        verify: !options.cold,
        prepare: options.prepare,
        ping: Duration::from_secs(options.ping.into()),
        stay: Duration::from_secs(options.stay.into()),
        rates: options.rate,
        seconds: options.seconds,
        team: options.team.map(|size| Team {
            size,
            rate: options.team_rate,
            node: options.team_node,
        }),
        publishers: options.publishers,
        publisher: options.publisher,
        publisher_password: options.publisher_password,
        pid: options.pid,
    })
}
