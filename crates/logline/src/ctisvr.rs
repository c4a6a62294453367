//! The CTI server's process log (logs.md 2.7): a time of day without date or zone, a process, a session, and a
//! message dump or a trace text.

use crate::{neutral, redact, time, wrap};
use std::borrow::Cow;
use std::fmt::Write as _;

/// One entry of the CTI server's log, without date or zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Milliseconds since 1970; only the time of day is written.
    pub at: i64,
    /// Such as `cg1A-ctisvr`.
    pub process: Cow<'a, str>,
    /// The session that sent or gets the message.
    pub session: Option<u32>,
    /// What is logged.
    pub body: Body<'a>,
}

/// The text of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body<'a> {
    /// `MsgType:<NAME> (Key:Value ...)`, wrapped over several lines.
    Message {
        /// The wire name, such as `SET_AGENT_STATE_REQ`.
        name: Cow<'a, str>,
        /// The fields in wire order.
        fields: Vec<(Cow<'a, str>, Value<'a>)>,
    },
    /// `Trace: text`.
    Trace(Cow<'a, str>),
}

/// A field's value as the CTI server prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// Decimal.
    Number(i64),
    /// `0x1b65f`: invoke ids, call ids, masks.
    Hex(u64),
    /// A name such as `NOT_READY`.
    Name(Cow<'a, str>),
    /// `"quoted"`.
    Text(Cow<'a, str>),
}

/// Columns after which a message dump goes on in the next line.
const WRAP: usize = 120;

/// Writes one entry. A message is wrapped over several lines that repeat the prefix and are indented, closed by ` )`.
pub fn write(entry: &Entry<'_>, offset_minutes: i32, out: &mut String) {
    let mut prefix = String::with_capacity(48);
    time::write_process(entry.at, offset_minutes, &mut prefix);
    // Writing to a String can't fail, here and below.
    _ = write!(prefix, " {} ", neutral::word(&entry.process));
    if let Some(session) = entry.session {
        _ = write!(prefix, "Session {session}: ");
    }
    out.push_str(&prefix);
    match &entry.body {
        Body::Trace(text) => _ = writeln!(out, "Trace: {}", neutral::line(&redact::line(text))),
        Body::Message { name, fields } => {
            _ = write!(out, "MsgType:{} (", neutral::part(name));
            let mut line_from = out.len() - prefix.len();
            let mut field = String::with_capacity(64);
            for (key, value) in fields {
                field.clear();
                write_field(key, value, &mut field);
                if out.len() + field.len() - line_from > WRAP + prefix.len() {
                    out.push('\n');
                    line_from = out.len();
                    out.push_str(&prefix);
                    out.push_str("  ");
                }
                out.push_str(&field);
                out.push(' ');
            }
            out.push_str(")\n");
        }
    }
}

fn write_field(key: &str, value: &Value<'_>, out: &mut String) {
    _ = match value {
        Value::Number(number) => write!(out, "{}:{number}", key_word(key)),
        Value::Hex(number) => write!(out, "{}:{number:#x}", key_word(key)),
        Value::Name(name) => write!(out, "{}:{}", key_word(key), name_word(name)),
        Value::Text(text) if key.to_ascii_lowercase().contains("password") && !text.is_empty() => {
            write!(out, "{}:\"{}\"", key_word(key), redact::MASK)
        }
        Value::Text(text) => write!(out, "{}:\"{}\"", key_word(key), neutral::quoted(text)),
    };
}

fn key_word(key: &str) -> String {
    neutral::key(&neutral::word(key)).replace(['(', ')', '"'], "_")
}

/// A name is one word, or flags: `<0x38> <A,B>`.
fn name_word(name: &str) -> Cow<'_, str> {
    if flags(name) == Some(name.len()) {
        Cow::Borrowed(name)
    } else {
        neutral::word(name)
    }
}

/// The length of `<..>` or `<..> <..>` at the front.
fn flags(text: &str) -> Option<usize> {
    let angle = |from: usize| -> Option<usize> {
        let rest = text.get(from..)?.strip_prefix('<')?;
        let end = rest.find(|c: char| c == '>' || c == '<' || c == '"' || c.is_control())?;
        rest.get(end..)?.starts_with('>').then_some(from + end + 2)
    };
    let first = angle(0)?;
    Some(
        angle(first + 1)
            .filter(|_| text.as_bytes().get(first) == Some(&b' '))
            .unwrap_or(first),
    )
}

/// Where the head of a line of any process of a peripheral gateway ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// Milliseconds since midnight, local time of the gateway; `None` where an article cut it.
    pub time_of_day: Option<i64>,
    /// Such as `cg1A-ctisvr`; empty where it was cut.
    pub process: &'a str,
    /// The session of `Session 1:` or `SESSION 1:`.
    pub session: Option<u32>,
    /// The text behind, with its indent.
    pub text: &'a str,
}

/// Reads the head of one line; `None` when neither a time with a process nor a bare `Trace:` or `MsgType:` begins it.
pub fn head(line: &str) -> Option<Head<'_>> {
    let line = line.trim_end_matches(['\n', '\r']);
    if line.starts_with("Trace: ") || line.starts_with("MsgType:") {
        return Some(Head {
            time_of_day: None,
            process: "",
            session: None,
            text: line,
        });
    }
    let (time_of_day, rest) = match time::parse_process(line.as_bytes()) {
        Some((time, length)) => (Some(time), line.get(length..)?.strip_prefix(' ')?),
        None => (None, line),
    };
    let (process, rest) = rest.split_once(' ')?;
    let (node, name) = process.split_once('-')?;
    let is_process = !node.is_empty()
        && node.bytes().all(|b| b.is_ascii_alphanumeric())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if !is_process {
        return None;
    }
    let behind = rest
        .strip_prefix("Session ")
        .or_else(|| rest.strip_prefix("SESSION "));
    if let Some((number, text)) = behind.and_then(|behind| behind.split_once(':'))
        && let Ok(number) = number.trim().parse()
    {
        let text = text.strip_prefix(' ').unwrap_or(text);
        return Some(Head {
            time_of_day,
            process,
            session: Some(number),
            text,
        });
    }
    // Without a time a hyphenated word proves little, so a known label must follow.
    let is_labelled = ["Trace:", "Fail:", "MsgType:"]
        .iter()
        .any(|label| rest.starts_with(label));
    (time_of_day.is_some() || is_labelled).then_some(Head {
        time_of_day,
        process,
        session: None,
        text: rest,
    })
}

/// One entry as it was read: the time of day has no date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<'a> {
    /// The entry; `at` is milliseconds since midnight, local time of the gateway, and 0 where the time was cut.
    pub entry: Entry<'a>,
    /// False where the time was cut.
    pub has_time: bool,
}

/// Reads one entry with the lines that continue it; `None` when it isn't one. Text that is neither `MsgType:` nor
/// `Trace:` (an orphaned end of a dump, `Fail: ...`) is kept as [`Body::Trace`].
pub fn parse(record: &str) -> Option<Parsed<'_>> {
    let mut lines = record.lines();
    let line = lines.next()?;
    let first = head(line)?;
    let text = first.text.trim_start();
    let body = match text.strip_prefix("MsgType:") {
        Some(dump) => {
            let mut joined = Cow::Borrowed(dump);
            for line in lines {
                let more = head(line).map_or(line, |head| head.text);
                let joined = joined.to_mut();
                if !joined.ends_with(' ') {
                    joined.push(' ');
                }
                joined.push_str(more.trim_start());
            }
            message(&joined)
        }
        None => {
            let text = text
                .strip_prefix("Trace:")
                .map_or(text, |text| text.strip_prefix(' ').unwrap_or(text));
            // The text is the end of the first line; the other lines follow it in the record.
            let from = line.trim_end_matches(['\n', '\r']).len() - text.len();
            let whole = record.get(from..).unwrap_or(text);
            Body::Trace(wrap::joined(whole.trim_end_matches(['\n', '\r'])))
        }
    };
    let entry = Entry {
        at: first.time_of_day.unwrap_or(0),
        process: Cow::Borrowed(first.process),
        session: first.session,
        body,
    };
    Some(Parsed {
        entry,
        has_time: first.time_of_day.is_some(),
    })
}

fn message<'a>(dump: &str) -> Body<'a> {
    let (name, mut rest) = dump.split_once(" (").unwrap_or((dump.trim_end(), ""));
    let name = Cow::Owned(name.trim().to_owned());
    let mut fields = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with(')') {
            break;
        }
        let Some((key, after)) = rest.split_once(':') else {
            break;
        };
        // An article's line break may stand between the colon and the value.
        let after = after.trim_start();
        let (value, behind) = read_value(after);
        fields.push((Cow::Owned(key.trim().to_owned()), value));
        rest = behind;
    }
    Body::Message { name, fields }
}

fn read_value<'a>(text: &str) -> (Value<'a>, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        let end = quoted.find('"').unwrap_or(quoted.len());
        let value = quoted.get(..end).unwrap_or_default().to_owned();
        return (
            Value::Text(Cow::Owned(value)),
            quoted.get(end + 1..).unwrap_or_default(),
        );
    }
    let end = flags(text).unwrap_or_else(|| text.find(char::is_whitespace).unwrap_or(text.len()));
    let (word, rest) = (
        text.get(..end).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    let is_number = word
        .strip_prefix('-')
        .unwrap_or(word)
        .bytes()
        .all(|b| b.is_ascii_digit());
    let value = match word
        .strip_prefix("0x")
        .and_then(|hex| u64::from_str_radix(hex, 16).ok())
    {
        Some(number) => Value::Hex(number),
        None => match word.parse() {
            Ok(number) if is_number => Value::Number(number),
            _ => Value::Name(Cow::Owned(word.to_owned())),
        },
    };
    (value, rest)
}

impl Body<'_> {
    /// The value of a message's first field of this name.
    pub fn field(&self, key: &str) -> Option<&Value<'_>> {
        match self {
            Body::Message { fields, .. } => fields
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            Body::Trace(_) => None,
        }
    }
}

impl Value<'_> {
    /// The value as text, numbers in the base in which the log prints them.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Value::Number(number) => Cow::Owned(number.to_string()),
            Value::Hex(number) => Cow::Owned(format!("{number:#x}")),
            Value::Name(text) | Value::Text(text) => Cow::Borrowed(text),
        }
    }

    /// The value as a number.
    pub fn number(&self) -> Option<i64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Hex(number) => i64::try_from(*number).ok(),
            Value::Name(_) | Value::Text(_) => None,
        }
    }
}

/// `HH:MM:SS[:mmm] node-process `, or a bare `Trace: ` or `MsgType:`.
pub(crate) fn begins(line: &[u8]) -> bool {
    let line = line.get(..160).unwrap_or(line);
    let text = line.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    crate::ctisvr::head(text).is_some()
}

/// Where another record starts behind `from` in the line that ends at `end`, outside of quotes. A dump and a trace that
/// lost their heads are divided at the next label.
pub(crate) fn glued(bytes: &[u8], record: usize, from: usize, end: usize) -> Option<usize> {
    let line = bytes.get(..end)?;
    let is_quoted = |at: usize| {
        let quotes = line
            .get(record..at)
            .map(|own| own.iter().filter(|byte| **byte == b'"').count());
        quotes.is_none_or(|quotes| quotes % 2 == 1)
    };
    let own = line.get(record..)?;
    let is_bare = own.starts_with(b"Trace: ") || own.starts_with(b"MsgType:");
    let labels: [&[u8]; 2] = [b"Trace: ", b"MsgType:"];
    let bare = labels
        .into_iter()
        .filter(|_| is_bare)
        .filter_map(|label| {
            memchr::memmem::find_iter(line.get(from..)?, label)
                .map(|found| from + found)
                .find(|at| {
                    let before = at.checked_sub(1).and_then(|before| line.get(before));
                    matches!(before, Some(b' ' | b')')) && !is_quoted(*at)
                })
        })
        .min();
    let dated = memchr::memchr_iter(b':', line.get(from..)?).find_map(|found| {
        let at = (from + found).checked_sub(2).filter(|at| *at >= from)?;
        let before = at.checked_sub(1).and_then(|before| line.get(before));
        let stands_apart = matches!(before, Some(b' ' | b')'));
        let rest = line.get(at..)?;
        let is_head = stands_apart
            && time::parse_process(rest).is_some_and(|(_, length)| length == 12)
            && begins(rest);
        (is_head && !is_quoted(at)).then_some(at)
    });
    [bare, dated].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_of_the_samples() {
        let line = "10:06:31:759 cg1a-ctisvr Session 1: MsgType:MAKE_AGENT_READY_IND (InvokeID:0xa234 MRDID:5001 MakeRoutable:True )";
        let parsed = parse(line).expect("an entry");
        assert_eq!(
            (parsed.entry.at, parsed.entry.session),
            (36_391_759, Some(1))
        );
        assert_eq!(
            parsed.entry.body.field("InvokeID"),
            Some(&Value::Hex(41_524))
        );
        assert_eq!(
            parsed.entry.body.field("MakeRoutable"),
            Some(&Value::Name("True".into()))
        );
        let orphan =
            parse("10:06:31:774 cg1a-ctisvr Session 8: SkillGroupNumber:117497 SkillGroupID:5006")
                .expect("kept");
        assert!(matches!(orphan.entry.body, Body::Trace(_)));
        assert!(parse("pg1A-pgag Fail: Assertion failed").is_some());
        assert!(parse("a-b c").is_none());
    }

    #[test]
    fn the_dump_of_the_document_with_flags() {
        let dump = "MsgType:AGENT_STATE_EVENT (AgentState: NOT_READY ClientSignature:\" \"AgentID:\"2001\" \
                    RemaskCallId:0xffffffff RemaskFunctionFlag:<0x38> <LogoutCodeReq,NotRdyCodeReq> RemaskNumMasks:1 )";
        let parsed = parse(dump).expect("an entry");
        let body = &parsed.entry.body;
        assert_eq!(
            body.field("AgentState"),
            Some(&Value::Name("NOT_READY".into()))
        );
        assert_eq!(body.field("AgentID"), Some(&Value::Text("2001".into())));
        assert_eq!(
            body.field("RemaskFunctionFlag"),
            Some(&Value::Name("<0x38> <LogoutCodeReq,NotRdyCodeReq>".into()))
        );
        assert_eq!(body.field("RemaskNumMasks"), Some(&Value::Number(1)));
    }

    #[test]
    fn a_long_dump_wraps_and_repeats_its_prefix() {
        let fields = (0..20)
            .map(|n| (Cow::from(format!("SkillGroupNumber{n}")), Value::Number(n)))
            .collect();
        let body = Body::Message {
            name: "AGENT_STATE_EVENT".into(),
            fields,
        };
        let mut out = String::new();
        write(
            &Entry {
                at: 0,
                process: "cg1A-ctisvr".into(),
                session: Some(7),
                body,
            },
            0,
            &mut out,
        );
        assert!(out.lines().count() > 2 && out.ends_with(" )\n"), "{out}");
        assert!(
            out.lines()
                .all(|line| line.starts_with("00:00:00:000 cg1A-ctisvr Session 7: "))
        );
        assert!(
            out.lines()
                .skip(1)
                .all(|line| line.contains("Session 7:   SkillGroup"))
        );
    }

    fn value() -> impl Strategy<Value = Value<'static>> {
        prop_oneof![
            any::<i64>().prop_map(Value::Number),
            any::<u64>().prop_map(Value::Hex),
            "[A-Z][A-Z_]{0,12}|N/A|<0x[0-9a-f]{2}>|<0x38> <[A-Za-z,]{0,9}>"
                .prop_map(|text| Value::Name(text.into())),
            any::<String>()
                .prop_map(|text| Value::Text(neutral::quoted(&text).into_owned().into())),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            time in 0i64..86_400_000,
            session: Option<u32>,
            name in "[A-Z_]{1,20}",
            fields in proptest::collection::vec(("[A-Za-z]{1,16}", value()), 0..24),
            trace in proptest::option::of("[ -~]{0,40}"),
        ) {
            let body = match trace {
                Some(text) => Body::Trace(redact::line(&text).into_owned().into()),
                None => Body::Message {
                    name: name.into(),
                    fields: fields
                        .into_iter()
                        .filter(|(key, _)| !key.to_ascii_lowercase().contains("password"))
                        .map(|(key, value)| (key.into(), value))
                        .collect(),
                },
            };
            let entry = Entry { at: time, process: "cg1A-ctisvr".into(), session, body };
            let mut out = String::new();
            write(&entry, 0, &mut out);
            let parsed = parse(&out).expect("an entry");
            prop_assert_eq!(parsed.entry, entry);
        }

        #[test]
        fn no_value_can_forge_an_entry(text: String, key: String, name: String) {
            let body = Body::Message {
                name: name.into(),
                fields: vec![(key.clone().into(), Value::Text(text.clone().into())), (key.into(), Value::Name(text.into()))],
            };
            let mut out = String::new();
            write(&Entry { at: 0, process: "cg1A-ctisvr".into(), session: Some(1), body }, 0, &mut out);
            prop_assert!(out.lines().all(|line| line.starts_with("00:00:00:000 cg1A-ctisvr Session 1: ")));
            prop_assert!(out.ends_with(" )\n"));
        }
    }
}
