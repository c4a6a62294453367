//! One desktop: a dialogue, and the one or two connections that carry it.

mod hearing;

use std::io;
use std::time::Instant;

use mio::{Registry, Token};
use tact_xmpp::ns;

use super::bosh::{Bosh, MAX_UNDER_WAY};
use super::dialogue::{Dialogue, Goal, Say, Ways};
use super::socket::{Server, Socket};
use super::{Transport, http1, scan, websocket};

/// Where the web server answers.
const BOSH_PATH: &str = "/http-bind/";
const WEBSOCKET_PATH: &str = "/ws/";

/// What all desktops share.
pub(super) struct Net {
    /// Where they connect to.
    pub(super) server: Server,
    /// What carries their channel.
    pub(super) transport: Transport,
    /// How they sign in.
    pub(super) ways: Ways,
    /// Wakes the one thread.
    pub(super) registry: Registry,
    /// Closes the second connection of BOSH when it is not needed, as there are not descriptors for all.
    pub(super) one_connection: bool,
}

enum Carrier {
    Tcp { opened: bool },
    WebSocket { upgraded: bool, parts: Vec<u8> },
    Bosh(Bosh),
}

/// A desktop that is connected, or on its way.
pub(super) struct Desktop {
    index: usize,
    dialogue: Dialogue,
    carrier: Carrier,
    sockets: [Option<Socket>; MAX_UNDER_WAY],
    /// When its sign-in was due.
    pub(super) since: Instant,
    leaving: bool,
}

/// The desktop that a token belongs to, and which of its connections.
pub(super) fn place(token: Token) -> (usize, usize) {
    (token.0 / MAX_UNDER_WAY, token.0 % MAX_UNDER_WAY)
}

impl Desktop {
    /// Begins to connect.
    pub(super) fn start(
        net: &Net,
        index: usize,
        goal: Goal,
        since: Instant,
    ) -> Result<Desktop, String> {
        let carrier = match net.transport {
            Transport::Tcp => Carrier::Tcp { opened: false },
            Transport::WebSocket => Carrier::WebSocket {
                upgraded: false,
                parts: Vec::new(),
            },
            Transport::Bosh => {
                let mut first = [0; 4];
                getrandom::fill(&mut first).map_err(|error| error.to_string())?;
                Carrier::Bosh(Bosh::new(u32::from_le_bytes(first)))
            }
        };
        let mut desktop = Desktop {
            index,
            dialogue: Dialogue::new(goal),
            carrier,
            sockets: [None, None],
            since,
            leaving: false,
        };
        match &desktop.carrier {
            Carrier::Bosh(_) => desktop.send_bodies(net)?,
            Carrier::Tcp { .. } => desktop.say(net, Say::Restart)?,
            Carrier::WebSocket { .. } => {
                let request = websocket::upgrade(&net.server.authority, WEBSOCKET_PATH);
                let socket = desktop.socket(net, 0)?;
                socket.out().extend_from_slice(request.as_bytes());
            }
        }
        Ok(desktop)
    }

    /// True once the goal is reached.
    pub(super) fn is_there(&self) -> bool {
        self.dialogue.is_there()
    }

    /// What it waits for, in words.
    pub(super) fn waits_for(&self) -> &'static str {
        match &self.carrier {
            Carrier::WebSocket {
                upgraded: false, ..
            } => "the upgrade to WebSocket",
            _ => self.dialogue.waits_for(),
        }
    }

    /// True when nothing of it is left.
    pub(super) fn is_gone(&self) -> bool {
        self.sockets.iter().all(Option::is_none)
    }

    /// True after its farewell: whatever ends it then is no failure.
    pub(super) fn is_leaving(&self) -> bool {
        self.leaving
    }

    /// The handle of a thread that only writes.
    pub(super) fn writer(&self) -> io::Result<std::net::TcpStream> {
        match &self.sockets {
            [Some(socket), _] => socket.writer(),
            _ => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Says something.
    pub(super) fn say(&mut self, net: &Net, say: Say) -> Result<(), String> {
        let domain = &net.ways.domain;
        match &mut self.carrier {
            Carrier::Bosh(bosh) => {
                bosh.say(say);
                return self.send_bodies(net);
            }
            Carrier::Tcp { opened } => {
                let text = match say {
                    Say::Restart => {
                        *opened = false;
                        format!(
                            "<?xml version='1.0'?><stream:stream xmlns='{}' xmlns:stream='{}' to='{domain}' \
                             version='1.0'>",
                            ns::CLIENT,
                            ns::STREAMS
                        )
                    }
                    Say::Stanzas(stanzas) => stanzas,
                };
                let out = self.socket(net, 0)?.out();
                out.extend_from_slice(text.as_bytes());
            }
            Carrier::WebSocket { .. } => {
                let text = match say {
                    Say::Restart => {
                        format!(
                            "<open xmlns='{}' to='{domain}' version='1.0'/>",
                            ns::FRAMING
                        )
                    }
                    Say::Stanzas(stanzas) => stanzas,
                };
                let out = self.socket(net, 0)?.out();
                // One element a message.
                let mut rest = text.as_str();
                while let Ok(Some(end)) = scan::element_end(rest.as_bytes()) {
                    let Some((element, after)) = rest.split_at_checked(end) else {
                        break;
                    };
                    websocket::text(element, out);
                    rest = after;
                }
            }
        }
        self.flush(0)
    }

    /// Says farewell. The server answers by closing, or the answer ends it.
    pub(super) fn leave(&mut self, net: &Net) -> Result<(), String> {
        self.leaving = true;
        let last_words = match self.dialogue.is_bound() {
            true => format!("<presence xmlns='{}' type='unavailable'/>", ns::CLIENT),
            false => String::new(),
        };
        match &mut self.carrier {
            Carrier::Bosh(bosh) => {
                let slot = usize::from(bosh.is_busy(0));
                let body = match bosh.is_busy(slot) {
                    false => bosh.farewell(slot, &last_words),
                    true => None,
                };
                match body {
                    Some(body) => {
                        let out = self.socket(net, slot)?.out();
                        http1::post(&net.server.authority, BOSH_PATH, &body, out);
                        self.flush(slot)
                    }
                    None => {
                        self.sockets = [None, None];
                        Ok(())
                    }
                }
            }
            // Between SASL and the new stream nothing can be said.
            _ if last_words.is_empty() => {
                self.sockets = [None, None];
                Ok(())
            }
            Carrier::Tcp { .. } => {
                let last_words = last_words + "</stream:stream>";
                self.say(net, Say::Stanzas(last_words))
            }
            Carrier::WebSocket { .. } => {
                let last_words = format!("{last_words}<close xmlns='{}'/>", ns::FRAMING);
                self.say(net, Say::Stanzas(last_words))?;
                websocket::close(self.socket(net, 0)?.out());
                self.flush(0)
            }
        }
    }

    /// There is room to write on a connection, or it stands now.
    pub(super) fn writable(&mut self, net: &Net, slot: usize) -> Result<(), String> {
        match self.sockets.get_mut(slot) {
            Some(Some(socket)) => socket
                .writable()
                .map_err(|error| format!("cannot write to {}: {error}", net.server.address)),
            _ => Ok(()),
        }
    }

    /// Sends the requests that are due.
    fn send_bodies(&mut self, net: &Net) -> Result<(), String> {
        loop {
            let Carrier::Bosh(bosh) = &mut self.carrier else {
                return Ok(());
            };
            let free = |slot: &usize| !bosh.is_busy(*slot);
            let open = |slot: &usize| matches!(self.sockets.get(*slot), Some(Some(_)));
            let mut slots = (0..MAX_UNDER_WAY).filter(free);
            let Some(slot) = slots.clone().find(open).or_else(|| slots.next()) else {
                return Ok(());
            };
            let Some(body) = bosh.next_body(slot, &net.ways.domain) else {
                return Ok(());
            };
            let socket = self.socket(net, slot)?;
            http1::post(&net.server.authority, BOSH_PATH, &body, socket.out());
            self.flush(slot)?;
        }
    }

    /// The connection that carries no request is not kept where descriptors are short.
    fn close_spare(&mut self, net: &Net) {
        let Carrier::Bosh(bosh) = &self.carrier else {
            return;
        };
        if net.one_connection && bosh.under_way() == 1 {
            let spare = usize::from(bosh.is_busy(0));
            self.drop_socket(spare);
        }
    }

    fn drop_socket(&mut self, slot: usize) {
        if let Some(socket) = self.sockets.get_mut(slot) {
            *socket = None;
        }
    }

    fn flush(&mut self, slot: usize) -> Result<(), String> {
        match self.sockets.get_mut(slot) {
            Some(Some(socket)) => socket
                .flush()
                .map_err(|error| format!("the connection broke: {error}")),
            _ => Ok(()),
        }
    }

    /// The connection, made when there is none.
    fn socket(&mut self, net: &Net, slot: usize) -> Result<&mut Socket, String> {
        let token = Token(self.index * MAX_UNDER_WAY + slot);
        let place = self.sockets.get_mut(slot).ok_or("no such connection")?;
        match place {
            Some(socket) => Ok(socket),
            None => {
                let socket =
                    Socket::connect(&net.server, &net.registry, token).map_err(|error| {
                        format!("cannot connect to {}: {error}", net.server.address)
                    })?;
                Ok(place.insert(socket))
            }
        }
    }
}
