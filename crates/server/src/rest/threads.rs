//! The thread names of the logs: one for each request under way, never two at once, small numbers first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The numbers in use.
#[derive(Debug, Clone, Default)]
pub struct Threads {
    free: Arc<Mutex<Free>>,
}

#[derive(Debug, Default)]
struct Free {
    returned: BTreeSet<u32>,
    /// Numbers up to this one have been given out.
    highest: u32,
}

/// A name held for one request.
#[derive(Debug)]
pub struct Thread {
    name: String,
    number: u32,
    owner: Threads,
}

impl Threads {
    /// A name such as `http-bio-8445-exec-10`.
    pub fn take(&self, port: u16) -> Thread {
        let number = {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            free.returned.pop_first().unwrap_or_else(|| {
                free.highest += 1;
                free.highest
            })
        };
        Thread {
            name: format!("http-bio-{port}-exec-{number}"),
            number,
            owner: self.clone(),
        }
    }
}

impl Thread {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        let mut free = self
            .owner
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        free.returned.insert(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::Threads;

    #[test]
    fn two_requests_never_share_a_name() {
        let threads = Threads::default();
        let first = threads.take(8445);
        let second = threads.take(8082);
        assert_eq!(first.name(), "http-bio-8445-exec-1");
        assert_eq!(second.name(), "http-bio-8082-exec-2");
        drop(first);
        assert_eq!(threads.take(8445).name(), "http-bio-8445-exec-1");
        assert_eq!(second.name(), "http-bio-8082-exec-2");
    }
}
