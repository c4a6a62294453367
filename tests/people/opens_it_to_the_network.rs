//! An operator lets other machines in: nobody comes without TLS, unless that is asked for.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use crate::server::Server;

/// What XMPP over plain TCP offers to a stranger.
fn features(server: &Server) -> String {
    let port = server.address("xmpp.port").port();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
    stream.write_all(header.as_bytes()).unwrap();
    let mut text = String::new();
    while !text.contains("</stream:features>") {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).unwrap();
        assert_ne!(read, 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&chunk[..read]));
    }
    text
}

const BEYOND: [&str; 2] = ["listen.address=0.0.0.0", "demo.expose=true"];

#[test]
fn and_passwords_travel_under_tls_alone() {
    let server = Server::start_with(&BEYOND);
    for plain in ["http.port", "bosh.port"] {
        assert!(!server.listens(plain), "{plain}");
    }
    for secure in ["https.port", "bosh.secure_port", "xmpp.secure_port"] {
        assert!(server.listens(secure), "{secure}");
    }
    let offered = features(&server);
    assert!(offered.contains("<required"), "{offered}");
    assert!(!offered.contains("mechanism"), "{offered}");
    let https = format!("https://127.0.0.1:{}", server.address("https.port").port());
    let xmpp = format!("127.0.0.1:{}", server.address("xmpp.port").port());
    for transport in ["websocket", "bosh", "tcp"] {
        let outcome = crate::tact::tact(&[
            "login",
            "--server",
            &https,
            "--agent",
            "2001",
            "--password",
            "2001",
            "--extension",
            "2003",
            "--xmpp",
            &xmpp,
            "--transport",
            transport,
            "--sign-out",
        ]);
        assert_eq!(outcome.code, 0, "{transport}: {outcome:?}");
    }
}

#[test]
fn and_without_tls_where_the_switch_says_so() {
    let server = Server::start_with(&[BEYOND[0], BEYOND[1], "listen.plain=true"]);
    assert!(features(&server).contains("PLAIN"));
    assert!(server.listens("http.port"));
    let answer = server.get("/finesse/api/User/2001", "2001");
    assert_eq!(answer.status, 200, "{answer:?}");
}
