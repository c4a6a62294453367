//! Credentials masked: in queries before we write them, and in foreign lines before we show them.
//!
//! Real logs hold them in three shapes (logs.md 0.5): `Authorization: Basic ...` in the notification service's wire
//! trace, the same header percent-encoded twice in the query of a gadget request, and passwords as `key=value`.

use std::borrow::Cow;

/// What stands where a credential stood.
pub const MASK: &str = "***";

/// Parameter names whose values are never written.
const SECRET_KEYS: [&str; 16] = [
    "authorization",
    "headers",
    "password",
    "passwd",
    "pwd",
    "pass",
    "passphrase",
    "secret",
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "authz",
    "st",
    "auth",
    "credentials",
];

/// Words that start a secret in free text, longest first where one begins another.
const TRIGGERS: [&str; 11] = [
    "basic",
    "bearer",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "jsessionidsso",
    "jsessionid",
    "access_token",
    "refresh_token",
    "<auth ",
];

/// True when a parameter of this name holds a credential. Case and percent-encoding don't matter.
pub fn is_secret_key(name: &str) -> bool {
    let mut plain = Vec::with_capacity(name.len());
    let mut bytes = name.bytes();
    while let Some(byte) = bytes.next() {
        let decoded = match byte {
            b'%' => {
                let mut ahead = bytes.clone();
                let hex = |digit: Option<u8>| char::from(digit?).to_digit(16);
                match (hex(ahead.next()), hex(ahead.next())) {
                    (Some(high), Some(low)) => {
                        bytes = ahead;
                        u8::try_from(high * 16 + low).unwrap_or(byte)
                    }
                    _ => byte,
                }
            }
            other => other,
        };
        plain.push(decoded.to_ascii_lowercase());
    }
    SECRET_KEYS.iter().any(|key| key.as_bytes() == plain)
}

/// The query with the values of credential parameters masked, and anything that looks like one inside the others.
pub fn query(query: &str) -> Cow<'_, str> {
    let is_secret = |pair: &str| {
        pair.split_once('=')
            .is_some_and(|(key, value)| !value.is_empty() && is_secret_key(key))
    };
    if !query.split('&').any(is_secret) {
        return line(query);
    }
    let mut out = String::with_capacity(query.len());
    for (index, pair) in query.split('&').enumerate() {
        if index > 0 {
            out.push('&');
        }
        match pair.split_once('=') {
            Some((key, _)) if is_secret(pair) => {
                out.push_str(key);
                out.push('=');
                out.push_str(MASK);
            }
            _ => out.push_str(&line(pair)),
        }
    }
    Cow::Owned(out)
}

/// A line of a foreign log with credentials masked, for display.
pub fn line(text: &str) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some((trigger, from)) = next_trigger(&lower, at) {
        let after = from + trigger.len();
        at = after;
        let secret = match trigger {
            "basic" | "bearer" => token(text, &lower, after),
            "<auth " => element(text, after),
            _ => value(text, &lower, after),
        };
        let Some((start, end)) = secret else {
            continue;
        };
        // What is masked already is passed over as a whole, too: otherwise a second reading would see more than the first.
        at = end;
        if text.get(start..end).is_some_and(|found| found != MASK) {
            out.push_str(text.get(copied..start).unwrap_or_default());
            out.push_str(MASK);
            copied = end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

fn next_trigger(lower: &str, at: usize) -> Option<(&'static str, usize)> {
    let rest = lower.get(at..)?;
    TRIGGERS
        .iter()
        .filter_map(|trigger| Some((*trigger, rest.find(trigger)? + at)))
        .min_by_key(|found| found.1)
}

/// Skips any of `parts`, as often as they come.
fn skip(lower: &str, mut at: usize, parts: &[&str]) -> usize {
    while let Some(part) = parts
        .iter()
        .find(|part| lower.get(at..).is_some_and(|rest| rest.starts_with(**part)))
    {
        at += part.len();
    }
    at
}

/// The base64 or token after a scheme name. Plain words ("basic settings") are no credential unless a header says so.
fn token(text: &str, lower: &str, after: usize) -> Option<(usize, usize)> {
    let start = skip(lower, after, &[" ", "+", "%20", "%2520", "%252520"]);
    if start == after {
        return None;
    }
    let rest = text.get(start..)?;
    // A percent sign belongs to the token only when it hides one of base64's own characters.
    let mut length = 0;
    while let Some(byte) = rest.as_bytes().get(length) {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'+'
            | b'/'
            | b'='
            | b'_'
            | b'-'
            | b'.'
            | b'~' => length += 1,
            b'%' => {
                let tail = lower.get(start + length..)?;
                let hidden = ["%3d", "%253d", "%2b", "%252b", "%2f", "%252f"];
                match hidden.iter().find(|code| tail.starts_with(**code)) {
                    Some(code) => length += code.len(),
                    None => break,
                }
            }
            _ => break,
        }
    }
    let is_word = rest
        .get(..length)?
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'.');
    let in_header = lower.get(..after)?.len() >= 5 && lower.get(..after)?.contains("authorization");
    (length > 0 && (in_header || !is_word)).then_some((start, start + length))
}

/// The text of an element up to the next tag.
fn element(text: &str, after: usize) -> Option<(usize, usize)> {
    let start = after + text.get(after..)?.find('>')? + 1;
    let end = start + text.get(start..)?.find('<').unwrap_or(text.len() - start);
    (end > start).then_some((start, end))
}

/// The value behind a key: after `=`, `:`, `">` and their encodings, up to what can end a value.
fn value(text: &str, lower: &str, after: usize) -> Option<(usize, usize)> {
    let quoted = skip(lower, after, &["\"", "'", "&quot;"]);
    let separated = skip(
        lower,
        quoted,
        &["=", ":", ">", "&gt;", "%3d", "%253d", "%3e", "%253e"],
    );
    if separated == quoted {
        return None;
    }
    let start = skip(lower, separated, &[" ", "\"", "'", "&quot;", "["]);
    let rest = text.get(start..)?;
    let end = rest
        .find(|c: char| {
            c.is_whitespace() || matches!(c, '&' | '"' | '\'' | '<' | ',' | ']' | '}' | ';')
        })
        .unwrap_or(rest.len());
    let end = ["%26", "%2526"]
        .iter()
        .filter_map(|code| lower.get(start..start + end)?.find(code))
        .min()
        .unwrap_or(end);
    (end > 0).then_some((start, start + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shapes_of_real_logs() {
        for (seen, shown) in [
            (
                ">>\"Authorization: Basic MjAwMToyMDAx[\\r][\\n]\"",
                ">>\"Authorization: Basic ***[\\r][\\n]\"",
            ),
            (
                "headers=Authorization%3DBasic%2520MjAwMToyMDAx%26locale",
                "headers=Authorization%3DBasic%2520***%26locale",
            ),
            ("login password=ab%26c x", "login password=***%26c x"),
            ("<password>secret</password>", "<password>***</password>"),
            ("{\"password\": \"secret\"}", "{\"password\": \"***\"}"),
            (
                "<auth xmlns='x' mechanism='PLAIN'>AHg=</auth>",
                "<auth xmlns='x' mechanism='PLAIN'>***</auth>",
            ),
            (
                "Cookie accepted: \"$Version=0; JSESSIONIDSSO=C11F; $Path=/\"",
                "Cookie accepted: \"$Version=0; JSESSIONIDSSO=***; $Path=/\"",
            ),
            (
                "a basic setting of the password page",
                "a basic setting of the password page",
            ),
            (
                "authorization: Bearer eyJh.bGci-x",
                "authorization: Bearer ***",
            ),
        ] {
            assert_eq!(line(seen), shown);
        }
    }

    #[test]
    fn a_masked_element_is_passed_over_as_a_whole() {
        let once = line("<auth password=basic>basic");
        assert_eq!(once, "<auth password=basic>***");
        assert_eq!(line(&once), once);
    }

    #[test]
    fn parameters_by_any_spelling_of_their_name() {
        assert_eq!(query("a=1&PassWord=x&b=2"), "a=1&PassWord=***&b=2");
        assert_eq!(query("%70assword=x"), "%70assword=***");
        assert_eq!(
            query("a=1&access_token=x=y&b=2"),
            "a=1&access_token=***&b=2"
        );
        assert_eq!(query("access%5Ftoken=x"), "access%5Ftoken=***");
        assert_eq!(query("nocache=1%20"), "nocache=1%20");
        assert_eq!(query("a=1&b"), "a=1&b");
        assert_eq!(query("nocache=1366756802163"), "nocache=1366756802163");
        assert_eq!(
            query("url=http%3A%2F%2Fx%3Fpassword%3Dy%26z"),
            "url=http%3A%2F%2Fx%3Fpassword%3D***%26z"
        );
        assert!(is_secret_key("Headers") && !is_secret_key("nocache"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics_and_twice_is_once(text: String, tail in "(basic|password|<auth |=|>| |%3d|é|Mj==){0,8}") {
            for input in [text.as_str(), tail.as_str()] {
                let once = line(input).into_owned();
                proptest::prop_assert_eq!(line(&once).into_owned(), once);
                let once = query(input).into_owned();
                proptest::prop_assert_eq!(query(&once).into_owned(), once);
            }
        }
    }
}
