//! TCP, byte by byte: plain, STARTTLS, direct TLS, and peers that misbehave.

use std::sync::Arc;

use tact_xmpp::element::Element;
use tact_xmpp::ns;
use tact_xmpp::parser::{Limits, StreamEvent, StreamParser};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{NODE, PATIENCE, PRESENCE, Service, auth, bind, event, until};

const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' to='' version='1.0'>";

pub(super) struct Client<S> {
    stream: S,
    parser: StreamParser,
    input: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    fn new(stream: S) -> Client<S> {
        Client {
            stream,
            parser: StreamParser::new(Limits::AFTER_AUTH),
            input: Vec::new(),
        }
    }

    pub(super) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    async fn next(&mut self) -> StreamEvent {
        loop {
            let mut rest = self.input.as_slice();
            let event = self.parser.next(&mut rest).expect("well-formed");
            self.input = rest.to_vec();
            if let Some(event) = event {
                return event;
            }
            let read = timeout(PATIENCE, self.stream.read_buf(&mut self.input))
                .await
                .expect("the server answers")
                .unwrap();
            assert_ne!(read, 0, "the server closed the connection");
        }
    }

    async fn element(&mut self) -> Element {
        match self.next().await {
            StreamEvent::Element(element) => element,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn named(&mut self, name: &str) -> Element {
        loop {
            let element = self.element().await;
            if element.name == name {
                return element;
            }
        }
    }

    /// Opens the stream; the features.
    pub(super) async fn open(&mut self) -> Element {
        self.parser = StreamParser::new(Limits::AFTER_AUTH);
        self.send(HEADER).await;
        match self.next().await {
            StreamEvent::Open(header) => assert_eq!(header.attribute("from"), Some("desk.test")),
            other => panic!("{other:?}"),
        }
        self.element().await
    }

    async fn sign_in(&mut self, user: &str, resource: &str) {
        self.send(&auth(user, user)).await;
        assert_eq!(self.element().await.name, "success");
        assert!(self.open().await.child("bind", ns::BIND).is_some());
        self.send(&bind(resource)).await;
        assert_eq!(self.element().await.attribute("type"), Some("result"));
        self.send(PRESENCE).await;
    }

    /// The stream error that ends the connection.
    pub(super) async fn error(&mut self) -> String {
        let error = self.named("error").await;
        let condition = error.children().next().expect("a condition").name.clone();
        assert_eq!(self.next().await, StreamEvent::Close);
        condition
    }
}

pub(super) async fn connect(service: &Service) -> Client<TcpStream> {
    Client::new(TcpStream::connect(service.tcp).await.unwrap())
}

pub(super) async fn online(service: &Service, user: &str, resource: &str) -> Client<TcpStream> {
    let mut client = connect(service).await;
    client.open().await;
    client.sign_in(user, resource).await;
    let jid = format!("{user}@desk.test/{resource}");
    service.presence(&jid, true, false).await;
    client
}

async fn secure(service: &Service, socket: TcpStream) -> Client<TlsStream<TcpStream>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(service.certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from("desk.test").unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    Client::new(connector.connect(name, socket).await.unwrap())
}

#[tokio::test]
async fn plain_starttls_and_direct_tls_lead_to_events() {
    let service = Service::start(|_| {}).await;
    let mut plain = online(&service, "2001", "plain").await;

    let mut before = connect(&service).await;
    assert!(before.open().await.child("starttls", ns::TLS).is_some());
    before
        .send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        .await;
    assert_eq!(before.element().await.name, "proceed");
    let mut upgraded = secure(&service, before.stream).await;
    let features = upgraded.open().await;
    assert!(features.child("starttls", ns::TLS).is_none());
    upgraded.sign_in("2001", "upgraded").await;

    let socket = TcpStream::connect(service.tls).await.unwrap();
    let mut direct = secure(&service, socket).await;
    direct.open().await;
    direct.sign_in("2001", "direct").await;

    service
        .presence("2001@desk.test/upgraded", true, false)
        .await;
    service.presence("2001@desk.test/direct", true, false).await;
    service.publish(NODE, "<Update/>");
    let expected = Some((NODE.to_owned(), "<Update/>".to_owned()));
    assert_eq!(event(&plain.named("message").await), expected);
    assert_eq!(event(&upgraded.named("message").await), expected);
    assert_eq!(event(&direct.named("message").await), expected);
}

#[tokio::test]
async fn words_behind_starttls_are_refused() {
    let service = Service::start(|_| {}).await;
    let mut client = connect(&service).await;
    client.open().await;
    client
        .send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><presence/>")
        .await;
    assert_eq!(client.error().await, "policy-violation");
    service
        .line("WARN TcpStream policy-violation from a client: data behind starttls")
        .await;
}

#[tokio::test]
async fn without_plain_passwords_need_tls() {
    let service = Service::start(|config| config.allow_plain_tcp = false).await;
    let mut client = connect(&service).await;
    let features = client.open().await;
    assert!(features.child("mechanisms", ns::SASL).is_none());
    client.send(&auth("2001", "2001")).await;
    let failure = client.element().await;
    assert!(failure.child("encryption-required", ns::SASL).is_some());
}

#[tokio::test]
async fn wrong_passwords_are_logged_and_limited() {
    let service = Service::start(|_| {}).await;
    let mut client = connect(&service).await;
    client.open().await;
    for _ in 0..3 {
        client.send(&auth("2001", "wrong")).await;
        let failure = client.element().await;
        assert!(failure.child("not-authorized", ns::SASL).is_some());
    }
    assert_eq!(client.error().await, "policy-violation");
    assert_eq!(service.count("Authentication failed for 2001 over TCP"), 3);
}

#[tokio::test]
async fn bad_xml_ends_one_stream_and_disturbs_no_other() {
    let service = Service::start(|_| {}).await;
    let mut good = online(&service, "2001", "good").await;
    let big = format!("<iq id='{}'/>", "x".repeat(20_000));
    let cases = [
        ("<a></b>", "not-well-formed"),
        ("<!-- c -->", "restricted-xml"),
        ("hello <a/>", "bad-format"),
        ("<presence xmlns='jabber:client'/>", "not-authorized"),
        (big.as_str(), "policy-violation"),
    ];
    for (text, condition) in cases {
        let mut bad = connect(&service).await;
        bad.open().await;
        bad.send(text).await;
        assert_eq!(bad.error().await, condition, "{text:.40}");
    }
    assert_eq!(
        service.count("WARN TcpStream"),
        4,
        "one line each; the last is no broken rule of the wire"
    );
    service.publish(NODE, "<Update/>");
    assert!(event(&good.named("message").await).is_some());
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped_alone() {
    let service = Service::start(|_| {}).await;
    let mut reader = online(&service, "2001", "reader").await;
    let stuck = online(&service, "2001", "stuck").await;
    let update = format!("<Update>{}</Update>", "x".repeat(20_000));
    let mut sent = 0;
    while service.notify.counts().overflowed == 0 {
        service.publish(NODE, &update);
        sent += 1;
        assert!(sent < 5_000, "the bound is never reached");
        assert!(event(&reader.named("message").await).is_some());
    }
    service
        .line("Session closed for JID 2001@desk.test/stuck over TCP: policy-violation")
        .await;
    service.presence("2001@desk.test/stuck", false, false).await;
    until("the connection's end", || {
        service.notify.counts().sessions == 1
    })
    .await;
    drop(stuck);
    service.publish(NODE, "<Update/>");
    assert!(event(&reader.named("message").await).is_some());
}

#[tokio::test]
async fn a_second_session_with_the_same_address_replaces_the_first() {
    let service = Service::start(|_| {}).await;
    let mut first = online(&service, "2001", "desktop").await;
    let mut second = connect(&service).await;
    second.open().await;
    second.sign_in("2001", "desktop").await;
    assert_eq!(first.error().await, "conflict");
    service
        .line("Session closed for JID 2001@desk.test/desktop over TCP: conflict")
        .await;
    service
        .presence("2001@desk.test/desktop", false, true)
        .await;
    assert_eq!(service.count("Session closed for JID"), 1);
}

#[tokio::test]
async fn sessions_of_an_agent_are_bounded() {
    let service = Service::start(|config| config.sessions_per_agent = 2).await;
    let _one = online(&service, "2001", "one").await;
    let _two = online(&service, "2001", "two").await;
    let mut three = connect(&service).await;
    three.open().await;
    three.send(&auth("2001", "2001")).await;
    three.element().await;
    three.open().await;
    three.send(&bind("three")).await;
    let refusal = three.element().await;
    assert_eq!(refusal.attribute("type"), Some("error"));
}

#[tokio::test]
async fn silence_is_asked_about_and_then_ended() {
    let service = Service::start(|config| {
        config.ping_ms = 100;
        config.silence_ms = 400;
    })
    .await;
    let mut client = online(&service, "2001", "quiet").await;
    let ping = client.named("iq").await;
    assert!(ping.child("ping", ns::PING).is_some());
    let answer = Element::new("iq", ns::CLIENT)
        .with_attribute("type", "result")
        .with_attribute("id", ping.attribute("id").unwrap());
    client.send(&answer.to_xml()).await;
    assert!(
        client.named("iq").await.child("ping", ns::PING).is_some(),
        "asked again"
    );
    assert_eq!(client.error().await, "connection-timeout");
    service.presence("2001@desk.test/quiet", false, true).await;
    service
        .line("Session closed for JID 2001@desk.test/quiet over TCP: silent")
        .await;
}

#[tokio::test]
async fn a_client_that_answers_no_ping_lives_on_as_long_as_its_system_does() {
    let service = Service::start(|config| {
        config.ping_ms = 20;
        config.silence_ms = 60;
    })
    .await;
    let mut client = online(&service, "2001", "quiet").await;
    for _ in 0..10 {
        let ping = client.named("iq").await;
        assert!(ping.child("ping", ns::PING).is_some());
    }
    service.publish(NODE, "<Update>1</Update>");
    assert!(event(&client.named("message").await).is_some());
    assert_eq!(service.presence.lock().unwrap().len(), 1);
}

/// From now on nothing that the server sends reaches this end, not even to be acknowledged.
#[cfg(target_os = "linux")]
fn vanish(stream: &TcpStream) {
    let nothing = socket2::SockFilter::new(0x06, 0, 0, 0); // BPF_RET | BPF_K: keep 0 bytes of each packet
    socket2::SockRef::from(stream)
        .attach_filter(&[nothing])
        .unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_that_vanished_is_noticed_though_it_never_answered_a_ping() {
    let service = Service::start(|config| {
        config.ping_ms = 1_000;
        config.silence_ms = 2_000;
    })
    .await;
    let client = online(&service, "2001", "laptop").await;
    vanish(&client.stream);
    service.presence("2001@desk.test/laptop", false, true).await;
    let lost = service.presence.lock().unwrap().pop().unwrap();
    assert_eq!(lost.loss().noticed, tact_desk::Noticed::Silent);
    drop(client);
}

#[tokio::test]
async fn authentication_has_its_time() {
    let service = Service::start(|config| config.auth_ms = 100).await;
    let mut client = connect(&service).await;
    client.open().await;
    assert_eq!(client.error().await, "connection-timeout");
}

#[tokio::test]
async fn a_lost_connection_is_an_unavailable_agent() {
    let service = Service::start(|_| {}).await;
    let client = online(&service, "2001", "lost").await;
    drop(client);
    service.presence("2001@desk.test/lost", false, true).await;
    service
        .line("Session closed for JID 2001@desk.test/lost over TCP: connection lost")
        .await;
}

#[tokio::test]
async fn a_stop_is_told_to_everybody() {
    let service = Service::start(|_| {}).await;
    let mut client = online(&service, "2001", "desktop").await;
    let (condition, ()) = tokio::join!(client.error(), service.notify.close_all());
    assert_eq!(condition, "system-shutdown");
    assert_eq!(service.notify.counts().sessions, 0);
}

#[tokio::test]
async fn subscriptions_follow_the_rights_and_end_with_the_session() {
    let service = Service::start(|_| {}).await;
    let mut agent = online(&service, "2001", "a").await;
    let mut supervisor = online(&service, "2100", "s").await;
    let ask = |command: &str| {
        format!(
            "<iq type='set' id='p' to='pubsub.desk.test'><pubsub xmlns='http://jabber.org/protocol/pubsub'>{command}</pubsub></iq>"
        )
    };
    let condition = |iq: &Element| {
        let error = iq.child("error", ns::CLIENT)?;
        Some(error.children().next()?.name.clone())
    };
    let team = "/finesse/api/Team/5000/Users";
    agent
        .send(&ask(&format!(
            "<subscribe node='{team}' jid='2001@desk.test/a'/>"
        )))
        .await;
    assert_eq!(
        condition(&agent.named("iq").await).as_deref(),
        Some("not-allowed")
    );
    agent
        .send(&ask("<subscribe node='/nowhere' jid='2001@desk.test/a'/>"))
        .await;
    assert_eq!(
        condition(&agent.named("iq").await).as_deref(),
        Some("item-not-found")
    );
    for _ in 0..2 {
        supervisor
            .send(&ask(&format!(
                "<subscribe node='{team}' jid='2100@desk.test/s'/>"
            )))
            .await;
        assert_eq!(
            supervisor.named("iq").await.attribute("type"),
            Some("result"),
            "twice is as good as once"
        );
    }
    service.publish(team, "<Update>1</Update>");
    let message = supervisor.named("message").await;
    assert_eq!(
        message.attribute("to"),
        Some("2100@desk.test/s"),
        "to the subscribed address"
    );
    assert_eq!(
        event(&message),
        Some((team.to_owned(), "<Update>1</Update>".to_owned()))
    );
    supervisor
        .send(&ask(&format!(
            "<unsubscribe node='{team}' jid='2100@desk.test/s'/>"
        )))
        .await;
    assert_eq!(
        supervisor.named("iq").await.attribute("type"),
        Some("result")
    );
    supervisor
        .send(&ask(&format!(
            "<unsubscribe node='{team}' jid='2100@desk.test/s'/>"
        )))
        .await;
    assert_eq!(
        condition(&supervisor.named("iq").await).as_deref(),
        Some("unexpected-request")
    );
    service.publish(team, "<Update>2</Update>");
    service.publish("/finesse/api/SystemInfo", "<Update>3</Update>");
    let next = event(&supervisor.named("message").await).expect("an event");
    assert_eq!(
        next.1, "<Update>3</Update>",
        "what is not subscribed is not heard"
    );
    assert_eq!(
        event(&agent.named("message").await).expect("an event").1,
        "<Update>3</Update>"
    );
}

#[tokio::test]
async fn only_the_available_hear_and_nothing_is_stored() {
    let service = Service::start(|_| {}).await;
    let mut client = connect(&service).await;
    client.open().await;
    client.send(&auth("2001", "2001")).await;
    client.element().await;
    client.open().await;
    client.send(&bind("a")).await;
    client.element().await;
    service.publish(NODE, "<Update>before</Update>");
    client
        .send("<presence><priority>-1</priority></presence>")
        .await;
    service.presence("2001@desk.test/a", true, false).await;
    service.publish(NODE, "<Update>negative</Update>");
    client
        .send("<presence/><iq type='get' id='done'><ping xmlns='urn:xmpp:ping'/></iq>")
        .await;
    assert_eq!(client.named("iq").await.attribute("id"), Some("done"));
    service.publish(NODE, "<Update>now</Update>");
    assert_eq!(
        event(&client.named("message").await).expect("an event").1,
        "<Update>now</Update>"
    );
}
