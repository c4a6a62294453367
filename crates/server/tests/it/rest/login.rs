//! An agent's day: SystemInfo, User, sign in, change state, sign out.

use tact_api::{Data, Document, SystemInfo};

use super::centre::{Centre, basic};

#[tokio::test]
async fn system_info_needs_no_credentials() {
    let centre = Centre::start().await;
    let answered = centre
        .send(
            "GET",
            "/finesse/api/SystemInfo?nocache=1366756802163",
            &[],
            "",
        )
        .await;
    assert_eq!(answered.status, 200);
    assert_eq!(
        answered.header("content-type"),
        "application/xml;charset=UTF-8"
    );
    assert_eq!(answered.header("cache-control"), "no-cache");
    let info = SystemInfo::from_xml(answered.body.as_bytes()).unwrap();
    assert_eq!(info.status, "IN_SERVICE");
    assert_eq!(info.status_reason, "");
    assert_eq!(info.cti_version, Some(24));
    assert_eq!(info.xmpp_domain, info.primary_node.host);
    assert_eq!(info.secondary_node.host, "");
    assert!(info.current_timestamp > 1_700_000_000_000);
}

#[tokio::test]
async fn signed_out_signed_in_and_out_again() {
    let mut centre = Centre::start().await;
    let user = centre
        .get("2001", "/finesse/api/User/2001?nocache=1&x=%20y")
        .await
        .user();
    assert_eq!(
        (user.state.as_str(), user.extension.as_str()),
        ("LOGOUT", "")
    );
    assert_eq!(user.login_id, "2001");
    assert_eq!(user.roles, ["Agent"]);
    assert_eq!(user.team_id, Some(5000));
    assert_eq!(user.settings, Default::default());
    assert_eq!(user.teams, None);

    let body = "<User><state>LOGIN</state><extension>2003</extension></User>";
    let answered = centre.put("2001", "2001", body).await;
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (202, "")
    );
    assert_eq!(answered.header("requestid"), "req-2001");
    let (mut user, mut request_id) = centre.state("2001").await;
    while user.state != "NOT_READY" {
        (user, request_id) = centre.state("2001").await;
    }
    assert_eq!(request_id, "req-2001");
    assert_eq!(user.extension, "2003");
    assert_eq!(user.reason_code_id, Some(-1));
    assert_eq!(user.reason_code, None);
    assert!(user.state_change_time.is_some());
    assert_ne!(user.settings.wrap_up_on_incoming, "");
    assert_eq!(
        centre.get("2001", "/finesse/api/User/2001").await.user(),
        user
    );

    let answered = centre
        .put("2001", "2001", "<User><state>READY</state></User>")
        .await;
    assert_eq!(answered.status, 202);
    let (user, _) = centre.state("2001").await;
    assert_eq!((user.state.as_str(), user.reason_code_id), ("READY", None));

    let codes = centre
        .get(
            "2001",
            "/finesse/api/User/2001/ReasonCodes?category=NOT_READY",
        )
        .await;
    let codes = tact_api::ReasonCodes::from_xml(codes.body.as_bytes()).unwrap();
    let lunch = codes
        .codes
        .iter()
        .find(|code| code.label == "Lunch")
        .unwrap();
    let body = format!(
        "<User><state>NOT_READY</state><reasonCodeId>{}</reasonCodeId></User>",
        lunch.id.unwrap()
    );
    assert_eq!(centre.put("2001", "2001", &body).await.status, 202);
    let (user, _) = centre.state("2001").await;
    assert_eq!(user.state, "NOT_READY");
    assert_eq!(user.reason_code.as_ref(), Some(lunch));
    assert_eq!(user.reason_code_id, lunch.id.map(i64::from));

    let codes = centre
        .get("2001", "/finesse/api/User/2001/ReasonCodes?category=LOGOUT")
        .await;
    let codes = tact_api::ReasonCodes::from_xml(codes.body.as_bytes()).unwrap();
    let body = format!(
        "<User><state>LOGOUT</state><reasonCodeId>{}</reasonCodeId></User>",
        codes.codes[0].id.unwrap()
    );
    assert_eq!(centre.put("2001", "2001", &body).await.status, 202);
    let (user, request_id) = centre.state("2001").await;
    assert_eq!(
        (user.state.as_str(), user.extension.as_str()),
        ("LOGOUT", "")
    );
    assert_eq!(request_id, "req-2001");
}

#[tokio::test]
async fn the_team_hears_of_it_after_the_agent() {
    let mut centre = Centre::start().await;
    centre.sign_in("2001", "2003").await;
    let (text, update) = centre.event("/finesse/api/Team/5000/Users").await;
    assert_eq!(update.source, "/finesse/api/User/2001");
    let Some(Data::User(user)) = update.data else {
        panic!("no user: {text}");
    };
    assert_eq!(user.login_id, "2001");
    assert!(!text.contains("<roles>"), "a summary only: {text}");
}

#[tokio::test]
async fn the_cti_server_judges_the_extension() {
    let mut centre = Centre::start().await;
    let body = "<User><state>LOGIN</state><extension>9999</extension></User>";
    assert_eq!(centre.put("2002", "2002", body).await.status, 202);
    let (error, request_id) = centre.failure("2002").await;
    assert_eq!(request_id, "req-2002");
    assert_eq!(error.data, "260");
    assert_eq!(error.message, "CF_INVALID_LOGON_DEVICE_SPECIFIED");
    assert_eq!(error.error_type, "Invalid Device");
    let peripheral = error.peripheral.unwrap();
    assert_eq!(
        (peripheral.code, peripheral.name.as_str()),
        (10_004, "PERERR_TELDRIVE_NOINSTRUMENTFOREXTENSION")
    );
    assert!(!peripheral.text.is_empty());
}

#[tokio::test]
async fn an_extension_has_one_agent() {
    let mut centre = Centre::start().await;
    centre.sign_in("2001", "2003").await;
    let body = "<User><state>LOGIN</state><extension>2003</extension></User>";
    assert_eq!(centre.put("2002", "2002", body).await.status, 202);
    let (error, _) = centre.failure("2002").await;
    assert_eq!(
        (error.data.as_str(), error.error_type.as_str()),
        ("283", "Device Busy")
    );
}

#[tokio::test]
async fn json_goes_in_and_out() {
    let mut centre = Centre::start().await;
    let headers = [
        basic("2001"),
        ("Accept", "application/json".to_owned()),
        ("Content-Type", "application/json".to_owned()),
        ("REQUESTID", "j-1".to_owned()),
    ];
    let body = r#"{"User":{"state":"LOGIN","extension":"2003"}}"#;
    let answered = centre
        .send("PUT", "/finesse/api/User/2001", &headers, body)
        .await;
    assert_eq!(answered.status, 202);
    assert_eq!(answered.header("requestid"), "j-1");
    let (user, request_id) = centre.state("2001").await;
    assert_eq!(request_id, "j-1");
    let answered = centre
        .send("GET", "/finesse/api/User/2001", &headers, "")
        .await;
    assert_eq!(answered.header("content-type"), "application/json");
    assert_eq!(
        tact_api::User::from_json(answered.body.as_bytes()),
        Ok(user)
    );
    let answered = centre
        .send("GET", "/finesse/api/User/2002", &headers, "")
        .await;
    assert_eq!(answered.status, 401);
    let json: serde_json::Value = serde_json::from_str(&answered.body).unwrap();
    assert_eq!(json["ApiErrors"]["ApiError"][0]["ErrorData"], "2002");
}

#[tokio::test]
async fn a_login_name_reads_as_the_id() {
    let centre = Centre::start().await;
    let by_id = centre.get("2001", "/finesse/api/User/2001").await.user();
    let path = format!("/finesse/api/User/{}", by_id.login_name);
    assert_eq!(centre.get("2001", &path).await.user(), by_id);
    let answered = centre
        .send("GET", &path, &[basic_of(&by_id.login_name, "2001")], "")
        .await;
    assert_eq!(answered.user(), by_id);
}

fn basic_of(user: &str, password: &str) -> (&'static str, String) {
    use base64::Engine as _;
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    ("Authorization", format!("Basic {pair}"))
}

#[tokio::test]
async fn out_of_service_is_said_and_nothing_is_changed() {
    let mut centre = Centre::start().await;
    centre.cut_cti().await;
    let answered = centre.send("GET", "/finesse/api/SystemInfo", &[], "").await;
    let info = SystemInfo::from_xml(answered.body.as_bytes()).unwrap();
    assert_eq!(info.status, "OUT_OF_SERVICE");
    assert_ne!(info.status_reason, "");
    let body = "<User><state>LOGIN</state><extension>2003</extension></User>";
    let answered = centre.put("2001", "2001", body).await;
    let (status, error) = answered.refusal();
    assert_eq!(status, 503);
    assert_eq!(error.error_type, "Service Unavailable");
    assert_eq!(
        (error.message.as_str(), error.data.as_str()),
        ("SERVER_OUT_OF_SERVICE", "")
    );
    assert_eq!(answered.header("requestid"), "req-2001");
}
