//! A client that sends without end is ended, with a word; it disturbs nobody.

use super::{PRESENCE, Service, bosh, tcp, websocket};

const PING: &str = "<iq type='get' id='p' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>";

async fn service() -> Service {
    Service::start(|config| {
        config.stanzas_per_s = 5;
        config.bytes_per_s = 2_000;
    })
    .await
}

#[tokio::test]
async fn over_tcp_by_stanzas_and_by_bytes() {
    let service = service().await;
    for flood in [PING.repeat(60), " ".repeat(30_000)] {
        let mut client = tcp::online(&service, "2001", "flood").await;
        client.send(&flood).await;
        assert_eq!(client.error().await, "policy-violation");
        service.presence("2001@desk.test/flood", false, true).await;
    }
    service
        .line("policy-violation from 2001@desk.test/flood: more stanzas or bytes than a session may send")
        .await;
}

#[tokio::test]
async fn over_websocket() {
    let service = service().await;
    let mut client = websocket::Client::online(&service, "2001", "flood").await;
    for _ in 0..60 {
        client.send(PING).await;
    }
    let error = client.read_named("error").await;
    assert_eq!(error.children().next().unwrap().name, "policy-violation");
}

#[tokio::test]
async fn over_bosh() {
    let service = service().await;
    let mut client = bosh::Client::online(&service, "2001", "flood").await;
    let answer = client.send("", &PING.repeat(60)).await;
    assert!(answer.is_terminate(), "{answer:?}");
    let error = answer.payload.iter().find(|it| it.name == "error").unwrap();
    assert_eq!(error.children().next().unwrap().name, "policy-violation");
    service.presence("2001@desk.test/flood", false, true).await;
}

#[tokio::test]
async fn a_service_account_may_send_as_much_as_it_likes() {
    let service = service().await;
    let mut gateway = tcp::online(&service, "pub0", "gateway").await;
    gateway.send(&PING.repeat(60)).await;
    for _ in 0..60 {
        assert_eq!(gateway.named("iq").await.attribute("type"), Some("result"));
    }
}

#[tokio::test]
async fn before_it_authenticates_a_client_has_the_limits_of_strangers() {
    let service = service().await;
    let mut client = tcp::connect(&service).await;
    client.open().await;
    client
        .send(&format!("<iq a='{}'", "x".repeat(20_000)))
        .await;
    assert_eq!(client.error().await, "policy-violation");
    let mut client = tcp::connect(&service).await;
    client.open().await;
    client.send(&"<a>".repeat(100)).await;
    assert_eq!(client.error().await, "policy-violation");
    let mut client = tcp::connect(&service).await;
    client.open().await;
    let attributes: String = (0..100).map(|it| format!(" a{it}=''")).collect();
    client.send(&format!("<iq{attributes}/>")).await;
    assert_eq!(client.error().await, "policy-violation");
    // Nobody else notices.
    let mut other = tcp::online(&service, "2002", "calm").await;
    other.send(PRESENCE).await;
}
