//! What a session asks of the PubSub service, and its right to it.

use tact_xmpp::element::Element;
use tact_xmpp::jid::Jid;
use tact_xmpp::pubsub::{self, Refusal, Request};
use tact_xmpp::query;

use super::Peer;
use crate::notify::hub::Woken;
use crate::notify::{Access, nodes};

impl Peer {
    /// Carries a request out; the payload of the answer.
    pub(super) fn pubsub(
        &self,
        request: Request,
        woken: &mut Woken,
    ) -> Result<Option<Element>, Refusal> {
        let (Some(principal), Some(own)) = (&self.principal, self.stream.jid()) else {
            return Err(Refusal::FOREIGN);
        };
        let hub = &self.shared.hub;
        let allowed = |node: &str| match (self.shared.config.access)(principal, node) {
            Access::Allowed => Ok(()),
            Access::Forbidden => Err(Refusal::CLOSED_NODE),
            Access::NoSuchNode => Err(Refusal::NO_SUCH_NODE),
        };
        let may_publish = |node: &str| match (self.shared.config.access)(principal, node) {
            _ if !principal.publisher => Err(Refusal::FOREIGN),
            Access::NoSuchNode => Err(Refusal::NO_SUCH_NODE),
            Access::Allowed | Access::Forbidden => Ok(()),
        };
        let implicit = nodes::implicit_nodes(&principal.id);
        match request {
            Request::Subscribe { node, jid } => {
                allowed(&node)?;
                // The bare address hears its own nodes already; a full one may be asked for besides.
                if jid.resource().is_some() || !implicit.contains(&node) {
                    hub.subscribe(&principal.id, &node, jid.resource())?;
                    if jid.resource().is_none() {
                        (self.shared.config.keep)(&principal.id, &node, true);
                    }
                }
                Ok(Some(pubsub::subscribed(&node, &spelled(own, &jid))))
            }
            Request::Unsubscribe { node, jid } => {
                let bare = jid.resource().is_none();
                let ended = hub.unsubscribe(&principal.id, &node, jid.resource());
                if ended && bare {
                    (self.shared.config.keep)(&principal.id, &node, false);
                }
                if ended || (bare && implicit.contains(&node)) {
                    // Own nodes are heard whatever a client says: clients leave and enter them as they start.
                    return Ok(None);
                }
                allowed(&node)?;
                Err(Refusal::NOT_SUBSCRIBED)
            }
            Request::Subscriptions { node } => {
                let bare = own.bare().to_string();
                let mut list: Vec<(String, String)> = implicit
                    .into_iter()
                    .map(|implicit| (implicit, bare.clone()))
                    .collect();
                list.extend(hub.subscriptions(&principal.id).into_iter().map(
                    |(node, resource)| match resource {
                        Some(resource) => (node, format!("{bare}/{resource}")),
                        None => (node, bare.clone()),
                    },
                ));
                let wanted = |listed: &str| node.as_deref().is_none_or(|node| node == listed);
                let list = list
                    .iter()
                    .filter(|(listed, _)| wanted(listed))
                    .map(|(node, jid)| (node.as_str(), jid.as_str()));
                Ok(Some(pubsub::subscriptions(list)))
            }
            Request::Items { node } => {
                allowed(&node)?;
                Ok(Some(pubsub::no_items(&node)))
            }
            Request::NodeInfo { node } => {
                allowed(&node)?;
                Ok(Some(query::node_info(&node)))
            }
            Request::NodeItems { node } => {
                allowed(&node)?;
                Ok(Some(query::node_items(&node)))
            }
            Request::Publish { node, item, update } => {
                may_publish(&node)?;
                let item = item.unwrap_or_else(|| hub.draw_item());
                let shared = &self.shared;
                let fields = || (shared.config.fields)(&node, &update);
                shared.publish(&node, &update, Some(&item), &fields, woken);
                Ok(Some(pubsub::published(&node, &item)))
            }
            // The nodes are those of the configuration; a publisher that would make one finds it made.
            Request::Create { node } => {
                may_publish(&node)?;
                Err(Refusal::NODE_EXISTS)
            }
        }
    }
}

/// The address as the server spells it: own domain, the resource as given.
fn spelled(own: &Jid, jid: &Jid) -> String {
    let bare = own.bare();
    match jid.resource() {
        Some(resource) => format!("{bare}/{resource}"),
        None => bare.to_string(),
    }
}
