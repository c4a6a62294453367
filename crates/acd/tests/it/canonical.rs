//! A machine's state reduced to what its future depends on: two machines with one digest go on alike, but for numbers
//! and times.
//!
//! Written by the machine's own serialisation, so that what is added to the state is part of the digest by itself. Left
//! out are the configuration, sessions, statistics, call data, and counters that only number things. Calls and legs
//! are named in the order of their first mention; all maps are in the order of the old names, so that order counts.
//! Of times the order counts, and of what is due also how many seconds it is off.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::ser::{self, Serialize, Serializer};
use tact_acd::Acd;

/// Integers from here on are milliseconds since 1970.
const FIRST_TIME: i64 = 1_000_000_000_000;
/// What is due behind this never comes up.
const FAR_MS: i64 = 1_000_000_000;

/// Odd, and nothing up the sleeve: digits of pi.
const SEED: u128 = 0x243f_6a88_85a3_08d3_1319_8a2e_0370_7344;
const FACTOR: u128 = 0xa409_3822_299f_31d0_082e_fa98_ec4e_6c89;

/// The digest of a state at `now`, which is behind [`FIRST_TIME`].
pub(crate) fn digest(acd: &Acd, now: i64) -> u128 {
    let mut writer = Writer::default();
    acd.serialize(&mut writer).unwrap();
    writer.finish(now)
}

/// What is not written, by structure and field.
const LEFT_OUT: [(&str, &str); 15] = [
    ("Acd", "directory"),
    ("Acd", "sessions"),
    ("Acd", "audience"),
    ("Acd", "statistics"),
    ("Agent", "since"),
    ("Agent", "reason"),
    ("Call", "data"),
    ("Calls", "last_call"),
    ("Calls", "last_leg"),
    ("Dialer", "last_order"),
    ("Waiting", "order"),
    ("Waiting", "since"),
    ("Login", "signature"),
    ("Routing", "counts"),
    ("Routing", "latest"),
];

/// Values in the order of their writing.
#[derive(Default)]
struct Writer {
    tokens: Vec<u64>,
    /// Where in `tokens` a time belongs.
    times: Vec<(usize, i64)>,
    names: [BTreeMap<u64, u64>; 2],
    /// Which names the next integer is of.
    named: Option<usize>,
}

impl Writer {
    fn put(&mut self, kind: u64, value: u64) {
        self.tokens.push(kind << 56 ^ value);
    }

    fn integer(&mut self, value: u64) {
        match self.named.take() {
            Some(kind) => {
                let next = self.names[kind].len() as u64;
                let name = *self.names[kind].entry(value).or_insert(next);
                self.put(1, name);
            }
            None => self.put(2, value),
        }
    }

    fn finish(mut self, now: i64) -> u128 {
        let mut order: Vec<i64> = self.times.iter().map(|(_, time)| *time).collect();
        order.retain(|time| *time < now + FAR_MS);
        order.sort_unstable();
        order.dedup();
        for (at, time) in std::mem::take(&mut self.times) {
            let place = order.partition_point(|other| *other < time) as u64;
            let ahead = time - now;
            let seconds = match ahead {
                FAR_MS.. => 1_000_000,
                0.. => 1 + (ahead + 500) as u64 / 1000,
                _ => 0,
            };
            self.tokens[at] = 3 << 56 ^ place << 32 ^ seconds;
        }
        // A product mixes upwards, a rotation brings what is above down again.
        self.tokens.iter().fold(SEED, |digest, token| {
            (digest ^ u128::from(*token))
                .wrapping_mul(FACTOR)
                .rotate_right(61)
        })
    }
}

/// Nothing fails.
#[derive(Debug)]
pub(crate) struct Never;

impl Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("never")
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: Display>(message: T) -> Self {
        panic!("{message}")
    }
}

/// A structure that is being written.
struct Fields<'a> {
    writer: &'a mut Writer,
    of: &'static str,
}

macro_rules! integers {
    ($($function:ident $type:ty;)*) => {$(
        fn $function(self, value: $type) -> Result<(), Never> {
            self.integer(value as u64);
            Ok(())
        }
    )*};
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Fields<'a>;
    type SerializeTuple = Fields<'a>;
    type SerializeTupleStruct = Fields<'a>;
    type SerializeTupleVariant = Fields<'a>;
    type SerializeMap = Fields<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Fields<'a>;

    integers! {
        serialize_bool bool;
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
        serialize_char char;
    }

    fn serialize_i64(self, value: i64) -> Result<(), Never> {
        if value >= FIRST_TIME {
            self.put(3, 0);
            self.times.push((self.tokens.len() - 1, value));
        } else {
            self.put(4, value as u64);
        }
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.put(5, value.to_bits().into());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        self.put(5, value.to_bits());
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.serialize_bytes(value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        self.put(6, value.len() as u64);
        self.tokens
            .extend(value.iter().map(|byte| u64::from(*byte)));
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.put(7, 0);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        self.put(7, 1);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.put(8, 0);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &str, index: u32, _: &str) -> Result<(), Never> {
        self.put(9, index.into());
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.named = match name {
            "CallId" => Some(0),
            "LegId" => Some(1),
            _ => None,
        };
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &str,
        index: u32,
        _: &str,
        value: &T,
    ) -> Result<(), Never> {
        self.put(9, index.into());
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Fields<'a>, Never> {
        Ok(Fields::begin(self, ""))
    }

    fn serialize_tuple(self, _: usize) -> Result<Fields<'a>, Never> {
        Ok(Fields::begin(self, ""))
    }

    fn serialize_tuple_struct(self, name: &'static str, _: usize) -> Result<Fields<'a>, Never> {
        Ok(Fields::begin(self, name))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Fields<'a>, Never> {
        self.put(9, index.into());
        Ok(Fields::begin(self, name))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields<'a>, Never> {
        Ok(Fields::begin(self, ""))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields<'a>, Never> {
        Ok(Fields::begin(self, name))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Fields<'a>, Never> {
        self.put(9, index.into());
        Ok(Fields::begin(self, name))
    }
}

impl<'a> Fields<'a> {
    fn begin(writer: &'a mut Writer, of: &'static str) -> Self {
        writer.put(10, 0);
        Self { writer, of }
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        value.serialize(&mut *self.writer)
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Never> {
        if LEFT_OUT.contains(&(self.of, name)) {
            return Ok(());
        }
        self.value(value)
    }

    fn over(self) -> Result<(), Never> {
        self.writer.put(11, 0);
        Ok(())
    }
}

macro_rules! elements {
    ($($trait:ident $function:ident;)*) => {$(
        impl ser::$trait for Fields<'_> {
            type Ok = ();
            type Error = Never;

            fn $function<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                self.value(value)
            }

            fn end(self) -> Result<(), Never> {
                self.over()
            }
        }
    )*};
}

elements! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! fields {
    ($($trait:ident)*) => {$(
        impl ser::$trait for Fields<'_> {
            type Ok = ();
            type Error = Never;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Never> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Never> {
                self.over()
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Fields<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.value(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.value(value)
    }

    fn end(self) -> Result<(), Never> {
        self.over()
    }
}
