//! Which format a file has, by its first bytes (logs.md 2.11). File names are only a hint.

use memchr::memmem;

use crate::{
    access, audit, client, ctios, ctisvr, ece, notification, platform, portico, procmon, realm,
    sdl, uccx, webservices,
};

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
    /// The engine of Unified CCX: MIVR, MADM, MCVD.
    Uccx,
    /// The signal trace of CUCM's CTI Manager.
    Sdl,
    /// CTI OS.
    CtiOs,
    /// The appliance: its command line, its history, syslog, the IP phone agent.
    Platform,
    /// A session with a gateway's process monitor.
    Procmon,
    /// E-mail and chat.
    Ece,
    /// The Diagnostic Portico.
    Portico,
    /// What administrators changed.
    Audit,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 15] = [
        Format::Webservices,
        Format::Realm,
        Format::Ctisvr,
        Format::Access,
        Format::Client,
        Format::Notification,
        Format::Payload,
        Format::Uccx,
        Format::Sdl,
        Format::CtiOs,
        Format::Platform,
        Format::Procmon,
        Format::Ece,
        Format::Portico,
        Format::Audit,
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
            Format::Uccx => "uccx",
            Format::Sdl => "sdl",
            Format::CtiOs => "ctios",
            Format::Platform => "platform",
            Format::Procmon => "procmon",
            Format::Ece => "ece",
            Format::Portico => "portico",
            Format::Audit => "audit",
        }
    }
}

/// The format of a file that begins with `head`; `None` where it is none of ours.
pub fn sniff(head: &[u8]) -> Option<Format> {
    let head = head.get(..HEAD).unwrap_or(head);
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    if is_payload(text) {
        return Some(Format::Payload);
    }
    // A line's own beginning says most; a mark inside a payload of another format must not win over it.
    text.split(|byte| *byte == b'\n')
        .take(256)
        .find_map(by_line)
        .or_else(|| by_marks(text))
}

/// The format of one line, where its beginning proves it.
fn by_line(line: &[u8]) -> Option<Format> {
    let start = line.get(..512).unwrap_or(line);
    let is_request = |line: &[u8]| memmem::find(line, b" HTTP/").is_some();
    Some(match start {
        _ if webservices::start::begins(start) => Format::Webservices,
        _ if client::begins(start) => Format::Client,
        _ if realm::begins(start) => Format::Realm,
        _ if procmon::proves(start) => Format::Procmon,
        _ if ctisvr::begins(start) => Format::Ctisvr,
        _ if notification::begins(start) => Format::Notification,
        _ if access::begins(start) && is_request(line) => Format::Access,
        _ if sdl::begins(start) => Format::Sdl,
        _ if uccx::next_start(start, 0, 0) == Some(0) => Format::Uccx,
        _ if ctios::begins(start) => Format::CtiOs,
        _ if ece::begins(start) => Format::Ece,
        _ if portico::begins(start) => Format::Portico,
        _ if audit::begins(start) => Format::Audit,
        // What a session shows is often another log; its own marks decide then.
        _ if !start.starts_with(b"admin:") && platform::begins(start) => Format::Platform,
        _ => return None,
    })
}

/// The format by what stands anywhere in the head, of files that were cut, glued or copied from a session.
fn by_marks(head: &[u8]) -> Option<Format> {
    let has = |needle: &[u8]| memmem::find(head, needle).is_some();
    let any = |needles: &[&[u8]]| needles.iter().any(|needle| has(needle));
    Some(match head {
        _ if has(b"%CCBU_") => Format::Webservices,
        _ if uccx::next_start(head, 0, 0).is_some() => Format::Uccx,
        _ if sdl::next_start(head, 0, 0).is_some() => Format::Sdl,
        _ if has(b"CCRealmConfig") || realm::starts(head, 0).next().is_some() => Format::Realm,
        _ if any(&[
            b" : [ClientServices]",
            b"Container : ",
            b"Header : ",
            b"content='<",
            b"Making REST request",
            b"MasterPublisher.",
        ]) =>
        {
            Format::Client
        }
        _ if any(&[
            b"[\\r][\\n]\"",
            b"[\\n]\"",
            b"jivesoftware",
            b"&lt;/Update&gt;",
            b"&lt;Update&gt;",
        ]) =>
        {
            Format::Notification
        }
        _ if ctios::next_start(head, 0).is_some() => Format::CtiOs,
        _ if ece::next_start(head, 0).is_some() => Format::Ece,
        _ if has(b"HTTP/1.") && has(b" - ") => Format::Access,
        _ if platform::next_start(head, 0).is_some() => Format::Platform,
        _ if any(&[
            b"AGENT_EVENT: ID=",
            b"SkgState=",
            b"SkillGroupState:",
            b"RemaskNumMasks:",
        ]) =>
        {
            Format::Ctisvr
        }
        _ => return None,
    })
}

/// A document and nothing else: `<Update>`, `<?xml`, `{`.
fn is_payload(text: &[u8]) -> bool {
    let ends = |end: &[u8]| text.trim_ascii_end().ends_with(end) || text.len() >= HEAD - 64;
    match text {
        [b'{', ..] => ends(b"}"),
        [b'<', b'?' | b'A'..=b'Z' | b'a'..=b'z', ..] => ends(b">"),
        _ => false,
    }
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
                Some(Format::Uccx),
            ),
            ("00000001.000 |08:31:20.205 |AppInfo |x", Some(Format::Sdl)),
            (
                "admin:file view activelog x 1289383032: Nov 18 2016 08:14:15.076 +0100: [http-1] INFO x",
                Some(Format::Realm),
            ),
            ("admin:show version", Some(Format::Platform)),
            ("nothing that anybody knows", None),
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
