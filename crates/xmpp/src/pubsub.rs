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
    /// Another agent's subscription.
    pub const FOREIGN: Refusal = Refusal {
        condition: StanzaCondition::Forbidden,
        pubsub: None,
    };
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
        _ => Err(Refusal::UNSUPPORTED),
    }
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
