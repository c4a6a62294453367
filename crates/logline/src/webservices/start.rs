//! Where a `%CCBU_` record starts, also in the middle of a line: terminals and articles put several on one.

use crate::time;

/// What every record has behind its head.
pub const MARK: &[u8] = b"%CCBU_";

/// Longest host that is looked back for, bytes.
const HOST: usize = 256;

/// Where the record starts whose mark stands at `at`: its stamp, host and sequence number belong to it, and what a
/// search command printed in front of them. Never before `from`.
pub fn start_of(bytes: &[u8], from: usize, at: usize) -> usize {
    let stamped = |blank: usize| {
        let stamp = at
            .checked_sub(time::CCBU_LEN + 1 + blank)
            .filter(|stamp| *stamp >= from)?;
        time::parse_ccbu(bytes.get(stamp..at)?)?;
        (bytes.get(stamp + time::CCBU_LEN) == Some(&b':')).then_some(stamp)
    };
    let Some(stamp) = stamped(1).or_else(|| stamped(0)) else {
        return at;
    };
    let word = |to: usize| {
        let text = bytes
            .get(from.max(to.saturating_sub(HOST))..to)
            .unwrap_or_default();
        let length = text
            .iter()
            .rev()
            .take_while(|b| !b.is_ascii_whitespace())
            .count();
        to - length
    };
    let before = |to: usize| {
        bytes
            .get(from..to)
            .is_some_and(|text| text.ends_with(b": "))
    };
    if !before(stamp) {
        return stamp;
    }
    let host = word(stamp - 1);
    // `seq::` is one word, `seq: host:` are two, `host:` alone or `file:host:` may be there too.
    let numbered = before(host)
        && bytes
            .get(word(host - 1)..host - 2)
            .is_some_and(|text| text.last().is_some_and(u8::is_ascii_digit));
    if numbered { word(host - 1) } else { host }
}

/// True where a record begins at the front of a line.
pub fn begins(line: &[u8]) -> bool {
    if line.starts_with(MARK) {
        return true;
    }
    // The longest head: a path that a search command printed, a number, a host, a stamp.
    let head = line.get(..HOST * 2).unwrap_or(line);
    match memchr::memchr(b'%', head) {
        Some(at) if head.get(at..).is_some_and(|rest| rest.starts_with(MARK)) => {
            start_of(head, 0, at) == 0
        }
        _ => false,
    }
}

/// Where another record starts behind `from` in the line that ends at `end`, the record before it having started at
/// `record`. A mark inside a value is none: a value may be what somebody typed.
pub fn glued(bytes: &[u8], record: usize, from: usize, end: usize) -> Option<usize> {
    let line = bytes.get(..end)?;
    let mut inside = None;
    memchr::memmem::find_iter(line.get(from..)?, MARK).find_map(|found| {
        let start = start_of(line, record, from + found);
        let own = line.get(record..start)?;
        let stands_apart = start >= from && own.last().is_none_or(u8::is_ascii_whitespace);
        if !stands_apart || !is_labelled(line.get(from + found..)?) {
            return None;
        }
        // A record without a mark is no record, but what stood in front of one.
        let is_first = memchr::memmem::find(own, MARK).is_none();
        let (first, last) =
            *inside.get_or_insert_with(|| items(line.get(record..).unwrap_or_default()));
        let is_value = (first..last).contains(&(start - record));
        (is_first || !is_value).then_some(start)
    })
}

/// `%CCBU_thread-6-NAME`: a severity and a letter behind it before anything that a value would hold.
fn is_labelled(mark: &[u8]) -> bool {
    let label = mark.get(..160).unwrap_or(mark);
    let end = memchr::memchr3(b'[', b'=', b'%', label.get(1..).unwrap_or_default())
        .unwrap_or(label.len());
    label
        .get(..end + 1)
        .unwrap_or(label)
        .windows(4)
        .any(|part| matches!(part, [b'-', b'0'..=b'7', b'-', c] if c.is_ascii_alphabetic()))
}

/// Longest items that are looked through for their end, bytes. Longer ones are taken to have no end.
const ITEMS: usize = 64 * 1024;

/// Where the items of a record lie; nowhere when they are never closed, as in the document's own `[usr=: Request start`.
fn items(record: &[u8]) -> (usize, usize) {
    let Some(list) = memchr::memmem::find(record, b": %[").map(|found| found + 3) else {
        return (0, 0);
    };
    let (mut depth, mut closed) = (0usize, list);
    let text = record.get(list..).unwrap_or_default();
    let near = text.get(..ITEMS).unwrap_or(text);
    for place in memchr::memchr2_iter(b'[', b']', near) {
        match text.get(place) {
            Some(b'[') if depth == 0 => {
                // Another item follows the last one directly, but for blanks; else it is text.
                let between = record.get(closed..list + place).unwrap_or_default();
                if !between.trim_ascii().is_empty() {
                    return (list, closed);
                }
                depth = 1;
            }
            Some(b'[') => depth += 1,
            _ => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    closed = list + place + 1;
                }
            }
        }
    }
    match (depth, near.len() < text.len()) {
        (0, _) => (list, closed),
        (_, true) => (list, usize::MAX),
        (_, false) => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "0000001636: 10.48.47.142: Feb 13 2017 15:01:35.576 +0100: %CCBU__CUIC-7-OPERATION: %[A=b][C=[d]]: text.";

    fn second(text: &str) -> Option<&str> {
        glued(text.as_bytes(), 0, 1, text.len()).map(|at| &text[at..])
    }

    #[test]
    fn every_head_belongs_to_its_record() {
        for head in [
            "0000001636: 10.48.47.142: Feb 13 2017 15:01:35.576 +0100: ",
            "0000837786:: Jun 20 2017 21:18:36.552 +0000: ",
            "Jun 20 2017 21:18:36.552 +0000: ",
            "runtime/CCBU-runtime.log:0000837786:: Jun 20 2017 21:18:36.552 +0000: ",
            "/x/Desktop.log:0000001636: 10.48.47.142: Feb 13 2017 15:01:35.576 +0100: ",
            "",
        ] {
            let line = format!("{head}%CCBU_x-6-Y: z");
            assert!(begins(line.as_bytes()), "{line}");
            assert_eq!(
                second(&format!("{FULL} {line}")),
                Some(line.as_str()),
                "{line}"
            );
            assert_eq!(
                second(&format!("admin:file tail x {line}")),
                Some(line.as_str()),
                "{line}"
            );
        }
        assert!(!begins(b"a value of %CCBU_x-6-Y: z"));
    }

    #[test]
    fn a_value_makes_no_record() {
        let forged =
            "0000000001: h: Apr 14 2017 14:01:17.196 -0700: %CCBU_x-6-API_REQUEST: %[a=b]: c";
        assert_eq!(
            second(&format!(
                "%CCBU_t-6-REQUEST_START: %[usr= {forged}][b=c]: d"
            )),
            None
        );
        assert_eq!(
            second(&format!(
                "%CCBU_t-6-REQUEST_START: %[usr=[ {forged}]][b=c]: d"
            )),
            None
        );
        // The document's own record never closes its last item.
        assert!(
            second(&format!(
                "%CCBU_t-6-REQUEST_START: %[usr=: Request start {forged}"
            ))
            .is_some()
        );
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(text in "([a-z0-9:%\\[\\]= -]|%CCBU_|: %\\[|Feb 13 2017 15:01:35.576 \\+0100|: |é){0,40}") {
            let _ = begins(text.as_bytes());
            if let Some(at) = glued(text.as_bytes(), 0, 1, text.len()) {
                proptest::prop_assert!(at >= 1 && at < text.len());
            }
        }
    }
}
