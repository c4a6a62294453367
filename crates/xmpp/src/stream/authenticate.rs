//! SASL in a stream (RFC 6120, 6): the exchange of each mechanism, up to the success that restarts the stream.

use super::{Credential, Last, MAX_SASL_ATTEMPTS, Output, State, Stream};
use crate::element::Element;
use crate::error::StreamCondition;
use crate::jid::Jid;
use crate::ns;
use crate::sasl::scram::{First, Keys};
use crate::sasl::{self, Bearer, Failure, Mechanism, Plain};

impl Stream {
    pub(super) fn auth(&mut self, element: &Element, out: &mut Vec<Output>) {
        let mechanism = element
            .attribute("mechanism")
            .and_then(Mechanism::named)
            .filter(|mechanism| self.security.mechanisms.contains(mechanism));
        let Some(mechanism) = mechanism else {
            return self.refuse(Failure::InvalidMechanism, out);
        };
        if !self.security.may_authenticate {
            return self.refuse(Failure::EncryptionRequired, out);
        }
        let text = element.text();
        match text.trim() {
            "" => {
                out.push(Output::Send(Element::new("challenge", ns::SASL).to_xml()));
                self.state = State::AwaitResponse(mechanism);
            }
            // An empty initial response, which none of the mechanisms has.
            "=" => self.refuse(Failure::MalformedRequest, out),
            data => self.initial(mechanism, data, out),
        }
    }

    pub(super) fn response(&mut self, data: &str, out: &mut Vec<Output>) {
        match std::mem::replace(&mut self.state, State::Negotiate) {
            State::AwaitResponse(mechanism) => self.initial(mechanism, data, out),
            State::AwaitProof {
                user,
                authzid,
                challenge,
            } => match challenge.check(data) {
                Ok(proof) => {
                    let credential = Credential::Proof(true);
                    self.verify(user, authzid, credential, Last::Proof(proof), out);
                }
                // Somebody counts the failures.
                Err(Failure::NotAuthorized) => {
                    let credential = Credential::Proof(false);
                    self.verify(user, authzid, credential, Last::Nothing, out);
                }
                Err(failure) => self.refuse(failure, out),
            },
            State::AwaitRegret => self.refuse(Failure::NotAuthorized, out),
            _ => self.refuse(Failure::MalformedRequest, out),
        }
    }

    /// The client's first message of a mechanism.
    fn initial(&mut self, mechanism: Mechanism, data: &str, out: &mut Vec<Output>) {
        match mechanism {
            Mechanism::Plain => match Plain::decode(data) {
                Ok(plain) => {
                    let credential = Credential::Password(plain.password);
                    self.verify(plain.user, plain.authzid, credential, Last::Nothing, out);
                }
                Err(failure) => self.refuse(failure, out),
            },
            Mechanism::Bearer => match Bearer::decode(data) {
                Ok(bearer) => {
                    let user = local(&bearer.authzid).to_owned();
                    let credential = Credential::Token(bearer.token);
                    self.verify(user, bearer.authzid, credential, Last::Reason, out);
                }
                Err(failure) => self.refuse(failure, out),
            },
            Mechanism::Scram(hash) => match First::decode(hash, data) {
                Ok(first) => {
                    let user = first.user.clone();
                    self.state = State::AwaitKeys(first);
                    out.push(Output::Keys { user, hash });
                }
                Err(failure) => self.refuse(failure, out),
            },
        }
    }

    pub(super) fn challenge(
        &mut self,
        keys: Result<Keys, Failure>,
        nonce: &str,
        out: &mut Vec<Output>,
    ) {
        let State::AwaitKeys(first) = std::mem::replace(&mut self.state, State::Negotiate) else {
            return self.fail(StreamCondition::InternalServerError, out);
        };
        let keys = match keys {
            Ok(keys) => keys,
            Err(failure) => return self.refuse(failure, out),
        };
        let (user, authzid) = (first.user.clone(), first.authzid.clone());
        let (text, challenge) = first.challenge(keys, nonce);
        let challenge_element = Element::new("challenge", ns::SASL).with_text(text);
        out.push(Output::Send(challenge_element.to_xml()));
        self.state = State::AwaitProof {
            user,
            authzid,
            challenge,
        };
    }

    fn verify(
        &mut self,
        user: String,
        authzid: String,
        credential: Credential,
        last: Last,
        out: &mut Vec<Output>,
    ) {
        self.state = State::Verify {
            user: user.clone(),
            authzid,
            last,
        };
        out.push(Output::Authenticate { user, credential });
    }

    pub(super) fn verified(&mut self, result: Result<String, Failure>, out: &mut Vec<Output>) {
        let State::Verify {
            user,
            authzid,
            last,
        } = std::mem::replace(&mut self.state, State::Negotiate)
        else {
            return self.fail(StreamCondition::InternalServerError, out);
        };
        let jid = match result {
            Ok(id) => {
                // The domain of the identity may be any name that the client knows the server by. The name that came
                // with a token is the identity itself, and proves nothing.
                let named = Some(&user).filter(|_| last != Last::Reason);
                let own = named
                    .into_iter()
                    .chain([&id])
                    .any(|own| own.eq_ignore_ascii_case(local(&authzid)));
                if !authzid.is_empty() && !own {
                    return self.refuse(Failure::InvalidAuthzid, out);
                }
                match Jid::user(&id, &self.names.domain) {
                    Ok(jid) => jid,
                    Err(_) => return self.refuse(Failure::NotAuthorized, out),
                }
            }
            Err(Failure::NotAuthorized) if last == Last::Reason => {
                let reason = Element::new("challenge", ns::SASL).with_text(sasl::bearer::refusal());
                out.push(Output::Send(reason.to_xml()));
                self.state = State::AwaitRegret;
                return;
            }
            Err(failure) => return self.refuse(failure, out),
        };
        self.jid = Some(jid);
        self.state = State::AwaitOpen;
        self.header_sent = false;
        let mut success = Element::new("success", ns::SASL);
        if let Last::Proof(proof) = last {
            success = success.with_text(proof);
        }
        out.push(Output::Send(success.to_xml()));
        out.push(Output::Restart);
    }

    pub(super) fn refuse(&mut self, failure: Failure, out: &mut Vec<Output>) {
        self.state = State::Negotiate;
        let refusal =
            Element::new("failure", ns::SASL).with_child(Element::new(failure.name(), ns::SASL));
        out.push(Output::Send(refusal.to_xml()));
        self.failures = self.failures.saturating_add(1);
        if self.failures >= MAX_SASL_ATTEMPTS {
            self.fail(StreamCondition::PolicyViolation, out);
        }
    }
}

/// The part of an address before its domain.
fn local(address: &str) -> &str {
    address.split('@').next().unwrap_or_default()
}
