//! Our CTI server: accepts clients, feeds the acd, sends what it says.
//!
//! Each client has a task that reads and writes its socket. What it sends is cut into messages and
//! handed over one by one; what it gets waits in its own outbox. Knows bytes and sockets, no
//! agents. Reference ged188, 5.1 to 5.4.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tact_acd::{ClientId, Input, Malformed};
use tact_ged188::FrameError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::frames::{Frames, FramesError};
use super::log;
use super::message;
use super::outbox::{Outbox, write_all};
use crate::acd::AcdHandle;
use crate::telemetry::Logs;

/// How long the last messages to a client may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client's end of a closed connection is awaited.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);
/// Pause after the system refused to accept, such as for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves clients until `stop`; then tells them that the server goes and waits for them to leave.
pub async fn serve(listener: TcpListener, acd: AcdHandle, logs: Logs, stop: CancellationToken) {
    let clients = TaskTracker::new();
    let room = acd.limits().clients;
    let accepting = async {
        loop {
            match listener.accept().await {
                Ok((stream, address)) if clients.len() < room => {
                    clients.spawn(client(stream, address, acd.clone()));
                }
                Ok((_, address)) => {
                    let text = format!("Refusing {address}: {room} clients are connected.");
                    logs.ctisvr(None, log::trace(text));
                }
                Err(error) => {
                    logs.ctisvr(
                        None,
                        log::trace(format!("Cannot accept a client: {error}.")),
                    );
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        () = acd.tick_for_ever() => {}
        () = stop.cancelled() => {}
    }
    drop(listener);
    acd.step(Input::Stop);
    clients.close();
    // Each client has its own time-out; this one is for what nobody thought of.
    let _ = tokio::time::timeout(2 * CLOSE_TIMEOUT, clients.wait()).await;
    acd.close_journal();
}

/// One connection, from its first byte to its last.
async fn client(stream: TcpStream, address: SocketAddr, acd: AcdHandle) {
    // Without it small messages wait for each other; the connection works all the same.
    let _ = stream.set_nodelay(true);
    let (mut reader, writer) = stream.into_split();
    let (client, outbox) = acd.connect(address);
    let mut writing = std::pin::pin!(write(writer, &outbox));
    tokio::select! {
        _ = &mut writing => {
            acd.disconnect(client);
            drain(&mut reader).await;
        }
        () = read(&mut reader, client, &outbox, &acd) => {
            acd.disconnect(client);
            let _ = tokio::time::timeout(CLOSE_TIMEOUT, writing).await;
        }
    }
    // What could be said was said; what a stalled client left unread is not kept any longer (5.1: linger 0).
    let _ = reader.as_ref().set_zero_linger();
}

/// Hands over what arrives, until the connection ends or its bytes are no messages.
async fn read(reader: &mut OwnedReadHalf, client: ClientId, outbox: &Arc<Outbox>, acd: &AcdHandle) {
    let mut frames = Frames::new(reader);
    loop {
        let kind = match frames.next().await {
            Ok(Some(frame)) => match message::parse(&frame, outbox.protocol()) {
                Ok(message) => {
                    acd.step(Input::Message { client, message });
                    continue;
                }
                Err(kind) => kind,
            },
            Err(FramesError::Frame(FrameError::TooLong { announced })) => {
                let kind = Malformed::TooLong { announced };
                acd.step(Input::Malformed { client, kind });
                // The acd closes; the writer ends this task.
                return std::future::pending().await;
            }
            Ok(None) | Err(FramesError::Cut(_) | FramesError::Io(_)) => break,
        };
        acd.step(Input::Malformed { client, kind });
    }
    if frames.incomplete() > 0 {
        let received = frames.incomplete();
        let kind = Malformed::Cut { received };
        acd.step(Input::Malformed { client, kind });
    }
}

/// Sends what the outbox holds until it is closed and empty, or full.
async fn write(mut writer: OwnedWriteHalf, outbox: &Outbox) -> io::Result<()> {
    let mut messages = VecDeque::new();
    let sending = async {
        while outbox.take(&mut messages).await {
            write_all(&mut writer, &mut messages).await?;
        }
        tokio::time::timeout(CLOSE_TIMEOUT, writer.shutdown()).await?
    };
    tokio::select! {
        result = sending => result,
        () = outbox.overflow() => Err(io::ErrorKind::WouldBlock.into()),
    }
}

/// Lets the client read our last words: closing with its bytes unread would reset the connection.
async fn drain(reader: &mut OwnedReadHalf) {
    let mut unread = [0; 1024];
    let draining = async { while matches!(reader.read(&mut unread).await, Ok(1..)) {} };
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, draining).await;
}
