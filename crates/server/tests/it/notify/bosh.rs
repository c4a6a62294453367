//! BOSH, request by request.

use tact_xmpp::bosh::Body;
use tact_xmpp::ns;
use tact_xmpp::parser::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{NODE, PATIENCE, PRESENCE, Service, auth, bind, event};

/// What came back: status, head and body.
pub(super) struct Answer {
    pub(super) head: String,
    pub(super) text: String,
}

impl Answer {
    fn body(&self) -> Body {
        Body::parse(self.text.as_bytes(), Limits::AFTER_AUTH).expect("a body")
    }
}

/// One request on a connection of its own.
async fn exchange(service: &Service, method: &str, path: &str, head: &str, body: &str) -> Answer {
    let mut socket = TcpStream::connect(service.http).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, socket.read_to_string(&mut answer))
        .await
        .expect("an answer")
        .unwrap();
    let (head, text) = answer.split_once("\r\n\r\n").expect("a head");
    Answer {
        head: head.to_lowercase(),
        text: text.to_owned(),
    }
}

pub(super) struct Client<'a> {
    service: &'a Service,
    sid: String,
    rid: u64,
}

const CREATE: &str = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1000' to='10.0.0.1' ver='3.5' \
    wait='30' hold='1' content='text/xml; charset=utf-8' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'/>";

impl<'a> Client<'a> {
    async fn create(service: &'a Service, path: &str) -> Client<'a> {
        let answer = exchange(service, "POST", path, "", CREATE).await;
        assert!(answer.head.starts_with("http/1.1 200"), "{}", answer.head);
        assert!(
            answer
                .head
                .contains("content-type: text/xml; charset=utf-8"),
            "{}",
            answer.head
        );
        assert!(answer.head.contains("content-length:"), "{}", answer.head);
        let body = answer.body();
        assert_eq!(body.ver, Some((1, 11)));
        assert_eq!(body.from.as_deref(), Some("desk.test"));
        assert_eq!(
            (body.wait, body.hold, body.requests, body.inactivity),
            (Some(30), Some(1), Some(2), Some(30))
        );
        assert_eq!(body.authid, body.sid);
        let features = body
            .payload
            .first()
            .expect("features in the creation response");
        assert!(features.is("features", ns::STREAMS));
        assert!(features.child("mechanisms", ns::SASL).is_some());
        Client {
            service,
            sid: body.sid.expect("a sid"),
            rid: 1000,
        }
    }

    fn request(&mut self, attributes: &str, payload: &str) -> String {
        self.rid += 1;
        let (rid, sid) = (self.rid, &self.sid);
        format!(
            "<body xmlns='http://jabber.org/protocol/httpbind' rid='{rid}' sid='{sid}' {attributes}>{payload}</body>"
        )
    }

    pub(super) async fn send(&mut self, attributes: &str, payload: &str) -> Body {
        let request = self.request(attributes, payload);
        exchange(self.service, "POST", "/http-bind", "", &request)
            .await
            .body()
    }

    pub(super) async fn online(service: &'a Service, user: &str, resource: &str) -> Client<'a> {
        let mut client = Client::create(service, "/http-bind/").await;
        let answer = client.send("", &auth(user, user)).await;
        assert_eq!(answer.payload[0].name, "success");
        let answer = client
            .send("xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true'", "")
            .await;
        assert!(answer.payload[0].child("bind", ns::BIND).is_some());
        let answer = client.send("", &bind(resource)).await;
        assert_eq!(answer.payload[0].attribute("type"), Some("result"));
        let answer = client.send("", PRESENCE).await;
        assert!(
            answer
                .payload
                .iter()
                .any(|p| p.attribute("from") == Some("finesse@desk.test")),
            "{answer:?}"
        );
        client
    }
}

#[tokio::test]
async fn an_agent_signs_in_and_hears_its_events() {
    let service = Service::start(|_| {}).await;
    let mut client = Client::online(&service, "2001", "cisco").await;
    service
        .line("INFO SessionManager Session created for JID 2001@desk.test/cisco over BOSH")
        .await;
    service.presence("2001@desk.test/cisco", true, false).await;
    let poll = client.request("", "");
    let held = exchange(&service, "POST", "/http-bind", "", &poll);
    let publish = async {
        service.line(&format!("rid='{}'", client.rid)).await;
        service.publish(NODE, "<Update><x>&lt;</x></Update>");
    };
    let (answer, ()) = tokio::join!(held, publish);
    let body = answer.body();
    assert_eq!(
        event(&body.payload[0]),
        Some((NODE.to_owned(), "<Update><x>&lt;</x></Update>".to_owned()))
    );
    let end = client
        .send(
            "type='terminate'",
            "<presence type='unavailable' xmlns='jabber:client'/>",
        )
        .await;
    assert!(end.is_terminate());
    service.presence("2001@desk.test/cisco", false, true).await;
    service
        .line("Session closed for JID 2001@desk.test/cisco over BOSH: closed by the client")
        .await;
    let after = client.send("", "").await;
    assert_eq!(after.condition.as_deref(), Some("item-not-found"));
}

#[tokio::test]
async fn browsers_of_other_origins_are_let_in() {
    let service = Service::start(|_| {}).await;
    for path in ["/http-bind", "/http-bind/"] {
        let head = "Origin: https://crm.test\r\nAccess-Control-Request-Method: POST\r\n";
        let answer = exchange(&service, "OPTIONS", path, head, "").await;
        assert!(answer.head.starts_with("http/1.1 200"), "{}", answer.head);
        assert!(
            answer
                .head
                .contains("access-control-allow-origin: https://crm.test"),
            "{}",
            answer.head
        );
        assert!(
            answer
                .head
                .contains("access-control-allow-methods: get, head, options, post"),
            "{}",
            answer.head
        );
        let answer = exchange(&service, "POST", path, head, CREATE).await;
        assert!(
            answer
                .head
                .contains("access-control-allow-origin: https://crm.test"),
            "{}",
            answer.head
        );
    }
}

#[tokio::test]
async fn bad_bodies_are_refused_and_logged_once() {
    let service = Service::start(|_| {}).await;
    for bad in [
        "",
        "nonsense",
        "<body/>",
        "<body xmlns='http://jabber.org/protocol/httpbind'>text</body>",
        "<!DOCTYPE x><x/>",
    ] {
        let answer = exchange(&service, "POST", "/http-bind", "", bad).await;
        assert_eq!(
            answer.body().condition.as_deref(),
            Some("bad-request"),
            "{bad}"
        );
    }
    assert_eq!(service.count("WARN BoshSession"), 5);
    let big = format!(
        "<body xmlns='http://jabber.org/protocol/httpbind' rid='1'>{}</body>",
        " ".repeat(70_000)
    );
    let answer = exchange(&service, "POST", "/http-bind", "", &big).await;
    assert_eq!(answer.body().condition.as_deref(), Some("policy-violation"));
    let unknown = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' sid='none'/>";
    let answer = exchange(&service, "POST", "/http-bind", "", unknown).await;
    assert!(answer.head.starts_with("http/1.1 200"));
    assert_eq!(answer.body().condition.as_deref(), Some("item-not-found"));
}

#[tokio::test]
async fn a_second_session_with_the_same_address_ends_the_first_with_a_stream_error() {
    let service = Service::start(|_| {}).await;
    let mut first = Client::online(&service, "2001", "desktop").await;
    let poll = first.request("", "");
    let held = exchange(&service, "POST", "/http-bind", "", &poll);
    let second = async {
        service.line(&format!("rid='{}'", first.rid)).await;
        Client::online(&service, "2001", "desktop").await
    };
    let (answer, _second) = tokio::join!(held, second);
    let body = answer.body();
    assert!(body.is_terminate());
    assert_eq!(body.condition.as_deref(), Some("remote-stream-error"));
    let error = body
        .payload
        .iter()
        .find(|p| p.is("error", ns::STREAMS))
        .expect("a stream error");
    assert!(error.child("conflict", ns::STREAM_ERRORS).is_some());
    service
        .line("Session closed for JID 2001@desk.test/desktop over BOSH: conflict")
        .await;
}

#[tokio::test]
async fn a_browser_that_vanishes_is_noticed() {
    let service = Service::start(|config| config.bosh.inactivity = 1).await;
    let mut socket = TcpStream::connect(service.http).await.unwrap();
    let mut client = online_briefly(&service).await;
    let poll = client.request("", "");
    let request = format!(
        "POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{poll}",
        poll.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    service.line(&format!("rid='{}'", client.rid)).await;
    drop(socket); // while the poll is held for 30 seconds
    service.presence("2001@desk.test/gone", false, true).await;
    service
        .line("Session closed for JID 2001@desk.test/gone over BOSH: inactivity")
        .await;
}

/// Like [`Client::online`], where another inactivity is granted.
async fn online_briefly(service: &Service) -> Client<'_> {
    let answer = exchange(service, "POST", "/http-bind", "", CREATE).await;
    let mut client = Client {
        service,
        sid: answer.body().sid.expect("a sid"),
        rid: 1000,
    };
    client.send("", &auth("2001", "2001")).await;
    client
        .send("xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true'", "")
        .await;
    client.send("", &bind("gone")).await;
    client.send("", PRESENCE).await;
    client
}

#[tokio::test]
async fn a_held_request_waits_no_longer_than_granted() {
    let service = Service::start(|config| config.bosh.wait = 1).await;
    let mut client = online_briefly(&service).await;
    let answer = client.send("", "").await;
    assert_eq!(answer, Body::default());
}

#[tokio::test]
async fn a_wrong_password_is_refused() {
    let service = Service::start(|_| {}).await;
    let mut client = Client::create(&service, "/http-bind").await;
    let answer = client.send("", &auth("2001", "wrong")).await;
    assert!(
        answer.payload[0]
            .child("not-authorized", ns::SASL)
            .is_some()
    );
    service
        .line("WARN SessionManager Authentication failed for 2001 over BOSH")
        .await;
}

#[tokio::test]
async fn a_client_that_never_polls_is_dropped_at_the_bound() {
    let service = Service::start(|config| config.queued_stanzas = 5).await;
    let _client = Client::online(&service, "2001", "idle").await;
    for _ in 0..7 {
        service.publish(NODE, "<Update/>");
    }
    service
        .line("Session closed for JID 2001@desk.test/idle over BOSH: policy-violation")
        .await;
    assert_eq!(service.notify.counts().overflowed, 1);
}

#[tokio::test]
async fn a_browser_that_closes_is_absent_at_once_and_present_again_when_it_asks_again() {
    let service = Service::start(|_| {}).await;
    let mut client = Client::online(&service, "2001", "tab").await;
    let jid = "2001@desk.test/tab";
    service.presence(jid, true, false).await;
    let begun = std::time::Instant::now();
    let poll = client.request("", "");
    let mut held = TcpStream::connect(service.http).await.unwrap();
    let request = format!(
        "POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{poll}",
        poll.len()
    );
    held.write_all(request.as_bytes()).await.unwrap();
    drop(held);
    service.presence(jid, false, true).await;
    assert!(begun.elapsed().as_secs() < 5);
    service.publish(NODE, "<Update>missed</Update>");
    // The session waits for its client, which has missed nothing.
    let answer = client.send("", "").await;
    assert!(
        answer.payload.iter().any(|stanza| event(stanza).is_some()),
        "{answer:?}"
    );
    let changes = || service.presence.lock().unwrap().len();
    super::until("back", || changes() == 3).await;
}
