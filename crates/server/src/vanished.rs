//! Peers that vanish without a word: a laptop that sleeps, a network that is pulled. Nothing arrives any more, so it has
//! to be asked: the system probes an idle connection, and gives one up on which nothing that was sent is acknowledged.
//! That needs no answer of the client's program, and is true of no client that is merely quiet.

use std::time::Duration;

use tokio::net::TcpStream;

/// After so long without a byte an HTTP connection is probed.
pub const PROBE: Duration = Duration::from_secs(15);
/// A peer that acknowledges nothing for so long is gone. The system's own patience is a quarter of an hour.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Probes that may go unanswered where the system counts them instead of the time.
const PROBES: u32 = 4;

/// Has the system give up a peer within `probe` and `patience` of its last sign of life. Whole seconds, one at least.
pub fn give_up_in_time(stream: &TcpStream, probe: Duration, patience: Duration) {
    let socket = socket2::SockRef::from(stream);
    // A failure of any of these only costs time.
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(patience));
    let probes = socket2::TcpKeepalive::new()
        .with_time(probe.max(Duration::from_secs(1)))
        .with_interval((patience / PROBES).max(Duration::from_secs(1)));
    #[cfg(any(target_os = "linux", target_os = "macos", target_os = "freebsd"))]
    let probes = probes.with_retries(PROBES);
    let _ = socket.set_tcp_keepalive(&probes);
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A server's end, and a client's that acknowledges nothing any more.
    async fn deserted() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let client = TcpStream::connect(address).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let second = Duration::from_secs(1);
        give_up_in_time(&server, second, second);
        // BPF_RET | BPF_K: keep 0 bytes of each packet.
        let nothing = socket2::SockFilter::new(0x06, 0, 0, 0);
        let socket = socket2::SockRef::from(&client);
        socket.attach_filter(&[nothing]).unwrap();
        (server, client)
    }

    async fn gives_up(mut server: TcpStream) {
        let read = tokio::time::timeout(Duration::from_secs(20), server.read_u8()).await;
        let error = read.expect("the system gives up").unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn an_idle_peer_that_vanished_is_given_up() {
        let (server, _client) = deserted().await;
        gives_up(server).await;
    }

    #[tokio::test]
    async fn a_peer_that_vanished_is_given_up_with_something_on_its_way() {
        let (mut server, _client) = deserted().await;
        server.write_all(b"an event").await.unwrap();
        gives_up(server).await;
    }
}
