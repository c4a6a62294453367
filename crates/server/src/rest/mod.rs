//! REST: one file a resource of `/finesse/api`.
