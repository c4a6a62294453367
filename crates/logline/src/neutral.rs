//! Foreign text made harmless before it is written: whatever a client sends stays inside its own record.
//!
//! The change is one way and visible: a line feed becomes the two characters `\n`, another control character
//! `\u001b`. Readers don't undo it, because a real log may hold `DOMAIN\name`.

use std::borrow::Cow;
use std::fmt::Write as _;

/// True for what may end a line or move a terminal's cursor: controls, and the two Unicode line separators.
fn is_control(c: char) -> bool {
    c.is_control() || c == '\u{2028}' || c == '\u{2029}'
}

fn escape(c: char, out: &mut String) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Writing to a String can't fail.
        other => _ = write!(out, "\\u{:04x}", u32::from(other)),
    }
}

fn replace(text: &str, bad: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if bad(c) {
            escape(c, &mut out);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// One line: no line ends and no other control characters.
pub fn line(text: &str) -> Cow<'_, str> {
    replace(text, is_control)
}

/// A value between `[` and `]`: one line whose brackets balance.
pub fn bracketed(text: &str) -> Cow<'_, str> {
    if balanced(text) {
        line(text)
    } else {
        replace(text, |c| is_control(c) || c == '[' || c == ']')
    }
}

/// An item of a list whose separator is a comma: also without brackets, so that it can't add items.
pub fn item(text: &str) -> Cow<'_, str> {
    replace(text, |c| is_control(c) || matches!(c, '[' | ']' | ','))
}

/// A key: an item that also can't hold `=` or `:`.
pub fn key(text: &str) -> Cow<'_, str> {
    replace(text, |c| {
        is_control(c) || matches!(c, '[' | ']' | ',' | '=' | ':')
    })
}

/// One word of a line whose separator is a blank: `-` when empty, blanks and controls percent-encoded.
pub fn word(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        return Cow::Borrowed("-");
    }
    part(text)
}

/// As [`word`], but may be empty.
pub fn part(text: &str) -> Cow<'_, str> {
    let bad = |c: char| is_control(c) || c.is_whitespace();
    if !text.chars().any(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if bad(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A value between double quotes.
pub fn quoted(text: &str) -> Cow<'_, str> {
    replace(text, |c| is_control(c) || c == '"')
}

fn balanced(text: &str) -> bool {
    let mut depth = 0usize;
    for byte in text.bytes() {
        match byte {
            b'[' => depth += 1,
            b']' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_line_stays_in_its_record() {
        assert_eq!(line("2001\n0000000001: x"), "2001\\n0000000001: x");
        assert_eq!(bracketed("a][usr=b"), "a\\u005d\\u005busr=b");
        assert_eq!(bracketed("<![CDATA[x]]>"), "<![CDATA[x]]>");
        assert_eq!(item("2003, agentid: 1"), "2003\\u002c agentid: 1");
        assert_eq!(word("a b\r\n"), "a%20b%0D%0A");
        assert_eq!(word(""), "-");
        assert_eq!(quoted("a\"b\u{1b}"), "a\\u0022b\\u001b");
        assert_eq!(line("\u{2028}"), "\\u2028");
    }

    proptest::proptest! {
        #[test]
        fn making_harmless_twice_changes_nothing_more(text: String) {
            for f in [line, bracketed, item, key, word, part, quoted] {
                let once = f(&text).into_owned();
                let twice = f(&once).into_owned();
                proptest::prop_assert_eq!(&twice, &once);
                proptest::prop_assert!(!once.contains(['\n', '\r']));
            }
        }
    }
}
