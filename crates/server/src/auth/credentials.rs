//! The whole check of a credential: who is meant, is it locked, is it cached, is it right; and the realm log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tact_xmpp::sasl::scram::{Hash, Keys};
use tokio::sync::OnceCell;

use super::addresses::Addresses;
use super::cache::Cache;
use super::flight::Flights;
use super::hash::{Asker, Hasher, Stored, Verdict};
use super::limits::Limits;
use super::lockout::Lockout;
use super::publisher::Publisher;
use super::secret::{Fingerprint, Secret};
use super::token::{self, Seal};
use super::{AuthError, Door, Principal};
use crate::clock;
use crate::store::{INITIAL_PASSWORD, SharedConfiguration, Store, User};
use crate::telemetry::Logs;

/// The longest user name that is looked at, bytes.
const MAX_USER: usize = 256;
/// The longest password that is looked at, bytes.
const MAX_PASSWORD: usize = 1024;
/// Verified credentials remembered.
const CACHE_ENTRIES: usize = 100_000;
/// Configured users whose failures are remembered.
const KNOWN_FAILURES: usize = 100_000;
/// Unknown names whose failures are remembered; they lock as known ones do, or the lock would tell them apart.
/// They have a table of their own, so that invented names cannot push out the failures of real users.
const UNKNOWN_FAILURES: usize = 10_000;
/// The longest name written to the realm log, characters.
const MAX_LOGGED_USER: usize = 64;

/// How long a token holds, milliseconds.
const TOKEN_MS: i64 = 3_600_000;
/// The name of the secret that signs tokens.
const TOKENS: &str = "tokens";

type Clock = Box<dyn Fn() -> i64 + Send + Sync>;
/// Thread, level, text.
type RealmLog = Box<dyn Fn(&str, &str, &str) + Send + Sync>;

/// Checks credentials for REST and for the notification service. A cheap handle.
#[derive(Clone)]
pub struct Credentials {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) store: Store,
    configuration: SharedConfiguration,
    publishers: Vec<Publisher>,
    realm: RealmLog,
    pub(super) clock: Clock,
    /// Makes fingerprints worthless outside this process.
    pub(super) salt: [u8; 32],
    /// Signs tokens; its secret is in the database.
    seal: OnceCell<Seal>,
    hasher: Hasher,
    flights: Flights<Fingerprint, Result<(), AuthError>>,
    memory: Mutex<Memory>,
    /// Counts password changes: a check that began before one must not be cached after it.
    changes: AtomicU64,
}

/// What is remembered between checks.
pub(super) struct Memory {
    cache: Cache<Fingerprint>,
    sha1: Cache<Keys>,
    sha256: Cache<Keys>,
    known: Lockout,
    unknown: Lockout,
    addresses: Addresses,
}

impl Memory {
    /// SCRAM keys.
    pub(super) fn keys(&mut self, hash: Hash) -> &mut Cache<Keys> {
        match hash {
            Hash::Sha1 => &mut self.sha1,
            Hash::Sha256 => &mut self.sha256,
        }
    }

    pub(super) fn lockout(&mut self, subject: &Subject) -> &mut Lockout {
        match subject.principal {
            Some(_) => &mut self.known,
            None => &mut self.unknown,
        }
    }
}

/// Who is meant.
pub(super) struct Subject {
    /// The id of a configured user, otherwise the name as given.
    pub(super) name: String,
    pub(super) principal: Option<Principal>,
}

impl Credentials {
    /// With the usual limits.
    pub fn new(store: Store, configuration: SharedConfiguration, logs: Logs) -> Credentials {
        Credentials::with_limits(store, configuration, logs, &Limits::default())
    }

    /// With other limits.
    pub fn with_limits(
        store: Store,
        configuration: SharedConfiguration,
        logs: Logs,
        limits: &Limits,
    ) -> Credentials {
        let realm = Box::new(move |thread: &str, level: &str, text: &str| {
            logs.realm(thread, level, text);
        });
        Credentials::assemble(store, configuration, realm, Box::new(clock::now_ms), limits)
    }

    fn assemble(
        store: Store,
        configuration: SharedConfiguration,
        realm: RealmLog,
        clock: Clock,
        limits: &Limits,
    ) -> Credentials {
        let mut salt = [0; 32];
        if getrandom::fill(&mut salt).is_err() {
            tracing::error!("the system has no random numbers; passwords cannot be hashed");
        }
        let inner = Inner {
            store,
            configuration,
            publishers: limits.publishers.clone(),
            realm,
            clock,
            salt,
            seal: OnceCell::new(),
            hasher: Hasher::new(limits.queue),
            flights: Flights::new(),
            memory: Mutex::new(Memory {
                cache: Cache::new(limits.cache_ms, CACHE_ENTRIES),
                sha1: Cache::new(limits.cache_ms, CACHE_ENTRIES),
                sha256: Cache::new(limits.cache_ms, CACHE_ENTRIES),
                known: Lockout::new(limits.failures, limits.lock_ms, KNOWN_FAILURES),
                unknown: Lockout::new(limits.failures, limits.lock_ms, UNKNOWN_FAILURES),
                addresses: Addresses::new(limits.address_failures),
            }),
            changes: AtomicU64::new(0),
        };
        Credentials {
            inner: Arc::new(inner),
        }
    }

    /// Who `user` (an id or a login name) with `password` is. A refusal is one line of the realm log.
    pub async fn verify(
        &self,
        user: &str,
        password: &str,
        door: impl Into<Door<'_>>,
    ) -> Result<Principal, AuthError> {
        let door = door.into();
        if token::is_token(password) {
            return self.bearer(Some(user), password, door).await;
        }
        self.inner.may_try(door)?;
        let subject = self.inner.subject(user);
        let outcome = self.inner.decide(&subject, password, door.thread).await;
        self.inner.told(outcome, subject, door)
    }

    /// Who a token belongs to; to `user` (an id or a login name), where one is named.
    pub async fn bearer(
        &self,
        user: Option<&str>,
        token: &str,
        door: impl Into<Door<'_>>,
    ) -> Result<Principal, AuthError> {
        let (inner, door) = (&self.inner, door.into());
        inner.may_try(door)?;
        let seal = inner.seal().await?;
        let id = seal.read(token, (inner.clock)());
        let named = user.map(|user| inner.subject(user));
        let subject = match (id, named) {
            (Some(id), None) => inner.subject(&id),
            (Some(id), Some(named)) if named.name == id => named,
            (_, named) => {
                let name = named.map_or("of a token", |_| user.unwrap_or_default());
                return Err(inner.refused(AuthError::Refused, name, door));
            }
        };
        // A user who was removed meanwhile has no use of it.
        inner.told(Ok(()), subject, door)
    }

    /// A token that stands for this user's password for a while, and when it expires.
    pub async fn token(&self, user_id: &str) -> Result<(String, i64), AuthError> {
        let expires = (self.inner.clock)().saturating_add(TOKEN_MS);
        let seal = self.inner.seal().await?;
        Ok((seal.token(user_id, expires), expires))
    }

    /// Gives the user with this id another password. False for an unknown user.
    pub async fn set_password(&self, user_id: &str, password: &str) -> Result<bool, AuthError> {
        let inner = &self.inner;
        let turn = inner.hasher.turn(Asker::User).await;
        let turn = turn.map_err(|_| AuthError::Unavailable)?;
        let phc = turn.hash(Secret::new(password)).await;
        let phc = phc.map_err(|_| AuthError::Unavailable)?;
        let changed = inner.store.set_password(user_id, &phc).await;
        self.forget(user_id);
        if let Ok(true) = changed {
            inner.keep_keys(user_id, &Secret::new(password), &phc).await;
        }
        changed.map_err(|error| inner.unavailable(&error))
    }

    /// Forgets the cached credential of a user whose password has changed elsewhere.
    pub fn forget(&self, user_id: &str) {
        let mut memory = self.inner.memory();
        self.inner.changes.fetch_add(1, Ordering::SeqCst);
        memory.cache.remove(user_id);
        memory.sha1.remove(user_id);
        memory.sha256.remove(user_id);
    }
}

impl Inner {
    /// The outcome with who it is; a refusal is logged.
    pub(super) fn told(
        &self,
        outcome: Result<(), AuthError>,
        subject: Subject,
        door: Door<'_>,
    ) -> Result<Principal, AuthError> {
        match (outcome, subject.principal) {
            (Ok(()), Some(principal)) => Ok(principal),
            (Err(AuthError::Unavailable), _) => Err(AuthError::Unavailable),
            (outcome, _) => {
                let error = outcome.err().unwrap_or(AuthError::Refused);
                Err(self.refused(error, &subject.name, door))
            }
        }
    }

    /// Whether anybody may try from there: not after too many failures, whoever they were of.
    pub(super) fn may_try(&self, door: Door<'_>) -> Result<(), AuthError> {
        let limited = door.address.and_then(|address| {
            let now = (self.clock)();
            self.memory().addresses.limited(address, now)
        });
        limited.map_or(Ok(()), |seconds| Err(AuthError::Locked(seconds)))
    }

    /// A refusal for the log. Guesses that are wrong count against their address.
    fn refused(&self, error: AuthError, name: &str, door: Door<'_>) -> AuthError {
        self.log(door.thread, "INFO", "Unable to authenticate user", name);
        if let (AuthError::Refused, Some(address)) = (&error, door.address) {
            let now = (self.clock)();
            let exhausts = self.memory().addresses.failed(address, now);
            if exhausts {
                let address = address.to_string();
                self.log(door.thread, "WARN", "Too many failures from", &address);
            }
        }
        error
    }

    async fn seal(&self) -> Result<&Seal, AuthError> {
        let made = self.seal.get_or_try_init(|| async {
            let mut random = [0_u8; 32];
            getrandom::fill(&mut random).map_err(|_| AuthError::Unavailable)?;
            let secret = self.store.secret(TOKENS, &STANDARD.encode(random)).await;
            Ok(Seal::new(
                &secret.map_err(|error| self.unavailable(&error))?,
            ))
        });
        made.await
    }

    /// Counts password changes.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    pub(super) fn subject(&self, user: &str) -> Subject {
        if let Some(publisher) = self.publisher(user) {
            return Subject {
                name: publisher.name.clone(),
                principal: Some(publisher.principal()),
            };
        }
        let configuration = self.configuration.load();
        match configuration.user(user) {
            Some(user) => Subject {
                name: user.id.clone(),
                principal: Some(principal(user)),
            },
            None => Subject {
                name: user.chars().take(MAX_USER).collect(),
                principal: None,
            },
        }
    }

    /// The service account of this name.
    pub(super) fn publisher(&self, name: &str) -> Option<&Publisher> {
        self.publishers.iter().find(|it| it.name == name)
    }

    async fn decide(
        &self,
        subject: &Subject,
        password: &str,
        thread: &str,
    ) -> Result<(), AuthError> {
        if subject.name.len() > MAX_USER || password.len() > MAX_PASSWORD {
            return Err(AuthError::Refused);
        }
        let password = Secret::new(password);
        if let Some(publisher) = self.publisher(&subject.name) {
            return self.counted(subject, publisher.has(&password), thread);
        }
        let fingerprint = Fingerprint::of(&self.salt, &subject.name, &password);
        {
            let now = (self.clock)();
            let mut memory = self.memory();
            not_locked(memory.lockout(subject), &subject.name, now)?;
            let cached = memory.cache.get(&subject.name, now);
            if cached.is_some_and(|cached| cached.matches(&fingerprint)) {
                memory.lockout(subject).succeeded(&subject.name);
                return Ok(());
            }
        }
        let check = self.check(subject, password, fingerprint, thread);
        self.flights.run(fingerprint, check).await
    }

    /// The check by argon2, and what is remembered of it.
    async fn check(
        &self,
        subject: &Subject,
        password: Secret,
        fingerprint: Fingerprint,
        thread: &str,
    ) -> Result<(), AuthError> {
        let changes = self.changes.load(Ordering::SeqCst);
        // Asked for unknown users too, so that they take as long.
        let stored = self.store.password(&subject.name).await;
        let stored = stored.map_err(|error| self.unavailable(&error))?;
        let form = stored.clone();
        let stored = match (stored, &subject.principal) {
            (Some(form), Some(_)) if form == INITIAL_PASSWORD => {
                Stored::Initial(subject.name.clone())
            }
            (Some(phc), Some(_)) => Stored::Phc(phc),
            _ => Stored::Absent,
        };
        let asker = match subject.principal {
            Some(_) => Asker::User,
            None => Asker::Stranger,
        };
        let Ok(turn) = self.hasher.turn(asker).await else {
            self.log(thread, "WARN", "Too many wait to be checked", &subject.name);
            return Err(AuthError::Unavailable);
        };
        // A guess that waited while others brought the lock is not worth the work.
        let now = (self.clock)();
        not_locked(self.memory().lockout(subject), &subject.name, now)?;
        let checked = turn.check(stored, password.clone()).await;
        let (verdict, turn) = checked.map_err(|_| AuthError::Unavailable)?;
        // Held until a failure is counted, so that the next guess sees the lock.
        let _turn = (verdict == Verdict::Wrong).then_some(turn);
        if let Verdict::RightInitial(phc) = &verdict {
            let settled = self.store.settle_initial_password(&subject.name, phc).await;
            if let Err(error) = settled {
                // The user is right all the same; the next check will try again.
                tracing::warn!(%error, "a first password hash could not be stored");
            }
        }
        let form = match &verdict {
            Verdict::Wrong => None,
            Verdict::Right => form,
            Verdict::RightInitial(phc) => Some(phc.clone()),
        };
        self.remember(subject, verdict, fingerprint, changes, thread)?;
        if let Some(form) = form {
            self.keep_keys(&subject.name, &password, &form).await;
        }
        Ok(())
    }

    fn remember(
        &self,
        subject: &Subject,
        verdict: Verdict,
        fingerprint: Fingerprint,
        changes: u64,
        thread: &str,
    ) -> Result<(), AuthError> {
        let now = (self.clock)();
        let mut memory = self.memory();
        if verdict == Verdict::Wrong {
            return Err(self.failed(memory, subject, now, thread));
        }
        // Guesses that run side by side must not get past a lock that one of them has brought.
        not_locked(memory.lockout(subject), &subject.name, now)?;
        memory.lockout(subject).succeeded(&subject.name);
        if self.changes.load(Ordering::SeqCst) == changes {
            memory.cache.insert(&subject.name, fingerprint, now);
        }
        Ok(())
    }

    /// Counts a failure, and says when it locks.
    pub(super) fn failed(
        &self,
        mut memory: MutexGuard<'_, Memory>,
        subject: &Subject,
        now: i64,
        thread: &str,
    ) -> AuthError {
        let locks = memory.lockout(subject).failed(&subject.name, now);
        drop(memory);
        if locks {
            self.log(thread, "WARN", "User is locked out", &subject.name);
        }
        AuthError::Refused
    }

    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        // A panic under the lock is not possible short of a broken map; what is there stays usable.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn unavailable(&self, error: &crate::store::Error) -> AuthError {
        tracing::error!(%error, "a credential could not be checked");
        AuthError::Unavailable
    }

    pub(super) fn log(&self, thread: &str, level: &str, what: &str, user: &str) {
        let text = format!(
            "CCRealmConfig.finesseAuthenticate(): {what}: {}",
            loggable(user)
        );
        (self.realm)(thread, level, &text);
    }
}

fn principal(user: &User) -> Principal {
    Principal {
        id: user.id.as_str().into(),
        supervisor: user.supervisor,
        administrator: user.administrator,
        publisher: false,
    }
}

pub(super) fn not_locked(lockout: &Lockout, name: &str, now: i64) -> Result<(), AuthError> {
    match lockout.locked(name, now) {
        Some(left_ms) => Err(AuthError::Locked((left_ms.max(0) as u64).div_ceil(1000))),
        None => Ok(()),
    }
}

/// A name that cannot break the line it stands in, nor fill the log, nor read as another's.
fn loggable(user: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    user.chars()
        .map(|c| if breaks(c) { '\u{fffd}' } else { c })
        .take(MAX_LOGGED_USER)
        .collect()
}

#[cfg(test)]
mod proofs;
#[cfg(test)]
mod tests;
