//! The stream machine, step by step, over each transport.

use std::sync::Arc;

use tact_xmpp::element::Element;
use tact_xmpp::error::{StanzaCondition, StreamCondition};
use tact_xmpp::ns;
use tact_xmpp::parser::{Limits, StreamEvent, StreamParser, document};
use tact_xmpp::pubsub::{Refusal, Request};
use tact_xmpp::query::Names;
use tact_xmpp::sasl::{Failure, Mechanism, Plain};
use tact_xmpp::stanza::Presence;
use tact_xmpp::stream::{
    Credential, Input, MAX_SASL_ATTEMPTS, Output, Security, Stream, Transport,
};
use tact_xmpp::websocket;

pub(crate) const OPEN: Security = Security {
    offer_tls: false,
    may_authenticate: true,
    mechanisms: &Mechanism::ALL,
};

pub(crate) fn machine(transport: Transport, security: Security) -> Stream {
    Stream::new(Arc::new(Names::new("Desk.Test")), transport, security)
}

pub(crate) fn step(stream: &mut Stream, input: Input) -> Vec<Output> {
    let mut out = Vec::new();
    stream.handle(input, &mut out);
    out
}

pub(crate) fn element(text: &str) -> Element {
    document(text.as_bytes(), Limits::AFTER_AUTH).expect("an element")
}

/// What was sent, as trees; only for pieces that stand on their own.
pub(crate) fn sent(outputs: &[Output]) -> Vec<Element> {
    outputs
        .iter()
        .filter_map(|output| match output {
            Output::Send(text) => Some(element(text)),
            _ => None,
        })
        .collect()
}

pub(crate) fn header(transport: Transport) -> Option<Element> {
    match transport {
        Transport::Bosh => None,
        Transport::WebSocket => Some(element(&websocket::open_request("anything"))),
        Transport::Tcp => {
            let text = tact_xmpp::stream::header(&[("to", "10.0.0.1")]);
            match StreamParser::new(Limits::BEFORE_AUTH).next(&mut text.as_bytes()) {
                Ok(Some(StreamEvent::Open(header))) => Some(header),
                other => panic!("{other:?}"),
            }
        }
    }
}

pub(crate) fn open(stream: &mut Stream, transport: Transport) -> Vec<Output> {
    step(
        stream,
        Input::Open {
            header: header(transport),
            id: "id1".to_owned(),
        },
    )
}

fn auth(authzid: &str, user: &str) -> Element {
    let plain = Plain {
        authzid: authzid.to_owned(),
        user: user.to_owned(),
        password: "pw".to_owned(),
    };
    Element::new("auth", ns::SASL)
        .with_attribute("mechanism", "PLAIN")
        .with_text(plain.encode())
}

fn authenticated(transport: Transport) -> Stream {
    let mut stream = machine(transport, OPEN);
    open(&mut stream, transport);
    let out = step(&mut stream, Input::Element(auth("", "2001")));
    assert_eq!(
        out,
        [Output::Authenticate {
            user: "2001".to_owned(),
            credential: Credential::Password("pw".to_owned()),
        }]
    );
    let out = step(&mut stream, Input::Verified(Ok("2001".to_owned())));
    assert!(matches!(&out[..], [Output::Send(text), Output::Restart] if text.contains("success")));
    stream
}

fn online(transport: Transport) -> Stream {
    let mut stream = authenticated(transport);
    open(&mut stream, transport);
    let bind = "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desktop</resource></bind></iq>";
    let out = step(&mut stream, Input::Element(element(bind)));
    assert_eq!(
        out,
        [Output::Bind {
            resource: Some("desktop".to_owned())
        }]
    );
    let out = step(&mut stream, Input::Bound(Ok("desktop".to_owned())));
    let answer = sent(&out).remove(0);
    let jid = answer
        .child("bind", ns::BIND)
        .and_then(|bind| bind.child("jid", ns::BIND))
        .expect("a jid")
        .text()
        .into_owned();
    assert_eq!(jid, "2001@desk.test/desktop");
    assert!(stream.is_online());
    stream
}

fn ended(outputs: &[Output]) -> Option<StreamCondition> {
    match outputs.last() {
        Some(Output::End { condition }) => *condition,
        other => panic!("not over: {other:?}"),
    }
}

#[test]
fn tcp_sends_header_and_features_in_two_writes() {
    let mut stream = machine(
        Transport::Tcp,
        Security {
            offer_tls: true,
            ..OPEN
        },
    );
    let out = open(&mut stream, Transport::Tcp);
    let [Output::Send(header), Output::Send(features)] = &out[..] else {
        panic!("{out:?}")
    };
    assert!(
        header.contains(" from=\"desk.test\""),
        "double quotes: {header}"
    );
    assert!(
        header.contains(" id=\"id1\"") && header.contains(" version=\"1.0\""),
        "{header}"
    );
    assert!(
        features.starts_with("<stream:features><starttls"),
        "{features}"
    );
    assert!(
        features.contains("<mechanism>PLAIN</mechanism>") && !features.contains("required"),
        "{features}"
    );
}

#[test]
fn without_plain_on_tcp_starttls_is_required() {
    let mut stream = machine(
        Transport::Tcp,
        Security {
            offer_tls: true,
            may_authenticate: false,
            ..OPEN
        },
    );
    let out = open(&mut stream, Transport::Tcp);
    let [_, Output::Send(features)] = &out[..] else {
        panic!("{out:?}")
    };
    assert!(
        features.contains("<required/>") && !features.contains("PLAIN"),
        "{features}"
    );
    let out = step(&mut stream, Input::Element(auth("", "2001")));
    assert!(
        sent(&out)[0]
            .child(Failure::EncryptionRequired.name(), ns::SASL)
            .is_some()
    );
    // After TLS all begins again, without STARTTLS and with PLAIN.
    let out = step(
        &mut stream,
        Input::Element(element(
            "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        )),
    );
    assert!(matches!(&out[..], [Output::Send(text), Output::StartTls] if text.contains("proceed")));
    assert!(step(&mut stream, Input::Encrypted).is_empty());
    let out = open(&mut stream, Transport::Tcp);
    let [_, Output::Send(features)] = &out[..] else {
        panic!("{out:?}")
    };
    assert!(
        features.contains("PLAIN") && !features.contains("starttls"),
        "{features}"
    );
}

#[test]
fn every_transport_reaches_online() {
    for transport in [Transport::Bosh, Transport::WebSocket, Transport::Tcp] {
        online(transport);
    }
}

#[test]
fn websocket_opens_with_our_domain_and_standalone_features() {
    let mut stream = machine(Transport::WebSocket, OPEN);
    let out = sent(&open(&mut stream, Transport::WebSocket));
    assert!(out[0].is("open", ns::FRAMING));
    assert_eq!(out[0].attribute("from"), Some("desk.test"));
    assert!(
        out[1].is("features", ns::STREAMS),
        "each message declares its own namespaces"
    );
}

#[test]
fn a_wrong_opening_is_answered_by_our_own_and_an_error() {
    for wrong in [
        "<open xmlns='urn:wrong' version='1.0'/>",
        "<stream xmlns='jabber:client'/>",
    ] {
        let mut stream = machine(Transport::WebSocket, OPEN);
        let out = step(
            &mut stream,
            Input::Open {
                header: Some(element(wrong)),
                id: "x".to_owned(),
            },
        );
        let names: Vec<String> = sent(&out).into_iter().map(|e| e.name).collect();
        assert_eq!(names, ["open", "error", "close"]);
        assert_eq!(ended(&out), Some(StreamCondition::InvalidNamespace));
    }
    let mut stream = machine(Transport::WebSocket, OPEN);
    let old = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='0.9'/>";
    let out = step(
        &mut stream,
        Input::Open {
            header: Some(element(old)),
            id: "x".to_owned(),
        },
    );
    assert_eq!(ended(&out), Some(StreamCondition::UnsupportedVersion));
}

#[test]
fn an_error_before_the_header_is_preceded_by_ours() {
    let mut stream = machine(Transport::Tcp, OPEN);
    let out = step(&mut stream, Input::Fail(StreamCondition::NotWellFormed));
    let text: String = out
        .iter()
        .filter_map(|o| match o {
            Output::Send(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert!(
        text.starts_with("<?xml")
            && text.contains("<stream:error>")
            && text.ends_with("</stream:stream>"),
        "{text}"
    );
}

#[test]
fn wrong_passwords_have_a_limit() {
    let mut stream = machine(Transport::Tcp, OPEN);
    open(&mut stream, Transport::Tcp);
    for attempt in 1..=MAX_SASL_ATTEMPTS {
        step(&mut stream, Input::Element(auth("", "2001")));
        let out = step(&mut stream, Input::Verified(Err(Failure::NotAuthorized)));
        assert!(matches!(&out[0], Output::Send(text) if text.contains("not-authorized")));
        assert_eq!(out.len() > 1, attempt == MAX_SASL_ATTEMPTS);
        if attempt == MAX_SASL_ATTEMPTS {
            assert_eq!(ended(&out), Some(StreamCondition::PolicyViolation));
        }
    }
    assert!(
        step(&mut stream, Input::Element(auth("", "2001"))).is_empty(),
        "nothing more is taken"
    );
}

#[test]
fn sasl_failures_have_their_names() {
    let cases = [
        (
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='DIGEST-MD5'/>",
            Failure::InvalidMechanism,
        ),
        (
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%</auth>",
            Failure::IncorrectEncoding,
        ),
        (
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>=</auth>",
            Failure::MalformedRequest,
        ),
        (
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>YQ==</auth>",
            Failure::MalformedRequest,
        ),
        (
            "<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            Failure::Aborted,
        ),
    ];
    for (text, failure) in cases {
        let mut stream = machine(Transport::WebSocket, OPEN);
        open(&mut stream, Transport::WebSocket);
        let out = step(&mut stream, Input::Element(element(text)));
        assert!(
            sent(&out)[0].child(failure.name(), ns::SASL).is_some(),
            "{text}: {out:?}"
        );
    }
}

#[test]
fn an_empty_auth_is_challenged() {
    let mut stream = machine(Transport::WebSocket, OPEN);
    open(&mut stream, Transport::WebSocket);
    let out = step(
        &mut stream,
        Input::Element(Element::new("auth", ns::SASL).with_attribute("mechanism", "PLAIN")),
    );
    assert!(sent(&out)[0].is("challenge", ns::SASL));
    let data = auth("", "2001").text().into_owned();
    let out = step(
        &mut stream,
        Input::Element(Element::new("response", ns::SASL).with_text(data)),
    );
    assert!(matches!(&out[..], [Output::Authenticate { .. }]));
}

#[test]
fn acting_as_another_user_is_refused_in_whatever_domain() {
    for (authzid, good) in [
        ("2001@desk.test", true),
        ("2001@10.0.0.1", true),
        ("2001", true),
        ("2002@desk.test", false),
        ("@x", false),
    ] {
        let mut stream = machine(Transport::WebSocket, OPEN);
        open(&mut stream, Transport::WebSocket);
        step(&mut stream, Input::Element(auth(authzid, "2001")));
        let out = step(&mut stream, Input::Verified(Ok("2001".to_owned())));
        assert_eq!(sent(&out)[0].name == "success", good, "{authzid}");
    }
}

#[test]
fn stanzas_before_their_time_end_the_stream() {
    let mut stream = machine(Transport::WebSocket, OPEN);
    open(&mut stream, Transport::WebSocket);
    let out = step(
        &mut stream,
        Input::Element(element("<presence xmlns='jabber:client'/>")),
    );
    assert_eq!(ended(&out), Some(StreamCondition::NotAuthorized));
    let mut stream = authenticated(Transport::WebSocket);
    open(&mut stream, Transport::WebSocket);
    let out = step(
        &mut stream,
        Input::Element(element("<presence xmlns='jabber:client'/>")),
    );
    assert_eq!(ended(&out), Some(StreamCondition::NotAuthorized));
    let mut stream = machine(Transport::WebSocket, OPEN);
    let out = step(&mut stream, Input::Element(auth("", "2001")));
    assert_eq!(ended(&out), Some(StreamCondition::NotAuthorized));
}

#[test]
fn a_refused_bind_may_be_tried_again() {
    let mut stream = authenticated(Transport::Tcp);
    open(&mut stream, Transport::Tcp);
    let bind = element(
        "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
    );
    assert_eq!(
        step(&mut stream, Input::Element(bind.clone())),
        [Output::Bind { resource: None }]
    );
    let out = step(
        &mut stream,
        Input::Bound(Err(StanzaCondition::ResourceConstraint)),
    );
    assert_eq!(sent(&out)[0].attribute("type"), Some("error"));
    assert_eq!(
        step(&mut stream, Input::Element(bind)),
        [Output::Bind { resource: None }]
    );
}

#[test]
fn a_foreign_sender_or_stanza_ends_the_stream() {
    let cases = [
        (
            "<iq xmlns='jabber:client' from='2002@desk.test' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
            StreamCondition::InvalidFrom,
        ),
        (
            "<iq xmlns='jabber:client' from='2001@desk.test/other' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
            StreamCondition::InvalidFrom,
        ),
        (
            "<data xmlns='jabber:client'/>",
            StreamCondition::UnsupportedStanzaType,
        ),
        (
            "<iq xmlns='urn:other'/>",
            StreamCondition::UnsupportedStanzaType,
        ),
    ];
    for (text, condition) in cases {
        let out = step(&mut online(Transport::Tcp), Input::Element(element(text)));
        assert_eq!(ended(&out), Some(condition), "{text}");
    }
}

#[test]
fn queries_are_answered() {
    let mut stream = online(Transport::WebSocket);
    let mut ask = |kind: &str, to: &str, payload: &str| -> Element {
        let text = format!(
            "<iq xmlns='jabber:client' type='{kind}' id='q' to='{to}' from='2001@desk.test/desktop'>{payload}</iq>"
        );
        let mut answers = sent(&step(&mut stream, Input::Element(element(&text))));
        assert_eq!(answers.len(), 1, "{text}");
        let answer = answers.remove(0);
        assert_eq!(answer.attribute("id"), Some("q"));
        answer
    };
    let result = |answer: &Element| answer.attribute("type") == Some("result");
    let condition = |answer: &Element| {
        answer
            .child("error", ns::CLIENT)
            .and_then(|error| error.children().next().map(|c| c.name.clone()))
    };
    for to in [
        "desk.test",
        "10.0.0.1",
        "pubsub.desk.test",
        "2001@desk.test",
        "",
    ] {
        assert!(
            result(&ask("get", to, "<ping xmlns='urn:xmpp:ping'/>")),
            "{to}"
        );
    }
    assert!(result(&ask(
        "set",
        "desk.test",
        "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>"
    )));
    let roster = ask("get", "", "<query xmlns='jabber:iq:roster'/>");
    let items: Vec<&str> = roster
        .child("query", ns::ROSTER)
        .expect("a roster")
        .children()
        .filter_map(|i| i.attribute("jid"))
        .collect();
    assert_eq!(items, ["finesse@desk.test"]);
    let info = ask(
        "get",
        "desk.test",
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
    );
    assert_eq!(
        info.child("query", ns::DISCO_INFO)
            .and_then(|q| q.children().next())
            .and_then(|i| i.attribute("category")),
        Some("server")
    );
    let items = ask(
        "get",
        "desk.test",
        "<query xmlns='http://jabber.org/protocol/disco#items'/>",
    );
    let listed: Vec<&str> = items
        .child("query", ns::DISCO_ITEMS)
        .expect("items")
        .children()
        .filter_map(|i| i.attribute("jid"))
        .collect();
    assert_eq!(listed, ["pubsub.desk.test"]);
    for item in listed.clone() {
        let info = ask(
            "get",
            item,
            "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        );
        assert_eq!(
            info.child("query", ns::DISCO_INFO)
                .and_then(|q| q.children().next())
                .and_then(|i| i.attribute("category")),
            Some("pubsub")
        );
    }
    assert_eq!(
        condition(&ask("get", "desk.test", "<x xmlns='urn:unknown'/>")).as_deref(),
        Some("service-unavailable")
    );
    assert_eq!(
        condition(&ask("get", "desk.test", "")).as_deref(),
        Some("bad-request")
    );
    assert_eq!(
        condition(&ask("what", "desk.test", "<x xmlns='urn:unknown'/>")).as_deref(),
        Some("bad-request")
    );
    assert_eq!(
        condition(&ask(
            "get",
            "2002@desk.test/x",
            "<ping xmlns='urn:xmpp:ping'/>"
        ))
        .as_deref(),
        Some("service-unavailable")
    );
    assert_eq!(
        condition(&ask(
            "get",
            "desk.test",
            "<query xmlns='http://jabber.org/protocol/disco#info' node='n'/>"
        ))
        .as_deref(),
        Some("item-not-found")
    );
    assert_eq!(
        condition(&ask(
            "get",
            "desk.test",
            "<query xmlns='http://jabber.org/protocol/disco#items' node='n'/>"
        ))
        .as_deref(),
        Some("item-not-found")
    );
}

#[test]
fn results_are_never_answered() {
    let mut stream = online(Transport::Tcp);
    for kind in ["result", "error"] {
        let text = format!("<iq xmlns='jabber:client' type='{kind}' id='ping'/>");
        assert!(step(&mut stream, Input::Element(element(&text))).is_empty());
    }
    assert!(
        step(
            &mut stream,
            Input::Element(element(
                "<message xmlns='jabber:client' to='2002@desk.test'/>"
            ))
        )
        .is_empty()
    );
}

#[test]
fn pubsub_requests_go_to_who_knows() {
    let mut stream = online(Transport::Tcp);
    let mut ask = |kind: &str, command: &str| {
        let text = format!(
            "<iq xmlns='jabber:client' type='{kind}' id='p' to='pubsub.desk.test'><pubsub xmlns='http://jabber.org/protocol/pubsub'>{command}</pubsub></iq>"
        );
        step(&mut stream, Input::Element(element(&text)))
    };
    let requested = |outputs: Vec<Output>| match outputs.into_iter().next() {
        Some(Output::PubSub(_, request)) => request,
        other => panic!("{other:?}"),
    };
    assert!(
        matches!(requested(ask("set", "<subscribe node='n' jid='2001@desk.test/desktop'/>")),
        Request::Subscribe { node, jid } if node == "n" && jid.resource() == Some("desktop"))
    );
    assert!(matches!(
        requested(ask("set", "<unsubscribe node='n' jid='2001@desk.test'/>")),
        Request::Unsubscribe { .. }
    ));
    assert_eq!(
        requested(ask("get", "<subscriptions/>")),
        Request::Subscriptions { node: None }
    );
    assert_eq!(
        requested(ask("get", "<items node='n'/>")),
        Request::Items {
            node: "n".to_owned()
        }
    );
    assert_eq!(
        requested(ask(
            "set",
            "<publish node='n'><item id='i'><notification>&lt;Update/&gt;</notification></item></publish>"
        )),
        Request::Publish {
            node: "n".to_owned(),
            item: Some("i".to_owned()),
            update: "<Update/>".to_owned(),
        }
    );
    let refused = [
        (
            "set",
            "<subscribe jid='2001@desk.test'/>",
            Refusal::NODE_REQUIRED,
        ),
        ("set", "<subscribe node='n'/>", Refusal::INVALID_JID),
        (
            "set",
            "<subscribe node='n' jid='2002@desk.test'/>",
            Refusal::INVALID_JID,
        ),
        (
            "set",
            "<unsubscribe node='n' jid='2002@desk.test'/>",
            Refusal::FOREIGN,
        ),
        ("set", "<publish node='n'/>", Refusal::ITEM_REQUIRED),
        (
            "set",
            "<publish node='n'><item/><item/></publish>",
            Refusal::TOO_MANY_ITEMS,
        ),
        (
            "set",
            "<publish node='n'><item><x xmlns='urn:x'/></item></publish>",
            Refusal::INVALID_PAYLOAD,
        ),
        ("set", "<retract node='n'/>", Refusal::UNSUPPORTED),
        ("set", "", Refusal::UNSUPPORTED),
    ];
    for (kind, command, refusal) in refused {
        let answer = sent(&ask(kind, command)).remove(0);
        let error = answer.child("error", ns::CLIENT).expect("an error");
        assert!(
            error
                .child(refusal.condition.name(), ns::STANZA_ERRORS)
                .is_some(),
            "{command}"
        );
        if let Some(pubsub) = refusal.pubsub {
            assert!(
                error.child(pubsub, ns::PUBSUB_ERRORS).is_some(),
                "{command}"
            );
        }
    }
}

#[test]
fn presence_reaches_the_server_and_the_component_answers() {
    let mut stream = online(Transport::Tcp);
    let mut say = |text: &str| step(&mut stream, Input::Element(element(text)));
    assert_eq!(
        say("<presence xmlns='jabber:client'/>"),
        [Output::Presence(Presence::Available { priority: 0 })]
    );
    assert_eq!(
        say("<presence xmlns='jabber:client'><priority>-1</priority></presence>"),
        [Output::Presence(Presence::Available { priority: -1 })]
    );
    assert_eq!(
        say("<presence xmlns='jabber:client' type='unavailable'/>"),
        [Output::Presence(Presence::Unavailable)]
    );
    let answers = sent(&say(
        "<presence xmlns='jabber:client' type='subscribe' to='finesse@desk.test'/>",
    ));
    let kinds: Vec<Option<&str>> = answers.iter().map(|p| p.attribute("type")).collect();
    assert_eq!(kinds, [Some("subscribed"), None]);
    assert!(
        say("<presence xmlns='jabber:client' type='subscribe' to='2002@desk.test'/>").is_empty()
    );
}

#[test]
fn closing_is_answered_in_kind() {
    let out = step(&mut online(Transport::Tcp), Input::Close);
    assert_eq!(
        out,
        [
            Output::Send("</stream:stream>".to_owned()),
            Output::End { condition: None }
        ]
    );
    let out = step(&mut online(Transport::WebSocket), Input::Close);
    assert!(sent(&out)[0].is("close", ns::FRAMING));
    assert_eq!(
        step(&mut online(Transport::Bosh), Input::Close),
        [Output::End { condition: None }]
    );
}
