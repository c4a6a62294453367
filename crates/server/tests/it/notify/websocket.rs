//! WebSocket, frame by frame.

use tact_xmpp::element::Element;
use tact_xmpp::ns;
use tact_xmpp::parser::{Limits, document};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{NODE, PATIENCE, PRESENCE, Service, auth, bind, event};

const OPEN: &str =
    "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='whatever' version='1.0'/>";

/// A client that writes its frames by hand.
pub(super) struct Client {
    pub(super) socket: TcpStream,
    input: Vec<u8>,
}

/// A masked frame; the mask is zero, which changes nothing.
fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match payload.len() {
        short @ 0..126 => frame.push(0x80 | u8::try_from(short).unwrap()),
        middle @ 126..65536 => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&u16::try_from(middle).unwrap().to_be_bytes());
        }
        long => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&u64::try_from(long).unwrap().to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

fn upgrade(path: &str, protocol: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{protocol}\r\n"
    )
}

impl Client {
    /// Upgrades; what comes behind the request in the same segment too.
    async fn connect(service: &Service, path: &str, behind: &[u8]) -> Client {
        let mut socket = TcpStream::connect(service.http).await.unwrap();
        let mut request = upgrade(path, "Sec-WebSocket-Protocol: xmpp\r\n").into_bytes();
        request.extend_from_slice(behind);
        socket.write_all(&request).await.unwrap();
        let mut client = Client {
            socket,
            input: Vec::new(),
        };
        let head = loop {
            if let Some(end) = client.input.windows(4).position(|w| w == b"\r\n\r\n") {
                break client.input.drain(..end + 4).collect::<Vec<u8>>();
            }
            client.fill().await;
        };
        let head = String::from_utf8(head).unwrap().to_lowercase();
        assert!(head.starts_with("http/1.1 101"), "{head}");
        assert!(head.contains("sec-websocket-protocol: xmpp"), "{head}");
        client
    }

    async fn fill(&mut self) {
        let read = timeout(PATIENCE, self.socket.read_buf(&mut self.input))
            .await
            .expect("the server answers")
            .unwrap();
        assert_ne!(read, 0, "the server closed the connection");
    }

    pub(super) async fn send(&mut self, text: &str) {
        self.socket
            .write_all(&frame(1, text.as_bytes()))
            .await
            .unwrap();
    }

    /// The next frame: opcode and payload.
    async fn frame(&mut self) -> (u8, Vec<u8>) {
        loop {
            if let [first, second, ..] = self.input[..] {
                let (length, head) = match second {
                    126 if self.input.len() >= 4 => (
                        usize::from(u16::from_be_bytes([self.input[2], self.input[3]])),
                        4,
                    ),
                    126 => (usize::MAX / 2, 0),
                    short => (usize::from(short), 2),
                };
                if self.input.len() >= head + length {
                    let frame: Vec<u8> = self.input.drain(..head + length).collect();
                    return (first & 15, frame[head..].to_vec());
                }
            }
            self.fill().await;
        }
    }

    /// The next stanza.
    pub(super) async fn read(&mut self) -> Element {
        let (opcode, payload) = self.frame().await;
        assert_eq!(opcode, 1, "a text frame");
        document(&payload, Limits::AFTER_AUTH).expect("well-formed")
    }

    /// The next stanza of that name.
    pub(super) async fn read_named(&mut self, name: &str) -> Element {
        loop {
            let element = self.read().await;
            if element.name == name {
                return element;
            }
        }
    }

    /// Up to the mechanisms.
    pub(super) async fn opened(service: &Service) -> Client {
        let mut client = Client::connect(service, "/ws/", &frame(1, OPEN.as_bytes())).await;
        assert_eq!(client.read().await.attribute("from"), Some("desk.test"));
        let features = client.read().await;
        assert!(features.child("mechanisms", ns::SASL).is_some());
        assert!(
            features.child("starttls", ns::TLS).is_none(),
            "never over WebSocket"
        );
        client
    }

    /// From the success on.
    pub(super) async fn bound(&mut self, resource: &str) {
        self.send(OPEN).await;
        assert_eq!(self.read().await.name, "open");
        assert!(self.read().await.child("bind", ns::BIND).is_some());
        self.send(&bind(resource)).await;
        let bound = self.read().await;
        assert_eq!(bound.attribute("type"), Some("result"));
    }

    pub(super) async fn online(service: &Service, user: &str, resource: &str) -> Client {
        let mut client = Client::opened(service).await;
        client.send(&auth(user, user)).await;
        assert_eq!(client.read().await.name, "success");
        client.bound(resource).await;
        client.send(PRESENCE).await;
        service
            .presence(&format!("{user}@desk.test/{resource}"), true, false)
            .await;
        client
    }
}

#[tokio::test]
async fn an_agent_signs_in_and_hears_its_events_in_order() {
    let service = Service::start(|_| {}).await;
    let mut client = Client::online(&service, "2001", "desktop").await;
    service
        .line("INFO SessionManager Session created for JID 2001@desk.test/desktop over WebSocket")
        .await;
    for number in 0..50 {
        service.publish(NODE, &format!("<Update><n>{number}</n>&amp;</Update>"));
    }
    for number in 0..50 {
        let message = client.read_named("message").await;
        assert_eq!(message.attribute("to"), Some("2001@desk.test"));
        let (node, update) = event(&message).expect("an event");
        assert_eq!(
            (node.as_str(), update.as_str()),
            (
                NODE,
                format!("<Update><n>{number}</n>&amp;</Update>").as_str()
            )
        );
    }
    client
        .send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
        .await;
    assert_eq!(client.read_named("close").await.ns, ns::FRAMING);
    service
        .presence("2001@desk.test/desktop", false, true)
        .await;
    service
        .line("Session closed for JID 2001@desk.test/desktop over WebSocket: closed by the client")
        .await;
    let lines = service.lines.lock().unwrap().join("\n");
    assert!(lines.contains(">***</auth>"), "{lines}");
    assert!(!lines.contains("MjAwMQ"), "no password in the trace");
}

#[tokio::test]
async fn the_subprotocol_is_required() {
    let service = Service::start(|_| {}).await;
    for protocol in ["", "Sec-WebSocket-Protocol: chat\r\n"] {
        let mut socket = TcpStream::connect(service.http).await.unwrap();
        socket
            .write_all(upgrade("/ws", protocol).as_bytes())
            .await
            .unwrap();
        let mut head = vec![0; 12];
        timeout(PATIENCE, socket.read_exact(&mut head))
            .await
            .expect("an answer")
            .unwrap();
        assert_eq!(head, b"HTTP/1.1 400");
    }
    service
        .line("WARN WebSocketStream a WebSocket without the subprotocol xmpp")
        .await;
}

/// Sends these messages after the opening; the names of the stream error and of what follows.
async fn error_after(service: &Service, frames: &[u8]) -> (String, Client) {
    let mut client = Client::connect(service, "/ws", &frame(1, OPEN.as_bytes())).await;
    client.read().await;
    client.read().await;
    client.socket.write_all(frames).await.unwrap();
    let error = client.read_named("error").await;
    assert_eq!(client.read().await.name, "close");
    (
        error.children().next().expect("a condition").name.clone(),
        client,
    )
}

#[tokio::test]
async fn broken_rules_end_the_stream() {
    let service = Service::start(|_| {}).await;
    let big = format!("<iq>{}</iq>", "x".repeat(20_000));
    let cases: [(Vec<u8>, &str); 5] = [
        (frame(1, b" "), "bad-format"),
        (frame(1, b"<a></b>"), "not-well-formed"),
        (frame(1, b"<a/><b/>"), "not-well-formed"),
        (frame(1, b"<!-- c --><a/>"), "restricted-xml"),
        (frame(1, big.as_bytes()), "policy-violation"),
    ];
    for (frames, condition) in cases {
        assert_eq!(error_after(&service, &frames).await.0, condition);
    }
    let (condition, mut client) = error_after(&service, &frame(2, b"<a/>")).await;
    assert_eq!(condition, "bad-format");
    let (opcode, payload) = client.frame().await;
    assert_eq!(
        (opcode, payload),
        (8, 1003_u16.to_be_bytes().to_vec()),
        "binary closes with 1003"
    );
}

#[tokio::test]
async fn pings_and_fragments_are_understood() {
    let service = Service::start(|_| {}).await;
    let mut client = Client::online(&service, "2001", "desktop").await;
    let text = b"<iq type='get' id='f' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>";
    let (first, second) = text.split_at(10);
    let mut frames = frame(1, first);
    frames[0] &= 0x7f; // not the last fragment
    frames.extend(frame(9, b"beat"));
    frames.extend(frame(0, second));
    client.socket.write_all(&frames).await.unwrap();
    let mut seen = Vec::new();
    while seen.len() < 2 {
        let (opcode, payload) = client.frame().await;
        let text = String::from_utf8(payload).unwrap();
        if opcode == 10 || text.contains("id=\"f\"") {
            seen.push(opcode);
        }
    }
    assert_eq!(seen, [10, 1]);
}

#[tokio::test]
async fn silence_is_asked_about_by_a_ping_frame() {
    let service = Service::start(|config| {
        config.ping_ms = 100;
        config.silence_ms = 400;
    })
    .await;
    let mut client = Client::online(&service, "2001", "quiet").await;
    while client.frame().await.0 != 9 {}
    service
        .line("Session closed for JID 2001@desk.test/quiet over WebSocket: silent")
        .await;
}

#[tokio::test]
async fn a_message_beyond_all_limits_ends_the_connection() {
    let service = Service::start(|_| {}).await;
    let mut client = Client::online(&service, "2001", "big").await;
    let _ = client.socket.write_all(&frame(1, &[b'<'; 100_000])).await;
    service
        .line("Session closed for JID 2001@desk.test/big over WebSocket: policy-violation")
        .await;
    service.line("WARN WebSocketStream").await;
}

#[tokio::test]
async fn pages_of_sites_that_may_not_call_open_no_socket() {
    let cors = tact_server::cors::Cors::new(&["https://crm.test".to_owned()]);
    let service = Service::start(|config| config.cors = cors.clone()).await;
    let status = async |origin: &str| {
        let mut socket = TcpStream::connect(service.http).await.unwrap();
        let head = format!("Sec-WebSocket-Protocol: xmpp\r\nOrigin: {origin}\r\n");
        socket
            .write_all(upgrade("/ws/", &head).as_bytes())
            .await
            .unwrap();
        let mut line = [0; 12];
        timeout(PATIENCE, socket.read_exact(&mut line))
            .await
            .unwrap()
            .unwrap();
        String::from_utf8_lossy(&line[9..]).into_owned()
    };
    assert_eq!(status("https://crm.test").await, "101");
    assert_eq!(status("http://x").await, "101", "the server's own pages");
    assert_eq!(status("https://evil.test").await, "403");
    cors.set(&["https://evil.test".to_owned()]);
    assert_eq!(status("https://crm.test").await, "403");
    assert_eq!(status("https://evil.test").await, "101");
    service
        .line("WebSocketStream a page of a site that may not connect")
        .await;
}
