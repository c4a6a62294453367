//! Proofs, tokens, and subscriptions that outlive a session.

use std::sync::{Arc, Mutex};

use tact_xmpp::element::Element;
use tact_xmpp::ns;
use tact_xmpp::sasl::scram::{Client as Prover, Hash};
use tact_xmpp::sasl::{Bearer, Mechanism};

use super::websocket::Client;
use super::{NODE, Service, event, until};

fn step(name: &str, text: &str) -> String {
    Element::new(name, ns::SASL).with_text(text).to_xml()
}

fn auth(mechanism: Mechanism, text: &str) -> String {
    Element::new("auth", ns::SASL)
        .with_attribute("mechanism", mechanism.name())
        .with_text(text)
        .to_xml()
}

#[tokio::test]
async fn a_client_proves_its_password_and_the_server_proves_itself() {
    let service = Service::start(|_| {}).await;
    for hash in [Hash::Sha1, Hash::Sha256] {
        let mut client = Client::opened(&service).await;
        let (prover, first) = Prover::begin(hash, "2001", "2001", "a-nonce");
        client.send(&auth(Mechanism::Scram(hash), &first)).await;
        let challenge = client.read().await;
        assert_eq!(challenge.name, "challenge");
        let (answer, proof) = prover.answer(&challenge.text()).unwrap();
        client.send(&step("response", &answer)).await;
        let success = client.read().await;
        assert_eq!(
            (success.name.as_str(), &*success.text()),
            ("success", &*proof)
        );
        client.bound("desktop").await;
        // Neither the proof nor the name that it is of stands in the trace.
        let lines = service.lines.lock().unwrap().join("\n");
        assert!(lines.contains(">***</response>"), "{lines}");
        assert!(
            !lines.contains(&first) && !lines.contains(&answer),
            "{lines}"
        );
    }
}

#[tokio::test]
async fn a_wrong_proof_is_refused_and_logged() {
    let service = Service::start(|_| {}).await;
    let mut client = Client::opened(&service).await;
    let (prover, first) = Prover::begin(Hash::Sha256, "2001", "2002", "a-nonce");
    client
        .send(&auth(Mechanism::Scram(Hash::Sha256), &first))
        .await;
    let challenge = client.read().await;
    let (answer, _) = prover.answer(&challenge.text()).unwrap();
    client.send(&step("response", &answer)).await;
    let failure = client.read().await;
    assert!(failure.child("not-authorized", ns::SASL).is_some());
    service.line("2001").await;
}

#[tokio::test]
async fn a_token_signs_in() {
    let service = Service::start(|_| {}).await;
    let bearer = |token: &str| Bearer {
        authzid: String::new(),
        token: token.to_owned(),
    };
    let mut client = Client::opened(&service).await;
    client
        .send(&auth(Mechanism::Bearer, &bearer("wrong").encode()))
        .await;
    assert_eq!(client.read().await.name, "challenge");
    client.send(&step("response", "AQ==")).await;
    assert_eq!(client.read().await.name, "failure");
    client
        .send(&auth(Mechanism::Bearer, &bearer("2001").encode()))
        .await;
    assert_eq!(client.read().await.name, "success");
    client.bound("desktop").await;
}

/// What was kept: user, node, and whether it still is.
type Kept = Arc<Mutex<Vec<(String, String, bool)>>>;

/// A service that says what it keeps.
async fn keeping() -> (Service, Kept) {
    let kept = Kept::default();
    let sink = Arc::clone(&kept);
    let service = Service::start(|config| {
        config.keep = Arc::new(move |user, node, keep| {
            sink.lock()
                .unwrap()
                .push((user.to_owned(), node.to_owned(), keep));
        });
    })
    .await;
    (service, kept)
}

const TEAM: &str = "/finesse/api/Team/5000/Users";

fn request(what: &str, jid: &str) -> String {
    format!(
        "<iq type='set' id='s' to='pubsub.desk.test' xmlns='jabber:client'>\
         <pubsub xmlns='http://jabber.org/protocol/pubsub'><{what} node='{TEAM}' jid='{jid}'/></pubsub></iq>"
    )
}

#[tokio::test]
async fn a_subscription_of_a_bare_address_is_kept_and_one_of_a_session_is_not() {
    let (service, kept) = keeping().await;
    let mut client = Client::online(&service, "2100", "desktop").await;
    for (what, jid) in [
        ("subscribe", "2100@desk.test/desktop"),
        ("unsubscribe", "2100@desk.test/desktop"),
        ("subscribe", "2100@desk.test"),
        ("unsubscribe", "2100@desk.test"),
    ] {
        client.send(&request(what, jid)).await;
        let answer = client.read_named("iq").await;
        assert_eq!(answer.attribute("type"), Some("result"), "{what} {jid}");
    }
    let expected = [true, false].map(|keep| ("2100".to_owned(), TEAM.to_owned(), keep));
    assert_eq!(*kept.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_kept_subscription_is_heard_again_unless_it_is_no_longer_allowed() {
    let (service, kept) = keeping().await;
    let own = |user: &str| (user.to_owned(), TEAM.to_owned());
    service.notify.restore([own("2100"), own("2001")]);
    let mut supervisor = Client::online(&service, "2100", "desktop").await;
    let mut agent = Client::online(&service, "2001", "desktop").await;
    let gone = ("2001".to_owned(), TEAM.to_owned(), false);
    until("the forbidden one to go", || {
        kept.lock().unwrap().contains(&gone)
    })
    .await;
    service.publish(TEAM, "<Update>team</Update>");
    service.publish(NODE, "<Update>own</Update>");
    let heard = event(&supervisor.read_named("message").await).unwrap();
    assert_eq!(heard.0, TEAM);
    let heard = event(&agent.read_named("message").await).unwrap();
    assert_eq!(heard.0, NODE);
}
