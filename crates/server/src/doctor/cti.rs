//! The CTI link: a foreign CTI server must grant a session (OPEN_REQ, OPEN_CONF; ged188.md 1.5). The session asks for
//! no service but client events of nobody, and is closed by hanging up.

use std::time::Duration;

use tact_ged188::{Message, OpenReq, Protocol, Services, Tag, decode, encode, frame_len};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Check;
use crate::settings::Settings;

/// How long a CTI server may take to connect, and again to answer.
const LIMIT: Duration = Duration::from_secs(5);
/// What a CTI server may send before OPEN_CONF, bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// One check a side; the embedded CTI server is only named.
pub(super) async fn check(settings: &Settings) -> Vec<Check> {
    let cti = &settings.cti;
    let Some(host) = &cti.host else {
        return vec![Check::ok(
            "CTI link",
            "the embedded CTI server, which starts with the server",
        )];
    };
    let mut checks = vec![side(settings, "A", host, cti.port).await];
    if let Some(host) = &cti.backup_host {
        checks.push(side(settings, "B", host, cti.backup_port).await);
    }
    checks
}

async fn side(settings: &Settings, side: &str, host: &str, port: u16) -> Check {
    let name = format!("CTI link, side {side} ({host}:{port})");
    match open(settings, host, port).await {
        Ok(detail) => Check::ok(name, detail),
        Err((detail, fix)) => Check::fail(name, detail, fix),
    }
}

/// What was granted, or what went wrong and what to do.
async fn open(
    settings: &Settings,
    host: &str,
    port: u16,
) -> Result<String, (String, &'static str)> {
    let unreachable = "check cti.host and cti.port, that the CTI server runs, and the firewall";
    let mute = "something else listens there, or the CTI server is not ready: look at its log";
    let mut stream = match timeout(LIMIT, TcpStream::connect((host, port))).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err((format!("no connection: {error}"), unreachable)),
        Err(_) => return Err(("no connection within 5 s".to_owned(), unreachable)),
    };
    let protocol = Protocol::new(settings.cti.protocol).unwrap_or_default();
    let answer = match timeout(LIMIT, ask(&mut stream, settings, protocol)).await {
        Ok(answer) => answer.map_err(|what| (what, mute))?,
        Err(_) => return Err(("OPEN_REQ is not answered within 5 s".to_owned(), mute)),
    };
    match answer {
        Message::OpenConf(conf) => Ok(format!(
            "OPEN_CONF at protocol {protocol}, peripheral {}",
            if conf.peripheral_online.0 == 0 {
                "offline"
            } else {
                "online"
            }
        )),
        Message::FailureConf(failure) => Err((
            format!("the session is refused: {}", failure.status),
            "check cti.protocol and cti.peripheral_id against the CTI server's set-up",
        )),
        other => Err((format!("{} instead of OPEN_CONF", other.name()), mute)),
    }
}

/// Sends OPEN_REQ and reads until it is answered.
async fn ask(
    stream: &mut TcpStream,
    settings: &Settings,
    protocol: Protocol,
) -> Result<Message, String> {
    const INVOKE_ID: u32 = 1;
    let mut request = OpenReq {
        invoke_id: INVOKE_ID,
        version_number: protocol.number(),
        idle_timeout: 30,
        peripheral_id: settings.cti.peripheral_id,
        services_requested: Services::CLIENT_EVENTS,
        ..OpenReq::default()
    };
    request.floats.push_text(Tag::CLIENT_ID, "tact doctor");
    request.floats.push_bytes(Tag::CLIENT_PASSWORD, &[]);
    let mut bytes = Vec::new();
    encode(&request.into(), protocol, &mut bytes).map_err(|error| error.to_string())?;
    stream
        .write_all(&bytes)
        .await
        .map_err(|error| format!("the connection broke: {error}"))?;
    let mut received = Vec::new();
    loop {
        while let Some(length) = frame_len(&received).map_err(|error| error.to_string())? {
            let rest = received.split_off(length.min(received.len()));
            let message = decode(&received, protocol).map_err(|error| error.to_string())?;
            received = rest;
            // Events may come first; the answer carries our invoke id.
            if message.invoke_id() == Some(INVOKE_ID) {
                return Ok(message);
            }
        }
        let mut chunk = [0; 4096];
        let count = stream
            .read(&mut chunk)
            .await
            .map_err(|error| format!("the connection broke: {error}"))?;
        if count == 0 {
            return Err("the connection is closed without an answer".to_owned());
        }
        received.extend_from_slice(chunk.get(..count).unwrap_or_default());
        if received.len() > MAX_ANSWER {
            return Err("the answer is endless".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tact_ged188::{FailureConf, HeartbeatConf, OpenConf};
    use tokio::net::TcpListener;

    use super::super::Verdict;
    use super::*;

    /// A CTI server that answers the first bytes with `answer`; returns the check of it.
    async fn against(answer: Vec<Message>) -> Check {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 256];
            let count = stream.read(&mut request).await.unwrap();
            let request = decode(&request[..count], Protocol::CURRENT).unwrap();
            assert_eq!(request.name(), "OPEN_REQ");
            let mut bytes = Vec::new();
            for message in answer {
                encode(&message, Protocol::CURRENT, &mut bytes).unwrap();
            }
            stream.write_all(&bytes).await.unwrap();
        });
        let mut settings = Settings::defaults(Path::new("data"));
        settings.cti.host = Some("127.0.0.1".to_owned());
        settings.cti.port = port;
        let mut checks = check(&settings).await;
        server.await.unwrap();
        checks.remove(0)
    }

    #[tokio::test]
    async fn a_granted_session_is_fine_whatever_comes_before_it() {
        let event = HeartbeatConf {
            invoke_id: 77,
            ..HeartbeatConf::default()
        };
        let conf = OpenConf {
            invoke_id: 1,
            ..OpenConf::default()
        };
        let found = against(vec![event.into(), conf.into()]).await;
        assert_eq!(found.verdict, Verdict::Ok, "{}", found.detail);
        assert!(found.detail.starts_with("OPEN_CONF at protocol 24"));
    }

    #[tokio::test]
    async fn a_refused_session_fails_with_its_status() {
        let refusal = FailureConf {
            invoke_id: 1,
            ..FailureConf::default()
        };
        let found = against(vec![refusal.into()]).await;
        assert_eq!(found.verdict, Verdict::Fail);
        assert!(found.detail.starts_with("the session is refused"));
    }

    #[tokio::test]
    async fn a_hang_up_fails() {
        let found = against(Vec::new()).await;
        assert_eq!(found.verdict, Verdict::Fail);
    }

    #[tokio::test]
    async fn a_closed_port_fails_and_the_embedded_server_is_fine() {
        // An address of its own, so that no other test takes the port once it is free.
        let listener = TcpListener::bind("127.0.0.8:0").await.unwrap();
        let mut settings = Settings::defaults(Path::new("data"));
        assert_eq!(check(&settings).await[0].verdict, Verdict::Ok);
        settings.cti.host = Some("127.0.0.8".to_owned());
        settings.cti.port = listener.local_addr().unwrap().port();
        drop(listener);
        assert_eq!(check(&settings).await[0].verdict, Verdict::Fail);
    }
}
