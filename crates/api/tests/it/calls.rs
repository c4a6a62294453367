//! Calls, queues and teams as they stand on the wire, letter for letter; the bodies that ask something of a call.

use tact_api::*;

fn party(address: &str, kind: &str, actions: &[&str]) -> Participant {
    Participant {
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        media_address: address.to_owned(),
        media_address_type: kind.to_owned(),
        start_time: Some(1_366_756_802_163),
        state: "ACTIVE".to_owned(),
        state_cause: String::new(),
        state_change_time: Some(1_366_756_808_374),
    }
}

/// A caller and the agent whom the queue chose.
fn routed() -> Dialog {
    Dialog {
        from_address: "5550123".to_owned(),
        id: "16777217".to_owned(),
        media_properties: MediaProperties {
            dnis: "8001".to_owned(),
            call_key_call_id: Some(217),
            call_key_prefix: Some(152_018),
            call_key_sequence: Some(1),
            call_type: "PREROUTE_ACD_IN".to_owned(),
            call_variables: vec![
                CallVariable {
                    name: "callVariable1".to_owned(),
                    value: "Gold & <old>".to_owned(),
                },
                CallVariable {
                    name: "user.order[2]".to_owned(),
                    value: String::new(),
                },
            ],
            dialed_number: "8001".to_owned(),
            media_id: 1,
            outbound_classification: String::new(),
            queue_name: "Sales".to_owned(),
            queue_number: Some(2),
            wrap_up_reason: String::new(),
        },
        media_type: "Voice".to_owned(),
        participants: vec![
            party("5550123", "", &[]),
            party("2003", "AGENT_DEVICE", &["HOLD", "DROP"]),
        ],
        state: "ACTIVE".to_owned(),
        to_address: "8001".to_owned(),
        ..Dialog::default()
    }
}

const ROUTED: &str = "<associatedDialogUri></associatedDialogUri><fromAddress>5550123</fromAddress>\
     <id>16777217</id><mediaProperties><DNIS>8001</DNIS><callKeyCallId>217</callKeyCallId>\
     <callKeyPrefix>152018</callKeyPrefix><callKeySequenceNum>1</callKeySequenceNum>\
     <callType>PREROUTE_ACD_IN</callType><dialedNumber>8001</dialedNumber><mediaId>1</mediaId>\
     <outboundClassification></outboundClassification><queueName>Sales</queueName><queueNumber>2</queueNumber>\
     <wrapUpReason></wrapUpReason><callvariables><CallVariable><name>callVariable1</name>\
     <value>Gold &amp; &lt;old&gt;</value></CallVariable><CallVariable><name>user.order[2]</name><value></value>\
     </CallVariable></callvariables></mediaProperties><mediaType>Voice</mediaType><participants>\
     <Participant><actions></actions><mediaAddress>5550123</mediaAddress><mediaAddressType></mediaAddressType>\
     <startTime>2013-04-23T22:40:02.163Z</startTime><state>ACTIVE</state><stateCause></stateCause>\
     <stateChangeTime>2013-04-23T22:40:08.374Z</stateChangeTime></Participant>\
     <Participant><actions><action>HOLD</action><action>DROP</action></actions>\
     <mediaAddress>2003</mediaAddress><mediaAddressType>AGENT_DEVICE</mediaAddressType>\
     <startTime>2013-04-23T22:40:02.163Z</startTime><state>ACTIVE</state><stateCause></stateCause>\
     <stateChangeTime>2013-04-23T22:40:08.374Z</stateChangeTime></Participant></participants>\
     <state>ACTIVE</state><toAddress>8001</toAddress><uri>/finesse/api/Dialog/16777217</uri>";

#[test]
fn a_call_that_came_is_in_a_list_with_capital_items() {
    let update = Update {
        data: Some(Data::Dialogs(Dialogs {
            dialogs: vec![routed()],
        })),
        event: Event::Post,
        request_id: "abc".to_owned(),
        source: Dialog::list_of("2001"),
    };
    assert_eq!(
        update.to_xml(),
        format!(
            "<Update><data><dialogs><Dialog>{ROUTED}</Dialog></dialogs></data><event>POST</event>\
             <requestId>abc</requestId><source>/finesse/api/User/2001/Dialogs</source></Update>"
        )
    );
}

#[test]
fn a_call_that_changed_has_a_small_root() {
    let update = Update {
        data: Some(Data::Dialog(routed())),
        event: Event::Put,
        request_id: String::new(),
        source: Dialog::uri_of("16777217"),
    };
    assert_eq!(
        update.to_xml(),
        format!(
            "<Update><data><dialog>{ROUTED}</dialog></data><event>PUT</event><requestId></requestId>\
             <source>/finesse/api/Dialog/16777217</source></Update>"
        )
    );
}

#[test]
fn what_only_some_calls_have_stands_in_its_place() {
    let dialog = Dialog {
        callback_number: Some("5550199".to_owned()),
        scheduled_callback: Some(ScheduledCallback {
            time: "2014-03-07T14:30".to_owned(),
            number: "5550198".to_owned(),
        }),
        secondary_id: Some("16777218".to_owned()),
        ..Dialog::default()
    };
    let xml = dialog.to_xml();
    assert!(xml.contains("<callbackNumber>5550199</callbackNumber><fromAddress>"));
    assert!(xml.contains(
        "</participants><scheduledCallbackInfo><callbackNumber>5550198</callbackNumber>\
         <callbackTime>2014-03-07T14:30</callbackTime></scheduledCallbackInfo>\
         <secondaryId>16777218</secondaryId><state>"
    ));
    assert!(xml.contains("<callKeyCallId></callKeyCallId>"), "{xml}");
    assert!(xml.contains("<queueNumber></queueNumber>"), "{xml}");
}

#[test]
fn the_json_of_a_call_has_arrays_for_its_lists() {
    let json: serde_json::Value = serde_json::from_str(&routed().to_json()).unwrap();
    let dialog = &json["Dialog"];
    assert_eq!(
        dialog["mediaProperties"]["callvariables"]["CallVariable"][0]["value"],
        "Gold & <old>"
    );
    let actions = &dialog["participants"]["Participant"][0]["actions"]["action"];
    assert_eq!(actions.as_array().map(Vec::len), Some(0));
}

#[test]
fn queues() {
    let idle = Queue {
        name: "Nobody".to_owned(),
        statistics: Some(QueueStatistics::default()),
        uri: Queue::uri_of(7),
    };
    assert_eq!(
        idle.to_xml(),
        "<Queue><name>Nobody</name><statistics><agentsBusyOther>-1</agentsBusyOther>\
         <agentsLoggedOn>-1</agentsLoggedOn><agentsNotReady>-1</agentsNotReady><agentsReady>-1</agentsReady>\
         <agentsTalkingInbound>-1</agentsTalkingInbound><agentsTalkingInternal>-1</agentsTalkingInternal>\
         <agentsTalkingOutbound>-1</agentsTalkingOutbound><agentsWrapUpNotReady>-1</agentsWrapUpNotReady>\
         <agentsWrapUpReady>-1</agentsWrapUpReady><callsInQueue>-1</callsInQueue>\
         <startTimeOfLongestCallInQueue></startTimeOfLongestCallInQueue></statistics>\
         <uri>/finesse/api/Queue/7</uri></Queue>"
    );
    let update = Update {
        data: Some(Data::Queue(idle)),
        event: Event::Put,
        request_id: String::new(),
        source: Queue::uri_of(7),
    };
    assert!(
        update
            .to_xml()
            .starts_with("<Update><data><Queue><name>Nobody")
    );
    let gone = Queue {
        uri: Queue::uri_of(7),
        ..Queue::default()
    };
    assert_eq!(
        gone.to_xml(),
        "<Queue><name></name><uri>/finesse/api/Queue/7</uri></Queue>"
    );
}

#[test]
fn a_team_with_its_members() {
    let member = UserSummary {
        dialogs: Dialog::list_of("2001"),
        extension: "2003".to_owned(),
        first_name: "Mickey".to_owned(),
        last_name: "Mouse".to_owned(),
        login_id: "2001".to_owned(),
        state: "READY".to_owned(),
        state_change_time: Some(1_366_756_808_374),
        uri: User::uri_of("2001"),
        ..UserSummary::default()
    };
    let team = Team {
        id: 5000,
        name: "Minnies_Team".to_owned(),
        users: Some(vec![member]),
    };
    assert_eq!(
        team.to_xml(),
        "<Team><id>5000</id><name>Minnies_Team</name><uri>/finesse/api/Team/5000</uri><users><User>\
         <dialogs>/finesse/api/User/2001/Dialogs</dialogs><extension>2003</extension>\
         <firstName>Mickey</firstName><lastName>Mouse</lastName><loginId>2001</loginId>\
         <pendingState></pendingState><state>READY</state>\
         <stateChangeTime>2013-04-23T22:40:08.374Z</stateChangeTime><uri>/finesse/api/User/2001</uri></User>\
         </users></Team>"
    );
}

#[test]
fn wrap_up_reasons() {
    let reasons = WrapUpReasons {
        reasons: vec![WrapUpReason {
            for_all: true,
            label: "Sold & paid".to_owned(),
            uri: "/finesse/api/User/2001/WrapUpReason/3".to_owned(),
        }],
    };
    assert_eq!(
        reasons.to_xml(),
        "<WrapUpReasons><WrapUpReason><forAll>true</forAll><label>Sold &amp; paid</label>\
         <uri>/finesse/api/User/2001/WrapUpReason/3</uri></WrapUpReason></WrapUpReasons>"
    );
}

fn asked(body: &str) -> DialogRequest {
    DialogRequest::from_xml(body.as_bytes()).unwrap()
}

#[test]
fn a_call_is_asked_for_with_its_variables() {
    let body = asked(
        "<?xml version=\"1.0\"?>\n<dialog>\n <requestedAction> MAKE_CALL </requestedAction>\n\
         <fromAddress>2003</fromAddress><toAddress>(555) 0100-#</toAddress><uri>x</uri>\n\
         <mediaProperties><callvariables>\n<CallVariable><name> callVariable1 </name><value> a  b </value>\
         </CallVariable><CallVariable><name>user.order[2]</name></CallVariable></callvariables>\
         </mediaProperties></dialog>",
    );
    assert_eq!(body.requested_action.as_deref(), Some("MAKE_CALL"));
    assert_eq!(body.to_address.as_deref(), Some("(555) 0100-#"));
    let data = body.media_properties.unwrap();
    let pairs: Vec<_> = data
        .call_variables
        .iter()
        .map(|variable| (variable.name.as_str(), variable.value.as_str()))
        .collect();
    assert_eq!(
        pairs,
        [("callVariable1", " a  b "), ("user.order[2]", "")],
        "a value goes through as it is"
    );
    assert_eq!(data.wrap_up_reason, None);
}

#[test]
fn an_empty_wrap_up_reason_takes_the_old_one_away() {
    let body = asked("<Dialog><mediaProperties><wrapUpReason/></mediaProperties></Dialog>");
    let reason = body.media_properties.unwrap().wrap_up_reason;
    assert_eq!(reason.as_deref(), Some(""));
}

#[test]
fn parameters_of_an_action_are_found_by_name() {
    let body = asked(
        "<Dialog><requestedAction>SEND_DTMF</requestedAction><targetMediaAddress>2003</targetMediaAddress>\
         <actionParams><ActionParam><name>other</name><value>1</value></ActionParam>\
         <ActionParam><name>dtmfString</name><value> 0*# </value></ActionParam></actionParams></Dialog>",
    );
    assert_eq!(body.action_param("dtmfString"), Some("0*#"));
    assert_eq!(body.action_param("callbackTime"), None);
    let empty = asked(
        "<Dialog><actionParams><ActionParam><name>dtmfString</name><value/></ActionParam></actionParams></Dialog>",
    );
    assert_eq!(empty.action_param("dtmfString"), None);
}

#[test]
fn a_request_may_be_json() {
    let body = DialogRequest::from_json(
        br#"{"requestedAction":"ANSWER","targetMediaAddress":2003,"actionParams":{"ActionParam":{"name":"a","value":1}}}"#,
    )
    .unwrap();
    assert_eq!(body.target_media_address.as_deref(), Some("2003"));
    assert_eq!(body.action_param("a"), Some("1"));
}
