//! The records themselves, as `tact logs parse` prints them: file, line, format, time and fields. Credentials in
//! foreign lines are masked.

mod fields;
mod foreign;

use std::collections::VecDeque;
use std::io;

use serde::Serialize;
use serde_json::{Map, Value};
use tact_logline::format::Format;
use tact_logline::record::Record;
use tact_logline::{platform, redact, time};

use crate::input::Source;
use crate::window::Windows;

/// One record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parsed<'a> {
    /// The file as given.
    pub file: &'a str,
    /// From 1.
    pub line: u64,
    /// `None` where no parser knows the record.
    pub format: Option<&'static str>,
    /// RFC 3339 in UTC; `None` where the record has no date.
    pub at: Option<String>,
    /// By name; an unknown record has `text`.
    pub fields: Map<String, Value>,
}

/// The records of one file, in order. A file that can't be read to its end ends in an error.
pub fn of(source: &Source) -> impl Iterator<Item = io::Result<Parsed<'_>>> {
    let mut windows = Windows::new(source);
    let mut ready = VecDeque::new();
    std::iter::from_fn(move || {
        loop {
            if let Some(parsed) = ready.pop_front() {
                return Some(parsed);
            }
            let stepped = match &mut windows {
                Ok(windows) => windows.step(|record| ready.push_back(Ok(parsed(source, record)))),
                Err(_) => std::mem::replace(&mut windows, Ok(Windows::nothing())).map(|_| false),
            };
            match stepped {
                Ok(true) => {}
                Ok(false) if ready.is_empty() => return None,
                Ok(false) => {}
                Err(error) => {
                    windows = Ok(Windows::nothing());
                    ready.push_back(Err(error));
                }
            }
        }
    })
}

fn parsed<'a>(source: &'a Source, record: Record<'_>) -> Parsed<'a> {
    let text = String::from_utf8_lossy(record.bytes);
    let (format, at, fields) = match known(source.format, &text, record.line == 1) {
        Some((format, (at, fields))) => (Some(format.name()), at.map(time::rfc3339), fields),
        None => (
            None,
            None,
            Map::from_iter([("text".to_owned(), shown(&text))]),
        ),
    };
    Parsed {
        file: &source.name,
        line: record.line,
        format,
        at,
        fields,
    }
}

type Read = (Option<i64>, Map<String, Value>);

/// The record by its file's format; in a session's copy the command stands in front of what it shows.
fn known(format: Option<Format>, text: &str, is_first: bool) -> Option<(Format, Read)> {
    let format = format?;
    if let Some(read) = fields::read(format, text, is_first) {
        return Some((format, read));
    }
    let is_command = matches!(
        platform::parse(text),
        Some(platform::Platform::Command { .. })
    );
    let read = fields::read(Format::Platform, text, false).filter(|_| is_command)?;
    Some((Format::Platform, read))
}

/// True when a parser knows the record.
pub(crate) fn is_known(format: Format, text: &str, is_first: bool) -> bool {
    known(Some(format), text, is_first).is_some()
}

fn shown(text: &str) -> Value {
    Value::String(redact::line(text).into_owned())
}

fn map(pairs: impl IntoIterator<Item = (&'static str, Value)>) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}
