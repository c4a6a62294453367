//! The GED-188 CTI wire: bytes to typed messages and back, protocol versions 9 to 25.
//!
//! A connection is a stream of [frames](frame_len); each is one [`Message`] of a fixed part and
//! [`Floats`], laid out by the [`Protocol`] version its session was opened with. Decoding keeps
//! everything it meets, so that a message encodes back to the bytes it came from.
//!
//! ```
//! use tact_ged188::{Message, Protocol, SetAgentStateReq, Tag, decode, encode};
//! use tact_ged188::codes::AgentState;
//!
//! let mut request = SetAgentStateReq { invoke_id: 7, agent_state: AgentState::NOT_READY, ..Default::default() };
//! request.floats.push_text(Tag::AGENT_ID, "2001");
//!
//! let mut bytes = Vec::new();
//! encode(&request.into(), Protocol::CURRENT, &mut bytes)?;
//! let message = decode(&bytes, Protocol::CURRENT)?;
//! assert_eq!(message.name(), "SET_AGENT_STATE_REQ");
//! assert_eq!(message.invoke_id(), Some(7));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! No I/O, no clock, nothing about calls or agents beyond their numbers. A message is a row of a
//! table: see [`table`].

pub mod capture;
mod codec;
pub mod codes;
mod floats;
mod frame;
#[doc(hidden)]
pub mod fuzz;
mod message;
mod messages;
mod protocol;
pub mod table;
mod tag;
pub mod wire;

pub use codec::{DecodeError, DecodeErrorKind, EncodeError, decode, encode};
pub use codes::*;
pub use floats::{Floats, Iter as FloatIter, number, text};
pub use frame::{FrameError, HEADER_LEN, MAX_MESSAGE_LEN, frame_len};
pub use message::{Message, Unknown};
pub use messages::*;
pub use protocol::Protocol;
pub use table::Form;
pub use tag::{Kind, Tag, TagRow};
pub use wire::{Bool, Value};
