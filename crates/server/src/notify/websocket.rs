//! XMPP over WebSocket (RFC 7395): one task a connection, small buffers, one message a stanza.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tact_xmpp::error::StreamCondition;
use tact_xmpp::parser::Limits;
use tact_xmpp::sasl::Mechanism;
use tact_xmpp::stream::{Input, Security, Transport};
use tact_xmpp::websocket::{self, Frame, SUBPROTOCOL};

use super::cause;
use super::hub::Woken;
use super::outbox::Item;
use super::session::{Effect, Peer, Session};
use super::{Notify, Shared, wake};
use crate::http::Connection;

/// Bytes read at a time. The buffer lives as long as the connection.
const READ_BUFFER: usize = 1024;
/// How long the last words may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// `/ws`: the upgrade, for clients that speak the subprotocol.
pub(super) async fn serve(
    State(notify): State<Notify>,
    connection: Option<Extension<Connection>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !notify.shared.config.cors.may_open(&headers) {
        let text = "a page of a site that may not connect; see cors.origins";
        notify.shared.journal.refused(Transport::WebSocket, text);
        return StatusCode::FORBIDDEN.into_response();
    }
    let from = connection.map(|Extension(connection)| connection.peer.ip());
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(notify.shared.config.queued_bytes)
        .max_message_size(Limits::AFTER_AUTH.bytes)
        .max_frame_size(Limits::AFTER_AUTH.bytes)
        .protocols([SUBPROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        let text = "a WebSocket without the subprotocol xmpp";
        notify.shared.journal.refused(Transport::WebSocket, text);
        return (
            StatusCode::BAD_REQUEST,
            "The subprotocol xmpp is required.\n",
        )
            .into_response();
    }
    let Some(session) = Session::new(&notify.shared, Transport::WebSocket, from) else {
        notify.shared.refuse_new(Transport::WebSocket);
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let security = Security {
        offer_tls: false,
        may_authenticate: true,
        mechanisms: &Mechanism::ALL,
    };
    let peer = Peer::new(&notify.shared, session, security);
    let shared = Arc::clone(&notify.shared);
    upgrade.on_upgrade(move |socket| async move {
        // Boxed: the task of a connection should be no larger than this one needs.
        Box::pin(Talk::run(socket, peer, shared)).await;
    })
}

struct Talk {
    socket: WebSocket,
    peer: Peer,
    shared: Arc<Shared>,
    /// The stream is over: send what is queued, then close.
    ended: bool,
    close: u16,
}

/// The connection is of no further use.
struct Lost;

impl Talk {
    async fn run(socket: WebSocket, peer: Peer, shared: Arc<Shared>) {
        let mut connection = Talk {
            socket,
            peer,
            shared,
            ended: false,
            close: close_code::NORMAL,
        };
        if connection.talk().await.is_ok() {
            let frame = Message::Close(Some(CloseFrame {
                code: connection.close,
                reason: Utf8Bytes::default(),
            }));
            let farewell = async {
                if connection.socket.send(frame).await.is_ok() {
                    // The client's close ends it; what else it says is of no interest.
                    while let Some(Ok(_)) = connection.socket.recv().await {}
                }
            };
            let _ = tokio::time::timeout(CLOSE_TIMEOUT, farewell).await;
        }
    }

    async fn talk(&mut self) -> Result<(), Lost> {
        loop {
            self.send_queued().await?;
            if self.ended {
                return Ok(());
            }
            if let Some(ending) = self.peer.session.outbox.ending() {
                let mut woken = Woken::new();
                let effects = self.peer.fail(ending, &mut woken);
                wake(woken);
                self.carry_out(effects).await;
                continue;
            }
            let session = Arc::clone(&self.peer.session);
            tokio::select! {
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => self.message(message).await,
                    Some(Err(error)) => return Err(self.broken(&error)),
                    None => return Err(Lost),
                },
                () = session.wake.notified() => {}
            }
        }
    }

    /// A frame that is none, a message too large, or a lost connection.
    fn broken(&mut self, error: &axum::Error) -> Lost {
        let text = error.to_string();
        let rules = ["too long", "too big", "protocol", "UTF-8", "utf-8"];
        if rules.iter().any(|rule| text.contains(rule)) && !text.contains("closing handshake") {
            self.peer.note(&text);
            self.peer.leave("policy-violation");
        } else if text.contains("timed out") {
            // What was sent was never acknowledged.
            self.peer.leave(cause::SILENT);
        }
        Lost
    }

    async fn message(&mut self, message: Message) {
        self.peer.session.heard();
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => {
                self.close = close_code::UNSUPPORTED;
                let mut woken = Woken::new();
                let effects =
                    self.peer
                        .refuse(StreamCondition::BadFormat, "a binary message", &mut woken);
                wake(woken);
                return self.carry_out(effects).await;
            }
            Message::Ping(data) | Message::Pong(data) => {
                if !self.peer.allows(1, data.len()) {
                    let mut woken = Woken::new();
                    let effects = self.peer.refuse_flood(&mut woken);
                    wake(woken);
                    self.carry_out(effects).await;
                }
                return;
            }
            Message::Close(_) => {
                self.peer.leave(cause::LEFT);
                return;
            }
        };
        self.peer.trace(true, text.as_bytes());
        let limits = if self.peer.is_authenticated() {
            Limits::AFTER_AUTH
        } else {
            Limits::BEFORE_AUTH
        };
        let mut woken = Woken::new();
        let effects = match websocket::parse(text.as_str(), limits) {
            Ok(_) if !self.peer.allows(1, text.len()) => self.peer.refuse_flood(&mut woken),
            Ok(Frame::Open(header)) => self.peer.open(Some(header), &mut woken),
            Ok(Frame::Close) => self.peer.input(Input::Close, &mut woken),
            Ok(Frame::Element(element)) if element.name == "open" || element.name == "stream" => {
                // Framing of another kind: the machine says so, after our own `<open/>`.
                self.peer.open(Some(element), &mut woken)
            }
            Ok(Frame::Element(element)) => self.peer.input(Input::Element(element), &mut woken),
            Err(error) => {
                let condition = StreamCondition::from(&error);
                self.peer.refuse(condition, &error.to_string(), &mut woken)
            }
        };
        drop(text);
        wake(woken);
        self.carry_out(effects).await;
    }

    async fn carry_out(&mut self, mut effects: Vec<Effect>) {
        while !effects.is_empty() {
            let mut more = Vec::new();
            for effect in effects {
                match effect {
                    Effect::Ask(question) => {
                        let answer = question
                            .put_to(&*self.shared.authenticator, self.peer.session.from)
                            .await;
                        let mut woken = Woken::new();
                        more.extend(self.peer.answered(answer, &mut woken));
                        wake(woken);
                    }
                    // Each message is a document of its own, and TLS is HTTP's affair.
                    Effect::Restart | Effect::StartTls => {}
                    Effect::End(_) => self.ended = true,
                }
            }
            effects = more;
        }
    }

    async fn send_queued(&mut self) -> Result<(), Lost> {
        while let Some(item) = self.peer.next_item() {
            let message = match item {
                Item::Ping => Message::Ping(Bytes::new()),
                Item::Stanza(stanza) => {
                    let mut text = Vec::with_capacity(stanza.len());
                    stanza.write(&mut text);
                    self.peer.trace(false, &text);
                    let Ok(text) = Utf8Bytes::try_from(Bytes::from(text)) else {
                        continue; // only text is ever queued
                    };
                    Message::Text(text)
                }
            };
            let session = Arc::clone(&self.peer.session);
            let mut sending = std::pin::pin!(self.socket.send(message));
            let mut hurry = self.ended;
            while !hurry {
                tokio::select! {
                    sent = &mut sending => {
                        sent.map_err(|_| Lost)?;
                        break;
                    }
                    () = session.wake.notified() => hurry = session.outbox.ending().is_some(),
                }
            }
            // A client that takes nothing cannot be told why it is dropped.
            if hurry {
                let last = tokio::time::timeout(CLOSE_TIMEOUT, sending).await;
                last.map_err(|_| Lost)?.map_err(|_| Lost)?;
            }
        }
        Ok(())
    }
}
