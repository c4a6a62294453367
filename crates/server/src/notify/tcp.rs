//! XMPP over TCP: plain with STARTTLS, or TLS from the first byte. One task a connection, no buffer while it is idle.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tact_xmpp::element::Element;
use tact_xmpp::error::StreamCondition;
use tact_xmpp::ns;
use tact_xmpp::parser::{Limits, StreamEvent, StreamParser};
use tact_xmpp::sasl::Mechanism;
use tact_xmpp::stream::{Input, Security, Transport};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::cause;
use super::hub::Woken;
use super::outbox::Item;
use super::session::{Effect, PING_ID, Peer, Session};
use super::{Shared, wake};
use crate::unbuffered::read_some;
use crate::vanished;

/// How long the last words may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);
/// Bytes that are still taken from a client that was refused, so that it hears why.
const MAX_UNREAD: usize = 1024 * 1024;
/// How long to wait after the system refused a connection, for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections until `stop`.
pub(super) async fn serve(
    shared: &Arc<Shared>,
    listener: TcpListener,
    tls: Arc<rustls::ServerConfig>,
    direct_tls: bool,
    stop: CancellationToken,
) {
    let acceptor = TlsAcceptor::from(tls);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        let Ok((socket, client)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let Some(session) = Session::new(shared, Transport::Tcp, Some(client.ip())) else {
            shared.refuse_new(Transport::Tcp);
            continue;
        };
        // Header and features are two writes, and an event should not wait for the one before.
        let _ = socket.set_nodelay(true);
        let ms = |ms: i64| Duration::from_millis(u64::try_from(ms).unwrap_or_default());
        let (probe, gone) = (shared.config.ping_ms, shared.config.silence_ms);
        vanished::give_up_in_time(&socket, ms(probe), ms(gone.saturating_sub(probe)));
        tokio::spawn(connection(
            Arc::clone(shared),
            socket,
            session,
            acceptor.clone(),
            direct_tls,
        ));
    }
}

async fn connection(
    shared: Arc<Shared>,
    socket: TcpStream,
    session: Arc<Session>,
    acceptor: TlsAcceptor,
    direct_tls: bool,
) {
    let security = Security {
        offer_tls: !direct_tls,
        may_authenticate: direct_tls || shared.config.allow_plain_tcp,
        mechanisms: &Mechanism::ALL,
    };
    let mut peer = Peer::new(&shared, session, security);
    // Each kind of connection is boxed, so that the task is as large as the one it is.
    if direct_tls {
        if let Some(stream) = Box::pin(handshake(&shared, &peer, &acceptor, socket)).await {
            Box::pin(Connection::run(&shared, stream, &mut peer)).await;
        }
        return;
    }
    let Some(socket) = Box::pin(Connection::run(&shared, socket, &mut peer)).await else {
        return;
    };
    if let Some(stream) = Box::pin(handshake(&shared, &peer, &acceptor, socket)).await {
        let mut woken = Woken::new();
        peer.input(Input::Encrypted, &mut woken);
        wake(woken);
        Box::pin(Connection::run(&shared, stream, &mut peer)).await;
    }
}

async fn handshake(
    shared: &Shared,
    peer: &Peer,
    acceptor: &TlsAcceptor,
    socket: TcpStream,
) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    let most = Duration::from_millis(u64::try_from(shared.config.auth_ms).unwrap_or_default());
    match tokio::time::timeout(most, acceptor.accept(socket)).await {
        Ok(Ok(stream)) => Some(stream),
        Ok(Err(error)) => {
            peer.note(&format!("TLS failed ({error})"));
            None
        }
        Err(_) => None,
    }
}

struct Connection<'a, S> {
    shared: &'a Arc<Shared>,
    stream: S,
    peer: &'a mut Peer,
    parser: StreamParser,
    /// Read and not yet parsed.
    input: Vec<u8>,
    next: Next,
    /// The client was refused in the middle of what it says.
    cut_short: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Go,
    /// Send what is queued, then begin TLS.
    Tls,
    /// Send what is queued, then close.
    End,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<'_, S> {
    /// Serves the connection; returns the socket when TLS is to begin on it.
    async fn run<'a>(shared: &'a Arc<Shared>, stream: S, peer: &'a mut Peer) -> Option<S> {
        let mut connection = Connection {
            shared,
            stream,
            peer,
            parser: StreamParser::new(Limits::BEFORE_AUTH),
            input: Vec::new(),
            next: Next::Go,
            cut_short: false,
        };
        let result = connection.talk().await;
        let Connection {
            mut stream,
            next,
            peer,
            cut_short,
            ..
        } = connection;
        match (result, next) {
            (Ok(()), Next::Tls) => Some(stream),
            (Ok(()), _) => {
                let farewell = async {
                    let mut unread = if cut_short { MAX_UNREAD } else { 0 };
                    stream.shutdown().await?;
                    // Closing with bytes unread would take back the last words.
                    while unread > 0 {
                        match read_some(&mut stream).await?.len() {
                            0 => break,
                            read => unread = unread.saturating_sub(read),
                        }
                    }
                    io::Result::Ok(())
                };
                let _ = tokio::time::timeout(CLOSE_TIMEOUT, farewell).await;
                None
            }
            (Err(error), _) => {
                // What was sent was never acknowledged.
                if error.kind() == io::ErrorKind::TimedOut {
                    peer.leave(cause::SILENT);
                }
                None
            }
        }
    }

    async fn talk(&mut self) -> io::Result<()> {
        loop {
            self.send_queued().await?;
            if self.next != Next::Go {
                return Ok(());
            }
            if let Some(ending) = self.peer.session.outbox.ending() {
                let mut woken = Woken::new();
                let effects = self.peer.fail(ending, &mut woken);
                wake(woken);
                self.carry_out(effects).await;
                continue;
            }
            if !self.input.is_empty() {
                self.take_input().await;
                continue;
            }
            let session = Arc::clone(&self.peer.session);
            tokio::select! {
                read = read_some(&mut self.stream) => {
                    let data = read?;
                    if data.is_empty() {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    session.heard();
                    self.peer.trace(true, &data);
                    self.input = data;
                }
                () = session.wake.notified() => {}
            }
        }
    }

    /// Parses up to the next stanza and handles it.
    async fn take_input(&mut self) {
        let input = std::mem::take(&mut self.input);
        let mut rest = input.as_slice();
        let parsed = self.parser.next(&mut rest);
        let mut woken = Woken::new();
        let used = input.len() - rest.len();
        let stanzas = usize::from(matches!(parsed, Ok(Some(_))));
        let effects = match parsed {
            Ok(_) if !self.peer.allows(stanzas, used) => {
                rest = &[];
                self.cut_short = true;
                self.peer.refuse_flood(&mut woken)
            }
            Ok(None) => Vec::new(),
            Ok(Some(StreamEvent::Open(header))) => self.peer.open(Some(header), &mut woken),
            Ok(Some(StreamEvent::Element(element))) => {
                self.peer.input(Input::Element(element), &mut woken)
            }
            Ok(Some(StreamEvent::Close)) => self.peer.input(Input::Close, &mut woken),
            Err(error) => {
                rest = &[];
                self.cut_short = true;
                let condition = StreamCondition::from(&error);
                self.peer.refuse(condition, &error.to_string(), &mut woken)
            }
        };
        wake(woken);
        if !rest.is_empty() {
            self.input = rest.to_vec();
        }
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
                    Effect::Restart => {
                        self.parser = StreamParser::new(Limits::AFTER_AUTH);
                        // A line end behind `</auth>` is not part of the new document.
                        let white = self.input.iter().take_while(|b| b.is_ascii_whitespace());
                        let white = white.count();
                        self.input.drain(..white);
                    }
                    Effect::StartTls if self.input.iter().all(u8::is_ascii_whitespace) => {
                        self.next = Next::Tls;
                    }
                    // Somebody put words into the client's mouth before the encryption.
                    Effect::StartTls => {
                        let mut woken = Woken::new();
                        self.input.clear();
                        more.extend(self.peer.refuse(
                            StreamCondition::PolicyViolation,
                            "data behind starttls",
                            &mut woken,
                        ));
                        wake(woken);
                    }
                    Effect::End(_) => self.next = Next::End,
                }
            }
            effects = more;
        }
    }

    async fn send_queued(&mut self) -> io::Result<()> {
        while let Some(item) = self.peer.next_item() {
            let mut text = Vec::new();
            match item {
                Item::Ping => text.extend_from_slice(self.ping().as_bytes()),
                Item::Stanza(stanza) => {
                    text.reserve_exact(stanza.len());
                    stanza.write(&mut text);
                }
            }
            self.peer.trace(false, &text);
            let session = Arc::clone(&self.peer.session);
            let mut hurry = self.next == Next::End;
            let stream = &mut self.stream;
            let mut sending = std::pin::pin!(async {
                stream.write_all(&text).await?;
                stream.flush().await
            });
            while !hurry {
                tokio::select! {
                    sent = &mut sending => {
                        sent?;
                        break;
                    }
                    () = session.wake.notified() => hurry = session.outbox.ending().is_some(),
                }
            }
            // A client that takes nothing cannot be told why it is dropped.
            if hurry {
                tokio::time::timeout(CLOSE_TIMEOUT, sending).await??;
            }
        }
        Ok(())
    }

    fn ping(&self) -> String {
        let mut iq = Element::new("iq", ns::CLIENT)
            .with_attribute("type", "get")
            .with_attribute("id", PING_ID)
            .with_attribute("from", self.shared.names.domain.as_str());
        if let Some(address) = self.peer.session.address() {
            iq = iq.with_attribute("to", &*address.full);
        }
        iq.with_child(Element::new("ping", ns::PING)).to_xml()
    }
}
