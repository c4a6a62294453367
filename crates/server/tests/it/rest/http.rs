//! The listener itself: bad bytes, TLS, pages of other sites, the end of a server.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tact_server::http::{self, Connection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::centre::Centre;

const PATIENCE: Duration = Duration::from_secs(20);

/// Everything that the server says until it closes the connection.
async fn say(centre: &Centre, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(centre.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    // A connection that is closed with bytes unread may end in a reset; what counts is that it ends.
    let _ = tokio::time::timeout(PATIENCE, read)
        .await
        .expect("the server closes the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn garbage_is_answered_and_disturbs_nobody() {
    let centre = Centre::start().await;
    assert!(
        say(&centre, b"\x16\x03\x01garbage\r\n\r\n")
            .await
            .starts_with("HTTP/1.1 400")
    );
    let headers = "X-Y: z\r\n".repeat(http::serve::MAX_HEADERS + 1);
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n");
    assert!(
        say(&centre, many.as_bytes())
            .await
            .starts_with("HTTP/1.1 431")
    );
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(64 * 1024));
    assert!(!say(&centre, long.as_bytes()).await.contains("200 OK"));
    assert_eq!(
        centre.get("2001", "/finesse/api/User/2001").await.status,
        200
    );
}

#[tokio::test]
async fn a_page_of_another_site_may_ask_first() {
    let centre = Centre::start().await;
    let ask = |origin: &str| {
        [
            ("Origin", origin.to_owned()),
            ("Access-Control-Request-Method", "PUT".to_owned()),
            (
                "Access-Control-Request-Headers",
                "authorization,requestid".to_owned(),
            ),
        ]
    };
    let path = "/finesse/api/User/2001";
    let allowed = centre
        .send("OPTIONS", path, &ask("https://crm.example.com"), "")
        .await;
    assert!(allowed.status.is_success());
    assert_eq!(
        allowed.header("access-control-allow-origin"),
        "https://crm.example.com"
    );
    assert!(
        allowed
            .header("access-control-allow-headers")
            .contains("requestid")
    );
    assert!(
        allowed
            .header("access-control-allow-methods")
            .contains("PUT")
    );
    let refused = centre
        .send("OPTIONS", path, &ask("https://evil.example.com"), "")
        .await;
    assert_eq!(refused.header("access-control-allow-origin"), "");
}

/// A certificate that a client here trusts, and a listener that has it.
#[tokio::test]
async fn tls_with_the_certificate_of_the_first_start() {
    let data = tempfile::tempdir().unwrap();
    let config = http::tls::server_config(data.path(), "finesse1.example.com").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let router = Router::new().route("/", get(secure));
    let server = tokio::spawn(http::serve(
        listener,
        Some(config),
        router,
        10,
        stop.clone(),
    ));

    let pem = std::fs::read(data.path().join(http::tls::CERTIFICATE_FILE)).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    for certificate in rustls_pemfile::certs(&mut pem.as_slice()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(client));
    for name in ["finesse1.example.com", "localhost", "127.0.0.1"] {
        let stream = TcpStream::connect(address).await.unwrap();
        let server_name = rustls::pki_types::ServerName::try_from(name).unwrap();
        let mut stream = connector.connect(server_name, stream).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("secure"), "{name}: {answer}");
    }
    stop.cancel();
    tokio::time::timeout(PATIENCE, server)
        .await
        .expect("the server stops")
        .unwrap();
}

async fn secure(axum::Extension(connection): axum::Extension<Connection>) -> &'static str {
    if connection.secure { "secure" } else { "plain" }
}

/// A request under way is answered although the server was told to stop.
#[tokio::test]
async fn the_end_waits_for_what_is_under_way() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let (entered, go) = (
        Arc::new(tokio::sync::Notify::new()),
        Arc::new(tokio::sync::Notify::new()),
    );
    let (in_handler, released) = (Arc::clone(&entered), Arc::clone(&go));
    let handler = move || async move {
        in_handler.notify_one();
        released.notified().await;
        "done"
    };
    let router = Router::new().route("/", get(handler));
    let server = tokio::spawn(http::serve(listener, None, router, 10, stop.clone()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    entered.notified().await;
    stop.cancel();
    go.notify_one();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("done"), "{answer}");
    tokio::time::timeout(PATIENCE, server)
        .await
        .expect("the server stops")
        .unwrap();
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
}
