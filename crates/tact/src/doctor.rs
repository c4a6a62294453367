//! `tact doctor`: the checks of the server as a table or as JSON. Design section "Commands".

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::json;
use tact_server::doctor::{self, Check, Verdict};
use tact_server::settings::Settings;

/// What `tact doctor` takes: the same settings as `tact serve`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder of the database, the certificate and the logs.
    #[arg(long, value_name = "DIR", default_value = "tact-data")]
    data: PathBuf,
    /// A TOML file with settings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One setting; may be repeated, the later wins.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// How to print the findings.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The form of the output.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the checks. Exit 0 when none failed, 1 otherwise.
pub(crate) fn run(options: Options) -> anyhow::Result<ExitCode> {
    let settings = Settings::load(&options.data, options.config.as_deref(), &options.sets)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let checks = runtime.block_on(doctor::run(&settings));
    match options.format {
        Format::Text => print!("{}", text(&checks)),
        Format::Json => println!("{}", json(&checks)),
    }
    Ok(match doctor::worst(&checks) {
        Verdict::Fail => ExitCode::FAILURE,
        Verdict::Ok | Verdict::Warn => ExitCode::SUCCESS,
    })
}

/// One line a check, and below it what to do.
fn text(checks: &[Check]) -> String {
    let width = checks
        .iter()
        .map(|check| check.name.chars().count())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for check in checks {
        let verdict = check.verdict.as_str();
        text.push_str(&format!(
            "{verdict:<4}  {:<width$}  {}\n",
            check.name, check.detail
        ));
        if !check.fix.is_empty() {
            text.push_str(&format!("      {:<width$}  -> {}\n", "", check.fix));
        }
    }
    let count = |verdict| {
        checks
            .iter()
            .filter(|check| check.verdict == verdict)
            .count()
    };
    text.push_str(&format!(
        "\n{} ok, {} to look at, {} failed\n",
        count(Verdict::Ok),
        count(Verdict::Warn),
        count(Verdict::Fail)
    ));
    text
}

fn json(checks: &[Check]) -> serde_json::Value {
    let checks_json: Vec<_> = checks
        .iter()
        .map(|check| {
            json!({
                "name": check.name,
                "verdict": check.verdict.as_str(),
                "detail": check.detail,
                "fix": check.fix,
            })
        })
        .collect();
    json!({ "verdict": doctor::worst(checks).as_str(), "checks": checks_json })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks() -> Vec<Check> {
        let check = |name: &str, verdict, fix: &str| Check {
            name: name.to_owned(),
            verdict,
            detail: "found".to_owned(),
            fix: fix.to_owned(),
        };
        vec![
            check("clock", Verdict::Ok, ""),
            check("file limit", Verdict::Warn, "raise it"),
        ]
    }

    #[test]
    fn the_table_lines_up_and_says_what_to_do() {
        assert_eq!(
            text(&checks()),
            "ok    clock       found\n\
             warn  file limit  found\n      \x20           -> raise it\n\n\
             1 ok, 1 to look at, 0 failed\n"
        );
    }

    #[test]
    fn the_json_carries_the_worst_verdict() {
        let value = json(&checks());
        assert_eq!(value["verdict"], "warn");
        assert_eq!(value["checks"][1]["fix"], "raise it");
    }
}
