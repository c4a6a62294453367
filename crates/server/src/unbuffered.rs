//! Reading from a connection that may stay idle for hours: the buffer lives no longer than the read.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;

use tokio::io::{AsyncRead, ReadBuf};

/// Bytes read at a time.
const CHUNK: usize = 4096;

/// Reads what has come, through a buffer on the stack; nothing at the end of the stream. May be dropped while it waits.
pub(crate) async fn read_some<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<Vec<u8>> {
    poll_fn(|context| {
        let mut chunk = [0_u8; CHUNK];
        let mut buffer = ReadBuf::new(&mut chunk);
        match Pin::new(&mut *stream).poll_read(context, &mut buffer) {
            Poll::Ready(Ok(())) => Poll::Ready(Ok(buffer.filled().to_vec())),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
