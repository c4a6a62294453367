//! XMPP over TCP (RFC 6120): port 5222, STARTTLS where it is offered.

use std::sync::Arc;

use rustls::ClientConfig;
use tact_xmpp::element::{Element, Scope};
use tact_xmpp::ns;
use tact_xmpp::parser::{Limits, StreamEvent, StreamParser};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{ChannelError, ChannelSettings, unexpected};
use crate::http::{HttpError, Stream, connect_tcp, start_tls};

/// Bytes read at once.
const READ_BYTES: usize = 4096;

pub(super) struct Wire {
    /// `None` only while TLS is being started.
    stream: Option<Box<dyn Stream>>,
    parser: StreamParser,
    buffer: Vec<u8>,
    domain: String,
    host: String,
    tls: Arc<ClientConfig>,
    encrypted: bool,
}

impl Wire {
    pub(super) async fn open(settings: &ChannelSettings) -> Result<Wire, ChannelError> {
        let (host, port) = &settings.xmpp;
        let mut wire = Wire {
            stream: Some(Box::new(connect_tcp(host, *port).await?)),
            parser: StreamParser::new(Limits::AFTER_AUTH),
            buffer: Vec::new(),
            domain: settings.domain.clone(),
            host: host.clone(),
            tls: Arc::clone(&settings.tls),
            encrypted: false,
        };
        wire.send_header().await?;
        Ok(wire)
    }

    pub(super) async fn restart(&mut self) -> Result<(), ChannelError> {
        self.parser = StreamParser::new(Limits::AFTER_AUTH);
        self.buffer.clear();
        self.send_header().await
    }

    async fn send_header(&mut self) -> Result<(), ChannelError> {
        // The opening tag of an element that ends with the connection: no tree can say that.
        let header = format!(
            "<?xml version=\"1.0\"?><stream:stream xmlns=\"{}\" xmlns:stream=\"{}\" to=\"{}\" version=\"1.0\">",
            ns::CLIENT,
            ns::STREAMS,
            escaped(&self.domain),
        );
        self.write(header.as_bytes()).await
    }

    pub(super) async fn send(&mut self, element: &Element) -> Result<(), ChannelError> {
        let mut text = String::new();
        element.write(Scope::STREAM, &mut text);
        self.write(text.as_bytes()).await
    }

    pub(super) async fn receive(&mut self) -> Result<Element, ChannelError> {
        loop {
            let element = self.next_element().await?;
            let offers_tls =
                element.is("features", ns::STREAMS) && element.child("starttls", ns::TLS).is_some();
            if offers_tls && !self.encrypted {
                self.send(&Element::new("starttls", ns::TLS)).await?;
                let answer = self.next_element().await?;
                if !answer.is("proceed", ns::TLS) {
                    return Err(unexpected(&answer));
                }
                let plain = self.stream.take().ok_or_else(gone)?;
                let secured = start_tls(plain, &self.host, &self.tls).await?;
                self.stream = Some(Box::new(secured));
                self.encrypted = true;
                self.restart().await?;
                continue;
            }
            return Ok(element);
        }
    }

    /// Everything read stays in the wire, so this can be abandoned at its only wait.
    async fn next_element(&mut self) -> Result<Element, ChannelError> {
        loop {
            let mut rest = self.buffer.as_slice();
            let event = self
                .parser
                .next(&mut rest)
                .map_err(|error| ChannelError::Protocol(error.to_string()))?;
            let used = self.buffer.len() - rest.len();
            self.buffer.drain(..used);
            match event {
                Some(StreamEvent::Open(_)) => continue,
                Some(StreamEvent::Element(element)) => return Ok(element),
                Some(StreamEvent::Close) => {
                    return Err(ChannelError::Closed("end of stream".into()));
                }
                None => {}
            }
            let stream = self.stream.as_mut().ok_or_else(gone)?;
            self.buffer.reserve(READ_BYTES);
            if stream.read_buf(&mut self.buffer).await.map_err(broken)? == 0 {
                return Err(ChannelError::Closed("the connection was closed".into()));
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), ChannelError> {
        let stream = self.stream.as_mut().ok_or_else(gone)?;
        stream.write_all(bytes).await.map_err(broken)?;
        stream.flush().await.map_err(broken)
    }

    pub(super) async fn close(mut self) {
        let presence = Element::new("presence", ns::CLIENT).with_attribute("type", "unavailable");
        // The session ends with the connection anyway; the farewell only makes it quick.
        let _ = self.send(&presence).await;
        let _ = self.write(b"</stream:stream>").await;
    }
}

fn escaped(value: &str) -> String {
    let mut out = String::new();
    tact_xmpp::escape::attribute(value, &mut out);
    out
}

fn broken(source: std::io::Error) -> ChannelError {
    ChannelError::Closed(source.to_string())
}

fn gone() -> ChannelError {
    ChannelError::Http(HttpError::Answer("TLS could not be started".into()))
}
