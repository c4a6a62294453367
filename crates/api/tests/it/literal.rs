//! Documents as they stand on the wire, letter for letter.

use tact_api::user::ReasonCodeSpelling;
use tact_api::*;

/// The agent of the login walk-through, signed out and never reported by CTI.
fn signed_out() -> User {
    User {
        dialogs: "/finesse/api/User/2001/Dialogs".to_owned(),
        first_name: "Mickey".to_owned(),
        last_name: "Mouse".to_owned(),
        login_id: "2001".to_owned(),
        login_name: "mmouse".to_owned(),
        roles: vec!["Agent".to_owned()],
        state: "LOGOUT".to_owned(),
        team_id: Some(5000),
        team_name: "Minnies_Team".to_owned(),
        uri: User::uri_of("2001"),
        ..User::default()
    }
}

#[test]
fn a_signed_out_user() {
    assert_eq!(
        signed_out().to_xml(),
        "<User><dialogs>/finesse/api/User/2001/Dialogs</dialogs><extension></extension>\
         <firstName>Mickey</firstName><lastName>Mouse</lastName><loginId>2001</loginId>\
         <loginName>mmouse</loginName><pendingState></pendingState><roles><role>Agent</role></roles>\
         <settings><wrapUpOnIncoming></wrapUpOnIncoming><wrapUpOnOutgoing></wrapUpOnOutgoing></settings>\
         <state>LOGOUT</state><stateChangeTime></stateChangeTime><teamId>5000</teamId>\
         <teamName>Minnies_Team</teamName><uri>/finesse/api/User/2001</uri></User>"
    );
}

#[test]
fn the_event_of_a_sign_in() {
    let user = User {
        extension: "2003".to_owned(),
        media_type: Some(1),
        reason_code_id: Some(-1),
        state: "NOT_READY".to_owned(),
        state_change_time: Some(1_366_756_808_374),
        skill_target_id: Some(5001),
        ..signed_out()
    };
    let update = Update {
        data: Some(Data::User(user)),
        event: Event::Put,
        request_id: "6e210ca9-5786-43bc-babf-64a397a6057f".to_owned(),
        source: User::uri_of("2001"),
    };
    assert_eq!(
        update.to_xml(),
        "<Update><data><user><dialogs>/finesse/api/User/2001/Dialogs</dialogs><extension>2003</extension>\
         <firstName>Mickey</firstName><lastName>Mouse</lastName><loginId>2001</loginId>\
         <loginName>mmouse</loginName><mediaType>1</mediaType><pendingState></pendingState>\
         <reasonCodeId>-1</reasonCodeId><roles><role>Agent</role></roles>\
         <settings><wrapUpOnIncoming></wrapUpOnIncoming><wrapUpOnOutgoing></wrapUpOnOutgoing></settings>\
         <skillTargetId>5001</skillTargetId><state>NOT_READY</state>\
         <stateChangeTime>2013-04-23T22:40:08.374Z</stateChangeTime><teamId>5000</teamId>\
         <teamName>Minnies_Team</teamName><uri>/finesse/api/User/2001</uri></user></data><event>PUT</event>\
         <requestId>6e210ca9-5786-43bc-babf-64a397a6057f</requestId><source>/finesse/api/User/2001</source></Update>"
    );
}

fn meeting() -> ReasonCode {
    ReasonCode {
        category: "NOT_READY".to_owned(),
        code: 10,
        for_all: true,
        id: Some(16),
        label: "Meeting & more".to_owned(),
        system_code: false,
    }
}

#[test]
fn a_reason_code_in_each_spelling() {
    let inner = "<category>NOT_READY</category><code>10</code><forAll>true</forAll><id>16</id>\
                 <label>Meeting &amp; more</label><systemCode>false</systemCode><uri>/finesse/api/ReasonCode/16</uri>";
    let upper = format!("<ReasonCode>{inner}</ReasonCode>");
    let lower = format!("<reasonCode>{inner}</reasonCode>");
    for (spelling, expected) in [
        (ReasonCodeSpelling::Both, format!("{lower}{upper}")),
        (ReasonCodeSpelling::Upper, upper.clone()),
        (ReasonCodeSpelling::Lower, lower.clone()),
    ] {
        let user = User {
            reason_code: Some(meeting()),
            reason_code_spelling: spelling,
            reason_code_id: Some(16),
            ..signed_out()
        };
        let expected = format!(
            "<pendingState></pendingState>{expected}<reasonCodeId>16</reasonCodeId><roles>"
        );
        assert!(user.to_xml().contains(&expected), "{}", user.to_xml());
    }
}

#[test]
fn a_supervisor_has_teams() {
    let user = User {
        roles: vec!["Agent".to_owned(), "Supervisor".to_owned()],
        teams: Some(vec![Team {
            id: 5000,
            name: "Minnies_Team".to_owned(),
            users: None,
        }]),
        ..signed_out()
    };
    let xml = user.to_xml();
    assert!(xml.contains("<roles><role>Agent</role><role>Supervisor</role></roles>"));
    assert!(xml.contains(
        "</teamName><teams><Team><id>5000</id><name>Minnies_Team</name>\
         <uri>/finesse/api/Team/5000</uri></Team></teams><uri>"
    ));
}

#[test]
fn reason_codes() {
    let codes = ReasonCodes {
        category: "NOT_READY".to_owned(),
        codes: vec![meeting()],
    };
    assert_eq!(
        codes.to_xml(),
        "<ReasonCodes category=\"NOT_READY\"><ReasonCode><category>NOT_READY</category><code>10</code>\
         <forAll>true</forAll><id>16</id><label>Meeting &amp; more</label><systemCode>false</systemCode>\
         <uri>/finesse/api/ReasonCode/16</uri></ReasonCode></ReasonCodes>"
    );
    assert_eq!(
        codes.to_json(),
        r#"{"ReasonCodes":{"category":"NOT_READY","ReasonCode":[{"category":"NOT_READY","code":10,"forAll":true,"id":16,"label":"Meeting & more","systemCode":false,"uri":"/finesse/api/ReasonCode/16"}]}}"#
    );
}

#[test]
fn system_info() {
    let info = SystemInfo {
        cti_heartbeat_interval: 5,
        cti_servers: vec![CtiServer {
            active: true,
            host: "127.0.0.1".to_owned(),
        }],
        cti_version: Some(24),
        current_timestamp: 1_366_756_802_163,
        deployment_type: "UCCE".to_owned(),
        last_cti_heartbeat_ok: true,
        last_success_cti_heartbeat: Some(1_366_756_800_000),
        peripheral_id: 5000,
        primary_node: Node {
            host: "localhost".to_owned(),
            https_port: Some(8445),
            xmpp_port: Some(5222),
            xmpp_secure_port: Some(5223),
        },
        secondary_node: Node::default(),
        status: "IN_SERVICE".to_owned(),
        status_reason: String::new(),
        system_auth_mode: "NON_SSO".to_owned(),
        timezone_offset: 0,
        xmpp_domain: "localhost".to_owned(),
        xmpp_pub_sub_domain: "pubsub.localhost".to_owned(),
    };
    assert_eq!(
        info.to_xml(),
        "<SystemInfo><ctiHeartbeatInterval>5</ctiHeartbeatInterval><ctiMMode></ctiMMode>\
         <ctiServers><ctiServer><active>true</active>\
         <host>127.0.0.1</host></ctiServer></ctiServers><ctiTimeInMMode>-1</ctiTimeInMMode>\
         <ctiVersion>24</ctiVersion><currentTimestamp>2013-04-23T22:40:02.163Z</currentTimestamp>\
         <deploymentType>UCCE</deploymentType><finesseMMode></finesseMMode>\
         <finesseTimeInMMode>-1</finesseTimeInMMode><lastCTIHeartbeatStatus>success</lastCTIHeartbeatStatus>\
         <lastSuccessCTIHeartbeatTime>1366756800000</lastSuccessCTIHeartbeatTime>\
         <peripheralId>5000</peripheralId><primaryNode><host>localhost</host><httpsPort>8445</httpsPort>\
         <xmppPort>5222</xmppPort><xmppSecurePort>5223</xmppSecurePort></primaryNode>\
         <secondaryNode><host></host></secondaryNode><status>IN_SERVICE</status><statusReason></statusReason>\
         <systemAuthMode>NON_SSO</systemAuthMode><timezoneOffset>0</timezoneOffset>\
         <uri>/finesse/api/SystemInfo</uri><xmppDomain>localhost</xmppDomain>\
         <xmppPubSubDomain>pubsub.localhost</xmppPubSubDomain></SystemInfo>"
    );
}

#[test]
fn refusals_have_capitals_in_http_and_none_in_events() {
    let refusal = ApiErrors::one("Authorization Failure", "UNAUTHORIZED", "2001");
    assert_eq!(
        refusal.to_xml(),
        "<ApiErrors><ApiError><ErrorType>Authorization Failure</ErrorType>\
         <ErrorMessage>UNAUTHORIZED</ErrorMessage><ErrorData>2001</ErrorData></ApiError></ApiErrors>"
    );
    let later = AsyncApiErrors {
        errors: vec![AsyncApiError {
            error_type: "Invalid State".to_owned(),
            message: "CF_INVALID_LOGON_DEVICE_SPECIFIED".to_owned(),
            data: "260".to_owned(),
            peripheral: Some(PeripheralError {
                code: 12_004,
                name: "PERERR_X".to_owned(),
                text: "text".to_owned(),
            }),
        }],
    };
    assert_eq!(
        later.to_xml(),
        "<apiErrors><apiError><errorData>260</errorData>\
         <errorMessage>CF_INVALID_LOGON_DEVICE_SPECIFIED</errorMessage><errorType>Invalid State</errorType>\
         <peripheralErrorCode>12004</peripheralErrorCode><peripheralErrorMsg>PERERR_X</peripheralErrorMsg>\
         <peripheralErrorText>text</peripheralErrorText></apiError></apiErrors>"
    );
}

#[test]
fn empty_lists() {
    assert_eq!(Dialogs::default().to_xml(), "<Dialogs></Dialogs>");
    assert_eq!(Dialogs::default().to_json(), r#"{"Dialogs":{"Dialog":[]}}"#);
    assert_eq!(PhoneBooks::default().to_xml(), "<PhoneBooks></PhoneBooks>");
}

#[test]
fn phone_books_and_contacts() {
    let books = PhoneBooks {
        books: vec![PhoneBook {
            inside: None,
            contacts: "/finesse/api/User/2001/PhoneBook/1/Contacts".to_owned(),
            name: "Branches".to_owned(),
            kind: "GLOBAL".to_owned(),
            uri: "/finesse/api/PhoneBook/1".to_owned(),
        }],
    };
    assert_eq!(
        books.to_xml(),
        "<PhoneBooks><PhoneBook><contacts>/finesse/api/User/2001/PhoneBook/1/Contacts</contacts>\
         <name>Branches</name><type>GLOBAL</type><uri>/finesse/api/PhoneBook/1</uri></PhoneBook></PhoneBooks>"
    );
    let contacts = Contacts {
        contacts: vec![Contact {
            description: "Day shift".to_owned(),
            first_name: "Ann".to_owned(),
            last_name: "Lee".to_owned(),
            phone_number: "5551234".to_owned(),
            uri: "/finesse/api/PhoneBook/1/Contact/7".to_owned(),
        }],
    };
    assert_eq!(
        contacts.to_xml(),
        "<Contacts><Contact><description>Day shift</description><firstName>Ann</firstName>\
         <lastName>Lee</lastName><phoneNumber>5551234</phoneNumber>\
         <uri>/finesse/api/PhoneBook/1/Contact/7</uri></Contact></Contacts>"
    );
}

#[test]
fn a_client_log_event() {
    let update = Update {
        data: Some(Data::ClientLog),
        event: Event::Post,
        request_id: "abc".to_owned(),
        source: "/finesse/api/User/2001/ClientLog".to_owned(),
    };
    assert_eq!(
        update.to_xml(),
        "<Update><data><clientLog></clientLog></data><event>POST</event><requestId>abc</requestId>\
         <source>/finesse/api/User/2001/ClientLog</source></Update>"
    );
}

#[test]
fn an_update_in_any_order_and_with_the_other_root() {
    let update = Update::from_xml(
        b"<Update>\n<source>/finesse/api/User/1</source><event>put</event><data>\n<User><state>READY</state></User></data></Update>",
    )
    .unwrap();
    assert_eq!(update.event, Event::Put);
    assert_eq!(update.request_id, "");
    assert!(matches!(update.data, Some(Data::User(user)) if user.state == "READY"));
    assert!(Update::from_xml(b"<Update><event>PATCH</event></Update>").is_err());
}
