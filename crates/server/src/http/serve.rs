//! One listener: every connection is a task of its own, bounded in number, memory and patience.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use super::{Connection, access_log, plain};
use crate::telemetry::Logs;
use crate::vanished;

/// A TLS handshake may take this long.
pub const TLS_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection may take this long to send the head of its next request, idle time included.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// A request may have this many headers.
pub const MAX_HEADERS: usize = 64;
/// A connection buffers this many bytes, which also bounds the head of a request.
pub const BUFFER_BYTES: usize = 16 * 1024;
/// After the stop, requests under way may take this long to end.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);
/// The pause after a failed accept: out of file descriptors as a rule, which passes when a connection ends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `stop`; then lets the requests under way end and returns.
///
/// Each request carries its [`Connection`] as an extension; WebSocket upgrades work. At `max_connections` the next
/// ones wait in the system's backlog. What is no request never reaches the router, so its line of the access log is
/// written here.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    router: Router,
    max_connections: usize,
    logs: Logs,
    stop: CancellationToken,
) {
    let port = listener.local_addr().map_or(0, |address| address.port());
    let acceptor = tls.map(TlsAcceptor::from);
    let connections = Arc::new(Semaphore::new(max_connections));
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        let Some((permit, stream, peer)) = accepted else {
            continue;
        };
        let connection = Connection {
            peer,
            port,
            secure: acceptor.is_some(),
        };
        let (acceptor, router, stop) = (acceptor.clone(), router.clone(), stop.clone());
        let logs = logs.clone();
        tasks.spawn(async move {
            let ended = match acceptor {
                None => run(stream, connection, router, stop).await,
                Some(acceptor) => match handshake(&acceptor, stream).await {
                    Ok(stream) => run(stream, connection, router, stop).await,
                    Err(error) => Err(error),
                },
            };
            if let Err(error) = ended {
                if let Some(status) = refused_unread(&*error) {
                    access_log::log_unread(&logs, connection, status);
                }
                tracing::debug!(target: "access", %peer, port, %error, "connection ended");
            }
            drop(permit);
        });
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(DRAIN_TIMEOUT, tasks.wait())
        .await
        .is_err()
    {
        // Clients that neither end their request nor leave; nobody has to act on it.
        tracing::info!(target: "access", port, open = tasks.len(), "stopped with connections open");
    }
}

type Accepted = (tokio::sync::OwnedSemaphorePermit, TcpStream, SocketAddr);

/// The next connection, once there is room for it; `None` when accepting failed.
async fn accept(listener: &TcpListener, connections: &Arc<Semaphore>) -> Option<Accepted> {
    // The semaphore is never closed, so there is always a permit in the end.
    let permit = Arc::clone(connections).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are small and waited for; a failure only costs latency.
            let _ = stream.set_nodelay(true);
            vanished::give_up_in_time(&stream, vanished::PROBE, vanished::PATIENCE);
            Some((permit, stream, peer))
        }
        Err(error) => {
            tracing::warn!(target: "access", %error, "cannot accept");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

type Ended<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

async fn handshake(
    acceptor: &TlsAcceptor,
    stream: TcpStream,
) -> Ended<tokio_rustls::server::TlsStream<TcpStream>> {
    Ok(tokio::time::timeout(TLS_HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await??)
}

/// The status that was answered to bytes that are no request head; `None` when the connection ended otherwise.
fn refused_unread(error: &(dyn std::error::Error + 'static)) -> Option<StatusCode> {
    let error = error.downcast_ref::<hyper::Error>()?;
    if error.is_parse_too_large() {
        Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
    } else if error.is_parse() {
        Some(StatusCode::BAD_REQUEST)
    } else {
        None
    }
}

/// Plain requests first; from the first one that is not, hyper.
async fn run<S>(
    stream: S,
    connection: Connection,
    router: Router,
    stop: CancellationToken,
) -> Ended<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    match plain::serve(stream, connection, router.clone(), &stop).await? {
        None => Ok(()),
        // Boxed: the task of a connection that never needs it should not have its size.
        Some(begun) => Box::pin(with_hyper(begun, connection, router, stop)).await,
    }
}

async fn with_hyper<S>(
    stream: S,
    connection: Connection,
    router: Router,
    stop: CancellationToken,
) -> Ended<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(connection);
        router.clone().call(request.map(Body::new))
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(served);
    let result = tokio::select! {
        result = served.as_mut() => result,
        () = stop.cancelled() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    Ok(result?)
}
