//! What is refused, and with which words.

use super::centre::{Centre, MAX_BODY_BYTES, basic};

fn refused(status: u16, kind: &str, data: &str) -> (u16, String, String) {
    (status, kind.to_owned(), data.to_owned())
}

#[tokio::test]
async fn credentials() {
    let centre = Centre::start().await;
    let nobody = centre.send("GET", "/finesse/api/User/2001", &[], "").await;
    assert_eq!(nobody.refused(), refused(401, "Authorization Failure", ""));
    assert!(nobody.header("www-authenticate").starts_with("Basic"));
    let wrong = ("Authorization", "Basic MjAwMTp3cm9uZw==".to_owned());
    let wrong = centre
        .send("GET", "/finesse/api/User/2001", &[wrong], "")
        .await;
    let (status, error) = wrong.refusal();
    assert_eq!(
        (status, error.message.as_str(), error.data.as_str()),
        (401, "UNAUTHORIZED", "2001")
    );
    assert_eq!(
        wrong.header("www-authenticate"),
        "",
        "no dialog of the browser over the page"
    );
}

#[tokio::test]
async fn another_users_path() {
    let centre = Centre::start().await;
    let expected = refused(401, "Invalid Authorization User Specified", "2002");
    for path in [
        "",
        "/Dialogs",
        "/PhoneBooks",
        "/ReasonCodes?category=LOGOUT",
    ] {
        let path = format!("/finesse/api/User/2002{path}");
        assert_eq!(
            centre.get("2001", &path).await.refused(),
            expected,
            "{path}"
        );
    }
    let put = centre
        .put("2001", "2002", "<User><state>READY</state></User>")
        .await;
    assert_eq!(put.refused(), expected);
    let unknown = centre.get("2001", "/finesse/api/User/nobody").await;
    assert_eq!(
        unknown.refused(),
        refused(401, "Invalid Authorization User Specified", "nobody")
    );
}

#[tokio::test]
async fn bodies() {
    let centre = Centre::start().await;
    for (body, expected) in [
        ("", refused(400, "Bad Request", "")),
        ("<User><state>READY</User>", refused(400, "Bad Request", "")),
        (
            "<Dialog><state>READY</state></Dialog>",
            refused(400, "Bad Request", ""),
        ),
        (
            "<!DOCTYPE x [<!ENTITY a 'b'>]><User>&a;</User>",
            refused(400, "Bad Request", ""),
        ),
        ("<User></User>", refused(400, "Parameter Missing", "state")),
        (
            "<User><state>BUSY</state></User>",
            refused(400, "Invalid Input", "state"),
        ),
        (
            "<User><state>TALKING</state></User>",
            refused(400, "Invalid State", "state"),
        ),
        (
            "<User><state>LOGIN</state></User>",
            refused(400, "Parameter Missing", "extension"),
        ),
        (
            "<User><state>LOGOUT</state></User>",
            refused(400, "Parameter Missing", "reasonCodeId"),
        ),
        (
            "<User><state>NOT_READY</state><reasonCodeId>4711</reasonCodeId></User>",
            refused(400, "Invalid Input", "reasonCodeId"),
        ),
    ] {
        assert_eq!(
            centre.put("2001", "2001", body).await.refused(),
            expected,
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_too_long() {
    let centre = Centre::start().await;
    let mut body = "<User><state>READY</state></User>".to_owned();
    body.push_str(&" ".repeat(MAX_BODY_BYTES));
    let answered = centre.put("2001", "2001", &body).await;
    assert_eq!(answered.refused(), refused(400, "Bad Request", ""));
    assert!(
        answered.body.contains("longer than 65536 bytes"),
        "{}",
        answered.body
    );
}

#[tokio::test]
async fn what_does_not_exist() {
    let centre = Centre::start().await;
    for path in [
        "/finesse/api/User",
        "/finesse/api/Nothing/1",
        "/finesse/api/User/2001/Nothing",
    ] {
        let (status, error) = centre.get("2001", path).await.refusal();
        assert_eq!(
            (status, error.error_type.as_str()),
            (404, "Not Found"),
            "{path}"
        );
    }
    let code = centre
        .get("2001", "/finesse/api/User/2001/ReasonCode/4711")
        .await;
    assert_eq!(code.refused(), refused(404, "Not Found", "4711"));
    let book = centre
        .get("2001", "/finesse/api/User/2001/PhoneBook/4711/Contacts")
        .await;
    assert_eq!(book.refused(), refused(404, "Not Found", "4711"));
}

#[tokio::test]
async fn a_method_that_a_resource_does_not_know() {
    let centre = Centre::start().await;
    let answered = centre
        .send("POST", "/finesse/api/User/2001", &[basic("2001")], "")
        .await;
    assert_eq!(
        answered.refused(),
        refused(405, "Method Not Allowed", "POST")
    );
    let allow = answered.headers.get_all("allow").iter();
    let mut methods: Vec<&str> = allow
        .flat_map(|value| value.to_str().unwrap().split(','))
        .collect();
    methods.sort_unstable();
    assert_eq!(methods, ["GET", "HEAD", "OPTIONS", "PUT"]);
}

#[tokio::test]
async fn a_category_is_needed() {
    let centre = Centre::start().await;
    for query in ["", "?category=", "?category=ALL", "?nocache=1"] {
        let path = format!("/finesse/api/User/2001/ReasonCodes{query}");
        let answered = centre.get("2001", &path).await;
        assert_eq!(
            answered.refused(),
            refused(400, "Bad Request", "category"),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_path_that_is_no_text() {
    let centre = Centre::start().await;
    let answered = centre.get("2001", "/finesse/api/User/%FF%FE").await;
    let (status, error) = answered.refusal();
    assert_eq!((status, error.error_type.as_str()), (400, "Bad Request"));
}
