//! Which page load and which SystemInfo belong to whom.

use crate::bundle::{Answer, Bundle, START};
use tact_tracer::report::{LoginReport, Report};
use tact_tracer::{text, trace};

fn line(login: &LoginReport, id: &str) -> Option<(String, u64)> {
    let step = login.steps.iter().find(|step| step.step == id)?;
    let first = step.evidence.first()?;
    Some((first.file.clone(), first.line))
}

fn verdicts(report: &Report) -> Vec<(&'static str, usize)> {
    report
        .logins
        .iter()
        .map(|login| (login.verdict, login.steps.len()))
        .collect()
}

#[test]
fn a_second_try_on_the_same_page_shares_its_load() {
    let mut bundle = Bundle::default();
    bundle.page(START);
    bundle.system_info(START + 10);
    bundle.wrong_password(START + 50, "2001");
    let second = START + 7_000;
    bundle.login(second, "2001", "2003", Answer::Event, false);
    let mut said = Bundle::said(START, "2001", "2003");
    said.truncate(2);
    said.push((
        START + 55,
        "[ClientServices] MasterPublisher._connInfoHandler() - Connection status: unauthorized"
            .to_owned(),
    ));
    said.extend(Bundle::said(second, "2001", "2003"));
    bundle.told("2001", second, &said);
    let report = trace(&bundle.sources(), None);
    assert_eq!(
        verdicts(&report),
        [("failed", 3), ("ok", 12)],
        "{}",
        text::render(&report)
    );
    let [failed, good] = report.logins.as_slice() else {
        panic!("two logins")
    };
    assert_eq!(failed.broken_at, Some("event_channel"));
    assert_eq!(line(failed, "desktop"), line(good, "desktop"));
    assert_ne!(line(failed, "system_info"), line(good, "system_info"));
}

#[test]
fn a_page_that_stays_open_serves_the_next_login_too() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    let second = START + 60_000;
    bundle.login(second, "2001", "2003", Answer::Event, false);
    let mut said = Bundle::said(START, "2001", "2003");
    said.extend(Bundle::said(second, "2001", "2003"));
    bundle.told("2001", second, &said);
    let report = trace(&bundle.sources(), None);
    assert_eq!(
        verdicts(&report),
        [("ok", 12), ("ok", 12)],
        "{}",
        text::render(&report)
    );
    assert_eq!(
        line(&report.logins[0], "desktop"),
        line(&report.logins[1], "desktop")
    );
}

#[test]
fn three_wrong_passwords_are_three_failed_logins() {
    for own_pages in [true, false] {
        let mut bundle = Bundle::default();
        bundle.page(START);
        for n in 0..3 {
            let at = START + n * 700;
            if own_pages && n > 0 {
                bundle.page(at);
            }
            bundle.system_info(at + 10);
            bundle.wrong_password(at + 50, "2001");
        }
        let report = trace(&bundle.sources(), None);
        assert_eq!(
            verdicts(&report),
            [("failed", 3); 3],
            "{}",
            text::render(&report)
        );
        let loads: std::collections::BTreeSet<_> = report
            .logins
            .iter()
            .map(|login| line(login, "desktop"))
            .collect();
        assert_eq!(loads.len(), if own_pages { 3 } else { 1 });
    }
}

#[test]
fn twenty_desktops_in_one_millisecond_are_not_mixed() {
    let mut bundle = Bundle::default();
    for n in 1..=20 {
        bundle.login(
            START,
            &format!("{}", 2000 + n),
            &format!("{}", 3000 + n),
            Answer::Event,
            true,
        );
    }
    let report = trace(&bundle.sources(), None);
    assert_eq!(
        verdicts(&report),
        [("ok", 12); 20],
        "{}",
        text::render(&report)
    );
    let mut seen = std::collections::BTreeSet::new();
    for evidence in report
        .logins
        .iter()
        .flat_map(|login| &login.steps)
        .flat_map(|step| &step.evidence)
    {
        assert!(
            seen.insert((&evidence.file, evidence.line)),
            "used twice: {evidence:?}"
        );
    }
}

#[test]
fn a_client_without_a_log_is_not_given_the_page_of_one_with_a_log() {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    bundle.login(START + 1, "2002", "3002", Answer::Event, false);
    let report = trace(&bundle.sources(), None);
    assert_eq!(
        verdicts(&report),
        [("ok", 12), ("incomplete", 9)],
        "{}",
        text::render(&report)
    );
    assert_eq!(line(&report.logins[1], "desktop"), None);
}

#[test]
fn a_refused_put_breaks_sign_in_and_a_password_refused_at_rest_is_no_login() {
    let mut bundle = Bundle::default();
    bundle.refused_put(START, "2001", 503);
    let report = trace(&bundle.sources(), None);
    assert_eq!(report.logins.len(), 1);
    assert_eq!(report.logins[0].broken_at, Some("sign_in"));
    assert!(
        report.logins[0]
            .cause
            .as_deref()
            .is_some_and(|cause| cause.starts_with("answered 503"))
    );
}

#[test]
fn a_desktop_that_was_told_out_of_service_breaks_at_system_info() {
    let mut bundle = Bundle::default();
    bundle.page(START);
    bundle.system_info(START + 10);
    let mut said = Bundle::said(START, "2001", "2003");
    said.truncate(2);
    said.push((
        START + 15,
        "PageServices.init().onLoad: System info status: OUT_OF_SERVICE".to_owned(),
    ));
    bundle.told("2001", START, &said);
    let report = trace(&bundle.sources(), None);
    assert_eq!(
        verdicts(&report),
        [("failed", 2)],
        "{}",
        text::render(&report)
    );
    let login = &report.logins[0];
    assert_eq!(
        (login.agent.as_deref(), login.broken_at),
        (Some("2001"), Some("system_info"))
    );
}
