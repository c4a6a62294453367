//! The command line; the one binary.
mod cti_decode;

fn main() {}
