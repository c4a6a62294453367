//! What the requests leave in the logs.

use super::centre::{Centre, basic};

/// The `%CCBU_` body of each line, without the number and time in front.
fn bodies(log: &str) -> Vec<&str> {
    log.lines()
        .filter_map(|line| line.split_once('%'))
        .map(|(_, body)| body)
        .collect()
}

#[tokio::test]
async fn one_request_has_one_thread_name() {
    let mut centre = Centre::start().await;
    centre.sign_in("2001", "2003").await;
    let log = centre.log("webservices");
    let port = centre.address.port();
    let lines = bodies(&log);
    let start = lines
        .iter()
        .position(|line| line.contains("-REQUEST_START: %[method_name=PUT]"))
        .unwrap();
    let thread = lines[start].split("-6-REQUEST_START").next().unwrap();
    assert!(
        thread.starts_with(&format!("CCBU_http-bio-{port}-exec-")),
        "{thread}"
    );
    assert!(
        lines[start].contains("[resource_name=/User/2001][usr=2001]"),
        "{}",
        lines[start]
    );
    let of_thread = |line: &&&str| line.starts_with(&format!("{thread}-6-"));
    let rest: Vec<&str> = lines[start..].iter().filter(of_thread).copied().collect();
    assert!(
        rest[1].contains("API_REQUEST: %[REQUEST_URL=User/2001][agent_id=2001]"),
        "{}",
        rest[1]
    );
    assert!(
        rest[1].contains("[request_identifier=req-2001][request_method=user.PUT]"),
        "{}",
        rest[1]
    );
    assert!(
        rest[1].contains("[request_parameters= extension:2003 state:LOGIN]"),
        "{}",
        rest[1]
    );
    assert!(rest[2].contains("REGISTER_API_STATS_OBJECT"), "{}", rest[2]);
    assert!(rest[2].contains("component0=User-[id]-PUT"), "{}", rest[2]);
    assert!(
        rest[3].contains("REQUEST_END: %[elapsed_time="),
        "{}",
        rest[3]
    );
}

#[tokio::test]
async fn a_kind_registers_once() {
    let centre = Centre::start().await;
    for _ in 0..3 {
        centre.get("2001", "/finesse/api/User/2001").await;
    }
    let log = centre.log("webservices");
    assert_eq!(log.matches("component0=User-[id]-GET").count(), 1);
    assert_eq!(log.matches("request_method=user.GET").count(), 3);
}

#[tokio::test]
async fn a_refusal_is_logged_once() {
    let centre = Centre::start().await;
    centre
        .put("2001", "2001", "<User><state>BUSY</state></User>")
        .await;
    let log = centre.log("webservices");
    assert_eq!(log.matches("-4-API_ERROR_DETAIL").count(), 1, "{log}");
    assert!(log.contains("[errorType=Invalid Input]"), "{log}");
}

#[tokio::test]
async fn wrong_credentials_are_in_the_realm_log_only() {
    let centre = Centre::start().await;
    let wrong = ("Authorization", "Basic MjAwMTp3cm9uZw==".to_owned());
    centre
        .send("GET", "/finesse/api/User/2001", &[wrong], "")
        .await;
    assert!(!centre.log("webservices").contains("API_ERROR_DETAIL"));
    assert_eq!(centre.log("realm").matches("2001").count(), 1);
}

#[tokio::test]
async fn every_request_has_an_access_line() {
    let centre = Centre::start().await;
    centre.send("GET", "/", &[], "").await;
    centre
        .send(
            "GET",
            "/finesse/api/SystemInfo?nocache=17",
            &[basic("2001")],
            "",
        )
        .await;
    centre
        .get("2001", "/finesse/api/User/2001?nocache=18")
        .await;
    centre
        .send("GET", "/nothing?password=hunter2", &[], "")
        .await;
    let log = centre.log("tomcat");
    let port = centre.address.port();
    for expected in [
        format!("127.0.0.1 127.0.0.1 - - {port} GET /  HTTP/1.1 302 - "),
        format!(
            "127.0.0.1 127.0.0.1 - - {port} GET /finesse/api/SystemInfo ?nocache=17 HTTP/1.1 200 "
        ),
        format!(
            "127.0.0.1 127.0.0.1 2001 - {port} GET /finesse/api/User/2001 ?nocache=18 HTTP/1.1 200 "
        ),
        format!("127.0.0.1 127.0.0.1 - - {port} GET /nothing ?"),
    ] {
        assert!(log.contains(&expected), "{expected} in\n{log}");
    }
    assert!(!log.contains("hunter2"), "{log}");
}

#[tokio::test]
async fn no_credential_is_in_any_log() {
    let mut centre = Centre::start().await;
    centre.sign_in("2001", "2003").await;
    let (_, header) = basic("2001");
    let secret = header.trim_start_matches("Basic ");
    for folder in ["tomcat", "webservices", "realm", "openfire", "ctisvr"] {
        assert!(!centre.log(folder).contains(secret), "{folder}");
    }
}
