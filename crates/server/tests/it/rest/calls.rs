//! What is asked of calls, as far as the request itself tells whether it can be.

use super::centre::Centre;

fn refused(status: u16, kind: &str, data: &str) -> (u16, String, String) {
    (status, kind.to_owned(), data.to_owned())
}

fn body(action: &str, more: &str) -> String {
    format!("<Dialog><requestedAction>{action}</requestedAction>{more}</Dialog>")
}

const HOLD: &str = "<Dialog><requestedAction>HOLD</requestedAction>\
                    <targetMediaAddress>2003</targetMediaAddress></Dialog>";

#[tokio::test]
async fn a_call_that_nobody_knows() {
    let centre = Centre::start().await;
    for id in ["16777217", "0", "x", "-1", "151635_312_1", "99999999999"] {
        let path = format!("Dialog/{id}");
        for (method, body) in [("GET", ""), ("PUT", HOLD)] {
            let (status, error) = centre.ask("2001", method, &path, body).await.refusal();
            assert_eq!(
                (status, error.error_type.as_str(), error.message.as_str()),
                (404, "Not Found", "Invalid dialogId specified for dialog"),
                "{method} {id}"
            );
            assert_eq!(error.data, "");
        }
    }
}

#[tokio::test]
async fn a_call_that_cannot_be_made() {
    let centre = Centre::start().await;
    let from = "<fromAddress>2003</fromAddress>";
    for (body, expected) in [
        (String::new(), refused(400, "Bad Request", "")),
        (
            "<User><state>READY</state></User>".to_owned(),
            refused(400, "Bad Request", ""),
        ),
        (
            "<Dialog/>".to_owned(),
            refused(400, "Parameter Missing", "requestedAction"),
        ),
        (
            body("CALL", ""),
            refused(400, "Invalid Input", "requestedAction"),
        ),
        (
            body("HOLD", "<targetMediaAddress>2003</targetMediaAddress>"),
            refused(400, "Invalid Input", "requestedAction"),
        ),
        (
            body("MAKE_CALL", "<toAddress>1</toAddress>"),
            refused(400, "Parameter Missing", "fromAddress"),
        ),
        (
            body("MAKE_CALL", from),
            refused(400, "Parameter Missing", "toAddress"),
        ),
        (
            body("MAKE_CALL", &format!("{from}<toAddress>2003</toAddress>")),
            refused(400, "Invalid Destination", "toAddress"),
        ),
        (
            body(
                "SILENT_MONITOR",
                &format!("{from}<toAddress>3002</toAddress>"),
            ),
            refused(401, "Invalid Supervisor", "2001"),
        ),
    ] {
        let answered = centre.ask("2001", "POST", "User/2001/Dialogs", &body).await;
        assert_eq!(answered.refused(), expected, "{body}");
    }
}

#[tokio::test]
async fn nobody_calls_for_another() {
    let centre = Centre::start().await;
    let call = body(
        "MAKE_CALL",
        "<fromAddress>2003</fromAddress><toAddress>1</toAddress>",
    );
    for who in ["2002", "2100"] {
        let answered = centre.ask(who, "POST", "User/2001/Dialogs", &call).await;
        let expected = refused(401, "Invalid Authorization User Specified", "2001");
        assert_eq!(answered.refused(), expected, "{who}");
    }
}

#[tokio::test]
async fn nothing_is_said_of_calls_while_the_cti_server_is_away() {
    let mut centre = Centre::start().await;
    centre.cut_cti().await;
    let call = body(
        "MAKE_CALL",
        "<fromAddress>2003</fromAddress><toAddress>1</toAddress>",
    );
    for (method, path, body) in [
        ("GET", "User/2001/Dialogs", ""),
        ("POST", "User/2001/Dialogs", &call),
        ("GET", "Dialog/1", ""),
        ("PUT", "Dialog/1", HOLD),
        ("GET", "Queue/4711", ""),
    ] {
        let (status, error) = centre.ask("2001", method, path, body).await.refusal();
        assert_eq!(
            (status, error.message.as_str()),
            (503, "SERVER_OUT_OF_SERVICE"),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn methods_of_calls() {
    let centre = Centre::start().await;
    for (method, path, allowed) in [
        ("DELETE", "Dialog/1", ["GET", "HEAD", "OPTIONS", "PUT"]),
        (
            "PUT",
            "User/2001/Dialogs",
            ["GET", "HEAD", "OPTIONS", "POST"],
        ),
    ] {
        let answered = centre.ask("2001", method, path, "").await;
        assert_eq!(answered.status, 405);
        let allow = answered.headers.get_all("allow").iter();
        let mut methods: Vec<&str> = allow
            .flat_map(|value| value.to_str().unwrap().split(','))
            .collect();
        methods.sort_unstable();
        assert_eq!(methods, allowed);
    }
}
