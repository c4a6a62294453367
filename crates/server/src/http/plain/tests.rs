//! Connections as a client sees them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, DuplexStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::*;

type Outcome = JoinHandle<io::Result<Option<Begun<DuplexStream>>>>;

const CONNECTION: Connection = Connection {
    peer: std::net::SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1),
    port: 80,
    secure: false,
};

struct Gone(Arc<Notify>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// A client's end of a connection that is served.
fn served(router: Router, stop: CancellationToken) -> (DuplexStream, Outcome) {
    let (client, server) = tokio::io::duplex(1024);
    let outcome = tokio::spawn(async move { serve(server, CONNECTION, router, &stop).await });
    (client, outcome)
}

fn router() -> Router {
    let count = Arc::new(AtomicUsize::new(0));
    let echo = move |body: String| async move {
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{number}:{body}")
    };
    let streamed = async || {
        let parts = ["one", "", "two"].map(|part| Ok::<_, io::Error>(part.to_owned()));
        Body::from_stream(futures_util::stream::iter(parts)).into_response()
    };
    let large = async || "x".repeat(ONE_WRITE * 3);
    let nothing = async || StatusCode::NO_CONTENT;
    let last = async || [(header::CONNECTION, "close")];
    Router::new()
        .route("/echo", post(echo))
        .route("/streamed", get(streamed))
        .route("/large", get(large))
        .route("/nothing", get(nothing))
        .route("/last", get(last))
}

/// An answer without its date.
async fn answer(client: &mut DuplexStream, end: &str) -> String {
    let mut text = Vec::new();
    while !text.ends_with(end.as_bytes()) {
        let byte = client.read_u8().await.unwrap();
        text.push(byte);
    }
    let text = String::from_utf8(text).unwrap();
    let lines = text.split_inclusive("\r\n");
    lines.filter(|line| !line.starts_with("date: ")).collect()
}

#[tokio::test]
async fn requests_follow_one_another_also_when_they_come_at_once() {
    let (mut client, outcome) = served(router(), CancellationToken::new());
    let one = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na";
    let two = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nb";
    client.write_all(one.as_bytes()).await.unwrap();
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 3\r\n\r\n";
    assert_eq!(answer(&mut client, "1:a").await, format!("{head}1:a"));
    client
        .write_all([two, one].concat().as_bytes())
        .await
        .unwrap();
    assert_eq!(answer(&mut client, "2:b").await, format!("{head}2:b"));
    assert_eq!(answer(&mut client, "3:a").await, format!("{head}3:a"));
    drop(client);
    assert!(outcome.await.unwrap().unwrap().is_none());
}

#[tokio::test]
async fn every_kind_of_answer_ends_where_it_says() {
    let (mut client, _served) = served(router(), CancellationToken::new());
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
    client.write_all(get("/streamed").as_bytes()).await.unwrap();
    let streamed = answer(&mut client, "0\r\n\r\n").await;
    let (head, body) = streamed.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert_eq!(body, "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");

    client.write_all(get("/large").as_bytes()).await.unwrap();
    let large = answer(&mut client, &"x".repeat(ONE_WRITE * 3)).await;
    assert!(large.contains("content-length: 49152\r\n"));

    let head_of_large = "HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n";
    client.write_all(head_of_large.as_bytes()).await.unwrap();
    let head = answer(&mut client, "\r\n\r\n").await;
    assert!(head.contains("content-length: 49152\r\n"), "{head}");

    client.write_all(get("/nothing").as_bytes()).await.unwrap();
    let nothing = answer(&mut client, "\r\n\r\n").await;
    assert_eq!(nothing, "HTTP/1.1 204 No Content\r\n\r\n");
}

#[tokio::test]
async fn either_side_may_want_the_connection_closed() {
    for request in [
        "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /last HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let (mut client, _served) = served(router(), CancellationToken::new());
        client.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        client.read_to_string(&mut text).await.unwrap();
        assert_eq!(text.matches("connection: close\r\n").count(), 1, "{text}");
    }
}

#[tokio::test]
async fn what_is_not_plain_goes_on_elsewhere_with_every_byte() {
    let (mut client, outcome) = served(router(), CancellationToken::new());
    let plain = "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
    let upgrade = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\nand more";
    client
        .write_all([plain, upgrade].concat().as_bytes())
        .await
        .unwrap();
    answer(&mut client, "\r\n\r\n").await;
    let mut begun = outcome.await.unwrap().unwrap().expect("given back");
    client.write_all(b" still").await.unwrap();
    drop(client);
    let mut text = String::new();
    begun.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, format!("{upgrade} still"));
}

#[tokio::test(start_paused = true)]
async fn a_slow_request_goes_on_elsewhere_and_an_idle_connection_ends() {
    let (mut client, outcome) = served(router(), CancellationToken::new());
    client.write_all(b"POST /echo HT").await.unwrap();
    assert!(outcome.await.unwrap().unwrap().is_some());

    let (client, outcome) = served(router(), CancellationToken::new());
    assert!(outcome.await.unwrap().unwrap().is_none());
    drop(client);
}

#[tokio::test]
async fn a_request_ends_with_its_client() {
    let (entered, gone) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (in_handler, dropped) = (Arc::clone(&entered), Arc::clone(&gone));
    let hold = async move || {
        let _gone = Gone(dropped);
        in_handler.notify_one();
        std::future::pending::<()>().await;
    };
    let router = Router::new().route("/", get(hold));
    let (mut client, outcome) = served(router, CancellationToken::new());
    client
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    entered.notified().await;
    drop(client);
    gone.notified().await;
    assert!(outcome.await.unwrap().unwrap().is_none());
}

#[tokio::test]
async fn an_idle_connection_ends_with_the_server() {
    let stop = CancellationToken::new();
    let (mut client, outcome) = served(router(), stop.clone());
    client
        .write_all(b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    answer(&mut client, "\r\n\r\n").await;
    stop.cancel();
    assert!(outcome.await.unwrap().unwrap().is_none());
}
