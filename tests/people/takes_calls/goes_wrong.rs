//! Calls that do not end as they should: callers give up, agents are signed out, browsers and servers go.

use crate::tact::until;

use super::stage::{Stage, Wait};
use super::{
    FIRST, RINGS, SECOND, SUPERVISOR, agent_does, caller_dials, calls_colleague, drops, talks,
};

/// A queue of which agents are signed in, none of them READY: its dialled number and its own.
const QUEUE: (&str, &str) = ("8000", "1");
/// Seconds that a caller waits in it: statistics are asked for every ten.
const IN_QUEUE_S: u32 = 60;
/// Seconds that a caller lets it ring; agents have thirty.
const RINGING_S: u32 = 10;

/// What REST reads of the queue once so many calls wait in it.
fn waiting(stage: &Stage, calls: u32) -> String {
    let path = format!("/finesse/api/Queue/{}", QUEUE.1);
    let wanted = format!("<callsInQueue>{calls}</callsInQueue>");
    until(&format!("{calls} calls wait in the queue"), || {
        let body = stage.server.get(&path, "2100").body;
        body.contains(&wanted).then_some(())
    });
    format!("GET {path} reads {wanted}")
}

#[test]
fn and_a_caller_gives_up_in_the_queue() {
    let mut stage = Stage::open("abandoned in the queue", &[SUPERVISOR], &[]);
    stage.step(
        "a caller waits for an agent, and none is ready",
        |server| caller_dials(server, QUEUE.0, Some(IN_QUEUE_S)),
        &[Wait::Cti("CALL_QUEUED_EVENT")],
    );
    let read = waiting(&stage, 1);
    stage.step(
        "the queue is seen, and the caller gives up",
        |_| read,
        &[Wait::Cti("END_CALL_EVENT")],
    );
    let read = waiting(&stage, 0);
    stage.step("nobody waits any more", |_| read, &[]);
    stage.close("abandoned_in_queue");
}

#[test]
fn and_a_caller_gives_up_while_it_rings() {
    let mut stage = Stage::open("abandoned at a ringing agent", &[FIRST], &[]);
    stage.step(
        "a call rings, and the caller gives up",
        |server| caller_dials(server, "8000", Some(RINGING_S)),
        &[
            Wait::Update("2001", &RINGS),
            Wait::Update("2001", &["<event>DELETE</event>"]),
            Wait::Update("2001", &["<user>", "<state>READY</state>"]),
            Wait::Cti("END_CALL_EVENT"),
        ],
    );
    stage.close("abandoned_ringing");
}

#[test]
fn and_a_supervisor_signs_them_out() {
    let people = [FIRST, SECOND, SUPERVISOR];
    let mut stage = Stage::open("signed out by a supervisor", &people, &[]);
    let id = talks(&mut stage);
    stage.step(
        "who has no call is out at once",
        |server| Stage::user(server, "2100", "2002", "LOGOUT"),
        &[Wait::Update("2002", &["<user>", "<state>LOGOUT</state>"])],
    );
    stage.step(
        "who has one goes on talking",
        |server| Stage::user(server, "2100", "2001", "LOGOUT"),
        &[Wait::Update(
            "2001",
            &[
                "<pendingState>LOGOUT</pendingState>",
                "<state>TALKING</state>",
            ],
        )],
    );
    let out = ["<user>", "<state>LOGOUT</state>"];
    let waits = [Wait::Update("2001", &out)];
    let what = "and is out when it is over";
    agent_does(&mut stage, what, FIRST, &id, ("DROP", None), &waits);
    stage.close("forced_sign_out");
}

#[test]
fn and_a_browser_is_closed() {
    let settings = ["desk.presence_grace_ms=300", "desk.load=1"];
    let mut stage = Stage::open("presence lost in a call", &[FIRST, SECOND], &settings);
    let id = calls_colleague(&mut stage);
    stage.close_browser("2001");
    let what = "the other one hangs up, and who has no browser is signed out";
    let waits = [
        Wait::Update("2002", &["<event>DELETE</event>"]),
        Wait::State("2001", "LOGOUT"),
    ];
    agent_does(&mut stage, what, SECOND, &id, ("DROP", None), &waits);
    stage.close("presence_lost");
}

#[test]
fn and_the_cti_server_is_lost_and_comes_back() {
    let mut stage = Stage::open_apart("failover in a call", &[FIRST, SECOND]);
    let id = calls_colleague(&mut stage);
    stage.restart_cti();
    stage.step(
        "the CTI server dies and is back",
        |_| "its process is killed and started again".into(),
        &[
            Wait::State("2001", "TALKING"),
            Wait::Update("2001", &["<dialogs>", &id]),
            Wait::Update("2002", &["<dialogs>", &id]),
        ],
    );
    drops(&mut stage, FIRST, &id);
    stage.close("failover");
}
