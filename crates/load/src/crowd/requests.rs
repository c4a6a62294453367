//! What desktops and publishers ask once they are in.

use tact_xmpp::ns;

/// A XEP-0199 ping of the domain.
pub(super) fn ping(domain: &str) -> String {
    format!(
        "<iq xmlns='{}' type='get' id='ping' to='{domain}'><ping xmlns='{}'/></iq>",
        ns::CLIENT,
        ns::PING
    )
}

/// A request to subscribe the whole account to a node.
pub(super) fn subscribe(domain: &str, node: &str, name: &str) -> String {
    format!(
        "<iq xmlns='{}' type='set' id='subscribe' to='pubsub.{domain}'><pubsub xmlns='{}'>\
         <subscribe node='{node}' jid='{name}@{domain}'/></pubsub></iq>",
        ns::CLIENT,
        ns::PUBSUB
    )
}

/// A request to make a node that everybody may subscribe to.
pub(super) fn create(domain: &str, node: &str, id: usize) -> String {
    format!(
        "<iq xmlns='{}' type='set' id='n{id}' to='pubsub.{domain}'><pubsub xmlns='{}'><create node='{node}'/>\
         </pubsub></iq>",
        ns::CLIENT,
        ns::PUBSUB
    )
}
