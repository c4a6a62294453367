//! The notification service over real sockets, with clients written by hand.

mod authenticate;
mod bosh;
mod events;
mod flood;
mod neighbours;
mod publish;
mod tcp;
mod websocket;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tact_server::auth::{AuthError, Principal};
use tact_server::notify::{Access, Answered, Authenticator, Config, Journal, Notify, Presence};
use tact_xmpp::element::Element;
use tact_xmpp::ns;
use tact_xmpp::sasl::Plain;
use tact_xmpp::sasl::scram::{Hash, Keys};
use tact_xmpp::stream::Credential;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const NODE: &str = "/finesse/api/User/2001";

/// Everybody's password and token is the own name.
struct SameAsName;

impl Authenticator for SameAsName {
    fn keys(&self, user: String, hash: Hash, _: Option<IpAddr>) -> Answered<Keys> {
        let keys = Keys::derive(hash, &user, vec![7; 16], NonZeroU32::MIN);
        Box::pin(async move { Ok(keys) })
    }

    fn verify(
        &self,
        user: String,
        credential: Credential,
        _: Option<IpAddr>,
    ) -> Answered<Principal> {
        let who = match credential {
            Credential::Password(password) => Some(password).filter(|password| *password == user),
            Credential::Token(token) => Some(token).filter(|token| *token != "wrong"),
            Credential::Proof(right) => Some(user).filter(|_| right),
        };
        Box::pin(async move {
            let who = who.ok_or(AuthError::Refused)?;
            Ok(Principal {
                supervisor: who == "2100",
                administrator: false,
                publisher: who == "pub0",
                id: Arc::from(who),
            })
        })
    }
}

/// A running service.
pub(crate) struct Service {
    pub(crate) notify: Notify,
    pub(crate) lines: Arc<Mutex<Vec<String>>>,
    pub(crate) presence: Arc<Mutex<Vec<Presence>>>,
    pub(crate) http: std::net::SocketAddr,
    pub(crate) tcp: std::net::SocketAddr,
    pub(crate) tls: std::net::SocketAddr,
    pub(crate) certificate: rustls::pki_types::CertificateDer<'static>,
    _stop: tokio_util::sync::DropGuard,
}

impl Service {
    pub(crate) async fn start(adjust: impl FnOnce(&mut Config)) -> Service {
        let access = Arc::new(|who: &Principal, node: &str| {
            let own = format!("/finesse/api/User/{}", who.id);
            let team = node.starts_with("/finesse/api/Team/5000/") && who.supervisor;
            if team || node.starts_with(&own) || node == "/finesse/api/SystemInfo" {
                Access::Allowed
            } else if node.starts_with("/finesse/api/") {
                Access::Forbidden
            } else {
                Access::NoSuchNode
            }
        });
        let mut config = Config::new("Desk.Test", access);
        adjust(&mut config);
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let presence: Arc<Mutex<Vec<Presence>>> = Arc::default();
        let line = {
            let lines = Arc::clone(&lines);
            Arc::new(move |level: &str, class: &str, text: &str| {
                lines
                    .lock()
                    .unwrap()
                    .push(format!("{level} {class} {text}"));
            })
        };
        let wire = {
            let lines = Arc::clone(&lines);
            Arc::new(move |inbound: bool, text: &str| {
                let arrow = if inbound { ">>" } else { "<<" };
                lines.lock().unwrap().push(format!("{arrow} {text}"));
            })
        };
        let sink = {
            let presence = Arc::clone(&presence);
            Arc::new(move |change| presence.lock().unwrap().push(change))
        };
        let journal = Journal::new(line, Some(wire));
        let notify = Notify::with_authenticator(config, Arc::new(SameAsName), journal, sink);
        let stop = CancellationToken::new();

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let http = listener.local_addr().unwrap();
        let cors = tact_server::cors::Cors::any();
        let events = tact_server::events::routes(notify.clone(), Arc::new(SameAsName), cors);
        let routes = notify.routes().merge(events);
        tokio::spawn(async move { axum::serve(listener, routes).await });

        let key = rcgen::generate_simple_self_signed(["desk.test".to_owned()]).unwrap();
        let certificate = key.cert.der().clone();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.clone()],
                rustls::pki_types::PrivatePkcs8KeyDer::from(key.signing_key.serialize_der()).into(),
            )
            .unwrap();
        let config = Arc::new(config);
        let mut addresses = Vec::new();
        for direct in [false, true] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            addresses.push(listener.local_addr().unwrap());
            let (notify, config, stop) = (notify.clone(), Arc::clone(&config), stop.clone());
            tokio::spawn(async move { notify.serve_tcp(listener, config, direct, stop).await });
        }
        Service {
            notify,
            lines,
            presence,
            http,
            tcp: addresses[0],
            tls: addresses[1],
            certificate,
            _stop: stop.drop_guard(),
        }
    }

    pub(crate) fn publish(&self, node: &str, update: &str) {
        let fields = || format!("\"node\":\"{node}\",\"length\":{}", update.len());
        self.notify.publish(node, update, &fields);
    }

    /// Waits until a line of the log contains this.
    pub(crate) async fn line(&self, part: &str) {
        until(part, || {
            self.lines
                .lock()
                .unwrap()
                .iter()
                .any(|line| line.contains(part))
        })
        .await;
    }

    pub(crate) fn count(&self, part: &str) -> usize {
        let lines = self.lines.lock().unwrap();
        lines.iter().filter(|line| line.contains(part)).count()
    }

    /// Waits until a presence change like this was reported.
    pub(crate) async fn presence(&self, jid: &str, available: bool, last: bool) {
        until(jid, || {
            let seen = self.presence.lock().unwrap();
            seen.iter()
                .any(|p| p.jid == jid && p.available == available && p.last == last)
        })
        .await;
    }
}

/// Waits for a condition.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
        panic!("waited in vain for {what}");
    }
}

pub(crate) fn auth(user: &str, password: &str) -> String {
    let plain = Plain {
        authzid: format!("{user}@another.name"),
        user: user.to_owned(),
        password: password.to_owned(),
    };
    format!(
        "<auth xmlns='{}' mechanism='PLAIN'>{}</auth>",
        ns::SASL,
        plain.encode()
    )
}

pub(crate) fn bind(resource: &str) -> String {
    format!(
        "<iq type='set' id='bind1' xmlns='jabber:client'><bind xmlns='{}'><resource>{resource}</resource></bind></iq>",
        ns::BIND
    )
}

pub(crate) const PRESENCE: &str =
    "<presence xmlns='jabber:client'><priority>0</priority></presence>";

/// The node and the document of an event.
pub(crate) fn event(message: &Element) -> Option<(String, String)> {
    let event = tact_xmpp::event::received(message).pop()?;
    Some((event.node, event.payload))
}
