//! The server's integration tests, one binary.

mod cti_listen;
mod notify;
mod postgres;
mod store;
