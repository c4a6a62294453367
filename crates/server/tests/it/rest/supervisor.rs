//! A supervisor and the agents of the own team.

use super::centre::Centre;

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
