//! Something by number, where numbers go up and the old ones are given up in any order: calls, legs, tickets, sessions.
//!
//! A number is found by three steps without a search: sheet, page, place. What is empty is given back, so what lives
//! longest costs a page and no more. Numbers that are far from the others are searched for. In a snapshot it is a map.

use std::collections::{BTreeMap, VecDeque};
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

/// Numbers on a page, and pages on a sheet.
const PAGE: u64 = 64;
const SHEET: u64 = 64;
/// Sheets from the first to the last.
const SHEETS: u64 = 4096;

/// What it is found by.
pub(crate) trait Number: Copy + Ord {
    /// Counted from 0 or little more, in the same order.
    fn number(self) -> u64;
    /// The opposite.
    fn of(number: u64) -> Self;
}

type Page<T> = Leaf<T, { PAGE as usize }>;
type Sheet<T> = Leaf<Box<Page<T>>, { SHEET as usize }>;

/// So many places, some with something.
#[derive(Debug, Clone)]
struct Leaf<T, const N: usize> {
    places: [Option<T>; N],
    taken: usize,
}

impl<T, const N: usize> Leaf<T, N> {
    fn new() -> Box<Self> {
        Box::new(Self {
            places: [const { None }; N],
            taken: 0,
        })
    }
}

/// By number.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(
    from = "BTreeMap<K, T>",
    into = "BTreeMap<K, T>",
    bound(
        serialize = "K: Number + Serialize, T: Clone + Serialize",
        deserialize = "K: Number + Deserialize<'de>, T: Deserialize<'de>"
    )
)]
pub(crate) struct ByNumber<K, T> {
    sheets: VecDeque<Option<Box<Sheet<T>>>>,
    /// Which sheet of all numbers the first one is.
    first: u64,
    /// How many are on sheets.
    near: usize,
    /// What was too far from the sheets when it came.
    far: BTreeMap<u64, T>,
    key: PhantomData<K>,
}

impl<K, T> Default for ByNumber<K, T> {
    fn default() -> Self {
        Self {
            sheets: VecDeque::new(),
            first: 0,
            near: 0,
            far: BTreeMap::new(),
            key: PhantomData,
        }
    }
}

impl<K: Number, T> From<BTreeMap<K, T>> for ByNumber<K, T> {
    fn from(map: BTreeMap<K, T>) -> Self {
        let mut all = Self::default();
        for (key, value) in map {
            all.insert(key, value);
        }
        all
    }
}

impl<K: Number, T: Clone> From<ByNumber<K, T>> for BTreeMap<K, T> {
    fn from(all: ByNumber<K, T>) -> Self {
        all.iter()
            .map(|(key, value)| (key, value.clone()))
            .collect()
    }
}

/// Sheet, page and place of a number.
#[inline]
fn place_of(number: u64) -> (u64, usize, usize) {
    let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    (
        number / (PAGE * SHEET),
        place(number / PAGE % SHEET),
        place(number % PAGE),
    )
}

impl<K: Number, T> ByNumber<K, T> {
    #[inline]
    fn sheet(&self, sheet: u64) -> Option<usize> {
        usize::try_from(sheet.checked_sub(self.first)?).ok()
    }

    #[inline]
    pub(crate) fn get(&self, key: K) -> Option<&T> {
        let number = key.number();
        let (sheet, page, place) = place_of(number);
        let near = || {
            let sheet = self.sheets.get(self.sheet(sheet)?)?.as_ref()?;
            let page = sheet.places.get(page)?.as_ref()?;
            page.places.get(place)?.as_ref()
        };
        near().or_else(|| self.far.get(&number))
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, key: K) -> Option<&mut T> {
        let number = key.number();
        if !self.far.is_empty() && self.far.contains_key(&number) {
            return self.far.get_mut(&number);
        }
        let (sheet, page, place) = place_of(number);
        let sheet = self.sheet(sheet)?;
        let sheet = self.sheets.get_mut(sheet)?.as_mut()?;
        let page = sheet.places.get_mut(page)?.as_mut()?;
        page.places.get_mut(place)?.as_mut()
    }

    pub(crate) fn contains(&self, key: K) -> bool {
        self.get(key).is_some()
    }

    /// What was there before goes.
    pub(crate) fn insert(&mut self, key: K, value: T) {
        let number = key.number();
        let (sheet, page, place) = place_of(number);
        if self.near == 0 {
            self.sheets.clear();
            self.first = sheet;
        }
        let at = self.sheet(sheet);
        let at = at.filter(|_| sheet - self.first < SHEETS && !self.far.contains_key(&number));
        let Some(at) = at else {
            self.far.insert(number, value);
            return;
        };
        if self.sheets.len() <= at {
            self.sheets.resize_with(at + 1, || None);
        }
        if let Some(sheet) = self.sheets.get_mut(at)
            && let sheet = sheet.get_or_insert_with(Leaf::new)
            && let Some(own) = sheet.places.get_mut(page)
        {
            sheet.taken += usize::from(own.is_none());
            let page = own.get_or_insert_with(Leaf::new);
            if let Some(own) = page.places.get_mut(place) {
                let before = own.replace(value);
                page.taken += usize::from(before.is_none());
                self.near += usize::from(before.is_none());
            }
        }
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<T> {
        let number = key.number();
        let (sheet, page, place) = place_of(number);
        let near = self.sheet(sheet).and_then(|at| {
            let last = at + 1 == self.sheets.len();
            let own_sheet = self.sheets.get_mut(at)?;
            let sheet = own_sheet.as_mut()?;
            let own_page = sheet.places.get_mut(page)?;
            let page = own_page.as_mut()?;
            let value = page.places.get_mut(place)?.take()?;
            page.taken -= 1;
            if page.taken == 0 {
                *own_page = None;
                sheet.taken -= 1;
                // The last one is needed for the next number.
                if sheet.taken == 0 && !last {
                    *own_sheet = None;
                }
            }
            Some(value)
        });
        if near.is_none() {
            return self.far.remove(&number);
        }
        self.near -= 1;
        while self.sheets.len() > 1 && self.sheets.front().is_some_and(Option::is_none) {
            self.sheets.pop_front();
            self.first += 1;
        }
        near
    }

    pub(crate) fn len(&self) -> usize {
        self.near + self.far.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// In the order of the numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, &T)> {
        let sheets = (self.first..).zip(&self.sheets);
        let pages = sheets.flat_map(|(at, sheet)| {
            let pages = sheet.iter().flat_map(|sheet| &sheet.places);
            (at * SHEET..).zip(pages)
        });
        let places = pages.flat_map(|(at, page)| {
            let places = page.iter().flat_map(|page| &page.places);
            (at * PAGE..).zip(places)
        });
        let near = places.filter_map(|(number, value)| Some((number, value.as_ref()?)));
        let mut near = near.peekable();
        let mut far = self
            .far
            .iter()
            .map(|(number, value)| (*number, value))
            .peekable();
        std::iter::from_fn(move || match (near.peek(), far.peek()) {
            (Some((near_by, _)), Some((far_off, _))) if far_off < near_by => far.next(),
            (Some(_), _) => near.next(),
            (None, _) => far.next(),
        })
        .map(|(number, value)| (K::of(number), value))
    }

    /// In their order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = K> {
        self.iter().map(|(key, _)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Number for u64 {
        fn number(self) -> u64 {
            self
        }

        fn of(number: u64) -> Self {
            number
        }
    }

    #[test]
    fn is_a_map_whatever_the_numbers() {
        let mut all: ByNumber<u64, u64> = ByNumber::default();
        let mut map = BTreeMap::new();
        let mut state = 1_u64;
        for round in 0..20_000_u64 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let key = match state >> 61 {
                0 => state >> (state >> 55 & 31),
                1 => 16_777_217 + (state >> 54),
                _ => round / 10 * 7 + (state >> 56),
            };
            if state & (1 << 40) == 0 {
                all.insert(key, round);
                map.insert(key, round);
            } else {
                assert_eq!(all.remove(key), map.remove(&key));
            }
            assert_eq!(all.get(key), map.get(&key));
            assert_eq!(all.len(), map.len());
        }
        assert!(!map.is_empty());
        assert!(all.iter().eq(map.iter().map(|(key, value)| (*key, value))));
        let bytes = rmp_serde::to_vec_named(&all).unwrap();
        assert_eq!(bytes, rmp_serde::to_vec_named(&map).unwrap());
        let mut again: ByNumber<u64, u64> = rmp_serde::from_slice(&bytes).unwrap();
        for key in map.keys() {
            assert_eq!(again.remove(*key), map.get(key).copied());
        }
        assert!(again.is_empty());
        let sheets = again.sheets.iter().flatten();
        assert!(sheets.flat_map(|sheet| &sheet.places).all(Option::is_none));
        assert!(again.sheets.len() <= 1);
    }
}
