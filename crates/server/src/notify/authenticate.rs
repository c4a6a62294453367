//! Who a client is: what the stream machine asks, and who answers.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use tact_xmpp::sasl::Failure;
use tact_xmpp::sasl::scram::{Hash, Keys};
use tact_xmpp::stream::Credential;

use crate::auth::{AuthError, Credentials, Door, Principal};

/// The name under which credentials are verified, for the realm log.
const THREAD: &str = "notification";

fn door(from: Option<IpAddr>) -> Door<'static> {
    Door {
        thread: THREAD,
        address: from,
    }
}

/// An answer that takes its time.
pub type Answered<T> = Pin<Box<dyn Future<Output = Result<T, AuthError>> + Send>>;

/// Knows the users of the notification service.
pub trait Authenticator: Send + Sync {
    /// The SCRAM keys of a user; of one who does not exist invented ones.
    fn keys(&self, user: String, hash: Hash, from: Option<IpAddr>) -> Answered<Keys>;
    /// Who a user is, if the credential is the user's. `from` is the client's address.
    fn verify(
        &self,
        user: String,
        credential: Credential,
        from: Option<IpAddr>,
    ) -> Answered<Principal>;
}

impl Authenticator for Credentials {
    fn keys(&self, user: String, hash: Hash, from: Option<IpAddr>) -> Answered<Keys> {
        let credentials = self.clone();
        Box::pin(async move { credentials.keys(&user, hash, door(from)).await })
    }

    fn verify(
        &self,
        user: String,
        credential: Credential,
        from: Option<IpAddr>,
    ) -> Answered<Principal> {
        let credentials = self.clone();
        Box::pin(async move {
            match credential {
                Credential::Password(password) => {
                    credentials.verify(&user, &password, door(from)).await
                }
                Credential::Token(token) => {
                    let user = Some(user.as_str()).filter(|user| !user.is_empty());
                    credentials.bearer(user, &token, door(from)).await
                }
                Credential::Proof(right) => credentials.proved(&user, right, door(from)),
            }
        })
    }
}

/// What a stream waits for.
#[derive(Debug)]
pub(super) enum Question {
    /// A user's keys.
    Keys { user: String, hash: Hash },
    /// Who it is.
    Credential {
        user: String,
        credential: Credential,
    },
}

/// What the stream is told.
pub(super) enum Answer {
    Keys(Result<Keys, AuthError>),
    Credential(Result<Principal, AuthError>),
}

impl Question {
    /// Asks.
    pub(super) async fn put_to(
        self,
        authenticator: &dyn Authenticator,
        from: Option<IpAddr>,
    ) -> Answer {
        match self {
            Question::Keys { user, hash } => {
                Answer::Keys(authenticator.keys(user, hash, from).await)
            }
            Question::Credential { user, credential } => {
                Answer::Credential(authenticator.verify(user, credential, from).await)
            }
        }
    }
}

/// What a client is told of a refusal.
pub(super) fn failure(error: &AuthError) -> Failure {
    match error {
        AuthError::Refused | AuthError::Locked(_) => Failure::NotAuthorized,
        AuthError::Unavailable => Failure::TemporaryAuthFailure,
    }
}
