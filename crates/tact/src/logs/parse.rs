//! `tact logs parse`: one JSON object a record on stdout, the counts on stderr.

use std::io::{BufWriter, ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use tact_tracer::{input, records};

/// How records are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One object a line.
    Json,
}

/// The records of log files.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Log files, folders, .gz, .tgz or .zip.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// How records are printed.
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// Paths that can't be read.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Format::Json = args.format;
    let sources = input::read(&args.paths)?;
    let (mut known, mut unknown, mut failed) = (0u64, 0u64, false);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for source in &sources {
        for record in records::of(source) {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    eprintln!("error: {}: {error}", source.name);
                    failed = true;
                    break;
                }
            };
            if record.format.is_some() {
                known += 1;
            } else {
                unknown += 1;
            }
            let mut line = serde_json::to_vec(&record)?;
            line.push(b'\n');
            match out.write_all(&line) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    return Ok(ExitCode::SUCCESS);
                }
                result => result?,
            }
        }
    }
    match out.flush() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    eprintln!(
        "{} files, {known} records, {unknown} of unknown format",
        sources.len()
    );
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
