//! Events: an `<Update>` document escaped and wrapped once, then addressed to each recipient by a header in front of
//! the shared rest (finesse-api.md 5.3).

use bytes::Bytes;

use crate::element::Element;
use crate::{escape, ns};

/// Characters of an item's id.
pub const ITEM_ID_LENGTH: usize = 15;
/// Characters of the random end of a message's id.
pub const MESSAGE_NONCE_LENGTH: usize = 5;

/// A stanza ready to send: its own head, and a rest that many recipients share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stanza {
    /// What only this recipient gets.
    pub head: String,
    /// What every recipient gets; empty for a stanza of its own.
    pub rest: Bytes,
}

impl Stanza {
    /// Bytes on the wire.
    pub fn len(&self) -> usize {
        self.head.len() + self.rest.len()
    }

    /// True for nothing at all.
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.rest.is_empty()
    }

    /// Appends the whole text.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.head.as_bytes());
        out.extend_from_slice(&self.rest);
    }
}

impl From<String> for Stanza {
    fn from(head: String) -> Stanza {
        Stanza {
            head,
            rest: Bytes::new(),
        }
    }
}

/// One published event.
#[derive(Debug, Clone)]
pub struct Event {
    /// `<message xmlns=... from="..." to="`.
    opening: String,
    /// `" id="<node>__`, escaped.
    id_opening: String,
    /// From the end of the id to `</message>`.
    rest: Bytes,
}

impl Event {
    /// Wraps `update` (an `<Update>` document, unescaped) for the node. `service` is the PubSub service's address.
    pub fn new(service: &str, node: &str, item_id: &str, update: &str) -> Event {
        let mut opening = String::with_capacity(96);
        opening.push_str("<message xmlns=\"");
        opening.push_str(ns::CLIENT);
        opening.push_str("\" from=\"");
        escape::attribute(service, &mut opening);
        opening.push_str("\" to=\"");
        let mut id_opening = String::from("\" id=\"");
        escape::attribute(node, &mut id_opening);
        id_opening.push_str("__");
        // Room for the escapes of a document with a tag every ten characters or so.
        let mut rest = String::with_capacity(256 + node.len() + update.len() * 3 / 2);
        rest.push_str("\"><event xmlns=\"");
        rest.push_str(ns::PUBSUB_EVENT);
        rest.push_str("\"><items node=\"");
        escape::attribute(node, &mut rest);
        rest.push_str("\"><item id=\"");
        escape::attribute(item_id, &mut rest);
        rest.push_str("\"><notification xmlns=\"");
        rest.push_str(ns::PUBSUB);
        rest.push_str("\">");
        escape::text(update, &mut rest);
        rest.push_str("</notification></item></items></event></message>");
        Event {
            opening,
            id_opening,
            rest: Bytes::from(rest),
        }
    }

    /// Addresses the event. `to` and `bare` are the subscriber's address and its bare form, both already escaped.
    pub fn address(&self, to: &str, bare: &str, nonce: &[u8; MESSAGE_NONCE_LENGTH]) -> Stanza {
        let length =
            self.opening.len() + to.len() + self.id_opening.len() + bare.len() + 2 + nonce.len();
        let mut head = String::with_capacity(length);
        head.push_str(&self.opening);
        head.push_str(to);
        head.push_str(&self.id_opening);
        head.push_str(bare);
        head.push_str("__");
        head.extend(nonce.iter().map(|byte| char::from(*byte)));
        Stanza {
            head,
            rest: self.rest.clone(),
        }
    }
}

/// Makes the ids of items and messages: alphanumeric, different, cheap. They are no secrets, nobody trusts them.
#[derive(Debug, Clone)]
pub struct Ids {
    state: u64,
}

impl Ids {
    /// A sequence that depends on `seed` alone.
    pub fn new(seed: u64) -> Ids {
        Ids { state: seed }
    }

    /// The next id, of `N` characters.
    pub fn draw<const N: usize>(&mut self) -> [u8; N] {
        const ALPHABET: &[u8; 62] =
            b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut id = [b'0'; N];
        // Ten characters of base 62 fit into 64 bits.
        for chunk in id.chunks_mut(10) {
            let mut bits = self.mix();
            for character in chunk {
                let digit = usize::try_from(bits % 62).unwrap_or_default();
                *character = ALPHABET.get(digit).copied().unwrap_or(b'0');
                bits /= 62;
            }
        }
        id
    }

    /// SplitMix64: a counter, well mixed.
    fn mix(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// An event as a client receives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The node, such as `/finesse/api/User/2001`.
    pub node: String,
    /// The `<Update>` document, unescaped once.
    pub payload: String,
}

/// The events of a message, in order; none where it carries none.
pub fn received(message: &Element) -> Vec<Received> {
    let Some(items) = message
        .child("event", ns::PUBSUB_EVENT)
        .and_then(|event| event.child("items", ns::PUBSUB_EVENT))
    else {
        return Vec::new();
    };
    let node = items.attribute("node").unwrap_or_default();
    items
        .children()
        .filter_map(|item| item.child("notification", ns::PUBSUB))
        .map(|notification| Received {
            node: node.to_owned(),
            payload: notification.text().into_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::{Limits, document};

    #[test]
    fn has_the_form_of_the_reference() {
        let update = "<Update><data><user><firstName>A &amp; B</firstName></user></data></Update>";
        let event = Event::new("pubsub.d", "/finesse/api/User/2001", "item", update);
        let stanza = event.address("2001@d/desktop", "2001@d", b"AB12z");
        let mut text = Vec::new();
        stanza.write(&mut text);
        assert_eq!(text.len(), stanza.len());
        let message = document(&text, Limits::AFTER_AUTH).expect("well-formed");
        assert!(message.is("message", ns::CLIENT));
        assert_eq!(message.attribute("type"), None);
        assert_eq!(message.attribute("from"), Some("pubsub.d"));
        assert_eq!(message.attribute("to"), Some("2001@d/desktop"));
        assert_eq!(
            message.attribute("id"),
            Some("/finesse/api/User/2001__2001@d__AB12z")
        );
        let items = message
            .child("event", ns::PUBSUB_EVENT)
            .and_then(|event| event.child("items", ns::PUBSUB_EVENT))
            .expect("items");
        assert_eq!(items.attribute("node"), Some("/finesse/api/User/2001"));
        let item = items.child("item", ns::PUBSUB_EVENT).expect("item");
        let notification = item
            .child("notification", ns::PUBSUB)
            .expect("notification");
        assert_eq!(notification.children().count(), 0);
        let expected = Received {
            node: "/finesse/api/User/2001".to_owned(),
            payload: update.to_owned(),
        };
        assert_eq!(received(&message), [expected]);
    }

    #[test]
    fn the_rest_is_shared() {
        let event = Event::new("p", "/n", "i", "<Update/>");
        let (one, two) = (
            event.address("a", "a", b"00000"),
            event.address("b", "b", b"00001"),
        );
        assert_eq!(one.rest.as_ptr(), two.rest.as_ptr());
    }

    #[test]
    fn ids_are_alphanumeric_and_differ() {
        let mut ids = Ids::new(7);
        let many: std::collections::BTreeSet<[u8; ITEM_ID_LENGTH]> =
            (0..1000).map(|_| ids.draw()).collect();
        assert_eq!(many.len(), 1000);
        assert!(many.iter().flatten().all(u8::is_ascii_alphanumeric));
    }
}
