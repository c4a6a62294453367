//! Escaping of text and attribute values (XML 1.0, 2.2 and 2.4). Characters that XML cannot carry become U+FFFD,
//! so that no value of any source can make a document malformed.

/// Appends `text` as character data: `&`, `<`, `>` and carriage returns are escaped.
pub fn text(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#13;"),
        _ => None,
    });
}

/// Appends `value` as the content of an attribute in either kind of quotes.
pub fn attribute(value: &str, out: &mut String) {
    escape(value, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&apos;"),
        b'\t' => Some("&#9;"),
        b'\n' => Some("&#10;"),
        b'\r' => Some("&#13;"),
        _ => None,
    });
}

fn escape(input: &str, out: &mut String, special: impl Fn(u8) -> Option<&'static str>) {
    out.reserve(input.len());
    let mut start = 0;
    for (at, byte) in input.bytes().enumerate() {
        // Only these can begin something that is escaped or forbidden: ASCII specials, controls, U+FFFE and U+FFFF.
        let (replacement, width) = if let Some(replacement) = special(byte) {
            (replacement, 1)
        } else if byte < 0x20 && byte != b'\t' && byte != b'\n' {
            ("\u{FFFD}", 1)
        } else if byte == 0xEF && forbidden_at(input, at) {
            ("\u{FFFD}", 3)
        } else {
            continue;
        };
        out.push_str(input.get(start..at).unwrap_or_default());
        out.push_str(replacement);
        start = at + width;
    }
    out.push_str(input.get(start..).unwrap_or_default());
}

/// True where U+FFFE or U+FFFF stands at byte `at`.
fn forbidden_at(input: &str, at: usize) -> bool {
    matches!(
        input.as_bytes().get(at..at + 3),
        Some([0xEF, 0xBF, 0xBE | 0xBF])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(with: fn(&str, &mut String), input: &str) -> String {
        let mut out = String::new();
        with(input, &mut out);
        out
    }

    #[test]
    fn text_leaves_quotes_alone() {
        assert_eq!(
            escaped(text, "<a b='\"'>&\r\n"),
            "&lt;a b='\"'&gt;&amp;&#13;\n"
        );
    }

    #[test]
    fn attributes_keep_white_space_by_reference() {
        assert_eq!(escaped(attribute, "\"'\t\n"), "&quot;&apos;&#9;&#10;");
    }

    #[test]
    fn what_xml_cannot_carry_is_replaced() {
        assert_eq!(
            escaped(text, "a\u{0}b\u{FFFE}c\u{FFFF}d\u{FFFD}é"),
            "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}é"
        );
    }
}
