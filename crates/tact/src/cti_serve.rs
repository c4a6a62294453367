//! `tact cti serve`: the embedded CTI server alone.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Context, Result};
use tact_server::boot;
use tokio::signal::unix::{SignalKind, signal};

use crate::serve;

pub(crate) use crate::serve::Options;

pub(crate) fn run(options: Options) -> Result<ExitCode> {
    let settings = options.settings()?;
    serve::start_diagnostics();
    serve::runtime()?.block_on(async {
        let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
        let running = boot::start_cti(&settings).await?;
        greet(running.address());
        tokio::select! {
            result = tokio::signal::ctrl_c() => result.context("cannot wait for SIGINT")?,
            _ = terminate.recv() => {}
        }
        running.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

fn greet(address: SocketAddr) {
    println!("Tact {}: CTI server", env!("CARGO_PKG_VERSION"));
    println!();
    println!(
        "  {:<17} {:<21} CTI (GED-188)",
        "cti.port",
        address.to_string()
    );
    println!();
    println!("ready");
}
