//! The wire against vectors, the guides' tables and arbitrary bytes.

mod forms;
mod fuzzing;
mod round_trip;
mod support;
mod tables;
mod vectors;
