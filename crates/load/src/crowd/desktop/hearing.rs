//! What a desktop makes of the bytes that its connections bring.

use super::super::dialogue::{Heard, Person, Say};
use super::super::socket::Read;
use super::super::{http1, scan, websocket};
use super::{BOSH_PATH, Carrier, Desktop, Net};

impl Desktop {
    /// Reads all that a connection has. `heard` gets what was understood. `scratch` is room to read into.
    pub(in crate::crowd) fn readable(
        &mut self,
        net: &Net,
        slot: usize,
        person: &mut Person,
        scratch: &mut [u8],
        to_the_end: bool,
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Result<(), String> {
        loop {
            let Some(Some(socket)) = self.sockets.get_mut(slot) else {
                return Ok(());
            };
            let length = match socket.read(scratch) {
                Ok(Read::Bytes(length)) => length,
                Ok(Read::Nothing) => return Ok(()),
                Ok(Read::End) => return self.ended(slot),
                Err(_) if self.leaving => return self.ended(slot),
                Err(error) => return Err(format!("the connection broke: {error}")),
            };
            let fresh = scratch.get(..length).unwrap_or_default();
            if socket.pending.is_empty() {
                let used = self.understand(net, slot, person, fresh, heard)?;
                let rest = fresh.get(used..).unwrap_or_default();
                if let (false, Some(Some(socket))) = (rest.is_empty(), self.sockets.get_mut(slot)) {
                    socket.pending = rest.to_vec();
                }
            } else {
                let mut all = std::mem::take(&mut socket.pending);
                all.extend_from_slice(fresh);
                let used = self.understand(net, slot, person, &all, heard)?;
                all.drain(..used);
                if let (false, Some(Some(socket))) = (all.is_empty(), self.sockets.get_mut(slot)) {
                    socket.pending = all;
                }
            }
            // A read that did not fill the room took all there was (epoll(7)); only an end can follow it.
            if length < scratch.len() && !to_the_end {
                return Ok(());
            }
        }
    }

    /// Takes whole elements off `bytes`; says how many bytes it took.
    fn understand(
        &mut self,
        net: &Net,
        slot: usize,
        person: &mut Person,
        bytes: &[u8],
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Result<usize, String> {
        let mut used = 0;
        while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
            let took = match &mut self.carrier {
                Carrier::Tcp { .. } => self.understand_tcp(net, person, rest, heard)?,
                Carrier::WebSocket { .. } => self.understand_websocket(net, person, rest, heard)?,
                Carrier::Bosh(_) => self.understand_bosh(net, slot, person, rest, heard)?,
            };
            if took == 0 {
                break;
            }
            used += took;
        }
        Ok(used)
    }

    fn understand_tcp(
        &mut self,
        net: &Net,
        person: &mut Person,
        bytes: &[u8],
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Result<usize, String> {
        let spaces = bytes.len() - bytes.trim_ascii_start().len();
        if spaces > 0 {
            return Ok(spaces);
        }
        let Carrier::Tcp { opened } = &mut self.carrier else {
            return Ok(0);
        };
        if !*opened {
            let Some(end) = scan::tag_end(bytes) else {
                return Ok(0);
            };
            *opened = scan::name(bytes) == b"stream";
            if !*opened && !bytes.starts_with(b"<?xml") {
                return Err("the server does not speak XMPP".into());
            }
            return Ok(end);
        }
        if bytes.starts_with(b"</") {
            return self.said_farewell(bytes.len());
        }
        match scan::element_end(bytes) {
            Ok(None) => Ok(0),
            Ok(Some(end)) => {
                let element = bytes.get(..end).unwrap_or_default();
                self.element(net, person, element, heard)?;
                Ok(end)
            }
            Err(error) => Err(error.to_string()),
        }
    }

    fn understand_websocket(
        &mut self,
        net: &Net,
        person: &mut Person,
        bytes: &[u8],
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Result<usize, String> {
        let Carrier::WebSocket { upgraded, parts } = &mut self.carrier else {
            return Ok(0);
        };
        if !*upgraded {
            let Some(end) = http1::head_end(bytes) else {
                return Ok(0);
            };
            let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default());
            if !websocket::is_granted(&head) {
                let status = head.lines().next().unwrap_or_default();
                return Err(format!("the upgrade to WebSocket was answered {status}"));
            }
            *upgraded = true;
            self.say(net, Say::Restart)?;
            return Ok(end);
        }
        let frame = websocket::frame(bytes).map_err(|_| "a frame that RFC 6455 does not allow")?;
        let Some(frame) = frame else {
            return Ok(0);
        };
        match frame.kind {
            websocket::Kind::Text { last: false } => parts.extend_from_slice(frame.payload),
            websocket::Kind::Text { last: true } if parts.is_empty() => {
                self.message(net, person, frame.payload, heard)?;
            }
            websocket::Kind::Text { last: true } => {
                let mut whole = std::mem::take(parts);
                whole.extend_from_slice(frame.payload);
                self.message(net, person, &whole, heard)?;
            }
            websocket::Kind::Ping => {
                websocket::pong(frame.payload, self.socket(net, 0)?.out());
                self.flush(0)?;
            }
            websocket::Kind::Pong => {}
            websocket::Kind::Close => return self.said_farewell(bytes.len()),
        }
        Ok(frame.length)
    }

    fn message(
        &mut self,
        net: &Net,
        person: &mut Person,
        message: &[u8],
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Result<(), String> {
        let message = message.trim_ascii();
        if scan::element_end(message) != Ok(Some(message.len())) {
            return Err("a message that is not one element".into());
        }
        match scan::name(message) {
            b"open" => Ok(()),
            b"close" if self.leaving => Ok(()),
            b"close" => Err("the server closed the stream".into()),
            _ => self.element(net, person, message, heard),
        }
    }

    fn understand_bosh(
        &mut self,
        net: &Net,
        slot: usize,
        person: &mut Person,
        bytes: &[u8],
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Result<usize, String> {
        let Carrier::Bosh(bosh) = &mut self.carrier else {
            return Ok(0);
        };
        let answer = http1::answer(bytes).map_err(|error| format!("{BOSH_PATH}: {error}"))?;
        let Some(answer) = answer else {
            return Ok(0);
        };
        let dialogue = &mut self.dialogue;
        let mut say = Vec::new();
        bosh.answered(slot, answer.body, &mut |element| {
            let (what, next) = dialogue.hear(&net.ways, person, element)?;
            say.extend(next);
            heard(what);
            Ok(())
        })?;
        for say in say {
            bosh.say(say);
        }
        let quiet = bosh.under_way() == 0;
        if answer.closes {
            self.drop_socket(slot);
        }
        if self.leaving && quiet {
            self.sockets = [None, None];
            return Ok(answer.length);
        }
        self.send_bodies(net)?;
        self.close_spare(net);
        Ok(answer.length)
    }

    fn element(
        &mut self,
        net: &Net,
        person: &mut Person,
        element: &[u8],
        heard: &mut dyn FnMut(Heard<'_>),
    ) -> Result<(), String> {
        let (what, next) = self.dialogue.hear(&net.ways, person, element)?;
        heard(what);
        match next {
            Some(say) => self.say(net, say),
            None => Ok(()),
        }
    }

    /// The server closed a connection.
    fn ended(&mut self, slot: usize) -> Result<(), String> {
        self.drop_socket(slot);
        let busy = match &self.carrier {
            Carrier::Bosh(bosh) => bosh.is_busy(slot),
            _ => true,
        };
        if busy && !self.leaving {
            return Err("the server closed the connection".into());
        }
        Ok(())
    }

    /// The server's own farewell: it takes the rest.
    fn said_farewell(&mut self, rest: usize) -> Result<usize, String> {
        if !self.leaving {
            return Err("the server closed the stream".into());
        }
        self.sockets = [None, None];
        Ok(rest)
    }
}
