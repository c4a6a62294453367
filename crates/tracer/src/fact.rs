//! What one record says about a login, owned, with the place where it stands. No file and no format is known here.

use tact_logline::format::Format;

/// A place in the input: index of the source and line from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Index into the sources.
    pub source: usize,
    /// From 1.
    pub line: u64,
}

/// One fact with its time by the server's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Where it stands.
    pub place: Place,
    /// What it says.
    pub kind: Kind,
}

/// What a log of the server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// REQUEST_START.
    Start {
        /// Host and thread; one request at a time has it.
        thread: String,
        /// GET, PUT, ...
        method: String,
        /// The path below `/finesse/api`.
        resource: String,
        /// The client's clock.
        nocache: Option<i64>,
        /// The `category` parameter of reason codes.
        category: Option<String>,
        /// The authenticated user; may be empty.
        user: String,
    },
    /// API_REQUEST.
    Api {
        /// Host and thread.
        thread: String,
        /// Such as `User/2001`.
        url: String,
        /// The agent that the request is about; may be empty.
        agent: String,
        /// The client's requestId.
        request_id: Option<String>,
        /// Such as `user.PUT`.
        method: String,
        /// Such as ` extension:2003 state:LOGIN`.
        parameters: String,
    },
    /// API_ERROR_DETAIL.
    ApiError {
        /// Host and thread.
        thread: String,
        /// The status of the answer.
        status: u16,
        /// Type and message of the error.
        text: String,
    },
    /// REQUEST_END.
    End {
        /// Host and thread.
        thread: String,
        /// Milliseconds since its REQUEST_START.
        elapsed: i64,
    },
    /// An access log line; `at` has whole seconds.
    Access(Access),
    /// The browser's side of a request that a gadget container carried to the API (logs.md 2.3): `access` holds the
    /// inner path and nocache, and the whole time that the browser waited.
    Gadget {
        /// The request inside.
        access: Access,
        /// The requestId among its headers.
        request_id: Option<String>,
    },
    /// An alarm or event of logs.md 2.2 that is about the system and not about one login.
    Alarm {
        /// The mnemonic.
        name: String,
        /// The fields and the message.
        text: String,
    },
    /// SetAgentStateReq with LOGIN.
    CtiRequest {
        /// InvokeID.
        invoke_id: u32,
        /// AgentID.
        agent: String,
        /// AgentInstrument; a phone number may follow behind `;`.
        extension: String,
    },
    /// AGENT_STATE_EVENT.
    CtiEvent {
        /// AgentID.
        agent: String,
        /// AgentState.
        state: u16,
        /// EventReasonCode.
        reason: u16,
        /// When its bytes arrived, by the server's own clock; 0 where it is not told.
        received: i64,
        /// When it was handed on; 0 where it is not told.
        dispatched: i64,
    },
    /// SET_AGENT_STATE_CONF.
    CtiConf {
        /// InvokeID.
        invoke_id: u32,
    },
    /// CONTROL_FAILURE_CONF or FAILURE_CONF.
    CtiFailure {
        /// InvokeID.
        invoke_id: u32,
        /// The code.
        code: u16,
        /// Its name as the log prints it; may be empty.
        name: String,
        /// The peripheral's own error code; 0 where there is none.
        peripheral: u32,
    },
    /// XMPP_PUBLISH_ASYNCHRONOUS on an agent's own node.
    Publish {
        /// Whose node.
        agent: String,
        /// The requestId in the payload.
        request_id: Option<String>,
        /// The state that the payload shows.
        state: Option<String>,
        /// The error that the payload carries instead of a user.
        error: Option<ApiFailure>,
    },
    /// PRESENCE_NOTIFICATION_RECIEVED.
    Presence {
        /// The full JID.
        jid: String,
        /// `available`.
        available: bool,
    },
    /// A channel was bound; `at` has whole seconds.
    SessionCreated {
        /// The full JID.
        jid: String,
    },
    /// A bound channel is over; `at` has whole seconds.
    SessionClosed {
        /// The full JID.
        jid: String,
    },
    /// A channel's credentials were refused; `at` has whole seconds.
    ChannelRefused {
        /// Who was named.
        agent: String,
    },
    /// The realm refused somebody.
    RealmRefused {
        /// Who was named.
        agent: String,
    },
    /// The link to the CTI server came up, or went down, and why.
    Link {
        /// True when it came up.
        up: bool,
        /// The mnemonic and the reason.
        text: String,
    },
}

/// The first error of an `ApiErrors` document or of an Update's `apiErrors`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiFailure {
    /// Type and message.
    pub text: String,
    /// `errorData`: for a refusal of the CTI server its code.
    pub data: Option<u32>,
    /// `peripheralErrorCode` (12.5 and later).
    pub peripheral: Option<u32>,
}

/// An access log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The client's address.
    pub client: String,
    /// The authenticated user; may be empty.
    pub user: String,
    /// GET, PUT, ...
    pub method: String,
    /// The whole path.
    pub path: String,
    /// The client's clock.
    pub nocache: Option<i64>,
    /// The status of the answer.
    pub status: u16,
    /// Milliseconds that it took.
    pub elapsed: i64,
}

/// A message in the CTI server's log: a time of day, no date, no zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CtiEntry {
    /// Milliseconds since midnight where the gateway stands; `None` where it was cut.
    pub time_of_day: Option<i64>,
    /// Where it stands.
    pub place: Place,
    /// The wire name.
    pub name: String,
    /// InvokeID, where the message has one.
    pub invoke_id: Option<i64>,
    /// AgentID, where the message has one.
    pub agent: Option<String>,
}

/// One client log that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLog {
    /// Index of its source.
    pub source: usize,
    /// The agent of the file's name `<agent>_<stamp>.log`.
    pub agent: Option<String>,
    /// What it says about logins, in its order.
    pub lines: Vec<ClientLine>,
    /// The client's clock minus the server's as the client measured it: least and most (logs.md 2.4, 10.5 and later).
    pub drift: Option<(i64, i64)>,
}

/// A line of a client log that says something about a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientLine {
    /// Milliseconds since 1970 by the client's clock; `None` where no date can be had.
    pub at: Option<i64>,
    /// Where it stands.
    pub place: Place,
    /// What it says.
    pub says: Says,
    /// In a log without dates: milliseconds since midnight where the browser stands, whole seconds.
    pub of_day: Option<i64>,
}

impl ClientLine {
    /// Its time has whole seconds.
    pub fn is_coarse(&self) -> bool {
        self.of_day.is_some()
    }
}

/// What a desktop says about its login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It asks with a nocache.
    Get {
        /// The path with its query, without the nocache.
        path: String,
        /// The client's clock.
        nocache: i64,
    },
    /// It writes with a requestId.
    Put {
        /// The id.
        request_id: String,
    },
    /// It got an answer; a GET's has no requestId.
    Answer {
        /// The id, for a write.
        request_id: Option<String>,
        /// The status.
        status: u16,
    },
    /// It got an event.
    Received {
        /// The id in the event.
        request_id: String,
        /// The error that it carries.
        error: Option<ApiFailure>,
    },
    /// `System info status`.
    SystemInfo {
        /// True for IN_SERVICE.
        in_service: bool,
    },
    /// It begins to connect its channel.
    Connecting,
    /// The channel's connection came or went.
    Connection {
        /// True for `connected`, false for `disconnected`.
        up: bool,
    },
    /// It tries its channel again.
    Retry {
        /// How often it tried before.
        count: u32,
    },
    /// A JavaScript error that is none (logs.md 0.4).
    Benign,
    /// The channel stands.
    Established,
    /// The channel refused the credentials.
    Unauthorized,
    /// It begins to sign in.
    Performing {
        /// At this extension; may be empty.
        extension: String,
    },
    /// It shows the agent signed in.
    LoggedIn,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Facts {
    /// By time, then place.
    pub facts: Vec<Fact>,
    /// The CTI server's messages about agent states, in file order.
    pub cti: Vec<CtiEntry>,
    /// The client logs, in the order of their names.
    pub clients: Vec<ClientLog>,
    /// Which formats were given.
    pub formats: Vec<Format>,
    /// Records that no parser knows.
    pub unparsed: u64,
    /// The first of them.
    pub first_unparsed: Option<Place>,
    /// The newest time of the webservices log.
    pub newest: Option<i64>,
    /// Hosts that wrote webservices logs.
    pub hosts: std::collections::BTreeSet<String>,
    /// Facts whose time is a client's, because their records carry none of their own.
    pub by_client: std::collections::BTreeSet<Place>,
    /// Access log lines in front of the first one with a time, in logs that print none.
    pub undated: Vec<(Place, Access)>,
    /// When the web server started, as each change of a realm log's uptime tells, and where.
    pub restarts: Vec<(i64, Place)>,
    /// Documents of errors that stand alone, with their place.
    pub documents: Vec<(Place, ApiFailure)>,
    /// Sources that could not be read, or not to their end, and why.
    pub refused: Vec<(usize, String)>,
    /// What the phrases of the diagnosis table found.
    pub(crate) signs: crate::sign::Signs,
}
