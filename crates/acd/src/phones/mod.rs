//! Simulated phones and callers: telephony without telephones.
//!
//! Implements [`Fabric`](crate::fabric::Fabric) and nothing else of the centre; the machine knows nothing of it.
