//! The event channel as a desktop opens it: SASL PLAIN, bind, presence, then events.
//!
//! One session logic; `bosh`, `websocket` and `tcp` only carry its elements.

mod bosh;
mod tcp;
mod websocket;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tact_xmpp::element::Element;
use tact_xmpp::event;
use tact_xmpp::ns;
use tact_xmpp::sasl::Plain;

use crate::http::HttpError;
use crate::target::Target;

pub use tact_logline::notification::Transport;

/// Time for one answer of the handshake.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// Events that may wait for their reader inside the channel.
const MAX_WAITING: usize = 1024;

/// Why a channel does not stand, or no longer stands.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The server cannot be reached.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The credentials are refused; the condition of the SASL failure.
    #[error("the notification service refused the credentials ({0})")]
    NotAuthorized(String),
    /// The server ended the stream with a condition.
    #[error("the notification service closed the stream: {0}")]
    Closed(String),
    /// An answer that the protocol does not allow here.
    #[error("unexpected answer of the notification service: {0}")]
    Protocol(String),
    /// No answer in time.
    #[error("the notification service did not answer within {} s", ANSWER_TIMEOUT.as_secs())]
    Timeout,
}

/// Where the channel goes and as whom.
#[derive(Clone)]
pub struct ChannelSettings {
    /// What carries it.
    pub transport: Transport,
    /// The web server, for BOSH and WebSocket.
    pub server: Target,
    /// Host and port of XMPP over TCP.
    pub xmpp: (String, u16),
    /// Whom to trust.
    pub tls: Arc<ClientConfig>,
    /// `xmppDomain` of SystemInfo.
    pub domain: String,
    /// The agent.
    pub agent: String,
    /// The password.
    pub password: String,
    /// The resource, `desktop` for a desktop.
    pub resource: String,
}

/// What carries elements. Receiving may be abandoned and taken up again without loss.
enum Wire {
    Bosh(Box<bosh::Wire>),
    WebSocket(Box<websocket::Wire>),
    Tcp(Box<tcp::Wire>),
}

impl Wire {
    async fn open(settings: &ChannelSettings) -> Result<Wire, ChannelError> {
        Ok(match settings.transport {
            Transport::Bosh => Wire::Bosh(Box::new(bosh::Wire::open(settings).await?)),
            Transport::WebSocket => {
                Wire::WebSocket(Box::new(websocket::Wire::open(settings).await?))
            }
            Transport::Tcp => Wire::Tcp(Box::new(tcp::Wire::open(settings).await?)),
        })
    }

    /// Starts the stream anew after authentication.
    async fn restart(&mut self) -> Result<(), ChannelError> {
        match self {
            Wire::Bosh(wire) => wire.restart().await,
            Wire::WebSocket(wire) => wire.restart().await,
            Wire::Tcp(wire) => wire.restart().await,
        }
    }

    async fn send(&mut self, element: &Element) -> Result<(), ChannelError> {
        match self {
            Wire::Bosh(wire) => wire.send(element).await,
            Wire::WebSocket(wire) => wire.send(element).await,
            Wire::Tcp(wire) => wire.send(element).await,
        }
    }

    async fn receive(&mut self) -> Result<Element, ChannelError> {
        match self {
            Wire::Bosh(wire) => wire.receive().await,
            Wire::WebSocket(wire) => wire.receive().await,
            Wire::Tcp(wire) => wire.receive().await,
        }
    }

    async fn close(self) {
        match self {
            Wire::Bosh(wire) => wire.close().await,
            Wire::WebSocket(wire) => wire.close().await,
            Wire::Tcp(wire) => wire.close().await,
        }
    }
}

/// An open channel: authenticated and bound.
pub struct Channel {
    wire: Wire,
    jid: String,
    domain: String,
    next_id: u32,
    waiting: VecDeque<event::Received>,
}

impl Channel {
    /// Connects, authenticates and binds.
    pub async fn open(settings: &ChannelSettings) -> Result<Channel, ChannelError> {
        let mut wire = within(Wire::open(settings)).await?;
        expect(&mut wire, "features", ns::STREAMS).await?;
        let plain = Plain {
            authzid: String::new(),
            user: settings.agent.clone(),
            password: settings.password.clone(),
        };
        let auth = Element::new("auth", ns::SASL)
            .with_attribute("mechanism", "PLAIN")
            .with_text(plain.encode());
        wire.send(&auth).await?;
        let answer = within(wire.receive()).await?;
        if answer.is("failure", ns::SASL) {
            let condition = answer.children().next().map(|child| child.name.clone());
            return Err(ChannelError::NotAuthorized(condition.unwrap_or_default()));
        }
        if !answer.is("success", ns::SASL) {
            return Err(unexpected(&answer));
        }
        within(wire.restart()).await?;
        expect(&mut wire, "features", ns::STREAMS).await?;
        let mut channel = Channel {
            wire,
            jid: String::new(),
            domain: settings.domain.clone(),
            next_id: 0,
            waiting: VecDeque::new(),
        };
        let resource = Element::new("resource", ns::BIND).with_text(settings.resource.as_str());
        let bind = Element::new("bind", ns::BIND).with_child(resource);
        let answer = channel.request("set", None, bind).await?;
        channel.jid = answer
            .child("bind", ns::BIND)
            .and_then(|bind| bind.child("jid", ns::BIND))
            .map(|jid| jid.text().into_owned())
            .ok_or_else(|| unexpected(&answer))?;
        Ok(channel)
    }

    /// The full address that the server bound.
    pub fn jid(&self) -> &str {
        &self.jid
    }

    /// Sends presence and waits until the server has taken it: it handles stanzas in order, so the answer to a
    /// ping sent behind the presence proves that the presence arrived.
    pub async fn send_presence(&mut self) -> Result<(), ChannelError> {
        let presence = Element::new("presence", ns::CLIENT);
        self.wire.send(&presence).await?;
        self.ping().await
    }

    /// XEP-0199 to the domain.
    pub async fn ping(&mut self) -> Result<(), ChannelError> {
        let domain = self.domain.clone();
        let ping = Element::new("ping", ns::PING);
        self.request("get", Some(&domain), ping).await.map(drop)
    }

    /// Subscribes this session to a node.
    pub async fn subscribe(&mut self, node: &str) -> Result<(), ChannelError> {
        let to = format!("pubsub.{}", self.domain);
        let subscribe = Element::new("subscribe", ns::PUBSUB)
            .with_attribute("node", node)
            .with_attribute("jid", self.jid.as_str());
        let pubsub = Element::new("pubsub", ns::PUBSUB).with_child(subscribe);
        self.request("set", Some(&to), pubsub).await.map(drop)
    }

    /// The next event. May be abandoned and called again without loss.
    pub async fn next_event(&mut self) -> Result<event::Received, ChannelError> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(event);
            }
            let element = self.wire.receive().await?;
            self.sort(element).await?;
        }
    }

    /// Ends the session as a desktop does that is closed.
    pub async fn close(self) {
        // A server that no longer answers must not keep a desktop from closing.
        let _ = tokio::time::timeout(Duration::from_secs(2), self.wire.close()).await;
    }

    async fn request(
        &mut self,
        kind: &str,
        to: Option<&str>,
        payload: Element,
    ) -> Result<Element, ChannelError> {
        self.next_id += 1;
        let id = format!("d{}", self.next_id);
        let mut iq = Element::new("iq", ns::CLIENT)
            .with_attribute("type", kind)
            .with_attribute("id", id.as_str());
        if let Some(to) = to {
            iq = iq.with_attribute("to", to);
        }
        self.wire.send(&iq.with_child(payload)).await?;
        within(async {
            loop {
                let element = self.wire.receive().await?;
                if element.is("iq", ns::CLIENT) && element.attribute("id") == Some(&id) {
                    return match element.attribute("type") {
                        Some("result") => Ok(element),
                        _ => Err(unexpected(&element)),
                    };
                }
                self.sort(element).await?;
            }
        })
        .await
    }

    /// Keeps events, answers pings, passes over the rest.
    async fn sort(&mut self, element: Element) -> Result<(), ChannelError> {
        if element.is("error", ns::STREAMS) {
            let condition = element.children().next().map(|child| child.name.clone());
            return Err(ChannelError::Closed(condition.unwrap_or_default()));
        }
        if element.is("iq", ns::CLIENT) && element.child("ping", ns::PING).is_some() {
            let mut answer = Element::new("iq", ns::CLIENT).with_attribute("type", "result");
            if let Some(id) = element.attribute("id") {
                answer = answer.with_attribute("id", id);
            }
            if let Some(from) = element.attribute("from") {
                answer = answer.with_attribute("to", from);
            }
            return self.wire.send(&answer).await;
        }
        if element.is("message", ns::CLIENT) {
            if self.waiting.len() >= MAX_WAITING {
                return Err(ChannelError::Protocol("more events than are read".into()));
            }
            self.waiting.extend(event::received(&element));
        }
        Ok(())
    }
}

async fn expect(wire: &mut Wire, name: &str, namespace: &str) -> Result<Element, ChannelError> {
    let element = within(wire.receive()).await?;
    if element.is(name, namespace) {
        Ok(element)
    } else {
        Err(unexpected(&element))
    }
}

async fn within<T>(work: impl Future<Output = Result<T, ChannelError>>) -> Result<T, ChannelError> {
    tokio::time::timeout(ANSWER_TIMEOUT, work)
        .await
        .map_err(|_| ChannelError::Timeout)?
}

fn unexpected(element: &Element) -> ChannelError {
    if element.is("error", ns::STREAMS) {
        let condition = element.children().next().map(|child| child.name.clone());
        return ChannelError::Closed(condition.unwrap_or_default());
    }
    let mut text = element.to_xml();
    if let Some((at, _)) = text.char_indices().nth(300) {
        text.truncate(at);
    }
    ChannelError::Protocol(text)
}
