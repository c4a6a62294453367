//! What the appliance itself writes (logs.md 1.2 and 2.10): the audit log of its command line, what a session on that
//! command line shows, the history of boots and upgrades, and syslog. Read only.

use crate::local;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Platform<'a> {
    /// `2016-11-03 09:59:12,558 INFO [main] sdMain.main - running command -> [utils system restart ]`.
    Log(Log<'a>),
    /// `08/11/2016 12:46:19 | root: Boot 11.0.1.10000-24 Start`.
    History {
        /// Its stamp.
        stamp: Stamp<'a>,
        /// Who did it.
        user: &'a str,
        /// Such as `Boot 11.0.1.10000-24`.
        event: &'a str,
        /// `Start` or `Success`.
        outcome: &'a str,
    },
    /// `11 Aug,2016 20:26:23 1,927,946 name` of `file list ... detail`.
    Listed {
        /// Its stamp.
        stamp: Stamp<'a>,
        /// Bytes; `None` for a folder.
        bytes: Option<u64>,
        /// The name.
        name: &'a str,
    },
    /// `Nov  3 10:04:32 host process: text`.
    Syslog {
        /// Its stamp, without a year.
        stamp: Stamp<'a>,
        /// The host.
        host: &'a str,
        /// The rest.
        text: &'a str,
    },
    /// What stands in front of the history: the product, its version, rulers.
    Heading {
        /// Its lines.
        text: &'a str,
    },
    /// What was typed behind the prompt, with what it showed if nothing else knows that.
    Command {
        /// What was typed, and what followed.
        text: &'a str,
    },
}

/// A stamp without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp<'a> {
    /// As it is printed.
    pub text: &'a str,
    /// The wall clock in milliseconds since 1970 as if it stood in UTC.
    pub wall: i64,
}

/// A log4j line: the command line's audit log, the IP phone agent's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Log<'a> {
    /// Its stamp.
    pub stamp: Stamp<'a>,
    /// `INFO`, `ERROR`, ...
    pub level: &'a str,
    /// A message code such as `IPPA3008`; may be empty.
    pub code: &'a str,
    /// Between the brackets: a thread, or `thread|Class#method:line`.
    pub thread: &'a str,
    /// The text behind.
    pub text: &'a str,
}

impl<'a> Log<'a> {
    /// The command of a `running command -> [..]` line.
    pub fn command(&self) -> Option<&'a str> {
        let (_, command) = self.text.split_once("running command -> [")?;
        Some(command.split(']').next()?.trim())
    }

    /// True for the IP phone agent's form.
    pub fn is_phone_agent(&self) -> bool {
        !self.code.is_empty() || self.thread.contains('#')
    }
}

const LEVELS: [&str; 7] = [
    "TRACE", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL",
];

fn stamp(text: &str, read: impl Fn(&[u8]) -> Option<(i64, usize)>) -> Option<(Stamp<'_>, &str)> {
    let (wall, length) = read(text.as_bytes())?;
    let (stamp, rest) = text.split_at_checked(length)?;
    Some((Stamp { text: stamp, wall }, rest))
}

fn log(text: &str) -> Option<Log<'_>> {
    let (stamp, rest) = stamp(text, local::iso)?;
    let rest = rest.strip_prefix(' ')?.trim_start();
    let (level, rest) = rest.split_once(' ')?;
    let (front, rest) = rest.split_once('[')?;
    let code = front.trim();
    let is_code = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && code.len() <= 16;
    let (thread, text) = rest.split_once(']')?;
    (LEVELS.contains(&level) && is_code).then_some(Log {
        stamp,
        level,
        code,
        thread,
        text: text.trim(),
    })
}

fn history(text: &str) -> Option<Platform<'_>> {
    let (stamp, rest) = stamp(text, local::american)?;
    let (user, rest) = rest.strip_prefix(" | ")?.split_once(": ")?;
    let rest = rest.trim_end();
    let (event, outcome) = rest.rsplit_once(' ').unwrap_or((rest, ""));
    Some(Platform::History {
        stamp,
        user,
        event,
        outcome,
    })
}

fn listed(text: &str) -> Option<Platform<'_>> {
    let (stamp, rest) = stamp(text, local::listed)?;
    let (size, name) = rest.trim_start().split_once(' ')?;
    let bytes = match size {
        "<dir>" => None,
        size => Some(size.replace(',', "").parse().ok()?),
    };
    Some(Platform::Listed {
        stamp,
        bytes,
        name: name.split_ascii_whitespace().next()?,
    })
}

fn syslog(text: &str) -> Option<Platform<'_>> {
    let (stamp, rest) = stamp(text, local::no_year)?;
    let (host, rest) = rest.strip_prefix(' ')?.split_once(' ')?;
    let is_host = !host.is_empty()
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'));
    (is_host && rest.contains(": ")).then_some(Platform::Syslog {
        stamp,
        host,
        text: rest,
    })
}

/// The prompt of the command line.
const PROMPT: &str = "admin:";

fn command(text: &str) -> Option<Platform<'_>> {
    let text = text.strip_prefix(PROMPT)?;
    Some(Platform::Command { text: text.trim() })
}

fn heading(text: &str) -> Option<Platform<'_>> {
    let is_heading = text.starts_with("=====") || text.starts_with("Product Name");
    is_heading.then_some(Platform::Heading { text })
}

/// Reads one record; `None` when it isn't one.
pub fn parse(record: &str) -> Option<Platform<'_>> {
    let record = record.trim();
    log(record)
        .map(Platform::Log)
        .or_else(|| history(record))
        .or_else(|| listed(record))
        .or_else(|| command(record))
        .or_else(|| syslog(record))
        .or_else(|| heading(record))
}

/// True where a record begins at the front.
pub(crate) fn begins(line: &[u8]) -> bool {
    let line = line.get(..256).unwrap_or(line);
    let text = line.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    // A heading goes on until the first record.
    !matches!(parse(text), None | Some(Platform::Heading { .. }))
}

/// The next start of a record in `bytes` at or behind `from`. Syslog lines are never glued.
pub(crate) fn next_start(bytes: &[u8], from: usize) -> Option<usize> {
    let is_record = |at: &[u8]| begins(at);
    let prompt = memchr::memmem::find_iter(bytes.get(from..)?, PROMPT.as_bytes())
        .map(|found| from + found)
        .find(|at| {
            at.checked_sub(1)
                .and_then(|before| bytes.get(before))
                .is_none_or(u8::is_ascii_whitespace)
        });
    [
        local::find(bytes, from, b',', 19, is_record),
        local::find(bytes, from, b',', 6, is_record),
        local::find(bytes, from, b'|', 20, is_record),
        prompt,
    ]
    .into_iter()
    .flatten()
    .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_by_a_line_of_its_own() {
        let line = "2016-11-03 09:59:12,558 INFO [main] sdMain.main - running command -> [utils system restart ]";
        match parse(line) {
            Some(Platform::Log(log)) => {
                assert_eq!(
                    (log.level, log.thread, log.command()),
                    ("INFO", "main", Some("utils system restart"))
                );
                assert!(!log.is_phone_agent());
            }
            other => panic!("{other:?}"),
        }
        let line =
            "2016-11-03 09:59:12,558 ERROR IPPA3008 [t-1|Agent#login:12] IPPA server is not active";
        assert!(
            matches!(parse(line), Some(Platform::Log(log)) if log.is_phone_agent() && log.code == "IPPA3008")
        );
        assert!(matches!(
            parse("08/26/2016 13:25:51 | root: Cisco Option Install finesse.cop Success"),
            Some(Platform::History {
                user: "root",
                event: "Cisco Option Install finesse.cop",
                outcome: "Success",
                ..
            })
        ));
        assert!(matches!(
            parse("11 Aug,2016 20:26:23 1,927,946 Desktop-webservices.log.zip"),
            Some(Platform::Listed {
                bytes: Some(1_927_946),
                name: "Desktop-webservices.log.zip",
                ..
            })
        ));
        assert!(matches!(
            parse("15 Sep,2016 09:07:48 <dir> audit"),
            Some(Platform::Listed { bytes: None, .. })
        ));
        assert!(matches!(
            parse("Nov  3 10:04:32 finesse1 daemon 6: x"),
            Some(Platform::Syslog {
                host: "finesse1",
                ..
            })
        ));
        assert!(matches!(
            parse("admin:show version"),
            Some(Platform::Command {
                text: "show version"
            })
        ));
        assert!(parse("root").is_none());
    }

    #[test]
    fn records_on_one_line_come_apart() {
        let text = b"admin:file list activelog / detail 15 Sep,2016 09:07:48 <dir> audit 15 Sep,2016 09:07:48 <dir> cm";
        let first = next_start(text, 1).expect("an entry");
        assert!(text[first..].starts_with(b"15 Sep"));
        assert!(text[next_start(text, first + 1).expect("another")..].ends_with(b"<dir> cm"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "([a-z0-9:., |\\[\\]-]|admin:|15 Sep,2016 09:07:48 |2016-11-03 09:59:12,558 INFO |é){0,20}") {
            let _ = parse(&text);
            let _ = next_start(text.as_bytes(), 0);
        }
    }
}
