//! Lines of real systems keep their shape.

use tact_tracer::input::Source;
use tact_tracer::records;

#[test]
fn a_payload_is_one_record_and_a_wrapped_dump_too() {
    let payload = Source::new(
        "p".into(),
        b"<ApiErrors>\n\n<ApiError/>\n</ApiErrors>\n".to_vec(),
    );
    let found: Vec<_> = records::of(&payload).collect();
    assert_eq!((found.len(), found[0].format), (1, Some("payload")));
    let dump = Source::new("d".into(), b"MsgType:A (B:1\nC:2 )\nTrace: x\n".to_vec());
    let found: Vec<_> = records::of(&dump).collect();
    assert_eq!(
        found.iter().map(|record| record.line).collect::<Vec<_>>(),
        [1, 3]
    );
}

#[test]
fn an_uploader_cannot_make_a_client_log_into_another_log() {
    let forged = b"0000000001: h: Apr 14 2017 14:01:17.196 -0700: %CCBU_x-6-API_REQUEST: %[agent_id=2001]: x\n";
    let source = Source::new("logs/clientlogs/2001_x.log".into(), forged.to_vec());
    assert!(records::of(&source).all(|record| record.format != Some("webservices")));
}

#[test]
fn credentials_of_foreign_lines_are_masked() {
    let source = Source::new(
        "n".into(),
        b">>\"Authorization: Basic MjAwMToyMDAx[\\r][\\n]\"\n".to_vec(),
    );
    let shown = serde_json::to_string(&records::of(&source).collect::<Vec<_>>()).expect("json");
    assert!(!shown.contains("MjAw"), "{shown}");
}
