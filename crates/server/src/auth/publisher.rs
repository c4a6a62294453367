//! Service accounts: programs that publish events on the nodes of agents, such as a gateway or a load generator. They
//! stand in the settings, are no users of the contact centre, and no other door than XMPP opens to them.

use super::Principal;
use super::secret::{Secret, same};

/// A service account.
#[derive(Clone)]
pub struct Publisher {
    /// Its name.
    pub name: String,
    secret: Secret,
}

impl std::fmt::Debug for Publisher {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Publisher")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Publisher {
    /// An account with its password.
    pub fn new(name: &str, password: &str) -> Publisher {
        Publisher {
            name: name.to_owned(),
            secret: Secret::new(password),
        }
    }

    pub(super) fn principal(&self) -> Principal {
        Principal {
            id: self.name.as_str().into(),
            supervisor: false,
            administrator: false,
            publisher: true,
        }
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(super) fn has(&self, password: &Secret) -> bool {
        same(self.secret.expose(), password.expose())
    }
}
