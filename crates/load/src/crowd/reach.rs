//! Whether there is a server, where, and what it calls itself.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use tact_api::{Document as _, SystemInfo};

use crate::http::Client;
use crate::target::Target;

/// A server's address that does not answer for so long is none.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The server does not answer.
    #[error("cannot connect to {server}: {source}")]
    Connect {
        /// `host:port`.
        server: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// SystemInfo does not tell the XMPP domain.
    #[error(
        "the XMPP domain is not known ({0}); is it a Tact server? --domain names it for others"
    )]
    Domain(String),
    /// The generator's own sockets or threads failed.
    #[error("the generator failed: {0}")]
    Io(#[from] io::Error),
    /// The server's process cannot be looked at.
    #[error("process {0} cannot be looked at: {1}")]
    Process(u32, io::Error),
    /// Nobody got in.
    #[error("nobody could sign in: {0}")]
    NobodyIn(String),
    /// Publishers could not sign in.
    #[error("the publishers cannot sign in: {0}")]
    Publishers(String),
    /// Nodes could not be made or subscribed to.
    #[error("nodes and subscriptions could not be prepared: {0}")]
    Prepare(String),
}

/// The first address of a host that accepts a connection.
pub(super) fn find(host: &str, port: u16) -> Result<SocketAddr, LoadError> {
    let failed = |source| LoadError::Connect {
        server: crate::target::authority(host, port),
        source,
    };
    let mut last = io::ErrorKind::AddrNotAvailable.into();
    for address in (host, port).to_socket_addrs().map_err(failed)? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(_) => return Ok(address),
            Err(error) => last = error,
        }
    }
    Err(failed(last))
}

/// The XMPP domain, which SystemInfo tells without credentials.
pub(super) fn domain_of(server: &Target) -> Result<String, LoadError> {
    let unknown = |error: String| LoadError::Domain(error);
    let tls = crate::tls::client_config(server.is_loopback())
        .map_err(|error| unknown(error.to_string()))?;
    let client = Client::new(server.clone(), tls);
    let path = format!("/finesse/api/SystemInfo?nocache={}", crate::clock::now_ms());
    let answer = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(client.get(&path, CONNECT_TIMEOUT))
        .map_err(|error| unknown(error.to_string()))?;
    SystemInfo::from_xml(answer.body.as_bytes())
        .map(|info| info.xmpp_domain)
        .map_err(|error| unknown(format!("SystemInfo: {}, {error}", answer.status)))
}
