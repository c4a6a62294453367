//! The acd behind its mutex, and its configuration out of the store.
