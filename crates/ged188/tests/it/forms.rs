//! Layouts that differ between versions, and layouts a version should not have but has.

use tact_ged188::{
    AgentPreCallEvent, AgentStateEvent, AgentTeamConfigEvent, ConfigMask, ConfigRequestEvent,
    ControlFailure, FailureConf, Form, MakeCallReq, Message, OpenConf, Protocol,
    QueryAgentStateConf, QueryDeviceInfoReq, SendDtmfSignalReq, SessionType, SetAgentStateReq,
    StatusCode, SystemEvent, Tag, decode,
};

use crate::support::{body_len, encoded, frame, protocol, unhex};

#[track_caller]
fn sizes(message: impl Into<Message>, expected: &[(u32, usize)]) {
    let message = message.into();
    for (version, size) in expected {
        assert_eq!(
            body_len(&message, protocol(*version)),
            *size,
            "{} at {version}",
            message.name()
        );
    }
}

#[test]
fn fixed_parts_grow_with_the_version() {
    sizes(
        OpenConf::default(),
        &[(9, 26), (18, 26), (19, 30), (23, 30), (24, 32), (25, 32)],
    );
    sizes(
        AgentStateEvent::default(),
        &[(9, 56), (10, 58), (18, 58), (19, 62), (25, 62)],
    );
    sizes(
        QueryAgentStateConf::default(),
        &[(9, 30), (18, 30), (19, 34), (25, 34)],
    );
    sizes(
        AgentTeamConfigEvent::default(),
        &[(18, 12), (19, 16), (25, 16)],
    );
    sizes(
        AgentPreCallEvent::default(),
        &[(19, 30), (20, 34), (25, 34)],
    );
    sizes(
        MakeCallReq::default(),
        &[(9, 28), (13, 28), (14, 32), (25, 32)],
    );
    sizes(SetAgentStateReq::default(), &[(9, 16), (10, 21), (25, 21)]);
    sizes(SystemEvent::default(), &[(9, 24), (10, 26), (25, 26)]);
    sizes(SendDtmfSignalReq::default(), &[(9, 18), (10, 20), (25, 20)]);
    sizes(
        ConfigRequestEvent::default(),
        &[(9, 8), (23, 8), (24, 12), (25, 12)],
    );
    sizes(FailureConf::default(), &[(9, 8), (24, 8), (25, 8)]);
    sizes(QueryDeviceInfoReq::default(), &[(9, 10), (25, 10)]);
}

#[test]
fn a_failure_is_read_in_both_layouts_and_written_as_read() {
    for version in Protocol::all() {
        let short = frame(1, &unhex("00000007 00000024"));
        let Message::FailureConf(failure) = decode(&short, version).unwrap() else {
            panic!()
        };
        assert_eq!(failure.status, StatusCode::INVALID_PASSWORD);
        assert_eq!(failure.form, Form::ByVersion);
        assert_eq!(encoded(&failure.into(), version), short);

        let long = frame(1, &unhex("00000007 0104 00002714"));
        let Message::FailureConf(failure) = decode(&long, version).unwrap() else {
            panic!()
        };
        assert_eq!(
            failure.failure_code,
            ControlFailure::INVALID_LOGON_DEVICE_SPECIFIED
        );
        assert_eq!(failure.peripheral_error_code, 10_004);
        assert_eq!(encoded(&failure.into(), version), long);
    }
}

#[test]
fn a_long_failure_without_an_error_code_is_not_taken_for_a_short_one() {
    // The last two zero bytes could be an empty float with a one-byte tag.
    let long = frame(1, &unhex("00000007 0100 00000000"));
    let Message::FailureConf(failure) = decode(&long, protocol(15)).unwrap() else {
        panic!()
    };
    assert_eq!(
        failure.failure_code,
        ControlFailure::INVALID_AGENT_ID_SPECIFIED
    );
    assert!(failure.floats.is_empty());
}

#[test]
fn an_express_failure_may_carry_text() {
    let bytes = frame(1, &unhex("00000007 00000011 0703 6e6f00"));
    let Message::FailureConf(failure) = decode(&bytes, protocol(15)).unwrap() else {
        panic!()
    };
    assert_eq!(failure.floats.text(Tag::TEXT).as_deref(), Some("no"));
}

#[test]
fn a_session_type_is_read_from_a_server_one_version_early() {
    let mut conf = OpenConf {
        session_type: SessionType::ACTIVE,
        ..OpenConf::default()
    };
    conf.floats.push_text(Tag::AGENT_ID, "2001");
    conf.floats.push_u16(Tag::NUM_PERIPHERALS, 0);
    let bytes = encoded(&conf.clone().into(), protocol(24));
    let Message::OpenConf(read) = decode(&bytes, protocol(23)).unwrap() else {
        panic!()
    };
    assert_eq!(read.session_type, SessionType::ACTIVE);
    assert_eq!(read.floats, conf.floats);
    assert_eq!(read.form, Form::Layout(2));
    assert_eq!(encoded(&read.into(), protocol(23)), bytes);
}

#[test]
fn a_department_is_missed_without_harm() {
    for (wire, session) in [(18, 19), (19, 18)] {
        let mut event = AgentStateEvent {
            icm_agent_id: 5001,
            ..AgentStateEvent::default()
        };
        event.floats.push_text(Tag::CLIENT_SIGNATURE, "Finesse");
        event.floats.push_text(Tag::AGENT_EXTENSION, "2003");
        let bytes = encoded(&event.clone().into(), protocol(wire));
        let Message::AgentStateEvent(read) = decode(&bytes, protocol(session)).unwrap() else {
            panic!()
        };
        assert_eq!(read.icm_agent_id, 5001);
        assert_eq!(read.floats, event.floats);
        assert_eq!(encoded(&read.into(), protocol(session)), bytes);
    }
}

#[test]
fn a_configuration_request_is_read_in_either_layout() {
    for version in [15, 23, 24, 25] {
        let version = protocol(version);
        let float = if version.tag_width() == 1 {
            "8304 00000000"
        } else {
            "00830004 00000000"
        };
        for floats in ["", float] {
            let short = frame(232, &unhex(&format!("00000006 00001388 {floats}")));
            let long = frame(232, &unhex(&format!("00000006 00000007 00001388 {floats}")));
            let request = |bytes: &[u8]| match decode(bytes, version).unwrap() {
                Message::ConfigRequestEvent(request) => request,
                other => panic!("{other:?}"),
            };
            assert_eq!(request(&short).peripheral_id, 5000, "{version} {floats}");
            assert_eq!(request(&long).peripheral_id, 5000, "{version} {floats}");
            assert_eq!(
                request(&long).config_msg_mask,
                ConfigMask(7),
                "{version} {floats}"
            );
            assert_eq!(encoded(&request(&short).into(), version), short);
            assert_eq!(encoded(&request(&long).into(), version), long);
        }
    }
}

#[test]
fn a_reserved_field_may_have_two_bytes_or_four() {
    let narrow = frame(78, &unhex("00000001 00001388 0000 00060005 3230303300"));
    let wide = frame(78, &unhex("00000001 00001388 00000000 00060005 3230303300"));
    for bytes in [narrow, wide] {
        let Message::QueryDeviceInfoReq(request) = decode(&bytes, Protocol::CURRENT).unwrap()
        else {
            panic!()
        };
        assert_eq!(
            request.floats.text(Tag::AGENT_INSTRUMENT).as_deref(),
            Some("2003")
        );
        assert_eq!(encoded(&request.into(), Protocol::CURRENT), bytes);
    }
}

#[test]
fn a_form_that_does_not_exist_writes_what_it_can() {
    let event = AgentStateEvent {
        form: Form::Layout(200),
        ..AgentStateEvent::default()
    };
    let _ = encoded(&event.into(), Protocol::CURRENT);
}
