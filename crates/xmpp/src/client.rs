//! A client's sign-in on the stream, the same over every transport: features, STARTTLS where offered and wanted, SASL
//! PLAIN, restart, bind, presence. The transport opens and reopens the stream when told.

use crate::element::Element;
use crate::ns;
use crate::sasl::Plain;

/// Who signs in.
#[derive(Debug, Clone)]
pub struct Account {
    /// User name.
    pub user: String,
    /// Password or token.
    pub password: String,
    /// The resource to ask for.
    pub resource: String,
}

/// What the transport has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this stanza; over BOSH inside a body.
    Send(String),
    /// Begin TLS, then open the stream again.
    StartTls,
    /// Open the stream again: header, `<open/>` or a body with `xmpp:restart`.
    Reopen,
    /// Bound, and presence is sent: the full JID. Events may come from now on.
    Online(String),
    /// The sign-in failed; what the server said.
    Failed(String),
    /// A stanza that is not part of the sign-in.
    Stanza(Element),
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Features,
    Tls,
    Auth,
    Bind,
    Online,
}

/// One sign-in.
#[derive(Debug)]
pub struct Client {
    account: Account,
    /// True to use STARTTLS when it is offered.
    starttls: bool,
    authenticated: bool,
    state: State,
}

impl Client {
    /// A client whose stream has been opened.
    pub fn new(account: Account, starttls: bool) -> Client {
        Client {
            account,
            starttls,
            authenticated: false,
            state: State::Features,
        }
    }

    /// Takes a top-level element from the server.
    pub fn handle(&mut self, element: Element) -> Vec<Step> {
        if element.is("error", ns::STREAMS) {
            return vec![Step::Failed(reason(&element))];
        }
        match (&self.state, element.name.as_str(), element.ns.as_ref()) {
            (State::Features, "features", ns::STREAMS) => self.features(&element),
            (State::Tls, "proceed", ns::TLS) => {
                self.starttls = false;
                self.state = State::Features;
                vec![Step::StartTls]
            }
            (State::Auth, "success", ns::SASL) => {
                self.authenticated = true;
                self.state = State::Features;
                vec![Step::Reopen]
            }
            (State::Auth | State::Tls, "failure", _) => vec![Step::Failed(reason(&element))],
            (State::Bind, "iq", ns::CLIENT) => self.bound(&element),
            _ => vec![Step::Stanza(element)],
        }
    }

    fn features(&mut self, features: &Element) -> Vec<Step> {
        if self.authenticated {
            self.state = State::Bind;
            let bind = Element::new("bind", ns::BIND).with_child(
                Element::new("resource", ns::BIND).with_text(self.account.resource.as_str()),
            );
            let iq = Element::new("iq", ns::CLIENT)
                .with_attribute("type", "set")
                .with_attribute("id", "bind")
                .with_child(bind);
            return vec![Step::Send(iq.to_xml())];
        }
        if self.starttls && features.child("starttls", ns::TLS).is_some() {
            self.state = State::Tls;
            return vec![Step::Send(Element::new("starttls", ns::TLS).to_xml())];
        }
        let plain = features
            .child("mechanisms", ns::SASL)
            .is_some_and(|list| list.children().any(|mechanism| mechanism.text() == "PLAIN"));
        if !plain {
            return vec![Step::Failed("the server does not offer PLAIN".to_owned())];
        }
        self.state = State::Auth;
        let plain = Plain {
            authzid: String::new(),
            user: self.account.user.clone(),
            password: self.account.password.clone(),
        };
        let auth = Element::new("auth", ns::SASL)
            .with_attribute("mechanism", "PLAIN")
            .with_text(plain.encode());
        vec![Step::Send(auth.to_xml())]
    }

    fn bound(&mut self, iq: &Element) -> Vec<Step> {
        let jid = iq
            .child("bind", ns::BIND)
            .and_then(|bind| bind.child("jid", ns::BIND))
            .map(|jid| jid.text().into_owned());
        match jid {
            Some(jid) if iq.attribute("type") == Some("result") => {
                self.state = State::Online;
                vec![
                    Step::Send(Element::new("presence", ns::CLIENT).to_xml()),
                    Step::Online(jid),
                ]
            }
            _ => vec![Step::Failed(reason(iq))],
        }
    }
}

/// The payload of an event message: the node and the `<Update>` document.
pub fn event(message: &Element) -> Option<(String, String)> {
    let items = message
        .child("event", ns::PUBSUB_EVENT)?
        .child("items", ns::PUBSUB_EVENT)?;
    let notification = items
        .child("item", ns::PUBSUB_EVENT)?
        .child("notification", ns::PUBSUB)?;
    Some((
        items.attribute("node")?.to_owned(),
        notification.text().into_owned(),
    ))
}

/// The condition's name: the first child, of an `<error/>` where there is one.
fn reason(element: &Element) -> String {
    let inner = element
        .children()
        .find(|child| child.name == "error")
        .unwrap_or(element);
    inner
        .children()
        .next()
        .map_or_else(|| inner.name.clone(), |condition| condition.name.clone())
}
