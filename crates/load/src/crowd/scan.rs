//! Where an element of an XML stream ends, and what stands in it, without building a tree: ten thousand desktops share
//! the machine with the server that they measure. What carries figures is checked in full elsewhere
//! ([`super::payload`]); here tags only have to balance.

use memchr::{memchr, memchr3, memmem};

/// Bytes that are no XML element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an XML element")]
pub(super) struct NotXml;

/// The length of the element that `bytes` begin with; `None` while its end is missing.
pub(super) fn element_end(bytes: &[u8]) -> Result<Option<usize>, NotXml> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(tag) = memchr(b'<', rest) else {
            return if rest.is_empty() || depth > 0 {
                Ok(None)
            } else {
                Err(NotXml)
            };
        };
        if depth == 0 && tag > 0 {
            return Err(NotXml);
        }
        let rest = rest.get(tag..).unwrap_or_default();
        let Some(length) = tag_end(rest) else {
            return Ok(None);
        };
        at += tag + length;
        let tag = rest.get(..length).unwrap_or_default();
        if tag.starts_with(b"</") {
            depth = depth.checked_sub(1).ok_or(NotXml)?;
        } else if !tag.ends_with(b"/>") {
            depth += 1;
        }
        if depth == 0 {
            return Ok(Some(at));
        }
    }
}

/// The length of the tag that `bytes` begin with: quoted values may hold a `>`.
pub(super) fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr3(b'>', b'"', b'\'', bytes.get(at..)?)?;
        match bytes.get(found) {
            Some(b'>') => return Some(found + 1),
            Some(quote) => at = found + 2 + memchr(*quote, bytes.get(found + 1..)?)?,
            None => return None,
        }
    }
}

/// The element's name without its prefix.
pub(super) fn name(element: &[u8]) -> &[u8] {
    let rest = element.get(1..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b' ' | b'>' | b'/' | b'\t' | b'\r' | b'\n'));
    let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    match memchr(b':', name) {
        Some(colon) => name.get(colon + 1..).unwrap_or_default(),
        None => name,
    }
}

/// The value of an attribute of the first tag, still escaped.
pub(super) fn attribute<'a>(element: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let tag = element.get(..tag_end(element)?)?;
    let mut rest = tag;
    loop {
        let equals = memchr(b'=', rest)?;
        let before = rest.get(..equals)?.trim_ascii_end();
        let after = rest.get(equals + 1..)?.trim_ascii_start();
        let quote = *after.first()?;
        let value = after.get(1..)?;
        let end = memchr(quote, value)?;
        if before.ends_with(name.as_bytes())
            && before
                .get(..before.len() - name.len())?
                .last()
                .is_some_and(u8::is_ascii_whitespace)
        {
            return value.get(..end);
        }
        rest = value.get(end + 1..)?;
    }
}

/// The children of an element, one after the other. `None` in the place of what is no element.
pub(super) fn children(element: &[u8]) -> impl Iterator<Item = Result<&[u8], NotXml>> {
    let open = tag_end(element).unwrap_or(element.len());
    let tag = element.get(..open).unwrap_or_default();
    let mut rest = if tag.ends_with(b"/>") {
        &[]
    } else {
        element.get(open..).unwrap_or_default()
    };
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() || rest.starts_with(b"</") {
            return None;
        }
        match element_end(rest) {
            Ok(Some(end)) => {
                let (child, after) = rest.split_at_checked(end)?;
                rest = after;
                Some(Ok(child))
            }
            Ok(None) | Err(_) => {
                rest = &[];
                Some(Err(NotXml))
            }
        }
    })
}

/// The text of the first element called `name` (without prefix, as it is written), still escaped. It has no children.
pub(super) fn text_of<'a>(bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = memmem::find(rest, name.as_bytes())?;
        let opens = at.checked_sub(1).and_then(|before| rest.get(before)) == Some(&b'<');
        let tag = rest.get(at.saturating_sub(1)..)?;
        if opens && self::name(tag) == name.as_bytes() {
            let start = tag_end(tag)?;
            let text = tag.get(start..)?;
            return text.get(..memchr(b'<', text)?);
        }
        from += at + name.len();
    }
}

/// Whether `escaped` text means `plain`, whatever way it was escaped.
pub(super) fn means(escaped: &[u8], plain: &str) -> bool {
    let mut plain = plain.as_bytes();
    let mut escaped = escaped;
    loop {
        let literal = memchr(b'&', escaped).unwrap_or(escaped.len());
        let (text, rest) = escaped.split_at(literal);
        let Some(after) = plain.strip_prefix(text) else {
            return false;
        };
        plain = after;
        if rest.is_empty() {
            return plain.is_empty();
        }
        let Some((character, length)) = entity(rest) else {
            return false;
        };
        let mut buffer = [0; 4];
        let Some(after) = plain.strip_prefix(character.encode_utf8(&mut buffer).as_bytes()) else {
            return false;
        };
        plain = after;
        escaped = rest.get(length..).unwrap_or_default();
    }
}

/// The character of the entity that `bytes` begin with, and its length.
fn entity(bytes: &[u8]) -> Option<(char, usize)> {
    let end = memchr(b';', bytes)?;
    let name = std::str::from_utf8(bytes.get(1..end)?).ok()?;
    let character = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_ends_where_its_tags_balance() {
        for whole in [
            "<a/>",
            "<a></a>",
            "<a b='>'>text &lt; <c d=\"/>'\"/></a>",
            "<x:a><x:a>é</x:a></x:a>",
        ] {
            for end in 0..whole.len() {
                let part = whole.as_bytes().get(..end).unwrap();
                assert_eq!(element_end(part), Ok(None), "{whole} up to {end}");
            }
            let more = format!("{whole}<next");
            assert_eq!(element_end(more.as_bytes()), Ok(Some(whole.len())));
        }
        for bad in ["text<a/>", "</a>", " <a/>"] {
            assert_eq!(element_end(bad.as_bytes()), Err(NotXml), "{bad}");
        }
    }

    #[test]
    fn names_attributes_and_texts_are_found() {
        let element = b"<stream:iq aid='no' id = \"7\" type='a=\"b\"'><jid>x@y/z</jid></stream:iq>";
        assert_eq!(name(element), b"iq");
        assert_eq!(attribute(element, "id"), Some(b"7".as_slice()));
        assert_eq!(attribute(element, "type"), Some(b"a=\"b\"".as_slice()));
        assert_eq!(attribute(element, "to"), None);
        assert_eq!(text_of(element, "jid"), Some(b"x@y/z".as_slice()));
        assert_eq!(text_of(element, "j"), None);
    }

    #[test]
    fn children_are_told_apart() {
        let body = b"<body xmlns='x'> <a>1</a><b/><c><c/></c></body>";
        let children: Vec<_> = children(body).map(Result::unwrap).collect();
        assert_eq!(children, [b"<a>1</a>".as_slice(), b"<b/>", b"<c><c/></c>"]);
        assert_eq!(super::children(b"<body/>").count(), 0);
        assert_eq!(super::children(b"<body>x</body>").next(), Some(Err(NotXml)));
    }

    #[test]
    fn escaped_text_is_compared_by_its_meaning() {
        for same in ["&lt;a&gt;&amp;é", "&lt;a>&#38;&#xe9;", "<a>&#x26;é"] {
            assert!(means(same.as_bytes(), "<a>&é"), "{same}");
        }
        for other in [
            "",
            "&lt;a&gt;&amp;éé",
            "&lt;a&gt;&amp;",
            "&lt;a&gt;&no;é",
            "&",
        ] {
            assert!(!means(other.as_bytes(), "<a>&é"), "{other}");
        }
    }
}
