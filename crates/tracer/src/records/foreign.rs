//! The fields of a record of a product beside the desktop's server.

use serde_json::{Map, Value, json};
use tact_logline::format::Format;
use tact_logline::platform::{Platform, Stamp};
use tact_logline::procmon::Procmon;
use tact_logline::{audit, ctios, ece, platform, portico, procmon, redact, sdl, time, uccx, wrap};

use super::{Read, map, shown};

/// Its time, where its stamp has a zone, and its fields; `None` where its format's parser doesn't know it.
pub(super) fn read(format: Format, text: &str) -> Option<Read> {
    match format {
        Format::Uccx => {
            let record = uccx::parse(text)?;
            let fields = map([
                ("sequence", json!(record.sequence)),
                ("time", json!(record.stamp)),
                ("zone", json!(record.zone)),
                ("product", json!(record.product)),
                ("facility", json!(record.facility)),
                ("severity", json!(record.severity)),
                ("mnemonic", json!(record.mnemonic)),
                ("text", shown(&wrap::joined(record.text))),
            ]);
            Some((None, fields))
        }
        Format::Sdl => {
            let record = sdl::parse(text)?;
            let mut fields = map([
                ("sequence", json!(record.sequence)),
                ("time", json!(clock(record.time_of_day))),
                ("kind", json!(record.kind)),
            ]);
            let values: Vec<Value> = record.fields.iter().map(|field| shown(field)).collect();
            fields.insert("fields".to_owned(), Value::Array(values));
            Some((None, fields))
        }
        Format::CtiOs => {
            let record = ctios::parse(text)?;
            let fields = map([
                ("time", json!(record.stamp)),
                ("process_id", json!(record.process_id)),
                ("process", json!(record.process)),
                ("thread", json!(record.thread)),
                ("text", shown(&wrap::joined(record.text))),
            ]);
            Some((None, fields))
        }
        Format::Platform => Some((None, of_platform(&platform::parse(text)?))),
        Format::Procmon => Some((None, of_procmon(&procmon::parse(text)?))),
        Format::Ece => {
            let record = ece::parse(text)?;
            let parts: Vec<Value> = record.parts.iter().map(|part| shown(part)).collect();
            let fields = map([
                ("level", json!(record.level)),
                ("thread", json!(record.thread)),
                ("parts", Value::Array(parts)),
            ]);
            Some((Some(record.at), fields))
        }
        Format::Portico => {
            let record = portico::parse(text)?;
            let fields = map([
                ("sequence", json!(record.sequence)),
                ("host", json!(record.host)),
                ("operation", json!(record.operation)),
                ("level", json!(record.level)),
                ("thread", json!(record.thread)),
                ("text", shown(record.text)),
            ]);
            Some((Some(record.at), fields))
        }
        Format::Audit => {
            let record = audit::parse(text)?;
            let fields = map([
                ("time", json!(record.stamp)),
                ("user", json!(record.user)),
                ("method", json!(record.method)),
                ("url", json!(redact::line(record.url))),
                ("payload", shown(record.payload)),
            ]);
            Some((record.at, fields))
        }
        _ => None,
    }
}

/// `10:06:31:774`, without a date.
fn clock(time_of_day: i64) -> String {
    let mut stamp = String::new();
    time::write_process(time_of_day, 0, &mut stamp);
    stamp
}

fn of_platform(record: &Platform<'_>) -> Map<String, Value> {
    let stamped = |stamp: &Stamp<'_>| ("time", json!(stamp.text));
    match record {
        Platform::Log(log) => {
            let mut fields = map([
                stamped(&log.stamp),
                ("kind", json!("log")),
                ("level", json!(log.level)),
                ("code", json!(log.code)),
                ("thread", json!(log.thread)),
                ("text", shown(log.text)),
            ]);
            if let Some(command) = log.command() {
                fields.insert("command".to_owned(), shown(command));
            }
            fields
        }
        Platform::History {
            stamp,
            user,
            event,
            outcome,
        } => map([
            stamped(stamp),
            ("kind", json!("history")),
            ("user", json!(user)),
            ("event", json!(event)),
            ("outcome", json!(outcome)),
        ]),
        Platform::Listed { stamp, bytes, name } => map([
            stamped(stamp),
            ("kind", json!("listed")),
            ("bytes", json!(bytes)),
            ("name", json!(name)),
        ]),
        Platform::Syslog { stamp, host, text } => map([
            stamped(stamp),
            ("kind", json!("syslog")),
            ("host", json!(host)),
            ("text", shown(text)),
        ]),
        Platform::Command { text } => map([("kind", json!("command")), ("text", shown(text))]),
        Platform::Heading { text } => map([("kind", json!("heading")), ("text", shown(text))]),
    }
}

fn of_procmon(record: &Procmon<'_>) -> Map<String, Value> {
    match record {
        Procmon::Command(text) => map([("kind", json!("command")), ("text", shown(text))]),
        Procmon::Answer(text) => map([("kind", json!("answer")), ("text", shown(text))]),
        Procmon::Columns(text) => map([("kind", json!("columns")), ("text", shown(text))]),
        Procmon::Trace { time_of_day, text } => map([
            ("kind", json!("trace")),
            ("time", json!(clock(*time_of_day))),
            ("text", shown(text)),
        ]),
        Procmon::Instrument {
            extension,
            lines,
            registration,
            device,
            terminal,
        } => map([
            ("kind", json!("instrument")),
            ("extension", json!(extension)),
            ("lines", json!(lines)),
            ("registration", json!(registration)),
            ("device", json!(device)),
            ("terminal", json!(terminal)),
        ]),
    }
}
