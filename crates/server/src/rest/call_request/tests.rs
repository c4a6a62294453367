//! Every action with what it needs, what it lacks and what makes no sense in it.

use tact_api::Document as _;
use tact_desk::Variable;

use super::*;

const DIALOG: u32 = 16_777_217;

type Refused = (u16, String, String);

fn why(refusal: &Refusal) -> Refused {
    let error = &refusal.errors.errors[0];
    let status = refusal.status.as_u16();
    (status, error.error_type.clone(), error.data.clone())
}

fn body(inside: &str) -> DialogRequest {
    DialogRequest::from_xml(format!("<Dialog>{inside}</Dialog>").as_bytes()).unwrap()
}

fn on(inside: &str) -> Result<CallAction, Refused> {
    on_dialog(&body(inside), DIALOG).map_err(|refusal| why(&refusal))
}

fn new(inside: &str) -> Result<CallAction, Refused> {
    new_call(&body(inside)).map_err(|refusal| why(&refusal))
}

fn refused(kind: &str, data: &str) -> Result<CallAction, Refused> {
    Err((400, kind.to_owned(), data.to_owned()))
}

fn missing(element: &str) -> Result<CallAction, Refused> {
    refused("Parameter Missing", element)
}

fn no_input(element: &str) -> Result<CallAction, Refused> {
    refused("Invalid Input", element)
}

/// An action of extension 2003 with more elements behind it.
fn by_2003(action: &str, more: &str) -> Result<CallAction, Refused> {
    on(&format!(
        "<targetMediaAddress>2003</targetMediaAddress><requestedAction>{action}</requestedAction>{more}"
    ))
}

fn param(name: &str, value: &str) -> String {
    format!(
        "<actionParams><ActionParam><name>{name}</name><value>{value}</value></ActionParam></actionParams>"
    )
}

#[test]
fn actions_that_need_only_the_agents_extension() {
    let address = || "2003".to_owned();
    let dialog = DIALOG;
    for (word, expected) in [
        (
            "ANSWER",
            CallAction::Answer {
                dialog,
                address: address(),
            },
        ),
        (
            "HOLD",
            CallAction::Hold {
                dialog,
                address: address(),
            },
        ),
        (
            "RETRIEVE",
            CallAction::Retrieve {
                dialog,
                address: address(),
            },
        ),
        (
            "DROP",
            CallAction::Drop {
                dialog,
                address: address(),
            },
        ),
        (
            "TRANSFER",
            CallAction::Transfer {
                dialog,
                address: address(),
            },
        ),
        (
            "CONFERENCE",
            CallAction::Conference {
                dialog,
                address: address(),
            },
        ),
        (
            "PARTICIPANT_DROP",
            CallAction::DropParticipant {
                dialog,
                address: address(),
            },
        ),
        (
            "ACCEPT",
            CallAction::Accept {
                dialog,
                address: address(),
            },
        ),
        (
            "REJECT",
            CallAction::Reject {
                dialog,
                address: address(),
            },
        ),
        (
            "CLOSE",
            CallAction::Close {
                dialog,
                address: address(),
            },
        ),
        (
            "CANCEL_SCHEDULED_CALLBACK",
            CallAction::CancelCallback {
                dialog,
                address: address(),
            },
        ),
        (
            "START_RECORDING",
            CallAction::Unsupported {
                dialog,
                address: address(),
                action: DialogAction::StartRecording,
            },
        ),
    ] {
        assert_eq!(by_2003(word, ""), Ok(expected), "{word}");
        let nobody = on(&format!("<requestedAction>{word}</requestedAction>"));
        assert_eq!(nobody, missing("targetMediaAddress"), "{word}");
    }
}

#[test]
fn an_action_must_be_one_and_of_this_resource() {
    assert_eq!(on(""), missing("requestedAction"));
    assert_eq!(new(""), missing("requestedAction"));
    for word in ["hold", "RESUME", "x"] {
        assert_eq!(by_2003(word, ""), no_input("requestedAction"), "{word}");
    }
    for word in ["MAKE_CALL", "SILENT_MONITOR", "BARGE_CALL"] {
        assert_eq!(by_2003(word, ""), no_input("requestedAction"), "{word}");
    }
    for action in DialogAction::ALL {
        let made = new(&format!(
            "<requestedAction>{}</requestedAction>",
            action.name()
        ));
        let expected = if is_of_new_call(*action) {
            missing("fromAddress")
        } else {
            no_input("requestedAction")
        };
        assert_eq!(made, expected, "{action}");
    }
}

#[test]
fn a_consultation_and_a_single_step_transfer_need_a_destination() {
    for word in ["CONSULT_CALL", "TRANSFER_SST"] {
        assert_eq!(by_2003(word, ""), missing("toAddress"), "{word}");
        let own = by_2003(word, "<toAddress>2003</toAddress>");
        assert_eq!(own, refused("Invalid Destination", "toAddress"), "{word}");
        let long = format!("<toAddress>{}</toAddress>", "1".repeat(40));
        assert_eq!(by_2003(word, &long), no_input("toAddress"), "{word}");
        let foreign = by_2003(word, "<toAddress>é</toAddress>");
        assert_eq!(foreign, no_input("toAddress"), "{word}");
    }
    let (dialog, address) = (DIALOG, "2003".to_owned());
    assert_eq!(
        by_2003("CONSULT_CALL", "<toAddress>+1 (555) 01-00;x#</toAddress>"),
        Ok(CallAction::Consult {
            dialog,
            address: address.clone(),
            to: "+1 (555) 01-00;x#".to_owned()
        }),
        "any ASCII goes through unchanged"
    );
    assert_eq!(
        by_2003("TRANSFER_SST", "<toAddress>8001</toAddress>"),
        Ok(CallAction::TransferSst {
            dialog,
            address,
            to: "8001".to_owned()
        })
    );
}

#[test]
fn tones() {
    assert_eq!(by_2003("SEND_DTMF", ""), missing("dtmfString"));
    let other = by_2003("SEND_DTMF", &param("digits", "1"));
    assert_eq!(other, missing("dtmfString"));
    let expected = CallAction::SendDtmf {
        dialog: DIALOG,
        address: "2003".to_owned(),
        digits: "0189*#ABCD".to_owned(),
    };
    let sent = by_2003("SEND_DTMF", &param("dtmfString", "0189*#ABCD"));
    assert_eq!(sent, Ok(expected));
    for wrong in ["12E", "a", "1 2", "é", &"1".repeat(32)] {
        let answered = by_2003("SEND_DTMF", &param("dtmfString", wrong));
        assert_eq!(answered, no_input("dtmfString"), "{wrong}");
    }
}

#[test]
fn call_data() {
    let action = "<requestedAction>UPDATE_CALL_DATA</requestedAction>";
    assert_eq!(on(action), missing("mediaProperties"));
    let empty = on(&format!("{action}<mediaProperties/>"));
    assert_eq!(empty, missing("callvariables"));
    let expected = CallAction::UpdateCallData {
        dialog: DIALOG,
        address: None,
        variables: Vec::new(),
        wrap_up: Some("Order taken".to_owned()),
    };
    let reason = "<mediaProperties><wrapUpReason>Order taken</wrapUpReason></mediaProperties>";
    assert_eq!(
        on(&format!("{action}{reason}")),
        Ok(expected),
        "desktops leave the address out when they wrap up"
    );
    let long = format!(
        "{action}<mediaProperties><wrapUpReason>{}</wrapUpReason></mediaProperties>",
        "x".repeat(40)
    );
    assert_eq!(on(&long), no_input("wrapUpReason"));
    let one = "<mediaProperties><callvariables><CallVariable><name>callVariable3</name>\
               <value>a</value></CallVariable></callvariables></mediaProperties>";
    assert_eq!(
        by_2003("UPDATE_CALL_DATA", one),
        Ok(CallAction::UpdateCallData {
            dialog: DIALOG,
            address: Some("2003".to_owned()),
            variables: vec![Variable {
                name: "callVariable3".to_owned(),
                value: "a".to_owned()
            }],
            wrap_up: None,
        })
    );
    let wrong = one.replace("callVariable3", "BACampaign");
    let answered = by_2003("UPDATE_CALL_DATA", &wrong);
    assert_eq!(answered, no_input("BACampaign"));
}

#[test]
fn outbound_calls() {
    assert_eq!(by_2003("RECLASSIFY", ""), missing("outboundClassification"));
    let wrong = by_2003("RECLASSIFY", &param("outboundClassification", "voice"));
    assert_eq!(wrong, no_input("outboundClassification"));
    for word in CLASSIFICATIONS {
        let expected = CallAction::Reclassify {
            dialog: DIALOG,
            address: "2003".to_owned(),
            classification: word.to_owned(),
        };
        let answered = by_2003("RECLASSIFY", &param("outboundClassification", word));
        assert_eq!(answered, Ok(expected), "{word}");
    }
    let action = "UPDATE_SCHEDULED_CALLBACK";
    assert_eq!(by_2003(action, ""), missing("callbackTime"));
    for wrong in [
        "2014-03-07",
        "2014-02-30T10:00",
        "2014-03-07T25:00",
        "tomorrow",
    ] {
        let answered = by_2003(action, &param("callbackTime", wrong));
        assert_eq!(answered, no_input("callbackTime"), "{wrong}");
    }
    assert_eq!(
        by_2003(action, &param("callbackTime", "2014-03-07T14:30")),
        Ok(CallAction::ScheduleCallback {
            dialog: DIALOG,
            address: "2003".to_owned(),
            time: Some("2014-03-07T14:30".to_owned()),
            number: None,
        })
    );
    let number = by_2003(action, &param("callbackNumber", "5550100"));
    assert!(matches!(
        number,
        Ok(CallAction::ScheduleCallback { time: None, number: Some(number), .. }) if number == "5550100"
    ));
}

#[test]
fn making_a_call() {
    let action = "<requestedAction>MAKE_CALL</requestedAction>";
    let from = "<fromAddress>2003</fromAddress>";
    assert_eq!(new(action), missing("fromAddress"));
    assert_eq!(new(&format!("{action}{from}")), missing("toAddress"));
    let own = new(&format!("{action}{from}<toAddress> 2003 </toAddress>"));
    assert_eq!(own, refused("Invalid Destination", "toAddress"));
    let call = format!("{action}{from}<toAddress>5550100</toAddress>");
    let expected = |variables| CallAction::Make {
        from: "2003".to_owned(),
        to: "5550100".to_owned(),
        variables,
    };
    assert_eq!(new(&call), Ok(expected(Vec::new())));
    let with = format!(
        "{call}<mediaProperties><callvariables><CallVariable><name>user.a</name><value>1</value>\
         </CallVariable></callvariables></mediaProperties>"
    );
    let variable = Variable {
        name: "user.a".to_owned(),
        value: "1".to_owned(),
    };
    assert_eq!(new(&with), Ok(expected(vec![variable])));
    let answer = new(&with.replace("user.a", "BAResponse"));
    assert_eq!(answer, no_input("BAResponse"));
    let wrap_up = format!("{call}<mediaProperties><wrapUpReason/></mediaProperties>");
    assert_eq!(new(&wrap_up), no_input("wrapUpReason"));
}

#[test]
fn monitoring_and_barging_in() {
    let from_to = "<fromAddress>3100</fromAddress><toAddress>2003</toAddress>";
    let (from, to) = ("3100".to_owned(), "2003".to_owned());
    let monitor = format!("<requestedAction>SILENT_MONITOR</requestedAction>{from_to}");
    let expected = CallAction::Monitor {
        from: from.clone(),
        to: to.clone(),
    };
    assert_eq!(new(&monitor), Ok(expected));
    let barge = format!("<requestedAction>BARGE_CALL</requestedAction>{from_to}");
    assert_eq!(new(&barge), missing("associatedDialogUri"));
    for uri in [
        "/finesse/api/Dialog/16777219",
        "/finesse/api/Dialog/16777219/",
        "https://finesse1.example.com:8445/finesse/api/Dialog/16777219",
        "16777219",
    ] {
        let body = format!("{barge}<associatedDialogUri>{uri}</associatedDialogUri>");
        let expected = CallAction::Barge {
            from: from.clone(),
            to: to.clone(),
            dialog: 16_777_219,
        };
        assert_eq!(new(&body), Ok(expected), "{uri}");
    }
    for uri in ["/finesse/api/Dialog/", "x", "99999999999", "/1_2_3", "+1"] {
        let body = format!("{barge}<associatedDialogUri>{uri}</associatedDialogUri>");
        assert_eq!(new(&body), no_input("associatedDialogUri"), "{uri}");
    }
}

#[test]
fn the_log_holds_neither_digits_nor_variables() {
    let request = body(&format!(
        "<requestedAction>SEND_DTMF</requestedAction><targetMediaAddress>2003</targetMediaAddress>{}\
         <mediaProperties><wrapUpReason>secret</wrapUpReason></mediaProperties>",
        param("dtmfString", "4711")
    ));
    assert_eq!(
        parameters(&request),
        " requestedAction:SEND_DTMF targetMediaAddress:2003"
    );
}
