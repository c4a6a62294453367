//! Lines that an article, a terminal or a mail program has wrapped, joined again.
//!
//! Where the break replaced a blank and where it cut a word is not written down; the characters around it tell. Two
//! words had a blank between them, a sign that never stands before a blank (`=`, `/`, `_`, `<`) had none. The
//! excerpts of the reference and their unwrapped twins were joined by hand and agree with this but for blanks.

use std::borrow::Cow;

/// The text without its line ends. Borrows where there is none.
pub fn joined(text: &str) -> Cow<'_, str> {
    join(text, |before, after| {
        let is_word = |c: char| c.is_alphanumeric();
        (is_word(before) && is_word(after))
            || matches!(before, ',' | ';' | '.' | ')') && is_word(after)
            || before == ':' && (after.is_ascii_digit() || after == '%')
            || matches!(after, '-' | '(' | '"') && is_word(before)
    })
}

/// As [`joined`] for an access log line, where a blank stands before a query and never inside a path.
pub fn access(text: &str) -> Cow<'_, str> {
    join(text, |before, after| {
        after == '?' || after == '-' || before.is_alphanumeric() && after.is_alphanumeric()
    })
}

fn join(text: &str, is_blank: impl Fn(char, char) -> bool) -> Cow<'_, str> {
    if memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split(['\n', '\r']) {
        let starts_blank = line.starts_with([' ', '\t']);
        let line = line.trim_start_matches([' ', '\t']);
        let (before, after) = (out.chars().next_back(), line.chars().next());
        let (Some(before), Some(after)) = (before, after) else {
            out.push_str(line);
            continue;
        };
        if before != ' ' && (starts_blank || is_blank(before, after)) {
            out.push(' ');
        }
        out.push_str(line);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_blank_and_cut_words_become_whole() {
        for (wrapped, whole) in [
            ("Request from\nclient", "Request from client"),
            ("[request_\nidentifier=]", "[request_identifier=]"),
            ("skillGroupNumber\n=85881", "skillGroupNumber=85881"),
            ("agentcapacity:\r\n0, x", "agentcapacity: 0, x"),
            ("/finesse/api/User/\n2001]", "/finesse/api/User/2001]"),
            ("babf-\n64a3", "babf-64a3"),
            ("x\n\n y", "x y"),
            ("plain", "plain"),
        ] {
            assert_eq!(joined(wrapped), whole);
        }
        assert_eq!(
            access("/jquery.tools.\nmin.js HTTP/1.1"),
            "/jquery.tools.min.js HTTP/1.1"
        );
        assert_eq!(
            access("/gadgets/makeRequest\n?refresh=1"),
            "/gadgets/makeRequest ?refresh=1"
        );
        assert_eq!(access("a.css\nHTTP/1.1\n200 1 2"), "a.css HTTP/1.1 200 1 2");
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_blanks_and_line_ends_change(text: String) {
            let plain = |text: &str| text.chars().filter(|c| !matches!(c, ' ' | '\t' | '\n' | '\r')).collect::<String>();
            let once = joined(&text);
            proptest::prop_assert_eq!(plain(&once), plain(&text));
            proptest::prop_assert!(!once.contains('\n'));
        }
    }
}
