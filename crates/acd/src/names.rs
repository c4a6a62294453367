//! Short names in the order of the configuration: by place, and found without following a pointer for each comparison.

/// Bytes of a name that its key holds; the key's last byte is the length.
const WHOLE: usize = 7;

/// A list of names. Where one is there twice the first is found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    /// All of them, one behind the other.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
    /// The beginning of each, in order, so that a search stays within few bytes; and beside it the place.
    keys: Vec<u64>,
    places: Vec<u32>,
}

impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut all = Self::default();
        let mut found: Vec<(u64, u32)> = Vec::new();
        for (place, name) in (0_u32..).zip(names) {
            all.text.push_str(name);
            all.ends
                .push(u32::try_from(all.text.len()).unwrap_or(u32::MAX));
            found.push((key_of(name), place));
        }
        found.sort_unstable();
        (all.keys, all.places) = found.into_iter().unzip();
        all
    }
}

impl Names {
    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        let at = |place: usize| usize::try_from(*self.ends.get(place)?).ok();
        let from = match place.checked_sub(1) {
            Some(before) => at(before)?,
            None => 0,
        };
        self.text.get(from..at(place)?)
    }

    /// The place of a name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let key = key_of(name);
        let first = self.keys.partition_point(|other| *other < key);
        let alike = self.keys.iter().zip(&self.places).skip(first);
        alike
            .take_while(|(other, _)| **other == key)
            .filter_map(|(_, place)| usize::try_from(*place).ok())
            .find(|place| name.len() <= WHOLE || self.get(*place) == Some(name))
    }
}

/// The first bytes and the length: all of a name that is not longer than [`WHOLE`].
fn key_of(name: &str) -> u64 {
    let length = u64::try_from(name.len()).unwrap_or(u64::MAX).min(255);
    let first = name.bytes().chain(std::iter::repeat(0)).take(WHOLE);
    first.fold(0, |key, byte| key << 8 | u64::from(byte)) << 8 | length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_name_is_found_whatever_its_length() {
        let all = [
            "2001", "2001\0", "", "abcdefg", "abcdefgh", "abcdefgi", "2001", "abcdefgh", "\u{e4}",
            "20010", "200",
        ];
        let names: Names = all.iter().copied().collect();
        for (place, name) in all.iter().enumerate() {
            assert_eq!(names.get(place), Some(*name));
            let first = all.iter().position(|other| other == name);
            assert_eq!(names.find(name), first, "{name}");
        }
        assert_eq!(names.get(all.len()), None);
        for other in ["2", "abcdefgj", "abcdefghi", "\0"] {
            assert_eq!(names.find(other), None, "{other:?}");
        }
    }
}
