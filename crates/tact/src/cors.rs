//! `tact cors`: the sites whose pages may call the server, while it runs. A server on the same database follows within
//! seconds.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use tact_server::settings;
use tact_server::store::Store;

use crate::serve;

/// What `tact cors` takes: the same settings as `tact serve`, which name the database.
#[derive(Debug, Args)]
#[group(id = "cors")]
pub(crate) struct Options {
    #[command(flatten)]
    server: serve::Options,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Print the origins that may call, one a line; * is any.
    List,
    /// Let the pages of these origins call too, such as `https://crm.example.com`.
    Add {
        #[arg(required = true, value_name = "ORIGIN")]
        origins: Vec<String>,
    },
    /// Let the pages of these origins call no longer.
    Delete {
        #[arg(required = true, value_name = "ORIGIN")]
        origins: Vec<String>,
    },
    /// Let the pages of any origin call.
    EnableAll,
    /// Let no page of another origin call.
    Disable,
    /// Leave it to the setting cors.origins again.
    Reset,
}

/// Changes the list, and prints what it is then.
pub(crate) fn run(options: Options) -> Result<ExitCode> {
    let settings = options.server.settings()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = Store::open(&settings.database()).await?;
        let configured = settings.allowed_origins();
        let mut origins = store.cors_origins().await?.unwrap_or(configured.clone());
        match options.verb {
            Verb::List => {}
            Verb::Add { origins: more } => {
                for origin in settings::origins(&more.join(","))? {
                    if !origins.contains(&origin) {
                        origins.push(origin);
                    }
                }
                store.set_cors_origins(Some(&origins)).await?;
            }
            Verb::Delete { origins: less } => {
                if let Some(unknown) = less.iter().find(|origin| !origins.contains(origin)) {
                    bail!("{unknown} is not among the origins: {}", origins.join(" "));
                }
                origins.retain(|origin| !less.contains(origin));
                store.set_cors_origins(Some(&origins)).await?;
            }
            Verb::EnableAll => {
                origins = vec!["*".to_owned()];
                store.set_cors_origins(Some(&origins)).await?;
            }
            Verb::Disable => {
                origins = Vec::new();
                store.set_cors_origins(Some(&origins)).await?;
            }
            Verb::Reset => {
                origins = configured;
                store.set_cors_origins(None).await?;
            }
        }
        for origin in &origins {
            println!("{origin}");
        }
        store.close().await;
        Ok(ExitCode::SUCCESS)
    })
}
