//! Which logs were not given, and what cannot be seen without them. A log that is there but still empty was given.

use tact_logline::format::Format;

use crate::fact::Facts;
use crate::input::Source;

/// A kind of log: its format, what its path says (logs.md 1.1), its name and what is missed without it.
struct Kind {
    format: Format,
    paths: &'static [&'static str],
    name: &'static str,
    missed: &'static str,
}

const KINDS: [Kind; 5] = [
    Kind {
        format: Format::Access,
        paths: &["access_log", "access.log"],
        name: "access log",
        missed: "the page load (desktop) cannot be seen",
    },
    Kind {
        format: Format::Webservices,
        paths: &["webservices"],
        name: "webservices log",
        missed: "what the REST API and the CTI link did cannot be seen",
    },
    Kind {
        format: Format::Notification,
        paths: &["openfire"],
        name: "notification log",
        missed: "event_channel rests on the client log alone",
    },
    Kind {
        format: Format::Client,
        paths: &["clientlogs", "client-log"],
        name: "client log",
        missed: "deliver and signed_in cannot be seen",
    },
    Kind {
        format: Format::Ctisvr,
        paths: &["ctisvr"],
        name: "CTI server log",
        missed: "cti_request to cti_event is one block (ctisvr: steps 7 and 8)",
    },
];

/// A line for each log that was not given, and for each that is empty.
pub(crate) fn logs(facts: &Facts, sources: &[Source]) -> Vec<String> {
    KINDS
        .iter()
        .filter(|kind| !facts.formats.contains(&kind.format))
        .map(|kind| {
            // Files of a running server are there before their first line.
            let is_named = |source: &&Source| {
                let name = source.name.to_ascii_lowercase();
                source.format.is_none() && kind.paths.iter().any(|path| name.contains(path))
            };
            match sources.iter().find(is_named) {
                Some(empty) if empty.is_empty() => {
                    format!("the {} is still empty: {}", kind.name, kind.missed)
                }
                Some(strange) => format!(
                    "no line of {} is one of a {}: {}",
                    strange.name, kind.name, kind.missed
                ),
                None => format!("no {} given: {}", kind.name, kind.missed),
            }
        })
        .collect()
}
