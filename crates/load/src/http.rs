//! HTTP/1.1 requests to one server over a few kept connections.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, RANGE};
use hyper::{Method, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::target::{Target, authority};

/// Bytes of an answer that are read; a longer one is an error.
const MAX_ANSWER: usize = 8 << 20;
/// Time for a TCP and TLS connection to stand.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Any byte stream to a server.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The server does not answer on its port, or TLS failed.
    #[error("cannot connect to {server}: {source}")]
    Connect {
        /// `host:port`.
        server: String,
        /// What the operating system or TLS said.
        source: std::io::Error,
    },
    /// The connection broke in the middle.
    #[error("the connection broke: {0}")]
    Broken(#[from] hyper::Error),
    /// The answer is longer than this client reads, or broke off.
    #[error("the answer could not be read: {0}")]
    Answer(String),
    /// A header or path that HTTP does not allow.
    #[error("not a valid request: {0}")]
    Request(#[from] hyper::http::Error),
    /// No answer in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body as text.
    pub body: String,
}

/// A part of a file.
#[derive(Debug, Clone)]
pub struct Part {
    /// 200 or 206; 416 behind the end.
    pub status: StatusCode,
    /// The bytes.
    pub bytes: Bytes,
}

/// A client of one server. Connections are kept and used again; at most one request runs on each.
#[derive(Debug)]
pub struct Client {
    target: Target,
    tls: Arc<ClientConfig>,
    authorization: Option<HeaderValue>,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
}

impl Client {
    /// A client that connects at its first request.
    pub fn new(target: Target, tls: Arc<ClientConfig>) -> Client {
        Client {
            target,
            tls,
            authorization: None,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// The same server with Basic credentials on each request.
    pub fn with_credentials(&self, user: &str, password: &str) -> Client {
        use base64::Engine as _;
        let encoded =
            base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let mut value = HeaderValue::from_str(&format!("Basic {encoded}")).ok();
        if let Some(value) = &mut value {
            value.set_sensitive(true);
        }
        Client {
            target: self.target.clone(),
            tls: Arc::clone(&self.tls),
            authorization: value,
            idle: Mutex::new(Vec::new()),
        }
    }

    /// One request and its whole answer.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, &str)],
        body: impl Into<Bytes>,
        within: Duration,
    ) -> Result<Answer, HttpError> {
        let mut request = hyper::Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.target.authority());
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let request = request.body(Full::new(body.into()))?;
        tokio::time::timeout(within, self.send(request))
            .await
            .map_err(|_| HttpError::Timeout(within))?
    }

    /// GET with the `nocache` that a desktop appends.
    pub async fn get(&self, path: &str, within: Duration) -> Result<Answer, HttpError> {
        self.request(Method::GET, path, &[], Bytes::new(), within)
            .await
    }

    /// An XML body, with its requestId.
    pub async fn send_xml(
        &self,
        method: Method,
        path: &str,
        request_id: &str,
        body: String,
        within: Duration,
    ) -> Result<Answer, HttpError> {
        let headers = [
            (CONTENT_TYPE, "application/xml"),
            (HeaderName::from_static("requestid"), request_id),
        ];
        self.request(method, path, &headers, body, within).await
    }

    /// A part of a file, from a byte on, as much as the server gives at a time; empty behind its end.
    pub async fn part(&self, path: &str, from: u64, within: Duration) -> Result<Part, HttpError> {
        let mut request = hyper::Request::builder()
            .method(Method::GET)
            .uri(path)
            .header(HOST, self.target.authority())
            .header(RANGE, format!("bytes={from}-"));
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Full::new(Bytes::new()))?;
        let (status, bytes) = tokio::time::timeout(within, self.exchange(request))
            .await
            .map_err(|_| HttpError::Timeout(within))??;
        Ok(Part { status, bytes })
    }

    async fn send(&self, request: hyper::Request<Full<Bytes>>) -> Result<Answer, HttpError> {
        let (status, body) = self.exchange(request).await?;
        Ok(Answer {
            status,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    async fn exchange(
        &self,
        request: hyper::Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), HttpError> {
        let mut sender = self.connection().await?;
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_ANSWER)
            .collect()
            .await
            .map_err(|error| HttpError::Answer(error.to_string()))?
            .to_bytes();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sender);
        Ok((status, body))
    }

    async fn connection(&self) -> Result<SendRequest<Full<Bytes>>, HttpError> {
        loop {
            let kept = self
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop();
            let Some(mut kept) = kept else { break };
            // The server may have closed a kept connection meanwhile.
            if kept.ready().await.is_ok() {
                return Ok(kept);
            }
        }
        let stream = connect(&self.target, &self.tls).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Drives the bytes; ends when the sender is dropped or the server closes.
        tokio::spawn(connection);
        Ok(sender)
    }
}

/// A byte stream to the target, encrypted where its scheme says so.
pub async fn connect(
    target: &Target,
    tls: &Arc<ClientConfig>,
) -> Result<Box<dyn Stream>, HttpError> {
    let stream = connect_tcp(&target.host, target.port).await?;
    if !target.secure {
        return Ok(Box::new(stream));
    }
    Ok(Box::new(start_tls(stream, &target.host, tls).await?))
}

/// A TCP connection without delay for small writes.
pub async fn connect_tcp(host: &str, port: u16) -> Result<TcpStream, HttpError> {
    let server = authority(host, port);
    let failed = |source| HttpError::Connect {
        server: server.clone(),
        source,
    };
    let stream = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect((host, port)))
        .await
        .map_err(|_| failed(std::io::ErrorKind::TimedOut.into()))?
        .map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    Ok(stream)
}

/// TLS on a connection that stands.
pub async fn start_tls<S: Stream>(
    stream: S,
    host: &str,
    tls: &Arc<ClientConfig>,
) -> Result<tokio_rustls::client::TlsStream<S>, HttpError> {
    let failed = |source| HttpError::Connect {
        server: host.to_owned(),
        source,
    };
    let name = ServerName::try_from(host.to_owned())
        .map_err(|error| failed(std::io::Error::new(std::io::ErrorKind::InvalidInput, error)))?;
    tokio::time::timeout(
        CONNECT_TIMEOUT,
        TlsConnector::from(Arc::clone(tls)).connect(name, stream),
    )
    .await
    .map_err(|_| failed(std::io::ErrorKind::TimedOut.into()))?
    .map_err(failed)
}
