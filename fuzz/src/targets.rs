//! table: the name of each target, which is also the folder of its seeds below `testdata/fuzz/`.

/// A function over bytes that panics when an invariant is broken.
pub(crate) type Target = fn(&[u8]);

pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("ged188_decode", tact_ged188::fuzz::decode_every_version),
    ("ged188_frames", tact_ged188::fuzz::split_frames),
];
