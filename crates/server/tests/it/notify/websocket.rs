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

    pub(super) async fn online(service: &Service, user: &str, resource: &str) -> Client {
        let mut client = Client::connect(service, "/ws/", &frame(1, OPEN.as_bytes())).await;
        assert_eq!(client.read().await.attribute("from"), Some("desk.test"));
        let features = client.read().await;
        assert!(features.child("mechanisms", ns::SASL).is_some());
        assert!(
            features.child("starttls", ns::TLS).is_none(),
            "never over WebSocket"
        );
        client.send(&auth(user, user)).await;
        assert_eq!(client.read().await.name, "success");
        client.send(OPEN).await;
        assert_eq!(client.read().await.name, "open");
        assert!(client.read().await.child("bind", ns::BIND).is_some());
        client.send(&bind(resource)).await;
        let bound = client.read().await;
        assert_eq!(bound.attribute("type"), Some("result"));
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
        service
            .notify
            .publish(NODE, &format!("<Update><n>{number}</n>&amp;</Update>"));
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
