//! The fields of a record of a format that the tracer joins logins from.

use serde_json::{Value, json};
use tact_logline::client::{self, When};
use tact_logline::format::Format;
use tact_logline::{access, ctisvr, notification, realm, redact, time, webservices, wrap};

use super::{Read, foreign, map, shown};

/// Its time and fields; `None` where its format's parser doesn't know it.
pub(super) fn read(format: Format, text: &str, is_first: bool) -> Option<Read> {
    match format {
        Format::Webservices => {
            let plain = wrap::joined(text);
            let record = webservices::parse(&plain)?;
            let mut fields = map([
                ("sequence", json!(record.sequence)),
                ("host", json!(record.host)),
                ("thread", json!(record.thread)),
                ("severity", json!(record.severity)),
                ("mnemonic", json!(record.mnemonic)),
                ("message", shown(record.message)),
            ]);
            for (key, value) in &record.items {
                // A key may repeat: then its values become a list.
                match fields.get_mut(*key) {
                    Some(Value::Array(values)) => values.push(shown(value)),
                    Some(first) => *first = json!([first.clone(), shown(value)]),
                    None => _ = fields.insert((*key).to_owned(), shown(value)),
                }
            }
            Some((record.at.map(|(at, _)| at), fields))
        }
        Format::Access => {
            let plain = wrap::access(text);
            let line = access::parse(&plain)?;
            let query = redact::query(line.query);
            let fields = map([
                ("client", json!(line.client)),
                ("user", json!(line.user)),
                ("port", json!(line.port)),
                ("method", json!(line.method)),
                ("path", json!(line.path)),
                ("query", json!(query)),
                ("protocol", json!(line.protocol)),
                ("status", json!(line.status)),
                ("bytes", json!(line.bytes)),
                ("elapsed_ms", json!(line.elapsed_ms)),
            ]);
            Some((line.at, fields))
        }
        Format::Realm => {
            let line = realm::parse(text)?;
            let fields = map([
                ("uptime_ms", json!(line.uptime_ms)),
                ("thread", json!(line.thread)),
                ("level", json!(line.level)),
                ("text", shown(line.text)),
            ]);
            Some((Some(line.at), fields))
        }
        Format::Notification => {
            let line = notification::parse(text)?;
            let fields = map([
                ("level", json!(line.level)),
                ("thread", json!(line.thread)),
                ("class", json!(line.class)),
                ("text", shown(line.text)),
            ]);
            Some(((!line.is_bare()).then_some(line.at), fields))
        }
        Format::Ctisvr => {
            let parsed = ctisvr::parse(text)?;
            let mut stamp = String::new();
            time::write_process(parsed.entry.at, 0, &mut stamp);
            let mut fields = map([
                (
                    "time",
                    if parsed.has_time {
                        json!(stamp)
                    } else {
                        Value::Null
                    },
                ),
                ("process", json!(parsed.entry.process)),
                ("session", json!(parsed.entry.session)),
            ]);
            match &parsed.entry.body {
                ctisvr::Body::Trace(text) => _ = fields.insert("trace".to_owned(), shown(text)),
                ctisvr::Body::Message { name, fields: list } => {
                    fields.insert("message".to_owned(), json!(name));
                    let values = list.iter().map(|(key, value)| match value {
                        ctisvr::Value::Number(number) => (key.to_string(), json!(number)),
                        other => (key.to_string(), shown(&other.text())),
                    });
                    fields.insert("message_fields".to_owned(), Value::Object(values.collect()));
                }
            }
            Some((None, fields))
        }
        Format::Client => {
            let plain = client::unescaped(text);
            let Some(entry) = client::parse(&plain) else {
                // The first line of a submitted log is the browser's name.
                return is_first.then(|| (None, map([("user_agent", shown(&plain))])));
            };
            let mut stamp = String::new();
            let (at, clock) = match entry.when {
                When::Client { at, .. } => (Some(at), Value::Null),
                When::TimeOfDay(ms) => {
                    time::write_process(ms, 0, &mut stamp);
                    (None, json!(stamp.get(..8)))
                }
                When::Unknown => (None, Value::Null),
            };
            let fields = map([
                ("time", clock),
                ("session", json!(entry.session)),
                ("host", json!(entry.host)),
                (
                    "server_at",
                    json!(entry.server.map(|(at, _)| time::rfc3339(at))),
                ),
                ("gadget", json!(entry.gadget)),
                ("text", shown(entry.text)),
            ]);
            Some((at, fields))
        }
        Format::Payload => Some((None, map([("payload", shown(text))]))),
        Format::Uccx
        | Format::Sdl
        | Format::CtiOs
        | Format::Platform
        | Format::Procmon
        | Format::Ece
        | Format::Portico
        | Format::Audit => foreign::read(format, text),
    }
}
