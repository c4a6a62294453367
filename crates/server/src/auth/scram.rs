//! SCRAM: keys in place of passwords, for clients that prove a password without sending it.
//!
//! A user's keys come into being when the password is set, or verified in another way for the first time; the demo centre's
//! initial passwords are known, so their keys are derived as they are asked for. Names that nobody has get invented keys,
//! which look like others. Only a user whose hash came from elsewhere and who has never signed in since has none, and is
//! told to come back.

use std::num::NonZeroU32;

use ring::hmac;
use tact_xmpp::sasl::scram::{Hash, Keys};

use super::credentials::{Credentials, Inner, Subject, not_locked};
use super::secret::Secret;
use super::{AuthError, Door, Principal};
use crate::store::INITIAL_PASSWORD;

/// Rounds of key derivation for clients that know SHA-256: some milliseconds of a client's time at each sign-in.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(10_000).expect("not zero");
/// The least that RFC 5802 allows, for clients that know no better than SHA-1: some of them derive in plain script, at
/// a fifth of a millisecond a round, and give up a sign-in after two seconds.
const ITERATIONS_SHA1: NonZeroU32 = NonZeroU32::new(4096).expect("not zero");
/// Bytes of a salt.
const SALT_LEN: usize = 16;

impl Credentials {
    /// The keys of `user` (an id or a login name).
    ///
    /// # Errors
    /// `Unavailable` when there are none yet, as the user has never signed in with the password, or no database answers.
    pub async fn keys(
        &self,
        user: &str,
        hash: Hash,
        door: impl Into<Door<'_>>,
    ) -> Result<Keys, AuthError> {
        let door = door.into();
        self.inner.may_try(door)?;
        let subject = self.inner.subject(user);
        if subject.principal.is_none() {
            return Ok(self.inner.invented(hash, &subject.name));
        }
        self.inner.keys(&subject, hash, door.thread).await
    }

    /// What follows from a proof: who it is, or a failure that counts like a wrong password.
    pub fn proved<'a>(
        &self,
        user: &str,
        right: bool,
        door: impl Into<Door<'a>>,
    ) -> Result<Principal, AuthError> {
        let door = door.into();
        let subject = self.inner.subject(user);
        let outcome = self.inner.counted(&subject, right, door.thread);
        self.inner.told(outcome, subject, door)
    }
}

impl Inner {
    async fn keys(&self, subject: &Subject, hash: Hash, thread: &str) -> Result<Keys, AuthError> {
        let now = (self.clock)();
        if let Some(keys) = self.memory().keys(hash).get(&subject.name, now) {
            return Ok(keys.clone());
        }
        if let Some(publisher) = self.publisher(&subject.name) {
            let keys = derive(hash, publisher.secret().clone()).await?;
            self.memory()
                .keys(hash)
                .insert(&subject.name, keys.clone(), now);
            return Ok(keys);
        }
        let changes = self.changes();
        let failed = |error| self.unavailable(&error);
        let name = &subject.name;
        let kept = self.store.scram_keys(name, hash).await.map_err(failed)?;
        let keys = match kept {
            Some(keys) => keys,
            None => {
                let form = self.store.password(name).await.map_err(failed)?;
                if form.as_deref() != Some(INITIAL_PASSWORD) {
                    self.log(
                        thread,
                        "WARN",
                        "No SCRAM keys before a sign-in by password",
                        name,
                    );
                    return Err(AuthError::Unavailable);
                }
                derive(hash, Secret::new(name)).await?
            }
        };
        let mut memory = self.memory();
        if self.changes() == changes {
            memory.keys(hash).insert(name, keys.clone(), now);
        }
        Ok(keys)
    }

    /// Derives and keeps the keys of a password that was just found right, unless that is done.
    pub(super) async fn keep_keys(&self, name: &str, password: &Secret, form: &str) {
        for hash in [Hash::Sha256, Hash::Sha1] {
            match self.store.scram_keys(name, hash).await {
                Ok(None) => {}
                Ok(Some(_)) | Err(_) => continue,
            }
            let Ok(keys) = derive(hash, password.clone()).await else {
                return;
            };
            if let Err(error) = self.store.put_scram_keys(name, form, &keys).await {
                tracing::warn!(%error, "SCRAM keys could not be stored");
            }
        }
    }

    /// A check that needed no work: a success forgets the failures, a failure counts.
    pub(super) fn counted(
        &self,
        subject: &Subject,
        right: bool,
        thread: &str,
    ) -> Result<(), AuthError> {
        let now = (self.clock)();
        let mut memory = self.memory();
        not_locked(memory.lockout(subject), &subject.name, now)?;
        if right && subject.principal.is_some() {
            memory.lockout(subject).succeeded(&subject.name);
            return Ok(());
        }
        Err(self.failed(memory, subject, now, thread))
    }

    /// The same for the same name as long as the process runs.
    fn invented(&self, hash: Hash, name: &str) -> Keys {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.salt);
        let salt = hmac::sign(&key, format!("{} {name}", hash.mechanism()).as_bytes());
        let salt: Vec<u8> = salt.as_ref().iter().copied().take(SALT_LEN).collect();
        let mut password = [0; 32];
        // Without randomness this is a password that nobody has either.
        let _ = getrandom::fill(&mut password);
        let password = password.map(char::from).iter().collect::<String>();
        Keys {
            iterations: iterations(hash),
            ..Keys::derive(hash, &password, salt, NonZeroU32::MIN)
        }
    }
}

fn iterations(hash: Hash) -> NonZeroU32 {
    match hash {
        Hash::Sha256 => ITERATIONS,
        Hash::Sha1 => ITERATIONS_SHA1,
    }
}

/// Off the threads that serve connections.
async fn derive(hash: Hash, password: Secret) -> Result<Keys, AuthError> {
    let mut salt = vec![0; SALT_LEN];
    getrandom::fill(&mut salt).map_err(|_| AuthError::Unavailable)?;
    let work = move || {
        let password = String::from_utf8_lossy(password.expose());
        Keys::derive(hash, &password, salt, iterations(hash))
    };
    let derived = tokio::task::spawn_blocking(work).await;
    derived.map_err(|_| AuthError::Unavailable)
}
