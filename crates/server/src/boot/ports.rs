//! The ports of a server: all are bound before the first client is served.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::{Endpoint, StartError};
use crate::settings::Settings;

/// The ports taken so far.
#[derive(Debug, Default)]
pub(super) struct Ports {
    pub(super) endpoints: Vec<Endpoint>,
}

impl Ports {
    pub(super) async fn bind(
        &mut self,
        settings: &Settings,
        key: &'static str,
        port: u16,
        what: &'static str,
    ) -> Result<TcpListener, StartError> {
        let address = SocketAddr::new(settings.address, port);
        let failed = |source| StartError::Listen {
            key,
            address,
            source,
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        self.endpoints.push(Endpoint { key, address, what });
        Ok(listener)
    }

    pub(super) fn last_port(&self) -> u16 {
        self.endpoints.last().map_or(0, |last| last.address.port())
    }

    pub(super) fn port(&self, key: &str) -> Option<u16> {
        let endpoint = self.endpoints.iter().find(|endpoint| endpoint.key == key);
        endpoint.map(|endpoint| endpoint.address.port())
    }
}

/// Listeners for browsers; true for TLS.
pub(super) async fn bind_web(
    settings: &Settings,
    ports: &mut Ports,
) -> Result<Vec<(TcpListener, bool)>, StartError> {
    let mut wanted = vec![
        (
            "http.port",
            settings.http_port,
            "HTTP: REST, desktop, BOSH, WebSocket",
            false,
        ),
        ("https.port", settings.https_port, "HTTPS: the same", true),
    ];
    if settings.legacy_listeners {
        wanted.push((
            "bosh.port",
            settings.bosh_port,
            "BOSH and WebSocket, older clients",
            false,
        ));
        wanted.push((
            "bosh.secure_port",
            settings.bosh_secure_port,
            "the same over TLS",
            true,
        ));
    }
    if settings.standard_ports {
        wanted.push(("listen.standard", 80, "HTTP", false));
        wanted.push(("listen.standard", 443, "HTTPS", true));
    }
    if !settings.takes_plain() {
        wanted.retain(|(_, _, _, secure)| *secure);
    }
    let mut listeners = Vec::with_capacity(wanted.len());
    for (key, port, what, secure) in wanted {
        listeners.push((ports.bind(settings, key, port, what).await?, secure));
    }
    Ok(listeners)
}

/// Listeners for XMPP over TCP; true for TLS from the first byte.
pub(super) async fn bind_xmpp(
    settings: &Settings,
    ports: &mut Ports,
) -> Result<Vec<(TcpListener, bool)>, StartError> {
    let mut listeners = vec![(
        ports
            .bind(
                settings,
                "xmpp.port",
                settings.xmpp_port,
                "XMPP with STARTTLS",
            )
            .await?,
        false,
    )];
    if settings.legacy_listeners {
        let port = settings.xmpp_secure_port;
        let listener = ports
            .bind(settings, "xmpp.secure_port", port, "XMPP over TLS")
            .await?;
        listeners.push((listener, true));
    }
    Ok(listeners)
}
