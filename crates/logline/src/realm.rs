//! The realm log: authentication of every API client (logs.md 2.5).

use crate::{neutral, redact, time};
use std::fmt::Write as _;

/// One line of the realm log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Realm<'a> {
    /// Milliseconds since the server started.
    pub uptime_ms: u64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// The thread, such as `http-bio-8445-exec-10`.
    pub thread: &'a str,
    /// `INFO`, `WARN` or `ERROR`.
    pub level: &'a str,
    /// Such as `CCRealmConfig.finesseAuthenticate(): Unable to authenticate user: 2001`.
    pub text: &'a str,
}

/// Writes one line, the date in UTC.
pub fn write(realm: &Realm<'_>, out: &mut String) {
    // Writing to a String can't fail.
    _ = write!(out, "{}: ", realm.uptime_ms);
    time::write_ccbu(realm.at, 0, out);
    let text = redact::line(realm.text);
    _ = writeln!(
        out,
        ": [{}] {} {}",
        neutral::item(realm.thread),
        neutral::part(realm.level),
        neutral::line(&text)
    );
}

/// Reads one line, also behind a file name that a search command printed; `None` when it isn't one.
pub fn parse(line: &str) -> Option<Realm<'_>> {
    let line = line.trim_end_matches(['\n', '\r']);
    line.match_indices(": ").find_map(|(at, mark)| {
        let date_from = at + mark.len();
        let (when, _) = time::parse_ccbu(line.as_bytes().get(date_from..)?)?;
        let before = line.get(..at)?;
        let digits = before
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |end| end + 1);
        let rest = line
            .get(date_from + time::CCBU_LEN..)?
            .strip_prefix(": [")?;
        let (thread, rest) = rest.split_once("] ")?;
        let (level, text) = rest.split_once(' ')?;
        let is_level = matches!(
            level,
            "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL"
        );
        let uptime_ms = before.get(digits..)?.parse().ok()?;
        is_level.then_some(Realm {
            uptime_ms,
            at: when,
            thread,
            level,
            text,
        })
    })
}

/// The text of a refused authentication.
pub fn unable_to_authenticate(user: &str) -> String {
    format!("{UNABLE_TO_AUTHENTICATE}{}", neutral::line(user))
}

const UNABLE_TO_AUTHENTICATE: &str =
    "CCRealmConfig.finesseAuthenticate(): Unable to authenticate user: ";

/// The user of a line that says that somebody could not be authenticated.
pub fn refused_user<'a>(realm: &Realm<'a>) -> Option<&'a str> {
    let (_, user) = realm.text.split_once("Unable to authenticate user: ")?;
    // A terminal's trailer may follow in a copied line; ids hold no blanks.
    user.split_ascii_whitespace().next()
}

/// `1289383032: Nov 18 2016 08:14:15.076 +0100: [` at the front.
fn is_head(line: &[u8]) -> bool {
    let digits = line
        .iter()
        .take(21)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let rest = line
        .get(digits..)
        .and_then(|rest| rest.strip_prefix(b": "))
        .unwrap_or_default();
    (1..=20).contains(&digits)
        && time::parse_ccbu(rest).is_some()
        && rest
            .get(time::CCBU_LEN..)
            .is_some_and(|rest| rest.starts_with(b": ["))
}

/// True where a record begins at the front of a line, also behind the name of a file that was searched.
pub(crate) fn begins(line: &[u8]) -> bool {
    is_head(line) || starts(line.get(..512).unwrap_or(line), 0).next() == Some(0)
}

/// Where another record starts behind `from` in the line that ends at `end`, of what a search printed. A record that
/// stands there as the log wrote it has no other one on its line: its text may be what somebody typed.
pub(crate) fn glued(bytes: &[u8], record: usize, from: usize, end: usize) -> Option<usize> {
    let line = bytes.get(..end)?;
    if is_head(line.get(record..)?) {
        return None;
    }
    starts(line, record).find(|at| *at >= from)
}

/// The places where records start, with the names of their files.
pub(crate) fn starts(line: &[u8], from: usize) -> impl Iterator<Item = usize> {
    let text = line.get(from..).unwrap_or_default();
    memchr::memmem::find_iter(text, b": [").filter_map(move |found| {
        let before = text.get(..found.checked_sub(time::CCBU_LEN + 2)?)?;
        let word = before
            .iter()
            .rev()
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        let digits = before
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let is_record = digits > 0 && is_head(text.get(before.len() - digits..)?);
        is_record.then_some(from + before.len() - word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_sample() {
        let line = "/var/log/active//desktop/logs/realm/realm.log:1289383032: Nov 18 2016 08:14:15.076 +0100: \
                    [http-bio-8445-exec-10] INFO CCRealmConfig.finesseAuthenticate(): Unable to authenticate user: 100011";
        let realm = parse(line).expect("a line");
        assert_eq!(
            (realm.uptime_ms, realm.at),
            (1_289_383_032, 1_479_453_255_076)
        );
        assert_eq!(
            (realm.thread, realm.level),
            ("http-bio-8445-exec-10", "INFO")
        );
        assert_eq!(refused_user(&realm), Some("100011"));
        assert_eq!(realm.text, unable_to_authenticate("100011"));
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(uptime_ms: u64, at in 0i64..253_402_200_000_000, text: String) {
            let text = neutral::line(&redact::line(&text)).into_owned();
            let realm = Realm { uptime_ms, at, thread: "http-bio-8445-exec-10", level: "WARN", text: &text };
            let mut out = String::new();
            write(&realm, &mut out);
            proptest::prop_assert_eq!(out.matches(['\n', '\r']).count(), 1);
            proptest::prop_assert_eq!(parse(&out), Some(realm));
        }
    }
}
