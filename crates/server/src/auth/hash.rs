//! argon2id on a bounded number of threads. One check takes a processor for some tens of milliseconds and 19 MiB, so
//! as many run at a time as there are processors, a bounded number wait, and the rest is turned away.
//!
//! Invented names are free to their inventor, so they wait in a queue of their own and get half of the processors at
//! most: a flood of them neither fills the queue of real users nor keeps them waiting. Without a flood they take as
//! long as real ones.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::secret::{Secret, same};

/// Memory of one hash, KiB.
const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Bytes of a salt.
const SALT_LEN: usize = 16;
/// Bytes of a hash.
const HASH_LEN: usize = 32;
/// The most memory that a stored hash of foreign making may ask for, KiB.
const MAX_MEMORY_KIB: u32 = 1 << 20;

/// Hashes passwords and checks them.
#[derive(Clone)]
pub(super) struct Hasher {
    /// One permit a processor.
    processors: Arc<Semaphore>,
    /// One permit for each check of a user that runs or waits.
    places: Arc<Semaphore>,
    /// The same for names that nobody has.
    stranger_places: Arc<Semaphore>,
    /// One permit for each processor that names that nobody has may use.
    stranger_processors: Arc<Semaphore>,
    /// Working memory for reuse: fresh memory costs a page fault every 4 KiB.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

/// Too many checks wait, or the runtime is shutting down.
#[derive(Debug)]
pub(super) struct Busy;

/// Who waits for a processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// A configured user.
    User,
    /// A name that nobody has.
    Stranger,
}

/// A processor, held until the work on it is done.
pub(super) struct Turn {
    _held: Vec<OwnedSemaphorePermit>,
    shelf: Arc<Mutex<Vec<Vec<Block>>>>,
}

/// What the store says about a user's password.
pub(super) enum Stored {
    /// A PHC string.
    Phc(String),
    /// The password is this id, and has never been hashed.
    Initial(String),
    /// There is no such user.
    Absent,
}

/// The outcome of a check.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Wrong,
    Right,
    /// Right, and here is the hash to store in place of the initial form.
    RightInitial(String),
}

impl Hasher {
    /// Runs one check a processor; `queue` more may wait.
    pub(super) fn new(queue: usize) -> Hasher {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Hasher::with(processors, queue)
    }

    fn with(processors: usize, queue: usize) -> Hasher {
        let places = (processors + queue).min(Semaphore::MAX_PERMITS);
        Hasher {
            processors: Arc::new(Semaphore::new(processors)),
            places: Arc::new(Semaphore::new(places)),
            stranger_places: Arc::new(Semaphore::new(places)),
            stranger_processors: Arc::new(Semaphore::new((processors / 2).max(1))),
            memory: Arc::default(),
        }
    }

    /// Waits for a processor.
    pub(super) async fn turn(&self, asker: Asker) -> Result<Turn, Busy> {
        let places = match asker {
            Asker::User => &self.places,
            Asker::Stranger => &self.stranger_places,
        };
        let place = Arc::clone(places).try_acquire_owned().map_err(|_| Busy)?;
        let mut held = vec![place];
        if asker == Asker::Stranger {
            held.push(acquire(&self.stranger_processors).await?);
        }
        held.push(acquire(&self.processors).await?);
        Ok(Turn {
            _held: held,
            shelf: Arc::clone(&self.memory),
        })
    }
}

async fn acquire(semaphore: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Busy> {
    Arc::clone(semaphore)
        .acquire_owned()
        .await
        .map_err(|_| Busy)
}

impl Turn {
    /// Checks `password`. Every outcome costs one argon2. The processor comes back with the outcome.
    pub(super) async fn check(
        self,
        stored: Stored,
        password: Secret,
    ) -> Result<(Verdict, Turn), Busy> {
        self.run(move |memory| check(&stored, &password, memory))
            .await
    }

    /// The PHC string of a new password.
    pub(super) async fn hash(self, password: Secret) -> Result<String, Busy> {
        let (hashed, _) = self.run(move |memory| hash(&password, memory)).await?;
        hashed
    }

    async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<(T, Turn), Busy> {
        // The turn goes along, so that it is held to the end of the work, also when nobody waits for it any more.
        let task = tokio::task::spawn_blocking(move || {
            let taken = self.shelf().pop();
            let mut memory = taken.unwrap_or_default();
            let result = work(&mut memory);
            self.shelf().push(memory);
            (result, self)
        });
        task.await.map_err(|_| Busy)
    }

    fn shelf(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check(stored: &Stored, password: &Secret, memory: &mut Vec<Block>) -> Verdict {
    match stored {
        Stored::Phc(phc) => match verify(phc, password, memory) {
            Some(true) => Verdict::Right,
            Some(false) => Verdict::Wrong,
            None => {
                tracing::error!("a stored password is no argon2 hash; its user cannot sign in");
                spend(password, memory);
                Verdict::Wrong
            }
        },
        Stored::Initial(id) => match hash(password, memory) {
            Ok(phc) if same(password.expose(), id.as_bytes()) => Verdict::RightInitial(phc),
            _ => Verdict::Wrong,
        },
        Stored::Absent => {
            spend(password, memory);
            Verdict::Wrong
        }
    }
}

/// Does the work of a check whose outcome is known.
fn spend(password: &Secret, memory: &mut Vec<Block>) {
    let mut out = [0; HASH_LEN];
    let done = ours().is_some_and(|params| {
        compute(
            Algorithm::Argon2id,
            Version::V0x13,
            params,
            &[0; SALT_LEN],
            password,
            &mut out,
            memory,
        )
    });
    // The result is of no use, but the work must not be optimised away.
    std::hint::black_box((done, out));
}

/// Whether `password` is the one of `phc`; `None` when that is no argon2 hash that we can compute.
fn verify(phc: &str, password: &Secret, memory: &mut Vec<Block>) -> Option<bool> {
    let parsed = PasswordHash::new(phc).ok()?;
    let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).ok()?;
    let version = Version::try_from(parsed.version?).ok()?;
    let params = Params::try_from(&parsed).ok()?;
    let expected = parsed.hash?;
    if params.m_cost() > MAX_MEMORY_KIB {
        return None;
    }
    let mut out = vec![0; expected.as_bytes().len()];
    let salt = parsed.salt?;
    compute(
        algorithm, version, params, &salt, password, &mut out, memory,
    )
    .then(|| same(&out, expected.as_bytes()))
}

/// The PHC string of `password` with a fresh salt.
fn hash(password: &Secret, memory: &mut Vec<Block>) -> Result<String, Busy> {
    let mut salt = [0; SALT_LEN];
    getrandom::fill(&mut salt).map_err(|_| Busy)?;
    let mut out = [0; HASH_LEN];
    let params = ours().ok_or(Busy)?;
    let done = compute(
        Algorithm::Argon2id,
        Version::V0x13,
        params,
        &salt,
        password,
        &mut out,
        memory,
    );
    if !done {
        return Err(Busy);
    }
    Ok(format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(out)
    ))
}

fn ours() -> Option<Params> {
    Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_LEN)).ok()
}

/// argon2 into `out`; false when the parameters do not allow it.
fn compute(
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: &[u8],
    password: &Secret,
    out: &mut [u8],
    memory: &mut Vec<Block>,
) -> bool {
    // The first pass writes every block before it reads it, so that what an earlier hash left does not matter.
    memory.resize(params.block_count(), Block::new());
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(password.expose(), salt, out, memory)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(stored: Stored, password: &str) -> Verdict {
        check(&stored, &Secret::new(password), &mut Vec::new())
    }

    #[test]
    fn a_hash_verifies_its_password_alone() {
        let mut memory = Vec::new();
        let phc = hash(&Secret::new("right"), &mut memory).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        // The memory is dirty from the first hash.
        assert_eq!(verify(&phc, &Secret::new("right"), &mut memory), Some(true));
        assert_eq!(
            verify(&phc, &Secret::new("wrong"), &mut memory),
            Some(false)
        );
        assert_ne!(phc, hash(&Secret::new("right"), &mut memory).unwrap());
    }

    #[test]
    fn the_initial_form_is_the_id_and_brings_a_hash() {
        let Verdict::RightInitial(phc) = checked(Stored::Initial("2001".into()), "2001") else {
            panic!("the id is the initial password");
        };
        assert_eq!(checked(Stored::Phc(phc.clone()), "2001"), Verdict::Right);
        assert_eq!(checked(Stored::Phc(phc), "2002"), Verdict::Wrong);
        assert_eq!(
            checked(Stored::Initial("2001".into()), "initial"),
            Verdict::Wrong
        );
    }

    #[test]
    fn nobody_and_nonsense_are_wrong() {
        assert_eq!(checked(Stored::Absent, ""), Verdict::Wrong);
        assert_eq!(
            checked(Stored::Phc("plain".into()), "plain"),
            Verdict::Wrong
        );
        let greedy =
            "$argon2id$v=19$m=4194304,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(checked(Stored::Phc(greedy.into()), "x"), Verdict::Wrong);
    }

    #[test]
    fn the_published_test_vector_holds() {
        // From the test suite of the reference implementation: argon2id, v=19, t=2, m=2^16, p=1.
        let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert_eq!(checked(Stored::Phc(phc.into()), "password"), Verdict::Right);
        assert_eq!(checked(Stored::Phc(phc.into()), "passwork"), Verdict::Wrong);
    }

    async fn waits<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> bool {
        let mut future = Some(future);
        std::future::poll_fn(|context| {
            let polled = future
                .take()
                .map(|future| future.poll(context).is_pending());
            std::task::Poll::Ready(polled == Some(true))
        })
        .await
    }

    #[tokio::test]
    async fn a_full_queue_turns_away() {
        let hasher = Hasher::with(1, 0);
        let held = hasher.turn(Asker::User).await.unwrap();
        assert!(hasher.turn(Asker::User).await.is_err());
        drop(held);
        let turn = hasher.turn(Asker::User).await.unwrap();
        let checked = turn.check(Stored::Absent, Secret::new("x")).await;
        let (verdict, _turn) = checked.unwrap();
        assert_eq!(verdict, Verdict::Wrong);
    }

    #[tokio::test]
    async fn invented_names_leave_users_a_processor_and_their_queue() {
        let hasher = Hasher::with(2, 0);
        let stranger = hasher.turn(Asker::Stranger).await.unwrap();
        let mut second = std::pin::pin!(hasher.turn(Asker::Stranger));
        assert!(waits(second.as_mut()).await);
        assert!(
            hasher.turn(Asker::Stranger).await.is_err(),
            "their queue is full"
        );
        let user = hasher.turn(Asker::User).await.unwrap();
        drop(user);
        drop(stranger);
        assert!(second.await.is_ok());
    }
}
