//! The messages of a packet capture as JSON objects, one a line.
//!
//! Knows the shape of the lines; how a capture is read is the wire crate's.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tact_ged188::capture::{Captured, Messages, Options, What};

use crate::cti_decode::describe;

/// Writes one object for each message: `time` (UTC), `from`, `to` and `protocol`, then what `tact cti decode` says of
/// its bytes. Where the capture lacks bytes, `error` says how many instead.
///
/// # Errors
/// The file is no capture or ends before it should, in which case all before that has been written
/// (`InvalidData`); or writing fails.
pub(crate) fn write(bytes: &[u8], wanted: Options, mut output: impl Write) -> io::Result<()> {
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
    for captured in Messages::new(bytes, wanted).map_err(invalid)? {
        let line = match captured {
            Ok(captured) => line(&captured),
            Err(error) => {
                output.flush()?;
                return Err(invalid(error));
            }
        };
        serde_json::to_writer(&mut output, &line)?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

fn line(captured: &Captured) -> Value {
    let mut line = Map::new();
    // Any time that nanoseconds in an i64 can say is one that a time stamp can.
    let time = Timestamp::from_nanosecond(captured.time.into())
        .ok()
        .filter(|_| captured.time != 0);
    line.insert("time".into(), time.map(|time| time.to_string()).into());
    line.insert("from".into(), captured.from.to_string().into());
    line.insert("to".into(), captured.to.to_string().into());
    line.insert("protocol".into(), captured.protocol.number().into());
    let what = match &captured.what {
        What::Frame(frame) => describe(frame, captured.protocol),
        What::Lost { bytes } => json!({
            "error": format!("{bytes} bytes are missing from the capture or are no message")
        }),
    };
    if let Value::Object(what) = what {
        line.extend(what);
    }
    Value::Object(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> (Vec<Value>, io::Result<()>) {
        let mut output = Vec::new();
        let result = write(bytes, Options::default(), &mut output);
        let text = String::from_utf8(output).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        (lines.collect(), result)
    }

    fn sign_in() -> Vec<u8> {
        let root = env!("CARGO_MANIFEST_DIR");
        let path = format!("{root}/../ged188/testdata/capture/sign-in-v24.pcap");
        std::fs::read(path).unwrap()
    }

    #[test]
    fn each_message_has_its_time_and_its_ends() {
        let (lines, result) = lines(&sign_in());
        result.unwrap();
        assert_eq!(lines.len(), 30);
        assert_eq!(lines[0]["name"], "OPEN_REQ");
        assert_eq!(lines[0]["to"], "127.0.0.1:42127");
        assert_eq!(lines[1]["from"], "127.0.0.1:42127");
        assert_eq!(lines[1]["protocol"], 24);
        let time = lines[0]["time"].as_str().unwrap();
        assert!(time.starts_with("2026-") && time.ends_with('Z'), "{time}");
        let keys: Vec<_> = lines[0].as_object().unwrap().keys().take(5).collect();
        assert_eq!(keys, ["time", "from", "to", "protocol", "name"]);
    }

    #[test]
    fn a_capture_that_is_cut_short_is_told_to_there() {
        let mut bytes = sign_in();
        bytes.truncate(bytes.len() - 900);
        let (lines, result) = lines(&bytes);
        assert!(!lines.is_empty());
        let error = result.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().contains("cut short"), "{error}");
    }
}
