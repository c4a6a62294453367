//! `tact trace`: logs in, logins out. Exit 0 when all are good, 2 when a login failed, 1 on bad input.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use tact_tracer::{input, text};

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One object.
    Json,
    /// A page; not there yet.
    Html,
    /// Spans; not there yet.
    Otlp,
    /// A timeline; not there yet.
    Perfetto,
}

/// Files, folders and archives in; logins out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Log files, folders, .gz, .tgz or .zip.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Only this agent's logins.
    #[arg(long)]
    agent: Option<String>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// Paths that can't be read, and formats that don't exist yet.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if !matches!(args.format, Format::Text | Format::Json) {
        anyhow::bail!("this format does not exist yet; use --format text or --format json");
    }
    let sources = input::read(&args.paths)?;
    let report = tact_tracer::trace(&sources, args.agent.as_deref());
    let shown = match args.format {
        Format::Json => serde_json::to_string_pretty(&report)? + "\n",
        _ => text::render(&report),
    };
    match std::io::stdout().write_all(shown.as_bytes()) {
        // A reader such as `head` that has seen enough is no fault.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    Ok(if report.has_failure() {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    })
}
