//! XMPP over WebSocket (RFC 7395) at `/ws/`.

use futures_util::{SinkExt, StreamExt};
use tact_xmpp::element::Element;
use tact_xmpp::ns;
use tact_xmpp::parser::{Limits, document};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{ChannelError, ChannelSettings};
use crate::http::{Stream, connect};

/// Small buffers: ten thousand desktops run in one process.
const BUFFER_BYTES: usize = 4096;

pub(super) struct Wire {
    socket: WebSocketStream<Box<dyn Stream>>,
    domain: String,
}

impl Wire {
    pub(super) async fn open(settings: &ChannelSettings) -> Result<Wire, ChannelError> {
        let stream = connect(&settings.server, &settings.tls).await?;
        let scheme = if settings.server.secure { "wss" } else { "ws" };
        let mut request = format!("{scheme}://{}/ws/", settings.server.authority())
            .into_client_request()
            .map_err(failed)?;
        request
            .headers_mut()
            .insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("xmpp"));
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(0);
        let (socket, _) =
            tokio_tungstenite::client_async_with_config(request, stream, Some(config))
                .await
                .map_err(failed)?;
        let mut wire = Wire {
            socket,
            domain: settings.domain.clone(),
        };
        wire.restart().await?;
        Ok(wire)
    }

    pub(super) async fn restart(&mut self) -> Result<(), ChannelError> {
        let open = Element::new("open", ns::FRAMING)
            .with_attribute("to", self.domain.as_str())
            .with_attribute("version", "1.0");
        self.send(&open).await
    }

    pub(super) async fn send(&mut self, element: &Element) -> Result<(), ChannelError> {
        self.socket
            .send(Message::text(element.to_xml()))
            .await
            .map_err(failed)
    }

    pub(super) async fn receive(&mut self) -> Result<Element, ChannelError> {
        loop {
            let message = match self.socket.next().await {
                Some(message) => message.map_err(failed)?,
                None => return Err(ChannelError::Closed("the connection was closed".into())),
            };
            let text = match message {
                Message::Text(text) => text,
                Message::Close(_) => {
                    return Err(ChannelError::Closed("the connection was closed".into()));
                }
                _ => continue,
            };
            let element = document(text.as_bytes(), Limits::AFTER_AUTH)
                .map_err(|error| ChannelError::Protocol(error.to_string()))?;
            if element.is("close", ns::FRAMING) {
                return Err(ChannelError::Closed("end of stream".into()));
            }
            if !element.is("open", ns::FRAMING) {
                return Ok(element);
            }
        }
    }

    pub(super) async fn close(mut self) {
        let presence = Element::new("presence", ns::CLIENT).with_attribute("type", "unavailable");
        // The session ends with the connection anyway; the farewell only makes it quick.
        let _ = self.send(&presence).await;
        let _ = self.send(&Element::new("close", ns::FRAMING)).await;
        let _ = self.socket.close(None).await;
    }
}

fn failed(error: Error) -> ChannelError {
    match error {
        Error::Http(answer) => ChannelError::Protocol(format!(
            "the upgrade to WebSocket was answered {}",
            answer.status()
        )),
        other => ChannelError::Closed(other.to_string()),
    }
}
