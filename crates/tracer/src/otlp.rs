//! The result as OTLP/JSON: a trace for each login, a span for each step, times by the server's clock.
//!
//! The trace id is the login's requestId, which is a UUID and so has the right size; without one it is made of agent
//! and time. Attributes: `finesse.step`, `agent.id`, `cti.invoke_id`, `log.file`, `log.line`, `log.evidence`.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::report::{LoginReport, Report, StepReport};

const NS_PER_MS: i64 = 1_000_000;

/// One `ExportTraceServiceRequest`.
pub fn render(report: &Report) -> Value {
    let spans: Vec<Value> = report.logins.iter().flat_map(spans).collect();
    json!({
        "resourceSpans": [{
            "resource": { "attributes": [attribute("service.name", &json!("tact-trace"))] },
            "scopeSpans": [{
                "scope": { "name": crate::report::SCHEMA },
                "spans": spans
            }]
        }]
    })
}

fn spans(login: &LoginReport) -> Vec<Value> {
    let id = request_id(login);
    let trace = trace_id(login, id);
    let root = span_id(&trace, "login");
    let steps: Vec<&StepReport> = login
        .steps
        .iter()
        .filter(|step| step.at.is_some())
        .collect();
    let Some(begin) = steps.iter().map(|step| step.span().0).min() else {
        return Vec::new();
    };
    let end = steps
        .iter()
        .map(|step| step.span().1)
        .max()
        .unwrap_or(begin);
    let agent = login.agent.as_deref().unwrap_or_default();
    let mut attributes = vec![
        attribute("agent.id", &json!(agent)),
        attribute(
            "agent.extension",
            &json!(login.extension.as_deref().unwrap_or_default()),
        ),
        attribute("finesse.verdict", &json!(login.verdict)),
    ];
    attributes.extend(id.map(|id| attribute("finesse.request_id", &json!(id))));
    attributes.extend(
        login
            .cause
            .as_ref()
            .map(|cause| attribute("finesse.cause", &json!(cause))),
    );
    attributes.extend(
        login
            .fix
            .as_ref()
            .map(|fix| attribute("finesse.fix", &json!(fix))),
    );
    let is_failed = login.verdict == "failed";
    let mut all = vec![json!({
        "traceId": trace,
        "spanId": root,
        "name": format!("login {agent}"),
        "kind": 1,
        "startTimeUnixNano": nanos(begin),
        "endTimeUnixNano": nanos(end),
        "attributes": attributes,
        "status": status(is_failed, login.cause.as_deref()),
    })];
    for step in steps {
        let is_broken = login.broken_at == Some(step.step);
        let mut attributes = vec![
            attribute("finesse.step", &json!(step.step)),
            attribute("finesse.confidence", &json!(step.confidence)),
            attribute("agent.id", &json!(agent)),
        ];
        for (name, value) in &step.details {
            let name = match name.as_str() {
                "invoke_id" => "cti.invoke_id".to_owned(),
                other => format!("finesse.{other}"),
            };
            attributes.push(attribute(&name, value));
        }
        if let Some(first) = step.evidence.first() {
            attributes.push(attribute("log.file", &json!(first.file)));
            attributes.push(attribute("log.line", &json!(first.line)));
        }
        let evidence = step
            .evidence
            .iter()
            .map(|at| format!("{}:{}", at.file, at.line));
        let evidence: Vec<String> = evidence.collect();
        attributes.push(attribute("log.evidence", &json!(evidence.join("\n"))));
        all.push(json!({
            "traceId": trace,
            "spanId": span_id(&trace, step.step),
            "parentSpanId": root,
            "name": step.step,
            "kind": 1,
            "startTimeUnixNano": nanos(step.span().0),
            "endTimeUnixNano": nanos(step.span().1),
            "attributes": attributes,
            "status": status(is_broken, login.cause.as_deref()),
        }));
    }
    all
}

fn status(is_failed: bool, cause: Option<&str>) -> Value {
    if is_failed {
        json!({ "code": 2, "message": cause.unwrap_or_default() })
    } else {
        Value::Object(Map::new())
    }
}

fn request_id(login: &LoginReport) -> Option<&str> {
    let step = login.steps.iter().find(|step| step.step == "sign_in")?;
    step.details.get("request_id")?.as_str()
}

/// 32 hexadecimal digits.
fn trace_id(login: &LoginReport, id: Option<&str>) -> String {
    let plain: String = id
        .unwrap_or_default()
        .chars()
        .filter(|c| *c != '-')
        .collect::<String>()
        .to_ascii_lowercase();
    let is_id = plain.len() == 32
        && plain.bytes().all(|byte| byte.is_ascii_hexdigit())
        && plain.bytes().any(|byte| byte != b'0');
    if is_id {
        return plain;
    }
    let at = login.steps.first().map_or(0, |step| step.at_ms);
    let agent = login.agent.as_deref().unwrap_or_default();
    hex(&format!("{} {agent} {at}", id.unwrap_or_default()), 16)
}

fn span_id(trace: &str, step: &str) -> String {
    hex(&format!("{trace} {step}"), 8)
}

fn hex(text: &str, bytes: usize) -> String {
    let digest = Sha256::digest(text);
    digest
        .iter()
        .take(bytes)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The mapping of OTLP to JSON has 64-bit numbers as strings.
fn nanos(ms: i64) -> String {
    ms.saturating_mul(NS_PER_MS).to_string()
}

fn attribute(key: &str, value: &Value) -> Value {
    let value = match value {
        Value::Number(number) => json!({ "intValue": number.to_string() }),
        Value::Bool(flag) => json!({ "boolValue": flag }),
        Value::String(text) => json!({ "stringValue": text }),
        other => json!({ "stringValue": other.to_string() }),
    };
    json!({ "key": key, "value": value })
}
