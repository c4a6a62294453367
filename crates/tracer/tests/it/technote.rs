//! The document that the project starts from: its lines, in files as the servers keep them, told as a login.

use std::path::Path;

use serde_json::Value;
use tact_tracer::report::StepReport;
use tact_tracer::{Report, text, trace};

fn report() -> Report {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/technote");
    let sources = tact_tracer::input::read(&[folder]).expect("the lines of the document");
    trace(&sources, None)
}

fn step<'a>(report: &'a Report, id: &str) -> &'a StepReport {
    let steps = &report.logins[0].steps;
    steps.iter().find(|step| step.step == id).expect(id)
}

fn detail(report: &Report, id: &str, name: &str) -> Value {
    step(report, id).details[name].clone()
}

#[test]
fn the_login_of_agent_2001_is_found_whole() {
    let report = report();
    assert_eq!(report.logins.len(), 1);
    let login = &report.logins[0];
    assert_eq!(
        (
            login.agent.as_deref(),
            login.extension.as_deref(),
            login.verdict
        ),
        (Some("2001"), Some("2003"), "ok"),
        "{}",
        text::render(&report)
    );
    assert_eq!(login.steps.len(), 12);
    assert_eq!(report.unparsed.lines, 0);
    assert!(report.missing.is_empty() && report.findings.is_empty());
}

#[test]
fn its_times_and_ids_are_those_that_the_document_shows() {
    let report = report();
    assert_eq!(step(&report, "system_info").ms, Some(98));
    assert_eq!(detail(&report, "system_info", "web_ms"), 120);
    assert_eq!(detail(&report, "system_info", "gadget_ms"), 596);
    assert_eq!(
        detail(&report, "system_info", "nocache"),
        1_366_756_802_163_i64
    );
    assert_eq!(detail(&report, "user", "nocache"), 1_366_756_805_180_i64);
    assert_eq!(step(&report, "sign_in").ms, Some(8));
    let id = "6e210ca9-5786-43bc-babf-64a397a6057f";
    assert_eq!(detail(&report, "sign_in", "request_id"), id);
    assert_eq!(detail(&report, "cti_request", "invoke_id"), 20);
    assert_eq!(detail(&report, "cti_event", "dispatch_ms"), 1);
    assert_eq!(detail(&report, "publish", "request_id"), id);
    assert_eq!(step(&report, "publish").confidence, "exact");
    assert_eq!(step(&report, "deliver").confidence, "exact");
    // The CTI server's own line is evidence beside the server's.
    let files: Vec<_> = step(&report, "cti_event")
        .evidence
        .iter()
        .map(|at| &at.file)
        .collect();
    assert!(
        files.iter().any(|file| file.ends_with("ctisvr.txt")),
        "{files:?}"
    );
}

#[test]
fn its_one_retry_is_benign_and_its_javascript_error_too() {
    let report = report();
    assert_eq!(detail(&report, "event_channel", "retries"), 1);
    let least = detail(&report, "event_channel", "least_ms")
        .as_i64()
        .expect("ms");
    let most = detail(&report, "event_channel", "most_ms")
        .as_i64()
        .expect("ms");
    assert!((1_000..=2_200).contains(&least) && (least..=2_200).contains(&most));
    let kinds: Vec<_> = report.logins[0]
        .notes
        .iter()
        .map(|note| note.kind)
        .collect();
    assert_eq!(kinds, ["benign", "benign", "missing"]);
    let retry = &report.logins[0].notes[0];
    assert!(retry.text.starts_with("1 retry") && !retry.evidence.is_empty());
}

#[test]
fn its_clocks_are_bounded_and_its_steps_keep_their_order() {
    let report = report();
    assert_eq!(report.clocks.len(), 1);
    let clock = &report.clocks[0];
    assert_eq!((clock.min_ms, clock.max_ms), (-3_195, -2_375));
    let shown = text::render(&report);
    assert!(
        shown.contains("clock of 10.10.10.211: the server is ahead of it by 2.4 to 3.2 s"),
        "{shown}"
    );
    let times: Vec<_> = report.logins[0]
        .steps
        .iter()
        .map(|step| step.at_ms)
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] <= pair[1]), "{times:?}");
    // The one time that the server itself printed.
    assert_eq!(
        step(&report, "cti_event").at.as_deref(),
        Some("2013-04-23T22:40:08.374Z")
    );
}

#[test]
fn its_credentials_are_counted_in_two_files_and_shown_in_none() {
    let report = report();
    let files: Vec<_> = report.credentials.iter().map(|found| found.line).collect();
    assert_eq!(files, [3, 14]);
    let json = serde_json::to_string(&report).expect("json");
    assert!(!json.contains("MjAwMToyMDAx") && !text::render(&report).contains("MjAwMToyMDAx"));
}

#[test]
fn without_a_log_its_steps_go_missing_and_are_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/technote");
    let mut sources = tact_tracer::input::read(&[folder]).expect("the lines of the document");
    sources.retain(|source| !source.name.contains("ctisvr") && !source.name.contains("clientlogs"));
    let report = trace(&sources, None);
    let login = &report.logins[0];
    assert_eq!(login.verdict, "incomplete");
    assert!(
        login
            .steps
            .iter()
            .all(|step| step.step != "deliver" && step.step != "signed_in")
    );
    let shown = text::render(&report);
    assert!(
        shown.contains("no CTI server log given: cti_request to cti_event is one block"),
        "{shown}"
    );
    assert!(shown.contains("no client log given"), "{shown}");
    // Without a client's log nobody knows how its clock stands to the server's, and nothing is claimed.
    assert!(report.clocks.is_empty());
    assert_eq!(step(&report, "cti_event").ms, None);
}
