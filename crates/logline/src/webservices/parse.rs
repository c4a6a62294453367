//! Reads `%CCBU_` records of every variant (logs.md 2.1, A to F) into a head, items and text.

use crate::time;

/// One record: the head and the `%[key=value]` items, nothing interpreted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// The sequence number; restarts with the server.
    pub sequence: Option<u64>,
    /// The host's address or name; `None` where the variant has none or it is empty.
    pub host: Option<&'a str>,
    /// Milliseconds since 1970 and the offset in minutes; `None` in variant A.
    pub at: Option<(i64, i32)>,
    /// The thread, or the facility of other products.
    pub thread: &'a str,
    /// Syslog severity, 0 to 7.
    pub severity: u8,
    /// Such as `API_REQUEST`.
    pub mnemonic: &'a str,
    /// The items in order; keys may repeat.
    pub items: Vec<(&'a str, &'a str)>,
    /// The text after the items.
    pub message: &'a str,
}

impl<'a> Record<'a> {
    /// The first item of this name.
    pub fn item(&self, key: &str) -> Option<&'a str> {
        self.items
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| *value)
    }
}

/// The key that a translation engine made another word of: `request_identifiant`, `request_identifcier`,
/// `request_identifieur`.
fn restored(key: &str) -> &str {
    if key.starts_with("request_identif") {
        "request_identifier"
    } else {
        key
    }
}

/// Reads one record; `None` when there is no `%CCBU_` with a severity and a mnemonic behind it.
pub fn parse(text: &str) -> Option<Record<'_>> {
    let text = text.trim_end_matches(['\n', '\r', ' ']);
    let (prefix, body) = text.split_once("%CCBU_")?;
    let (thread, severity, mnemonic, rest) = facility(body)?;
    let (sequence, host, at) = head(prefix);
    let (items, message) = match rest.strip_prefix('%') {
        Some(list) if list.starts_with('[') => items(list),
        _ => (Vec::new(), rest),
    };
    Some(Record {
        sequence,
        host,
        at,
        thread,
        severity,
        mnemonic,
        items,
        message,
    })
}

/// `[seq ": " [host] ": "] [date ": "]`, also behind a file name that a search command printed.
fn head(prefix: &str) -> (Option<u64>, Option<&str>, Option<(i64, i32)>) {
    let prefix = prefix.trim_end();
    let before_colon = prefix.strip_suffix(':').unwrap_or(prefix);
    let Some(date_from) = before_colon.len().checked_sub(time::CCBU_LEN) else {
        return (None, None, None);
    };
    let (Some(date), Some(front)) = (before_colon.get(date_from..), before_colon.get(..date_from))
    else {
        return (None, None, None);
    };
    let at = time::parse_ccbu(date.as_bytes());
    if at.is_none() {
        return (None, None, None);
    }
    let front = front.trim_end();
    let front = front.strip_suffix(':').unwrap_or(front);
    // `seq: host` or `seq:` with an empty host.
    let (before_host, host) = match front.rfind([' ', ':']) {
        Some(cut) => (
            front.get(..cut).unwrap_or_default(),
            front.get(cut + 1..).unwrap_or_default(),
        ),
        None => ("", front),
    };
    let digits = |text: &str| -> Option<u64> {
        let text = text.trim_end_matches([' ', ':']);
        let from = text
            .rfind(|c: char| !c.is_ascii_digit())
            .map_or(0, |at| at + 1);
        text.get(from..)
            .filter(|digits| (1..=20).contains(&digits.len()))?
            .parse()
            .ok()
    };
    match digits(before_host) {
        Some(sequence) => (
            Some(sequence),
            Some(host).filter(|host| !host.is_empty()),
            at,
        ),
        // An empty host: what stands before the date is the number itself.
        None => (digits(host), None, at),
    }
}

/// Splits `thread-sev-MNEMONIC: rest` at the leftmost `-[0-7]-` whose mnemonic begins with a letter and holds no `-`.
fn facility(body: &str) -> Option<(&str, u8, &str, &str)> {
    let bytes = body.as_bytes();
    let first_line_end = memchr::memchr2(b'%', b'\n', bytes).unwrap_or(bytes.len());
    memchr::memchr_iter(b'-', bytes)
        .take_while(|at| *at <= first_line_end)
        .find_map(|at| {
            let severity = bytes.get(at + 1)?;
            if !matches!(severity, b'0'..=b'7') || bytes.get(at + 2) != Some(&b'-') {
                return None;
            }
            let name = body.get(at + 3..)?;
            if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return None;
            }
            let colon =
                memchr::memchr(b':', name.as_bytes().get(..128).unwrap_or(name.as_bytes()))?;
            let (mnemonic, rest) = (name.get(..colon)?, name.get(colon + 1..)?);
            let is_mnemonic = mnemonic.bytes().all(|b| {
                b.is_ascii_alphanumeric() || matches!(b, b'_' | b' ' | b'.' | b'(' | b')')
            });
            is_mnemonic.then(|| {
                (
                    body.get(..at).unwrap_or_default(),
                    severity - b'0',
                    mnemonic,
                    rest.trim_start(),
                )
            })
        })
}

/// `[key=value][key=value]: text`. A value ends where its brackets balance; where they never do, at the last `]: `,
/// else the last `: ` (the document's own `[usr=: Request start`).
fn items(list: &str) -> (Vec<(&str, &str)>, &str) {
    let mut items = Vec::with_capacity(6);
    let mut rest = list;
    while let Some(inner) = rest.strip_prefix('[') {
        let (text, after) = match closing(inner) {
            Some(end) => (
                inner.get(..end).unwrap_or_default(),
                inner.get(end + 1..).unwrap_or_default(),
            ),
            None => match inner.rfind("]: ") {
                Some(end) => (
                    inner.get(..end).unwrap_or_default(),
                    inner.get(end + 1..).unwrap_or_default(),
                ),
                None => {
                    let end = inner.rfind(": ").unwrap_or(inner.len());
                    (
                        inner.get(..end).unwrap_or_default(),
                        inner.get(end..).unwrap_or_default(),
                    )
                }
            },
        };
        items.push(
            text.split_once('=')
                .map_or((text, ""), |(key, value)| (restored(key.trim()), value)),
        );
        // An article's line break may stand between two items.
        let next = after.trim_start();
        rest = if next.starts_with('[') { next } else { after };
    }
    let message = rest.trim_start();
    (
        items,
        message.strip_prefix(':').unwrap_or(message).trim_start(),
    )
}

/// Where the bracket that was opened before `text` closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    memchr::memchr2_iter(b'[', b']', text.as_bytes()).find(|at| match text.as_bytes().get(*at) {
        Some(b'[') => {
            depth += 1;
            false
        }
        _ if depth > 0 => {
            depth -= 1;
            false
        }
        _ => true,
    })
}
