//! The server's integration tests, one binary.

mod cti_listen;
mod postgres;
mod store;
