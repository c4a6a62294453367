//! Teams, their members and what they may choose from; queues; what administrators see.

use tact_api::{
    Document, PhoneBooks, Queues, ReasonCodes, Team, Teams, UserSummary, WrapUpReasons,
};

use super::centre::{Answered, Centre, basic};

fn team(answered: &Answered) -> Team {
    assert_eq!(answered.status, 200, "{}", answered.body);
    Team::from_xml(answered.body.as_bytes()).unwrap()
}

fn members(answered: &Answered) -> Vec<(String, String)> {
    let users = team(answered).users.unwrap();
    users
        .into_iter()
        .map(|user| (user.login_id, user.state))
        .collect()
}

/// Makes 2005 an administrator who is no agent.
fn appoint_administrator(centre: &Centre) {
    let mut configuration = centre.configuration.load().as_ref().clone();
    configuration.users.get_mut("2005").unwrap().administrator = true;
    centre.configuration.replace(configuration);
}

#[tokio::test]
async fn a_supervisor_sees_the_members() {
    let mut centre = Centre::start().await;
    centre.sign_in("2001", "2003").await;
    let all = centre.get("2100", "/finesse/api/Team/5000?nocache=1").await;
    assert_eq!(team(&all).name, "Demo Team");
    let states = members(&all);
    assert_eq!(states.len(), 5);
    assert_eq!(states[0], ("2001".to_owned(), "NOT_READY".to_owned()));
    assert_eq!(states[1], ("2002".to_owned(), "LOGOUT".to_owned()));
    for (query, count) in [("true", 5), ("false", 1), ("FALSE", 1)] {
        let path = format!("/finesse/api/Team/5000?includeLoggedOutAgents={query}");
        let shown = members(&centre.get("2100", &path).await);
        assert_eq!(shown.len(), count, "{query}");
        assert_eq!(shown[0].0, "2001");
    }
}

#[tokio::test]
async fn an_agent_may_know_whose_phone_a_colleague_has_and_no_more() {
    let mut centre = Centre::start().await;
    centre.sign_in("2001", "2003").await;
    centre.sign_in("2002", "3002").await;
    let found = centre.get("2001", "/tact/colleagues/3002").await;
    assert_eq!(found.status, 200, "{}", found.body);
    let user = UserSummary::from_xml(found.body.as_bytes()).unwrap();
    assert_eq!(
        (user.login_id.as_str(), user.state.as_str()),
        ("2002", "NOT_READY")
    );
    assert_eq!((user.extension.as_str(), user.reason_code), ("3002", None));
    for nobodys in ["3003", "2002", "x%20y"] {
        let (status, _) = centre
            .get("2001", &format!("/tact/colleagues/{nobodys}"))
            .await
            .refusal();
        assert_eq!(status, 404, "{nobodys}");
    }
    for asking in ["2001", "2100"] {
        let all = centre.get(asking, "/tact/colleagues").await;
        let teams = Teams::from_xml(all.body.as_bytes()).unwrap().teams;
        let ids: Vec<_> = teams[0]
            .users
            .as_ref()
            .unwrap()
            .iter()
            .map(|user| &user.login_id)
            .collect();
        assert_eq!(ids, ["2001", "2002"], "{asking}");
    }
    let anonymous = centre.send("GET", "/tact/colleagues", &[], "").await;
    assert_eq!(anonymous.status, 401);
}

#[tokio::test]
async fn a_team_is_its_leaders() {
    let centre = Centre::start().await;
    let agent = centre.get("2001", "/finesse/api/Team/5000").await;
    let (status, error) = agent.refusal();
    assert_eq!(
        (status, error.error_type.as_str()),
        (401, "Authorization Failure")
    );
    for id in ["5001", "x", "-1"] {
        let none = centre.get("2100", &format!("/finesse/api/Team/{id}")).await;
        let (status, error) = none.refusal();
        assert_eq!(
            (status, error.error_type.as_str()),
            (404, "Not Found"),
            "{id}"
        );
    }
    assert_eq!(centre.get("2100", "/finesse/api/Teams").await.status, 401);
}

#[tokio::test]
async fn an_administrator_reads_all_teams_and_makes_no_calls() {
    let centre = Centre::start().await;
    appoint_administrator(&centre);
    let answered = centre.get("2005", "/finesse/api/Teams").await;
    assert_eq!(
        Teams::from_xml(answered.body.as_bytes())
            .unwrap()
            .teams
            .len(),
        1
    );
    assert_eq!(
        answered.body,
        "<Teams><Team><id>5000</id><name>Demo Team</name><uri>/finesse/api/Team/5000</uri></Team></Teams>"
    );
    assert_eq!(
        members(&centre.get("2005", "/finesse/api/Team/5000").await).len(),
        5
    );
    let call = "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>3005</fromAddress>\
                <toAddress>5550100</toAddress></Dialog>";
    let refused = centre.ask("2005", "POST", "User/2005/Dialogs", call).await;
    let (status, error) = refused.refusal();
    assert_eq!(
        (status, error.error_type.as_str()),
        (401, "Invalid Authorization User Specified")
    );
    assert!(error.message.starts_with("User (administrator) is not an"));
}

#[tokio::test]
async fn the_resources_of_a_team_are_its_members() {
    let mut centre = Centre::start().await;
    centre.sign_in("2001", "2003").await;
    for (category, count) in [("NOT_READY", 6), ("LOGOUT", 3), ("ALL", 9)] {
        let path = format!("/finesse/api/TeamResource/5000/ReasonCodes?category={category}");
        let answered = centre.get("2001", &path).await;
        let codes = ReasonCodes::from_xml(answered.body.as_bytes()).unwrap();
        assert_eq!(
            (codes.category.as_str(), codes.codes.len()),
            (category, count)
        );
    }
    for (query, kind) in [("", "Parameter Missing"), ("?category=x", "Invalid Input")] {
        let path = format!("/finesse/api/TeamResource/5000/ReasonCodes{query}");
        let (status, error) = centre.get("2001", &path).await.refusal();
        assert_eq!((status, error.error_type.as_str()), (400, kind));
    }
    let answered = centre
        .get("2001", "/finesse/api/TeamResource/5000/WrapUpReasons")
        .await;
    let reasons = WrapUpReasons::from_xml(answered.body.as_bytes())
        .unwrap()
        .reasons;
    assert_eq!(reasons.len(), 8);
    assert_eq!(reasons[0].uri, "/finesse/api/WrapUpReason/1");
    let none = centre
        .get("2001", "/finesse/api/TeamResource/1/WrapUpReasons")
        .await;
    assert_eq!(
        none.refused(),
        (404, "TeamId Not Found".to_owned(), "1".to_owned())
    );
}

#[tokio::test]
async fn the_phone_books_of_a_team_come_in_parts() {
    let centre = Centre::start().await;
    let path = "/finesse/api/TeamResource/5000/PhoneBooks";
    let fetch = async |range: Option<&str>| {
        let mut headers = vec![basic("2001")];
        headers.extend(range.map(|range| ("Range", range.to_owned())));
        let answered = centre.send("GET", path, &headers, "").await;
        let books = PhoneBooks::from_xml(answered.body.as_bytes());
        let numbers = books.map(|books| {
            let inside = books.books.into_iter().map(|book| book.inside.unwrap());
            inside.map(|all| all.contacts.len()).collect::<Vec<usize>>()
        });
        (answered.status.as_u16(), numbers.unwrap_or_default())
    };
    assert_eq!(fetch(None).await, (200, vec![5, 3]));
    assert_eq!(fetch(Some("objects=1-6000")).await, (200, vec![5, 3]));
    assert_eq!(fetch(Some("objects=1-8")).await, (200, vec![5, 3]));
    assert_eq!(fetch(Some("objects=4-6")).await, (206, vec![2, 1]));
    assert_eq!(fetch(Some("objects=1-2")).await, (206, vec![2, 0]));
    assert_eq!(fetch(Some("objects=7-6000")).await, (206, vec![0, 2]));
    assert_eq!(fetch(Some("objects=0-6000")).await, (416, vec![]));
}

#[tokio::test]
async fn a_queue_that_nobody_knows() {
    let centre = Centre::start().await;
    for id in ["4711", "x", "99999999999"] {
        let none = centre
            .get("2001", &format!("/finesse/api/Queue/{id}"))
            .await;
        assert_eq!(none.refused(), (404, "Not Found".to_owned(), id.to_owned()));
    }
    let queues = centre.get("2001", "/finesse/api/User/2002/Queues").await;
    assert!(
        Queues::from_xml(queues.body.as_bytes()).is_ok(),
        "anybody may ask: {}",
        queues.body
    );
    let nobody = centre.get("2001", "/finesse/api/User/nobody/Queues").await;
    let (status, error) = nobody.refusal();
    assert_eq!((status, error.error_type.as_str()), (404, "User Not Found"));
}
