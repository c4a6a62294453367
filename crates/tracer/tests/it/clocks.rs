//! Clocks and dates: bounded by what both sides logged, and by what somebody says.

use tact_logline::time;
use tact_logline::webservices::{self, Event, Header};
use tact_tracer::dating::Given;
use tact_tracer::input::Source;
use tact_tracer::report::ClockReport;
use tact_tracer::{Options, trace, trace_with};

/// Sep 23 2014 22:21:22.000 at -07:00, the second of the worked example (logs.md 5).
const SECOND: i64 = 1_411_536_082_000;

fn record(ms: i64, thread: &str, event: &Event<'_>, out: &mut String) {
    let header = Header {
        sequence: 1,
        host: "10.1.1.1",
        at: SECOND + ms,
        offset_minutes: 0,
        thread,
    };
    webservices::write(&header, event, out);
}

/// The server's side of a sign-in whose CTI request left at 22.875 and whose confirmation came at 22.977.
fn server() -> Source {
    let mut out = String::new();
    let http = "http-bio-8445-exec-1";
    let start = Event::RequestStart {
        method: "PUT",
        parameters: &[],
        resource: "/User/2001",
        user: "2001",
    };
    record(860, http, &start, &mut out);
    let api = Event::ApiRequest {
        url: "User/2001",
        agent_id: "2001",
        request_identifier: Some("a"),
        request_method: "user.PUT",
        request_parameters: " extension:2003 state:LOGIN",
    };
    record(861, http, &api, &mut out);
    record(865, http, &Event::RequestEnd { elapsed_ms: 5 }, &mut out);
    let request = Event::SetAgentStateReq {
        invoke_id: 112_223,
        agent_state: 0,
        work_mode: 0,
        reason_code: 50_004,
        force_flag: 1,
        agent_text: "2003",
        agent_id: "2001",
    };
    record(875, "pool-5-thread-4", &request, &mut out);
    let answer = Event::DecodedMessage {
        name: "SetAgentStateConf",
        message_id: 39,
        invoke_id: Some(112_223),
        fields: &[],
        received: SECOND + 977,
        dispatched: SECOND + 977,
    };
    record(977, "CTIMessageEventExecutor-0", &answer, &mut out);
    Source::new("webservices/w.log".into(), out.into_bytes())
}

/// The CTI server's, in its own zone, without a date, with the InvokeID in hexadecimal.
fn gateway() -> Source {
    let text = "22:21:22:921 cg1A-ctisvr SESSION 9: MsgType:SET_AGENT_STATE_REQ (InvokeID:0x1b65f AgentState:LOGIN AgentID:\"2001\" )\n\
        22:21:22:999 cg1A-ctisvr SESSION 9: MsgType:SET_AGENT_STATE_CONF (InvokeID:0x1b65f )\n";
    Source::new("ctisvr/cg1A-ctisvr.log".into(), text.as_bytes().to_vec())
}

fn clock<'a>(clocks: &'a [ClockReport], host: &str) -> Option<&'a ClockReport> {
    clocks.iter().find(|clock| clock.host.contains(host))
}

#[test]
fn the_cti_servers_clock_is_bounded_by_a_request_and_its_answer() {
    let report = trace(&[server(), gateway()], None);
    let found = clock(&report.clocks, "CTI server").expect("a clock");
    // The reference's 22 to 46 ms, and a millisecond for each stamp that was cut to one.
    assert_eq!(
        (found.min_ms, found.max_ms, found.known_by),
        (21, 47, "pairs")
    );
    let login = &report.logins[0];
    let request = login
        .steps
        .iter()
        .find(|step| step.step == "cti_request")
        .expect("a request");
    assert_eq!((request.confidence, request.evidence.len()), ("exact", 2));
    assert_eq!(request.details["invoke_id"], 112_223);
    // A zone that is given and wrong joins nothing.
    let options = Options {
        given: Given {
            zone: Some(60),
            ..Given::default()
        },
        ..Options::default()
    };
    let report = trace_with(&[server(), gateway()], &options);
    assert!(clock(&report.clocks, "CTI server").is_none());
}

#[test]
fn a_clock_that_somebody_knows_is_taken_as_given() {
    let mut options = Options::default();
    options.given.offsets.insert("10.9.9.9".to_owned(), -2_400);
    let report = trace_with(&[server()], &options);
    let found = clock(&report.clocks, "10.9.9.9").expect("a clock");
    assert_eq!(
        (found.min_ms, found.max_ms, found.known_by),
        (-2_400, -2_400, "given")
    );
}

#[test]
fn a_desktop_that_prints_its_drift_is_believed_where_nothing_better_is_known() {
    // doc 119428: the server is 7 min 13.9 s ahead, although the zones make it look behind.
    let line = "2015-12-09T13:29:52.225 -04:00: : host.example.com: Dec 09 2015 12:37:06.077 -0500: Header : [WorkflowEngine] x\n";
    let report = trace(
        &[Source::new("c.log".into(), line.as_bytes().to_vec())],
        None,
    );
    let found = clock(&report.clocks, "c.log").expect("a clock");
    assert_eq!(
        (found.min_ms, found.max_ms, found.known_by),
        (-433_853, -433_851, "told")
    );
}

#[test]
fn a_log_without_dates_takes_the_given_day_and_zone() {
    let line = "18:40:02: Container : [ClientServices] SystemInfo: requestId='undefined', Making REST request: method=GET, url='/finesse/api/SystemInfo?nocache=7'\n\
        18:40:03: Container : PageServices.onLoad(): BOSH established!\n\
        18:40:05: Container : SignIn.handleUserLoad(): Performing login: extn=2003\n\
        18:40:05: Container : [ClientServices] User: requestId='a', Making REST request: method=PUT, url='/finesse/api/User/2001'\n";
    let source = || Source::new("clientlogs/2001_x.log".into(), line.as_bytes().to_vec());
    let at = |options: &Options| {
        let report = trace_with(&[source()], options);
        let steps = &report.logins[0].steps;
        let step = steps
            .iter()
            .find(|step| step.step == "sign_in")
            .expect("the PUT");
        step.at.clone()
    };
    let mut options = Options::default();
    options.given.date = Some(1_366_675_200_000);
    options.given.zone = Some(-240);
    let mut expected = String::new();
    time::write_ccbu(1_366_675_200_000, 0, &mut expected);
    assert!(expected.starts_with("Apr 23 2013"));
    assert_eq!(at(&options).as_deref(), Some("2013-04-23T22:40:05.000Z"));
}
