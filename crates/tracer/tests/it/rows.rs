//! The diagnosis table, row by row: lines that prove it, and lines that look alike and prove nothing.

use std::collections::BTreeSet;

use crate::bundle::{Answer, Bundle, START};
use tact_logline::{access, time};
use tact_tracer::diagnosis::table::ROWS;
use tact_tracer::input::Source;
use tact_tracer::{Report, text, trace};

/// The rows that a report names, for its logins and beside them.
fn named(report: &Report) -> BTreeSet<u8> {
    let logins = report.logins.iter().filter_map(|login| login.row);
    let findings = report.findings.iter().filter_map(|found| found.row);
    let mut rows: BTreeSet<u8> = logins.chain(findings).collect();
    // Row 12 is told as a note.
    let is_retry = |kind: &str, text: &str| kind == "benign" && text.contains("retry");
    let mut notes = report.logins.iter().flat_map(|login| &login.notes);
    if notes.any(|note| is_retry(note.kind, &note.text)) {
        rows.insert(12);
    }
    for finding in &report.findings {
        assert!(!finding.evidence.is_empty(), "{finding:?}");
    }
    rows
}

fn rows_of(name: &str, lines: &str) -> BTreeSet<u8> {
    named(&trace(
        &[Source::new(name.into(), lines.as_bytes().to_vec())],
        None,
    ))
}

/// A record of the webservices log, `ms` behind the start.
fn ccbu(ms: i64, thread: &str, severity: u8, mnemonic: &str, rest: &str) -> String {
    let mut stamp = String::new();
    time::write_ccbu(START + ms, 0, &mut stamp);
    format!("0000000001: 10.1.1.1: {stamp}: %CCBU_{thread}-{severity}-{mnemonic}: {rest}\n")
}

fn alarm(mnemonic: &str) -> String {
    ccbu(0, "pool-1-thread-1", 3, mnemonic, "%[reason=x]: an alarm")
}

fn state_event(ms: i64, agent: &str, state: &str, reason: u16) -> String {
    let received = START + ms;
    let body = format!(
        "%[cti_message=CTIAgentStateEvent [skillGroupState=2 (NOT_READY), stateDuration=0, skillGroupNumber=1, skillGroupPriority=0, \
        agentState={state}, eventReasonCode={reason}, numFltSkillGroups=0, CTIClientSignature=, agentID={agent}, agentExtension=3001, \
        agentInstrument=3001]CTIMessageBean [invokeID=null, msgID=30, timeTracker={{\"id\":\"AgentStateEvent\",\"CTI_MSG_RECEIVED\":{received},\
        \"CTI_MSG_DISPATCH\":{received}}}, msgName=AgentStateEvent, deploymentType=CCE]][cti_response_time=0]: Decoded Message to Finesse from backend cti server"
    );
    ccbu(
        ms,
        "CTIMessageEventExecutor-0",
        6,
        "DECODED_MESSAGE_FROM_CTI_SERVER",
        &body,
    )
}

fn published(ms: i64, agent: &str, state: &str) -> String {
    let body = format!(
        "%[NodeId=/finesse/api/User/{agent}][Payload=<Update><data><user><state>{state}</state></user></data><event>PUT</event></Update>]: Publishing XMPP Message Asynchronously"
    );
    ccbu(
        ms,
        "CoreImpl-worker187",
        6,
        "XMPP_PUBLISH_ASYNCHRONOUS",
        &body,
    )
}

fn realm(ms: i64, uptime: i64, user: &str) -> String {
    let mut stamp = String::new();
    time::write_ccbu(START + ms, 0, &mut stamp);
    format!(
        "{uptime}: {stamp}: [http-bio-8445-exec-10] INFO CCRealmConfig.finesseAuthenticate(): Unable to authenticate user: {user}\n"
    )
}

fn client(lines: &[(i64, &str)]) -> Source {
    let mut log = "Mozilla/5.0\n".to_owned();
    for (ms, said) in lines {
        let mut stamp = String::new();
        time::write_client(START + ms, 0, &mut stamp);
        log.push_str(&format!(
            "{stamp}: : host: --- -- ---- --:--:--.--- -----: Container : {said}\n"
        ));
    }
    Source::new("logs/clientlogs/2001_1.log".into(), log.into_bytes())
}

fn hit(at: i64, address: &str, path: &str) -> String {
    let mut line = String::new();
    let hit = access::Access {
        at: Some(at),
        client: address,
        user: None,
        port: 8445,
        method: "GET",
        path,
        query: "",
        protocol: "HTTP/1.1",
        status: 200,
        bytes: 1,
        elapsed_ms: 1,
    };
    access::write(&hit, &mut line);
    line
}

/// Rows that one record of a log proves: the row, the log's name, the record, and one that looks alike.
fn by_one_record() -> Vec<(u8, &'static str, String, String)> {
    let document = |kind: &str, data: u32| {
        format!(
            "<ApiErrors><ApiError><ErrorType>{kind}</ErrorType><ErrorMessage>x</ErrorMessage><ErrorData>{data}</ErrorData></ApiError></ApiErrors>"
        )
    };
    let update = |code: u32, peripheral: &str| {
        format!(
            "<Update><data><apiErrors><apiError><errorData>{code}</errorData><errorMessage>x</errorMessage><errorType>Y</errorType>{peripheral}</apiError></apiErrors></data></Update>"
        )
    };
    let provider = |why: &str| {
        format!(
            "1: Aug 30 08:31:20.205 IST %MIVR-SS_TEL-4-ModuleRunTimeFailure:Real-time failure: Exception=PlatformExceptionImpl: Unable to create provider -- {why}\n"
        )
    };
    let sdl = |text: &str| format!("00895255.002 |08:59:16.944 |AppInfo |{text}\n");
    let mut rows = vec![
        (1, "realm.log", realm(0, 0, "100011"), "1: Apr 23 2013 22:40:02.163 +0000: [main] INFO Loaded realm log config file at: x\n".to_owned()),
        (3, "w.log", alarm("AWDB_NOT_ACCESSIBLE"), alarm("AWDB_CONNECTION_SWITCH_SUCCESS")),
        (4, "p.xml", document("Invalid Authorization User Specified", 4321), document("Authorization", 4322)),
        (5, "p.xml", document("User Not Found", 4023), document("Not Found", 4024)),
        (8, "w.log", alarm("CTI_CONNECTION_LOST"), alarm("CTI_CONNECTION_ESTABLISHED")),
        (9, "w.log", alarm("CTI_OPEN_FAILURE"), alarm("SWAP_CTI_CONNECTIONS")),
        (10, "w.log", alarm("UNABLE_TO_CONNECT_TO_XMPP_SERVER"), alarm("CONNECTED_TO_XMPP_SERVER")),
        (11, "w.log", alarm("VOS_DB_ADAPTER_ERROR"), alarm("DB_SS_CONNECTION_CHECK")),
        (23, "p.xml", update(52, ""), update(53, "")),
        (24, "p.xml", update(256, "<peripheralErrorCode>12005</peripheralErrorCode>"), update(9_999, "<peripheralErrorCode>12006</peripheralErrorCode>")),
        (25, "mivr.log", provider("bad login or password."), provider("something else")),
        (26, "mivr.log", provider("Connection refused"), "1: Aug 30 08:31:20.205 IST %MIVR-SS_TEL-7-UNK:Connection refused by a browser\n".to_owned()),
        (27, "mivr.log", provider("login="), provider("success, login succeeded")),
        (28, "mivr.log", "1: Aug 30 08:31:20.205 IST %MIVR-SS_TEL-3-UNABLE_REGISTER_CTIPORT:Device not in provider's domain\n".to_owned(), "1: Aug 30 08:31:20.205 IST %MIVR-SS_TEL-7-UNK:Registered CTI port\n".to_owned()),
        (29, "sdl.log", sdl("CTI Enabled = Disabled"), sdl("CTI Enabled = Enabled")),
        (29, "sdl.log", sdl("CtiDeviceOpenDeviceRes mOpenResult=0x8ccc0033 x"), sdl("CtiDeviceOpenDeviceRes mOpenResult=0x0 x")),
        (30, "pgag.log", "12:00:00:000 pg1A-pgag Fail: Assertion failed: dmpp->source ==\nnmargs.DMPSystemID. File:x\n".to_owned(), "12:00:00:000 pg1A-pgag Trace: dmpp->source is 7\n".to_owned()),
        (32, "w.log", alarm("QUEUE STATISTICS POLLING ERROR"), ccbu(0, "pool-1-thread-1", 6, "QUEUE_STATISTICS_REQUEST", "%[count=751]: Starting new round")),
        (37, "x.log", "2013.04.23 22:40:05 INFO [t]: C - Mode Not Allowed\n".to_owned(), "2013.04.23 22:40:05 INFO [t]: C - Mode Allowed\n".to_owned()),
        (38, "ippa.log", "2013-04-23 22:40:05,123 ERROR IPPA3008 [t|C#m:1] IPPA server is not active\n".to_owned(), "2013-04-23 22:40:05,123 INFO IPPA3000 [t|C#m:1] IPPA server is active\n".to_owned()),
        (39, "w.log", state_event(0, "2001", "1 (LOGOUT)", 50_003), state_event(0, "2001", "2 (NOT_READY)", 12)),
        (40, "cli.log", "2016-11-03 09:59:12,558 INFO [main] sdMain.main - running command -> [utils system restart ]\n".to_owned(), "2016-11-03 09:41:16,664 INFO [main] sdMain.main - running command -> [show cert own tomcat]\n".to_owned()),
        (41, "mivr.log", "Nov 29 17:53:37.183 IST %MIVR-ICD_CTI-7-UNK:Msg is {length=69 type=OPEN_REQ,invokeId=1,agentExt=52293,agentID=null }\n".to_owned(), "Nov 29 17:53:37.183 IST %MIVR-ICD_CTI-7-UNK:Msg is {length=69 type=OPEN_REQ,invokeId=1,agentExt=,agentID=null }\n".to_owned()),
        (42, "x.log", "2013.04.23 22:40:05 INFO [t]: C - CTIError=Generic Error\n".to_owned(), "2013.04.23 22:40:05 INFO [t]: C - CTIError=none\n".to_owned()),
    ];
    // Row 13 by its reason: only who is signed out with 255 lost the connection; 255 may be anybody's reason otherwise.
    rows.push((
        13,
        "w.log",
        state_event(0, "2001", "1 (LOGOUT)", 255),
        state_event(0, "2001", "2 (NOT_READY)", 255),
    ));
    rows
}

#[test]
fn one_record_proves_its_row_and_one_that_looks_alike_does_not() {
    for (row, name, proof, alike) in by_one_record() {
        assert_eq!(rows_of(name, &proof), BTreeSet::from([row]), "{proof}");
        assert!(!rows_of(name, &alike).contains(&row), "row {row}: {alike}");
    }
}

#[test]
fn every_code_of_the_cti_server_breaks_the_login_with_its_row() {
    for (code, row) in [
        (256, 14),
        (257, 15),
        (258, 15),
        (259, 16),
        (260, 17),
        (283, 18),
        (34, 19),
        (287, 20),
        (288, 20),
        (291, 21),
        (292, 21),
        (293, 21),
        (289, 22),
        (51, 23),
        (52, 23),
    ] {
        let text = document_of(code);
        let found = rows_of("p.xml", &text);
        assert_eq!(found, BTreeSet::from([row]), "{code}");
    }
    // A login is told by the code in its own answer; a code that no row knows stays a code.
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "9999", Answer::Failure(260), true);
    assert_eq!(named(&trace(&bundle.sources(), None)), BTreeSet::from([17]));
    assert_eq!(rows_of("p.xml", &document_of(4_711)), BTreeSet::new());
}

fn document_of(code: u32) -> String {
    format!(
        "<Update><data><apiErrors><apiError><errorData>{code}</errorData><errorMessage>x</errorMessage><errorType>Y</errorType></apiError></apiErrors></data></Update>"
    )
}

#[test]
fn rows_2_and_3_the_sixth_refusal_is_a_lock_unless_the_database_was_away() {
    let mut bundle = Bundle::default();
    for n in 0..6 {
        bundle.wrong_password(START + n * 10_000, "2001");
    }
    let report = trace(&bundle.sources(), None);
    let last = report.logins.last().expect("a login");
    assert_eq!(
        (report.logins.len(), last.row),
        (6, Some(2)),
        "{}",
        text::render(&report)
    );
    assert!(
        report
            .logins
            .iter()
            .take(5)
            .all(|login| login.row == Some(1))
    );
    let mut bundle = Bundle::default();
    bundle.wrong_password(START + 5_000, "2001");
    let mut sources = bundle.sources();
    sources.push(Source::new(
        "w2.log".into(),
        alarm("AWDB_CONNECTION_ERROR").into_bytes(),
    ));
    let report = trace(&sources, None);
    assert_eq!(report.logins[0].row, Some(3), "{}", text::render(&report));
    // Hours before it explains nothing.
    let mut bundle = Bundle::default();
    bundle.wrong_password(START + 5 * 3_600_000, "2001");
    let mut sources = bundle.sources();
    sources.push(Source::new(
        "w2.log".into(),
        alarm("AWDB_CONNECTION_ERROR").into_bytes(),
    ));
    assert_eq!(trace(&sources, None).logins[0].row, Some(1));
}

#[test]
fn row_6_a_page_that_never_asks_is_told_and_one_that_asks_is_not() {
    let page = hit(START, "10.0.0.7", "/desktop/container/");
    let later = hit(START + 120_000, "10.0.0.9", "/desktop/container/x.css");
    let asks = hit(START + 2_000, "10.0.0.7", "/finesse/api/SystemInfo");
    assert_eq!(
        rows_of("a.txt", &format!("{page}{later}")),
        BTreeSet::from([6])
    );
    assert_eq!(
        rows_of("a.txt", &format!("{page}{asks}{later}")),
        BTreeSet::new()
    );
    assert_eq!(
        rows_of("a.txt", &page),
        BTreeSet::new(),
        "the log ends too early to say"
    );
}

#[test]
fn row_7_out_of_service_is_told_with_its_alarm() {
    let mut bundle = Bundle::default();
    bundle.refused_put(START, "2001", 503);
    assert_eq!(named(&trace(&bundle.sources(), None)), BTreeSet::from([7]));
    let mut bundle = Bundle::default();
    bundle.refused_put(START, "2001", 404);
    assert_eq!(named(&trace(&bundle.sources(), None)), BTreeSet::from([5]));
}

#[test]
fn rows_10_12_and_13_a_channel_that_never_stands_one_retry_and_many_losses() {
    let info = "[ClientServices] SystemInfo: requestId='undefined', Making REST request: method=GET, url='/finesse/api/SystemInfo?nocache=1366756802163'";
    let status = "[ClientServices] MasterPublisher._connInfoHandler() - Connection status: ";
    let down = format!("{status}disconnected");
    let connecting = "PageServices.init(): Establishing BOSH connection...";
    let never = client(&[(0, info), (10, connecting), (20, &down), (40_000, &down)]);
    assert_eq!(named(&trace(&[never], None)), BTreeSet::from([10]));
    let early = client(&[(0, info), (10, connecting), (20, &down)]);
    assert_eq!(
        named(&trace(&[early], None)),
        BTreeSet::new(),
        "the log ends too early to say"
    );
    let retried = client(&[
        (0, info),
        (10, connecting),
        (20, &down),
        (
            21,
            "PageServices._onDisconnect(): retryCount=0, retrying...",
        ),
        (900, "PageServices.onLoad(): BOSH established!"),
        (950, "SignIn.handleUserLoad(): Performing login: extn=2003"),
        (
            960,
            "[ClientServices] User: requestId='a', Making REST request: method=PUT, url='/finesse/api/User/2001'",
        ),
    ]);
    assert_eq!(named(&trace(&[retried], None)), BTreeSet::from([12]));
    let up = (1, "PageServices.onLoad(): BOSH established!");
    let flapping = client(&[up, (100, &down), (200, &down), (300, &down)]);
    assert_eq!(named(&trace(&[flapping], None)), BTreeSet::from([13]));
    let once = client(&[up, (100, &down)]);
    assert_eq!(named(&trace(&[once], None)), BTreeSet::new());
}

#[test]
fn row_31_a_late_publication_is_told_and_a_prompt_or_another_one_is_not() {
    let event = state_event(0, "1234", "8 (RESERVED)", 0);
    let late = rows_of(
        "w.log",
        &format!("{event}{}", published(14_700, "1234", "RESERVED")),
    );
    assert_eq!(late, BTreeSet::from([31]));
    for other in [
        published(100, "1234", "RESERVED"),
        published(14_700, "1234", "READY"),
        published(14_700, "1235", "RESERVED"),
    ] {
        assert_eq!(
            rows_of("w.log", &format!("{event}{other}")),
            BTreeSet::new(),
            "{other}"
        );
    }
}

#[test]
fn row_33_slow_around_a_quick_api() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, false);
    let sources: Vec<Source> = bundle.sources();
    assert_eq!(named(&trace(&sources, None)), BTreeSet::new());
    let slow = sources.into_iter().map(|source| {
        if !source.name.contains("access_log") {
            return source;
        }
        let mut bytes = String::new();
        std::io::Read::read_to_string(&mut source.open().expect("bytes"), &mut bytes)
            .expect("text");
        // Only the PUT.
        let bytes = bytes.lines().map(|line| match line.strip_suffix(" 1") {
            Some(rest) if line.contains(" PUT ") => format!("{rest} 4000\n"),
            _ => format!("{line}\n"),
        });
        Source::new(source.name.clone(), bytes.collect::<String>().into_bytes())
    });
    let report = trace(&slow.collect::<Vec<_>>(), None);
    assert_eq!(
        named(&report),
        BTreeSet::from([33]),
        "{}",
        text::render(&report)
    );
}

#[test]
fn row_34_published_and_never_in_the_log_of_the_desktop() {
    let told = |until: i64| {
        let mut bundle = Bundle::default();
        bundle.login(START, "2001", "2003", Answer::Event, false);
        let mut lines = Bundle::said(START, "2001", "2003");
        lines.retain(|(_, said)| !said.contains("Received event") && !said.contains("logged in"));
        lines.truncate(7);
        lines.push((
            START + until,
            "[ClientServices] MasterPublisher._connInfoHandler() - Connection status: disconnected"
                .to_owned(),
        ));
        bundle.told("2001", START + until, &lines);
        trace(&bundle.sources(), None)
    };
    let report = told(60_000);
    let login = report
        .logins
        .iter()
        .find(|login| login.agent.as_deref() == Some("2001"))
        .expect("the login");
    assert_eq!(
        (login.broken_at, login.row),
        (Some("deliver"), Some(34)),
        "{}",
        text::render(&report)
    );
    assert!(
        told(500).logins.iter().all(|login| login.row.is_none()),
        "the log ends too early to say"
    );
}

#[test]
fn rows_35_and_36_by_what_a_desktop_says() {
    let unknown = client(&[(
        0,
        "Received the following event with an invalid or unknown requestId: x",
    )]);
    assert_eq!(named(&trace(&[unknown], None)), BTreeSet::from([35]));
    let nailed = client(&[
        (0, "mobile agent, nailed connection"),
        (10, "Finesse is out of service"),
    ]);
    assert_eq!(named(&trace(&[nailed], None)), BTreeSet::from([36]));
    let plain = client(&[(0, "Finesse is out of service")]);
    assert_eq!(named(&trace(&[plain], None)), BTreeSet::new());
}

#[test]
fn row_40_a_start_of_the_web_server_just_before_a_failure() {
    let after = |uptime: i64| rows_of("realm.log", &realm(0, uptime, "100011"));
    assert_eq!(after(120_000), BTreeSet::from([1, 40]));
    assert_eq!(after(1_289_383_032), BTreeSet::from([1]));
}

#[test]
fn lines_that_look_like_faults_and_are_none_prove_nothing() {
    let lines = "RoutingTableImpl: Failed to route packet to JID: 2001@x/User packet: <message/>\n>> \"GET / HTTP/1.1[\\r][\\n]\"\n";
    assert_eq!(rows_of("openfire/debug.log", lines), BTreeSet::new());
    let error = client(&[(
        0,
        "[ClientServices] id=2001: TypeError: 'this._listenerCallback[...].callback' is null or not an object",
    )]);
    assert_eq!(named(&trace(&[error], None)), BTreeSet::new());
}

#[test]
fn no_row_is_without_a_test() {
    let mut tested: BTreeSet<u8> = by_one_record().into_iter().map(|(row, ..)| row).collect();
    tested.extend([2, 3, 5, 6, 7, 10, 12, 13, 31, 33, 34, 35, 36, 40]);
    tested.extend(14..=23);
    assert_eq!(tested, ROWS.iter().map(|row| row.number).collect());
}
