//! A tap in the CTI connection between the desk and the real CTI server: requests about calls stop here for the test
//! to answer, and the test says what happens to calls. Everything else passes.

use std::net::SocketAddr;

use tact_ged188::{
    ControlFailure, ControlFailureConf, Message, Protocol, decode, encode, frame_len,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::centre::PATIENCE;

/// Requests that stop here.
const CALL_CONTROL: [&str; 13] = [
    "MAKE_CALL_REQ",
    "ANSWER_CALL_REQ",
    "CLEAR_CONNECTION_REQ",
    "HOLD_CALL_REQ",
    "RETRIEVE_CALL_REQ",
    "CONSULTATION_CALL_REQ",
    "TRANSFER_CALL_REQ",
    "CONFERENCE_CALL_REQ",
    "SEND_DTMF_SIGNAL_REQ",
    "SET_CALL_DATA_REQ",
    "SUPERVISE_CALL_REQ",
    "SNAPSHOT_CALL_REQ",
    "SNAPSHOT_DEVICE_REQ",
];
/// Of these those that the desk asks by itself; they are refused, as an old server would.
const QUERIES: [&str; 2] = ["SNAPSHOT_CALL_REQ", "SNAPSHOT_DEVICE_REQ"];

pub(super) struct Wire {
    asked: mpsc::UnboundedReceiver<(u32, Message)>,
    say: mpsc::UnboundedSender<Message>,
}

impl Wire {
    /// A tap before the server at `port`; its own port.
    pub(super) async fn before(port: u16) -> (Wire, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let (tell, asked) = mpsc::unbounded_channel();
        let (say, said) = mpsc::unbounded_channel();
        let again = say.clone();
        tokio::spawn(async move {
            let (client, _) = listener.accept().await.unwrap();
            let (from_client, to_client) = client.into_split();
            let server = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).await;
            let (from_server, to_server) = server.unwrap().into_split();
            tokio::spawn(requests(from_client, to_server, tell, again));
            answers(from_server, to_client, said).await;
        });
        (Wire { asked, say }, own)
    }

    /// The CTI server says this.
    pub(super) fn say(&self, message: impl Into<Message>) {
        self.say.send(message.into()).expect("the tap is there");
    }

    /// The next request about a call, with its InvokeID.
    pub(super) async fn asked(&mut self) -> (u32, Message) {
        let next = tokio::time::timeout(PATIENCE, self.asked.recv()).await;
        next.expect("a request in time").expect("the tap is there")
    }

    /// The CTI server refuses a request.
    pub(super) fn refuse(&self, invoke_id: u32, failure_code: ControlFailure) {
        self.say(ControlFailureConf {
            invoke_id,
            failure_code,
            ..ControlFailureConf::default()
        });
    }
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    tell: mpsc::UnboundedSender<(u32, Message)>,
    say: mpsc::UnboundedSender<Message>,
) {
    let mut buffer = Vec::new();
    while let Some(frame) = frame(&mut from, &mut buffer).await {
        let message = decode(&frame, Protocol::CURRENT).unwrap();
        if !CALL_CONTROL.contains(&message.name()) {
            if to.write_all(&frame).await.is_err() {
                return;
            }
            continue;
        }
        let invoke_id = u32::from_be_bytes(frame[8..12].try_into().unwrap());
        if QUERIES.contains(&message.name()) {
            let refusal = ControlFailureConf {
                invoke_id,
                failure_code: ControlFailure::GENERIC_OPERATION,
                ..ControlFailureConf::default()
            };
            let _ = say.send(refusal.into());
        } else {
            let _ = tell.send((invoke_id, message));
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut said: mpsc::UnboundedReceiver<Message>,
) {
    let mut buffer = Vec::new();
    loop {
        // Reading a frame keeps what it has in the buffer, so it may be given up for what is said.
        let bytes = tokio::select! {
            frame = frame(&mut from, &mut buffer) => match frame {
                Some(frame) => frame,
                None => return,
            },
            Some(message) = said.recv() => {
                let mut bytes = Vec::new();
                encode(&message, Protocol::CURRENT, &mut bytes).unwrap();
                bytes
            }
        };
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

async fn frame(from: &mut OwnedReadHalf, buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    loop {
        if let Some(length) = frame_len(buffer).unwrap()
            && buffer.len() >= length
        {
            return Some(buffer.drain(..length).collect());
        }
        if from.read_buf(buffer).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}
