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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{ReasonCategory, ReasonCode as StoredCode};
    use tact_desk::{Config, Mobile, OutOfService, Pending, Request, TeamRef};
    use tact_ged188::{DeskSettingsMask, Protocol};

    fn system() -> System {
        System {
            node: Node {
                host: "finesse1.example.com".to_owned(),
                https_port: Some(8445),
                ..Node::default()
            },
            other_node: None,
            heartbeat_interval_s: 5,
            peripheral_id: 5000,
            cti_hosts: vec!["pg1a".to_owned(), "pg1b".to_owned()],
            reason_code_spelling: ReasonCodeSpelling::Both,
            time_zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(5)),
        }
    }

    fn agent() -> Agent {
        Agent {
            id: "2001".to_owned(),
            login_name: "mmouse".to_owned(),
            first_name: "Mickey".to_owned(),
            last_name: "Mouse".to_owned(),
            team: Some(TeamRef {
                id: 5000,
                name: "Minnies_Team".to_owned(),
            }),
            supervised: Vec::new(),
            supervisor: false,
            skill_target_id: 5001,
            state: AgentState::NOT_READY,
            since: Some(1_366_756_808_374),
            reason: None,
            extension: Some("2003".to_owned()),
            mobile: None,
            pending: None,
            settings: DeskSettings {
                mask: DeskSettingsMask::NONE,
                wrap_up_incoming: 3,
                wrap_up_outgoing: 2,
                ..DeskSettings::default()
            },
            signed_out_because: None,
        }
    }

    fn configuration() -> Configuration {
        let code = |id, category, code| StoredCode {
            id,
            category,
            code,
            label: "Lunch".to_owned(),
            for_all: true,
            system_code: false,
            teams: Vec::new(),
        };
        let codes = [
            code(16, ReasonCategory::NotReady, 10),
            code(17, ReasonCategory::Logout, 10),
        ];
        Configuration {
            reason_codes: codes.into_iter().map(|code| (code.id, code)).collect(),
            ..Configuration::default()
        }
    }

    fn shown(agent: &Agent) -> User {
        user(agent, &configuration(), &system())
    }

    #[test]
    fn just_signed_in() {
        let user = shown(&agent());
        assert_eq!(user.state, "NOT_READY");
        assert_eq!(user.extension, "2003");
        assert_eq!(user.reason_code_id, Some(-1));
        assert_eq!(
            user.settings.wrap_up_on_incoming,
            "REQUIRED_WITH_WRAP_UP_DATA"
        );
        assert_eq!(user.settings.wrap_up_on_outgoing, "NOT_ALLOWED");
        assert_eq!(user.teams, None);
        assert_eq!(
            user.mobile_agent, None,
            "its presence would mean a mobile agent"
        );
    }

    #[test]
    fn a_code_belongs_to_the_category_of_the_state() {
        for (state, expected) in [
            (AgentState::NOT_READY, Some(16)),
            (AgentState::LOGOUT, Some(17)),
            (AgentState::AVAILABLE, None),
        ] {
            let user = shown(&Agent {
                state,
                reason: Some(10),
                ..agent()
            });
            assert_eq!(user.reason_code_id, expected, "{state}");
            assert_eq!(
                user.reason_code.and_then(|code| code.id).map(i64::from),
                expected
            );
        }
        let unknown = shown(&Agent {
            reason: Some(4711),
            ..agent()
        });
        assert_eq!(
            (unknown.reason_code_id, unknown.reason_code),
            (Some(-1), None)
        );
    }

    #[test]
    fn never_reported_by_the_cti_server() {
        let user = shown(&Agent {
            state: AgentState::LOGOUT,
            since: None,
            ..agent()
        });
        assert_eq!(user.reason_code_id, None);
        assert_eq!(
            user.extension, "",
            "an extension is shown while signed in only"
        );
        assert_eq!(user.settings, Settings::default());
    }

    #[test]
    fn states_have_the_names_of_documents() {
        for state in AgentState::ALL {
            let expected = match *state {
                AgentState::AVAILABLE => "READY",
                AgentState::WORK_NOT_READY => "WORK",
                AgentState::BUSY_OTHER
                | AgentState::ACTIVE
                | AgentState::PAUSED
                | AgentState::INTERRUPTED
                | AgentState::NOT_ACTIVE => "UNKNOWN",
                other => other.name().unwrap().trim_start_matches("AGENT_STATE_"),
            };
            assert_eq!(state_name(*state), expected);
        }
        assert_eq!(state_name(AgentState(99)), "UNKNOWN");
    }

    #[test]
    fn pending_and_mobile() {
        let user = shown(&Agent {
            state: AgentState::TALKING,
            pending: Some(Pending {
                state: AgentState::AVAILABLE,
                reason: None,
            }),
            mobile: Some(Mobile {
                mode: MobileMode::CallByCall,
                dial_number: "4085551234".to_owned(),
            }),
            ..agent()
        });
        assert_eq!(user.pending_state, "READY");
        let mobile = user.mobile_agent.unwrap();
        assert_eq!(
            (mobile.mode.as_str(), mobile.dial_number.as_str()),
            ("CALL_BY_CALL", "4085551234")
        );
    }

    fn service() -> Service {
        Service {
            in_service: true,
            reason: None,
            side: Some(Side::B),
            protocol: Protocol::CURRENT,
            last_heartbeat: Some(tact_desk::Heartbeat {
                at: 7,
                answered: true,
            }),
        }
    }

    #[test]
    fn a_system_in_service() {
        let info = system_info(&service(), &system(), 9);
        assert_eq!(
            (info.status.as_str(), info.status_reason.as_str()),
            ("IN_SERVICE", "")
        );
        assert_eq!(info.xmpp_domain, info.primary_node.host);
        assert_eq!(info.xmpp_pub_sub_domain, "pubsub.finesse1.example.com");
        assert_eq!((info.timezone_offset, info.current_timestamp), (300, 9));
        assert_eq!(
            (info.last_cti_heartbeat_ok, info.last_success_cti_heartbeat),
            (true, Some(7))
        );
        let active: Vec<bool> = info
            .cti_servers
            .iter()
            .map(|server| server.active)
            .collect();
        assert_eq!(active, [false, true]);
    }

    #[test]
    fn a_system_out_of_service() {
        let out = Service {
            in_service: false,
            reason: Some(OutOfService::NotConnected),
            last_heartbeat: None,
            ..service()
        };
        let info = system_info(&out, &system(), 9);
        assert_eq!(info.status, "OUT_OF_SERVICE");
        assert_eq!(info.status_reason, "not connected to a CTI server");
        assert_eq!(
            (info.last_cti_heartbeat_ok, info.last_success_cti_heartbeat),
            (false, None)
        );
        assert!(info.cti_servers.iter().all(|server| !server.active));
    }

    #[test]
    fn failures_have_the_types_that_desktops_know() {
        let sign_in = |mobile| Action::SignIn {
            extension: "2003".to_owned(),
            mobile,
        };
        let mobile = Mobile {
            mode: MobileMode::CallByCall,
            dial_number: "1".to_owned(),
        };
        for (failure, action, kind) in [
            (
                ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED,
                sign_in(None),
                "Invalid Device",
            ),
            (
                ControlFailure::SPECIFIED_EXTENSION_ALREADY_IN_USE,
                sign_in(None),
                "Device Busy",
            ),
            (
                ControlFailure::INVALID_AGENT_WORKMODE,
                sign_in(Some(mobile)),
                "Mode Not Allowed",
            ),
            (
                ControlFailure::INVALID_AGENT_WORKMODE,
                Action::SignOut { reason: None },
                "Invalid State",
            ),
            (
                ControlFailure::GENERIC_UNSPECIFIED,
                Action::SignOut { reason: None },
                "Generic Error",
            ),
        ] {
            let errors = control_failure(failure, 0, &action).errors;
            assert_eq!(errors[0].error_type, kind);
            assert_eq!(errors[0].data, failure.0.to_string());
            assert_eq!(errors[0].peripheral, None);
        }
        let with = control_failure(ControlFailure::GENERIC_OPERATION, 13_036, &sign_in(None));
        assert_eq!(with.errors[0].peripheral.as_ref().unwrap().code, 13_036);
    }

    #[test]
    fn a_failure_goes_to_the_agents_node_with_its_request() {
        let publish = Publish::UserError {
            agent: "2001".to_owned(),
            request_id: Some("r-1".to_owned()),
            failure: ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED,
            peripheral_error: 0,
            action: Action::SignOut { reason: None },
        };
        let desk = Desk::new(Config::default());
        let out = super::publish(&desk, &publish, &configuration(), &system(), 0);
        assert_eq!(out.len(), 1);
        assert_eq!(out[0].0, "/finesse/api/User/2001");
        assert!(
            out[0].1.contains("<errorData>260</errorData>"),
            "{}",
            out[0].1
        );
        assert!(
            out[0].1.contains("<requestId>r-1</requestId>"),
            "{}",
            out[0].1
        );
    }

    #[test]
    fn every_reject_has_its_answer() {
        let request = Request {
            by: "2100".to_owned(),
            agent: "2001".to_owned(),
            action: Action::SignOut { reason: None },
            request_id: None,
        };
        for (reject, status, kind) in [
            (Reject::OutOfService, 503, "Service Unavailable"),
            (Reject::UnknownAgent, 404, "User Not Found"),
            (Reject::InvalidSupervisor, 401, "Invalid Supervisor"),
            (Reject::InvalidState, 400, "Invalid State"),
            (
                Reject::InvalidInput { field: "extension" },
                400,
                "Invalid Input",
            ),
            (Reject::TooManyRequests, 400, "Generic Error"),
        ] {
            let (answered, errors) = api_errors_for(&reject, &request);
            assert_eq!(
                (answered, errors.errors[0].error_type.as_str()),
                (status, kind)
            );
        }
    }
}
