//! Somebody sends garbage, or half of something, or stops reading: each gets its error, and nobody else notices.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tact_ged188::{
    AgentStateMask, Message, OpenReq, Protocol, Services, decode, encode, frame_len,
};

use crate::server::Server;

/// Signs an agent in and out beside whatever else is going on.
fn others_are_undisturbed(server: &mut Server) {
    for transport in ["bosh", "websocket", "tcp"] {
        let outcome = server.login(
            "2020",
            "2020",
            "3020",
            &["--transport", transport, "--sign-out"],
        );
        assert_eq!(outcome.code, 0, "{transport}: {outcome:?}");
    }
    assert!(server.is_running());
}

fn connect(server: &Server, key: &str) -> TcpStream {
    let stream = TcpStream::connect(server.address(key)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    stream
}

/// Reads until the server closes.
fn read_to_end(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A reset counts as closed.
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

#[test]
fn to_the_rest_api() {
    let mut server = Server::start();
    let big = format!("<User><state>{}</state></User>", "x".repeat(2 << 20));
    let deep = format!("<User>{}</User>", "<a>".repeat(5000));
    for (body, what) in [
        ("<User><state>LOGIN</state>", "cut off"),
        ("", "nothing"),
        ("<Dialog/>", "another document"),
        (
            "<!DOCTYPE User [<!ENTITY a \"b\">]><User><state>&a;</state></User>",
            "an entity",
        ),
        ("\u{0}\u{1}\u{2}", "control characters"),
        (big.as_str(), "too large"),
        (deep.as_str(), "too deep"),
        ("<User><state>DANCING</state></User>", "an unknown state"),
        ("<User><extension>2003</extension></User>", "no state"),
        ("<User><state>LOGIN</state></User>", "no extension"),
    ] {
        let answer = server.put_user("2001", "bad", body);
        assert_eq!(answer.status, 400, "{what}: {answer:?}");
        assert!(answer.body.contains("<ApiErrors>"), "{what}: {answer:?}");
        assert!(answer.body.contains("<ErrorType>"), "{what}: {answer:?}");
        assert_eq!(answer.header("requestId"), Some("bad"), "{what}");
        assert_eq!(answer.header("Cache-Control"), Some("no-cache"), "{what}");
    }
    assert_eq!(
        server.get("/finesse/api/User/2002", "2001").status,
        401,
        "somebody else's user"
    );
    assert_eq!(server.get("/finesse/api/Nothing", "2001").status, 404);
    assert_eq!(
        server
            .request("DELETE", "/finesse/api/User/2001", Some("2001"), &[], "")
            .status,
        405
    );
    others_are_undisturbed(&mut server);
}

#[test]
fn that_is_no_request() {
    let mut server = Server::start();
    let many = "X-Filler: a\r\n".repeat(100);
    let long = format!("requestId: {}\r\n", "a".repeat(1 << 20));
    let head = |headers: &str| format!("GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n");
    let two_lengths = head("Content-Length: 4\r\nContent-Length: 5\r\n");
    for (text, status) in [
        ("hello\r\n\r\n", "400"),
        ("\u{16}\u{3}\u{1}", "400"),
        (two_lengths.as_str(), "400"),
        (head(&many).as_str(), "431"),
        (head(&long).as_str(), "431"),
    ] {
        let mut stream = connect(&server, "http.port");
        // A server that has read enough closes its side.
        let _ = stream.write_all(text.as_bytes());
        let answer = String::from_utf8_lossy(&read_to_end(stream)).into_owned();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
    others_are_undisturbed(&mut server);
    server.stop();
    let texts = server.log_texts();
    let (_, access) = texts
        .iter()
        .find(|(name, _)| name.contains("access_log"))
        .unwrap();
    let refused = |status: &str| {
        let line = format!(" - -  HTTP/1.1 {status} - 0");
        access.lines().filter(|text| text.ends_with(&line)).count()
    };
    assert_eq!((refused("400"), refused("431")), (3, 2), "{access}");
}

#[test]
fn to_the_notification_service() {
    let mut server = Server::start();
    for body in [
        "garbage",
        "<body",
        "<!DOCTYPE a><body xmlns='http://jabber.org/protocol/httpbind'/>",
        "<a/>",
    ] {
        let answer = server.request(
            "POST",
            "/http-bind",
            None,
            &["Content-Type: text/xml"],
            body,
        );
        assert!(
            answer.status == 400 || answer.body.contains("terminate"),
            "{body}: {answer:?}"
        );
    }
    let unknown =
        "<body xmlns='http://jabber.org/protocol/httpbind' ver='1.6' sid='nobody' rid='1'/>";
    let answer = server.request("POST", "/http-bind/", None, &[], unknown);
    assert!(
        answer.body.contains("item-not-found") || answer.status == 404,
        "{answer:?}"
    );

    for bytes in [
        b"garbage\n\n".as_slice(),
        b"<?xml version='1.0'?><!-- no --><stream:stream>",
        b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><a></b>",
    ] {
        let mut stream = connect(&server, "xmpp.port");
        stream.write_all(bytes).unwrap();
        let answer = String::from_utf8_lossy(&read_to_end(stream)).into_owned();
        assert!(answer.contains("stream:error") && answer.contains("</stream:stream>"), "{answer}");
    }
    // Larger than any stanza may be before authentication, and never closed.
    let mut stream = connect(&server, "xmpp.port");
    stream
        .write_all(b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
        .unwrap();
    let filler = vec![b'a'; 1 << 16];
    let _ = stream
        .write_all(b"<iq>")
        .and_then(|()| stream.write_all(&filler));
    assert!(String::from_utf8_lossy(&read_to_end(stream)).contains("policy-violation"));
    others_are_undisturbed(&mut server);
}

fn open(server: &Server, client: &str) -> TcpStream {
    let mut stream = connect(server, "cti.port");
    let mut request = OpenReq {
        invoke_id: 1,
        version_number: 24,
        idle_timeout: 600,
        peripheral_id: 0xffff_ffff,
        services_requested: Services(0x10),
        agent_state_mask: AgentStateMask(0x3fff),
        ..OpenReq::default()
    };
    request
        .floats
        .push_text(tact_ged188::Tag::CLIENT_ID, client);
    let mut bytes = Vec::new();
    encode(&Message::OpenReq(request), Protocol::CURRENT, &mut bytes).unwrap();
    stream.write_all(&bytes).unwrap();
    stream
}

/// The next message on a CTI connection.
fn next_message(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Message {
    loop {
        if let Some(length) = frame_len(buffer).unwrap()
            && buffer.len() >= length
        {
            let message = decode(&buffer[..length], Protocol::CURRENT).unwrap();
            buffer.drain(..length);
            return message;
        }
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).unwrap();
        assert!(count > 0, "the server closed the connection");
        buffer.extend_from_slice(&chunk[..count]);
    }
}

#[test]
fn to_the_cti_server() {
    let mut server = Server::start();
    // A length that no message may have.
    let mut stream = connect(&server, "cti.port");
    stream.write_all(&[0xff; 64]).unwrap();
    read_to_end(stream);
    // Half a message, then nothing more.
    let mut half = connect(&server, "cti.port");
    half.write_all(&[0, 0, 0, 44, 0, 0, 0, 3, 0]).unwrap();
    // A version that does not exist.
    let mut stream = connect(&server, "cti.port");
    let mut bytes = vec![0, 0, 0, 44, 0, 0, 0, 3];
    bytes.extend_from_slice(&[0, 0, 0, 7, 0, 0, 0, 99]);
    bytes.extend_from_slice(&[0; 36]);
    stream.write_all(&bytes).unwrap();
    let mut buffer = Vec::new();
    let answer = next_message(&mut stream, &mut buffer);
    assert!(
        matches!(&answer, Message::FailureConf(failure) if failure.invoke_id == 7),
        "{answer:?}"
    );
    others_are_undisturbed(&mut server);
    drop(half);
}

#[test]
fn a_cti_client_that_stops_reading_delays_nobody() {
    let mut server = Server::start();
    let mut stalled = open(&server, "stalled");
    let mut buffer = Vec::new();
    assert!(matches!(
        next_message(&mut stalled, &mut buffer),
        Message::OpenConf(_)
    ));
    let mut reading = open(&server, "reading");
    let mut buffer = Vec::new();
    assert!(matches!(
        next_message(&mut reading, &mut buffer),
        Message::OpenConf(_)
    ));
    others_are_undisturbed(&mut server);
    // The client that reads has seen agent 2020 come and go.
    let mut states = Vec::new();
    while states.iter().filter(|state| **state == 1).count() < 3 {
        if let Message::AgentStateEvent(event) = next_message(&mut reading, &mut buffer) {
            states.push(event.agent_state.0);
        }
    }
    assert_eq!(
        states.iter().filter(|state| **state == 2).count(),
        3,
        "{states:?}"
    );
}
