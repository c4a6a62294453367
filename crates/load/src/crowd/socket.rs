//! One connection of a desktop, which never waits: what cannot be written or understood yet is kept.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::{Domain, Protocol, Socket as RawSocket, Type};

/// Loopback addresses that connections come from in turn: each has 28,000 ports of its own.
const SOURCES: u8 = 16;

/// Where connections go.
#[derive(Debug, Clone)]
pub(super) struct Server {
    /// The address.
    pub(super) address: SocketAddr,
    /// `host:port` for the Host header.
    pub(super) authority: String,
}

impl Server {
    /// The address that the `number`th connection comes from; `None` leaves it to the system.
    fn source(&self, number: usize) -> Option<SocketAddr> {
        if self.address.ip() != IpAddr::V4(Ipv4Addr::LOCALHOST) {
            return None;
        }
        let turn = u8::try_from(number % usize::from(SOURCES)).unwrap_or_default();
        Some((Ipv4Addr::new(127, 0, 0, turn + 2), 0).into())
    }
}

/// What reading brought.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// So many bytes.
    Bytes(usize),
    /// Nothing for now.
    Nothing,
    /// The end.
    End,
}

/// A connection.
pub(super) struct Socket {
    stream: TcpStream,
    /// Written into it, not yet out.
    out: Vec<u8>,
    /// False until the connection stands.
    stands: bool,
    /// Read, not yet understood.
    pub(super) pending: Vec<u8>,
}

impl Socket {
    /// Begins to connect.
    pub(super) fn connect(
        server: &Server,
        registry: &Registry,
        token: Token,
    ) -> io::Result<Socket> {
        let raw = RawSocket::new(
            Domain::for_address(server.address),
            Type::STREAM,
            Some(Protocol::TCP),
        )?;
        raw.set_nonblocking(true)?;
        raw.set_tcp_nodelay(true)?;
        if let Some(source) = server.source(token.0) {
            raw.bind(&source.into())?;
        }
        match raw.connect(&server.address.into()) {
            Ok(()) => {}
            Err(error) if is_under_way(&error) => {}
            Err(error) => return Err(error),
        }
        let mut stream = TcpStream::from_std(raw.into());
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Socket {
            stream,
            out: Vec::new(),
            stands: false,
            pending: Vec::new(),
        })
    }

    /// A second handle on the same connection, for a thread that only writes.
    pub(super) fn writer(&self) -> io::Result<std::net::TcpStream> {
        use std::os::fd::AsFd as _;
        let handle = self.stream.as_fd().try_clone_to_owned()?;
        Ok(handle.into())
    }

    /// Room for what is to be said; [`Socket::flush`] sends it.
    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Sends what it can. What remains goes when the connection is writable again.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if !self.stands {
            return Ok(());
        }
        let mut sent = 0;
        while let Some(rest) = self.out.get(sent..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(length) => sent += length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.out.drain(..sent);
        if self.out.is_empty() {
            // Ten thousand idle desktops need no buffers.
            self.out = Vec::new();
        }
        Ok(())
    }

    /// The connection stands, or there is room again.
    pub(super) fn writable(&mut self) -> io::Result<()> {
        if !self.stands {
            if let Some(error) = self.stream.take_error()? {
                return Err(error);
            }
            match self.stream.peer_addr() {
                Ok(_) => self.stands = true,
                Err(error) if error.kind() == io::ErrorKind::NotConnected => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        self.flush()
    }

    /// Reads what there is, as much as fits.
    pub(super) fn read(&mut self, into: &mut [u8]) -> io::Result<Read> {
        loop {
            return match self.stream.read(into) {
                Ok(0) => Ok(Read::End),
                Ok(length) => Ok(Read::Bytes(length)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Read::Nothing),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
        }
    }
}

fn is_under_way(error: &io::Error) -> bool {
    /// EINPROGRESS on Linux, as errno(3) numbers it.
    const IN_PROGRESS: i32 = 115;
    error.kind() == io::ErrorKind::WouldBlock || error.raw_os_error() == Some(IN_PROGRESS)
}
