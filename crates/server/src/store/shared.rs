//! The configuration that every part reads: immutable, swapped whole.

use std::sync::{Arc, PoisonError, RwLock};

use super::Configuration;

/// A handle on the current configuration. Cheap to clone; all clones see a replacement.
#[derive(Debug, Clone, Default)]
pub struct SharedConfiguration {
    current: Arc<RwLock<Arc<Configuration>>>,
}

impl SharedConfiguration {
    /// Shares `configuration`.
    pub fn new(configuration: Configuration) -> SharedConfiguration {
        let shared = SharedConfiguration::default();
        shared.replace(configuration);
        shared
    }

    /// The current configuration. It stays as it is for who holds it.
    pub fn load(&self) -> Arc<Configuration> {
        // Nobody panics while holding the lock: it only swaps or clones a pointer.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another configuration in its place, with its index built.
    pub fn replace(&self, mut configuration: Configuration) {
        configuration.index();
        let configuration = Arc::new(configuration);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = configuration;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_is_seen_by_every_clone_and_not_by_who_holds_the_old_one() {
        let shared = SharedConfiguration::default();
        let clone = shared.clone();
        let held = clone.load();
        shared.replace(Configuration {
            extensions: vec!["2003".to_owned()],
            ..Configuration::default()
        });
        assert!(held.extensions.is_empty());
        assert_eq!(clone.load().extensions, ["2003"]);
    }
}
