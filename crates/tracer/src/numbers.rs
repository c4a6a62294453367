//! Telephone numbers masked, for those who hand a report on. Off unless asked for: without the extension a login is hard
//! to tell. What looks like a number: seven to fifteen digits that stand alone, and whatever stands behind a name such
//! as `extension` or `dialedNumber`. Times of JavaScript and sequence numbers are none.

use serde_json::Value;
use tact_logline::redact::MASK;

use crate::report::Report;

/// Names behind which a number stands, in lower case.
const NAMES: [&str; 16] = [
    "extension",
    "agentextension",
    "agentinstrument",
    "instrument",
    "agenttext",
    "extn",
    "ext",
    "inst",
    "ani",
    "dnis",
    "dialednumber",
    "fromaddress",
    "toaddress",
    "remaskextension",
    "remaskinstrument",
    "mobileagentdialnumber",
];

/// Digits of a telephone number.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// A text with its numbers masked.
pub fn hide(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    let mut is_named = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_alphanumeric() || c == '_' || (c == '+' && word.is_empty()) {
            word.push(c);
            continue;
        }
        // `<extension>2003</extension>`: the end tag names nothing.
        let closes = c == '<' && chars.peek() == Some(&'/');
        flush(&mut word, &mut is_named, &mut out);
        // A name's value may stand behind these, and nothing else.
        if !matches!(c, ' ' | ':' | '=' | '"' | '\'' | '>') || closes {
            is_named = false;
        }
        out.push(c);
    }
    flush(&mut word, &mut is_named, &mut out);
    out
}

fn flush(word: &mut String, is_named: &mut bool, out: &mut String) {
    if word.is_empty() {
        return;
    }
    let digits = word.strip_prefix('+').unwrap_or(word);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Milliseconds since 1970 have thirteen digits for now.
    let is_time = digits.len() == 13 && digits.starts_with('1');
    let is_sequence = digits.starts_with("00");
    let is_phone = DIGITS.contains(&digits.len()) && !is_time && !is_sequence;
    if is_number && (*is_named || is_phone) {
        out.push_str(MASK);
        *is_named = false;
    } else {
        out.push_str(word);
        *is_named = NAMES.contains(&word.to_ascii_lowercase().as_str());
    }
    word.clear();
}

/// Masks the numbers in all that a report says.
pub(crate) fn hide_in(report: &mut Report) {
    let some = |text: &mut Option<String>| {
        if let Some(text) = text {
            *text = hide(text);
        }
    };
    for login in &mut report.logins {
        login.extension = login.extension.take().map(|_| MASK.to_owned());
        some(&mut login.cause);
        some(&mut login.fix);
        for step in &mut login.steps {
            for (name, value) in &mut step.details {
                if name == "extension" {
                    *value = Value::String(MASK.to_owned());
                } else if let Value::String(text) = value {
                    // An id may hold a group of digits.
                    if name != "request_id" {
                        *text = hide(text);
                    }
                }
            }
        }
        for note in &mut login.notes {
            note.text = hide(&note.text);
        }
    }
    for finding in &mut report.findings {
        finding.cause = hide(&finding.cause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_masked_and_times_and_ids_are_not() {
        for (text, hidden) in [
            ("calls +4930123456789 now", "calls *** now"),
            (
                "agenttext: 2003, agentid: 2001",
                "agenttext: ***, agentid: 2001",
            ),
            (
                "<extension>2003</extension><loginId>2001</loginId>",
                "<extension>***</extension><loginId>2001</loginId>",
            ),
            ("extension:2003 state:LOGIN", "extension:*** state:LOGIN"),
            ("nocache=1366756805180", "nocache=1366756805180"),
            (
                "0051203603: 10.106.81.82: Apr 14 2017",
                "0051203603: 10.106.81.82: Apr 14 2017",
            ),
            ("Ext=2003 Inst=2003 Sig=", "Ext=*** Inst=*** Sig="),
            (
                "\"toAddress\":\"5001\", \"uri\":\"x\"",
                "\"toAddress\":\"***\", \"uri\":\"x\"",
            ),
            ("for extension 9999", "for extension ***"),
        ] {
            assert_eq!(hide(text), hidden);
        }
    }
}
