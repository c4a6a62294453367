//! A session with `procmon` or `opctest` on a peripheral gateway (logs.md 1.3). Read only.
//!
//! Prompts `>>>>`, answers, trace lines with a time of day, and the table of `jli`: an instrument a line.

use crate::time;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Procmon<'a> {
    /// What was typed, at the system's prompt or the tool's.
    Command(&'a str),
    /// An answer behind the prompt.
    Answer(&'a str),
    /// `14:32:40 Trace: text`.
    Trace {
        /// Milliseconds since midnight.
        time_of_day: i64,
        /// The text.
        text: &'a str,
    },
    /// The head of the table of instruments.
    Columns(&'a str),
    /// `2012 0 OUT_OF_SERVICE UnmonitoredDevice SEP000000000009 IP_ADDR_IPV4_V6`.
    Instrument {
        /// The extension.
        extension: &'a str,
        /// Active lines.
        lines: u32,
        /// Such as `IN_SERVICE`.
        registration: &'a str,
        /// Such as `LoggedIn-Agent`.
        device: &'a str,
        /// The phone's name.
        terminal: &'a str,
    },
}

/// Reads one line; `None` when it isn't one.
pub fn parse(line: &str) -> Option<Procmon<'_>> {
    let line = line.trim();
    if let Some(text) = line.strip_prefix(">>>>") {
        let is_command = !text.trim().contains([' ', '=']) && !text.trim().is_empty();
        return Some(if is_command {
            Procmon::Command(text.trim())
        } else {
            Procmon::Answer(text.trim())
        });
    }
    if is_shell(line) {
        let (_, command) = line.split_once('>')?;
        return Some(Procmon::Command(command.trim()));
    }
    if line.starts_with("Addr: ActiveLines") {
        return Some(Procmon::Columns(line));
    }
    if let Some((time_of_day, length)) = time::parse_process(line.as_bytes()) {
        let text = line.get(length..)?.trim_start().strip_prefix("Trace:")?;
        return Some(Procmon::Trace {
            time_of_day,
            text: text.trim(),
        });
    }
    let mut words = line.split_ascii_whitespace();
    let extension = words.next().filter(|word| {
        word.bytes()
            .all(|b| b.is_ascii_digit() || b"*#+".contains(&b))
    })?;
    let lines = words.next()?.parse().ok()?;
    let (registration, device, terminal) = (words.next()?, words.next()?, words.next()?);
    let is_state = registration.contains("SERVICE")
        || registration.ends_with("RouteAddr")
        || registration.ends_with("RouteAddress");
    is_state.then_some(Procmon::Instrument {
        extension,
        lines,
        registration,
        device,
        terminal,
    })
}

/// `C:\icm\lab1\PG1A\logfiles>procmon lab1 pg1a jgw1`.
fn is_shell(line: &str) -> bool {
    line.get(1..3) == Some(":\\")
        && line.split_once('>').is_some_and(|(_, command)| {
            ["procmon", "opctest", "dumplog", "rttest"]
                .iter()
                .any(|tool| command.trim_start().starts_with(tool))
        })
}

/// True for a line that only such a session has.
pub(crate) fn proves(line: &[u8]) -> bool {
    let line = line.get(..256).unwrap_or(line);
    line.starts_with(b">>>>")
        || line.starts_with(b"Addr: ActiveLines")
        || std::str::from_utf8(line).is_ok_and(is_shell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_by_a_line_of_its_own() {
        assert_eq!(
            parse(r"C:\icm\lab1\PG1A\logfiles>procmon lab1 pg1a jgw1"),
            Some(Procmon::Command("procmon lab1 pg1a jgw1"))
        );
        assert_eq!(parse(">>>> jli"), Some(Procmon::Command("jli")));
        assert!(matches!(
            parse(">>>>Cisco Jtapi version 11.0"),
            Some(Procmon::Answer(_))
        ));
        assert!(matches!(
            parse("14:32:40 Trace: EMT Creating Mutex"),
            Some(Procmon::Trace {
                time_of_day: 52_360_000,
                ..
            })
        ));
        assert!(matches!(
            parse("2012 0 OUT_OF_SERVICE UnmonitoredDevice SEP000000000009 IP_ADDR_IPV4_V6"),
            Some(Procmon::Instrument {
                extension: "2012",
                registration: "OUT_OF_SERVICE",
                ..
            })
        ));
        assert!(parse("anything else").is_none() && parse("10 20 30 40 50").is_none());
        assert!(proves(b">>>> jli") && !proves(b"> x"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text: String) {
            let _ = parse(&text);
            let _ = proves(text.as_bytes());
        }
    }
}
