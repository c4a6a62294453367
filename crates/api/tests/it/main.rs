//! The documents of the wire: expected text, and what is written is read back equal.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod bodies;
mod calls;
mod fuzz_seeds;
mod literal;
mod round_trip;
