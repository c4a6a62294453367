//! How credentials are checked, as the settings say.

use super::Publisher;
use crate::settings::AuthSettings;

/// How credentials are checked.
#[derive(Debug, Clone)]
pub struct Limits {
    /// How long a verified credential is cached, milliseconds.
    pub cache_ms: i64,
    /// Failures in a row that lock.
    pub failures: u32,
    /// How long the lock holds, milliseconds.
    pub lock_ms: i64,
    /// Failures from one address in a minute.
    pub address_failures: u32,
    /// Checks that may wait for a processor.
    pub queue: usize,
    /// The service accounts.
    pub publishers: Vec<Publisher>,
}

impl Default for Limits {
    /// Half an hour, five failures, five minutes, 2,000 waiting.
    fn default() -> Limits {
        Limits {
            cache_ms: 30 * 60_000,
            failures: 5,
            lock_ms: 5 * 60_000,
            address_failures: 300,
            queue: 2000,
            publishers: Vec::new(),
        }
    }
}

impl From<&AuthSettings> for Limits {
    fn from(settings: &AuthSettings) -> Limits {
        Limits {
            cache_ms: settings.cache_ms,
            failures: settings.failures,
            lock_ms: settings.lock_ms,
            address_failures: settings.address_failures,
            queue: settings.queue,
            publishers: settings.publishers.clone(),
        }
    }
}
