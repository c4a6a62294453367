//! What an iq of an online client gets: disco (XEP-0030), ping (XEP-0199), roster, session; PubSub goes on to who knows
//! the subscriptions.

use crate::element::Element;
use crate::error::StanzaCondition;
use crate::jid::Jid;
use crate::ns;
use crate::pubsub::{self, Request};
use crate::stanza::{Iq, IqKind};

/// The names of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The XMPP domain in lower case.
    pub domain: String,
    /// `pubsub.` and the domain.
    pub pubsub: String,
    /// The bare JID of the server component that clients watch: `finesse@` and the domain.
    pub component: String,
}

impl Names {
    /// From the domain as configured.
    pub fn new(domain: &str) -> Names {
        let domain = domain.to_lowercase();
        Names {
            pubsub: format!("pubsub.{domain}"),
            component: format!("finesse@{domain}"),
            domain,
        }
    }
}

/// What becomes of an iq.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "lives for one call; never stored"
)]
pub enum Answer {
    /// Send this.
    Reply(String),
    /// Ask who knows the subscriptions, then answer this iq.
    PubSub(Iq, Request),
    /// A result or an error: never answered.
    Nothing,
}

/// Answers an iq that `sender` (a full JID) sent.
pub fn answer(element: &Element, sender: &Jid, names: &Names) -> Answer {
    let to = sender.to_string();
    let iq = match Iq::parse(element, &to) {
        Ok(iq) => iq,
        Err(Some(reply)) => return Answer::Reply(reply),
        Err(None) => return Answer::Nothing,
    };
    if !iq.kind.is_request() {
        return Answer::Nothing;
    }
    let Some(payload) = iq.payload.clone() else {
        return Answer::Nothing;
    };
    let refuse = |condition| Answer::Reply(iq.error(condition, None, &to));
    let place = match place(iq.to.as_deref(), sender, names) {
        Ok(place) => place,
        Err(condition) => return refuse(condition),
    };
    match (payload.name.as_str(), payload.ns.as_ref(), iq.kind) {
        ("ping", ns::PING, IqKind::Get) => Answer::Reply(iq.result(None, &to)),
        ("session", ns::SESSION, IqKind::Set) => Answer::Reply(iq.result(None, &to)),
        ("query", ns::ROSTER, IqKind::Get) if place != Place::PubSub => {
            Answer::Reply(iq.result(Some(roster(names)), &to))
        }
        ("query", ns::ROSTER, IqKind::Set) => refuse(StanzaCondition::NotAllowed),
        ("query", ns::DISCO_INFO, IqKind::Get) => match payload.attribute("node") {
            None => Answer::Reply(iq.result(Some(info(place)), &to)),
            Some(node) if place == Place::PubSub => {
                let node = node.to_owned();
                Answer::PubSub(iq, Request::NodeInfo { node })
            }
            Some(_) => refuse(StanzaCondition::ItemNotFound),
        },
        ("query", ns::DISCO_ITEMS, IqKind::Get) => match payload.attribute("node") {
            None => Answer::Reply(iq.result(Some(items(place, names)), &to)),
            Some(node) if place == Place::PubSub => {
                let node = node.to_owned();
                Answer::PubSub(iq, Request::NodeItems { node })
            }
            Some(_) => refuse(StanzaCondition::ItemNotFound),
        },
        ("pubsub", ns::PUBSUB, _) if place != Place::Account => {
            match pubsub::parse(&iq, &payload, sender) {
                Ok(request) => Answer::PubSub(iq, request),
                Err(refusal) => Answer::Reply(iq.error(refusal.condition, refusal.pubsub, &to)),
            }
        }
        _ => refuse(StanzaCondition::ServiceUnavailable),
    }
}

/// disco#info on an existing node; Smack asks before it subscribes.
pub fn node_info(node: &str) -> Element {
    Element::new("query", ns::DISCO_INFO)
        .with_attribute("node", node)
        .with_child(identity("pubsub", "leaf", node))
        .with_child(feature(ns::PUBSUB))
}

/// disco#items on an existing node: nothing is retained.
pub fn node_items(node: &str) -> Element {
    Element::new("query", ns::DISCO_ITEMS).with_attribute("node", node)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Domain,
    PubSub,
    Account,
}

/// Agents reach the server, its PubSub service and their own account, nobody else.
fn place(to: Option<&str>, sender: &Jid, names: &Names) -> Result<Place, StanzaCondition> {
    let Some(to) = to.filter(|to| !to.is_empty()) else {
        return Ok(Place::Account);
    };
    let to = Jid::parse(to).map_err(|_| StanzaCondition::JidMalformed)?;
    match to.local() {
        None if to.domain() == names.pubsub => Ok(Place::PubSub),
        // Some clients name the server by its address; whatever has no local part and is not PubSub is the server.
        None => Ok(Place::Domain),
        Some(_) if to.bare() == sender.bare() => Ok(Place::Account),
        Some(_) => Err(StanzaCondition::ServiceUnavailable),
    }
}

fn info(place: Place) -> Element {
    let query = Element::new("query", ns::DISCO_INFO);
    match place {
        Place::Domain => [ns::DISCO_INFO, ns::DISCO_ITEMS, ns::PING, ns::ROSTER]
            .iter()
            .fold(
                query.with_child(identity("server", "im", "Tact")),
                |query, name| query.with_child(feature(name)),
            ),
        Place::PubSub => [
            ns::DISCO_INFO,
            ns::DISCO_ITEMS,
            ns::PUBSUB,
            "http://jabber.org/protocol/pubsub#subscribe",
            "http://jabber.org/protocol/pubsub#retrieve-subscriptions",
            "http://jabber.org/protocol/pubsub#retrieve-items",
            "http://jabber.org/protocol/pubsub#access-whitelist",
        ]
        .iter()
        .fold(
            query.with_child(identity("pubsub", "service", "Tact events")),
            |query, name| query.with_child(feature(name)),
        ),
        Place::Account => query
            .with_child(identity("account", "registered", "Agent"))
            .with_child(feature(ns::PING)),
    }
}

/// The domain has one item, the PubSub service. Its nodes are not listed: there is one for each agent.
fn items(place: Place, names: &Names) -> Element {
    let query = Element::new("query", ns::DISCO_ITEMS);
    match place {
        Place::Domain => query.with_child(
            Element::new("item", ns::DISCO_ITEMS).with_attribute("jid", names.pubsub.as_str()),
        ),
        Place::PubSub | Place::Account => query,
    }
}

fn roster(names: &Names) -> Element {
    Element::new("query", ns::ROSTER).with_child(
        Element::new("item", ns::ROSTER)
            .with_attribute("jid", names.component.as_str())
            .with_attribute("name", "finesse")
            .with_attribute("subscription", "both"),
    )
}

fn identity(category: &str, kind: &str, name: &str) -> Element {
    Element::new("identity", ns::DISCO_INFO)
        .with_attribute("category", category)
        .with_attribute("type", kind)
        .with_attribute("name", name)
}

fn feature(name: &str) -> Element {
    Element::new("feature", ns::DISCO_INFO).with_attribute("var", name)
}
