//! The view on agents, service states and refusals as a desk may hold them.

mod calls;

use super::*;
use crate::store::Configuration;
use crate::store::{ReasonCategory, ReasonCode as StoredCode};
use tact_api::Document as _;
use tact_api::user::ReasonCodeSpelling;
use tact_api::{Node, Settings, User};
use tact_desk::{Action, Agent, Desk, DeskSettings, MobileMode, Publish, Reject, Service, Side};
use tact_desk::{Config, Mobile, OutOfService, Pending, Request, ReservedFor, TeamRef};
use tact_ged188::{AgentState, ControlFailure};
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
        reserved_for: ReservedFor::Call,
        pending: None,
        settings: DeskSettings {
            mask: DeskSettingsMask::NONE,
            wrap_up_incoming: 3,
            wrap_up_outgoing: 2,
            work_mode_timer: 60,
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
    assert_eq!(user.settings.wrap_up_timer, Some(60));
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
fn who_was_signed_out_by_a_supervisor_is_told_so() {
    let user = shown(&Agent {
        state: AgentState::LOGOUT,
        reason: Some(999),
        ..agent()
    });
    let code = user.reason_code.unwrap();
    assert_eq!((code.code, code.category.as_str()), (999, "LOGOUT"));
    assert!(code.system_code);
    assert_eq!((user.reason_code_id, code.id), (Some(-1), None));
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
fn a_reserved_agent_shows_for_whom() {
    for (reserved_for, expected) in [
        (ReservedFor::Call, "RESERVED"),
        (ReservedFor::Outbound, "RESERVED_OUTBOUND"),
        (ReservedFor::Preview, "RESERVED_OUTBOUND_PREVIEW"),
    ] {
        let user = shown(&Agent {
            state: AgentState::RESERVED,
            reserved_for,
            ..agent()
        });
        assert_eq!(user.state, expected);
    }
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
    let peripheral = with.errors[0].peripheral.as_ref().unwrap();
    assert_eq!(
        (peripheral.code, peripheral.name.as_str()),
        (
            13_036,
            "PERERR_GW_E_JTAPIOBJ_PERFORMANSWERCALL_NO_TERMINAL_CONNECTION"
        )
    );
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
    let mut out = super::publish(&desk, &publish, &configuration(), &system(), 0);
    assert_eq!(out.len(), 1);
    let (node, update) = out.remove(0);
    let update = update.to_xml();
    assert_eq!(node, "/finesse/api/User/2001");
    assert!(update.contains("<errorData>260</errorData>"), "{update}");
    assert!(update.contains("<requestId>r-1</requestId>"), "{update}");
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
        (Reject::UnknownDialog, 404, "Not Found"),
        (
            Reject::NotParticipant {
                address: "2003".to_owned(),
            },
            401,
            "Invalid Authorization User Specified",
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
