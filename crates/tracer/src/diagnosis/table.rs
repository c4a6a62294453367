//! The diagnosis table (logs.md 3) as data: evidence, step, cause, fix and source, a row each.
//!
//! `{agent}`, `{extension}`, `{reason}`, `{line}` and `{ms}` are filled in.

use tact_logline::step::Step;

/// How much a row weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Logins fail of it.
    Fault,
    /// They may.
    Warning,
    /// It only explains.
    Context,
}

impl Severity {
    /// As JSON prints it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Fault => "fault",
            Severity::Warning => "warning",
            Severity::Context => "context",
        }
    }
}

/// What a text must say. Line ends and runs of blanks count as one blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrase {
    /// These bytes, on one line.
    pub anchor: &'static str,
    /// ... with all of these behind it, in the same record.
    pub also: &'static [&'static str],
    /// ... and none of these.
    pub not: &'static [&'static str],
    /// ... and all of these anywhere in the same file.
    pub in_file: &'static [&'static str],
}

/// What only a look at several records proves; the code that finds it stands in `finding` and `correlate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// The realm or the channel refused a user.
    Refused,
    /// ... more than five times in five minutes.
    Locked,
    /// A page load without a SystemInfo behind it.
    PageOnly,
    /// SystemInfo says so, or the API answers 503.
    OutOfService,
    /// A desktop that never got its channel.
    NeverConnected,
    /// One retry before the channel stood.
    FirstRetry,
    /// Many losses of the channel.
    Flapping,
    /// Event and publication far apart.
    LatePublish,
    /// The API quick, the web server slow.
    SlowWeb,
    /// Published, and not in the log of the desktop.
    NotDelivered,
    /// The web server started anew.
    Restarted,
}

/// One kind of evidence of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Codes of CONTROL_FAILURE_CONF, or of the error that a client gets.
    Codes(&'static [u16]),
    /// Error codes of the peripheral.
    Peripheral(&'static [u32]),
    /// `ErrorData` of an answer of the REST API.
    Data(&'static [u32]),
    /// Mnemonics of the webservices log.
    Alarms(&'static [&'static str]),
    /// EventReasonCodes of AGENT_STATE_EVENT.
    Reasons(&'static [u16]),
    /// A text in any other log.
    Text(Phrase),
    /// Several records together.
    Shape(Shape),
}

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// As in the reference.
    pub number: u8,
    /// How much it weighs.
    pub severity: Severity,
    /// The step that it touches.
    pub step: Option<Step>,
    /// What proves it; one is enough.
    pub evidence: &'static [Evidence],
    /// In plain words.
    pub cause: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Where it is known from: a document, a bug, an article's number.
    pub source: &'static str,
}

/// All rows, by number.
pub const ROWS: [Row; 42] = [
    Row {
        number: 1,
        severity: Severity::Fault,
        step: Some(Step::EventChannel),
        evidence: &[
            Evidence::Shape(Shape::Refused),
            Evidence::Text(Phrase {
                anchor: "Unable to authenticate user",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "UNAUTHORIZED",
                also: &["ApiError"],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the password of {agent} is wrong, or the user unknown",
        fix: "check the id and its case, reset the password; five failures lock the account for 5 minutes",
        source: "200859",
    },
    Row {
        number: 2,
        severity: Severity::Fault,
        step: Some(Step::EventChannel),
        evidence: &[Evidence::Shape(Shape::Locked)],
        cause: "the account of {agent} is locked: more than five refusals within 5 minutes, now also with the right password",
        fix: "wait 5 minutes or unlock the account; then use the right password",
        source: "developer guide",
    },
    Row {
        number: 3,
        severity: Severity::Fault,
        step: Some(Step::EventChannel),
        evidence: &[Evidence::Alarms(&[
            "AWDB_NOT_ACCESSIBLE",
            "AWDB_CONNECTION_ERROR",
        ])],
        cause: "the authentication database (AWDB) could not be reached; who signed in within the last 30 minutes may still work",
        fix: "check the AWDB host, its service account and domain, and the secondary AWDB",
        source: "administration guide",
    },
    Row {
        number: 4,
        severity: Severity::Fault,
        step: Some(Step::EventChannel),
        evidence: &[
            Evidence::Data(&[4321]),
            Evidence::Text(Phrase {
                anchor: "Invalid Authorization User Specified",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the id in the address is another than the one that signed in (4321)",
        fix: "correct the client: it must use one id for both",
        source: "developer guide",
    },
    Row {
        number: 5,
        severity: Severity::Fault,
        step: Some(Step::User),
        evidence: &[
            Evidence::Data(&[4023]),
            Evidence::Text(Phrase {
                anchor: "UNKNOWN_USER",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the agent is not in the CTI configuration of this peripheral (4023 UNKNOWN_USER)",
        fix: "create the agent, associate it with the peripheral and a team",
        source: "developer guide",
    },
    Row {
        number: 6,
        severity: Severity::Warning,
        step: Some(Step::Desktop),
        evidence: &[Evidence::Shape(Shape::PageOnly)],
        cause: "a browser loaded the desktop and never asked for SystemInfo",
        fix: "accept or trust the certificates of both nodes on 8445 and 7443; look at pop-up blockers and proxies",
        source: "221598",
    },
    Row {
        number: 7,
        severity: Severity::Fault,
        step: Some(Step::SystemInfo),
        evidence: &[Evidence::Shape(Shape::OutOfService)],
        cause: "the server is OUT_OF_SERVICE: a service that it depends on is down",
        fix: "start the CTI server or repair the network to it; check host and port of both sides, then the notification service and the database",
        source: "developer guide",
    },
    Row {
        number: 8,
        severity: Severity::Fault,
        step: Some(Step::CtiRequest),
        evidence: &[Evidence::Alarms(&[
            "CTI_SOCKET_ERROR",
            "CTI_CONNECTION_LOST",
            "CTI_CONNECTION_RETRIES_EXCEEDED",
        ])],
        cause: "the link to the CTI server was lost",
        fix: "start the CTI server or repair the network to it; check the B side in a duplex system; expect 120 to 150 s of recovery with 2000 agents",
        source: "failover chapter",
    },
    Row {
        number: 9,
        severity: Severity::Fault,
        step: Some(Step::CtiRequest),
        evidence: &[
            Evidence::Alarms(&["CTI_OPEN_FAILURE"]),
            Evidence::Text(Phrase {
                anchor: "E_CTI_SERVER_NOT_MASTER",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "E_CTI_INVALID_PASSWORD",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "E_CTI_INVALID_VERSION",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the CTI server refused to open the session",
        fix: "the standby side answers so in normal alternation; otherwise correct the client id, password or protocol version of the CTI configuration",
        source: "CTI reference",
    },
    Row {
        number: 10,
        severity: Severity::Fault,
        step: Some(Step::EventChannel),
        evidence: &[
            Evidence::Alarms(&["UNABLE_TO_CONNECT_TO_XMPP_SERVER"]),
            Evidence::Shape(Shape::NeverConnected),
        ],
        cause: "the notification service could not be reached",
        fix: "restart it in the documented order; open ports 7071, 7443 and 8445 in the firewall",
        source: "administration guide",
    },
    Row {
        number: 11,
        severity: Severity::Fault,
        step: Some(Step::AgentData),
        evidence: &[Evidence::Alarms(&[
            "cfservice_CORE_ERROR_DB_CONNECTION",
            "VOS_DB_ADAPTER_ERROR",
        ])],
        cause: "the configuration database is down",
        fix: "start the database service; its replication state must be 2",
        source: "administration guide",
    },
    Row {
        number: 12,
        severity: Severity::Context,
        step: Some(Step::EventChannel),
        evidence: &[Evidence::Shape(Shape::FirstRetry)],
        cause: "one retry of the event channel before it stood: the race of the first attempt",
        fix: "nothing",
        source: "the technote",
    },
    Row {
        number: 13,
        severity: Severity::Warning,
        step: Some(Step::EventChannel),
        evidence: &[Evidence::Shape(Shape::Flapping), Evidence::Reasons(&[255])],
        cause: "the desktop of {agent} lost its event channel again and again",
        fix: "look at the network of the client, at sleep and throttling of the browser, at closed tabs",
        source: "developer.cisco.com",
    },
    Row {
        number: 14,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[256]),
            Evidence::Text(Phrase {
                anchor: "CF_INVALID_AGENT_ID_SPECIFIED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the CTI server knows no agent {agent}",
        fix: "configure the agent on this peripheral",
        source: "26142",
    },
    Row {
        number: 15,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[257, 258]),
            Evidence::Text(Phrase {
                anchor: "CF_INVALID_PASSWORD_SPECIFIED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "CF_INVALID_AGENT_ID_OR_PASSWORD_SPECIFIED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the CTI server refused the id or the password of agent {agent}",
        fix: "check the id, reset the agent's password in the configuration or the directory",
        source: "CTI reference",
    },
    Row {
        number: 16,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[259]),
            Evidence::Peripheral(&[10102]),
            Evidence::Text(Phrase {
                anchor: "CF_SPECIFIED_AGENT_ALREADY_SIGNED_ON",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "agent {agent} is already signed on elsewhere",
        fix: "sign out there first",
        source: "pererr table",
    },
    Row {
        number: 17,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[260]),
            Evidence::Text(Phrase {
                anchor: "CF_INVALID_LOGON_DEVICE_SPECIFIED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "The device associated with that extension or dial number is invalid",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the CTI server knows no device for extension {extension}",
        fix: "use a configured extension: one line that is not shared, on a device that the peripheral controls",
        source: "210485",
    },
    Row {
        number: 18,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[283]),
            Evidence::Reasons(&[32741]),
            Evidence::Text(Phrase {
                anchor: "CF_SPECIFIED_EXTENSION_ALREADY_IN_USE",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "another agent is signed in at extension {extension}",
        fix: "free the extension, or sign in at another one",
        source: "developer guide",
    },
    Row {
        number: 19,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[34]),
            Evidence::Peripheral(&[20119, 20065]),
            Evidence::Text(Phrase {
                anchor: "CF_RESOURCE_OUT_OF_SERVICE",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "PERERR_CM_DEVICE_OUT_OF_SERVICE",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "OUT_OF_SERVICE UnmonitoredDevice",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the phone of extension {extension} is out of service",
        fix: "register the phone and allow control of the device from CTI",
        source: "200865",
    },
    Row {
        number: 20,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[287, 288]),
            Evidence::Reasons(&[32754, 32753]),
            Evidence::Text(Phrase {
                anchor: "CF_DEVICE_RESTRICTED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "CF_LINE_RESTRICTED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the device or line {extension} is restricted for CTI",
        fix: "remove the restriction on the call manager",
        source: "CTI reference",
    },
    Row {
        number: 21,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[291, 292, 293]),
            Evidence::Text(Phrase {
                anchor: "CF_MAXIMUM_LINE_LIMIT_EXCEEDED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "CF_SHARED_LINES_NOT_SUPPORTED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "CF_EXTENSION_NOT_UNIQUE",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the line configuration of the phone of extension {extension} is not supported",
        fix: "correct the phone's lines and partitions: few enough lines, not shared, the extension unique",
        source: "CTI reference",
    },
    Row {
        number: 22,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[289]),
            Evidence::Text(Phrase {
                anchor: "CF_AGENT_ACCOUNT_LOCKED_OUT",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the account of agent {agent} is locked",
        fix: "unlock the account",
        source: "CTI reference",
    },
    Row {
        number: 23,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Codes(&[51, 52]),
            Evidence::Text(Phrase {
                anchor: "E_ARM_STAT_PERFORMANCE_LIMIT_EXCEEDED",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the peripheral's or the engine's agent limit is reached",
        fix: "check licence and sizing of the peripheral gateway",
        source: "developer guide",
    },
    Row {
        number: 24,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[Evidence::Peripheral(&[12004, 12005])],
        cause: "the phone of extension {extension} is not ready; the desktop tries again by itself, three times a minute apart",
        fix: "wait; the loginFailureRetry properties change how often",
        source: "12.5 release notes",
    },
    Row {
        number: 25,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[Evidence::Text(Phrase {
            anchor: "create provider",
            also: &["bad login or password"],
            not: &[],
            in_file: &[],
        })],
        cause: "the JTAPI provider refused the login: wrong user or password",
        fix: "align the application user of the call manager with the JTAPI and RmCm users",
        source: "call manager troubleshooting",
    },
    Row {
        number: 26,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[Evidence::Text(Phrase {
            anchor: "create provider",
            also: &["Connection refused"],
            not: &[],
            in_file: &[],
        })],
        cause: "the CTI Manager refused the connection: its service is not running",
        fix: "start the CTI Manager on the call manager",
        source: "call manager troubleshooting",
    },
    Row {
        number: 27,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Text(Phrase {
                anchor: "create provider",
                also: &["-- Operation timed out"],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "create provider",
                also: &["-- login="],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "create provider",
                also: &["-- null"],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "create provider",
                also: &["-- <hostname>"],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "the JTAPI provider could not be created: no route, a name that does not resolve, another client version, or no provider configured",
        fix: "check routing and DNS, resync the JTAPI client, configure the provider",
        source: "call manager troubleshooting",
    },
    Row {
        number: 28,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Text(Phrase {
                anchor: "UNABLE_REGISTER_CTIPORT",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "SS_TEL-1-ModuleRunTimeFailure",
                also: &["JTAPI_SS"],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "not in provider's domain",
                also: &[],
                not: &[],
                in_file: &[],
            }),
        ],
        cause: "CTI ports are not in the domain of the JTAPI user",
        fix: "associate the devices with the application user",
        source: "call manager troubleshooting",
    },
    Row {
        number: 29,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[
            Evidence::Text(Phrase {
                anchor: "CtiLoginCheckRes",
                also: &["result="],
                not: &["result=Success", "result = Success"],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "CTI Enabled = Disabled",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "mOpenResult=0x",
                also: &[],
                not: &["mOpenResult=0x0"],
                in_file: &[],
            }),
        ],
        cause: "the CTI Manager refused the user or the device",
        fix: "check the credential policy, the role Standard CTI Enabled, and which devices the user controls",
        source: "212107",
    },
    Row {
        number: 30,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[Evidence::Text(Phrase {
            anchor: "dmpp->source",
            also: &["Assertion failed"],
            not: &[],
            in_file: &[],
        })],
        cause: "the peripheral gateway asserts at its start: wrong DMP system id; the PIM never becomes active",
        fix: "correct the DMP id in the setup of the gateway or its registry",
        source: "23071",
    },
    Row {
        number: 31,
        severity: Severity::Warning,
        step: Some(Step::Publish),
        evidence: &[Evidence::Shape(Shape::LatePublish)],
        cause: "the event of agent {agent} came in time and was published {ms} ms later: the delay is inside the server",
        fix: "look at load, garbage collection and CPU; JMX: RunnablesQueued, currentThreadsBusy",
        source: "212077",
    },
    Row {
        number: 32,
        severity: Severity::Warning,
        step: Some(Step::CtiRequest),
        evidence: &[Evidence::Alarms(&[
            "QUEUE STATISTICS POLLING ERROR",
            "QUEUE_STATISTICS_POLLING_ERROR",
        ])],
        cause: "a round of queue statistics was not over when the next began: the CTI server or the network to it is slow",
        fix: "check sizing; raise queue_statistics_refresh_interval from 10 to 20",
        source: "200937",
    },
    Row {
        number: 33,
        severity: Severity::Warning,
        step: Some(Step::SignIn),
        evidence: &[Evidence::Shape(Shape::SlowWeb)],
        cause: "the API was quick and the request took {ms} ms more around it: Tomcat, authentication or the gadget container",
        fix: "look at the latency of the AWDB and at the threads of Tomcat",
        source: "the technote",
    },
    Row {
        number: 34,
        severity: Severity::Fault,
        step: Some(Step::Deliver),
        evidence: &[Evidence::Shape(Shape::NotDelivered)],
        cause: "the event was published, and the log of the desktop goes on without it",
        fix: "reconnect; look at the subscription and the presence of the desktop",
        source: "the technote",
    },
    Row {
        number: 35,
        severity: Severity::Context,
        step: Some(Step::Deliver),
        evidence: &[Evidence::Text(Phrase {
            anchor: "invalid or unknown requestId",
            also: &[],
            not: &[],
            in_file: &[],
        })],
        cause: "the desktop got an event whose request it does not know: of another session, or an id that the server does not promise",
        fix: "join by agent and state instead",
        source: "source code of the desktop",
    },
    Row {
        number: 36,
        severity: Severity::Warning,
        step: Some(Step::CtiEvent),
        evidence: &[Evidence::Text(Phrase {
            anchor: "Finesse is out of service",
            also: &[],
            not: &[],
            in_file: &["ailed"],
        })],
        cause: "a mobile agent with a nailed connection after a failover of the gateway: the setup call may still ring",
        fix: "let it stop ringing, try again after 1 to 2 minutes",
        source: "212684",
    },
    Row {
        number: 37,
        severity: Severity::Fault,
        step: Some(Step::CtiEvent),
        evidence: &[Evidence::Text(Phrase {
            anchor: "Mode Not Allowed",
            also: &[],
            not: &[],
            in_file: &[],
        })],
        cause: "the agent is not allowed as a mobile agent",
        fix: "change the desk settings of the agent",
        source: "developer guide",
    },
    Row {
        number: 38,
        severity: Severity::Fault,
        step: Some(Step::Desktop),
        evidence: &[Evidence::Text(Phrase {
            anchor: "IPPA server is not active",
            also: &[],
            not: &[],
            in_file: &[],
        })],
        cause: "the phone service points at the passive node",
        fix: "wait for the failover, or point the phone service at the other node",
        source: "voiceinitiate",
    },
    Row {
        number: 39,
        severity: Severity::Warning,
        step: Some(Step::CtiEvent),
        evidence: &[Evidence::Reasons(&[
            65535, 65534, 65533, 50002, 50003, 50004, 50020, 50030, 50040, 50042, 20003, 32740,
            32767, 32759,
        ])],
        cause: "agent {agent}: {reason}",
        fix: "as the reason says",
        source: "schema handbook",
    },
    Row {
        number: 40,
        severity: Severity::Context,
        step: None,
        evidence: &[
            Evidence::Text(Phrase {
                anchor: "running command -> [utils system restart",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "running command -> [utils system shutdown",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "running command -> [utils service re",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "running command -> [utils service stop",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "| root: Boot",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "| root: Restart",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Text(Phrase {
                anchor: "| root: Shutdown",
                also: &[],
                not: &[],
                in_file: &[],
            }),
            Evidence::Shape(Shape::Restarted),
        ],
        cause: "an operator or a restart: {line}",
        fix: "read what fails next in this light",
        source: "200859",
    },
    Row {
        number: 41,
        severity: Severity::Context,
        step: Some(Step::CtiRequest),
        evidence: &[Evidence::Text(Phrase {
            anchor: "type=OPEN_REQ",
            also: &["agentExt="],
            not: &["agentExt=,", "agentExt= ", "agentExt=null"],
            in_file: &[],
        })],
        cause: "another CTI client opened an agent-mode session; if it closes when the desktop acts for the same agent, that is CSCvs94144",
        fix: "use bridge mode",
        source: "CSCvs94144",
    },
    Row {
        number: 42,
        severity: Severity::Context,
        step: None,
        evidence: &[Evidence::Text(Phrase {
            anchor: "CTIError=Generic Error",
            also: &[],
            not: &[],
            in_file: &[],
        })],
        cause: "a supervisor could not monitor a call: the monitoring calling search space lacks the partition (no fault of a login)",
        fix: "correct the monitoring calling search space",
        source: "211321",
    },
];

/// What stands for an error that no row speaks of.
pub static UNKNOWN: Row = Row {
    number: 0,
    severity: Severity::Context,
    step: None,
    evidence: &[],
    cause: "an error that the table does not know",
    fix: "read the line, and what stands around it",
    source: "",
};

/// The row with this number.
pub fn row(number: u8) -> &'static Row {
    ROWS.iter()
        .find(|row| row.number == number)
        .unwrap_or(&ROWS[0])
}

/// The row that this evidence proves.
pub fn find(wanted: impl Fn(&Evidence) -> bool) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.evidence.iter().any(&wanted))
}

/// The row of a code of CONTROL_FAILURE_CONF; the peripheral's own code says more where there is one.
pub fn of_code(code: u16, peripheral: u32) -> Option<&'static Row> {
    let by_peripheral = find(
        |evidence| matches!(evidence, Evidence::Peripheral(codes) if codes.contains(&peripheral)),
    );
    by_peripheral.or_else(|| {
        find(|evidence| matches!(evidence, Evidence::Codes(codes) if codes.contains(&code)))
    })
}

/// The row of an EventReasonCode.
pub fn of_reason(code: u16) -> Option<&'static Row> {
    find(|evidence| matches!(evidence, Evidence::Reasons(codes) if codes.contains(&code)))
}

/// The row of an alarm.
pub fn of_alarm(name: &str) -> Option<&'static Row> {
    find(|evidence| matches!(evidence, Evidence::Alarms(names) if names.contains(&name)))
}

/// The row of the `ErrorData` of a REST answer.
pub fn of_data(data: u32) -> Option<&'static Row> {
    find(|evidence| matches!(evidence, Evidence::Data(known) if known.contains(&data)))
}

/// What EventReasonCodes mean (row 39).
pub const REASONS: [(u16, &str); 18] = [
    (65_535, "the peripheral restarted (-1)"),
    (65_534, "the peripheral gateway reset the agent (-2)"),
    (65_533, "an administrator changed the extension (-3)"),
    (255, "the connection failed (255)"),
    (20_003, "signed out by force (20003)"),
    (32_740, "signed in again elsewhere (32740)"),
    (32_741, "another agent took the extension (32741)"),
    (32_753, "the line is restricted (32753)"),
    (32_754, "the device is restricted (32754)"),
    (32_759, "the phone is down (32759)"),
    (32_767, "signed in again elsewhere (32767)"),
    (
        50_002,
        "a CTI component failed or the desktop was closed (50002)",
    ),
    (
        50_003,
        "the device is out of service on the call manager (50003)",
    ),
    (50_004, "signed out for inactivity (50004)"),
    (50_020, "skill groups changed while signed in (50020)"),
    (50_030, "two devices clash over one target (50030)"),
    (50_040, "the call to a mobile agent failed (50040)"),
    (50_042, "the nailed line of a mobile agent dropped (50042)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_are_those_of_the_reference_in_its_order() {
        for (row, number) in ROWS.iter().zip(1..) {
            assert_eq!(row.number, number);
            assert!(!row.evidence.is_empty() && !row.cause.is_empty() && !row.fix.is_empty());
        }
    }

    #[test]
    fn no_code_stands_in_two_rows() {
        let mut seen = std::collections::BTreeSet::new();
        for evidence in ROWS.iter().flat_map(|row| row.evidence) {
            match evidence {
                Evidence::Codes(codes) | Evidence::Reasons(codes) => {
                    let kind = matches!(evidence, Evidence::Codes(_));
                    assert!(
                        codes
                            .iter()
                            .all(|code| seen.insert((kind, u32::from(*code))))
                    );
                }
                Evidence::Peripheral(codes) => {
                    assert!(codes.iter().all(|code| seen.insert((true, *code))));
                }
                _ => {}
            }
        }
    }
}
