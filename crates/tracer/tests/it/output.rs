//! The page, the spans and the timeline, as browsers and tools read them.

use std::collections::BTreeSet;

use crate::bundle::{Answer, Bundle, START};
use serde_json::Value;
use tact_tracer::input::Source;
use tact_tracer::{Options, Report, html, otlp, perfetto, raw, trace, trace_with};

fn two() -> (Report, Vec<Source>) {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    bundle.login(START + 5_000, "2002", "9999", Answer::Failure(260), true);
    let sources = bundle.sources();
    (trace(&sources, None), sources)
}

#[test]
fn the_page_needs_nothing_else_and_links_every_step_to_its_lines() {
    let (report, sources) = two();
    let page = html::render(&report, &raw::of(&report, &sources));
    for foreign in ["http://", "https://", "src=", "<link", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains(&html::policy().replace('\'', "&#39;")));
    let after = |mark: &str| -> BTreeSet<String> {
        page.split(mark)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect()
    };
    let links = after("<a href=\"#");
    let ids = after("id=\"");
    assert_eq!(links.len(), 20, "{links:?}");
    assert!(links.is_subset(&ids), "{links:?} {ids:?}");
    // The failed one stands first and is open.
    let (first, second) = (
        page.find("Agent 2002").expect("2002"),
        page.find("Agent 2001").expect("2001"),
    );
    assert!(first < second);
    assert!(page.contains("class=\"exact broken\"") && page.contains("not reached"));
    assert!(page.contains("class=\"time-only\""));
    assert!(page.contains("AGENT_STATE_EVENT"));
    assert!(page.contains("%CCBU_pool-5-thread-4-6-MESSAGE_TO_CTI_SERVER"));
}

#[test]
fn a_line_with_a_script_stays_a_line() {
    let mut bundle = Bundle::default();
    let agent = "<script>alert(1)</script>";
    bundle.login(
        START,
        agent,
        "\"><img onerror=x>",
        Answer::Failure(260),
        false,
    );
    let mut sources = bundle.sources();
    sources.push(Source::new(
        "<b>.log".into(),
        b"%MIVR-SS_TEL-4-X: Unable to create provider -- Connection refused <script>x</script>"
            .to_vec(),
    ));
    let report = trace(&sources, None);
    assert_eq!(report.logins.len(), 1);
    let page = html::render(&report, &raw::of(&report, &sources));
    assert_eq!(page.matches("<script>").count(), 1, "only its own");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains("<img") && !page.contains("<b>.log"));
}

#[test]
fn credentials_of_raw_lines_are_masked_and_numbers_on_request() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/technote");
    let sources = tact_tracer::input::read(&[folder]).expect("the lines of the document");
    let report = trace(&sources, None);
    let page = html::render(&report, &raw::of(&report, &sources));
    assert!(page.contains("makeRequest") && !page.contains("MjAwMToyMDAx"));
    assert!(page.contains("2003"));
    let options = Options {
        hides_numbers: true,
        ..Options::default()
    };
    let json = serde_json::to_string(&trace_with(&sources, &options)).expect("json");
    assert!(
        !json.contains("\"2003\"") && json.contains("\"2001\""),
        "{json}"
    );
}

#[test]
fn spans_have_ids_of_the_right_size_and_parents() {
    let (report, _) = two();
    let spans = otlp::render(&report);
    let spans = spans["resourceSpans"][0]["scopeSpans"][0]["spans"]
        .as_array()
        .expect("spans")
        .clone();
    assert_eq!(spans.len(), 22);
    let mut ids = BTreeSet::new();
    for span in &spans {
        let text = |name: &str| span[name].as_str().unwrap_or_default().to_owned();
        assert_eq!((text("traceId").len(), text("spanId").len()), (32, 16));
        assert!(ids.insert(text("spanId")));
        let nanos = |name: &str| text(name).parse::<i64>().expect("nanoseconds");
        assert!(nanos("startTimeUnixNano") <= nanos("endTimeUnixNano"));
        assert!(nanos("startTimeUnixNano") > 1_366_000_000_000_000_000);
    }
    let roots = spans
        .iter()
        .filter(|span| span.get("parentSpanId").is_none());
    assert_eq!(roots.count(), 2);
    let broken: Vec<_> = spans
        .iter()
        .filter(|span| span["status"]["code"] == 2)
        .map(|span| &span["name"])
        .collect();
    assert_eq!(broken, ["login 2002", "cti_event"]);
    let attributes = spans
        .iter()
        .flat_map(|span| span["attributes"].as_array().expect("attributes"));
    let invoke = attributes.filter(|attribute| attribute["key"] == "cti.invoke_id");
    assert_eq!(invoke.count(), 2);
}

#[test]
fn the_trace_of_the_document_has_the_id_of_its_request() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/technote");
    let sources = tact_tracer::input::read(&[folder]).expect("the lines of the document");
    let spans = otlp::render(&trace(&sources, None));
    let id = &spans["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["traceId"];
    assert_eq!(id, "6e210ca9578643bcbabf64a397a6057f");
}

#[test]
fn the_timeline_has_a_process_for_each_login_and_a_slice_for_each_step() {
    let (report, _) = two();
    let timeline = perfetto::render(&report);
    let events = timeline["traceEvents"].as_array().expect("events");
    let of = |kind: &str| {
        events
            .iter()
            .filter(|event| event["ph"] == kind)
            .collect::<Vec<&Value>>()
    };
    assert_eq!(of("X").len(), 20);
    let processes: BTreeSet<i64> = of("X")
        .iter()
        .filter_map(|event| event["pid"].as_i64())
        .collect();
    assert_eq!(processes.len(), 2);
    assert!(
        of("M")
            .iter()
            .any(|event| event["args"]["name"] == "agent 2002: failed at cti_event")
    );
    assert!(
        of("X")
            .iter()
            .all(|event| event["dur"].as_i64() > Some(0) && event["tid"].as_i64() > Some(0))
    );
}

#[test]
fn the_json_names_its_schema_and_the_document_of_it_names_every_field() {
    let (report, _) = two();
    let json = serde_json::to_value(&report).expect("json");
    assert_eq!(json["schema"], "tact.trace/1");
    let document =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/trace-schema.md");
    let document = std::fs::read_to_string(document).expect("the document");
    let mut names = BTreeSet::new();
    collect(&json, &mut names);
    for name in names {
        assert!(
            document.contains(&format!("`{name}`")),
            "{name} is not in docs/trace-schema.md"
        );
    }
}

fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                names.insert(name.clone());
                collect(value, names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, names)),
        _ => {}
    }
}
