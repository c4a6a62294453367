//! Desk state as API documents: the only mapping; REST and notifications share it.
//!
//! Pure: the desk and the configuration in, documents out. It decides how a document looks, never what happens.

use tact_api::user::ReasonCodeSpelling;
use tact_api::{
    ApiErrors, AsyncApiError, AsyncApiErrors, CtiServer, Data, Document, Event, MobileAgent, Node,
    PeripheralError, ReasonCode, Settings, SystemInfo, Team, Update, User, UserSummary,
};
use tact_desk::{Action, Agent, Desk, DeskSettings, MobileMode, Publish, Reject, Service, Side};
use tact_ged188::{AgentState, ControlFailure};

use crate::store::{self, Configuration, ReasonCategory};

/// The media routing domain of voice.
const VOICE: u32 = 1;

/// What documents tell about this installation; fixed at start.
#[derive(Debug, Clone)]
pub struct System {
    /// This node's name and ports.
    pub node: Node,
    /// The other node's, where there is one.
    pub other_node: Option<Node>,
    /// Seconds between CTI heartbeats.
    pub heartbeat_interval_s: u32,
    /// The CTI peripheral.
    pub peripheral_id: u32,
    /// The hosts of the CTI servers, side A first.
    pub cti_hosts: Vec<String>,
    /// How a user's reason code is spelt.
    pub reason_code_spelling: ReasonCodeSpelling,
    /// The zone that this server works in.
    pub time_zone: jiff::tz::TimeZone,
}

impl System {
    /// Minutes east of GMT at a moment.
    fn timezone_offset(&self, now: i64) -> i32 {
        let moment = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
        self.time_zone.to_offset(moment).seconds() / 60
    }
}

/// The state of the system at `now`, milliseconds since 1970.
pub fn system_info(service: &Service, system: &System, now: i64) -> SystemInfo {
    let host = &system.node.host;
    let heartbeat = service.last_heartbeat;
    let reason = service.reason.map(|reason| reason.to_string());
    let server = |(index, host): (usize, &String)| CtiServer {
        active: service.in_service && service.side == Some(side(index)),
        host: host.clone(),
    };
    SystemInfo {
        cti_heartbeat_interval: system.heartbeat_interval_s,
        cti_servers: system.cti_hosts.iter().enumerate().map(server).collect(),
        cti_version: Some(service.protocol.number()),
        current_timestamp: now,
        deployment_type: "UCCE".to_owned(),
        last_cti_heartbeat_ok: heartbeat.is_some_and(|last| last.answered),
        last_success_cti_heartbeat: heartbeat.filter(|last| last.answered).map(|last| last.at),
        peripheral_id: system.peripheral_id,
        primary_node: system.node.clone(),
        secondary_node: system.other_node.clone().unwrap_or_default(),
        status: if service.in_service {
            "IN_SERVICE".to_owned()
        } else {
            "OUT_OF_SERVICE".to_owned()
        },
        status_reason: reason.unwrap_or_default(),
        system_auth_mode: "NON_SSO".to_owned(),
        timezone_offset: system.timezone_offset(now),
        xmpp_domain: host.clone(),
        xmpp_pub_sub_domain: format!("pubsub.{host}"),
    }
}

fn side(index: usize) -> Side {
    if index == 0 { Side::A } else { Side::B }
}

/// An agent in full.
pub fn user(agent: &Agent, configuration: &Configuration, system: &System) -> User {
    let id = &agent.id;
    let reason_code = reason_code_of(agent, configuration);
    let mut roles = vec!["Agent".to_owned()];
    if agent.supervisor {
        roles.push("Supervisor".to_owned());
    }
    User {
        dialogs: format!("/finesse/api/User/{id}/Dialogs"),
        extension: extension(agent),
        first_name: agent.first_name.clone(),
        last_name: agent.last_name.clone(),
        login_id: id.clone(),
        login_name: agent.login_name.clone(),
        media_type: Some(VOICE),
        mobile_agent: agent.mobile.as_ref().map(|mobile| MobileAgent {
            mode: mode_name(mobile.mode).to_owned(),
            dial_number: mobile.dial_number.clone(),
        }),
        pending_state: agent
            .pending
            .map(|pending| state_name(pending.state).to_owned())
            .unwrap_or_default(),
        reason_code_id: reason_code_id(agent, reason_code.as_ref()),
        reason_code,
        reason_code_spelling: system.reason_code_spelling,
        roles,
        settings: settings(agent),
        skill_target_id: Some(agent.skill_target_id).filter(|id| *id != 0),
        state: state_name(agent.state).to_owned(),
        state_change_time: agent.since,
        team_id: agent.team.as_ref().map(|team| team.id),
        team_name: agent
            .team
            .as_ref()
            .map(|team| team.name.clone())
            .unwrap_or_default(),
        teams: agent.supervisor.then(|| supervised(agent)),
        uri: User::uri_of(id),
    }
}

fn supervised(agent: &Agent) -> Vec<Team> {
    let team = |team: &tact_desk::TeamRef| Team {
        id: team.id,
        name: team.name.clone(),
    };
    agent.supervised.iter().map(team).collect()
}

fn extension(agent: &Agent) -> String {
    if agent.is_signed_in() {
        agent.extension.clone().unwrap_or_default()
    } else {
        String::new()
    }
}

/// Desk settings are empty until sign-in.
fn settings(agent: &Agent) -> Settings {
    if !agent.is_signed_in() {
        return Settings::default();
    }
    Settings {
        wrap_up_on_incoming: wrap_up_name(agent.settings.wrap_up_incoming).to_owned(),
        wrap_up_on_outgoing: wrap_up_name(agent.settings.wrap_up_outgoing).to_owned(),
    }
}

fn wrap_up_name(mode: u32) -> &'static str {
    match mode {
        0 => "REQUIRED",
        1 => "OPTIONAL",
        2 => "NOT_ALLOWED",
        3 => "REQUIRED_WITH_WRAP_UP_DATA",
        DeskSettings::UNSET => "",
        _ => "",
    }
}

/// `mode` of a mobile agent.
pub fn mode_name(mode: MobileMode) -> &'static str {
    match mode {
        MobileMode::CallByCall => "CALL_BY_CALL",
        MobileMode::NailedConnection => "NAILED_CONNECTION",
    }
}

/// A state as documents spell it. Those without a name there are `UNKNOWN`.
pub fn state_name(state: AgentState) -> &'static str {
    match state {
        AgentState::LOGIN => "LOGIN",
        AgentState::LOGOUT => "LOGOUT",
        AgentState::NOT_READY => "NOT_READY",
        AgentState::AVAILABLE => "READY",
        AgentState::TALKING => "TALKING",
        AgentState::WORK_NOT_READY => "WORK",
        AgentState::WORK_READY => "WORK_READY",
        AgentState::RESERVED => "RESERVED",
        AgentState::HOLD => "HOLD",
        _ => "UNKNOWN",
    }
}

/// The category whose codes apply in a state.
fn category(state: AgentState) -> Option<ReasonCategory> {
    match state {
        AgentState::NOT_READY => Some(ReasonCategory::NotReady),
        AgentState::LOGOUT => Some(ReasonCategory::Logout),
        _ => None,
    }
}

/// The configured reason code in force.
fn reason_code_of(agent: &Agent, configuration: &Configuration) -> Option<ReasonCode> {
    let (category, code) = (category(agent.state)?, agent.reason?);
    configuration
        .reason_codes
        .values()
        .find(|known| known.category == category && known.code == code)
        .map(reason_code)
}

/// -1 where a code could apply but no known one does; nothing before the first state from CTI and in other states.
fn reason_code_id(agent: &Agent, known: Option<&ReasonCode>) -> Option<i64> {
    category(agent.state)?;
    agent.since?;
    Some(known.and_then(|code| code.id).map_or(-1, i64::from))
}

/// A reason code of the configuration.
pub fn reason_code(code: &store::ReasonCode) -> ReasonCode {
    ReasonCode {
        category: category_name(code.category).to_owned(),
        code: code.code.into(),
        for_all: code.for_all,
        id: Some(code.id),
        label: code.label.clone(),
        system_code: code.system_code,
    }
}

/// `NOT_READY` or `LOGOUT`.
pub fn category_name(category: ReasonCategory) -> &'static str {
    match category {
        ReasonCategory::NotReady => "NOT_READY",
        ReasonCategory::Logout => "LOGOUT",
    }
}

/// What goes out for one output of the desk: nodes and their `<Update>` documents, in this order.
pub fn publish(
    desk: &Desk,
    publish: &Publish,
    configuration: &Configuration,
    system: &System,
    now: i64,
) -> Vec<(String, String)> {
    match publish {
        Publish::User { agent, request_id } => desk
            .agent(agent)
            .map(|agent| user_updates(agent, request_id.as_deref(), configuration, system))
            .unwrap_or_default(),
        Publish::UserError {
            agent,
            request_id,
            failure,
            peripheral_error,
            action,
        } => {
            let errors = control_failure(*failure, *peripheral_error, action);
            let uri = User::uri_of(agent);
            vec![update(
                uri.clone(),
                Data::ApiErrors(errors),
                request_id.as_deref(),
                uri,
            )]
        }
        Publish::SystemInfo => {
            let info = system_info(&desk.service(), system, now);
            let uri = SystemInfo::URI.to_owned();
            vec![update(uri.clone(), Data::SystemInfo(info), None, uri)]
        }
    }
}

/// The agent's own node first: some clients take the first event after a request as its answer.
fn user_updates(
    agent: &Agent,
    request_id: Option<&str>,
    configuration: &Configuration,
    system: &System,
) -> Vec<(String, String)> {
    let document = user(agent, configuration, system);
    let uri = document.uri.clone();
    let team = agent.team.as_ref().map(|team| {
        let node = format!("/finesse/api/Team/{}/Users", team.id);
        let summary = Data::UserSummary(UserSummary::from(document.clone()));
        update(node, summary, request_id, uri.clone())
    });
    let own = update(uri.clone(), Data::User(document), request_id, uri.clone());
    std::iter::once(own).chain(team).collect()
}

/// The end of a client log's upload, for the node that the client subscribed to.
pub fn client_log_stored(agent: &str, request_id: Option<&str>) -> (String, String) {
    let uri = format!("/finesse/api/User/{agent}/ClientLog");
    let update = Update {
        data: Some(Data::ClientLog),
        event: Event::Post,
        request_id: request_id.unwrap_or_default().to_owned(),
        source: uri.clone(),
    };
    (uri, update.to_xml())
}

fn update(node: String, data: Data, request_id: Option<&str>, source: String) -> (String, String) {
    let update = Update {
        data: Some(data),
        event: Event::Put,
        request_id: request_id.unwrap_or_default().to_owned(),
        source,
    };
    (node, update.to_xml())
}

/// A refusal of the CTI server: its code as data, the code's name as message.
pub fn control_failure(
    failure: ControlFailure,
    peripheral_error: u32,
    action: &Action,
) -> AsyncApiErrors {
    let peripheral = (peripheral_error != 0).then(|| PeripheralError {
        code: peripheral_error,
        ..PeripheralError::default()
    });
    AsyncApiErrors {
        errors: vec![AsyncApiError {
            error_type: failure_type(failure, action).to_owned(),
            message: failure.to_string(),
            data: failure.0.to_string(),
            peripheral,
        }],
    }
}

/// The error type that desktops know for a code (finesse-api.md 1.5 and 3.5, logs.md 3 rows 17 and 18).
fn failure_type(failure: ControlFailure, action: &Action) -> &'static str {
    let mobile = matches!(
        action,
        Action::SignIn {
            mobile: Some(_),
            ..
        }
    );
    match failure {
        ControlFailure::GENERIC_UNSPECIFIED | ControlFailure::GENERIC_OPERATION => "Generic Error",
        ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED => "Invalid Device",
        ControlFailure::SPECIFIED_EXTENSION_ALREADY_IN_USE => "Device Busy",
        ControlFailure::INVALID_AGENT_WORKMODE if mobile => "Mode Not Allowed",
        _ => "Invalid State",
    }
}

/// What HTTP answers when the desk refuses a request: status, document.
pub fn api_errors_for(reject: &Reject, request: &tact_desk::Request) -> (u16, ApiErrors) {
    let agent = request.agent.as_str();
    match reject {
        Reject::OutOfService => (
            503,
            ApiErrors::one("Service Unavailable", "SERVER_OUT_OF_SERVICE", ""),
        ),
        Reject::UnknownAgent => (404, ApiErrors::one("User Not Found", "UNKNOWN_USER", agent)),
        Reject::InvalidSupervisor => (
            401,
            ApiErrors::one(
                "Invalid Supervisor",
                "The user is no supervisor of the agent's team",
                request.by.as_str(),
            ),
        ),
        Reject::InvalidState => (
            400,
            ApiErrors::one("Invalid State", "Invalid State specified for user", "state"),
        ),
        Reject::InvalidInput { field } => (
            400,
            ApiErrors::one(
                "Invalid Input",
                format!("Invalid {field} specified for user"),
                *field,
            ),
        ),
        Reject::TooManyRequests => (
            400,
            ApiErrors::one(
                "Generic Error",
                "Too many requests for this user are waiting for the CTI server",
                agent,
            ),
        ),
    }
}
