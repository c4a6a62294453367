//! The event that is published: an `<Update>` of a User as the server sends one (finesse-api.md 5.4), the same for every
//! server that is measured. Its requestId carries the run, the event's number and the moment it was due.

use std::fmt::Write as _;

use memchr::memmem;
use tact_xmpp::{escape, ns};

use super::scan;

/// What the requestIds of these events begin with.
const MARK: &str = "load-";

/// The number of a run, so that events of an earlier one are told from this one's.
pub(super) type Run = u32;

/// Which event it is, as its requestId says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The run.
    pub(super) run: Run,
    /// The event's number in it.
    pub(super) number: u32,
    /// Microseconds from the run's start at which it was due.
    pub(super) due_us: u64,
}

impl Stamp {
    fn write(self, out: &mut String) {
        // Writing to a String cannot fail. Fixed widths, so that every event has the same length.
        let _ = write!(
            out,
            "{MARK}{:08x}-{:010}-{:012}",
            self.run, self.number, self.due_us
        );
    }

    /// Reads the first one in `bytes`.
    pub(super) fn find(bytes: &[u8]) -> Option<Stamp> {
        let at = memmem::find(bytes, MARK.as_bytes())? + MARK.len();
        let text = std::str::from_utf8(bytes.get(at..at + 32)?).ok()?;
        let mut parts = text.split('-');
        Some(Stamp {
            run: u32::from_str_radix(parts.next()?, 16).ok()?,
            number: parts.next()?.parse().ok()?,
            due_us: parts.next()?.parse().ok()?,
        })
    }
}

/// The document, unescaped. `subject` is the agent whom it is about.
pub(super) fn update(subject: &str, stamp: Stamp, out: &mut String) {
    let _ = write!(
        out,
        "<Update><data><user><dialogs>/finesse/api/User/{subject}/Dialogs</dialogs><extension>{subject}</extension>\
         <firstName>Charles</firstName><lastName>Brown</lastName><loginId>{subject}</loginId>\
         <loginName>{subject}</loginName><mediaType>1</mediaType><pendingState></pendingState><ReasonCode>\
         <category>NOT_READY</category><code>12</code><forAll>true</forAll><id>16</id><label>Lunch Break</label>\
         <uri>/finesse/api/ReasonCode/16</uri></ReasonCode><reasonCodeId>16</reasonCodeId><roles><role>Agent</role></roles>\
         <settings><wrapUpOnIncoming>OPTIONAL</wrapUpOnIncoming><wrapUpOnOutgoing>NOT_ALLOWED</wrapUpOnOutgoing>\
         <wrapUpTimer>30</wrapUpTimer></settings><skillTargetId>5001</skillTargetId><state>NOT_READY</state>\
         <stateChangeTime>2026-01-05T09:30:00.123Z</stateChangeTime><teamId>5000</teamId><teamName>FunctionalAgents</teamName>\
         <uri>/finesse/api/User/{subject}</uri></user></data><event>PUT</event><requestId>"
    );
    stamp.write(out);
    let _ = write!(
        out,
        "</requestId><source>/finesse/api/User/{subject}</source></Update>"
    );
}

/// The publish request. `document` is room to write in.
pub(super) fn publish(
    service: &str,
    node: &str,
    subject: &str,
    stamp: Stamp,
    document: &mut String,
    out: &mut String,
) {
    document.clear();
    update(subject, stamp, document);
    let _ = write!(
        out,
        "<iq xmlns='{}' type='set' id='e{}' to='{service}'><pubsub xmlns='{}'><publish node='{node}'><item>\
         <notification xmlns='{}'>",
        ns::CLIENT,
        stamp.number,
        ns::PUBSUB,
        ns::PUBSUB,
    );
    escape::text(document, out);
    out.push_str("</notification></item></publish></pubsub></iq>");
}

/// Whether a message is this event on this node, whole and unchanged.
pub(super) fn is_whole(
    message: &[u8],
    node: &str,
    subject: &str,
    stamp: Stamp,
    document: &mut String,
) -> bool {
    document.clear();
    update(subject, stamp, document);
    let items = memmem::find(message, b"<items").and_then(|at| message.get(at..));
    items.and_then(|items| scan::attribute(items, "node")) == Some(node.as_bytes())
        && scan::text_of(message, "notification").is_some_and(|text| scan::means(text, document))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: Stamp = Stamp {
        run: 0xabc,
        number: 77,
        due_us: 1_234_567,
    };

    #[test]
    fn what_was_published_is_recognised_and_nothing_else() {
        let (mut room, mut iq) = (String::new(), String::new());
        publish(
            "pubsub.x",
            "/finesse/api/User/2001",
            "2001",
            STAMP,
            &mut room,
            &mut iq,
        );
        assert_eq!(Stamp::find(iq.as_bytes()), Some(STAMP));
        let start = iq.find("<notification").unwrap();
        let end = iq.find("</item>").unwrap();
        let message = format!(
            "<message><event><items node='/finesse/api/User/2001'><item>{}</item></items></event></message>",
            &iq[start..end]
        );
        let whole = |message: &str, node: &str, stamp: Stamp| {
            is_whole(message.as_bytes(), node, "2001", stamp, &mut String::new())
        };
        assert!(whole(&message, "/finesse/api/User/2001", STAMP));
        assert!(!whole(&message, "/finesse/api/User/2002", STAMP));
        let changed = message.replace("Charles", "Charlie");
        assert!(!whole(&changed, "/finesse/api/User/2001", STAMP));
        let other = Stamp { due_us: 1, ..STAMP };
        assert!(!whole(&message, "/finesse/api/User/2001", other));
    }

    #[test]
    fn the_event_is_an_update_as_the_server_writes_them() {
        use tact_api::{Data, Document, Update};
        let mut text = String::new();
        update("2001", STAMP, &mut text);
        let update = Update::from_xml(text.as_bytes()).unwrap();
        assert!(matches!(update.data, Some(Data::User(user)) if user.login_id == "2001"));
        assert_eq!(update.source, "/finesse/api/User/2001");
        assert!((900..1200).contains(&text.len()), "{}", text.len());
    }
}
