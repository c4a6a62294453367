//! `tact login`: a login as a headless desktop, as a table or JSON.

use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::{Args, ValueEnum};
use serde_json::json;
use tact_load::channel::Transport;
use tact_load::login::{LoginSettings, Report, Verdict};
use tact_load::target::{Target, split_port};

use crate::USAGE;

/// What `tact login` is told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The server, such as https://localhost:8445.
    #[arg(long, value_name = "URL")]
    server: String,
    /// The agent id.
    #[arg(long, value_name = "ID")]
    agent: String,
    /// The password.
    #[arg(long, env = "TACT_PASSWORD", hide_env_values = true)]
    password: String,
    /// The extension to sign in at.
    #[arg(long)]
    extension: String,
    /// What carries the event channel.
    #[arg(long, value_enum, default_value_t = Carrier::Bosh)]
    transport: Carrier,
    /// XMPP over TCP, when it is not the server's host on port 5222.
    #[arg(long, value_name = "HOST:PORT")]
    xmpp: Option<String>,
    /// Accept any certificate. On loopback that is so anyway.
    #[arg(long)]
    insecure: bool,
    /// Sign out again at the end.
    #[arg(long)]
    sign_out: bool,
    /// How to print the outcome.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Carrier {
    Bosh,
    Websocket,
    Tcp,
}

impl Carrier {
    pub(crate) fn transport(self) -> Transport {
        match self {
            Carrier::Bosh => Transport::Bosh,
            Carrier::Websocket => Transport::WebSocket,
            Carrier::Tcp => Transport::Tcp,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// Port of XMPP over TCP with STARTTLS.
const XMPP_PORT: u16 = 5222;

pub(crate) fn run(options: Options) -> Result<ExitCode> {
    let format = options.format;
    let settings = match settings(options) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("tact login: {error:#}");
            return Ok(ExitCode::from(USAGE));
        }
    };
    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?
        .block_on(tact_load::login::run(&settings))
        .context("TLS cannot be set up")?;
    match format {
        Format::Text => print!("{}", table(&settings, &report)),
        Format::Json => println!("{}", as_json(&report)),
    }
    for note in &report.notes {
        eprintln!("tact login: {note}");
    }
    Ok(match report.verdict {
        Verdict::Ok => ExitCode::SUCCESS,
        Verdict::Failed => ExitCode::FAILURE,
    })
}

/// Where XMPP over TCP is: as `--xmpp` says, else on the usual port of the server's host.
pub(crate) fn xmpp_address(told: Option<&str>, server: &Target) -> Result<(String, u16)> {
    let Some(address) = told else {
        return Ok((server.host.clone(), XMPP_PORT));
    };
    let (host, port) = split_port(address, XMPP_PORT)
        .filter(|(host, _)| !host.is_empty())
        .ok_or_else(|| anyhow!("--xmpp {address:?} is not HOST:PORT"))?;
    Ok((host.to_owned(), port))
}

fn settings(options: Options) -> Result<LoginSettings> {
    let server = Target::parse(&options.server)?;
    let xmpp = xmpp_address(options.xmpp.as_deref(), &server)?;
    for (name, value) in [
        ("--agent", &options.agent),
        ("--password", &options.password),
        ("--extension", &options.extension),
    ] {
        if value.is_empty() {
            return Err(anyhow!("{name} is empty"));
        }
    }
    Ok(LoginSettings {
        server,
        xmpp,
        insecure: options.insecure,
        transport: options.transport.transport(),
        agent: options.agent,
        password: options.password,
        extension: options.extension,
        sign_out: options.sign_out,
    })
}

fn as_json(report: &Report) -> serde_json::Value {
    let steps: Vec<_> = report
        .steps
        .iter()
        .map(|step| json!({"step": step.step.id(), "at": rfc3339(step.at), "ms": step.ms}))
        .collect();
    json!({
        "verdict": match report.verdict { Verdict::Ok => "ok", Verdict::Failed => "failed" },
        "broken_at": report.broken_at.map(|step| step.id()),
        "cause": report.cause,
        "steps": steps,
    })
}

fn table(settings: &LoginSettings, report: &Report) -> String {
    let mut out = format!(
        "agent {} at extension {} over {} on {}\n\n",
        settings.agent,
        settings.extension,
        settings.transport.name(),
        settings.server
    );
    for step in &report.steps {
        out.push_str(&format!(
            "  {:<14} {}  {:>6} ms\n",
            step.step.id(),
            time_of_day(step.at),
            step.ms
        ));
    }
    if let Some(step) = report.broken_at {
        out.push_str(&format!("  {:<14} failed\n", step.id()));
    }
    let cause = report.cause.as_deref().unwrap_or_default();
    match (report.verdict, report.broken_at) {
        (Verdict::Ok, _) => {
            let total = match (report.steps.first(), report.steps.last()) {
                (Some(first), Some(last)) => last.at + last.ms - first.at,
                _ => 0,
            };
            out.push_str(&format!("\nok: signed in after {total} ms\n"));
        }
        (Verdict::Failed, Some(step)) => {
            out.push_str(&format!("\nfailed at {}: {cause}\n", step.id()));
        }
        (Verdict::Failed, None) => out.push_str(&format!("\nfailed: {cause}\n")),
    }
    out
}

fn rfc3339(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map(|time| format!("{time:.3}"))
        .unwrap_or_default()
}

fn time_of_day(at: i64) -> String {
    rfc3339(at).get(11..23).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tact_load::login::StepTime;
    use tact_logline::step::Step;

    #[test]
    fn json_has_the_documented_shape() {
        let report = Report {
            verdict: Verdict::Failed,
            broken_at: Some(Step::EventChannel),
            cause: Some("why".into()),
            steps: vec![StepTime {
                step: Step::Desktop,
                at: 1_763_899_200_123,
                ms: 4,
            }],
            notes: Vec::new(),
        };
        assert_eq!(
            as_json(&report).to_string(),
            r#"{"verdict":"failed","broken_at":"event_channel","cause":"why","steps":[{"step":"desktop","at":"2025-11-23T12:00:00.123Z","ms":4}]}"#
        );
    }
}
