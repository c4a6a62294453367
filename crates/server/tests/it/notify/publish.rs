//! Service accounts publish; nobody else does.

use tact_xmpp::element::Element;
use tact_xmpp::ns;

use super::websocket::Client;
use super::{NODE, Service, event};

fn publish(node: &str, item: &str, payload: &str) -> String {
    format!(
        "<iq xmlns='jabber:client' type='set' id='p' to='pubsub.desk.test'><pubsub xmlns='{}'>\
         <publish node='{node}'><item {item}>{payload}</item></publish></pubsub></iq>",
        ns::PUBSUB
    )
}

const UPDATE: &str = "<notification xmlns='http://jabber.org/protocol/pubsub'>&lt;Update&gt;a &amp;amp; b&lt;/Update&gt;</notification>";

fn condition(answer: &Element) -> Option<&str> {
    let error = answer.child("error", ns::CLIENT)?;
    error
        .children()
        .next()
        .map(|condition| condition.name.as_str())
}

fn item(answer: &Element) -> Option<String> {
    let publish = answer
        .child("pubsub", ns::PUBSUB)?
        .child("publish", ns::PUBSUB)?;
    assert_eq!(publish.attribute("node"), Some(NODE));
    let item = publish.child("item", ns::PUBSUB)?.attribute("id")?;
    Some(item.to_owned())
}

#[tokio::test]
async fn a_service_account_publishes_to_an_agent() {
    let service = Service::start(|_| {}).await;
    let mut agent = Client::online(&service, "2001", "desktop").await;
    let mut gateway = Client::online(&service, "pub0", "gateway").await;

    gateway.send(&publish(NODE, "id='one'", UPDATE)).await;
    let message = agent.read_named("message").await;
    let expected = (NODE.to_owned(), "<Update>a &amp; b</Update>".to_owned());
    assert_eq!(event(&message), Some(expected));
    assert!(
        message.to_xml().contains("<item id=\"one\">"),
        "{message:?}"
    );
    assert_eq!(
        item(&gateway.read_named("iq").await).as_deref(),
        Some("one")
    );

    gateway.send(&publish(NODE, "", UPDATE)).await;
    let made = item(&gateway.read_named("iq").await).expect("an id");
    let message = agent.read_named("message").await;
    assert!(
        message.to_xml().contains(&format!("<item id=\"{made}\">")),
        "{made}"
    );
}

#[tokio::test]
async fn what_a_service_account_cannot_do() {
    let service = Service::start(|_| {}).await;
    let mut gateway = Client::online(&service, "pub0", "gateway").await;
    let node = "no/such/node";
    gateway.send(&publish(node, "", UPDATE)).await;
    assert_eq!(
        condition(&gateway.read_named("iq").await),
        Some("item-not-found")
    );
    let ask = |command: String| {
        format!(
            "<iq xmlns='jabber:client' type='set' id='q' to='pubsub.desk.test'><pubsub xmlns='{}'>{command}</pubsub></iq>",
            ns::PUBSUB
        )
    };
    gateway.send(&ask(format!("<create node='{NODE}'/>"))).await;
    assert_eq!(condition(&gateway.read_named("iq").await), Some("conflict"));
}

#[tokio::test]
async fn an_agent_publishes_nothing_not_even_about_itself() {
    let service = Service::start(|_| {}).await;
    let mut agent = Client::online(&service, "2001", "desktop").await;
    let mut other = Client::online(&service, "2002", "desktop").await;
    for node in [NODE, "/finesse/api/User/2002"] {
        agent.send(&publish(node, "", UPDATE)).await;
        assert_eq!(
            condition(&agent.read_named("iq").await),
            Some("forbidden"),
            "{node}"
        );
    }
    // The first event that either hears is the server's.
    service.publish(NODE, "<Update>1</Update>");
    service.publish("/finesse/api/User/2002", "<Update>2</Update>");
    for (client, text) in [
        (&mut agent, "<Update>1</Update>"),
        (&mut other, "<Update>2</Update>"),
    ] {
        assert_eq!(
            event(&client.read_named("message").await)
                .expect("an event")
                .1,
            text
        );
    }
}
