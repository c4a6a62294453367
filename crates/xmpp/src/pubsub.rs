//! PubSub requests as values and the answers to them (XEP-0060, the part that agents' clients use).
//! Who may subscribe to what, and who has, is known elsewhere.

use crate::element::Element;
use crate::error::StanzaCondition;
use crate::jid::Jid;
use crate::ns;
use crate::stanza::{Iq, IqKind};

/// What a client asks of the PubSub service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Subscribe the JID to the node.
    Subscribe {
        /// The node's name.
        node: String,
        /// Bare or full; always the sender's own.
        jid: Jid,
    },
    /// End that subscription.
    Unsubscribe {
        /// The node's name.
        node: String,
        /// Bare or full; always the sender's own.
        jid: Jid,
    },
    /// List the sender's subscriptions.
    Subscriptions {
        /// To this node only.
        node: Option<String>,
    },
    /// The retained items of a node; there never are any, access is checked all the same.
    Items {
        /// The node's name.
        node: String,
    },
    /// disco#info on a node.
    NodeInfo {
        /// The node's name.
        node: String,
    },
    /// disco#items on a node.
    NodeItems {
        /// The node's name.
        node: String,
    },
    /// Publish an event; for service accounts alone.
    Publish {
        /// The node's name.
        node: String,
        /// The item's id, where the publisher chose one.
        item: Option<String>,
        /// The `<Update>` document, unescaped.
        update: String,
    },
    /// Make a node. There is nothing to make: a publisher is told that the node is there.
    Create {
        /// The node's name.
        node: String,
    },
}

/// Why a request is refused: the stanza's condition and PubSub's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The general condition.
    pub condition: StanzaCondition,
    /// PubSub's condition.
    pub pubsub: Option<&'static str>,
}

impl Refusal {
    /// The `node` attribute is missing.
    pub const NODE_REQUIRED: Refusal = Refusal::new(StanzaCondition::BadRequest, "nodeid-required");
    /// The `jid` is missing, malformed or not the sender's.
    pub const INVALID_JID: Refusal = Refusal::new(StanzaCondition::BadRequest, "invalid-jid");
    /// There is no such node.
    pub const NO_SUCH_NODE: Refusal = Refusal {
        condition: StanzaCondition::ItemNotFound,
        pubsub: None,
    };
    /// Not for this user.
    pub const CLOSED_NODE: Refusal = Refusal::new(StanzaCondition::NotAllowed, "closed-node");
    /// No such subscription.
    pub const NOT_SUBSCRIBED: Refusal =
        Refusal::new(StanzaCondition::UnexpectedRequest, "not-subscribed");
    /// The subscriptions of one agent are bounded.
    pub const TOO_MANY: Refusal =
        Refusal::new(StanzaCondition::PolicyViolation, "too-many-subscriptions");
    /// Another agent's subscription, or a right that the sender has not.
    pub const FOREIGN: Refusal = Refusal {
        condition: StanzaCondition::Forbidden,
        pubsub: None,
    };
    /// The node is there already.
    pub const NODE_EXISTS: Refusal = Refusal {
        condition: StanzaCondition::Conflict,
        pubsub: None,
    };
    /// There is nothing to publish.
    pub const ITEM_REQUIRED: Refusal = Refusal::new(StanzaCondition::BadRequest, "item-required");
    /// One item a time.
    pub const TOO_MANY_ITEMS: Refusal =
        Refusal::new(StanzaCondition::NotAllowed, "max-items-exceeded");
    /// Nothing but the notification of this wire.
    pub const INVALID_PAYLOAD: Refusal =
        Refusal::new(StanzaCondition::BadRequest, "invalid-payload");
    /// Part of XEP-0060 that is not offered.
    pub const UNSUPPORTED: Refusal = Refusal {
        condition: StanzaCondition::ServiceUnavailable,
        pubsub: None,
    };

    const fn new(condition: StanzaCondition, pubsub: &'static str) -> Refusal {
        Refusal {
            condition,
            pubsub: Some(pubsub),
        }
    }
}

/// Reads the `<pubsub/>` payload of an iq that `sender` (a full JID) sent.
pub fn parse(iq: &Iq, payload: &Element, sender: &Jid) -> Result<Request, Refusal> {
    let Some(command) = payload.children().next() else {
        return Err(Refusal::UNSUPPORTED);
    };
    let node = || {
        command
            .attribute("node")
            .filter(|node| !node.is_empty())
            .map(str::to_owned)
            .ok_or(Refusal::NODE_REQUIRED)
    };
    let jid = |foreign: Refusal| {
        let jid = command
            .attribute("jid")
            .and_then(|jid| Jid::parse(jid).ok())
            .ok_or(Refusal::INVALID_JID)?;
        if jid.local() == sender.local() {
            Ok(jid)
        } else {
            Err(foreign)
        }
    };
    match (iq.kind, command.name.as_str()) {
        (IqKind::Set, "subscribe") => Ok(Request::Subscribe {
            node: node()?,
            jid: jid(Refusal::INVALID_JID)?,
        }),
        (IqKind::Set, "unsubscribe") => Ok(Request::Unsubscribe {
            node: node()?,
            jid: jid(Refusal::FOREIGN)?,
        }),
        (IqKind::Get, "subscriptions") => Ok(Request::Subscriptions { node: node().ok() }),
        (IqKind::Get, "items") => Ok(Request::Items { node: node()? }),
        (IqKind::Set, "publish") => publish(command, node()?),
        (IqKind::Set, "create") => Ok(Request::Create { node: node()? }),
        _ => Err(Refusal::UNSUPPORTED),
    }
}

/// One item, whose payload is the `<notification/>` that events of this wire carry.
fn publish(command: &Element, node: String) -> Result<Request, Refusal> {
    let mut items = command
        .children()
        .filter(|child| child.is("item", ns::PUBSUB));
    let item = items.next().ok_or(Refusal::ITEM_REQUIRED)?;
    if items.next().is_some() {
        return Err(Refusal::TOO_MANY_ITEMS);
    }
    let notification = item
        .child("notification", ns::PUBSUB)
        .ok_or(Refusal::INVALID_PAYLOAD)?;
    Ok(Request::Publish {
        node,
        item: item
            .attribute("id")
            .filter(|id| !id.is_empty())
            .map(str::to_owned),
        update: notification.text().into_owned(),
    })
}

/// The answer to a publish: the item's id.
pub fn published(node: &str, item: &str) -> Element {
    let item = Element::new("item", ns::PUBSUB).with_attribute("id", item);
    let publish = Element::new("publish", ns::PUBSUB)
        .with_attribute("node", node)
        .with_child(item);
    Element::new("pubsub", ns::PUBSUB).with_child(publish)
}

/// The answer to a subscribe.
pub fn subscribed(node: &str, jid: &str) -> Element {
    Element::new("pubsub", ns::PUBSUB).with_child(subscription(node, jid))
}

/// The answer to a request for the subscriptions, as pairs of node and JID.
pub fn subscriptions<'a>(list: impl Iterator<Item = (&'a str, &'a str)>) -> Element {
    let list = list.fold(
        Element::new("subscriptions", ns::PUBSUB),
        |list, (node, jid)| list.with_child(subscription(node, jid)),
    );
    Element::new("pubsub", ns::PUBSUB).with_child(list)
}

/// The answer to a request for items: nothing is retained.
pub fn no_items(node: &str) -> Element {
    Element::new("pubsub", ns::PUBSUB)
        .with_child(Element::new("items", ns::PUBSUB).with_attribute("node", node))
}

fn subscription(node: &str, jid: &str) -> Element {
    Element::new("subscription", ns::PUBSUB)
        .with_attribute("node", node)
        .with_attribute("jid", jid)
        .with_attribute("subscription", "subscribed")
}
