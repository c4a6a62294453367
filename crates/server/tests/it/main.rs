//! The server's integration tests, one binary.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod cti_link;
mod cti_listen;
mod notify;
mod postgres;
mod rest;
mod store;
