//! Which characters XML takes, and where (XML 1.0, 2.2 and 2.3; Namespaces in XML 1.0, 3).

use super::XmlError;

/// The bytes as text, when they are nothing but characters of XML in UTF-8.
pub(super) fn text(bytes: &[u8]) -> Result<&str, XmlError> {
    let text = std::str::from_utf8(bytes).map_err(|_| XmlError::NotWellFormed("not UTF-8"))?;
    if bytes.iter().any(|byte| is_control(*byte)) {
        return Err(XmlError::NotWellFormed("a control character"));
    }
    // U+FFFE and U+FFFF begin with this byte in UTF-8.
    let mut rare = memchr::memchr_iter(0xEF, bytes);
    if rare.any(|at| {
        matches!(
            bytes.get(at..at + 3),
            Some([0xEF, 0xBF, 0xBE] | [0xEF, 0xBF, 0xBF])
        )
    }) {
        return Err(XmlError::NotWellFormed("no character"));
    }
    Ok(text)
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !is_space(byte)
}

/// White space.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// A character that may be written as a reference.
pub(super) fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// What may begin a name without a colon.
pub(super) fn begins_name(c: char) -> bool {
    matches!(c,
        'A'..='Z' | 'a'..='z' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// What may follow in a name without a colon.
pub(super) fn continues_name(c: char) -> bool {
    begins_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
