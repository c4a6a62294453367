//! The mechanisms in the stream machine.

use std::num::NonZeroU32;

use tact_xmpp::element::Element;
use tact_xmpp::ns;
use tact_xmpp::sasl::scram::{Client, Hash, Keys};
use tact_xmpp::sasl::{Bearer, Failure, Mechanism};
use tact_xmpp::stream::{Credential, Input, Output, Stream, Transport};

use crate::stream::{OPEN, machine, open, sent, step};

fn waiting() -> Stream {
    let mut stream = machine(Transport::WebSocket, OPEN);
    open(&mut stream, Transport::WebSocket);
    stream
}

fn auth(mechanism: Mechanism, text: &str) -> Input {
    let auth = Element::new("auth", ns::SASL).with_attribute("mechanism", mechanism.name());
    Input::Element(auth.with_text(text))
}

fn response(text: &str) -> Input {
    Input::Element(Element::new("response", ns::SASL).with_text(text))
}

/// The text of the one element that was sent.
fn text_of(outputs: &[Output], name: &str) -> String {
    let element = sent(outputs).remove(0);
    assert!(element.is(name, ns::SASL), "{element:?}");
    element.text().into_owned()
}

fn refused_with(outputs: &[Output]) -> String {
    let failure = sent(outputs).remove(0);
    assert!(failure.is("failure", ns::SASL), "{failure:?}");
    failure.children().next().unwrap().name.to_string()
}

/// Up to the challenge; what the client answers.
fn challenged(stream: &mut Stream, hash: Hash, password: &str) -> (String, String) {
    let (client, first) = Client::begin(hash, "2001", password, "abc");
    let out = step(stream, auth(Mechanism::Scram(hash), &first));
    assert_eq!(
        out,
        [Output::Keys {
            user: "2001".to_owned(),
            hash
        }]
    );
    let keys = Input::Keys {
        keys: Ok(Keys::derive(hash, "right", vec![1; 16], NonZeroU32::MIN)),
        nonce: "xyz".to_owned(),
    };
    let challenge = text_of(&step(stream, keys), "challenge");
    client.answer(&challenge).unwrap()
}

#[test]
fn a_client_that_proves_the_password_gets_a_proof_of_the_server() {
    for hash in [Hash::Sha1, Hash::Sha256] {
        let mut stream = waiting();
        let (answer, proof) = challenged(&mut stream, hash, "right");
        let out = step(&mut stream, response(&answer));
        assert_eq!(
            out,
            [Output::Authenticate {
                user: "2001".to_owned(),
                credential: Credential::Proof(true),
            }]
        );
        let out = step(&mut stream, Input::Verified(Ok("2001".to_owned())));
        assert_eq!(text_of(&out, "success"), proof);
        assert!(matches!(out.last(), Some(Output::Restart)));
        assert!(stream.is_authenticated());
    }
}

#[test]
fn a_wrong_proof_is_counted_and_refused() {
    let mut stream = waiting();
    let (answer, _) = challenged(&mut stream, Hash::Sha256, "wrong");
    let out = step(&mut stream, response(&answer));
    assert!(matches!(
        &out[..],
        [Output::Authenticate {
            credential: Credential::Proof(false),
            ..
        }]
    ));
    let out = step(&mut stream, Input::Verified(Err(Failure::NotAuthorized)));
    assert_eq!(refused_with(&out), "not-authorized");
    // The next attempt begins anew.
    challenged(&mut stream, Hash::Sha1, "right");
}

#[test]
fn keys_that_cannot_be_had_are_a_failure_and_no_stanza_fits_between() {
    let mut stream = waiting();
    let (_, first) = Client::begin(Hash::Sha256, "2001", "right", "abc");
    step(&mut stream, auth(Mechanism::Scram(Hash::Sha256), &first));
    let out = step(
        &mut stream,
        Input::Keys {
            keys: Err(Failure::TemporaryAuthFailure),
            nonce: "x".to_owned(),
        },
    );
    assert_eq!(refused_with(&out), "temporary-auth-failure");
    // A response without a question.
    let out = step(&mut stream, response("eA=="));
    assert_eq!(sent(&out)[0].name.as_str(), "error");
    assert!(matches!(out.last(), Some(Output::End { .. })));
}

#[test]
fn a_challenge_can_be_aborted() {
    let mut stream = waiting();
    challenged(&mut stream, Hash::Sha256, "right");
    let out = step(&mut stream, Input::Element(Element::new("abort", ns::SASL)));
    assert_eq!(refused_with(&out), "aborted");
}

#[test]
fn a_token_says_who_it_is() {
    let bearer = |authzid: &str| {
        let bearer = Bearer {
            authzid: authzid.to_owned(),
            token: "t.o.k".to_owned(),
        };
        auth(Mechanism::Bearer, &bearer.encode())
    };
    let mut stream = waiting();
    let out = step(&mut stream, bearer(""));
    assert_eq!(
        out,
        [Output::Authenticate {
            user: String::new(),
            credential: Credential::Token("t.o.k".to_owned()),
        }]
    );
    let out = step(&mut stream, Input::Verified(Ok("2001".to_owned())));
    assert_eq!(text_of(&out, "success"), "");

    // Somebody else's token does not open an account.
    let mut stream = waiting();
    step(&mut stream, bearer("2002@desk.test"));
    let out = step(&mut stream, Input::Verified(Ok("2001".to_owned())));
    assert_eq!(refused_with(&out), "invalid-authzid");

    // A refused one is explained first (RFC 7628, 3.2.2).
    let mut stream = waiting();
    step(&mut stream, bearer(""));
    let out = step(&mut stream, Input::Verified(Err(Failure::NotAuthorized)));
    assert_eq!(
        text_of(&out, "challenge"),
        tact_xmpp::sasl::bearer::refusal()
    );
    let out = step(&mut stream, response("AQ=="));
    assert_eq!(refused_with(&out), "not-authorized");
}

#[test]
fn what_is_not_offered_is_not_taken() {
    let mut security = OPEN;
    security.mechanisms = &[Mechanism::Plain];
    let mut stream = machine(Transport::WebSocket, security);
    let features = open(&mut stream, Transport::WebSocket);
    let features = format!("{features:?}");
    assert!(
        features.contains("PLAIN") && !features.contains("SCRAM"),
        "{features}"
    );
    let out = step(&mut stream, auth(Mechanism::Scram(Hash::Sha1), "biws"));
    assert_eq!(refused_with(&out), "invalid-mechanism");
}
