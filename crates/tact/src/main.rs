//! The command line; the one binary. Each command is a file; this one only names them.

mod cors;
mod cti_capture;
mod cti_decode;
mod cti_replay;
mod cti_serve;
mod cti_why;
mod cti_why_text;
mod doctor;
mod load;
mod load_text;
mod login;
mod logs;
mod serve;
mod trace;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Messages are many and short-lived; this one has them on fewer pages of memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An open agent-desktop server for contact centres.
#[derive(Debug, Parser)]
#[command(name = "tact", version, about, disable_help_subcommand = true)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run everything: web, REST, notifications, the CTI link and, unless cti.host names another, a CTI server.
    Serve(serve::Options),
    /// Sign an agent in as a headless desktop and say how each step went.
    Login(login::Options),
    /// Sign many desktops in at once, publish events to them at fixed rates, and say what that took and cost.
    Load(load::Options),
    /// Read log files and say of each login how it went, which step broke and why.
    Trace(trace::Args),
    /// Work with log files.
    Logs(Logs),
    /// The CTI server and its wire.
    Cti(Cti),
    /// See and change, while the server runs, the sites whose pages may call it.
    Cors(cors::Options),
    /// Check what a server needs: ports, folders, clock, limits, certificates, database, CTI link.
    Doctor(doctor::Options),
}

#[derive(Debug, Args)]
struct Logs {
    #[command(subcommand)]
    verb: LogsVerb,
}

#[derive(Debug, Subcommand)]
enum LogsVerb {
    /// Print the records of log files, one a line.
    Parse(logs::parse::Args),
    /// Fetch log files of one or both nodes, as `file get` does.
    Get(logs::fetch::Fetch),
    /// List log files, as `file list` does.
    List(logs::Args),
    /// Print the last lines of log files, as `file tail` does.
    Tail(logs::Args),
    /// Look for a text in log files, as `file search` does: the path, the text, then the options.
    Search(logs::Args),
}

#[derive(Debug, Args)]
struct Cti {
    #[command(subcommand)]
    verb: CtiVerb,
}

#[derive(Debug, Subcommand)]
enum CtiVerb {
    /// Run the embedded CTI server alone, on 42027.
    Serve(cti_serve::Options),
    /// Read CTI messages in hex from stdin, one a line, or a packet capture; print one JSON object for each message.
    Decode(cti_decode::Options),
    /// Step through a journal of the embedded CTI server again: what it said, and whether it is what it said then.
    Replay(cti_replay::Options),
}

/// Wrong usage.
const USAGE: u8 = 3;

fn main() -> ExitCode {
    let command = match Command::try_parse() {
        Ok(command) => command,
        Err(error) => {
            // Help and version are no errors; clap prints either where it belongs.
            let _ = error.print();
            return match (error.use_stderr(), std::env::args().nth(1).as_deref()) {
                (false, _) => ExitCode::SUCCESS,
                // 2 means a failed login there, and wrong usage is bad input.
                (true, Some("trace")) => ExitCode::FAILURE,
                (true, _) => ExitCode::from(USAGE),
            };
        }
    };
    let result = match command.verb {
        Verb::Serve(options) => serve::run(options),
        Verb::Login(options) => login::run(options),
        Verb::Load(options) => load::run(options),
        Verb::Trace(options) => trace::run(&options),
        Verb::Logs(Logs { verb }) => match verb {
            LogsVerb::Parse(options) => logs::parse::run(&options),
            LogsVerb::Get(options) => logs::get(&options),
            LogsVerb::List(options) => logs::list(&options),
            LogsVerb::Tail(options) => logs::tail(&options),
            LogsVerb::Search(options) => logs::search(&options),
        },
        Verb::Cti(Cti {
            verb: CtiVerb::Serve(options),
        }) => cti_serve::run(options),
        Verb::Cti(Cti {
            verb: CtiVerb::Decode(options),
        }) => cti_decode::command(options),
        Verb::Cti(Cti {
            verb: CtiVerb::Replay(options),
        }) => cti_replay::run(&options),
        Verb::Cors(options) => cors::run(options),
        Verb::Doctor(options) => doctor::run(options),
    };
    result.unwrap_or_else(|error| {
        eprintln!("tact: {}", explain(&error));
        ExitCode::FAILURE
    })
}

/// An error with its causes. Many name their cause in their own text already; nothing is said twice.
fn explain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    #[test]
    fn no_cause_is_told_twice() {
        let error = anyhow!("no such file")
            .context("key.pem: no such file")
            .context("cannot start");
        let expected = "cannot start: key.pem: no such file";
        assert_eq!(super::explain(&error), expected);
    }
}
