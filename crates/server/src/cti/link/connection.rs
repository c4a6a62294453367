//! One connection to a CTI server, from connect to its end.
//!
//! Reads frames, logs and decodes them, feeds the desk; writes what the desk queues.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use tact_desk::Disconnect;
use tact_ged188::{Protocol, decode};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Server, record};
use crate::clock;
use crate::cti::frames::Frames;
use crate::desk::{Connection, DeskHandle, Fate, LINK_QUEUE};
use crate::telemetry::Logs;

/// How long a server may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the last frames may take to leave, and an orderly close to be answered.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// Bytes written at a time when more frames are waiting.
const WRITE_BYTES: usize = 64 * 1024;
/// Whole frames that are no messages, before the server is taken for something else.
const MAX_UNREADABLE: u32 = 16;

/// Connects, and stays until either side or `stop` ends it. How it went.
///
/// # Errors
/// There was no connection, or what came over it was not GED-188.
pub(super) async fn run(
    server: &Server,
    protocol: Protocol,
    desk: &DeskHandle,
    logs: &Logs,
    stop: &CancellationToken,
) -> io::Result<Fate> {
    let stream = tokio::select! {
        stream = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect((server.host.as_str(), server.port))) => {
            stream.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??
        }
        () = stop.cancelled() => return Ok(Fate::default()),
    };
    stream.set_nodelay(true)?;
    let (read, write) = stream.into_split();
    let (frames, queue) = mpsc::channel(LINK_QUEUE);
    let cut = CancellationToken::new();
    desk.link_up(
        server.side,
        Connection {
            frames,
            cut: cut.clone(),
            server: server.to_string(),
            fate: Fate::default(),
        },
    );
    let mut writer = std::pin::pin!(write_frames(write, queue));
    let ended = {
        let mut reader = std::pin::pin!(read_messages(read, protocol, desk, logs));
        let mut closing = std::pin::pin!(close_in_order(desk, stop));
        tokio::select! {
            // What the server said last is heard before the desk's own decision to leave.
            biased;
            end = &mut reader => end,
            error = &mut writer => Err(format!("cannot send: {error}")),
            () = cut.cancelled() => Ok("given up".to_owned()),
            () = &mut closing => Ok("the server stops".to_owned()),
        }
    };
    let (reason, broken) = match ended {
        Ok(reason) => (reason, false),
        Err(reason) => (reason, true),
    };
    let fate = desk.link_down(&reason);
    // The desk has let go of the queue, so the writer ends behind its last frame.
    if !broken {
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, &mut writer).await;
    }
    match fate.disconnect {
        _ if fate.opened || stop.is_cancelled() => Ok(fate),
        // The desk notes a refusal itself, and tries again when it can ask for less.
        Some(Disconnect::FewerServices | Disconnect::OpenRefused(_)) => Ok(fate),
        Some(other) => Err(io::Error::other(other)),
        None => Err(io::Error::other(reason)),
    }
}

/// Waits for the stop, asks the desk to close, and gives the server a moment to answer.
async fn close_in_order(desk: &DeskHandle, stop: &CancellationToken) {
    stop.cancelled().await;
    desk.close();
    tokio::time::sleep(CLOSE_TIMEOUT).await;
}

/// Feeds the desk until the stream ends. Why it ended; an error when the server did not end it cleanly.
async fn read_messages(
    stream: impl AsyncRead + Unpin,
    protocol: Protocol,
    desk: &DeskHandle,
    logs: &Logs,
) -> Result<String, String> {
    let mut frames = Frames::new(stream);
    let mut sequence = 0;
    let mut unreadable = 0;
    loop {
        let frame = match frames.next().await {
            Ok(Some(frame)) => frame,
            Ok(None) => return Ok("closed by the CTI server".to_owned()),
            Err(error) => return Err(error.to_string()),
        };
        let received = clock::now_ms();
        sequence += 1;
        match decode(&frame, protocol) {
            Ok(message) => {
                record::received(logs, &frame, &message, sequence, received, clock::now_ms());
                desk.cti(message);
            }
            Err(error) => {
                // One message in a layout nobody knows is no reason to drop two thousand agents.
                if unreadable == 0 {
                    record::raw(logs, &frame);
                    tracing::warn!(target: "cti", %error, "a message cannot be read");
                }
                unreadable += 1;
                if unreadable >= MAX_UNREADABLE {
                    return Err(format!("{unreadable} messages cannot be read: {error}"));
                }
            }
        }
    }
}

/// Writes queued frames, several at a time when they wait, until the queue is let go or the socket fails.
async fn write_frames(
    mut stream: impl AsyncWrite + Unpin,
    mut queue: mpsc::Receiver<Bytes>,
) -> io::Error {
    let mut buffer = Vec::with_capacity(WRITE_BYTES);
    while let Some(frame) = queue.recv().await {
        buffer.extend_from_slice(&frame);
        while buffer.len() < WRITE_BYTES
            && let Ok(frame) = queue.try_recv()
        {
            buffer.extend_from_slice(&frame);
        }
        if let Err(error) = stream.write_all(&buffer).await {
            return error;
        }
        buffer.clear();
    }
    match stream.shutdown().await {
        Ok(()) => io::ErrorKind::ConnectionAborted.into(),
        Err(error) => error,
    }
}
