//! The same question asked many times at once is answered once: the first asker works, the others wait for its
//! answer. When the first one is cancelled (its client went away), one of those who wait takes over.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Questions being answered, by key.
pub(super) struct Flights<K: Ord, T> {
    flying: Mutex<BTreeMap<K, watch::Receiver<Option<T>>>>,
}

/// What the asker of a question becomes.
enum Role<'a, K: Ord + Copy, T> {
    Leader(Leader<'a, K, T>),
    Follower(watch::Receiver<Option<T>>),
}

/// Takes the flight off the board at its end, answered or not.
struct Leader<'a, K: Ord + Copy, T> {
    flights: &'a Flights<K, T>,
    key: K,
    answer: watch::Sender<Option<T>>,
}

impl<K: Ord + Copy, T> Drop for Leader<'_, K, T> {
    fn drop(&mut self) {
        self.flights.board().remove(&self.key);
    }
}

impl<K: Ord + Copy, T: Clone> Flights<K, T> {
    pub(super) fn new() -> Flights<K, T> {
        Flights {
            flying: Mutex::new(BTreeMap::new()),
        }
    }

    /// The answer to `key`: by `work`, or by whoever is at it already.
    pub(super) async fn run(&self, key: K, work: impl Future<Output = T>) -> T {
        loop {
            match self.board_or_follow(key) {
                Role::Leader(leader) => {
                    let answer = work.await;
                    leader.answer.send_replace(Some(answer.clone()));
                    return answer;
                }
                Role::Follower(mut waiting) => {
                    // An error means that the leader is gone without an answer; then ask again.
                    if let Ok(answer) = waiting.wait_for(Option::is_some).await
                        && let Some(answer) = answer.as_ref()
                    {
                        return answer.clone();
                    }
                }
            }
        }
    }

    fn board_or_follow(&self, key: K) -> Role<'_, K, T> {
        let mut board = self.board();
        if let Some(waiting) = board.get(&key) {
            return Role::Follower(waiting.clone());
        }
        let (answer, waiting) = watch::channel(None);
        board.insert(key, waiting);
        Role::Leader(Leader {
            flights: self,
            key,
            answer,
        })
    }
}

impl<K: Ord, T> Flights<K, T> {
    fn board(&self) -> MutexGuard<'_, BTreeMap<K, watch::Receiver<Option<T>>>> {
        // Nothing that runs under the lock can panic half-way.
        self.flying.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn many_askers_share_one_answer() {
        let flights = Arc::new(Flights::<u8, usize>::new());
        let worked = Arc::new(AtomicUsize::new(0));
        let asked = Arc::new(AtomicUsize::new(0));
        let gate = Arc::new(Semaphore::new(0));
        let askers: Vec<_> = (0..50)
            .map(|_| {
                let (flights, worked) = (flights.clone(), worked.clone());
                let (asked, gate) = (asked.clone(), gate.clone());
                tokio::spawn(async move {
                    asked.fetch_add(1, Ordering::SeqCst);
                    let work = async {
                        let _open = gate.acquire().await.unwrap();
                        worked.fetch_add(1, Ordering::SeqCst)
                    };
                    flights.run(1, work).await
                })
            })
            .collect();
        // On one thread an asker that has counted itself has also found its place on the board.
        while asked.load(Ordering::SeqCst) < 50 {
            tokio::task::yield_now().await;
        }
        gate.add_permits(1);
        for asker in askers {
            assert_eq!(asker.await.unwrap(), 0);
        }
        assert_eq!(worked.load(Ordering::SeqCst), 1);
        assert!(flights.board().is_empty());
    }

    #[tokio::test]
    async fn a_follower_takes_over_from_a_cancelled_leader() {
        let flights = Arc::new(Flights::<u8, &str>::new());
        let leader = {
            let flights = flights.clone();
            tokio::spawn(async move { flights.run(1, std::future::pending()).await })
        };
        while flights.board().is_empty() {
            tokio::task::yield_now().await;
        }
        let follower = {
            let flights = flights.clone();
            tokio::spawn(async move { flights.run(1, async { "mine" }).await })
        };
        tokio::task::yield_now().await;
        leader.abort();
        assert_eq!(follower.await.unwrap(), "mine");
    }

    #[tokio::test]
    async fn different_questions_do_not_wait_for_each_other() {
        let flights = Flights::<u8, u8>::new();
        let inner = flights
            .run(1, async { flights.run(2, async { 2 }).await + 1 })
            .await;
        assert_eq!(inner, 3);
    }
}
