//! The fuzz targets over vectors, damaged vectors and noise, as far as a test has time.

use proptest::prelude::*;
use tact_ged188::fuzz;

use crate::support::{fixture, unhex};

fn seeds() -> Vec<Vec<u8>> {
    let list: serde_json::Value = serde_json::from_str(&fixture("vectors.json")).unwrap();
    list.as_array()
        .unwrap()
        .iter()
        .map(|vector| unhex(vector["hex"].as_str().unwrap()))
        .collect()
}

#[test]
fn vectors_hold_under_every_version() {
    for seed in seeds() {
        fuzz::decode_every_version(&seed);
        fuzz::split_frames(&seed);
    }
}

#[test]
fn every_cut_of_a_vector_holds() {
    for seed in seeds() {
        for len in 0..seed.len().min(120) {
            let mut cut = seed[..len].to_vec();
            fuzz::decode_every_version(&cut);
            // And with a header that fits, so that the body is looked at.
            if let Some(body) = len.checked_sub(8) {
                cut[..4].copy_from_slice(&(body as u32).to_be_bytes());
                fuzz::decode_every_version(&cut);
            }
        }
    }
}

proptest! {
    #[test]
    fn damaged_vectors_hold(
        index in 0..113usize,
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = seeds().swap_remove(index);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        fuzz::decode_every_version(&bytes);
    }

    #[test]
    fn noise_holds(message_type in 0..300u32, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        fuzz::decode_every_version(&crate::support::frame(message_type, &body));
    }

    #[test]
    fn streams_hold(stream in proptest::collection::vec(any::<u8>(), 0..64)) {
        fuzz::split_frames(&stream);
    }
}
