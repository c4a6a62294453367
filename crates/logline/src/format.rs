//! Which format a file has, by its first bytes (logs.md 2.11). File names are only a hint.

use crate::time;
use memchr::memmem;

/// How much of a file [`sniff`] should be given, bytes.
pub const HEAD: usize = 64 * 1024;

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `%CCBU_` records.
    Webservices,
    /// Authentication.
    Realm,
    /// The CTI server and other processes of a peripheral gateway.
    Ctisvr,
    /// The web server's access log.
    Access,
    /// The desktop's log.
    Client,
    /// The notification service.
    Notification,
    /// Nothing but one XML or JSON document.
    Payload,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 7] = [
        Format::Webservices,
        Format::Realm,
        Format::Ctisvr,
        Format::Access,
        Format::Client,
        Format::Notification,
        Format::Payload,
    ];

    /// As JSON and text print it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Webservices => "webservices",
            Format::Realm => "realm",
            Format::Ctisvr => "ctisvr",
            Format::Access => "access",
            Format::Client => "client",
            Format::Notification => "notification",
            Format::Payload => "payload",
        }
    }
}

/// The format of a file that begins with `head`; `None` where it is none of ours.
pub fn sniff(head: &[u8]) -> Option<Format> {
    let head = head.get(..HEAD).unwrap_or(head);
    let text = head.trim_ascii_start();
    if is_payload(text) {
        return Some(Format::Payload);
    }
    // A line's own beginning says most; a mark inside a payload of another format must not win over it.
    if let Some(format) = text.split(|byte| *byte == b'\n').take(64).find_map(by_line) {
        return Some(format);
    }
    let has = |needle: &[u8]| memmem::find(head, needle).is_some();
    if has(b"%CCBU_") {
        return Some(Format::Webservices);
    }
    if has(b"%MIVR-") || has(b"%MADM-") || has(b"%MCVD-") {
        return None;
    }
    if has(b"CCRealmConfig") {
        return Some(Format::Realm);
    }
    if has(b"HTTP/1.1 ") && has(b" - ") && !has(b"[\\r][\\n]") {
        return Some(Format::Access);
    }
    if has(b" : [ClientServices]")
        || has(b"Container : ")
        || has(b"Header : ")
        || has(b"content='<")
    {
        return Some(Format::Client);
    }
    if has(b"[\\r][\\n]\"") || has(b"jivesoftware") || has(b"[\\n]\"") {
        return Some(Format::Notification);
    }
    None
}

/// The format of one line, where its beginning proves it.
fn by_line(line: &[u8]) -> Option<Format> {
    let start = line.get(..512).unwrap_or(line);
    if is_webservices(start) {
        return Some(Format::Webservices);
    }
    if crate::client::begins(start) {
        return Some(Format::Client);
    }
    if is_realm(start) {
        return Some(Format::Realm);
    }
    if is_process(start) {
        return Some(Format::Ctisvr);
    }
    if is_notification(start) {
        return Some(Format::Notification);
    }
    if is_access(start) && memmem::find(line, b" HTTP/").is_some() {
        return Some(Format::Access);
    }
    None
}

/// A document and nothing else: `<Update>`, `<?xml`, `{`.
fn is_payload(text: &[u8]) -> bool {
    match text.first() {
        Some(b'{') => text.trim_ascii_end().ends_with(b"}") || text.len() >= HEAD - 64,
        Some(b'<') => {
            matches!(text.get(1), Some(b'?' | b'A'..=b'Z' | b'a'..=b'z'))
                && (text.trim_ascii_end().ends_with(b">") || text.len() >= HEAD - 64)
        }
        _ => false,
    }
}

/// `0000000001: host: Mon DD YYYY`, `Mon DD YYYY HH:MM:SS.mmm +zzzz: %` or `%CCBU_` at the front.
pub(crate) fn is_webservices(line: &[u8]) -> bool {
    if line.starts_with(b"%CCBU_") {
        return true;
    }
    if time::parse_ccbu(line).is_some() {
        return line
            .get(time::CCBU_LEN..)
            .is_some_and(|rest| rest.starts_with(b": %"));
    }
    let digits = line
        .iter()
        .take(13)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(6..=12).contains(&digits) {
        return false;
    }
    let Some(rest) = line.get(digits..).and_then(|rest| rest.strip_prefix(b":")) else {
        return false;
    };
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    // The host: no blank, ends with a colon, may be empty.
    let host = rest
        .iter()
        .take(256)
        .take_while(|byte| !byte.is_ascii_whitespace())
        .count();
    let Some(date) = rest.get(host..).and_then(|rest| rest.strip_prefix(b" ")) else {
        return false;
    };
    rest.get(..host).is_some_and(|host| host.ends_with(b":"))
        && time::parse_ccbu(date).is_some()
        && date
            .get(time::CCBU_LEN..)
            .is_some_and(|rest| rest.starts_with(b": %"))
}

/// `1289383032: Nov 18 2016 08:14:15.076 +0100: [` at the front.
pub(crate) fn is_realm(line: &[u8]) -> bool {
    let digits = line
        .iter()
        .take(21)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let rest = line
        .get(digits..)
        .and_then(|rest| rest.strip_prefix(b": "))
        .unwrap_or_default();
    (1..=20).contains(&digits)
        && time::parse_ccbu(rest).is_some()
        && rest
            .get(time::CCBU_LEN..)
            .is_some_and(|rest| rest.starts_with(b": ["))
}

/// `HH:MM:SS[:mmm] node-process `, or a bare `Trace: ` or `MsgType:`.
pub(crate) fn is_process(line: &[u8]) -> bool {
    let line = line.get(..160).unwrap_or(line);
    let text = match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => line
            .get(..error.valid_up_to())
            .and_then(|good| std::str::from_utf8(good).ok())
            .unwrap_or_default(),
    };
    crate::ctisvr::head(text).is_some()
}

/// `yyyy.MM.dd HH:mm:ss`, or what a line without its head begins with.
pub(crate) fn is_notification(line: &[u8]) -> bool {
    const BARE: [&[u8]; 8] = [
        b">> \"",
        b">>\"",
        b"<< \"",
        b"<<\"",
        b"Cookie accepted: ",
        b"Buffering response",
        b"Adding Host",
        b"RoutingTableImpl: ",
    ];
    time::parse_notification(line).is_some() || BARE.iter().any(|start| line.starts_with(start))
}

/// `[dd/Mon/yyyy:...] ` or two address words at the front.
pub(crate) fn is_access(line: &[u8]) -> bool {
    let line = match line.strip_prefix(b"[") {
        Some(stamped) if time::parse_access(stamped).is_some() => return true,
        Some(_) => return false,
        None => line,
    };
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let (Some(host), Some(address), Some(rest)) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let is_address = (2..=45).contains(&address.len())
        && address
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
        && address.iter().any(|byte| matches!(byte, b'.' | b':'));
    is_address
        && !host.is_empty()
        && memmem::find(rest, b" - ")
            .or(rest.starts_with(b"- ").then_some(0))
            .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_by_a_line_of_its_own() {
        for (line, format) in [
            (
                "0051203603: 10.106.81.82: Apr 14 2017 14:01:17.196 -0700: %CCBU_x-6-Y: z",
                Some(Format::Webservices),
            ),
            (
                "0000837786:: Jun 20 2017 21:18:36.552 +0000: %CCBU__FEEDS-3-X: %[a=b]",
                Some(Format::Webservices),
            ),
            (
                "eg.\nSep 22 2014 14:34:59.878 -0700: %CCBU_pool-21-thread-1-6-X: y",
                Some(Format::Webservices),
            ),
            (
                "1289383032: Nov 18 2016 08:14:15.076 +0100: [http-1] INFO x",
                Some(Format::Realm),
            ),
            (
                "10:06:31:759 cg1a-ctisvr Session 1: MsgType:X (A:1 )",
                Some(Format::Ctisvr),
            ),
            (
                "10.10.10.211 10.10.10.211 - - 80 GET / HTTP/1.1 302 - 141",
                Some(Format::Access),
            ),
            (
                "Mozilla/5.0 (X11)\n18:40:05: Header : x",
                Some(Format::Client),
            ),
            (
                ">> \"GET /finesse/api/User/2001 HTTP/1.1[\\r][\\n]\"",
                Some(Format::Notification),
            ),
            (
                "2013.04.23 22:40:05 INFO [t]: C - x",
                Some(Format::Notification),
            ),
            ("<ApiErrors></ApiErrors>", Some(Format::Payload)),
            ("{ status : 400 }", Some(Format::Payload)),
            (
                "1: Aug 30 08:31:20.205 IST %MIVR-SS_TEL-4-ModuleRunTimeFailure:x",
                None,
            ),
            ("00000001.000 |08:31:20.205 |AppInfo |x", None),
            ("", None),
        ] {
            assert_eq!(sniff(line.as_bytes()), format, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(bytes: Vec<u8>) {
            let _ = sniff(&bytes);
        }
    }
}
