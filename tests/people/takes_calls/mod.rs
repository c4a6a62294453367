//! Agents take, make and pass on calls: one golden trace for each call flow (acd-and-telephony 3.5).
//!
//! A trace under `testdata/flows/` shows what each side sees of one run: the CTI messages to the byte, the updates on each
//! agent's channel, and what REST reads after each step. `UPDATE_GOLDEN=1` writes them anew; read the difference.

mod cti_tap;
mod stage;
mod xmpp_tap;

use stage::{Stage, Wait};

use crate::server::Server;

const FIRST: (&str, &str) = ("2001", "2003");
const SECOND: (&str, &str) = ("2002", "3002");
const SUPERVISOR: (&str, &str) = ("2100", "3100");

/// Somebody outside calls a number of the centre.
fn caller_dials(server: &Server, number: &str) -> String {
    let body = format!(
        "{{\"from\":\"5551234\",\"to\":\"{number}\",\"variables\":{{\"callVariable1\":\"gold\"}}}}"
    );
    let headers = ["Content-Type: application/json"];
    let answer = server.request("POST", "/tact/demo/calls", Some("2100"), &headers, &body);
    assert_eq!(answer.status, 202, "{answer:?}");
    format!("a caller at 5551234 dials {number}")
}

/// The body of a request about the requester's own part.
fn act(action: &str, address: &str) -> String {
    format!(
        "<Dialog><requestedAction>{action}</requestedAction><targetMediaAddress>{address}</targetMediaAddress></Dialog>"
    )
}

/// The same with a number to call.
fn act_to(action: &str, address: &str, to: &str) -> String {
    format!(
        "<Dialog><requestedAction>{action}</requestedAction><targetMediaAddress>{address}</targetMediaAddress>\
         <toAddress>{to}</toAddress></Dialog>"
    )
}

fn make_call(from: &str, to: &str) -> String {
    format!(
        "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>{from}</fromAddress>\
         <toAddress>{to}</toAddress></Dialog>"
    )
}

/// A routed call that rings at the first agent; returns its id.
fn rings(stage: &mut Stage) -> String {
    stage.step(
        "a call is routed and rings",
        |server| caller_dials(server, "8000"),
        &[
            Wait::Update("2001", &["<event>POST</event>", "<state>ALERTING</state>"]),
            Wait::Cti("CALL_DELIVERED_EVENT"),
        ],
    );
    let ids = Stage::dialog_ids(&stage.server, "2001");
    assert_eq!(ids.len(), 1, "{ids:?}");
    ids[0].clone()
}

/// The same, answered.
fn talks(stage: &mut Stage) -> String {
    let id = rings(stage);
    let dialog = id.clone();
    stage.step(
        "the agent answers",
        move |server| Stage::dialog(server, "2001", &dialog, &act("ANSWER", "2003")),
        &[
            Wait::Update("2001", &["<dialog>", "<requestId>2001-ANSWER</requestId>"]),
            Wait::Update("2001", &["<state>TALKING</state>"]),
        ],
    );
    id
}

fn drops(stage: &mut Stage, agent: &'static str, address: &str, dialog: &str) {
    let body = act("DROP", address);
    let dialog = dialog.to_owned();
    stage.step(
        "the agent hangs up",
        move |server| Stage::dialog(server, agent, &dialog, &body),
        &[Wait::Update(agent, &["<event>DELETE</event>"])],
    );
}

#[test]
fn that_are_routed_to_them() {
    let mut stage = Stage::open("routed inbound, the agent hangs up", &[FIRST], &[]);
    let id = talks(&mut stage);
    drops(&mut stage, "2001", "2003", &id);
    stage.close("routed_inbound");
}

#[test]
fn and_hold_and_retrieve_them() {
    let mut stage = Stage::open("hold and retrieve", &[FIRST], &[]);
    let id = talks(&mut stage);
    for (action, state) in [("HOLD", "HOLD"), ("RETRIEVE", "TALKING")] {
        let dialog = id.clone();
        let request = format!("<requestId>2001-{action}</requestId>");
        let state = format!("<state>{state}</state>");
        stage.step(
            &format!("the agent's {action}"),
            move |server| Stage::dialog(server, "2001", &dialog, &act(action, "2003")),
            &[
                Wait::Update("2001", &["<dialog>", &request]),
                Wait::Update("2001", &["<user>", &state]),
            ],
        );
    }
    drops(&mut stage, "2001", "2003", &id);
    stage.close("hold_retrieve");
}

/// The first agent calls the second, who answers: the new dialog's id.
fn consults(stage: &mut Stage, dialog: &str) -> String {
    let (original, body) = (dialog.to_owned(), act_to("CONSULT_CALL", "2003", "3002"));
    stage.step(
        "the agent consults a colleague",
        move |server| Stage::dialog(server, "2001", &original, &body),
        &[
            Wait::Update("2001", &["<requestId>2001-CONSULT_CALL</requestId>"]),
            Wait::Update("2002", &["<event>POST</event>", "<state>ALERTING</state>"]),
        ],
    );
    let ids = Stage::dialog_ids(&stage.server, "2002");
    assert_eq!(ids.len(), 1, "{ids:?}");
    let consult = ids[0].clone();
    let answered = consult.clone();
    stage.step(
        "the colleague answers",
        move |server| Stage::dialog(server, "2002", &answered, &act("ANSWER", "3002")),
        &[
            Wait::Update("2002", &["<dialog>", "<requestId>2002-ANSWER</requestId>"]),
            Wait::Update("2002", &["<user>", "<state>TALKING</state>"]),
        ],
    );
    consult
}

#[test]
fn and_transfer_them_after_consulting() {
    let mut stage = Stage::open("consult, completed by transfer", &[FIRST, SECOND], &[]);
    let id = talks(&mut stage);
    consults(&mut stage, &id);
    let held = id.clone();
    stage.step(
        "the agent transfers",
        move |server| Stage::dialog(server, "2001", &held, &act("TRANSFER", "2003")),
        &[
            Wait::Update(
                "2001",
                &[
                    "<event>DELETE</event>",
                    "<requestId>2001-TRANSFER</requestId>",
                ],
            ),
            Wait::Update("2002", &["<event>POST</event>"]),
            Wait::Cti("CALL_TRANSFERRED_EVENT"),
        ],
    );
    drops(&mut stage, "2002", "3002", &id);
    stage.close("consult_transfer");
}

#[test]
fn and_confer_with_a_colleague() {
    let mut stage = Stage::open("consult, completed by conference", &[FIRST, SECOND], &[]);
    let id = talks(&mut stage);
    consults(&mut stage, &id);
    let held = id.clone();
    stage.step(
        "the agent joins them",
        move |server| Stage::dialog(server, "2001", &held, &act("CONFERENCE", "2003")),
        &[
            Wait::Update("2001", &["<requestId>2001-CONFERENCE</requestId>"]),
            Wait::Cti("CALL_CONFERENCED_EVENT"),
        ],
    );
    drops(&mut stage, "2001", "2003", &id);
    drops(&mut stage, "2002", "3002", &id);
    stage.close("consult_conference");
}

#[test]
fn and_pass_them_on_without_asking() {
    let mut stage = Stage::open("single-step transfer", &[FIRST, SECOND], &[]);
    let id = talks(&mut stage);
    let dialog = id.clone();
    stage.step(
        "the agent transfers at once",
        move |server| {
            Stage::dialog(
                server,
                "2001",
                &dialog,
                &act_to("TRANSFER_SST", "2003", "3002"),
            )
        },
        &[
            Wait::Update("2001", &["<event>DELETE</event>"]),
            Wait::Update("2002", &["<event>POST</event>", "<state>ALERTING</state>"]),
        ],
    );
    let dialog = id.clone();
    stage.step(
        "the colleague answers",
        move |server| Stage::dialog(server, "2002", &dialog, &act("ANSWER", "3002")),
        &[Wait::Update("2002", &["<user>", "<state>TALKING</state>"])],
    );
    drops(&mut stage, "2002", "3002", &id);
    stage.close("single_step_transfer");
}

#[test]
fn from_each_other() {
    let mut stage = Stage::open("agent calls agent", &[FIRST, SECOND], &[]);
    stage.step(
        "the first agent calls the second",
        |server| Stage::new_dialog(server, "2001", &make_call("2003", "3002")),
        &[
            Wait::Update("2001", &["<requestId>2001-MAKE_CALL</requestId>"]),
            Wait::Update("2002", &["<event>POST</event>", "<state>ALERTING</state>"]),
        ],
    );
    let id = Stage::dialog_ids(&stage.server, "2002")[0].clone();
    let dialog = id.clone();
    stage.step(
        "the second answers",
        move |server| Stage::dialog(server, "2002", &dialog, &act("ANSWER", "3002")),
        &[
            Wait::Update("2001", &["<user>", "<state>TALKING</state>"]),
            Wait::Update("2002", &["<user>", "<state>TALKING</state>"]),
        ],
    );
    drops(&mut stage, "2001", "2003", &id);
    stage.close("agent_to_agent");
}

#[test]
fn to_numbers_outside() {
    let mut stage = Stage::open("outbound: answered, busy, invalid", &[FIRST], &[]);
    let sign = [
        ("5551235", "ACTIVE", "an outside number answers"),
        ("5550000", "FAILED", "an outside number is busy"),
        ("5558888", "FAILED", "an outside number does not exist"),
    ];
    for (number, state, what) in sign {
        let state = format!("<state>{state}</state>");
        let body = make_call("2003", number);
        stage.step(
            what,
            move |server| Stage::new_dialog(server, "2001", &body),
            &[Wait::Update("2001", &["<dialog>", &state])],
        );
        let id = Stage::dialog_ids(&stage.server, "2001")[0].clone();
        drops(&mut stage, "2001", "2003", &id);
    }
    stage.close("outbound");
}

/// A campaign offers a contact to the first agent, who looks at it; the reservation's id.
fn looks_at(stage: &mut Stage, number: &'static str) -> String {
    let offers = move |server: &Server| {
        let body = format!(
            "{{\"preview\":{{\"queue\":2,\"to\":\"{number}\",\"campaign\":\"Renewals\",\"name\":\"Okafor, Amara\",\
             \"account\":\"C-10231\",\"variables\":{{\"callVariable1\":\"gold\"}}}}}}"
        );
        let headers = ["Content-Type: application/json"];
        let answer = server.request("POST", "/tact/demo/calls", Some("2100"), &headers, &body);
        assert_eq!(answer.status, 202, "{answer:?}");
        format!("a campaign offers {number}")
    };
    stage.step(
        "a contact is offered",
        offers,
        &[
            Wait::Update(
                "2001",
                &[
                    "<event>PUT</event>",
                    "OUTBOUND_PREVIEW",
                    "<action>ACCEPT</action>",
                ],
            ),
            Wait::Update("2001", &["<state>RESERVED_OUTBOUND_PREVIEW</state>"]),
        ],
    );
    Stage::dialog_ids(&stage.server, "2001")[0].clone()
}

fn answers(stage: &mut Stage, dialog: &str, action: &'static str, waits: &[Wait<'_>]) {
    let dialog = dialog.to_owned();
    stage.step(
        &format!("the agent's {action}"),
        move |server| Stage::dialog(server, "2001", &dialog, &act(action, "2003")),
        waits,
    );
}

#[test]
fn to_customers_whom_a_campaign_wants_called() {
    let mut stage = Stage::open(
        "outbound preview: skipped, accepted and classified, busy, closed",
        &[FIRST],
        &[],
    );
    let gone = [
        Wait::Update("2001", &["<event>DELETE</event>"]),
        Wait::Update("2001", &["<user>", "<state>READY</state>"]),
    ];
    let id = looks_at(&mut stage, "5551240");
    answers(&mut stage, &id, "REJECT", &gone);
    let id = looks_at(&mut stage, "5551241");
    let talks = [
        Wait::Update("2001", &["ACCEPTED", "<requestId>2001-ACCEPT</requestId>"]),
        Wait::Update("2001", &["<event>DELETE</event>"]),
        Wait::Update("2001", &["<user>", "<state>TALKING</state>"]),
        Wait::Update("2001", &["<dialog>", "<action>RECLASSIFY</action>"]),
    ];
    answers(&mut stage, &id, "ACCEPT", &talks);
    let id = Stage::dialog_ids(&stage.server, "2001")[0].clone();
    let dialog = id.clone();
    let machine = "<Dialog><requestedAction>RECLASSIFY</requestedAction><targetMediaAddress>2003</targetMediaAddress>\
                   <actionParams><ActionParam><name>outboundClassification</name><value>ANS_MACHINE</value></ActionParam>\
                   </actionParams></Dialog>";
    let classified = [
        "<requestId>2001-RECLASSIFY</requestId>",
        "<outboundClassification>ANS_MACHINE</outboundClassification>",
    ];
    stage.step(
        "the agent heard a machine",
        move |server| Stage::dialog(server, "2001", &dialog, machine),
        &[Wait::Update("2001", &classified)],
    );
    drops(&mut stage, "2001", "2003", &id);
    let id = looks_at(&mut stage, "5550000");
    let busy = [
        Wait::Update("2001", &["<stateCause>BUSY</stateCause>"]),
        Wait::Update("2001", &["<user>", "<state>READY</state>"]),
    ];
    answers(&mut stage, &id, "ACCEPT", &busy);
    let id = looks_at(&mut stage, "5551242");
    answers(&mut stage, &id, "CLOSE", &gone);
    stage.close("outbound_preview");
}

#[test]
fn and_send_tones_and_call_data() {
    let mut stage = Stage::open("DTMF and call data", &[FIRST], &[]);
    let id = talks(&mut stage);
    let dialog = id.clone();
    let tones = "<Dialog><requestedAction>SEND_DTMF</requestedAction><targetMediaAddress>2003</targetMediaAddress>\
                 <actionParams><ActionParam><name>dtmfString</name><value>12#</value></ActionParam></actionParams></Dialog>";
    stage.step(
        "the agent sends tones",
        move |server| Stage::dialog(server, "2001", &dialog, tones),
        &[Wait::Update(
            "2001",
            &["<requestId>2001-SEND_DTMF</requestId>"],
        )],
    );
    let dialog = id.clone();
    let data = "<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction><targetMediaAddress>2003</targetMediaAddress>\
                <mediaProperties><wrapUpReason>Sales call</wrapUpReason><callvariables><CallVariable><name>callVariable3</name>\
                <value>bought</value></CallVariable></callvariables></mediaProperties></Dialog>";
    stage.step(
        "the agent notes what the call was about",
        move |server| Stage::dialog(server, "2001", &dialog, data),
        &[
            Wait::Update(
                "2001",
                &["<requestId>2001-UPDATE_CALL_DATA</requestId>", "bought"],
            ),
            Wait::Cti("CALL_DATA_UPDATE_EVENT"),
        ],
    );
    drops(&mut stage, "2001", "2003", &id);
    stage.close("dtmf_call_data");
}

#[test]
fn while_a_supervisor_listens_and_joins() {
    let mut stage = Stage::open("silent monitor and barge", &[FIRST, SUPERVISOR], &[]);
    let id = talks(&mut stage);
    let monitor = "<Dialog><requestedAction>SILENT_MONITOR</requestedAction><fromAddress>3100</fromAddress>\
                   <toAddress>2003</toAddress></Dialog>";
    stage.step(
        "the supervisor listens",
        move |server| Stage::new_dialog(server, "2100", monitor),
        &[
            Wait::Update("2100", &["<requestId>2100-SILENT_MONITOR</requestId>"]),
            Wait::Update("2100", &["<user>", "<state>TALKING</state>"]),
        ],
    );
    let monitored = Stage::dialog_ids(&stage.server, "2100")[0].clone();
    let barge = format!(
        "<Dialog><requestedAction>BARGE_CALL</requestedAction><fromAddress>3100</fromAddress><toAddress>2003</toAddress>\
         <associatedDialogUri>/finesse/api/Dialog/{monitored}</associatedDialogUri></Dialog>"
    );
    stage.step(
        "the supervisor joins",
        move |server| Stage::new_dialog(server, "2100", &barge),
        &[
            Wait::Update("2100", &["<requestId>2100-BARGE_CALL</requestId>"]),
            Wait::Cti("CALL_CONFERENCED_EVENT"),
        ],
    );
    drops(&mut stage, "2100", "3100", &id);
    drops(&mut stage, "2001", "2003", &id);
    stage.close("monitor_barge");
}

#[test]
fn and_one_rings_in_vain() {
    let mut stage = Stage::open(
        "ring no answer, requeued to a colleague",
        &[FIRST, SECOND],
        &[],
    );
    let id = rings(&mut stage);
    stage.step(
        "nobody answers until the call goes elsewhere",
        |_| "time passes".into(),
        &[
            Wait::Update("2001", &["<event>DELETE</event>"]),
            Wait::Update("2001", &["<user>", "<state>NOT_READY</state>"]),
            Wait::Update("2002", &["<event>POST</event>", "<state>ALERTING</state>"]),
        ],
    );
    let dialog = id.clone();
    stage.step(
        "the colleague answers",
        move |server| Stage::dialog(server, "2002", &dialog, &act("ANSWER", "3002")),
        &[Wait::Update("2002", &["<user>", "<state>TALKING</state>"])],
    );
    drops(&mut stage, "2002", "3002", &id);
    stage.close("ring_no_answer");
}
