//! An agent's calls over REST and as notifications: the CTI server's part is played by the test.

use tact_api::{Dialog, Dialogs, Document, Event};
use tact_ged188::{
    CallType, ConnectionDeviceIdType, ControlFailure, HoldCallConf, Message, SetCallDataReq, Tag,
};

use super::centre::Centre;
use super::script::*;
use super::wire::Wire;

/// Asks, sees the CTI request, refuses it; the type of the error that comes as an event.
async fn refused_later(
    centre: &mut Centre,
    wire: &mut Wire,
    method: &str,
    path: &str,
    body: &str,
) -> (String, String) {
    let answered = centre.ask("2001", method, path, body).await;
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (202, ""),
        "{body}"
    );
    assert_eq!(answered.header("requestid"), "req-2001");
    let (invoke_id, message) = wire.asked().await;
    wire.refuse(invoke_id, ControlFailure::INVALID_OBJECT_STATE);
    let update = until(centre, |update| failed(update).is_some()).await;
    assert_eq!(
        (update.event, update.request_id.as_str()),
        (Event::Put, "req-2001")
    );
    let source = if method == "PUT" {
        format!("/finesse/api/{path}")
    } else {
        NODE.to_owned()
    };
    assert_eq!(update.source, source, "{body}");
    let error = failed(&update).unwrap();
    assert_eq!(
        (error.data.as_str(), error.message.as_str()),
        ("22", "CF_INVALID_OBJECT_STATE")
    );
    (message.name().to_owned(), error.error_type)
}

#[tokio::test]
async fn a_call_is_offered_and_read() {
    let (centre, _wire) = offered().await;
    let path = format!("/finesse/api/Dialog/{CALL}");
    let answered = centre.get("2001", &path).await;
    assert_eq!(answered.status, 200, "{}", answered.body);
    let dialog = Dialog::from_xml(answered.body.as_bytes()).unwrap();
    assert_eq!(
        (dialog.state.as_str(), dialog.from_address.as_str()),
        ("ALERTING", CALLER)
    );
    assert_eq!(dialog.media_properties.call_type, "PREROUTE_ACD_IN");
    let variables = &dialog.media_properties.call_variables;
    assert_eq!(variables[0].value, "Gold & <old>");
    assert!(variables.len() >= 10);
    let answer = "ANSWER".to_owned();
    let own = dialog
        .participants
        .iter()
        .find(|party| party.media_address == EXTENSION);
    assert!(own.unwrap().actions.contains(&answer));
    let list = centre.get("2001", NODE).await;
    let list = Dialogs::from_xml(list.body.as_bytes()).unwrap();
    assert_eq!(list.dialogs, [dialog]);
    assert_eq!(
        centre.get("2100", &path).await.status,
        200,
        "the supervisor"
    );
    let stranger = centre.get("2002", &path).await;
    let (status, error) = stranger.refusal();
    assert_eq!(
        (status, error.error_type.as_str()),
        (401, "Invalid Authorization User Specified")
    );
}

#[tokio::test]
async fn each_action_becomes_a_cti_request_and_its_refusal_an_event() {
    let (mut centre, mut wire) = talking().await;
    let path = format!("Dialog/{CALL}");
    let to = "<toAddress>3002</toAddress>";
    let data = "<mediaProperties><wrapUpReason>Order taken</wrapUpReason></mediaProperties>";
    for (action, more, request, kind) in [
        ("ANSWER", "", "ANSWER_CALL_REQ", "Invalid State"),
        ("HOLD", "", "HOLD_CALL_REQ", "Invalid State"),
        ("RETRIEVE", "", "RETRIEVE_CALL_REQ", "Invalid State"),
        ("DROP", "", "CLEAR_CONNECTION_REQ", "Invalid State"),
        ("CONSULT_CALL", to, "CONSULTATION_CALL_REQ", "Generic Error"),
        ("TRANSFER_SST", to, "TRANSFER_CALL_REQ", "Generic Error"),
        (
            "SEND_DTMF",
            &param("dtmfString", "12#"),
            "SEND_DTMF_SIGNAL_REQ",
            "Invalid State",
        ),
        (
            "UPDATE_CALL_DATA",
            data,
            "SET_CALL_DATA_REQ",
            "Invalid State",
        ),
    ] {
        let body = body(action, more);
        let seen = refused_later(&mut centre, &mut wire, "PUT", &path, &body).await;
        assert_eq!(seen, (request.to_owned(), kind.to_owned()), "{action}");
    }
    let call = "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>2003</fromAddress>\
                <toAddress>3002</toAddress></Dialog>";
    let seen = refused_later(&mut centre, &mut wire, "POST", "User/2001/Dialogs", call).await;
    let expected = ("MAKE_CALL_REQ".to_owned(), "Invalid State".to_owned());
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_held_call_is_transferred_and_conferred_with_the_active_one() {
    let (mut centre, mut wire) = holding().await;
    let own = ConnectionDeviceIdType::STATIC;
    begins(&wire, SECOND, CallType::CONSULT, EXTENSION, own);
    rings(&wire, SECOND, "3002", EXTENSION, "3002");
    is_answered(&wire, SECOND, "3002", EXTENSION, "3002");
    until(&mut centre, |update| {
        let dialog = changed(update);
        dialog.is_some_and(|dialog| {
            dialog.id == SECOND.to_string() && state_of(&dialog, EXTENSION) == "ACTIVE"
        })
    })
    .await;
    let path = format!("Dialog/{CALL}");
    for (action, kind) in [
        ("TRANSFER", "Invalid State"),
        ("CONFERENCE", "Generic Error"),
    ] {
        let answered = centre.ask("2001", "PUT", &path, &body(action, "")).await;
        assert_eq!(answered.status, 202, "{}", answered.body);
        let (invoke_id, message) = wire.asked().await;
        let calls = match message {
            Message::TransferCallReq(request) => (
                request.held_connection_call_id,
                request.active_connection_call_id,
            ),
            Message::ConferenceCallReq(request) => (
                request.held_connection_call_id,
                request.active_connection_call_id,
            ),
            other => panic!("{other:?}"),
        };
        assert_eq!(calls, (CALL, SECOND), "{action}");
        wire.refuse(invoke_id, ControlFailure::INVALID_OBJECT_STATE);
        let update = until(&mut centre, |update| failed(update).is_some()).await;
        assert_eq!(failed(&update).unwrap().error_type, kind, "{action}");
    }
}

#[tokio::test]
async fn tones_are_refused_at_once_while_the_call_is_held() {
    let (centre, _wire) = holding().await;
    let tones = body("SEND_DTMF", &param("dtmfString", "1"));
    let answered = centre
        .ask("2001", "PUT", &format!("Dialog/{CALL}"), &tones)
        .await;
    assert_eq!(
        answered.refused(),
        (401, "Invalid State".to_owned(), EXTENSION.to_owned())
    );
}

#[tokio::test]
async fn a_request_about_a_call_that_is_wrong_in_itself() {
    let (centre, _wire) = offered().await;
    let path = format!("Dialog/{CALL}");
    let own = format!("<toAddress>{EXTENSION}</toAddress>");
    let long = "x".repeat(41);
    let variable = format!(
        "<mediaProperties><callvariables><CallVariable><name>callVariable1</name><value>{long}</value>\
         </CallVariable></callvariables></mediaProperties>"
    );
    for (body, kind, data) in [
        (String::new(), "Bad Request", ""),
        (
            "<Dialog/>".to_owned(),
            "Parameter Missing",
            "requestedAction",
        ),
        (body("JUMP", ""), "Invalid Input", "requestedAction"),
        (body("MAKE_CALL", ""), "Invalid Input", "requestedAction"),
        (
            "<Dialog><requestedAction>ANSWER</requestedAction></Dialog>".to_owned(),
            "Parameter Missing",
            "targetMediaAddress",
        ),
        (body("CONSULT_CALL", ""), "Parameter Missing", "toAddress"),
        (
            body("CONSULT_CALL", &own),
            "Invalid Destination",
            "toAddress",
        ),
        (
            body("TRANSFER_SST", &own),
            "Invalid Destination",
            "toAddress",
        ),
        (body("SEND_DTMF", ""), "Parameter Missing", "dtmfString"),
        (
            body("SEND_DTMF", &param("dtmfString", "1x")),
            "Invalid Input",
            "dtmfString",
        ),
        (
            body("UPDATE_CALL_DATA", ""),
            "Parameter Missing",
            "mediaProperties",
        ),
        (
            body("UPDATE_CALL_DATA", &variable),
            "Invalid Input",
            "callVariable1",
        ),
        (
            body("RECLASSIFY", ""),
            "Parameter Missing",
            "outboundClassification",
        ),
        (
            body("UPDATE_SCHEDULED_CALLBACK", ""),
            "Parameter Missing",
            "callbackTime",
        ),
    ] {
        let answered = centre.ask("2001", "PUT", &path, &body).await;
        let expected = (400, kind.to_owned(), data.to_owned());
        assert_eq!(answered.refused(), expected, "{body}");
    }
}

#[tokio::test]
async fn nobody_acts_on_a_call_of_others() {
    let (centre, _wire) = offered().await;
    let answered = centre
        .ask(
            "2002",
            "PUT",
            &format!("Dialog/{CALL}"),
            &body("ANSWER", ""),
        )
        .await;
    assert_eq!(answered.status, 401, "{}", answered.body);
}

#[tokio::test]
async fn what_was_asked_for_and_done_carries_the_requests_id() {
    let (mut centre, mut wire) = talking().await;
    let answered = centre
        .ask("2001", "PUT", &format!("Dialog/{CALL}"), &body("HOLD", ""))
        .await;
    assert_eq!(answered.status, 202);
    let (invoke_id, _) = wire.asked().await;
    wire.say(HoldCallConf {
        invoke_id,
        ..HoldCallConf::default()
    });
    is_held(&wire, CALL, EXTENSION);
    let update = until(&mut centre, |update| {
        changed(update).is_some_and(|dialog| state_of(&dialog, EXTENSION) == "HELD")
    })
    .await;
    assert_eq!(update.request_id, "req-2001");
    assert_eq!(update.source, format!("/finesse/api/Dialog/{CALL}"));
    ends(&wire, CALL, EXTENSION);
    let update = until(&mut centre, |update| left(update).is_some()).await;
    assert_eq!(
        (update.source.as_str(), update.request_id.as_str()),
        (NODE, "")
    );
    let none = centre.get("2001", NODE).await;
    assert_eq!(none.body, "<Dialogs></Dialogs>");
    let gone = centre
        .get("2001", &format!("/finesse/api/Dialog/{CALL}"))
        .await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn recording_is_not_of_this_platform_and_says_so_later() {
    let (mut centre, _wire) = talking().await;
    let path = format!("Dialog/{CALL}");
    let answered = centre
        .ask("2001", "PUT", &path, &body("START_RECORDING", ""))
        .await;
    assert_eq!(answered.status, 202);
    let update = until(&mut centre, |update| failed(update).is_some()).await;
    assert_eq!(update.request_id, "req-2001");
    assert_eq!(failed(&update).unwrap().error_type, "Generic Error");
}

/// The variable with this name that a request sets.
fn set(request: &SetCallDataReq, name: &str) -> Option<String> {
    request.floats.all(Tag::NAMED_VARIABLE).find_map(|value| {
        let text = String::from_utf8_lossy(value).into_owned();
        let (found, rest) = text.split_once('\0')?;
        (found == name).then(|| rest.trim_end_matches('\0').to_owned())
    })
}

#[tokio::test]
async fn an_offer_of_a_campaign_is_answered_in_the_calls_data() {
    let (mut centre, mut wire) = staffed().await;
    let dialer = ConnectionDeviceIdType::DYNAMIC;
    begins(&wire, CALL, CallType::RESERVATION_PREVIEW, CALLER, dialer);
    rings(&wire, CALL, EXTENSION, CALLER, EXTENSION);
    is_answered(&wire, CALL, EXTENSION, CALLER, EXTENSION);
    until(&mut centre, |update| {
        came(update).or(changed(update)).is_some_and(|dialog| {
            dialog.media_properties.call_type == "OUTBOUND_PREVIEW"
                && state_of(&dialog, EXTENSION) == "ACTIVE"
        })
    })
    .await;
    let path = format!("Dialog/{CALL}");
    for (action, more, expected) in [
        ("ACCEPT", String::new(), Some("Accept")),
        ("REJECT", String::new(), None),
        ("CLOSE", String::new(), None),
        ("RECLASSIFY", param("outboundClassification", "BUSY"), None),
        (
            "UPDATE_SCHEDULED_CALLBACK",
            param("callbackTime", "2030-03-07T14:30"),
            None,
        ),
        ("CANCEL_SCHEDULED_CALLBACK", String::new(), None),
    ] {
        let answered = centre.ask("2001", "PUT", &path, &body(action, &more)).await;
        assert_eq!(answered.status, 202, "{action}: {}", answered.body);
        let (invoke_id, message) = wire.asked().await;
        let Message::SetCallDataReq(request) = message else {
            panic!("{action}: {message:?}");
        };
        assert_eq!(request.connection_call_id, CALL);
        let answer = set(&request, "BAResponse").expect(action);
        assert!(!answer.is_empty(), "{action}");
        if let Some(expected) = expected {
            assert_eq!(answer, expected, "{action}");
        }
        wire.refuse(invoke_id, ControlFailure::GENERIC_OPERATION);
        let update = until(&mut centre, |update| failed(update).is_some()).await;
        assert_eq!(failed(&update).unwrap().error_type, "Generic Error");
    }
}
