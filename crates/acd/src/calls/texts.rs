//! The texts of a call by tag: few and short, told with nearly every event.

use std::collections::BTreeMap;
use std::ops::RangeBounds;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use tact_ged188::{Floats, Tag};

/// Texts in the order of their tags. In a snapshot it is a map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<u16, Box<str>>", into = "BTreeMap<u16, Box<str>>")]
pub(super) struct Texts {
    /// Tag and length of each, one behind the other.
    parts: SmallVec<[(u16, u16); 6]>,
    all: String,
}

impl From<BTreeMap<u16, Box<str>>> for Texts {
    fn from(map: BTreeMap<u16, Box<str>>) -> Self {
        let mut texts = Self::default();
        for (tag, text) in map {
            texts.set(Tag(tag), &text);
        }
        texts
    }
}

impl From<Texts> for BTreeMap<u16, Box<str>> {
    fn from(texts: Texts) -> Self {
        let all = texts.between(..);
        all.map(|(tag, text)| (tag.0, text.into())).collect()
    }
}

impl Texts {
    /// Those whose tags are in a range.
    pub(super) fn between(&self, tags: impl RangeBounds<Tag>) -> impl Iterator<Item = (Tag, &str)> {
        let mut rest = self.all.as_str();
        let all = self.parts.iter().map(move |(tag, len)| {
            let (text, behind) = rest.split_at_checked(usize::from(*len)).unwrap_or_default();
            rest = behind;
            (Tag(*tag), text)
        });
        all.filter(move |(tag, _)| tags.contains(tag))
    }

    /// One text; empty when it is not there.
    pub(super) fn get(&self, tag: Tag) -> &str {
        let mut own = self.between(tag..=tag);
        own.next().map_or("", |(_, text)| text)
    }

    /// Sets one text, which is short; what no message can carry is left out.
    pub(super) fn set(&mut self, tag: Tag, text: &str) {
        let Ok(len) = u16::try_from(text.len()) else {
            return;
        };
        let place = self.parts.partition_point(|(other, _)| *other < tag.0);
        let before = self.parts.iter().take(place);
        let start: usize = before.map(|(_, len)| usize::from(*len)).sum();
        match self.parts.get_mut(place) {
            Some((other, old)) if *other == tag.0 => {
                let end = start + usize::from(std::mem::replace(old, len));
                self.all.replace_range(start..end, text);
            }
            _ => {
                self.parts.insert(place, (tag.0, len));
                self.all.insert_str(start, text);
            }
        }
    }

    /// Appends those whose tags are in a range to a message.
    pub(super) fn push(&self, tags: impl RangeBounds<Tag>, floats: &mut Floats) {
        for (tag, text) in self.between(tags) {
            floats.push_text(tag, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_map_by_tag() {
        let mut texts = Texts::default();
        let mut map: BTreeMap<u16, Box<str>> = BTreeMap::new();
        for (tag, text) in [
            (Tag::CALL_VAR_1, "one"),
            (Tag::ANI, "5551234"),
            (Tag::CALL_VAR_10, ""),
            (Tag::CALL_VAR_3, "\u{e4}"),
            (Tag::CALL_VAR_1, "another"),
            (Tag::ANI, "5"),
            (Tag::CALL_VAR_10, "ten"),
        ] {
            texts.set(tag, text);
            map.insert(tag.0, text.into());
            assert_eq!(texts.get(tag), text);
            assert_eq!(BTreeMap::from(texts.clone()), map);
        }
        assert_eq!(texts.get(Tag::CALL_VAR_2), "");
        let bytes = rmp_serde::to_vec_named(&map).unwrap();
        assert_eq!(rmp_serde::to_vec_named(&texts).unwrap(), bytes);
        assert_eq!(rmp_serde::from_slice::<Texts>(&bytes).unwrap(), texts);
    }
}
