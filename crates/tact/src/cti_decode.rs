//! `tact cti decode`: CTI messages in hex, one a line, or a capture of their connections, to JSON objects, one a line.
//!
//! Knows the shape of its output and how to read hex; captures are [`crate::cti_capture`]'s, what a message means is
//! the wire crate's.
//! Design section "Commands"; reference `ged188.md`.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Map, Value, json};
use tact_ged188::{
    Kind, MAX_MESSAGE_LEN, Message, Protocol, Tag, capture, decode, encode, number, text,
};

use crate::cti_capture;

/// What `tact cti decode` is told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The GED-188 version of the messages, 9 to 25.
    ///
    /// In a capture each OPEN_REQ says it for its own connection.
    #[arg(long, value_name = "N")]
    protocol: Option<u32>,
    /// A pcap or pcapng file instead of stdin. Stdin may be one too.
    #[arg(long, value_name = "FILE")]
    pcap: Option<PathBuf>,
    /// Only connections of a capture with this port on one side.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

/// From stdin to stdout.
pub(crate) fn command(options: Options) -> Result<ExitCode> {
    match read(&options, io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        // A reader that has seen enough, such as `head`, is no error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            eprintln!("tact cti decode: {error}");
            Ok(ExitCode::from(2))
        }
        Err(error) => Err(error.into()),
    }
}

/// From the file that is named, or from `input`, whose first bytes tell what it is.
fn read(options: &Options, mut input: impl BufRead, output: impl Write) -> io::Result<()> {
    let wanted = capture::Options {
        port: options.port,
        protocol: version(options.protocol)?,
    };
    if let Some(path) = &options.pcap {
        let bytes = std::fs::read(path).map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        })?;
        return cti_capture::write(&bytes, wanted, output);
    }
    let mut bytes = Vec::new();
    // Byte by byte, as a program that asks line by line waits for the answer to its first one.
    while bytes.len() < capture::MAGIC_LEN && capture::may_begin(&bytes) {
        if input.by_ref().take(1).read_to_end(&mut bytes)? == 0 {
            break;
        }
    }
    if bytes.len() == capture::MAGIC_LEN && capture::may_begin(&bytes) {
        input.read_to_end(&mut bytes)?;
        return cti_capture::write(&bytes, wanted, output);
    }
    run(
        io::Cursor::new(bytes).chain(input),
        output,
        options.protocol,
    )
}

fn version(number: Option<u32>) -> io::Result<Protocol> {
    match number {
        None => Ok(Protocol::CURRENT),
        Some(version) => Protocol::new(version).ok_or_else(|| unsupported(version)),
    }
}

/// Reads lines of hex until the end of `input` and writes exactly one JSON object for each.
///
/// A message becomes `{"name","type","fields","floats","reencoded"}`: the fixed fields by wire
/// name, the floats in wire order, and the hex our encoder makes of the typed value. A type
/// without a layout has a `null` name and its `body` in hex. A line that is no message becomes
/// `{"error","offset"}`, the offset counting the bytes of the message before the fault.
/// Passwords are shown as `***`; `reencoded` is exact.
///
/// # Errors
/// `protocol` is not a version this build has layouts for (`InvalidInput`), or reading or
/// writing fails.
fn run(mut input: impl BufRead, mut output: impl Write, protocol: Option<u32>) -> io::Result<()> {
    let protocol = version(protocol)?;
    let mut line = HexLine::default();
    while line.read(&mut input)? {
        let object = match line.bytes() {
            Ok(bytes) => describe(bytes, protocol),
            Err(fault) => fault.into_json(),
        };
        serde_json::to_writer(&mut output, &object)?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

fn unsupported(version: u32) -> io::Error {
    let (oldest, newest) = (Protocol::OLDEST, Protocol::NEWEST);
    let what = format!("protocol {version} is not supported; versions {oldest} to {newest} are");
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

/// Why a line is no message.
struct Fault {
    error: String,
    offset: usize,
}

impl Fault {
    fn into_json(self) -> Value {
        json!({ "error": self.error, "offset": self.offset })
    }
}

/// One line of hex digits, however long, in bounded memory.
#[derive(Default)]
struct HexLine {
    /// Whole bytes, up to one more than a message may have.
    bytes: Vec<u8>,
    /// First digit of a byte that is not whole yet.
    half: Option<u8>,
    /// The first byte of the line that is neither a digit nor white space, and how many bytes were before it.
    stray: Option<(u8, usize)>,
    /// Whole bytes on the line, stored or not.
    count: usize,
}

impl HexLine {
    /// Reads the next line; false when there is none.
    fn read(&mut self, input: &mut impl BufRead) -> io::Result<bool> {
        self.bytes.clear();
        (self.half, self.stray, self.count) = (None, None, 0);
        let mut any = false;
        loop {
            let chunk = match input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            chunk
                .iter()
                .take(end.unwrap_or(chunk.len()))
                .for_each(|byte| self.push(*byte));
            let used = end.map_or(chunk.len(), |end| end + 1);
            input.consume(used);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    fn push(&mut self, character: u8) {
        if self.stray.is_some() || character.is_ascii_whitespace() {
            return;
        }
        let digit = match character {
            b'0'..=b'9' => character - b'0',
            b'a'..=b'f' => character - b'a' + 10,
            b'A'..=b'F' => character - b'A' + 10,
            _ => {
                self.stray = Some((character, self.count));
                return;
            }
        };
        match self.half.take() {
            None => self.half = Some(digit),
            Some(high) => {
                if self.bytes.len() <= MAX_MESSAGE_LEN {
                    self.bytes.push(high << 4 | digit);
                }
                self.count += 1;
            }
        }
    }

    /// The bytes of the line, when it is hex.
    fn bytes(&self) -> Result<&[u8], Fault> {
        if let Some((character, offset)) = self.stray {
            let shown = char::from(character).escape_default();
            return Err(Fault {
                error: format!("'{shown}' is not a hex digit"),
                offset,
            });
        }
        if self.half.is_some() {
            return Err(Fault {
                error: "odd number of hex digits".into(),
                offset: self.count,
            });
        }
        Ok(&self.bytes)
    }
}

pub(crate) fn describe(bytes: &[u8], protocol: Protocol) -> Value {
    let message = match decode(bytes, protocol) {
        Ok(message) => message,
        Err(error) => {
            return Fault {
                error: error.kind.to_string(),
                offset: error.offset,
            }
            .into_json();
        }
    };
    let mut object = Map::new();
    let unknown = match &message {
        Message::Unknown(unknown) => Some(unknown),
        _ => None,
    };
    let name = if unknown.is_some() {
        Value::Null
    } else {
        message.name().into()
    };
    object.insert("name".into(), name);
    object.insert("type".into(), message.message_type().into());
    let fields = message
        .fields_at(protocol)
        .map(|(name, value)| (name.to_owned(), value.number.into()));
    object.insert("fields".into(), Value::Object(fields.collect()));
    let floats = message
        .floats()
        .into_iter()
        .flatten()
        .map(|(tag, value)| float(&message, tag, value));
    object.insert("floats".into(), Value::Array(floats.collect()));
    if let Some(unknown) = unknown {
        object.insert("body".into(), hex(&unknown.body).into());
    }
    let mut encoded = Vec::with_capacity(bytes.len());
    // What was decoded from a frame within the bound encodes within the bound.
    let reencoded = match encode(&message, protocol, &mut encoded) {
        Ok(()) => hex(&encoded).into(),
        Err(_) => Value::Null,
    };
    object.insert("reencoded".into(), reencoded);
    Value::Object(object)
}

fn float(message: &Message, tag: Tag, value: &[u8]) -> Value {
    let shown = if tag.is_secret() {
        "***".into()
    } else {
        typed(message.float_kind(tag), value)
    };
    json!({ "tag": tag.0, "name": message.float_name(tag), "value": shown })
}

/// A float's value by its type: a number, a list of numbers where several are packed into one
/// float, a text without its NUL; hex for anything else and for lengths the type cannot have.
fn typed(kind: Kind, value: &[u8]) -> Value {
    if kind == Kind::Text {
        return text(value).into();
    }
    let Some(width) = kind.width() else {
        return hex(value).into();
    };
    let one = |value: &[u8]| -> Option<Value> {
        let value = number(value)?;
        // An INT is the same four bytes read as signed.
        Some(if kind == Kind::I32 {
            value.cast_signed().into()
        } else {
            value.into()
        })
    };
    if value.is_empty() || !value.len().is_multiple_of(width) {
        hex(value).into()
    } else if value.len() == width {
        one(value).unwrap_or_else(|| hex(value).into())
    } else {
        value.chunks(width).filter_map(one).collect()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |value: u8| DIGITS.get(usize::from(value & 0xf)).copied().unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8], protocol: Option<u32>) -> Vec<Value> {
        let mut output = Vec::new();
        run(input, &mut output, protocol).unwrap();
        String::from_utf8(output)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn line(input: &str, protocol: u32) -> Value {
        let mut lines = lines(input.as_bytes(), Some(protocol));
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines.remove(0)
    }

    #[test]
    fn a_message_is_shown_by_its_wire_names() {
        let hex = "000000140000002400000101000013880000000100000000\t05023100";
        assert_eq!(
            line(hex, 15),
            json!({
                "name": "QUERY_AGENT_STATE_REQ",
                "type": 36,
                "fields": { "InvokeID": 257, "PeripheralID": 5000, "MRDID": 1, "ICMAgentID": 0 },
                "floats": [{ "tag": 5, "name": "AgentID", "value": "1" }],
                "reencoded": "00000014000000240000010100001388000000010000000005023100",
            })
        );
    }

    #[test]
    fn every_line_has_one_answer_in_order() {
        let answers = lines(
            b"0000000400000005 00000001\n\nzz\n 00000004 00000006 00000002 \r\n00",
            None,
        );
        assert_eq!(answers.len(), 5);
        assert_eq!(answers[0]["name"], "HEARTBEAT_REQ");
        assert_eq!(
            answers[1],
            json!({ "error": "incomplete header", "offset": 0 })
        );
        assert_eq!(
            answers[2],
            json!({ "error": "'z' is not a hex digit", "offset": 0 })
        );
        assert_eq!(answers[3]["name"], "HEARTBEAT_CONF");
        assert_eq!(
            answers[4],
            json!({ "error": "incomplete header", "offset": 1 })
        );
        assert!(lines(b"", None).is_empty());
    }

    #[test]
    fn faults_say_where() {
        let cases = [
            ("00000004000000050000000", "odd number of hex digits", 11),
            ("0000000400000005 000000", "message cut short", 11),
            (
                "0000000400000005 00000001 02",
                "bytes behind the message",
                12,
            ),
            ("0000000200000005 0000", "fixed part cut short", 8),
            (
                "000000050000000500000001 07",
                "floating field header cut short",
                12,
            ),
            (
                "0000000900000005 00000001 0005 0004 32",
                "floating field longer than the message",
                12,
            ),
            ("000030cd00000005", "message too long", 0),
            ("ffffffff00000005", "message too long", 0),
            ("0000000400000005 0000x001", "'x' is not a hex digit", 10),
            ("\u{e9}", "'\\u{c3}' is not a hex digit", 0),
        ];
        for (input, error, offset) in cases {
            assert_eq!(
                line(input, 24),
                json!({ "error": error, "offset": offset }),
                "{input}"
            );
        }
    }

    #[test]
    fn a_line_of_any_length_is_one_fault() {
        let mut input = "0000000400000005".to_owned();
        input.push_str(&"00".repeat(100_000));
        assert_eq!(
            line(&input, 24),
            json!({ "error": "bytes behind the message", "offset": 12 })
        );
    }

    #[test]
    fn passwords_are_hidden_but_encode_exactly() {
        let body = format!(
            "{}00010003{}00020005{}",
            "00".repeat(44),
            "414200",
            "7365637265"
        );
        let input = format!("{:08x}00000003{body}", body.len() / 2);
        let shown = line(&input, 24);
        assert_eq!(
            shown["floats"][0],
            json!({ "tag": 1, "name": "ClientID", "value": "AB" })
        );
        assert_eq!(
            shown["floats"][1],
            json!({ "tag": 2, "name": "ClientPassword", "value": "***" })
        );
        assert_eq!(shown["reencoded"], input);
    }

    #[test]
    fn unknown_types_and_tags_are_kept() {
        let unknown = line("000000020000270f BEEF", 24);
        assert_eq!(
            unknown,
            json!({ "name": null, "type": 9999, "fields": {}, "floats": [], "body": "beef", "reencoded": "000000020000270fbeef" })
        );
        let tag = line("0000000a00000005 00000001 03e7 0002 0102", 24);
        assert_eq!(
            tag["floats"][0],
            json!({ "tag": 999, "name": null, "value": "0102" })
        );
    }

    #[test]
    fn values_follow_their_type() {
        assert_eq!(typed(Kind::U16, &[1, 2]), json!(258));
        assert_eq!(typed(Kind::I32, &[0xff, 0xff, 0xff, 0xfe]), json!(-2));
        assert_eq!(typed(Kind::U32, &[0xff; 4]), json!(u32::MAX));
        assert_eq!(typed(Kind::U16, &[0, 1, 0, 2]), json!([1, 2]));
        assert_eq!(typed(Kind::U16, &[1]), json!("01"));
        assert_eq!(typed(Kind::Text, b"M\xfcller"), json!("M\u{fc}ller"));
        assert_eq!(typed(Kind::Bytes, &[0xab]), json!("ab"));
    }

    #[test]
    fn versions_without_layouts_are_refused() {
        for version in [0, 8, 26, u32::MAX] {
            let error = run(&b""[..], Vec::new(), Some(version)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
            assert!(error.to_string().contains("9 to 25"), "{error}");
        }
    }
}
