//! Plain requests, served with no buffer between them.
//!
//! hyper keeps 16 KiB for each connection as long as it is open. A desktop on BOSH holds two open all day, so ten thousand
//! of them would cost 300 MB for nothing. Nearly every request of this wire is plain (see [`head`]): small, whole, and
//! without an upgrade. This loop serves those; at the first one that is not, the connection goes on with hyper.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Response};
use http_body_util::BodyExt as _;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use super::Connection;
use super::begun::Begun;
use super::head::{self, Framing, Front};
use super::serve::HEAD_TIMEOUT;
use crate::unbuffered::read_some;

/// How long the pieces of a request may be apart before hyper takes it, which has the patience for slow ones.
const PIECES_TIMEOUT: Duration = Duration::from_secs(5);
/// What a client may send ahead while its request is answered.
const MAX_AHEAD: usize = 16 * 1024;
/// Up to this size the head of an answer and its body are one write.
const ONE_WRITE: usize = 16 * 1024;

/// Serves plain requests until the connection ends, or until one comes that is not: then the connection is given back,
/// with what was read of it.
pub(super) async fn serve<S>(
    mut stream: S,
    connection: Connection,
    mut router: Router,
    stop: &CancellationToken,
) -> io::Result<Option<Begun<S>>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut read = Vec::new();
    loop {
        let plain = match head::front(&read) {
            Front::Other => return Ok(Some(Begun::new(read, stream))),
            Front::Partial => {
                let patience = if read.is_empty() {
                    HEAD_TIMEOUT
                } else {
                    PIECES_TIMEOUT
                };
                let more = tokio::select! {
                    more = tokio::time::timeout(patience, read_some(&mut stream)) => more,
                    () = stop.cancelled() => Ok(Ok(Vec::new())),
                };
                match more {
                    Ok(more) => {
                        let more = more?;
                        if !more.is_empty() {
                            append(&mut read, more);
                            continue;
                        }
                    }
                    Err(_elapsed) => {}
                }
                // Idle for too long, closed, or the server stops. A request cut off is hyper's to judge.
                return Ok((!read.is_empty()).then(|| Begun::new(read, stream)));
            }
            Front::Whole(plain) => *plain,
        };
        read.drain(..plain.length);
        if read.is_empty() {
            read = Vec::new();
        }
        let mut request = plain.request;
        let bodiless = request.method() == Method::HEAD;
        request.extensions_mut().insert(connection);
        let answer = router.call(request);
        let Some(Ok(response)) = attended(&mut stream, &mut read, answer).await? else {
            return Ok(None);
        };
        let close = plain.close || stop.is_cancelled();
        if !send(&mut stream, &mut read, response, bodiless, close).await? {
            stream.shutdown().await?;
            return Ok(None);
        }
    }
}

/// Appends; moves where nothing was there.
fn append(read: &mut Vec<u8>, more: Vec<u8>) {
    if read.is_empty() {
        *read = more;
    } else {
        read.extend_from_slice(&more);
    }
}

/// Waits for `work` as long as the client is there; `None`, and the work is dropped, when it is gone.
async fn attended<S: AsyncRead + Unpin, T>(
    stream: &mut S,
    read: &mut Vec<u8>,
    work: impl Future<Output = T>,
) -> io::Result<Option<T>> {
    tokio::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return Ok(Some(done)),
            more = read_some(stream), if read.len() < MAX_AHEAD => {
                let more = more?;
                if more.is_empty() {
                    return Ok(None);
                }
                append(read, more);
            }
        }
    }
}

/// Sends an answer; false when the connection is of no further use.
async fn send<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    read: &mut Vec<u8>,
    response: Response<Body>,
    bodiless: bool,
    close: bool,
) -> io::Result<bool> {
    let (parts, mut body) = response.into_parts();
    let mut out = Vec::new();
    let head = head::write(&parts, &body, bodiless, close, &mut out);
    let mut sent = 0_u64;
    if head.framing != Framing::Nothing {
        loop {
            let Some(frame) = attended(stream, read, body.frame()).await? else {
                return Ok(false);
            };
            let Some(frame) = frame else { break };
            let Ok(data) = frame.map_err(io::Error::other)?.into_data() else {
                continue; // trailers: nobody here sends any
            };
            if data.is_empty() {
                continue;
            }
            sent += u64::try_from(data.len()).unwrap_or(u64::MAX);
            let chunked = head.framing == Framing::Chunked;
            if chunked {
                out.extend_from_slice(format!("{:x}\r\n", data.len()).as_bytes());
            }
            if out.len() + data.len() <= ONE_WRITE {
                out.extend_from_slice(&data);
            } else {
                stream.write_all(&out).await?;
                out.clear();
                stream.write_all(&data).await?;
            }
            if chunked {
                // Whoever streams wants it seen at once.
                out.extend_from_slice(b"\r\n");
                stream.write_all(&out).await?;
                stream.flush().await?;
                out.clear();
            }
        }
    }
    if head.framing == Framing::Chunked {
        out.extend_from_slice(b"0\r\n\r\n");
    }
    stream.write_all(&out).await?;
    stream.flush().await?;
    let whole = match head.framing {
        Framing::Length(length) => sent == length,
        Framing::Nothing | Framing::Chunked => true,
    };
    Ok(whole && !head.close)
}

#[cfg(test)]
mod tests;
