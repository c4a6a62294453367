//! The `%CCBU_` records of the REST API's log (logs.md 2.1 and 2.2).
//!
//! [`write()`] makes our variant: sequence, host, date. [`parse`] reads every variant into a [`Record`], and
//! [`Record::event`] makes the typed [`Event`] of it. The reference names no mnemonic for the raw message that
//! precedes a decoded one; ours is `RAW_MESSAGE_FROM_CTI_SERVER`.

mod parse;
pub mod start;
mod typed;
mod write;

pub use parse::{Record, parse};
pub use typed::Lists;
pub use write::{AGENT_STATES, write};

/// What stands before the mnemonic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// Sequence number since start, from 1; ten digits.
    pub sequence: u64,
    /// The server's host name or address.
    pub host: &'a str,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The server's zone, minutes east of UTC.
    pub offset_minutes: i32,
    /// Such as `http-bio-8445-exec-10` or `CTIMessageEventExecutor-0`.
    pub thread: &'a str,
}

/// What our server writes to the webservices log, one variant a mnemonic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// `REQUEST_START`: a REST request begins.
    RequestStart {
        /// GET, PUT, POST, ...
        method: &'a str,
        /// Decoded query parameters in order, such as `nocache`.
        parameters: &'a [(String, String)],
        /// The path below `/finesse/api`, such as `/User/2001`.
        resource: &'a str,
        /// The authenticated user; empty for SystemInfo.
        user: &'a str,
    },
    /// `API_REQUEST`: the request is understood.
    ApiRequest {
        /// Such as `User/2001`.
        url: &'a str,
        /// The agent that the request is about; may be empty.
        agent_id: &'a str,
        /// The requestId header; `None` is written `null`.
        request_identifier: Option<&'a str>,
        /// Such as `user.PUT`.
        request_method: &'a str,
        /// Such as ` extension:2003 state:LOGIN`.
        request_parameters: &'a str,
    },
    /// `REGISTER_API_STATS_OBJECT`: the first request of its kind, such as `User-[id]-PUT`.
    RegisterApiStatsObject {
        /// Such as `SystemInfo-GET`.
        component: &'a str,
    },
    /// `REQUEST_END`.
    RequestEnd {
        /// Milliseconds since `REQUEST_START`.
        elapsed_ms: u64,
    },
    /// `MESSAGE_TO_CTI_SERVER` with SetAgentStateReq.
    SetAgentStateReq {
        /// InvokeID.
        invoke_id: u32,
        /// AgentState.
        agent_state: u16,
        /// AgentWorkMode.
        work_mode: u16,
        /// EventReasonCode, written as a signed 16-bit number.
        reason_code: u16,
        /// ForcedFlag.
        force_flag: u8,
        /// The extension.
        agent_text: &'a str,
        /// AgentID.
        agent_id: &'a str,
    },
    /// `MESSAGE_TO_CTI_SERVER` with any other message.
    MessageToCtiServer {
        /// CamelCase name, such as `QueryAgentStateReq`.
        name: &'a str,
        /// InvokeID, where the message has one.
        invoke_id: Option<u32>,
        /// The other fields as `key: value`, in wire order.
        fields: &'a [(String, String)],
    },
    /// The raw message that precedes its decoded line, in hex.
    RawMessageFromCtiServer {
        /// The whole message, header included.
        bytes: &'a [u8],
    },
    /// `DECODED_MESSAGE_FROM_CTI_SERVER` with CTIAgentStateEvent.
    AgentStateEvent(AgentStateEvent<'a>),
    /// `DECODED_MESSAGE_FROM_CTI_SERVER` with any other message.
    DecodedMessage {
        /// CamelCase name, such as `ControlFailureConf`.
        name: &'a str,
        /// The message number.
        message_id: u32,
        /// InvokeID, where the message has one.
        invoke_id: Option<u32>,
        /// Its fields in wire order.
        fields: &'a [(String, String)],
        /// Server clock, milliseconds since 1970, when the bytes arrived.
        received: i64,
        /// Server clock when the message was handed on.
        dispatched: i64,
    },
    /// `XMPP_PUBLISH_ASYNCHRONOUS`.
    XmppPublishAsynchronous {
        /// Such as `/finesse/api/User/2001`.
        node: &'a str,
        /// The `<Update>` document.
        payload: &'a str,
    },
    /// `PRESENCE_NOTIFICATION_RECIEVED` (the real spelling).
    PresenceNotificationRecieved {
        /// The full JID.
        from_jid: &'a str,
        /// `available` or `unavailable`.
        presence_type: &'a str,
    },
    /// Any other mnemonic of logs.md 2.2, such as `CTI_CONNECTION_LOST`.
    Other {
        /// Syslog severity, 0 to 7.
        severity: u8,
        /// The mnemonic.
        mnemonic: &'a str,
        /// `%[key=value]` items.
        fields: &'a [(String, String)],
        /// The text after the items.
        message: &'a str,
    },
}

/// AGENT_STATE_EVENT as the webservices log spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentStateEvent<'a> {
    /// SkillGroupState.
    pub skill_group_state: u16,
    /// StateDuration, seconds.
    pub state_duration: u32,
    /// SkillGroupNumber.
    pub skill_group_number: u32,
    /// SkillGroupPriority.
    pub skill_group_priority: u16,
    /// AgentState.
    pub agent_state: u16,
    /// EventReasonCode.
    pub event_reason_code: u16,
    /// CTIClientSignature; may be empty.
    pub signature: &'a str,
    /// AgentID.
    pub agent_id: &'a str,
    /// AgentExtension.
    pub agent_extension: &'a str,
    /// AgentInstrument.
    pub agent_instrument: &'a str,
    /// MRDID.
    pub mrd_id: i32,
    /// AgentMode.
    pub agent_mode: u16,
    /// Sequence of events on this link.
    pub sequence: u64,
    /// Server clock, milliseconds since 1970, when the bytes arrived.
    pub received: i64,
    /// Server clock when the event was handed on.
    pub dispatched: i64,
}
