//! `tact cti replay`: a journal of the contact centre, stepped through again.
//!
//! Knows the shape of its output; what follows from what is the machine's. Design section "Commands"; reference
//! acd-and-telephony, 3.6 (I-26).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::{Value, json};
use tact_acd::journal::{Damage, Replay, Step};
use tact_acd::{ClientId, Output, Trace};
use tact_ged188::{Message, Protocol, encode};

use crate::cti_decode::hex;
use crate::{cti_why, cti_why_text};

/// The machine does not say what it said.
const DIFFERS: u8 = 2;

/// What `tact cti replay` is told.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A file of the journal, or its folder for the newest one.
    #[arg(value_name = "LOG")]
    log: PathBuf,
    /// Write the outputs here instead of stdout.
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    out: Option<PathBuf>,
    /// Only compare with what was said then.
    #[arg(long)]
    check: bool,
    /// Explain each routing decision about an agent (AgentID) or a call (ConnectionCallID) instead.
    #[arg(long, value_name = "AGENT|CALL", conflicts_with_all = ["check", "out"])]
    why: Option<String>,
    /// How the explanation is written.
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "why")]
    format: Format,
}

/// How an explanation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON document.
    Json,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let path = newest(&options.log)?;
    let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
    if let Some(subject) = &options.why {
        return explain(&bytes, subject, options.format)
            .with_context(|| path.display().to_string());
    }
    let output: Box<dyn Write> = match &options.out {
        Some(path) => Box::new(File::create(path).with_context(|| path.display().to_string())?),
        None if options.check => Box::new(io::sink()),
        None => Box::new(io::stdout().lock()),
    };
    let told = match replay(&bytes, BufWriter::new(output)) {
        // A reader that has seen enough, such as `head`, is no error.
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            return Ok(ExitCode::SUCCESS);
        }
        result => result.with_context(|| path.display().to_string())?,
    };
    for line in &told.complaints {
        eprintln!("tact cti replay: {line}");
    }
    eprintln!(
        "tact cti replay: {} inputs, {} outputs; {} of {} checks are the same",
        told.inputs, told.outputs, told.same, told.checks
    );
    Ok(match told.verdict {
        Verdict::Same => ExitCode::SUCCESS,
        Verdict::Differs => ExitCode::from(DIFFERS),
        Verdict::Damaged => ExitCode::FAILURE,
    })
}

fn explain(bytes: &[u8], subject: &str, format: Format) -> Result<ExitCode> {
    let Some(explanation) = cti_why::explain(bytes, subject)? else {
        eprintln!("tact cti replay: no agent and no routed call {subject} in this journal");
        return Ok(ExitCode::FAILURE);
    };
    let mut output = BufWriter::new(io::stdout().lock());
    let written = match format {
        Format::Text => cti_why_text::write(&explanation, subject, &mut output),
        Format::Json => serde_json::to_writer_pretty(&mut output, &explanation)
            .map_err(io::Error::from)
            .and_then(|()| output.write_all(b"\n")),
    };
    match written.and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The journal itself, or the last one of a folder: their names are numbered.
fn newest(path: &Path) -> Result<PathBuf> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let mut journals = Vec::new();
    for entry in std::fs::read_dir(path).with_context(|| path.display().to_string())? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "journal")
        {
            journals.push(path);
        }
    }
    let newest = journals.into_iter().max();
    newest.with_context(|| format!("{}: no journal in this folder", path.display()))
}

/// How a replay went.
#[derive(Debug, PartialEq)]
struct Told {
    verdict: Verdict,
    inputs: u64,
    outputs: u64,
    checks: u64,
    same: u64,
    complaints: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Verdict {
    /// As far as there are checks.
    Same,
    /// At least one check differs.
    Differs,
    /// It cannot be read to its end.
    Damaged,
}

/// Why there is no replay.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// There is nothing to start from.
    #[error(transparent)]
    Journal(#[from] Damage),
    /// The outputs cannot be written.
    #[error("cannot write the outputs: {0}")]
    Write(#[from] io::Error),
}

/// Steps through a journal and writes one JSON object for each output, in order, the same ones every time.
///
/// Each has `time` (UTC), `input` (counted from 1) and one of
/// - `send` (name), `to` (clients), `protocol`, `bytes` (hex): a message as it goes over the wire; one that goes to
///   clients of several versions is one object for each version;
/// - `opened` and `protocol`; `close` and `reason`;
/// - `fabric`: a command to the telephone network;
/// - `event` and `bytes`: an agent's state changed, in the newest version's bytes;
/// - `trace`: anything else for the log.
fn replay(bytes: &[u8], mut output: impl Write) -> Result<Told, Failure> {
    let mut replay = Replay::new(bytes)?;
    let mut told = Told {
        verdict: Verdict::Same,
        inputs: 0,
        outputs: 0,
        checks: 0,
        same: 0,
        complaints: Vec::new(),
    };
    let mut versions: BTreeMap<ClientId, Protocol> = replay.acd().versions().collect();
    let mut outputs = Vec::new();
    loop {
        let offset = replay.offset();
        let step = match replay.step(&mut outputs) {
            None => break,
            Some(Ok(step)) => step,
            Some(Err(damage)) => {
                // What the process could not finish writing is not missing.
                if !matches!(damage, Damage::Torn { .. }) {
                    told.verdict = Verdict::Damaged;
                }
                told.complaints.push(damage.to_string());
                break;
            }
        };
        if let Step::Check { same } = step {
            told.checks += 1;
            told.same += u64::from(same);
            if !same && told.verdict == Verdict::Same {
                told.verdict = Verdict::Differs;
                told.complaints.push(format!(
                    "the outputs up to input {} (offset {offset}) are not those of then",
                    replay.inputs()
                ));
            }
        }
        for said in outputs.drain(..) {
            told.outputs += 1;
            if let Output::Opened { client, protocol } = said {
                versions.insert(client, protocol);
            }
            let stamp = [
                ("time", time(replay.now())),
                ("input", replay.inputs().into()),
            ];
            for line in lines(&said, &versions) {
                let line: serde_json::Map<String, Value> = stamp
                    .iter()
                    .map(|(key, value)| ((*key).to_owned(), value.clone()))
                    .chain(line)
                    .collect();
                serde_json::to_writer(&mut output, &line).map_err(io::Error::from)?;
                output.write_all(b"\n")?;
            }
        }
    }
    told.inputs = replay.inputs();
    output.flush()?;
    Ok(told)
}

/// Milliseconds since 1970 as people read them.
pub(crate) fn time(ms: i64) -> Value {
    match Timestamp::from_millisecond(ms) {
        Ok(time) => format!("{time:.3}").into(),
        // A clock that is off by ten thousand years.
        Err(_) => ms.into(),
    }
}

/// What one output is in JSON: an object for each version among the clients of a message, else one.
fn lines(
    output: &Output,
    versions: &BTreeMap<ClientId, Protocol>,
) -> Vec<serde_json::Map<String, Value>> {
    let values = match output {
        Output::Opened { client, protocol } => {
            vec![json!({ "opened": client.0, "protocol": protocol.number() })]
        }
        Output::Send { to, message } => {
            let mut by_version: BTreeMap<Protocol, Vec<u32>> = BTreeMap::new();
            for client in to {
                let version = versions.get(client).copied().unwrap_or_default();
                by_version.entry(version).or_default().push(client.0);
            }
            let one = |(version, to): (Protocol, Vec<u32>)| {
                json!({
                    "send": message.name(),
                    "to": to,
                    "protocol": version.number(),
                    "bytes": bytes_of(message, version),
                })
            };
            by_version.into_iter().map(one).collect()
        }
        Output::Close { client, reason } => {
            vec![json!({ "close": client.0, "reason": format!("{reason:?}") })]
        }
        Output::Fabric(command) => vec![json!({ "fabric": command })],
        Output::Trace(Trace::AgentEvent(message)) => {
            vec![json!({
                "event": message.name(),
                "bytes": bytes_of(message, Protocol::NEWEST),
            })]
        }
        Output::Trace(Trace::Routing(decision)) => vec![json!({ "routing": decision })],
        Output::Trace(Trace::Client { client, text }) => {
            vec![json!({ "trace": text, "client": client.0 })]
        }
    };
    values
        .into_iter()
        .filter_map(|value| match value {
            Value::Object(object) => Some(object),
            _ => None,
        })
        .collect()
}

/// Hex; null for what is too long for the wire, which nobody gets.
fn bytes_of(message: &Message, version: Protocol) -> Value {
    let mut bytes = Vec::new();
    match encode(message, version, &mut bytes) {
        Ok(()) => hex(&bytes).into(),
        Err(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use tact_acd::config::AgentConfig;
    use tact_acd::journal::{OutputDigest, append_check, append_input, begin};
    use tact_acd::{Acd, Config, Input};
    use tact_ged188::{AgentState, OpenReq, Services, SetAgentStateReq, Tag};

    use super::*;

    /// A client of version 15 opens, and agent 2001 signs in. The last check is off by `lie`.
    fn journal(lie: u32) -> Vec<u8> {
        let config = Config {
            agents: vec![AgentConfig {
                id: "2001".into(),
                ..Default::default()
            }],
            extensions: vec!["3001".into()],
            ..Config::new(5000)
        };
        let client = ClientId(7);
        let mut open = OpenReq {
            version_number: 15,
            peripheral_id: 5000,
            idle_timeout: u32::MAX,
            services_requested: Services::ALL_EVENTS | Services::CLIENT_CONTROL,
            ..Default::default()
        };
        open.agent_state_mask.0 = 0x3fff;
        open.floats.push_text(Tag::CLIENT_ID, "test");
        let mut login = SetAgentStateReq {
            peripheral_id: 5000,
            agent_state: AgentState::LOGIN,
            ..Default::default()
        };
        login.floats.push_text(Tag::AGENT_ID, "2001");
        login.floats.push_text(Tag::AGENT_INSTRUMENT, "3001");
        let address = ([127, 0, 0, 1], 1).into();
        let mut acd = Acd::new(config, 0);
        let mut bytes = Vec::new();
        begin(&acd, 0, &mut bytes).unwrap();
        let mut digest = OutputDigest::default();
        for (now, input) in [
            (1_000, Input::Connected { client, address }),
            (
                2_000,
                Input::Message {
                    client,
                    message: open.into(),
                },
            ),
            (
                3_000,
                Input::Message {
                    client,
                    message: login.into(),
                },
            ),
        ] {
            append_input(&acd, now, &input, &mut bytes).unwrap();
            let mut outputs = Vec::new();
            acd.handle(now, input, &mut outputs);
            outputs.iter().for_each(|output| digest.add(output));
        }
        append_check(3_000, 3, digest.value() ^ lie, &mut bytes);
        bytes
    }

    fn lines(bytes: &[u8]) -> (Vec<Value>, Told) {
        let mut output = Vec::new();
        let told = replay(bytes, &mut output).unwrap();
        let text = String::from_utf8(output).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        (lines.collect(), told)
    }

    #[test]
    fn every_output_is_a_line_in_the_client_s_version() {
        let (lines, told) = lines(&journal(0));
        assert_eq!(
            (told.verdict, told.inputs, told.same),
            (Verdict::Same, 3, 1)
        );
        assert_eq!(told.outputs, lines.len() as u64);
        assert_eq!(lines[0]["opened"], 7);
        let sent: Vec<&str> = lines
            .iter()
            .filter_map(|line| line["send"].as_str())
            .collect();
        assert_eq!(
            sent,
            [
                "OPEN_CONF",
                "SYSTEM_EVENT",
                "SET_AGENT_STATE_CONF",
                "AGENT_STATE_EVENT",
                "AGENT_STATE_EVENT"
            ]
        );
        for line in lines.iter().filter(|line| line["send"].is_string()) {
            assert_eq!((&line["to"], &line["protocol"]), (&json!([7]), &json!(15)));
            assert!(line["bytes"].as_str().unwrap().len() > 16);
        }
        assert_eq!(lines[0]["time"], "1970-01-01T00:00:02.000Z");
        assert_eq!(lines[0]["input"], 2);
    }

    #[test]
    fn a_check_that_differs_says_where() {
        let (_, told) = lines(&journal(1));
        assert_eq!(
            (told.verdict, told.checks, told.same),
            (Verdict::Differs, 1, 0)
        );
        assert!(told.complaints[0].contains("up to input 3"), "{told:?}");
    }

    #[test]
    fn a_torn_end_is_no_fault_and_a_damaged_middle_is() {
        let whole = journal(0);
        let (_, told) = lines(&whole[..whole.len() - 3]);
        assert_eq!((told.verdict, told.inputs), (Verdict::Same, 3));
        assert!(told.complaints[0].contains("not written to its end"));
        let mut damaged = whole.clone();
        let middle = damaged.len() - 120;
        damaged[middle] ^= 1;
        let (_, told) = lines(&damaged);
        assert_eq!(told.verdict, Verdict::Damaged);
        assert!(told.complaints[0].contains("is damaged"), "{told:?}");
        assert!(matches!(
            replay(b"TACT", io::sink()),
            Err(Failure::Journal(Damage::Magic))
        ));
    }

    #[test]
    fn an_agent_is_explained_by_what_the_agent_did() {
        let explanation = cti_why::explain(&journal(0), "2001").unwrap().unwrap();
        let states: Vec<_> = explanation
            .stays
            .iter()
            .map(|stay| (stay.state.as_str(), stay.from, stay.to))
            .collect();
        assert_eq!(
            states,
            [
                ("AGENT_STATE_LOGOUT", 0, Some(3_000)),
                ("AGENT_STATE_LOGIN", 3_000, Some(3_000)),
                ("AGENT_STATE_NOT_READY", 3_000, None),
            ]
        );
        assert_eq!(cti_why::explain(&journal(0), "16777217").unwrap(), None);
        assert_eq!(cti_why::explain(&journal(0), "nobody").unwrap(), None);
    }
}
