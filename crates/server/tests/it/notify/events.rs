//! The second channel over real sockets: Server-Sent Events and WebSocket, and coming back.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::{NODE, PATIENCE, Service, websocket};

fn basic(user: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{user}")))
}

/// Events as a program reads them that knows nothing but lines.
struct Sse {
    socket: BufReader<TcpStream>,
    head: String,
}

/// One event: its name, id and data.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    name: String,
    id: String,
    data: serde_json::Value,
}

impl Sse {
    async fn get(service: &Service, query: &str, headers: &str) -> Sse {
        let mut socket = TcpStream::connect(service.http).await.unwrap();
        let request = format!("GET /events{query} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut sse = Sse {
            socket: BufReader::new(socket),
            head: String::new(),
        };
        loop {
            let line = sse.line().await;
            if line.is_empty() {
                return sse;
            }
            sse.head += &line.to_lowercase();
            sse.head.push('\n');
        }
    }

    async fn open(service: &Service, user: &str, last: Option<&str>) -> Sse {
        let mut headers = format!("Authorization: {}\r\n", basic(user));
        if let Some(last) = last {
            headers += &format!("Last-Event-ID: {last}\r\n");
        }
        let sse = Sse::get(service, "", &headers).await;
        assert!(sse.head.starts_with("http/1.1 200"), "{}", sse.head);
        assert!(sse.head.contains("text/event-stream"), "{}", sse.head);
        sse
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.socket.read_line(&mut line);
        let read = timeout(PATIENCE, read).await.expect("a line").unwrap();
        assert_ne!(read, 0, "the server closed the connection");
        line.trim_end().to_owned()
    }

    /// The next event; sizes of chunks and signs of life are left out.
    async fn next(&mut self) -> Told {
        let (mut name, mut id) = (String::new(), String::new());
        loop {
            let line = self.line().await;
            match line.split_once(": ") {
                Some(("event", value)) => name = value.to_owned(),
                Some(("id", value)) => id = value.to_owned(),
                Some(("data", value)) => {
                    let data = serde_json::from_str(value).unwrap();
                    return Told { name, id, data };
                }
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn who_comes_back_goes_on_where_it_stopped() {
    let service = Service::start(|_| {}).await;
    let mut sse = Sse::open(&service, "2001", None).await;
    let ready = sse.next().await;
    assert_eq!(
        (ready.name.as_str(), &ready.data["id"]),
        ("ready", &ready.id.clone().into())
    );
    service.presence("2001@desk.test/events", true, false).await;
    service.publish(NODE, "<Update>1</Update>");
    let first = sse.next().await;
    assert_eq!(first.name, "update");
    assert_eq!(first.data["id"], first.id);
    assert_eq!(first.data["node"], NODE);
    drop(sse);
    service.presence("2001@desk.test/events", false, true).await;
    for text in ["<Update>22</Update>", "<Update>333</Update>"] {
        service.publish(NODE, text);
    }
    let mut sse = Sse::open(&service, "2001", Some(&first.id)).await;
    assert_eq!(sse.next().await.name, "ready");
    assert_eq!(sse.next().await.data["length"], "<Update>22</Update>".len());
    let last = sse.next().await;
    assert_eq!(last.data["length"], "<Update>333</Update>".len());
    // Nothing of others, and not twice.
    service.publish("/finesse/api/User/2002", "<Update/>");
    service.publish("/finesse/api/SystemInfo", "<Update/>");
    assert_eq!(sse.next().await.data["node"], "/finesse/api/SystemInfo");
}

#[tokio::test]
async fn what_is_no_longer_kept_is_said() {
    let service = Service::start(|_| {}).await;
    let ready = Sse::open(&service, "2001", None).await.next().await;
    for number in 0..1001 {
        service.publish(NODE, &format!("<Update>{number}</Update>"));
    }
    for (last, why) in [
        (ready.id.as_str(), "too-old"),
        ("abc-7", "unknown-id"),
        ("x", "unknown-id"),
    ] {
        let mut sse = Sse::open(&service, "2001", Some(last)).await;
        let mut told = sse.next().await;
        if told.name == "ready" {
            told = sse.next().await;
        }
        assert_eq!(
            (told.name.as_str(), &told.data["why"]),
            ("resync", &why.into())
        );
        service.publish(NODE, "<Update>after</Update>");
        let after = sse.next().await;
        assert_eq!(after.data["length"], "<Update>after</Update>".len());
    }
}

#[tokio::test]
async fn a_supervisor_subscribes_and_an_agent_may_not() {
    let service = Service::start(|_| {}).await;
    let team = "/finesse/api/Team/5000/Users";
    let mut sse = Sse::get(
        &service,
        &format!("?node={team}"),
        &format!("Authorization: {}\r\n", basic("2100")),
    )
    .await;
    assert_eq!(sse.next().await.name, "ready");
    service.publish(team, "<Update/>");
    assert_eq!(sse.next().await.data["node"], team);
    for (query, user, status) in [
        (format!("?node={team}"), "2001", "403"),
        ("?node=/nowhere".to_owned(), "2001", "404"),
    ] {
        let headers = format!("Authorization: {}\r\n", basic(user));
        let refused = Sse::get(&service, &query, &headers).await;
        assert!(refused.head.contains(status), "{}", refused.head);
    }
}

#[tokio::test]
async fn nobody_listens_without_a_credential() {
    let service = Service::start(|_| {}).await;
    for headers in [
        "",
        "Authorization: Basic eDp5\r\n",
        "Authorization: Bearer wrong\r\n",
    ] {
        let mut refused = Sse::get(&service, "", headers).await;
        assert!(refused.head.starts_with("http/1.1 401"), "{}", refused.head);
        assert!(
            refused.head.contains("www-authenticate: basic"),
            "{}",
            refused.head
        );
        let mut body = vec![0; 9];
        refused.socket.read_exact(&mut body).await.unwrap();
        assert_eq!(body, b"{\"error\":");
    }
    // A browser's EventSource cannot set headers.
    let mut sse = Sse::get(&service, "?access_token=2001", "").await;
    assert_eq!(sse.next().await.name, "ready");
    let foreign = Sse::get(
        &service,
        "?access_token=2001",
        "Origin: https://crm.test\r\n",
    )
    .await;
    assert!(
        foreign
            .head
            .contains("access-control-allow-origin: https://crm.test")
    );
}

#[tokio::test]
async fn a_websocket_hears_the_same_and_counts_as_presence_beside_xmpp() {
    let service = Service::start(|_| {}).await;
    let xmpp = websocket::Client::online(&service, "2001", "desktop").await;
    let mut request = format!("ws://{}/events", service.http)
        .into_client_request()
        .unwrap();
    request
        .headers_mut()
        .insert("authorization", basic("2001").parse().unwrap());
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let mut next = async || loop {
        let message = timeout(PATIENCE, socket.next()).await.expect("a message");
        if let Message::Text(text) = message.unwrap().unwrap() {
            return serde_json::from_str::<serde_json::Value>(&text).unwrap();
        }
    };
    assert_eq!(next().await["type"], "ready");
    service.publish(NODE, "<Update/>");
    let update = next().await;
    assert_eq!(
        (&update["type"], &update["node"]),
        (&"update".into(), &NODE.into())
    );
    // The agent is there as long as one of the two channels is.
    drop(xmpp);
    service
        .presence("2001@desk.test/desktop", false, false)
        .await;
    drop(socket);
    service.presence("2001@desk.test/events", false, true).await;
}

#[tokio::test]
async fn a_stop_ends_what_listens() {
    let service = Service::start(|_| {}).await;
    let mut sse = Sse::open(&service, "2001", None).await;
    sse.next().await;
    service.notify.close_all().await;
    // The end of the chunks, and of the connection.
    let ended = async { while sse.line().await != "0" {} };
    timeout(PATIENCE, ended).await.unwrap();
}

#[tokio::test]
async fn a_kept_subscription_that_is_no_longer_allowed_is_not_heard_here_either() {
    let service = Service::start(|_| {}).await;
    let team = "/finesse/api/Team/5000/Users";
    service
        .notify
        .restore([("2001".to_owned(), team.to_owned())]);
    let mut sse = Sse::open(&service, "2001", None).await;
    sse.next().await;
    service.publish(team, "<Update/>");
    service.publish(NODE, "<Update/>");
    assert_eq!(sse.next().await.data["node"], NODE);
}
