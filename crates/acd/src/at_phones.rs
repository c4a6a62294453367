//! Something that phones have, found by a phone's place in the configuration without a search.
//!
//! In a snapshot it is a map of those phones that have it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::directory::DeviceIndex;

/// At most one of these for each phone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(
    from = "BTreeMap<DeviceIndex, T>",
    into = "BTreeMap<DeviceIndex, T>",
    bound(
        serialize = "T: Clone + Serialize",
        deserialize = "T: Deserialize<'de>"
    )
)]
pub(crate) struct AtPhones<T> {
    /// As long as the last phone that ever had one needs.
    places: Vec<Option<T>>,
}

impl<T> Default for AtPhones<T> {
    fn default() -> Self {
        Self { places: Vec::new() }
    }
}

impl<T> From<BTreeMap<DeviceIndex, T>> for AtPhones<T> {
    fn from(map: BTreeMap<DeviceIndex, T>) -> Self {
        let mut phones = Self::default();
        for (device, value) in map {
            *phones.place(device) = Some(value);
        }
        phones
    }
}

impl<T> From<AtPhones<T>> for BTreeMap<DeviceIndex, T> {
    fn from(phones: AtPhones<T>) -> Self {
        let places = phones.places.into_iter().enumerate();
        places
            .filter_map(|(place, value)| Some((DeviceIndex(place), value?)))
            .collect()
    }
}

impl<T> AtPhones<T> {
    pub(crate) fn get(&self, device: DeviceIndex) -> Option<&T> {
        self.places.get(device.0)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, device: DeviceIndex) -> Option<&mut T> {
        self.places.get_mut(device.0)?.as_mut()
    }

    /// Whether the phone has one or not; a phone of the configuration.
    pub(crate) fn place(&mut self, device: DeviceIndex) -> &mut Option<T> {
        if self.places.len() <= device.0 {
            self.places.resize_with(device.0 + 1, || None);
        }
        #[expect(clippy::indexing_slicing, reason = "made long enough just above")]
        &mut self.places[device.0]
    }

    pub(crate) fn remove(&mut self, device: DeviceIndex) -> Option<T> {
        self.places.get_mut(device.0)?.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_has_the_phones_that_have_one() {
        let mut phones = AtPhones::default();
        *phones.place(DeviceIndex(3)) = Some('a');
        *phones.place(DeviceIndex(1)) = Some('b');
        assert_eq!(phones.remove(DeviceIndex(3)), Some('a'));
        *phones.place(DeviceIndex(4)) = Some('c');
        let map: BTreeMap<DeviceIndex, char> = phones.clone().into();
        assert_eq!(
            map.into_iter().collect::<Vec<_>>(),
            [(DeviceIndex(1), 'b'), (DeviceIndex(4), 'c')]
        );
        let bytes = rmp_serde::to_vec_named(&phones).unwrap();
        let again: AtPhones<char> = rmp_serde::from_slice(&bytes).unwrap();
        assert_eq!(again.get(DeviceIndex(4)), Some(&'c'));
        assert_eq!(again.get(DeviceIndex(3)), None);
    }
}
