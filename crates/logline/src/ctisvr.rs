//! The CTI server's process log (logs.md 2.7).

use std::borrow::Cow;

/// One entry of the CTI server's log, without date or zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Milliseconds since 1970; only the time of day is written.
    pub at: i64,
    /// Such as `cg1A-ctisvr`.
    pub process: Cow<'a, str>,
    /// The session that sent or gets the message.
    pub session: Option<u32>,
    /// What is logged.
    pub body: Body<'a>,
}

/// The text of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body<'a> {
    /// `MsgType:<NAME> (Key:Value ...)`, wrapped over several lines.
    Message {
        /// The wire name, such as `SET_AGENT_STATE_REQ`.
        name: Cow<'a, str>,
        /// The fields in wire order.
        fields: Vec<(Cow<'a, str>, Value<'a>)>,
    },
    /// `Trace: text`.
    Trace(Cow<'a, str>),
}

/// A field's value as the CTI server prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// Decimal.
    Number(i64),
    /// `0x1b65f`: invoke ids, call ids, masks.
    Hex(u64),
    /// A name such as `NOT_READY`.
    Name(Cow<'a, str>),
    /// `"quoted"`.
    Text(Cow<'a, str>),
}
