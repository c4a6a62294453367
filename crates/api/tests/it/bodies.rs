//! Request bodies as clients send them, and as they should not.

use tact_api::{ClientLog, Document, ReadError, UserPut};

fn put(body: &str) -> UserPut {
    UserPut::from_xml(body.as_bytes()).unwrap()
}

#[test]
fn sign_in() {
    let body = put("<User><state>LOGIN</state><extension>2003</extension></User>");
    assert_eq!(body.state.as_deref(), Some("LOGIN"));
    assert_eq!(body.extension.as_deref(), Some("2003"));
    assert_eq!(body.reason_code_id, None);
    assert_eq!(body.mobile_agent, None);
}

#[test]
fn sign_in_as_a_mobile_agent() {
    let body = put("<User><state>LOGIN</state><extension>2003</extension>\
         <mobileAgent><mode>CALL_BY_CALL</mode><dialNumber>4085551234</dialNumber></mobileAgent>\
         <activeDeviceId>SEP001122334455</activeDeviceId></User>");
    let mobile = body.mobile_agent.unwrap();
    assert_eq!(mobile.mode, "CALL_BY_CALL");
    assert_eq!(mobile.dial_number, "4085551234");
}

#[test]
fn as_libraries_really_spell_it() {
    let body = put(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n\
         <User xmlns=\"http://www.cisco.com/finesse\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n\
         \t<uri>2001</uri>\r\n\t<state>\r\n  NOT_READY  </state>\r\n\t<reasonCodeId>16</reasonCodeId>\r\n\
         <somethingNew><deep>1</deep></somethingNew></User>\r\n",
    );
    assert_eq!(body.state.as_deref(), Some("NOT_READY"));
    assert_eq!(body.reason_code_id.as_deref(), Some("16"));
}

#[test]
fn of_duplicates_the_last_wins() {
    let body = put("<User><state>READY</state><state>LOGOUT</state></User>");
    assert_eq!(body.state.as_deref(), Some("LOGOUT"));
}

#[test]
fn an_empty_element_is_an_absent_one() {
    let body = put("<User><state/><extension>  </extension></User>");
    assert_eq!(body, UserPut::default());
}

#[test]
fn another_root_is_refused() {
    let wrong = UserPut::from_xml(b"<Dialog><state>READY</state></Dialog>");
    let expected = ReadError::WrongRoot {
        expected: "User",
        found: "Dialog".to_owned(),
    };
    assert_eq!(wrong, Err(expected));
    assert!(UserPut::from_xml(b"<user><state>READY</state></user>").is_ok());
}

#[test]
fn entities_stay_shut() {
    let body =
        b"<!DOCTYPE u [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><User><state>&f;</state></User>";
    assert_eq!(UserPut::from_xml(body), Err(ReadError::DocumentType));
}

#[test]
fn a_body_may_be_json() {
    let body = UserPut::from_json(br#"{"User":{"state":"LOGIN","extension":2003}}"#).unwrap();
    assert_eq!(body.extension.as_deref(), Some("2003"));
    let bare = UserPut::from_json(br#"{"state":"LOGIN","extension":"2003"}"#).unwrap();
    assert_eq!(bare, body);
}

#[test]
fn a_client_log_keeps_its_lines() {
    let body = b"<ClientLog><logData>18:40:03: Container : a&#10;18:40:04: b &lt;User&gt;\r\n c</logData></ClientLog>";
    let log = ClientLog::from_xml(body).unwrap().log_data.unwrap();
    assert_eq!(log, "18:40:03: Container : a\n18:40:04: b <User>\n c");
    assert_eq!(ClientLog::from_xml(b"<ClientLog/>").unwrap().log_data, None);
}

#[test]
fn a_huge_body_is_refused_unread() {
    let body = vec![b' '; tact_api::element::MAX_BODY_BYTES + 1];
    assert_eq!(UserPut::from_xml(&body), Err(ReadError::TooLong));
    assert_eq!(UserPut::from_json(&body), Err(ReadError::TooLong));
}
