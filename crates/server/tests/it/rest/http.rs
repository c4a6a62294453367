//! The listener itself: bad bytes, TLS, pages of other sites, the end of a server.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tact_server::http::{self, Connection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::centre::{Centre, basic};

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

/// A request with agent 2001's credentials, after which the server closes.
fn request(line: &str, headers: &str, body: &str) -> Vec<u8> {
    let (_, credentials) = basic("2001");
    let head =
        format!("{line}\r\nAuthorization: {credentials}\r\nConnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body.as_bytes()].concat()
}

#[tokio::test]
async fn the_host_is_told_once() {
    let centre = Centre::start().await;
    let line = "GET /finesse/api/User/2001 HTTP/1.1";
    for headers in ["", "Host: a\r\nHost: b\r\n", "Host: a b\r\n"] {
        let answer = say(&centre, &request(line, headers, "")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{headers}: {answer}");
    }
    let answer = say(&centre, &request(line, "Host: a\r\n", "")).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let old = request("GET /finesse/api/User/2001 HTTP/1.0", "", "");
    let answer = say(&centre, &old).await;
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
}

#[tokio::test]
async fn a_body_in_pieces_and_one_that_waits_to_be_asked_for() {
    let mut centre = Centre::start().await;
    let line = "PUT /finesse/api/User/2001 HTTP/1.1";
    let sign_in = "<User><state>LOGIN</state><extension>2003</extension></User>";
    let (first, rest) = sign_in.split_at(20);
    let pieces = format!("14\r\n{first}\r\n{:x}\r\n{rest}\r\n0\r\n\r\n", rest.len());
    let headers = "Host: a\r\nTransfer-Encoding: chunked\r\nrequestId: caf\u{e9}-1\r\n";
    let answer = say(&centre, &request(line, headers, &pieces)).await;
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    assert!(answer.contains("requestid: caf\u{e9}-1\r\n"), "{answer}");
    let (user, request_id) = centre.state("2001").await;
    assert_eq!(
        (user.state.as_str(), request_id.as_str()),
        ("NOT_READY", "caf\u{e9}-1")
    );

    let ready = "<User><state>READY</state></User>";
    let headers = format!(
        "Host: a\r\nContent-Length: {}\r\nExpect: 100-continue\r\n",
        ready.len()
    );
    let mut stream = TcpStream::connect(centre.address).await.unwrap();
    stream
        .write_all(&request(line, &headers, ""))
        .await
        .unwrap();
    let asked = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut interim = vec![0; asked.len()];
    stream.read_exact(&mut interim).await.unwrap();
    assert_eq!(interim, asked);
    stream.write_all(ready.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let centre = Centre::start().await;
    let ready = "<User><state>READY</state></User>";
    for (coding, expected) in [
        ("gzip", "gzip"),
        ("identity", ""),
        ("identity, br", "identity, br"),
    ] {
        let headers = [basic("2001"), ("Content-Encoding", coding.to_owned())];
        let answered = centre
            .send("PUT", "/finesse/api/User/2001", &headers, ready)
            .await;
        if expected.is_empty() {
            assert_eq!(answered.status, 202, "{}", answered.body);
        } else {
            let refused = (400, "Bad Request".to_owned(), expected.to_owned());
            assert_eq!(answered.refused(), refused, "{coding}");
        }
    }
}

#[tokio::test]
async fn head_and_options_tell_what_get_would() {
    let centre = Centre::start().await;
    let path = "/finesse/api/User/2001";
    let got = centre.get("2001", path).await;
    let head = centre.send("HEAD", path, &[basic("2001")], "").await;
    assert_eq!((head.status, head.body.as_str()), (got.status, ""));
    for name in ["content-type", "content-length", "cache-control"] {
        assert_eq!(head.header(name), got.header(name), "{name}");
    }
    for (path, allow) in [
        ("/User/2001", "GET,OPTIONS,HEAD,PUT"),
        ("/SystemInfo", "GET,OPTIONS,HEAD"),
        ("/User/2001/ClientLog", "OPTIONS,POST"),
    ] {
        let path = format!("/finesse/api{path}");
        let options = centre.send("OPTIONS", &path, &[], "").await;
        assert_eq!(
            (options.status.as_u16(), options.header("allow")),
            (204, allow),
            "{path}"
        );
        let wrong = centre.send("DELETE", &path, &[basic("2001")], "").await;
        assert_eq!(wrong.status, 405, "{path}");
        let sorted = |list: &str| {
            let mut methods: Vec<String> = list.split(',').map(str::to_owned).collect();
            methods.sort_unstable();
            methods
        };
        assert_eq!(sorted(wrong.header("allow")), sorted(allow), "{path}");
    }
}

#[tokio::test]
async fn other_spellings_of_a_path() {
    let centre = Centre::start().await;
    let expected = centre.get("2001", "/finesse/api/User/2001").await.user();
    for path in [
        "/finesse/api/User/2001/",
        "/finesse/api/User/%32%30%301",
        "/finesse/api/User/2001?nocache=1&unknown=x&%zz&=",
    ] {
        assert_eq!(centre.get("2001", path).await.user(), expected, "{path}");
    }
    let info = centre
        .send("GET", "/finesse/api/SystemInfo/", &[], "")
        .await;
    assert_eq!(info.status, 200, "{}", info.body);
    for path in [
        "/finesse/api",
        "/finesse/api/",
        "/finesse/api//User/2001",
        "/finesse/api/user/2001",
    ] {
        assert_eq!(centre.get("2001", path).await.refusal().0, 404, "{path}");
        assert_eq!(
            centre.send("GET", path, &[], "").await.refusal().0,
            401,
            "{path}"
        );
    }
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
        tact_server::telemetry::Logs::discard(),
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
    let server = tokio::spawn(http::serve(
        listener,
        None,
        router,
        10,
        tact_server::telemetry::Logs::discard(),
        stop.clone(),
    ));
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
