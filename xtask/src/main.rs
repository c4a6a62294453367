//! The checks that CI runs: tidy, layering, licences, sizes.
fn main() {}
