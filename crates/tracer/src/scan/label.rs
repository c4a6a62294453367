//! What stands around a mark, read without a parser: `seq: host: date: %CCBU_thread-6-MNEMONIC: `.

use tact_logline::time;
use tact_logline::webservices::start::{self, MARK};

/// Longest label, bytes.
const LABEL: usize = 200;
/// The longest head that a record has in front of its mark, bytes.
const HEAD: usize = 512;
/// Bytes of a time and of what follows it.
const STAMPED: usize = time::CCBU_LEN + 2;

/// A record's label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label<'a> {
    pub(super) thread: &'a [u8],
    pub(super) mnemonic: &'a [u8],
}

/// The label behind a mark; `None` where it takes the parser to tell.
pub(super) fn label(mark: &[u8]) -> Option<Label<'_>> {
    let text = mark.get(MARK.len()..)?;
    let text = text.get(..LABEL).unwrap_or(text);
    let text = text.get(..memchr::memchr(b':', text)?)?;
    let dash = memchr::memrchr(b'-', text)?;
    let (front, mnemonic) = (text.get(..dash)?, text.get(dash + 1..)?);
    match front {
        [thread @ .., b'-', b'0'..=b'7'] if mnemonic.first()?.is_ascii_alphabetic() => {
            Some(Label { thread, mnemonic })
        }
        _ => None,
    }
}

/// Where the record of the mark at `at` starts if that is at the front of a line. `bytes` begin at one.
pub(super) fn line_start(bytes: &[u8], at: usize) -> Option<usize> {
    let near = at.saturating_sub(HEAD);
    let line = match memchr::memrchr(b'\n', bytes.get(near..at)?) {
        Some(end) => near + end + 1,
        None if near == 0 => 0,
        None => return None,
    };
    let head = bytes.get(line..at)?;
    if head.is_empty() || is_usual(head) {
        return Some(line);
    }
    (start::start_of(bytes, line, at) == line).then_some(line)
}

/// The form that nearly every head has; what is kept of it is parsed.
fn is_usual(head: &[u8]) -> bool {
    let Some(stamp) = head
        .len()
        .checked_sub(STAMPED)
        .and_then(|from| head.get(from..))
    else {
        return false;
    };
    let is_stamp = matches!(
        stamp,
        [_, _, _, b' ', _, _, b' ', ..] if stamp.get(14) == Some(&b':')
            && stamp.get(20) == Some(&b'.')
            && stamp.get(24) == Some(&b' ')
            && stamp.ends_with(b": ")
    );
    let front = head.get(..head.len() - STAMPED).unwrap_or_default();
    // A number, and a host without blanks behind it.
    let is_front = front.is_empty()
        || front.first().is_some_and(u8::is_ascii_digit)
            && front.ends_with(b": ")
            && memchr::memchr_iter(b' ', front).count() <= 2;
    is_stamp && is_front
}

/// The time in front of the mark at `at`.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<i64> {
    let from = at.checked_sub(STAMPED)?;
    time::parse_ccbu(bytes.get(from..at)?).map(|(at, _)| at)
}

/// What stands behind `key` up to one of `ends`.
pub(super) fn value<'a>(bytes: &'a [u8], key: &[u8], ends: &[u8]) -> Option<&'a [u8]> {
    let from = memchr::memmem::find(bytes, key)? + key.len();
    let rest = bytes.get(from..)?;
    let end = rest.iter().position(|byte| ends.contains(byte))?;
    rest.get(..end)
}

/// A number at the front.
pub(super) fn number(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix(b"-") {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let length = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(1..=18).contains(&length) {
        return None;
    }
    let value = digits
        .get(..length)?
        .iter()
        .fold(0i64, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    Some(sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] = b"0051203603: 10.106.81.82: Apr 14 2017 14:01:17.196 -0700: %CCBU_http-8080-7-6-REQUEST_END: %[elapsed_time=98]: x";

    #[test]
    fn a_label_and_its_place() {
        let mark = memchr::memmem::find(LINE, MARK).unwrap();
        let found = label(&LINE[mark..]).unwrap();
        assert_eq!(
            (found.thread, found.mnemonic),
            (&b"http-8080-7"[..], &b"REQUEST_END"[..])
        );
        assert_eq!(line_start(LINE, mark), Some(0));
        assert_eq!(at(LINE, mark), Some(1_492_203_677_196));
        assert_eq!(
            value(LINE, b"elapsed_time=", b"]").and_then(number),
            Some(98)
        );
        let glued = [b"text ", LINE].concat();
        assert_eq!(line_start(&glued, mark + 5), None);
        assert_eq!(label(b"%CCBU_no label: x"), None);
    }
}
