//! `tact serve`: everything, until SIGINT or SIGTERM.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use tact_server::boot::{self, Running};
use tact_server::settings::Settings;
use tact_server::tracer::{Page, Tracer};
use tact_tracer::{html, input, raw};
use tokio::signal::unix::{SignalKind, signal};

/// What `tact serve` is told; other commands that read the settings share it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Where the database, the certificate and the logs live.
    #[arg(long, value_name = "DIR", default_value = "./tact-data")]
    pub(crate) data: PathBuf,
    /// A TOML file with settings.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// A setting; the last one wins.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) sets: Vec<String>,
}

impl Options {
    /// The settings that file and command line together ask for.
    pub(crate) fn settings(&self) -> Result<Settings> {
        Ok(Settings::load(
            &self.data,
            self.config.as_deref(),
            &self.sets,
        )?)
    }
}

/// How long the start waits for the embedded CTI server before it says so.
const CTI_WAIT: Duration = Duration::from_secs(60);

pub(crate) fn run(options: Options) -> Result<ExitCode> {
    let settings = options.settings()?;
    start_diagnostics();
    runtime()?.block_on(async {
        let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
        let running = boot::start_with(&settings, Some(Arc::new(Pages))).await?;
        if settings.cti.host.is_none() {
            wait_for_service(&running).await;
        }
        greet(&settings, &running);
        tokio::select! {
            result = tokio::signal::ctrl_c() => result.context("cannot wait for SIGINT")?,
            _ = terminate.recv() => {}
        }
        running.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// The tracer's page of one login, for administrators in their browser.
struct Pages;

impl Tracer for Pages {
    fn page(&self, logs: &Path, request_id: &str) -> io::Result<Option<Page>> {
        let sources = match input::read(&[logs.to_path_buf()]) {
            Ok(sources) => sources,
            Err(input::InputError::Empty(_)) => return Ok(None),
            Err(error) => return Err(io::Error::other(error)),
        };
        let mut report = tact_tracer::trace(&sources, None);
        report.keep(request_id);
        if report.logins.is_empty() {
            return Ok(None);
        }
        let lines = raw::of(&report, &sources);
        Ok(Some(Page {
            html: html::render(&report, &lines),
            policy: html::policy(),
        }))
    }
}

/// A runtime for a server.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")
}

/// What the server has to say about itself goes to stderr; RUST_LOG chooses how much.
pub(crate) fn start_diagnostics() {
    let filter = tracing_subscriber::EnvFilter::builder()
        .with_default_directive(tracing::level_filters::LevelFilter::WARN.into())
        .from_env_lossy();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A stderr that cannot be written (a full disk) must not panic the task that had something to say.
        .log_internal_errors(false)
        .init();
}

async fn wait_for_service(running: &Running) {
    let in_service = async {
        while !running.is_in_service() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    if tokio::time::timeout(CTI_WAIT, in_service).await.is_err() {
        eprintln!("tact: the embedded CTI server has not come into service yet");
    }
}

/// One line a listener, the setting's key first, so that people and scripts can read it; then `ready`.
fn greet(settings: &Settings, running: &Running) {
    let port = |key: &str| {
        let mut endpoints = running.endpoints().iter();
        let endpoint = endpoints.find(|endpoint| endpoint.key == key);
        endpoint.map(|endpoint| endpoint.address.port())
    };
    let host = &settings.host;
    println!("Tact {}", env!("CARGO_PKG_VERSION"));
    println!();
    let mut label = "desktop";
    for (scheme, key) in [("https", "https.port"), ("http", "http.port")] {
        if let Some(port) = port(key) {
            println!("  {label:<8} {scheme}://{host}:{port}/desktop/container/");
            label = "";
        }
    }
    if running.is_demo() {
        println!("  sign in  agent 2001, password 2001, extension 2003");
    }
    println!("  logs     {}", settings.data.join("logs").display());
    println!();
    for endpoint in running.endpoints() {
        println!(
            "  {:<17} {:<21} {}",
            endpoint.key,
            endpoint.address.to_string(),
            endpoint.what
        );
    }
    println!();
    println!("ready");
}
