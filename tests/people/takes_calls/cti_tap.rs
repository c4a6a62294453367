//! A CTI client that hears of everything and does nothing: GED-188 as it passes by.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tact_ged188::{
    AgentStateMask, CallMask, HeartbeatReq, Message, OpenReq, Protocol, Services, Tag, decode,
    encode, frame_len,
};

use crate::tact::until;

/// One message with the bytes it came in.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) message: Message,
    pub(crate) bytes: Vec<u8>,
}

/// An ALL_EVENTS session in protocol 24 that records.
pub(crate) struct CtiTap {
    stream: TcpStream,
    heard: Arc<Mutex<Vec<Heard>>>,
    next_invoke: u32,
}

impl CtiTap {
    /// Opens a session and waits until it is granted.
    pub(crate) fn open(address: SocketAddr) -> CtiTap {
        let stream = TcpStream::connect(address).unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let mut tap = CtiTap {
            stream: stream.try_clone().unwrap(),
            heard: Arc::clone(&heard),
            next_invoke: 1,
        };
        thread::spawn(move || read(stream, &heard));
        let mut request = OpenReq {
            invoke_id: 1,
            version_number: 24,
            idle_timeout: 600,
            peripheral_id: 5000,
            services_requested: Services::ALL_EVENTS | Services::CALL_DATA_UPDATE,
            call_msg_mask: CallMask(0x0fff_ffff),
            agent_state_mask: AgentStateMask(0x3fff),
            ..OpenReq::default()
        };
        request.floats.push_text(Tag::CLIENT_ID, "golden");
        tap.send(&request.into());
        until("the CTI session is open", || {
            let heard = tap.heard.lock().unwrap();
            heard
                .iter()
                .any(|heard| matches!(heard.message, Message::OpenConf(_)))
                .then_some(())
        });
        tap
    }

    /// Whether a message for which `wanted` holds has come since the last [`CtiTap::take`].
    pub(crate) fn has(&self, wanted: impl Fn(&Message) -> bool) -> bool {
        let heard = self.heard.lock().unwrap();
        heard.iter().any(|heard| wanted(&heard.message))
    }

    /// All that came since the last time; first waits until the server has sent what it had to send.
    pub(crate) fn take(&mut self) -> Vec<Heard> {
        self.next_invoke += 1;
        let invoke_id = self.next_invoke;
        let request = HeartbeatReq {
            invoke_id,
            ..HeartbeatReq::default()
        };
        self.send(&request.into());
        until("the heartbeat is answered", || {
            self.has(|message| matches!(message, Message::HeartbeatConf(conf) if conf.invoke_id == invoke_id))
                .then_some(())
        });
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    fn send(&mut self, message: &Message) {
        let mut bytes = Vec::new();
        encode(message, protocol(), &mut bytes).unwrap();
        self.stream.write_all(&bytes).unwrap();
    }
}

impl Drop for CtiTap {
    fn drop(&mut self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

/// What the tap speaks.
pub(crate) fn protocol() -> Protocol {
    Protocol::new(24).unwrap()
}

fn read(mut stream: TcpStream, heard: &Mutex<Vec<Heard>>) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(600)));
    let mut buffer = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        while let Ok(Some(length)) = frame_len(&buffer) {
            let bytes: Vec<u8> = buffer.drain(..length).collect();
            let message = decode(&bytes, protocol()).unwrap();
            heard.lock().unwrap().push(Heard { message, bytes });
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return,
            Ok(read) => buffer.extend_from_slice(&chunk[..read]),
        }
    }
}
