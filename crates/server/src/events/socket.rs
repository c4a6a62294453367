//! The channel over WebSocket: one text message for each `{"type": …}`. What the client says is not read, except that it
//! lives.

use std::time::Duration;

use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use axum::response::Response;
use bytes::Bytes;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};

use super::{BEAT, SILENCE, told};
use crate::clock;
use crate::notify::Listener;
use crate::rate::Used;

/// Bytes of a client's message: there is nothing to say.
const MAX_MESSAGE: usize = 1024;
/// Messages of a client in a second; there is nothing to say but that it lives.
const MESSAGES_PER_S: u32 = 10;
/// How long the last words may take.
const FAREWELL: Duration = Duration::from_secs(2);
/// Bytes read at a time.
const READ_BUFFER: usize = 1024;

/// Upgrades, then tells everything that the listener hears.
pub(super) fn serve(upgrade: WebSocketUpgrade, listener: Listener) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .on_upgrade(|socket| async move {
            Box::pin(run(socket, listener)).await;
        })
}

async fn run(mut socket: WebSocket, mut listener: Listener) {
    let mut beat = interval_at(Instant::now() + BEAT, BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said_so_far = Used::default();
    let mut patience = Box::pin(sleep_until(Instant::now() + SILENCE));
    loop {
        let messages = tokio::select! {
            heard = listener.next() => match heard {
                Some(heard) => heard.iter().map(message).collect(),
                None => return close(socket, close_code::AWAY, "the server stops").await,
            },
            said = socket.recv() => match said {
                Some(Ok(Message::Close(_))) => return listener.ends(false),
                Some(Err(_)) | None => return,
                Some(Ok(_)) if !said_so_far.take(clock::now_ms(), 1, MESSAGES_PER_S) => {
                    return close(socket, close_code::POLICY, "too many messages").await;
                }
                Some(Ok(_)) => {
                    patience.as_mut().reset(Instant::now() + SILENCE);
                    Vec::new()
                }
            },
            () = &mut patience => {
                listener.ends(true);
                return close(socket, close_code::POLICY, "silent").await;
            }
            _ = beat.tick() => vec![Message::Ping(Bytes::new())],
        };
        for message in messages {
            // A client that takes nothing falls behind until it is told to read the state anew; one that is dead is cut.
            match timeout(SILENCE, socket.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }
}

/// `{"type":"update","id":…}`.
fn message(heard: &crate::notify::Heard) -> Message {
    let (name, _, object) = told(heard);
    let inside = object.strip_prefix('{').unwrap_or_default();
    Message::Text(format!("{{\"type\":\"{name}\",{inside}").into())
}

async fn close(mut socket: WebSocket, code: u16, why: &'static str) {
    let frame = CloseFrame {
        code,
        reason: Utf8Bytes::from_static(why),
    };
    let _ = timeout(FAREWELL, socket.send(Message::Close(Some(frame)))).await;
}
