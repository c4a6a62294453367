//! `tact trace`: logs in, logins out. Exit 0 when all are good, 2 when a login failed, 1 on bad input.

mod follow;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use tact_tracer::dating::Given;
use tact_tracer::input::Source;
use tact_tracer::{Options, Report, html, input, numbers, otlp, perfetto, raw, text};

/// How the result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One object.
    Json,
    /// One page that needs nothing else.
    Html,
    /// Spans, as OTLP/JSON.
    Otlp,
    /// A timeline for Perfetto or Chrome's tracing.
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
    /// Keep looking, and print each login when it is over; text or one JSON object a line. Ends when interrupted.
    #[arg(long)]
    follow: bool,
    /// The day of logs that print no date, as 2013-04-23.
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<i64>,
    /// The zone of logs that print none, as -04:00 or +0530.
    #[arg(long, value_name = "ZONE", value_parser = zone, allow_hyphen_values = true)]
    tz: Option<i32>,
    /// Mask telephone numbers and extensions; credentials always are.
    #[arg(long)]
    hide_numbers: bool,
    /// How far a host's clock is ahead of the server's, as host=+2.4s or host=-120ms; may be repeated.
    #[arg(long, value_name = "HOST=TIME", value_parser = offset)]
    offset: Vec<(String, i64)>,
}

impl Args {
    fn options(&self) -> Options {
        Options {
            agent: self.agent.clone(),
            given: Given {
                date: self.date,
                zone: self.tz,
                offsets: self.offset.iter().cloned().collect(),
            },
            hides_numbers: self.hide_numbers,
        }
    }
}

/// The result in a format.
fn shown(report: &Report, sources: &[Source], args: &Args) -> anyhow::Result<String> {
    Ok(match args.format {
        Format::Text => text::render(report),
        Format::Json => serde_json::to_string_pretty(report)? + "\n",
        Format::Html => {
            let mut lines = raw::of(report, sources);
            if args.hide_numbers {
                lines
                    .values_mut()
                    .for_each(|line| *line = numbers::hide(line));
            }
            html::render(report, &lines)
        }
        Format::Otlp => serde_json::to_string(&otlp::render(report))? + "\n",
        Format::Perfetto => serde_json::to_string(&perfetto::render(report))? + "\n",
    })
}

/// `2013-04-23` as its midnight in UTC.
fn date(text: &str) -> Result<i64, String> {
    let day: jiff::civil::Date = text
        .parse()
        .map_err(|_| "a date looks like 2013-04-23".to_owned())?;
    let midnight = day
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_err(|error| error.to_string())?;
    Ok(midnight.timestamp().as_millisecond())
}

/// `-04:00`, `+0530` or `Z` as minutes east of UTC.
fn zone(text: &str) -> Result<i32, String> {
    let wrong = || "a zone looks like -04:00, +0530 or Z".to_owned();
    if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return Ok(0);
    }
    let (sign, rest) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(rest), _) => (-1, rest),
        (None, Some(rest)) => (1, rest),
        (None, None) => return Err(wrong()),
    };
    let digits: String = rest.chars().filter(|c| *c != ':').collect();
    let number: i32 = digits.parse().map_err(|_| wrong())?;
    let minutes = match digits.len() {
        1 | 2 => number * 60,
        4 => number / 100 * 60 + number % 100,
        _ => return Err(wrong()),
    };
    if minutes > 14 * 60 {
        return Err(wrong());
    }
    Ok(sign * minutes)
}

/// `host=+2.4s` or `host=-120ms`.
fn offset(text: &str) -> Result<(String, i64), String> {
    let wrong = || "an offset looks like host=+2.4s or host=-120ms".to_owned();
    let (host, time) = text.split_once('=').ok_or_else(wrong)?;
    let (number, factor) = match (time.strip_suffix("ms"), time.strip_suffix('s')) {
        (Some(number), _) => (number, 1.0),
        (None, Some(number)) => (number, 1_000.0),
        (None, None) => return Err(wrong()),
    };
    let value: f64 = number.parse().map_err(|_| wrong())?;
    let ms = (value * factor).round();
    // A year is more than any clock is wrong by, and is exact in a float.
    if host.is_empty() || !ms.is_finite() || ms.abs() > 3.2e10 {
        return Err(wrong());
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
    Ok((host.to_owned(), ms as i64))
}

/// Runs the command.
///
/// # Errors
/// Paths that can't be read.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.follow {
        return follow::run(args);
    }
    let sources = input::read(&args.paths)?;
    let report = tact_tracer::trace_with(&sources, &args.options());
    let shown = shown(&report, &sources, args)?;
    match std::io::stdout().write_all(shown.as_bytes()) {
        // A reader such as `head` that has seen enough is no fault.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => return Err(error.into()),
        _ => {}
    }
    for file in &report.refused {
        eprintln!("error: {}: {}", file.file, file.why);
    }
    Ok(if report.has_failure() {
        ExitCode::from(2)
    } else if !report.refused.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_zones_and_offsets_are_read_or_refused() {
        assert_eq!(date("2013-04-23"), Ok(1_366_675_200_000));
        assert!(date("23.4.2013").is_err());
        assert_eq!(
            (zone("-04:00"), zone("+0530"), zone("Z")),
            (Ok(-240), Ok(330), Ok(0))
        );
        assert!(zone("EST").is_err() && zone("+99").is_err() && zone("+1é").is_err());
        assert_eq!(offset("a=+2.4s"), Ok(("a".to_owned(), 2_400)));
        assert_eq!(offset("a.b=-120ms"), Ok(("a.b".to_owned(), -120)));
        assert!(offset("a").is_err() && offset("a=2").is_err() && offset("a=1e300s").is_err());
    }
}
