//! One CTI session: how it is opened, and what it reads for the book.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tact_ged188::{
    ConfigMask, ConfigRequestEvent, Message, OpenReq, Protocol, Services, Tag, decode, encode,
    frame_len, text,
};
use tokio::net::{TcpSocket, TcpStream};

use crate::book::{Book, Hearer, Person};
use crate::driver::Driver;

/// Bytes that a session which stops reading leaves room for.
const STALLED_ROOM: u32 = 4096;
/// How often the session of an agent that does not read asks for something.
const ASKING_BEAT: Duration = Duration::from_millis(500);
/// Bytes asked of the socket at a time.
const READ_BYTES: usize = 16 * 1024;
/// PeripheralID of the demo centre.
pub(crate) const PERIPHERAL: u32 = 5000;

/// A connection that cuts what arrives into messages.
pub(crate) struct Connection {
    pub(crate) stream: Rc<TcpStream>,
    buffer: Vec<u8>,
    used: usize,
}

impl Connection {
    async fn connect(address: SocketAddr, room: Option<u32>) -> Result<Connection> {
        let socket = TcpSocket::new_v4()?;
        if let Some(room) = room {
            socket.set_recv_buffer_size(room)?;
        }
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream: Rc::new(stream),
            buffer: Vec::new(),
            used: 0,
        })
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Result<Message> {
        loop {
            let rest = self.buffer.get(self.used..).unwrap_or_default();
            if let Some(len) = frame_len(rest)?
                && let Some(frame) = rest.get(..len)
            {
                let message = decode(frame, Protocol::CURRENT)?;
                self.used += len;
                return Ok(message);
            }
            self.buffer.drain(..self.used);
            self.used = 0;
            self.buffer.reserve(READ_BYTES);
            self.stream.readable().await?;
            match self.stream.try_read_buf(&mut self.buffer) {
                Ok(0) => bail!("the server closed the connection"),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The next message of a kind; others before it are skipped.
    async fn until(&mut self, name: &str) -> Result<Message> {
        loop {
            let message = self.next().await?;
            if message.name() == name {
                return Ok(message);
            }
            if matches!(message, Message::FailureConf(_) | Message::FailureEvent(_)) {
                bail!("{message:?} instead of {name}");
            }
        }
    }
}

/// Sends a message whole, or fails: these are short and rare enough for any buffer.
pub(crate) fn send(stream: &TcpStream, message: impl Into<Message>) -> Result<()> {
    let mut bytes = Vec::new();
    encode(&message.into(), Protocol::CURRENT, &mut bytes)?;
    let written = stream.try_write(&bytes)?;
    if written == bytes.len() {
        Ok(())
    } else {
        bail!("the server does not read")
    }
}

fn open_req(client: &str, services: Services, person: Option<&Person>) -> OpenReq {
    let mut request = OpenReq {
        invoke_id: 1,
        version_number: Protocol::CURRENT.number(),
        idle_timeout: u32::MAX,
        peripheral_id: PERIPHERAL,
        services_requested: services,
        ..Default::default()
    };
    request.call_msg_mask.0 = 0x0fff_ffff;
    request.agent_state_mask.0 = 0x3fff;
    request.floats.push_text(Tag::CLIENT_ID, client);
    if let Some(person) = person {
        request.floats.push_text(Tag::AGENT_ID, &person.id);
        request
            .floats
            .push_text(Tag::AGENT_INSTRUMENT, &person.extension);
    }
    request
}

/// The agents of the centre and their extensions, which it lists in the same order.
pub(crate) async fn people(address: SocketAddr) -> Result<Vec<Person>> {
    let mut connection = Connection::connect(address, None).await?;
    send(
        &connection.stream,
        open_req("directory", Services::ALL_EVENTS, None),
    )?;
    connection.until("OPEN_CONF").await?;
    let request = ConfigRequestEvent {
        config_information: ConfigMask::AGENT | ConfigMask::DEVICE,
        peripheral_id: PERIPHERAL,
        ..Default::default()
    };
    send(&connection.stream, request)?;
    let (mut ids, mut extensions) = (Vec::new(), Vec::new());
    loop {
        match connection.next().await? {
            Message::ConfigAgentEvent(event) => {
                ids.extend(
                    event
                        .floats
                        .all(Tag::LOGIN_ID)
                        .map(|it| text(it).into_owned()),
                );
            }
            Message::ConfigDeviceEvent(event) => {
                let all = event.floats.all(Tag::EXTENSION);
                extensions.extend(all.map(|it| text(it).into_owned()));
            }
            Message::ConfigEndEvent(_) => break,
            _ => {}
        }
    }
    let people = ids.into_iter().zip(extensions);
    Ok(people
        .map(|(id, extension)| Person { id, extension })
        .collect())
}

/// Opens an ALL_EVENTS session; the last one stalls.
pub(crate) async fn all_events(
    address: SocketAddr,
    number: usize,
    book: &Rc<Book>,
    driver: &Rc<Driver>,
) -> Result<()> {
    let stalls = number == book.all();
    let room = stalls.then_some(STALLED_ROOM);
    let mut connection = Connection::connect(address, room).await?;
    let client = format!("all-{number}");
    send(
        &connection.stream,
        open_req(&client, Services::ALL_EVENTS, None),
    )?;
    connection.until("OPEN_CONF").await?;
    connection.until("SYSTEM_EVENT").await?;
    if stalls {
        book.add_stalled(connection.stream, "ALL_EVENTS");
    } else {
        let reading = read(
            connection,
            Hearer::All(number),
            Rc::clone(book),
            Rc::clone(driver),
        );
        tokio::task::spawn_local(reading);
    }
    Ok(())
}

/// Opens the session of an agent; the last one stalls.
pub(crate) async fn of_agent(
    address: SocketAddr,
    agent: usize,
    book: &Rc<Book>,
    driver: &Rc<Driver>,
) -> Result<()> {
    let person = book.person(agent).context("no such agent")?;
    let stalls = agent == book.agents();
    let room = stalls.then_some(STALLED_ROOM);
    let mut connection = Connection::connect(address, room).await?;
    let services = Services::CLIENT_EVENTS | Services::CLIENT_CONTROL;
    let client = format!("agent-{agent}");
    send(
        &connection.stream,
        open_req(&client, services, Some(person)),
    )?;
    connection.until("OPEN_CONF").await?;
    if stalls {
        book.add_stalled(Rc::clone(&connection.stream), "CLIENT_CONTROL");
        tokio::task::spawn_local(ask_for_ever(connection.stream));
    } else {
        book.add_agent(Rc::clone(&connection.stream));
        let reading = read(
            connection,
            Hearer::Agent(agent),
            Rc::clone(book),
            Rc::clone(driver),
        );
        tokio::task::spawn_local(reading);
    }
    Ok(())
}

/// Asks for the centre's agents again and again without reading an answer, until the server closes: what an agent hears
/// of the own calls alone fills no queue in a run of minutes.
async fn ask_for_ever(stream: Rc<TcpStream>) {
    let mut beat = tokio::time::interval(ASKING_BEAT);
    loop {
        beat.tick().await;
        let request = ConfigRequestEvent {
            config_information: ConfigMask::AGENT,
            peripheral_id: PERIPHERAL,
            ..Default::default()
        };
        if send(&stream, request).is_err() {
            return;
        }
    }
}

/// Reads until the connection ends, which none does before the run is over.
async fn read(mut connection: Connection, hearer: Hearer, book: Rc<Book>, driver: Rc<Driver>) {
    loop {
        let done = match connection.next().await {
            Ok(message) => {
                book.heard(hearer, &message);
                driver.heard(hearer, &message)
            }
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            book.ended(hearer, &error);
            return;
        }
    }
}
