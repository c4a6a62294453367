//! GED-188 over TCP: [`link`] is the client of a CTI server, [`listen`] is our own CTI server.

pub(crate) mod framing;
pub mod link;
pub mod listen;
pub(crate) mod log;
pub(crate) mod outbox;

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::acd::{self, AcdHandle};
use crate::store::Configuration;
use crate::telemetry::Logs;

/// Our CTI server alone, without desktops: `tact cti serve`. Serves until `stop`.
///
/// `listening` is told the address, which matters where port 0 asked for a free one.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve_alone(
    address: SocketAddr,
    configuration: &Configuration,
    peripheral_id: u32,
    logs: Logs,
    stop: CancellationToken,
    listening: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    listening(listener.local_addr()?);
    let config = acd::config(configuration, peripheral_id);
    let handle = AcdHandle::new(config, logs.clone());
    listen::serve(listener, handle, logs, stop).await;
    Ok(())
}
