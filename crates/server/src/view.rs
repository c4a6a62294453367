//! Desk state as API documents: the only mapping; REST and notifications share it.
