//! Lines of real systems keep their shape.

use tact_tracer::input::Source;

use crate::{bytes_of, records_of};

#[test]
fn a_payload_is_one_record_and_a_wrapped_dump_too() {
    let payload = Source::new(
        "p".into(),
        b"<ApiErrors>\n\n<ApiError/>\n</ApiErrors>\n".to_vec(),
    );
    let found: Vec<_> = records_of(&payload);
    assert_eq!((found.len(), found[0].format), (1, Some("payload")));
    let dump = Source::new("d".into(), b"MsgType:A (B:1\nC:2 )\nTrace: x\n".to_vec());
    let found: Vec<_> = records_of(&dump);
    assert_eq!(
        found.iter().map(|record| record.line).collect::<Vec<_>>(),
        [1, 3]
    );
}

#[test]
fn an_uploader_cannot_make_a_client_log_into_another_log() {
    let forged = b"0000000001: h: Apr 14 2017 14:01:17.196 -0700: %CCBU_x-6-API_REQUEST: %[agent_id=2001]: x\n";
    let source = Source::new("logs/clientlogs/2001_x.log".into(), forged.to_vec());
    assert!(
        records_of(&source)
            .iter()
            .all(|record| record.format != Some("webservices"))
    );
}

#[test]
fn credentials_of_foreign_lines_are_masked() {
    let source = Source::new(
        "n".into(),
        b">>\"Authorization: Basic MjAwMToyMDAx[\\r][\\n]\"\n".to_vec(),
    );
    let shown = serde_json::to_string(&records_of(&source)).expect("json");
    assert!(!shown.contains("MjAw"), "{shown}");
}

/// The collected samples, where a checkout or one of its worktrees has them beside it.
pub(crate) fn collected() -> Vec<Source> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root
        .ancestors()
        .map(|above| above.join("shared/samples/logs"))
        .find(|folder| folder.is_dir());
    folder.map_or_else(Vec::new, |folder| {
        tact_tracer::input::read(&[folder]).expect("the samples")
    })
}

#[test]
fn collected_samples_are_read_line_by_line_without_a_panic() {
    for source in collected() {
        let lines = bytes_of(&source).split(|byte| *byte == b'\n').count() as u64;
        assert!(
            records_of(&source)
                .iter()
                .all(|record| (1..=lines).contains(&record.line))
        );
    }
    // Many of them are of other logins and of none; nothing is claimed of those that are whole but the document's own.
    let report = tact_tracer::trace(&collected(), None);
    let text = tact_tracer::text::render(&report);
    assert!(report.refused.is_empty(), "{text}");
    assert!(
        report
            .logins
            .iter()
            .filter(|login| login.verdict == "ok")
            .all(|login| login.agent.as_deref() == Some("2001")),
        "{text}"
    );
}

#[test]
fn the_login_of_the_document_is_found_as_far_as_its_lines_go() {
    let wanted = ["access-log-", "client-log-", "ctisvr-", "webservices-"];
    let all = collected();
    let names: Vec<_> = all.iter().map(|source| source.name.clone()).collect();
    let sources: Vec<_> = all
        .into_iter()
        .filter(|source| {
            wanted.iter().any(|kind| source.name.contains(kind)) && source.name.ends_with(".log")
        })
        // The article wrapped its lines; where there is a file with whole lines, that one counts.
        .filter(|source| {
            let whole = source.name.replace(".log", ".unwrapped.log");
            source.name.ends_with(".unwrapped.log") || !names.contains(&whole)
        })
        .collect();
    if sources.is_empty() {
        return;
    }
    let report = tact_tracer::trace(&sources, Some("2001"));
    let shown = tact_tracer::text::render(&report);
    assert_eq!(report.logins.len(), 1, "{shown}");
    let login = &report.logins[0];
    assert_eq!(
        (login.verdict, login.extension.as_deref()),
        ("ok", Some("2003")),
        "{shown}"
    );
    assert_eq!(login.steps.len(), 12, "{shown}");
    assert!(
        shown.contains("the server is ahead of it by 2.4 to 3.2 s"),
        "{shown}"
    );
}

/// What the article says of each excerpt that shows a fault, as rows of the diagnosis table; 0 for one that no row explains.
const DIAGNOSES: [(&str, &[u8]); 14] = [
    ("ccbu-other-04.log", &[0]),
    ("icm-proc-04.log", &[30]),
    ("mivr-06.log", &[25]),
    ("mivr-07.log", &[26]),
    ("mivr-08.log", &[27]),
    ("mivr-11.log", &[27]),
    ("mivr-14.log", &[41]),
    ("notification-payload-01.log", &[5]),
    ("notification-payload-02.log", &[19]),
    ("notification-payload-04.log", &[4]),
    ("notification-payload-06.log", &[0]),
    ("procmon-01.log", &[19]),
    ("realm-01.log", &[1]),
    ("vos-cli-03.log", &[40]),
];

#[test]
fn each_excerpt_is_diagnosed_as_its_article_does_and_the_others_as_nothing() {
    for source in collected() {
        let name = source
            .name
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        if !name.ends_with(".log") {
            continue;
        }
        let report = tact_tracer::trace(&[source], None);
        let found: Vec<u8> = report
            .findings
            .iter()
            .map(|finding| finding.row.unwrap_or(0))
            .collect();
        let known = DIAGNOSES.iter().find(|(known, _)| *known == name);
        match known {
            Some((_, rows)) => assert_eq!(&found, rows, "{name}"),
            // History and healthy excerpts: nothing failed there.
            None => assert!(
                found.iter().all(|row| matches!(row, 0 | 40)),
                "{name}: {found:?}"
            ),
        }
        assert!(!report.has_failure(), "{name}");
    }
}

#[test]
fn a_log_that_is_still_empty_was_given() {
    let empty = Source::new("logs/ctisvr/cg1A-ctisvr.log".into(), Vec::new());
    let shown = tact_tracer::trace(&[empty], None).missing.join("\n");
    assert!(
        shown.contains("the CTI server log is still empty") && !shown.contains("no CTI server log"),
        "{shown}"
    );
    assert!(shown.contains("no client log given"), "{shown}");
}
