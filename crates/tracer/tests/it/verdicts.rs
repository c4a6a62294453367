//! Each way in which a login ends.

use crate::bundle::{Answer, Bundle, START};
use tact_tracer::report::{LoginReport, Report};
use tact_tracer::{text, trace};

fn ids(login: &LoginReport) -> Vec<&'static str> {
    login.steps.iter().map(|step| step.step).collect()
}

#[expect(
    clippy::expect_used,
    reason = "a test helper; the assertion above it says why"
)]
fn only(report: &Report) -> &LoginReport {
    assert_eq!(report.logins.len(), 1, "{}", text::render(report));
    report.logins.first().expect("one login")
}

#[test]
fn a_healthy_login_has_all_twelve_steps() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    let report = trace(&bundle.sources(), None);
    let login = only(&report);
    assert_eq!(
        (login.verdict, login.steps.len()),
        ("ok", 12),
        "{}",
        text::render(&report)
    );
    assert_eq!(
        (login.agent.as_deref(), login.extension.as_deref()),
        (Some("2001"), Some("2003"))
    );
    let step = |id: &str| {
        login
            .steps
            .iter()
            .find(|step| step.step == id)
            .expect("found")
    };
    assert_eq!(step("system_info").confidence, "exact");
    assert_eq!(step("sign_in").ms, Some(2));
    assert_eq!(step("cti_request").evidence.len(), 2);
    assert_eq!(step("publish").confidence, "exact");
    assert_eq!(report.unparsed.lines, 0);
    let clock = report.clocks.first().expect("a clock");
    assert!(
        clock.min_ms <= 0 && clock.max_ms >= 0 && clock.max_ms - clock.min_ms < 20,
        "{clock:?}"
    );
    let json = serde_json::to_value(&report).expect("json");
    assert_eq!(
        json["logins"][0]["steps"][1]["at"],
        "2013-04-23T22:40:02.173Z"
    );
    assert_eq!(json["logins"][0]["broken_at"], serde_json::Value::Null);
    assert!(json.get("missing").is_none() && json["logins"][0]["steps"][0].get("at_ms").is_none());
}

#[test]
fn a_foreign_client_misses_only_what_it_does_not_do() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    bundle.login(START + 5_000, "2002", "3002", Answer::Event, false);
    let report = trace(&bundle.sources(), Some("2002"));
    let login = only(&report);
    assert_eq!(login.verdict, "incomplete");
    let expected = [
        "system_info",
        "event_channel",
        "presence",
        "user",
        "sign_in",
        "cti_request",
        "cti_event",
        "publish",
        "agent_data",
    ];
    assert_eq!(ids(login), expected);
}

#[test]
fn a_wrong_password_breaks_the_channel() {
    let mut bundle = Bundle::default();
    bundle.page(START);
    bundle.system_info(START + 10);
    bundle.wrong_password(START + 50, "2001");
    let report = trace(&bundle.sources(), None);
    let login = only(&report);
    assert_eq!(
        (login.verdict, login.broken_at, login.agent.as_deref()),
        ("failed", Some("event_channel"), Some("2001"))
    );
    assert_eq!(ids(login), ["desktop", "system_info", "event_channel"]);
    assert!(report.has_failure() && login.fix.is_some());
}

#[test]
fn an_extension_that_is_no_device_is_refused_by_the_cti_server() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "9999", Answer::Failure(260), true);
    let report = trace(&bundle.sources(), None);
    let login = only(&report);
    assert_eq!(
        (login.verdict, login.broken_at),
        ("failed", Some("cti_event"))
    );
    let cause = "CF_INVALID_LOGON_DEVICE_SPECIFIED (260): the CTI server knows no device for extension 9999";
    assert_eq!(login.cause.as_deref(), Some(cause));
}

#[test]
fn silence_fails_only_when_the_log_goes_on() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Silence, false);
    assert_eq!(only(&trace(&bundle.sources(), None)).verdict, "incomplete");
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Silence, false);
    bundle.system_info(START + 60_000);
    assert_eq!(
        only(&trace(&bundle.sources(), None)).broken_at,
        Some("cti_event")
    );
}

#[test]
fn a_desktop_without_a_cti_server_stops_at_system_info() {
    let mut bundle = Bundle::default();
    bundle.link(START - 60_000, true);
    bundle.link(START - 10_000, false);
    bundle.page(START);
    bundle.system_info(START + 10);
    let report = trace(&bundle.sources(), None);
    let login = only(&report);
    assert_eq!(
        (login.verdict, login.broken_at),
        ("failed", Some("system_info"))
    );
    assert!(
        login
            .cause
            .as_deref()
            .is_some_and(|cause| cause.contains("CTI_CONNECTION_LOST"))
    );
}

#[test]
fn twenty_agents_in_one_millisecond_are_not_mixed() {
    let mut bundle = Bundle::default();
    for n in 1..=20 {
        bundle.login(
            START,
            &format!("{}", 2000 + n),
            &format!("{}", 3000 + n),
            Answer::Event,
            false,
        );
    }
    let report = trace(&bundle.sources(), None);
    assert_eq!(report.logins.len(), 20);
    let mut seen = std::collections::BTreeSet::new();
    for (login, n) in report.logins.iter().zip(1..) {
        assert_eq!(
            login.agent.as_deref(),
            Some(format!("{}", 2000 + n).as_str())
        );
        assert_eq!(login.steps.len(), 9, "{}", text::render(&report));
        for evidence in login.steps.iter().flat_map(|step| &step.evidence) {
            assert!(
                seen.insert((evidence.file.clone(), evidence.line)),
                "used twice: {evidence:?}"
            );
        }
    }
}

#[test]
fn a_second_login_of_one_agent_has_its_own_steps() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    bundle.login(START + 60_000, "2001", "2003", Answer::Event, true);
    let report = trace(&bundle.sources(), None);
    let verdicts: Vec<_> = report
        .logins
        .iter()
        .map(|login| (login.verdict, login.steps.len()))
        .collect();
    assert_eq!(
        verdicts,
        [("ok", 12), ("ok", 12)],
        "{}",
        text::render(&report)
    );
}

#[test]
fn the_text_names_what_was_not_given() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    let sources: Vec<_> = bundle
        .sources()
        .into_iter()
        .filter(|source| !source.name.contains("ctisvr"))
        .collect();
    let shown = text::render(&trace(&sources, None));
    assert!(
        shown.contains("no CTI server log given: cti_request to cti_event is one block"),
        "{shown}"
    );
}
