//! The desk behind its mutex: runs its outputs in order.
