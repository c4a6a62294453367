//! What holds for any input.

use proptest::prelude::*;
use tact_xmpp::bosh::{Body, Input, Output, Session, Settings};
use tact_xmpp::element::Element;
use tact_xmpp::event::{Event, Stanza};
use tact_xmpp::parser::{Limits, document};
use tact_xmpp::{event, fuzz, ns};

/// Text that XML can carry.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            any::<char>(),
            proptest::char::range(' ', '~'),
            Just('\n'),
            Just('\r'),
            Just('\t')
        ],
        0..40,
    )
    .prop_map(|chars| {
        chars
            .into_iter()
            .filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..))
            .filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
            .collect()
    })
}

fn namespace() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just(""),
        Just(ns::CLIENT),
        Just(ns::STREAMS),
        Just(ns::PUBSUB),
        Just("urn:x'&")
    ]
}

fn element() -> impl Strategy<Value = Element> {
    let leaf = (
        "[a-z]{1,6}",
        namespace(),
        proptest::collection::btree_map("[a-z]{1,4}", text(), 0..3),
    )
        .prop_map(|(name, ns, attributes)| {
            attributes
                .into_iter()
                .fold(Element::new(&name, ns), |element, (name, value)| {
                    element.with_attribute(&name, value)
                })
        });
    leaf.prop_recursive(4, 24, 4, |inner| {
        (
            inner.clone(),
            proptest::collection::vec(inner, 0..4),
            text(),
        )
            .prop_map(|(mut element, children, text)| {
                if !text.is_empty() {
                    element = element.with_text(text);
                }
                children.into_iter().fold(element, Element::with_child)
            })
    })
}

proptest! {
    #[test]
    fn an_element_survives_being_written(element in element()) {
        let written = element.to_xml();
        prop_assert_eq!(document(written.as_bytes(), Limits { bytes: usize::MAX >> 1, ..Limits::AFTER_AUTH }), Ok(element), "{}", written);
    }

    #[test]
    fn an_update_arrives_as_it_was(update in text(), node in "/[a-zA-Z0-9/&<']{1,20}") {
        let event = Event::new("pubsub.d", &node, "item", &update);
        let mut bytes = Vec::new();
        event.address("1@d", "1@d", b"00000").write(&mut bytes);
        let message = document(&bytes, Limits::AFTER_AUTH).expect("well-formed");
        prop_assert_eq!(event::received(&message), [event::Received { node, payload: update }]);
    }

    #[test]
    fn no_bytes_break_a_parser(data in proptest::collection::vec(any::<u8>(), 0..300)) {
        fuzz::stream_parser(&data);
        fuzz::bosh_body(&data);
        fuzz::websocket_message(&data);
        fuzz::jid_and_sasl(&data);
    }

    #[test]
    fn no_markup_breaks_a_parser(pieces in proptest::collection::vec(prop_oneof![
        Just("<a>"), Just("</a>"), Just("<b c='"), Just("'/>"), Just("&lt;"), Just("&#x41;"), Just("]]>"), Just("<![CDATA["), Just("xmlns='u'"),
        Just("<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'>"), Just(" "), Just("x"), Just("\r\n"), Just("<?xml version='1.0'?>"),
        Just("<body xmlns='http://jabber.org/protocol/httpbind' rid='1'>"), Just("</body>"),
    ], 0..20)) {
        let data = pieces.concat();
        fuzz::stream_parser(data.as_bytes());
        fuzz::bosh_body(data.as_bytes());
    }

    /// Whatever a BOSH client does: every request is answered at most once, what was queued arrives in order and once, and
    /// the machine always says when it wants to be asked again while it lives.
    #[test]
    fn bosh_answers_once_and_in_order(steps in proptest::collection::vec((0_u8..7, 0_u64..5, 0_i64..40_000), 1..60)) {
        let create = Body { rid: Some(10), ver: Some((1, 10)), wait: Some(30), hold: Some(1), ..Body::default() };
        let mut session = Session::create(0, "s".to_owned(), "d", Settings::DEFAULT, 0, &create, false);
        let (mut now, mut id, mut sent, mut rid) = (0, 0, 0_u32, 10);
        let mut answered = std::collections::BTreeSet::new();
        let mut received: Vec<u32> = Vec::new();
        let mut over = false;
        let mut fresh = std::collections::BTreeMap::from([(0, true)]);
        for (step, offset, pass) in steps {
            let mut out = Vec::new();
            match step {
                0..=2 => {
                    id += 1;
                    let wanted = match offset { 0..=2 => rid + 1, 3 => rid, _ => rid + 2 };
                    fresh.insert(id, wanted > rid);
                    rid = rid.max(wanted);
                    let body = Body { rid: Some(wanted), ..Body::default() };
                    session.handle(now, Input::Request { id, body, secure: false }, &mut out);
                }
                3 | 4 => {
                    sent += 1;
                    session.handle(now, Input::Send(Stanza::from(format!("<a xmlns='jabber:client' n='{sent}'/>"))), &mut out);
                }
                5 => { now += pass; session.handle(now, Input::Tick, &mut out); }
                _ => session.handle(now, Input::Gone(id), &mut out),
            }
            session.handle(now, Input::Flush, &mut out);
            for output in out {
                match output {
                    Output::Respond { id, body, .. } => {
                        prop_assert!(answered.insert(id), "answered twice");
                        let body = Body::parse(&body, Limits::AFTER_AUTH).expect("a body");
                        if fresh.get(&id) == Some(&true) {
                            received.extend(body.payload.iter().filter_map(|a| a.attribute("n")?.parse::<u32>().ok()));
                        }
                    }
                    Output::Forget => { prop_assert!(!over, "forgotten twice"); over = true; }
                    _ => {}
                }
            }
            if over { prop_assert_eq!(session.next_due(), None); }
        }
        prop_assert!(received.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", received);
    }
}
