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
