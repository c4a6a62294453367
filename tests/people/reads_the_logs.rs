//! An engineer reads the logs: they hold what the document shows, and no secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::server::{Server, WEB_PORTS};
use crate::tact::{run, tact, until};

#[test]
fn and_finds_the_lines_of_the_document() {
    let mut server = Server::start();
    assert_eq!(server.request("GET", "/", None, &[], "").status, 302);
    assert_eq!(
        server.login("2001", "2001", "2003", &["--sign-out"]).code,
        0
    );
    server.stop();
    let logs = server.log_texts();
    let text = |folder: &str| -> String {
        logs.iter()
            .filter(|(name, _)| name.starts_with(folder))
            .map(|(_, text)| text.as_str())
            .collect()
    };
    let access = text("tomcat");
    for expected in [
        "GET /  HTTP/1.1 302",
        "GET /desktop/container/  HTTP/1.1 200",
        "GET /finesse/api/SystemInfo ?nocache=",
        " 2001 - ",
        "PUT /finesse/api/User/2001  HTTP/1.1 202",
    ] {
        assert!(access.contains(expected), "{expected}: {access}");
    }
    let webservices = text("webservices");
    for expected in [
        "-6-REQUEST_START: %[method_name=GET][parameter_name={ nocache=[",
        "-6-API_REQUEST: %[REQUEST_URL=SystemInfo][agent_id=]",
        "-6-REGISTER_API_STATS_OBJECT: %[resource_name=com.cisco.ccbu:category=WebAppStats,component0=User-[id]-PUT]",
        "-6-REQUEST_END: %[elapsed_time=",
        "-6-PRESENCE_NOTIFICATION_RECIEVED: %[FROM JID=2001@localhost/desktop][PRESENCE_TYPE=available]",
        "[request_method=user.PUT][request_parameters= extension:2003 state:LOGIN]",
        "-6-MESSAGE_TO_CTI_SERVER: %[cti_message=Invoke id :",
        "agentstate : 0, workmode : 0, reason code: -15532, forceflag :1, agentcapacity: 0, agenttext: 2003, agentid: 2001][cti_message_name=SetAgentStateReq]",
        "-6-DECODED_MESSAGE_FROM_CTI_SERVER: %[cti_message=CTIAgentStateEvent [skillGroupState=",
        "agentState=2 (NOT_READY)",
        "-6-XMPP_PUBLISH_ASYNCHRONOUS: %[NodeId=/finesse/api/User/2001][Payload=<Update><data><user>",
    ] {
        assert!(webservices.contains(expected), "{expected}");
    }
    let raw = webservices.find("RAW_MESSAGE_FROM_CTI_SERVER").unwrap();
    let decoded = webservices.find("DECODED_MESSAGE_FROM_CTI_SERVER").unwrap();
    assert!(raw < decoded, "the raw line comes first");
    let ctisvr = text("ctisvr");
    for expected in [
        "MsgType:SET_AGENT_STATE_REQ",
        "MsgType:AGENT_STATE_EVENT",
        "AGENT_EVENT: ID=2001 Periph=",
    ] {
        assert!(ctisvr.contains(expected), "{expected}");
    }
    assert!(text("clientlogs").contains("SignIn._triggerLoggedIn(): Successfully logged in!"));

    // Every record of every file is recognised by the same grammar that wrote it.
    let outcome = tact(&[
        "logs",
        "parse",
        &server.logs().display().to_string(),
        "--format",
        "json",
    ]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for line in outcome.stdout.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(!record["format"].is_null(), "{record}");
    }
}

#[test]
fn and_finds_no_password_even_with_the_wire_trace_on() {
    let mut server = Server::start_with(&["log.notification_wire=true"]);
    for transport in ["bosh", "websocket", "tcp"] {
        assert_eq!(
            server
                .login(
                    "2001",
                    "2001",
                    "2003",
                    &["--transport", transport, "--sign-out"]
                )
                .code,
            0
        );
        assert_eq!(
            server
                .login("2002", "hunter-two", "3002", &["--transport", transport])
                .code,
            1
        );
    }
    server.request(
        "GET",
        "/finesse/api/User/2001?Authorization=Basic%20aHVudGVyLXR3bw",
        Some("2001"),
        &[],
        "",
    );
    server.stop();
    let secrets = [
        STANDARD.encode("2001:2001"),
        STANDARD.encode("\x002001\x002001"),
        STANDARD.encode("2002:hunter-two"),
        STANDARD.encode("\x002002\x00hunter-two"),
        "hunter-two".to_owned(),
        "aHVudGVyLXR3bw".to_owned(),
        "Basic ".to_owned(),
    ];
    let logs = server.log_texts();
    assert!(
        logs.iter()
            .any(|(name, text)| name.ends_with("debug.log") && text.contains("httpbind"))
    );
    for (name, text) in logs {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{name} holds {secret:?}");
        }
    }
}

#[test]
fn within_a_second_while_the_server_runs() {
    let server = Server::start();
    assert_eq!(server.login("2001", "2001", "2003", &[]).code, 0);
    let found = server.trace_agent("2001", 1);
    assert_eq!(found.len(), 1);
    until("all twelve steps are on disk", || {
        let login = server.trace_agent("2001", 1).remove(0);
        (login["verdict"] == "ok").then_some(())
    });
}

#[test]
fn and_is_told_when_a_path_is_wrong() {
    let outcome = tact(&["trace", "/no/such/folder"]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.stderr.contains("/no/such/folder"), "{outcome:?}");
    assert_eq!(tact(&["trace"]).code, 1);
}

#[test]
fn and_asks_the_doctor_first() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let mut arguments = vec![
        "doctor".to_owned(),
        "--data".into(),
        data,
        "--format".into(),
        "json".into(),
    ];
    for port in WEB_PORTS.into_iter().chain(["cti.port"]) {
        arguments.extend(["--set".into(), format!("{port}=0")]);
    }
    let outcome = tact(&arguments);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let report = outcome.json();
    let checks = report["checks"].as_array().unwrap();
    let names: Vec<_> = checks
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    for expected in ["data folder", "clock", "file limit"] {
        assert!(
            names.iter().any(|name| name.contains(expected)),
            "{expected}: {names:?}"
        );
    }
}

#[test]
fn and_decodes_the_bytes_of_a_capture() {
    let hex = crate::tact::root().join("testdata/ged188/vectors.json");
    let vectors: Vec<serde_json::Value> =
        serde_json::from_str(&std::fs::read_to_string(hex).unwrap()).unwrap();
    let mut by_version = std::collections::BTreeMap::<u64, Vec<&serde_json::Value>>::new();
    for vector in &vectors {
        by_version
            .entry(vector["protocol"].as_u64().unwrap())
            .or_default()
            .push(vector);
    }
    for (version, vectors) in by_version {
        let input: String = vectors
            .iter()
            .map(|vector| format!("{}\n", vector["hex"].as_str().unwrap()))
            .collect();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), input).unwrap();
        let mut command = std::process::Command::new("sh");
        command
            .args(["-c", "exec \"$0\" cti decode --protocol \"$1\" < \"$2\""])
            .arg(crate::tact::binary())
            .arg(version.to_string())
            .arg(file.path());
        let outcome = run(&mut command);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        let lines: Vec<_> = outcome.stdout.lines().collect();
        assert_eq!(lines.len(), vectors.len());
        for (line, vector) in lines.iter().zip(vectors) {
            let object: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(object["name"], vector["name"], "{vector}");
            assert_eq!(object["reencoded"], vector["hex"], "{vector}");
        }
    }
}
