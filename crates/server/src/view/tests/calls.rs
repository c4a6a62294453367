//! Calls and queues as documents and notifications, letter for letter.

use tact_api::Document as _;
use tact_desk::{
    CallAction, Change, Desk, Dialog, DialogAction, DialogState, Participant, PartyState, Publish,
    Queue, QueueStatistics, RouterCallKey, StateCause, Variable,
};
use tact_ged188::{CallType, ControlFailure, DeviceIdType};

use super::super::*;
use super::{configuration, system};

fn party(address: &str, agent: Option<&str>, actions: &[DialogAction]) -> Participant {
    Participant {
        address: address.to_owned(),
        kind: if agent.is_some() {
            DeviceIdType::AGENT_DEVICE
        } else {
            DeviceIdType::EXTERNAL
        },
        agent: agent.map(str::to_owned),
        state: PartyState::Active,
        cause: None,
        started: 1_366_756_802_163,
        changed: 1_366_756_808_374,
        actions: actions.to_vec(),
    }
}

/// A caller whom the queue gave to agent 2001.
fn routed() -> Dialog {
    let variable = |name: &str, value: &str| Variable {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    Dialog {
        id: 16_777_217,
        secondary_id: None,
        associated: None,
        call_type: CallType::PREROUTE_ACD_IN,
        from: "5550123".to_owned(),
        to: "8001".to_owned(),
        dialed_number: "8001".to_owned(),
        dnis: "8001".to_owned(),
        queue: Some((2, "Sales".to_owned())),
        router_call_key: Some(RouterCallKey {
            day: 152_018,
            call_id: 217,
            sequence: 0,
        }),
        variables: vec![
            variable("callVariable2", "Gold & <old>"),
            variable("user.order[2]", "A-17"),
        ],
        wrap_up: String::new(),
        state: DialogState::Active,
        participants: vec![
            party("5550123", None, &[]),
            party(
                "2003",
                Some("2001"),
                &[DialogAction::Hold, DialogAction::Drop],
            ),
        ],
    }
}

/// What the document of [`routed`] holds.
const ROUTED: &str = "<associatedDialogUri></associatedDialogUri><fromAddress>5550123</fromAddress>\
     <id>16777217</id><mediaProperties><DNIS>8001</DNIS><callKeyCallId>217</callKeyCallId>\
     <callKeyPrefix>152018</callKeyPrefix><callKeySequenceNum>0</callKeySequenceNum>\
     <callType>PREROUTE_ACD_IN</callType><dialedNumber>8001</dialedNumber><mediaId>1</mediaId>\
     <outboundClassification></outboundClassification><queueName>Sales</queueName><queueNumber>2</queueNumber>\
     <wrapUpReason></wrapUpReason><callvariables>\
     <CallVariable><name>callVariable1</name><value></value></CallVariable>\
     <CallVariable><name>callVariable2</name><value>Gold &amp; &lt;old&gt;</value></CallVariable>\
     <CallVariable><name>callVariable3</name><value></value></CallVariable>\
     <CallVariable><name>callVariable4</name><value></value></CallVariable>\
     <CallVariable><name>callVariable5</name><value></value></CallVariable>\
     <CallVariable><name>callVariable6</name><value></value></CallVariable>\
     <CallVariable><name>callVariable7</name><value></value></CallVariable>\
     <CallVariable><name>callVariable8</name><value></value></CallVariable>\
     <CallVariable><name>callVariable9</name><value></value></CallVariable>\
     <CallVariable><name>callVariable10</name><value></value></CallVariable>\
     <CallVariable><name>user.order[2]</name><value>A-17</value></CallVariable>\
     </callvariables></mediaProperties><mediaType>Voice</mediaType><participants>\
     <Participant><actions></actions><mediaAddress>5550123</mediaAddress><mediaAddressType></mediaAddressType>\
     <startTime>2013-04-23T22:40:02.163Z</startTime><state>ACTIVE</state><stateCause></stateCause>\
     <stateChangeTime>2013-04-23T22:40:08.374Z</stateChangeTime></Participant>\
     <Participant><actions><action>HOLD</action><action>DROP</action></actions><mediaAddress>2003</mediaAddress>\
     <mediaAddressType>AGENT_DEVICE</mediaAddressType><startTime>2013-04-23T22:40:02.163Z</startTime>\
     <state>ACTIVE</state><stateCause></stateCause><stateChangeTime>2013-04-23T22:40:08.374Z</stateChangeTime>\
     </Participant></participants><state>ACTIVE</state><toAddress>8001</toAddress>\
     <uri>/finesse/api/Dialog/16777217</uri>";

/// The one notification that goes out.
fn published(publish: &Publish) -> (String, String) {
    let desk = Desk::new(tact_desk::Config::default());
    let mut out = super::super::publish(&desk, publish, &configuration(), &system(), 0);
    assert_eq!(out.len(), 1);
    let (node, update) = out.remove(0);
    (node, update.to_xml())
}

#[test]
fn a_call_that_comes_and_one_that_goes() {
    for (event, word) in [(Change::Post, "POST"), (Change::Delete, "DELETE")] {
        let (node, update) = published(&Publish::Dialogs {
            agent: "2001".to_owned(),
            event,
            dialog: routed(),
            request_id: None,
        });
        assert_eq!(node, "/finesse/api/User/2001/Dialogs");
        assert_eq!(
            update,
            format!(
                "<Update><data><dialogs><Dialog>{ROUTED}</Dialog></dialogs></data><event>{word}</event>\
                 <requestId></requestId><source>/finesse/api/User/2001/Dialogs</source></Update>"
            )
        );
    }
}

#[test]
fn a_call_that_changes_is_told_on_the_agents_node_from_its_own_uri() {
    let (node, update) = published(&Publish::Dialog {
        agent: "2001".to_owned(),
        dialog: routed(),
        request_id: Some("r-1".to_owned()),
    });
    assert_eq!(node, "/finesse/api/User/2001/Dialogs");
    assert_eq!(
        update,
        format!(
            "<Update><data><dialog>{ROUTED}</dialog></data><event>PUT</event><requestId>r-1</requestId>\
             <source>/finesse/api/Dialog/16777217</source></Update>"
        )
    );
}

#[test]
fn a_refused_action_is_told_where_the_call_is() {
    let refused = |dialog, action| {
        published(&Publish::DialogError {
            agent: "2001".to_owned(),
            dialog,
            request_id: Some("r-1".to_owned()),
            failure: ControlFailure::RESOURCE_OUT_OF_SERVICE,
            peripheral_error: 0,
            action,
        })
    };
    let (node, update) = refused(
        Some(16_777_217),
        CallAction::Hold {
            dialog: 16_777_217,
            address: "2003".to_owned(),
        },
    );
    assert_eq!(node, "/finesse/api/User/2001/Dialogs");
    assert_eq!(
        update,
        "<Update><data><apiErrors><apiError><errorData>34</errorData>\
         <errorMessage>CF_RESOURCE_OUT_OF_SERVICE</errorMessage>\
         <errorType>Call Operation Failure</errorType></apiError></apiErrors></data><event>PUT</event>\
         <requestId>r-1</requestId><source>/finesse/api/Dialog/16777217</source></Update>"
    );
    let make = CallAction::Make {
        from: "2003".to_owned(),
        to: "1".to_owned(),
        variables: Vec::new(),
    };
    let (_, update) = refused(None, make);
    assert!(
        update.ends_with("<source>/finesse/api/User/2001/Dialogs</source></Update>"),
        "{update}"
    );
}

#[test]
fn refusals_of_calls_have_the_types_that_desktops_know() {
    let (dialog, address) = (1, String::new);
    let hold = CallAction::Hold {
        dialog,
        address: address(),
    };
    let conference = CallAction::Conference {
        dialog,
        address: address(),
    };
    let consult = CallAction::Consult {
        dialog,
        address: address(),
        to: String::new(),
    };
    let monitor = CallAction::Monitor {
        from: String::new(),
        to: String::new(),
    };
    let data = CallAction::UpdateCallData {
        dialog,
        address: None,
        variables: Vec::new(),
        wrap_up: None,
    };
    let recording = CallAction::Unsupported {
        dialog,
        address: address(),
        action: DialogAction::StartRecording,
    };
    for (failure, action, kind) in [
        (ControlFailure::INVALID_OBJECT_STATE, &hold, "Invalid State"),
        (
            ControlFailure::INVALID_OBJECT_STATE,
            &consult,
            "Generic Error",
        ),
        (
            ControlFailure::INVALID_OBJECT_STATE,
            &monitor,
            "Invalid State",
        ),
        (
            ControlFailure::CONFERENCE_MEMBER_LIMIT_EXCEEDED,
            &conference,
            "Call Operation Failure",
        ),
        (
            ControlFailure::GENERIC_UNSPECIFIED,
            &recording,
            "Generic Error",
        ),
        (
            ControlFailure::INVALID_CSTA_CONNECTION_IDENTIFIER,
            &hold,
            "Call Operation Failure",
        ),
        (ControlFailure::VALUE_OUT_OF_RANGE, &data, "Invalid Input"),
        (
            ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE,
            &data,
            "Call Variable is protected",
        ),
        (
            ControlFailure::PRIVILEGE_VIOLATION_ON_SPECIFIED_DEVICE,
            &hold,
            "Call Operation Failure",
        ),
    ] {
        let errors = call_failure(failure, 0, action).errors;
        assert_eq!(errors[0].error_type, kind, "{failure} {action:?}");
        assert_eq!(errors[0].data, failure.0.to_string());
    }
    let errors = call_failure(ControlFailure::INVALID_OBJECT_STATE, 20_999, &conference).errors;
    assert_eq!(
        (errors[0].error_type.as_str(), errors[0].data.as_str()),
        ("Generic Error", "20999")
    );
    assert!(
        errors[0]
            .message
            .starts_with("<ConferenceCallCommand>: Conference failed")
    );
}

#[test]
fn what_belongs_together_is_linked() {
    let document = dialog(&Dialog {
        associated: Some(7),
        secondary_id: Some(8),
        queue: None,
        router_call_key: None,
        ..routed()
    });
    assert_eq!(document.associated_dialog_uri, "/finesse/api/Dialog/7");
    assert_eq!(document.secondary_id.as_deref(), Some("8"));
    let media = document.media_properties;
    assert_eq!((media.queue_number, media.queue_name.as_str()), (None, ""));
    assert_eq!(media.call_key_call_id, None);
}

#[test]
fn a_campaigns_call_shows_how_it_was_classified() {
    for (response, shown) in [("ANS_MACHINE", "ANS_MACHINE"), ("Accept", ""), ("", "")] {
        let call = Dialog {
            call_type: CallType::CUSTOMER_PREVIEW,
            variables: vec![Variable {
                name: "BAResponse".to_owned(),
                value: response.to_owned(),
            }],
            ..routed()
        };
        let media = dialog(&call).media_properties;
        assert_eq!(media.call_type, "OUTBOUND");
        assert_eq!(media.outbound_classification, shown);
    }
}

#[test]
fn a_direct_preview_shows_the_customers_number() {
    let variable = Variable {
        name: "BACustomerNumber".to_owned(),
        value: "5550177".to_owned(),
    };
    let call = Dialog {
        call_type: CallType::RESERVATION_PREVIEW_DIRECT,
        variables: vec![variable],
        ..routed()
    };
    assert_eq!(dialog(&call).callback_number.as_deref(), Some("5550177"));
    let inbound = Dialog {
        call_type: CallType::PREROUTE_ACD_IN,
        ..call
    };
    assert_eq!(dialog(&inbound).callback_number, None);
}

#[test]
fn states_and_causes_have_the_words_of_documents() {
    let parties = [
        (PartyState::Initiating, "INITIATING"),
        (PartyState::Initiated, "INITIATED"),
        (PartyState::Alerting, "ALERTING"),
        (PartyState::Active, "ACTIVE"),
        (PartyState::Held, "HELD"),
        (PartyState::Failed, "FAILED"),
        (PartyState::Dropped, "DROPPED"),
        (PartyState::WrapUp, "WRAP_UP"),
        (PartyState::Accepted, "ACCEPTED"),
    ];
    for (state, word) in parties {
        let party = Participant {
            state,
            ..party("2003", Some("2001"), &[])
        };
        let shown = dialog(&Dialog {
            participants: vec![party],
            ..routed()
        });
        assert_eq!(shown.participants[0].state, word);
    }
    for (state, word) in [
        (DialogState::Initiating, "INITIATING"),
        (DialogState::Initiated, "INITIATED"),
        (DialogState::Alerting, "ALERTING"),
        (DialogState::Active, "ACTIVE"),
        (DialogState::Failed, "FAILED"),
        (DialogState::Dropped, "DROPPED"),
        (DialogState::Accepted, "ACCEPTED"),
    ] {
        assert_eq!(dialog(&Dialog { state, ..routed() }).state, word);
    }
    for (cause, word) in [
        (StateCause::Busy, "BUSY"),
        (StateCause::BadDestination, "BAD_DESTINATION"),
        (StateCause::Other, "OTHER"),
        (
            StateCause::DeviceResourceNotAvailable,
            "DEVICE_RESOURCE_NOT_AVAILABLE",
        ),
    ] {
        let party = Participant {
            cause: Some(cause),
            ..party("2003", Some("2001"), &[])
        };
        let shown = dialog(&Dialog {
            participants: vec![party],
            ..routed()
        });
        assert_eq!(shown.participants[0].state_cause, word);
    }
}

#[test]
fn types_of_calls_have_the_words_of_documents() {
    for (call_type, word) in [
        (CallType::TRANSFER_IN, "TRANSFER"),
        (CallType::ASSIST, "ASSIST_CALL"),
        (CallType::CONSULT_OFFERRED, "CONSULT_OFFERED"),
        (CallType::SUPERVISOR_MONITOR, "SUPERVISOR_MONITOR"),
        (CallType::RESERVATION_PREVIEW, "OUTBOUND_PREVIEW"),
        (CallType::CUSTOMER_PREVIEW, "OUTBOUND"),
        (CallType(4711), ""),
    ] {
        assert_eq!(call_type_name(call_type), word);
    }
    // Every type of voice calls has one; tasks of other media and greetings have none.
    let without: Vec<CallType> = CallType::ALL
        .iter()
        .copied()
        .filter(|call_type| call_type_name(*call_type).is_empty())
        .collect();
    assert_eq!(
        without,
        [
            CallType::TASK_ROUTED_BY_ICM,
            CallType::TASK_ROUTED_BY_APPLICATION,
            CallType::PLAY_AGENT_GREETING,
            CallType::RECORD_AGENT_GREETING,
        ]
    );
}

#[test]
fn only_agents_have_devices_of_agents() {
    for (kind, agent, expected) in [
        (DeviceIdType::AGENT_DEVICE, None, "AGENT_DEVICE"),
        (
            DeviceIdType::DEVICE_IDENTIFIER,
            Some("2001"),
            "AGENT_DEVICE",
        ),
        (DeviceIdType::DEVICE_IDENTIFIER, None, ""),
        (DeviceIdType::EXTERNAL, None, ""),
        (DeviceIdType::ROUTE_POINT, None, "ROUTE_POINT"),
        (DeviceIdType::NONE, None, ""),
    ] {
        let party = Participant {
            kind,
            agent: agent.map(str::to_owned),
            ..party("2003", None, &[])
        };
        let shown = dialog(&Dialog {
            participants: vec![party],
            ..routed()
        });
        assert_eq!(shown.participants[0].media_address_type, expected);
    }
}

#[test]
fn a_queue_and_one_of_which_nothing_is_known() {
    let sales = Queue {
        number: 2,
        id: 5002,
        name: "Sales".to_owned(),
        statistics: Some(QueueStatistics {
            calls_in_queue: 3,
            longest_since: Some(1_366_756_802_163),
            agents_ready: 1,
            agents_not_ready: 2,
            agents_busy_other: 3,
            agents_logged_on: 15,
            agents_talking_inbound: 4,
            agents_talking_outbound: 5,
            agents_talking_internal: 6,
            agents_work_not_ready: 7,
            agents_work_ready: 8,
        }),
    };
    use tact_api::Document as _;
    assert_eq!(
        queue(&sales).to_xml(),
        "<Queue><name>Sales</name><statistics><agentsBusyOther>3</agentsBusyOther>\
         <agentsLoggedOn>15</agentsLoggedOn><agentsNotReady>2</agentsNotReady><agentsReady>1</agentsReady>\
         <agentsTalkingInbound>4</agentsTalkingInbound><agentsTalkingInternal>6</agentsTalkingInternal>\
         <agentsTalkingOutbound>5</agentsTalkingOutbound><agentsWrapUpNotReady>7</agentsWrapUpNotReady>\
         <agentsWrapUpReady>8</agentsWrapUpReady><callsInQueue>3</callsInQueue>\
         <startTimeOfLongestCallInQueue>2013-04-23T22:40:02.163Z</startTimeOfLongestCallInQueue></statistics>\
         <uri>/finesse/api/Queue/2</uri></Queue>"
    );
    let unknown = queue(&Queue {
        statistics: None,
        ..sales
    });
    let statistics = unknown.statistics.unwrap();
    assert_eq!(
        (statistics.calls_in_queue, statistics.agents_ready),
        (-1, -1)
    );
}

#[test]
fn a_queue_that_is_gone_is_deleted() {
    let (node, update) = published(&Publish::Queue { number: 7 });
    assert_eq!(node, "/finesse/api/Queue/7");
    assert_eq!(
        update,
        "<Update><data><Queue><name></name><uri>/finesse/api/Queue/7</uri></Queue></data>\
         <event>DELETE</event><requestId></requestId><source>/finesse/api/Queue/7</source></Update>"
    );
}
