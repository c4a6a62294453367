//! The server's side of one stream, the same for every transport: header, features, SASL, restart, bind, stanzas, end
//! (RFC 6120, 4 to 8). It knows no socket; what needs somebody else (verify, bind, subscriptions) goes out as a value and
//! comes back as an input.

mod authenticate;

use std::sync::Arc;

use crate::element::{Element, Scope, declare};
use crate::error::StreamCondition;
use crate::jid::Jid;
use crate::pubsub::{Refusal, Request};
use crate::query::{self, Answer, Names};
use crate::sasl::scram::{Challenge, First, Hash, Keys};
use crate::sasl::{Failure, Mechanism};
use crate::stanza::{Iq, Presence};
use crate::{ns, websocket};

/// Failed attempts that one stream allows; the last one ends it.
pub const MAX_SASL_ATTEMPTS: u8 = 3;

/// How the stream travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// HTTP long polling.
    Bosh,
    /// WebSocket.
    WebSocket,
    /// TCP, plain or TLS.
    Tcp,
}

/// What may travel on this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Security {
    /// True when STARTTLS is to be offered: TCP without TLS.
    pub offer_tls: bool,
    /// True when a client may authenticate as things are; otherwise TLS comes first.
    pub may_authenticate: bool,
    /// How, the strongest first.
    pub mechanisms: &'static [Mechanism],
}

/// What a client shows to be who it says.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// A password, or a token in its place.
    Password(String),
    /// A token. The user may be empty: the token says who it is.
    Token(String),
    /// Whether the client proved that it knows the password that the keys are of.
    Proof(bool),
}

impl std::fmt::Debug for Credential {
    /// Without passwords and tokens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Credential::Password(_) => f.write_str("Password"),
            Credential::Token(_) => f.write_str("Token"),
            Credential::Proof(right) => write!(f, "Proof({right})"),
        }
    }
}

/// What happens to the stream.
#[derive(Debug)]
pub enum Input {
    /// The client opened or restarted the stream. On BOSH the creation body and the restart stand for the header.
    Open {
        /// The header; `None` on BOSH.
        header: Option<Element>,
        /// A fresh, unpredictable stream id.
        id: String,
    },
    /// A top-level element.
    Element(Element),
    /// The answer to [`Output::Keys`].
    Keys {
        /// The keys of the user. Of one who does not exist there are some, too: nobody learns here who does.
        keys: Result<Keys, Failure>,
        /// The server's part of the nonce: unpredictable, printable, no comma.
        nonce: String,
    },
    /// The answer to [`Output::Authenticate`]: the user's id.
    Verified(Result<String, Failure>),
    /// The answer to [`Output::Bind`]: the resource, or why not.
    Bound(Result<String, crate::error::StanzaCondition>),
    /// The answer to [`Output::PubSub`].
    PubSub(Iq, Result<Option<Element>, Refusal>),
    /// TLS is established: everything begins again.
    Encrypted,
    /// The client ended the stream.
    Close,
    /// The server ends the stream.
    Fail(StreamCondition),
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Send this text, as one write or message.
    Send(String),
    /// Fetch a user's SCRAM keys; nothing else is taken until the answer.
    Keys {
        /// The user as given.
        user: String,
        /// Of which mechanism.
        hash: Hash,
    },
    /// Verify a credential; nothing else is taken until the answer.
    Authenticate {
        /// The user as given.
        user: String,
        /// What the client shows.
        credential: Credential,
    },
    /// `<proceed/>` is among what is sent; then TLS begins. Bytes that came behind `<starttls/>` are refused.
    StartTls,
    /// A new header follows; what was read stays valid, the parser does not.
    Restart,
    /// Register the session under this resource, or one of the server's choice.
    Bind {
        /// The resource that the client asked for.
        resource: Option<String>,
    },
    /// The client's presence.
    Presence(Presence),
    /// Ask who knows the subscriptions.
    PubSub(Iq, Request),
    /// The stream is over; what explains it has been sent.
    End {
        /// The stream error; `None` when the client ended it.
        condition: Option<StreamCondition>,
    },
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// No header yet, or a restart is due.
    AwaitOpen,
    /// Features are sent: SASL or STARTTLS next.
    Negotiate,
    /// `<auth/>` came without data.
    AwaitResponse(Mechanism),
    /// SCRAM keys are being fetched.
    AwaitKeys(First),
    /// A SCRAM challenge was sent.
    AwaitProof {
        user: String,
        authzid: String,
        challenge: Challenge,
    },
    /// A credential is being verified.
    Verify {
        user: String,
        authzid: String,
        /// What a success or a refusal still carries.
        last: Last,
    },
    /// A refused token's owner was told why, and acknowledges it.
    AwaitRegret,
    /// STARTTLS is agreed.
    AwaitTls,
    /// Authenticated, features sent.
    AwaitBind,
    /// A bind is being registered: the iq to answer.
    Bind { iq: Iq },
    /// Stanzas flow.
    Online,
    /// Over.
    Ended,
}

/// What the end of an authentication carries.
#[derive(Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    /// The proof of a SCRAM server, in the success.
    Proof(String),
    /// A reason before the failure: OAUTHBEARER.
    Reason,
}

/// One stream.
#[derive(Debug)]
pub struct Stream {
    names: Arc<Names>,
    transport: Transport,
    security: Security,
    state: State,
    /// True once a header of ours was sent since the last (re)start.
    header_sent: bool,
    failures: u8,
    /// Bare after SASL, full after bind.
    jid: Option<Jid>,
}

impl Stream {
    /// A stream that waits for its header.
    pub fn new(names: Arc<Names>, transport: Transport, security: Security) -> Stream {
        Stream {
            names,
            transport,
            security,
            state: State::AwaitOpen,
            header_sent: false,
            failures: 0,
            jid: None,
        }
    }

    /// The user's address: bare after SASL, full after bind.
    pub fn jid(&self) -> Option<&Jid> {
        self.jid.as_ref()
    }

    /// True after SASL.
    pub fn is_authenticated(&self) -> bool {
        self.jid.is_some()
    }

    /// True after bind, until the end.
    pub fn is_online(&self) -> bool {
        self.state == State::Online
    }

    /// Takes one input; what is to be done is appended to `out`, in order.
    pub fn handle(&mut self, input: Input, out: &mut Vec<Output>) {
        if self.state == State::Ended {
            return;
        }
        match input {
            Input::Open { header, id } => self.open(header.as_ref(), &id, out),
            Input::Element(element) => self.element(element, out),
            Input::Keys { keys, nonce } => self.challenge(keys, &nonce, out),
            Input::Verified(result) => self.verified(result, out),
            Input::Bound(result) => self.bound(result, out),
            Input::PubSub(iq, result) => {
                let to = self.jid.as_ref().map(Jid::to_string).unwrap_or_default();
                out.push(Output::Send(match result {
                    Ok(payload) => iq.result(payload, &to),
                    Err(refusal) => iq.error(refusal.condition, refusal.pubsub, &to),
                }));
            }
            Input::Encrypted => {
                self.security.offer_tls = false;
                self.security.may_authenticate = true;
                self.state = State::AwaitOpen;
                self.header_sent = false;
            }
            Input::Close => {
                self.send_end(out);
                self.end(None, out);
            }
            Input::Fail(condition) => self.fail(condition, out),
        }
    }

    fn open(&mut self, header: Option<&Element>, id: &str, out: &mut Vec<Output>) {
        if self.state != State::AwaitOpen {
            return self.fail(StreamCondition::InvalidNamespace, out);
        }
        self.send_header(id, out);
        if let Some(header) = header {
            let right = match self.transport {
                Transport::WebSocket => header.is("open", ns::FRAMING),
                Transport::Tcp | Transport::Bosh => header.is("stream", ns::STREAMS),
            };
            if !right {
                return self.fail(StreamCondition::InvalidNamespace, out);
            }
            // A missing version is taken as 1.0: some clients send none.
            let version = header.attribute("version").unwrap_or("1.0");
            if version.split('.').next() != Some("1") {
                return self.fail(StreamCondition::UnsupportedVersion, out);
            }
        }
        // Any `to` is accepted: real clients send a host's address or a part of its name (client-facts.md 1.2).
        self.state = if self.is_authenticated() {
            State::AwaitBind
        } else {
            State::Negotiate
        };
        let features = self.features();
        let mut text = String::new();
        features.write(self.scope(), &mut text);
        out.push(Output::Send(text));
    }

    fn features(&self) -> Element {
        let mut features = Element::new("features", ns::STREAMS);
        if self.is_authenticated() {
            return features
                .with_child(Element::new("bind", ns::BIND))
                .with_child(
                    Element::new("session", ns::SESSION)
                        .with_child(Element::new("optional", ns::SESSION)),
                );
        }
        if self.security.offer_tls {
            let mut starttls = Element::new("starttls", ns::TLS);
            if !self.security.may_authenticate {
                starttls = starttls.with_child(Element::new("required", ns::TLS));
            }
            features = features.with_child(starttls);
        }
        if self.security.may_authenticate {
            let mut mechanisms = Element::new("mechanisms", ns::SASL);
            for mechanism in self.security.mechanisms {
                let name = Element::new("mechanism", ns::SASL).with_text(mechanism.name());
                mechanisms = mechanisms.with_child(name);
            }
            features = features.with_child(mechanisms);
        }
        features
    }

    fn element(&mut self, mut element: Element, out: &mut Vec<Output>) {
        // A WebSocket message that forgot its namespace can only mean a stanza.
        element.move_namespace("", ns::CLIENT);
        match &self.state {
            State::AwaitOpen
            | State::AwaitTls
            | State::AwaitKeys(_)
            | State::Verify { .. }
            | State::Bind { .. } => self.fail(StreamCondition::NotAuthorized, out),
            State::Negotiate
            | State::AwaitResponse(_)
            | State::AwaitProof { .. }
            | State::AwaitRegret => self.negotiate(&element, out),
            State::AwaitBind => self.bind(&element, out),
            State::Online => self.stanza(&element, out),
            State::Ended => {}
        }
    }

    fn negotiate(&mut self, element: &Element, out: &mut Vec<Output>) {
        match (element.name.as_str(), element.ns.as_ref()) {
            ("starttls", ns::TLS) if self.security.offer_tls => {
                out.push(Output::Send(Element::new("proceed", ns::TLS).to_xml()));
                out.push(Output::StartTls);
                self.state = State::AwaitTls;
            }
            ("auth", ns::SASL) => self.auth(element, out),
            ("response", ns::SASL) if self.state != State::Negotiate => {
                self.response(&element.text(), out);
            }
            ("abort", ns::SASL) => self.refuse(Failure::Aborted, out),
            ("iq" | "message" | "presence", ns::CLIENT) => {
                self.fail(StreamCondition::NotAuthorized, out);
            }
            _ => self.fail(StreamCondition::UnsupportedStanzaType, out),
        }
    }

    fn bind(&mut self, element: &Element, out: &mut Vec<Output>) {
        if element.name != "iq" {
            return self.fail(StreamCondition::NotAuthorized, out);
        }
        let iq = match Iq::parse(element, "") {
            Ok(iq) => iq,
            Err(Some(reply)) => return out.push(Output::Send(reply)),
            Err(None) => return,
        };
        let Some(bind) = iq
            .payload
            .as_ref()
            .filter(|payload| payload.is("bind", ns::BIND))
        else {
            return self.fail(StreamCondition::NotAuthorized, out);
        };
        let resource = bind
            .child("resource", ns::BIND)
            .map(|resource| resource.text().trim().to_owned())
            .filter(|resource| !resource.is_empty());
        self.state = State::Bind { iq };
        out.push(Output::Bind { resource });
    }

    fn bound(
        &mut self,
        result: Result<String, crate::error::StanzaCondition>,
        out: &mut Vec<Output>,
    ) {
        let (State::Bind { iq }, Some(bare)) = (
            std::mem::replace(&mut self.state, State::AwaitBind),
            self.jid.as_ref(),
        ) else {
            return self.fail(StreamCondition::InternalServerError, out);
        };
        let full = result.and_then(|resource| {
            bare.with_resource(&resource)
                .map_err(|_| crate::error::StanzaCondition::BadRequest)
        });
        match full {
            Ok(full) => {
                let to = full.to_string();
                let bind = Element::new("bind", ns::BIND)
                    .with_child(Element::new("jid", ns::BIND).with_text(to.as_str()));
                out.push(Output::Send(iq.result(Some(bind), &to)));
                self.jid = Some(full);
                self.state = State::Online;
            }
            Err(condition) => out.push(Output::Send(iq.error(condition, None, ""))),
        }
    }

    fn stanza(&mut self, element: &Element, out: &mut Vec<Output>) {
        if element.ns != ns::CLIENT {
            return self.fail(StreamCondition::UnsupportedStanzaType, out);
        }
        let Some(own) = self.jid.clone() else {
            return self.fail(StreamCondition::InternalServerError, out);
        };
        if let Some(from) = element.attribute("from") {
            // The domain may be another name of ours; the user and the resource may not be others'.
            let fits = Jid::parse(from).is_ok_and(|from| {
                from.local() == own.local()
                    && (from.resource().is_none() || from.resource() == own.resource())
            });
            if !fits {
                return self.fail(StreamCondition::InvalidFrom, out);
            }
        }
        match element.name.as_str() {
            "iq" => match query::answer(element, &own, &self.names) {
                Answer::Reply(reply) => out.push(Output::Send(reply)),
                Answer::PubSub(iq, request) => out.push(Output::PubSub(iq, request)),
                Answer::Nothing => {}
            },
            "presence" => self.presence(element, &own, out),
            // No chat and no offline store: agents' messages to anybody are dropped.
            "message" => {}
            _ => self.fail(StreamCondition::UnsupportedStanzaType, out),
        }
    }

    /// Presence without an addressee concerns the server; with one, only the component that clients watch answers.
    fn presence(&self, element: &Element, own: &Jid, out: &mut Vec<Output>) {
        let presence = Presence::parse(element);
        match (element.attribute("to"), presence) {
            (None | Some(""), Presence::Available { .. } | Presence::Unavailable) => {
                out.push(Output::Presence(presence));
            }
            (Some(to), Presence::Asks { subscribe }) => {
                let component =
                    Jid::parse(to).is_ok_and(|to| to.bare().to_string() == self.names.component);
                if component {
                    let own = own.to_string();
                    if subscribe {
                        out.push(Output::Send(crate::stanza::presence(
                            &self.names.component,
                            &own,
                            Some("subscribed"),
                        )));
                    }
                    out.push(Output::Send(self.component_presence(&own)));
                }
            }
            _ => {}
        }
    }

    /// The presence of the server component, available as long as the server answers at all.
    pub fn component_presence(&self, to: &str) -> String {
        crate::stanza::presence(&self.names.component, to, None)
    }

    fn fail(&mut self, condition: StreamCondition, out: &mut Vec<Output>) {
        if !self.header_sent {
            self.send_header("0", out);
        }
        out.push(Output::Send(
            condition.to_xml(self.transport == Transport::Tcp),
        ));
        self.send_end(out);
        self.end(Some(condition), out);
    }

    fn end(&mut self, condition: Option<StreamCondition>, out: &mut Vec<Output>) {
        self.state = State::Ended;
        out.push(Output::End { condition });
    }

    /// Our header goes out before anything else, an error too. BOSH has none: its body carries what it says.
    fn send_header(&mut self, id: &str, out: &mut Vec<Output>) {
        self.header_sent = true;
        match self.transport {
            Transport::Bosh => {}
            Transport::WebSocket => out.push(Output::Send(websocket::open_response(
                &self.names.domain,
                id,
            ))),
            Transport::Tcp => out.push(Output::Send(header(&[
                ("from", &self.names.domain),
                ("id", id),
            ]))),
        }
    }

    fn send_end(&mut self, out: &mut Vec<Output>) {
        match self.transport {
            Transport::Bosh => {}
            Transport::WebSocket => out.push(Output::Send(websocket::close())),
            Transport::Tcp => {
                if !self.header_sent {
                    self.send_header("0", out);
                }
                out.push(Output::Send("</stream:stream>".to_owned()));
            }
        }
    }

    fn scope(&self) -> Scope<'static> {
        match self.transport {
            Transport::Tcp => Scope::STREAM,
            Transport::Bosh | Transport::WebSocket => Scope::NONE,
        }
    }
}

/// A TCP stream's header with these attributes, for either side.
pub fn header(attributes: &[(&str, &str)]) -> String {
    let mut text = String::from("<?xml version='1.0' encoding='UTF-8'?><stream:stream");
    declare("xmlns:stream", ns::STREAMS, &mut text);
    declare("xmlns", ns::CLIENT, &mut text);
    for (name, value) in attributes {
        declare(name, value, &mut text);
    }
    text.push_str(" xml:lang=\"en\" version=\"1.0\">");
    text
}
