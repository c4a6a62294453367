//! A supervisor and the agents of the own team.

use tact_ged188::{ControlFailure, Message};

use super::centre::Centre;
use super::script::{CALL, EXTENSION, failed, talking};

#[tokio::test]
async fn reads_the_team() {
    let centre = Centre::start().await;
    let own = centre.get("2100", "/finesse/api/User/2100").await.user();
    assert_eq!(own.roles, ["Agent", "Supervisor"]);
    assert_eq!(own.teams.unwrap()[0].id, 5000);
    let agent = centre.get("2100", "/finesse/api/User/2001").await.user();
    assert_eq!(agent.login_id, "2001");
    let nobody = centre.get("2100", "/finesse/api/User/nobody").await;
    let (status, error) = nobody.refusal();
    assert_eq!((status, error.error_type.as_str()), (404, "User Not Found"));
    assert_eq!(
        (error.message.as_str(), error.data.as_str()),
        ("UNKNOWN_USER", "nobody")
    );
}

#[tokio::test]
async fn makes_an_agent_ready_and_signs_it_out() {
    let mut centre = Centre::start().await;
    centre.sign_in("2001", "2003").await;
    let ready = centre
        .put("2100", "2001", "<User><state>READY</state></User>")
        .await;
    assert_eq!(ready.status, 202, "{}", ready.body);
    assert_eq!(centre.state("2001").await.0.state, "READY");
    let out = centre
        .put("2100", "2001", "<User><state>LOGOUT</state></User>")
        .await;
    assert_eq!(out.status, 202, "{}", out.body);
    assert_eq!(centre.state("2001").await.0.state, "LOGOUT");
}

#[tokio::test]
async fn cannot_sign_an_agent_in() {
    let centre = Centre::start().await;
    let body = "<User><state>LOGIN</state><extension>2003</extension></User>";
    let (status, error) = centre.put("2100", "2001", body).await.refusal();
    assert_eq!((status, error.error_type.as_str()), (400, "Invalid State"));
}

fn about(agent: &str, action: &str, more: &str) -> String {
    format!(
        "<Dialog><requestedAction>{action}</requestedAction><fromAddress>3100</fromAddress>\
         <toAddress>{agent}</toAddress>{more}</Dialog>"
    )
}

#[tokio::test]
async fn listens_to_an_agent_of_the_team() {
    let (mut centre, mut wire) = talking().await;
    centre.sign_in("2100", "3100").await;
    let monitor = about(EXTENSION, "SILENT_MONITOR", "");
    let list = "User/2100/Dialogs";
    let answered = centre.ask("2100", "POST", list, &monitor).await;
    assert_eq!(answered.status, 202, "{}", answered.body);
    let (invoke_id, message) = wire.asked().await;
    assert!(
        matches!(message, Message::SuperviseCallReq(_)),
        "{message:?}"
    );
    wire.refuse(invoke_id, ControlFailure::INVALID_OBJECT_STATE);
    loop {
        let (_, update) = centre.event("/finesse/api/User/2100/Dialogs").await;
        if let Some(error) = failed(&update) {
            assert_eq!(error.error_type, "Invalid State");
            assert_eq!(update.request_id, "req-2100");
            break;
        }
    }
    // Nobody is signed in at 3002: whose team would that be?
    let nobody = about("3002", "SILENT_MONITOR", "");
    let (status, error) = centre.ask("2100", "POST", list, &nobody).await.refusal();
    assert_eq!(
        (status, error.error_type.as_str()),
        (401, "Invalid Supervisor")
    );
}

#[tokio::test]
async fn barges_only_into_what_is_monitored() {
    let (mut centre, _wire) = talking().await;
    centre.sign_in("2100", "3100").await;
    let list = "User/2100/Dialogs";
    for (more, expected) in [
        ("", (400, "Parameter Missing")),
        (
            "<associatedDialogUri>/finesse/api/Dialog/x</associatedDialogUri>",
            (400, "Invalid Input"),
        ),
        (
            "<associatedDialogUri>/finesse/api/Dialog/4711</associatedDialogUri>",
            (404, "Not Found"),
        ),
        (
            &format!("<associatedDialogUri>/finesse/api/Dialog/{CALL}</associatedDialogUri>"),
            (401, "Invalid Authorization User Specified"),
        ),
    ] {
        let body = about(EXTENSION, "BARGE_CALL", more);
        let (status, error) = centre.ask("2100", "POST", list, &body).await.refusal();
        assert_eq!((status, error.error_type.as_str()), expected, "{more}");
    }
}

#[tokio::test]
async fn takes_a_participant_out_of_a_call_which_agents_cannot() {
    let (mut centre, mut wire) = talking().await;
    centre.sign_in("2100", "3100").await;
    let body = format!(
        "<Dialog><requestedAction>PARTICIPANT_DROP</requestedAction>\
         <targetMediaAddress>{EXTENSION}</targetMediaAddress></Dialog>"
    );
    let path = format!("Dialog/{CALL}");
    let (status, error) = centre.ask("2001", "PUT", &path, &body).await.refusal();
    assert_eq!(
        (status, error.error_type.as_str()),
        (401, "Invalid Supervisor")
    );
    let answered = centre.ask("2100", "PUT", &path, &body).await;
    assert_eq!(answered.status, 202, "{}", answered.body);
    let (_, message) = wire.asked().await;
    assert!(
        matches!(message, Message::ClearConnectionReq(_)),
        "{message:?}"
    );
}
