//! Agents take, make and pass on calls: one golden trace for each call flow (acd-and-telephony 3.5).
//!
//! A trace under `testdata/flows/` shows what each side sees of one run: the CTI messages to the byte, the updates on each
//! agent's channel, and what REST reads after each step. `UPDATE_GOLDEN=1` writes them anew; read the difference.

mod cti_tap;
mod goes_wrong;
mod stage;
mod xmpp_tap;

use stage::{Stage, Wait};

use crate::server::Server;

/// An agent and the extension.
type Person = (&'static str, &'static str);

const FIRST: Person = ("2001", "2003");
const SECOND: Person = ("2002", "3002");
const SUPERVISOR: Person = ("2100", "3100");

/// Somebody outside calls a number of the centre, and waits for ever or for so many seconds.
fn caller_dials(server: &Server, number: &str, patience_s: Option<u32>) -> String {
    let patience = patience_s.map_or(String::new(), |it| format!(",\"patience_s\":{it}"));
    let body = format!(
        "{{\"from\":\"5551234\",\"to\":\"{number}\",\"variables\":{{\"callVariable1\":\"gold\"}}{patience}}}"
    );
    let headers = ["Content-Type: application/json"];
    let answer = server.request("POST", "/tact/demo/calls", Some("2100"), &headers, &body);
    assert_eq!(answer.status, 202, "{answer:?}");
    format!("a caller at 5551234 dials {number}")
}

/// The body of a request about the requester's own part, with a number to call where there is one.
fn act(action: &str, address: &str, to: Option<&str>) -> String {
    let to = to.map_or(String::new(), |to| format!("<toAddress>{to}</toAddress>"));
    format!(
        "<Dialog><requestedAction>{action}</requestedAction><targetMediaAddress>{address}</targetMediaAddress>{to}</Dialog>"
    )
}

fn make_call(from: &str, to: &str) -> String {
    format!(
        "<Dialog><requestedAction>MAKE_CALL</requestedAction><fromAddress>{from}</fromAddress>\
         <toAddress>{to}</toAddress></Dialog>"
    )
}

/// An agent's desktop asks for something in a dialog: a step that lasts until the agent hears the outcome, and what is waited
/// for besides.
fn agent_does(
    stage: &mut Stage,
    what: &str,
    (agent, address): Person,
    dialog: &str,
    (action, to): (&str, Option<&str>),
    waits: &[Wait<'_>],
) {
    let body = act(action, address, to);
    let outcome = format!("<requestId>{agent}-{action}</requestId>");
    let texts = [outcome.as_str()];
    let mut all = vec![Wait::Update(agent, &texts)];
    all.extend(waits);
    stage.step(
        what,
        |server| Stage::dialog(server, agent, dialog, &body),
        &all,
    );
}

fn answers(stage: &mut Stage, what: &str, person: Person, dialog: &str) {
    let talking = ["<user>", "<state>TALKING</state>"];
    let waits = [Wait::Update(person.0, &talking)];
    agent_does(stage, what, person, dialog, ("ANSWER", None), &waits);
}

fn drops(stage: &mut Stage, person: Person, dialog: &str) {
    let gone = ["<event>DELETE</event>"];
    let waits = [Wait::Update(person.0, &gone)];
    let what = "the agent hangs up";
    agent_does(stage, what, person, dialog, ("DROP", None), &waits);
}

/// A new call at an agent's desktop that rings.
const RINGS: [&str; 2] = ["<event>POST</event>", "<state>ALERTING</state>"];

/// The id of the one dialog of an agent.
fn only_dialog(stage: &Stage, agent: &str) -> String {
    let mut ids = Stage::dialog_ids(&stage.server, agent);
    assert_eq!(ids.len(), 1, "{ids:?}");
    ids.remove(0)
}

/// A routed call that rings at the first agent; returns its id.
fn rings(stage: &mut Stage) -> String {
    stage.step(
        "a call is routed and rings",
        |server| caller_dials(server, "8000", None),
        &[
            Wait::Update("2001", &RINGS),
            Wait::Cti("CALL_DELIVERED_EVENT"),
        ],
    );
    only_dialog(stage, "2001")
}

/// The same, answered.
fn talks(stage: &mut Stage) -> String {
    let id = rings(stage);
    answers(stage, "the agent answers", FIRST, &id);
    id
}

/// The first agent calls the second, whose phone rings: the new dialog's id.
fn asks_colleague(stage: &mut Stage, dialog: &str) -> String {
    let what = "the agent consults a colleague";
    let action = ("CONSULT_CALL", Some("3002"));
    let waits = [Wait::Update("2002", &RINGS)];
    agent_does(stage, what, FIRST, dialog, action, &waits);
    only_dialog(stage, "2002")
}

/// The same, answered.
fn consults(stage: &mut Stage, dialog: &str) -> String {
    let consult = asks_colleague(stage, dialog);
    answers(stage, "the colleague answers", SECOND, &consult);
    consult
}

#[test]
fn that_are_routed_to_them() {
    let mut stage = Stage::open("routed inbound, the agent hangs up", &[FIRST], &[]);
    let id = talks(&mut stage);
    drops(&mut stage, FIRST, &id);
    stage.close("routed_inbound");
}

#[test]
fn and_hold_and_retrieve_them() {
    let mut stage = Stage::open("hold and retrieve", &[FIRST], &[]);
    let id = talks(&mut stage);
    for (action, state) in [("HOLD", "HOLD"), ("RETRIEVE", "TALKING")] {
        let state = format!("<state>{state}</state>");
        let texts = ["<user>", state.as_str()];
        let what = format!("the agent's {action}");
        let waits = [Wait::Update("2001", &texts)];
        agent_does(&mut stage, &what, FIRST, &id, (action, None), &waits);
    }
    drops(&mut stage, FIRST, &id);
    stage.close("hold_retrieve");
}

#[test]
fn and_transfer_them_after_consulting() {
    let mut stage = Stage::open("consult, completed by transfer", &[FIRST, SECOND], &[]);
    let id = talks(&mut stage);
    consults(&mut stage, &id);
    let waits = [
        Wait::Update("2001", &["<event>DELETE</event>"]),
        Wait::Update("2002", &["<event>POST</event>"]),
        Wait::Cti("CALL_TRANSFERRED_EVENT"),
    ];
    let action = ("TRANSFER", None);
    agent_does(
        &mut stage,
        "the agent transfers",
        FIRST,
        &id,
        action,
        &waits,
    );
    drops(&mut stage, SECOND, &id);
    stage.close("consult_transfer");
}

#[test]
fn and_confer_with_a_colleague() {
    let mut stage = Stage::open("consult, completed by conference", &[FIRST, SECOND], &[]);
    let id = talks(&mut stage);
    consults(&mut stage, &id);
    let waits = [Wait::Cti("CALL_CONFERENCED_EVENT")];
    let action = ("CONFERENCE", None);
    agent_does(
        &mut stage,
        "the agent joins them",
        FIRST,
        &id,
        action,
        &waits,
    );
    drops(&mut stage, FIRST, &id);
    drops(&mut stage, SECOND, &id);
    stage.close("consult_conference");
}

#[test]
fn and_think_better_of_consulting() {
    let mut stage = Stage::open("consult, cancelled", &[FIRST, SECOND], &[]);
    let id = talks(&mut stage);
    let consult = consults(&mut stage, &id);
    let waits = [
        Wait::Update("2001", &["<event>DELETE</event>"]),
        Wait::Update("2002", &["<event>DELETE</event>"]),
    ];
    let what = "the agent hangs up on the colleague";
    agent_does(&mut stage, what, FIRST, &consult, ("DROP", None), &waits);
    let waits = [Wait::Update("2001", &["<user>", "<state>TALKING</state>"])];
    let what = "the agent goes back to the caller";
    agent_does(&mut stage, what, FIRST, &id, ("RETRIEVE", None), &waits);
    drops(&mut stage, FIRST, &id);
    stage.close("consult_cancelled");
}

#[test]
fn and_pass_them_on_without_asking() {
    let mut stage = Stage::open("single-step transfer", &[FIRST, SECOND], &[]);
    let id = talks(&mut stage);
    let waits = [
        Wait::Update("2001", &["<event>DELETE</event>"]),
        Wait::Update("2002", &RINGS),
    ];
    let what = "the agent transfers at once";
    let action = ("TRANSFER_SST", Some("3002"));
    agent_does(&mut stage, what, FIRST, &id, action, &waits);
    answers(&mut stage, "the colleague answers", SECOND, &id);
    drops(&mut stage, SECOND, &id);
    stage.close("single_step_transfer");
}

#[test]
fn from_each_other() {
    let mut stage = Stage::open("agent calls agent", &[FIRST, SECOND], &[]);
    let id = calls_colleague(&mut stage);
    drops(&mut stage, FIRST, &id);
    stage.close("agent_to_agent");
}

/// The first agent calls the second, who answers; the dialog's id.
fn calls_colleague(stage: &mut Stage) -> String {
    stage.step(
        "the first agent calls the second",
        |server| Stage::new_dialog(server, "2001", &make_call("2003", "3002")),
        &[
            Wait::Update("2001", &["<requestId>2001-MAKE_CALL</requestId>"]),
            Wait::Update("2002", &RINGS),
        ],
    );
    let id = only_dialog(stage, "2002");
    let waits = [
        Wait::Update("2001", &["<user>", "<state>TALKING</state>"]),
        Wait::Update("2002", &["<user>", "<state>TALKING</state>"]),
    ];
    let what = "the second answers";
    agent_does(stage, what, SECOND, &id, ("ANSWER", None), &waits);
    id
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
        let id = only_dialog(&stage, "2001");
        drops(&mut stage, FIRST, &id);
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
    only_dialog(stage, "2001")
}

/// What the agent says to the offer.
fn decides(stage: &mut Stage, dialog: &str, action: &str, waits: &[Wait<'_>]) {
    let what = format!("the agent's {action}");
    agent_does(stage, &what, FIRST, dialog, (action, None), waits);
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
    decides(&mut stage, &id, "REJECT", &gone);
    let id = looks_at(&mut stage, "5551241");
    let talks = [
        Wait::Update("2001", &["ACCEPTED", "<requestId>2001-ACCEPT</requestId>"]),
        Wait::Update("2001", &["<event>DELETE</event>"]),
        Wait::Update("2001", &["<user>", "<state>TALKING</state>"]),
        Wait::Update("2001", &["<dialog>", "<action>RECLASSIFY</action>"]),
    ];
    decides(&mut stage, &id, "ACCEPT", &talks);
    let id = only_dialog(&stage, "2001");
    let machine = "<Dialog><requestedAction>RECLASSIFY</requestedAction><targetMediaAddress>2003</targetMediaAddress>\
                   <actionParams><ActionParam><name>outboundClassification</name><value>ANS_MACHINE</value></ActionParam>\
                   </actionParams></Dialog>";
    let classified = [
        "<requestId>2001-RECLASSIFY</requestId>",
        "<outboundClassification>ANS_MACHINE</outboundClassification>",
    ];
    stage.step(
        "the agent heard a machine",
        |server| Stage::dialog(server, "2001", &id, machine),
        &[Wait::Update("2001", &classified)],
    );
    drops(&mut stage, FIRST, &id);
    let id = looks_at(&mut stage, "5550000");
    let busy = [
        Wait::Update("2001", &["<stateCause>BUSY</stateCause>"]),
        Wait::Update("2001", &["<user>", "<state>READY</state>"]),
    ];
    decides(&mut stage, &id, "ACCEPT", &busy);
    let id = looks_at(&mut stage, "5551242");
    decides(&mut stage, &id, "CLOSE", &gone);
    stage.close("outbound_preview");
}

/// The agent signs in at a phone beyond the trunk.
fn signs_in_elsewhere(stage: &mut Stage, mode: &'static str) {
    let body = format!(
        "<User><state>LOGIN</state><extension>3005</extension><mobileAgent><mode>{mode}</mode>\
         <dialNumber>5551270</dialNumber></mobileAgent></User>"
    );
    let (shown, request) = (
        format!("<mode>{mode}</mode>"),
        format!("<requestId>{mode}</requestId>"),
    );
    stage.step(
        &format!("the agent signs in, {mode}"),
        move |server| {
            let answer = server.put_user("2005", mode, &body);
            format!("PUT /finesse/api/User/2005 {body}\n{}", answer.status)
        },
        &[Wait::Update("2005", &[&shown, &request])],
    );
}

fn signs_out(stage: &mut Stage) {
    stage.step(
        "the agent signs out",
        |server| {
            for body in [
                "<User><state>NOT_READY</state><reasonCodeId>1</reasonCodeId></User>",
                "<User><state>LOGOUT</state><reasonCodeId>7</reasonCodeId></User>",
            ] {
                let answer = server.put_user("2005", "out", body);
                assert_eq!(answer.status, 202, "{answer:?}");
            }
            "NOT_READY, LOGOUT".to_owned()
        },
        &[Wait::Update("2005", &["<user>", "<state>LOGOUT</state>"])],
    );
}

#[test]
fn at_a_phone_of_their_own() {
    let mut stage = Stage::open(
        "mobile agent: call by call, nailed connection",
        &[("2005", "3005")],
        &[],
    );
    for mode in ["CALL_BY_CALL", "NAILED_CONNECTION"] {
        signs_out(&mut stage);
        signs_in_elsewhere(&mut stage, mode);
        stage.ready("2005");
        stage.step(
            "a call is routed and answered",
            |server| caller_dials(server, "8000", None),
            &[
                Wait::Update("2005", &["<event>POST</event>", "<state>ALERTING</state>"]),
                Wait::Update("2005", &["<user>", "<state>TALKING</state>"]),
            ],
        );
        let id = Stage::dialog_ids(&stage.server, "2005")[0].clone();
        drops(&mut stage, ("2005", "3005"), &id);
    }
    stage.close("mobile_agent");
}

#[test]
fn and_send_tones_and_call_data() {
    let mut stage = Stage::open("DTMF and call data", &[FIRST], &[]);
    let id = talks(&mut stage);
    let tones = "<Dialog><requestedAction>SEND_DTMF</requestedAction><targetMediaAddress>2003</targetMediaAddress>\
                 <actionParams><ActionParam><name>dtmfString</name><value>12#</value></ActionParam></actionParams></Dialog>";
    stage.step(
        "the agent sends tones",
        |server| Stage::dialog(server, "2001", &id, tones),
        &[Wait::Update(
            "2001",
            &["<requestId>2001-SEND_DTMF</requestId>"],
        )],
    );
    let data = "<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction><targetMediaAddress>2003</targetMediaAddress>\
                <mediaProperties><wrapUpReason>Sales call</wrapUpReason><callvariables><CallVariable><name>callVariable3</name>\
                <value>bought</value></CallVariable></callvariables></mediaProperties></Dialog>";
    stage.step(
        "the agent notes what the call was about",
        |server| Stage::dialog(server, "2001", &id, data),
        &[
            Wait::Update(
                "2001",
                &["<requestId>2001-UPDATE_CALL_DATA</requestId>", "bought"],
            ),
            Wait::Cti("CALL_DATA_UPDATE_EVENT"),
        ],
    );
    drops(&mut stage, FIRST, &id);
    stage.close("dtmf_call_data");
}

#[test]
fn and_wrap_them_up_until_the_time_is_over() {
    let mut stage = Stage::open("wrap-up with reason and timer", &[FIRST], &[]);
    let id = talks(&mut stage);
    stage.step(
        "the agent wants to wrap up",
        |server| Stage::user(server, "2001", "2001", "WORK"),
        &[Wait::Update("2001", &["<pendingState>WORK</pendingState>"])],
    );
    let working = ["<user>", "<state>WORK</state>"];
    let waits = [Wait::Update("2001", &working)];
    let what = "the agent hangs up";
    agent_does(&mut stage, what, FIRST, &id, ("DROP", None), &waits);
    let reason = "<Dialog><requestedAction>UPDATE_CALL_DATA</requestedAction>\
                  <mediaProperties><wrapUpReason>Order taken</wrapUpReason></mediaProperties></Dialog>";
    stage.step(
        "and says what it was about",
        |server| Stage::dialog(server, "2001", &id, reason),
        &[Wait::Update(
            "2001",
            &[
                "<requestId>2001-UPDATE_CALL_DATA</requestId>",
                "Order taken",
            ],
        )],
    );
    stage.step(
        "the time is over",
        |_| "two minutes pass".into(),
        &[Wait::Update(
            "2001",
            &["<user>", "<state>NOT_READY</state>"],
        )],
    );
    stage.close("wrap_up");
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
    let monitored = only_dialog(&stage, "2100");
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
    drops(&mut stage, SUPERVISOR, &id);
    drops(&mut stage, FIRST, &id);
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
            Wait::Update("2002", &RINGS),
        ],
    );
    answers(&mut stage, "the colleague answers", SECOND, &id);
    drops(&mut stage, SECOND, &id);
    stage.close("ring_no_answer");
}
