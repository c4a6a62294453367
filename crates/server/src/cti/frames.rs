//! Whole GED-188 frames out of a byte stream, with a bounded buffer: for the link and for our CTI server.
//!
//! Knows the header's length field and nothing of messages. Reference ged188, 1.1.

use std::io;

use bytes::{Bytes, BytesMut};
use tact_ged188::{FrameError, frame_len};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Bytes asked of the socket at a time.
const READ_BYTES: usize = 16 * 1024;

/// Why no further frame can be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FramesError {
    /// The stream cannot be cut: what is sent is not GED-188.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The stream ended inside a message.
    #[error("the connection ended inside a message, after {0} bytes of it")]
    Cut(usize),
    /// The socket failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Cuts a stream into frames. Holds at most one frame and one read.
#[derive(Debug)]
pub(crate) struct Frames<R> {
    stream: R,
    buffer: BytesMut,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
        }
    }

    /// The next frame, header included; `None` when the stream ended between two. Nothing is lost
    /// when the future is dropped.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, FramesError> {
        loop {
            if let Some(len) = frame_len(&self.buffer)?
                && self.buffer.len() >= len
            {
                return Ok(Some(self.buffer.split_to(len).freeze()));
            }
            self.buffer.reserve(READ_BYTES);
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return match self.buffer.len() {
                    0 => Ok(None),
                    bytes => Err(FramesError::Cut(bytes)),
                };
            }
        }
    }

    /// Bytes of an incomplete message.
    pub(crate) fn incomplete(&self) -> usize {
        self.buffer.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    const HEARTBEAT_CONF: [u8; 12] = [0, 0, 0, 4, 0, 0, 0, 6, 0, 0, 0, 1];

    #[tokio::test]
    async fn frames_come_whole_however_they_arrive() {
        for window in [1, 5, 1000] {
            frames_come_whole_through(window).await;
        }
    }

    async fn frames_come_whole_through(window: usize) {
        let (mut near, far) = tokio::io::duplex(window);
        let sender = tokio::spawn(async move {
            for _ in 0..3 {
                near.write_all(&HEARTBEAT_CONF).await.unwrap();
            }
        });
        let mut frames = Frames::new(far);
        for _ in 0..3 {
            assert_eq!(
                frames.next().await.unwrap().as_deref(),
                Some(&HEARTBEAT_CONF[..])
            );
        }
        assert!(frames.next().await.unwrap().is_none());
        assert_eq!(frames.incomplete(), 0);
        sender.await.unwrap();
    }

    #[tokio::test]
    async fn garbage_and_half_messages_are_told_apart() {
        let mut garbage = Frames::new(&b"HTTP/1.1 400 Bad Request\r\n"[..]);
        // There is no next one behind it.
        for _ in 0..2 {
            assert!(matches!(
                garbage.next().await,
                Err(FramesError::Frame(FrameError::TooLong { .. }))
            ));
        }
        let mut half = Frames::new(&HEARTBEAT_CONF[..7]);
        assert!(matches!(half.next().await, Err(FramesError::Cut(7))));
        assert_eq!(half.incomplete(), 7);
    }
}
