//! What the desktop fetches once the agent is signed in, and the log that it sends.

use tact_api::{
    ClientLog, Contacts, Data, Document, Event, PhoneBooks, ReasonCode, ReasonCodes, WrapUpReason,
    WrapUpReasons,
};

use super::centre::{Centre, basic};

#[tokio::test]
async fn dialogs_are_an_empty_list() {
    let centre = Centre::start().await;
    let answered = centre
        .get("2001", "/finesse/api/User/2001/Dialogs?nocache=1")
        .await;
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (200, "<Dialogs></Dialogs>")
    );
}

#[tokio::test]
async fn reason_codes_of_both_categories() {
    let centre = Centre::start().await;
    for category in ["NOT_READY", "LOGOUT"] {
        let path = format!("/finesse/api/User/2001/ReasonCodes?category={category}&nocache=1");
        let answered = centre.get("2001", &path).await;
        let codes = ReasonCodes::from_xml(answered.body.as_bytes()).unwrap();
        assert_eq!(codes.category, category);
        assert!(!codes.codes.is_empty());
        for code in &codes.codes {
            assert_eq!(
                (code.category.as_str(), code.system_code),
                (category, false)
            );
            let path = format!("/finesse/api/User/2001/ReasonCode/{}", code.id.unwrap());
            let one = centre.get("2001", &path).await;
            assert_eq!(ReasonCode::from_xml(one.body.as_bytes()).as_ref(), Ok(code));
        }
    }
}

#[tokio::test]
async fn wrap_up_reasons_of_everybody_and_of_the_team() {
    let centre = Centre::start().await;
    let path = "/finesse/api/User/2001/WrapUpReasons?nocache=1";
    let answered = centre.get("2001", path).await;
    let reasons = WrapUpReasons::from_xml(answered.body.as_bytes()).unwrap();
    let of_all: Vec<bool> = reasons
        .reasons
        .iter()
        .map(|reason| reason.for_all)
        .collect();
    assert_eq!(of_all, [true, true, true, true, true, true, false, false]);
    for reason in &reasons.reasons {
        assert!(
            reason
                .uri
                .starts_with("/finesse/api/User/2001/WrapUpReason/")
        );
        let one = centre.get("2001", &reason.uri).await;
        assert_eq!(
            WrapUpReason::from_xml(one.body.as_bytes()).as_ref(),
            Ok(reason)
        );
    }
    let none = centre
        .get("2001", "/finesse/api/User/2001/WrapUpReason/4711")
        .await;
    let (status, error) = none.refusal();
    assert_eq!((status, error.error_type.as_str()), (404, "Not Found"));
    let other = centre
        .get("2001", "/finesse/api/User/2002/WrapUpReasons")
        .await;
    assert_eq!(other.status, 401);
}

#[tokio::test]
async fn phone_books_lead_to_their_contacts() {
    let centre = Centre::start().await;
    let answered = centre
        .get("2001", "/finesse/api/User/2001/PhoneBooks")
        .await;
    let books = PhoneBooks::from_xml(answered.body.as_bytes())
        .unwrap()
        .books;
    let kinds: Vec<&str> = books.iter().map(|book| book.kind.as_str()).collect();
    assert_eq!(kinds, ["GLOBAL", "TEAM"], "global books come first");
    for book in books {
        let answered = centre.get("2001", &book.contacts).await;
        let contacts = Contacts::from_xml(answered.body.as_bytes()).unwrap();
        assert!(!contacts.contacts.is_empty());
        assert!(
            contacts
                .contacts
                .iter()
                .all(|contact| !contact.phone_number.is_empty())
        );
    }
}

#[tokio::test]
async fn a_client_log_is_kept_and_announced() {
    let mut centre = Centre::start().await;
    let log = ClientLog {
        log_data: Some("18:40:03: Container : one\n18:40:04: Container : <two> & more".to_owned()),
    };
    let headers = [basic("2001"), ("RequestId", "log-1".to_owned())];
    let path = "/finesse/api/User/2001/ClientLog";
    let answered = centre.send("POST", path, &headers, log.to_xml()).await;
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (202, "")
    );
    let (_, update) = centre.event(path).await;
    assert_eq!(
        (update.event, update.request_id.as_str()),
        (Event::Post, "log-1")
    );
    assert_eq!(
        (update.data, update.source.as_str()),
        (Some(Data::ClientLog), path)
    );
    let kept = centre.log("clientlogs");
    assert!(
        kept.contains("18:40:04: Container : <two> & more"),
        "{kept}"
    );
}

#[tokio::test]
async fn a_client_log_that_is_none() {
    let centre = Centre::start().await;
    let path = "/finesse/api/User/2001/ClientLog";
    let long = format!(
        "<ClientLog><logData>{}</logData></ClientLog>",
        "x".repeat(1_048_577)
    );
    for (body, kind) in [
        ("<ClientLog></ClientLog>", "Parameter Missing"),
        ("<User></User>", "Bad Request"),
        (long.as_str(), "Invalid Input"),
    ] {
        let answered = centre
            .send("POST", path, &[basic("2001")], body.to_owned())
            .await;
        let (status, error) = answered.refusal();
        assert_eq!((status, error.error_type.as_str()), (400, kind));
    }
    let other = centre
        .send("POST", path, &[basic("2100")], "<ClientLog/>")
        .await;
    assert_eq!(other.status, 401, "nobody sends another's log");
}
