//! What one agent can learn of another, or do to it, over XMPP: nothing.

use tact_xmpp::element::Element;
use tact_xmpp::ns;

use super::websocket::Client;
use super::{NODE, Service, event};

const OTHERS: &str = "/finesse/api/User/2002";

fn condition(answer: &Element) -> Option<&str> {
    let error = answer.child("error", ns::CLIENT)?;
    error.children().next().map(|it| it.name.as_str())
}

#[tokio::test]
async fn nothing_that_an_agent_sends_reaches_another() {
    let service = Service::start(|_| {}).await;
    let mut one = Client::online(&service, "2001", "desktop").await;
    let mut other = Client::online(&service, "2002", "desktop").await;
    for to in ["2002@desk.test", "2002@desk.test/desktop"] {
        for stanza in [
            format!("<message xmlns='jabber:client' to='{to}'><body>hello</body></message>"),
            format!("<presence xmlns='jabber:client' to='{to}'/>"),
            format!("<presence xmlns='jabber:client' type='subscribe' to='{to}'/>"),
            format!("<iq xmlns='jabber:client' type='result' id='x' to='{to}'/>"),
        ] {
            one.send(&stanza).await;
        }
        one.send(&format!(
            "<iq xmlns='jabber:client' type='get' id='p' to='{to}'><ping xmlns='{}'/></iq>",
            ns::PING
        ))
        .await;
        let answer = one.read_named("iq").await;
        assert_eq!(condition(&answer), Some("service-unavailable"), "{to}");
    }
    // Of all that the other has heard nothing: what comes next is the server's, behind its own presence.
    service.publish(OTHERS, "<Update>1</Update>");
    loop {
        let stanza = other.read().await;
        if let Some((_, update)) = event(&stanza) {
            assert_eq!(update, "<Update>1</Update>");
            break;
        }
        let from = stanza.attribute("from").unwrap_or_default();
        let own = from.starts_with("2002@") || from.starts_with("finesse@");
        assert!(stanza.name == "presence" && own, "{stanza:?}");
    }
}

#[tokio::test]
async fn nor_does_an_agent_read_anothers_node_in_any_way() {
    let service = Service::start(|_| {}).await;
    let mut agent = Client::online(&service, "2001", "desktop").await;
    let questions = |node: &str| {
        let disco = |what: &str| {
            format!("<query xmlns='http://jabber.org/protocol/disco#{what}' node='{node}'/>")
        };
        let pubsub = |command: &str| {
            let command = command.replace("NODE", node);
            format!("<pubsub xmlns='{}'>{command}</pubsub>", ns::PUBSUB)
        };
        [
            ("get", disco("info")),
            ("get", disco("items")),
            ("get", pubsub("<items node='NODE'/>")),
            (
                "set",
                pubsub("<subscribe node='NODE' jid='2001@desk.test'/>"),
            ),
        ]
    };
    for (node, expected) in [
        (NODE, None),
        (OTHERS, Some("not-allowed")),
        ("/nowhere", Some("item-not-found")),
    ] {
        for (kind, payload) in questions(node) {
            agent
                .send(&format!(
                    "<iq xmlns='jabber:client' type='{kind}' id='q' to='pubsub.desk.test'>{payload}</iq>"
                ))
                .await;
            let answer = agent.read_named("iq").await;
            assert_eq!(condition(&answer), expected, "{payload}");
        }
    }
}
