//! How a row of the message table becomes a type and a codec.
//!
//! A row is a message: number, wire name, type, its fixed fields in wire order, the floats its
//! guide lists. The files under `messages/` hold nothing but rows. Reference section 3.
//!
//! ```text
//! /// What it says.
//! 4 OPEN_CONF OpenConf form[9, 19, 24] {
//!     "InvokeID" invoke_id: u32,
//!     "DepartmentID" department_id: i32 in [1, 2],
//! } floats { AGENT_ID, PERIPHERAL_ID = "FltPeripheralID" U32 }
//! ```
//!
//! `form[...]` gives a message several layouts, numbered from 0, each with the version it starts
//! at (or `NEVER`, only met on the wire); `in` names the layouts a field is in, `short` those in
//! which it has two bytes instead of four.

use crate::tag::Kind;
use crate::wire::{Reader, Scalar, Value};
use crate::{Floats, Protocol, Tag};

/// Marks a layout that no version asks for; it is read, and written back as read.
pub const NEVER: u32 = u32::MAX;

/// Which layout of its fixed part a message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Form {
    /// The layout of the session's protocol version.
    #[default]
    ByVersion,
    /// Another one, as met on the wire: the row's layout with this number.
    Layout(u8),
}

/// A message's body as the table describes it. Implemented by the table only.
pub trait Body: Default {
    /// Message type on the wire.
    const TYPE: u32;
    /// Name in the guides.
    const NAME: &'static str;
    /// First version of each layout; empty when there is but one.
    const LAYOUTS: &'static [u32];
    /// Floats the guide lists for this message.
    const FLOATS: &'static [FloatRow];

    /// Reads the fixed part into this value; `None` when the body ends inside it.
    fn read_fixed(&mut self, reader: &mut Reader<'_>, layout: u8) -> Option<()>;
    /// Appends the fixed part.
    fn write_fixed(&self, layout: u8, out: &mut Vec<u8>);
    /// The fixed fields of a layout in wire order.
    fn fields(&self, layout: u8) -> Vec<(&'static str, Value)>;
    /// The layout asked for.
    fn form(&self) -> Form;
    /// Asks for a layout; nothing happens to a message that has but one.
    fn set_form(&mut self, form: Form);
    /// The floating part.
    fn floats(&self) -> &Floats;
    /// The floating part, to fill it.
    fn floats_mut(&mut self) -> &mut Floats;

    /// The layout of a version: the last that had started by then.
    fn layout_of(protocol: Protocol) -> u8 {
        let started = Self::LAYOUTS
            .iter()
            .filter(|since| **since <= protocol.number())
            .count();
        // A row has a handful of layouts, the first of which every version knows.
        u8::try_from(started.saturating_sub(1)).unwrap_or(0)
    }

    /// The layout this value is written in.
    fn layout(&self, protocol: Protocol) -> u8 {
        match self.form() {
            Form::ByVersion => Self::layout_of(protocol),
            Form::Layout(layout) => layout,
        }
    }
}

/// One float in a message's row.
#[derive(Debug, Clone, Copy)]
pub struct FloatRow {
    /// Its tag.
    pub tag: Tag,
    /// Its name in this message, where it is not the tag's usual one.
    pub name: Option<&'static str>,
    /// Its type in this message, where it is not the tag's usual one.
    pub kind: Option<Kind>,
}

/// In which layouts a field is there, and in which it is short. Bit n stands for layout n.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Presence {
    there: u8,
    short: u8,
}

impl Presence {
    /// From the row's two lists; an empty first list means every layout.
    pub(crate) const fn new(there: &[u8], short: &[u8]) -> Self {
        let there = if there.is_empty() {
            u8::MAX
        } else {
            set_of(there)
        };
        Self {
            there,
            short: set_of(short),
        }
    }

    const fn has(set: u8, layout: u8) -> bool {
        match 1u8.checked_shl(layout as u32) {
            Some(bit) => set & bit != 0,
            None => false,
        }
    }

    #[inline]
    pub(crate) fn read<T: Scalar>(self, reader: &mut Reader<'_>, layout: u8) -> Option<T> {
        if !Self::has(self.there, layout) {
            Some(T::default())
        } else if Self::has(self.short, layout) {
            T::read_short(reader)
        } else {
            T::read(reader)
        }
    }

    #[inline]
    pub(crate) fn write<T: Scalar>(self, value: T, layout: u8, out: &mut Vec<u8>) {
        if !Self::has(self.there, layout) {
        } else if Self::has(self.short, layout) {
            value.write_short(out);
        } else {
            value.write(out);
        }
    }

    pub(crate) fn list<T: Scalar>(
        self,
        name: &'static str,
        value: T,
        layout: u8,
    ) -> Option<(&'static str, Value)> {
        Self::has(self.there, layout).then(|| (name, value.value()))
    }
}

/// The bits of a list of layout numbers, all below 8.
const fn set_of(mut layouts: &[u8]) -> u8 {
    let mut set = 0;
    while let [first, rest @ ..] = layouts {
        set |= 1 << *first;
        layouts = rest;
    }
    set
}

/// Turns rows into message types; see the module.
macro_rules! messages {
    ($(
        $(#[$doc:meta])*
        $number:literal $wire:ident $name:ident $($form:ident [$($since:expr),+])? {
            $($label:literal $field:ident : $ty:ident $(in [$($there:literal),+])? $(short [$($short:literal),+])?),* $(,)?
        } $(floats { $($tag:ident $(= $flabel:literal $fkind:ident)?),* $(,)? })?
    )*) => {$(
        $(#[$doc])*
        #[doc = ""]
        #[doc = concat!("Message ", stringify!($number), ", `", stringify!($wire), "`.")]
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $(
                #[doc = concat!("`", $label, "`.")]
                pub $field: $ty,
            )*
            $(
                #[doc = "The layout of the fixed part; leave it at its default to follow the version."]
                pub $form: $crate::table::Form,
            )?
            #[doc = "The floating part."]
            pub floats: $crate::Floats,
        }

        impl $crate::table::Body for $name {
            const TYPE: u32 = $number;
            const NAME: &'static str = stringify!($wire);
            const LAYOUTS: &'static [u32] = &[$($($since),+)?];
            const FLOATS: &'static [$crate::table::FloatRow] = &[$($(
                $crate::table::float_row!($tag $(= $flabel $fkind)?)
            ),*)?];

            fn read_fixed(&mut self, reader: &mut $crate::wire::Reader<'_>, layout: u8) -> Option<()> {
                let _ = (&*reader, layout);
                $(self.$field = $crate::table::presence!($([$($there),+])?; $([$($short),+])?).read(reader, layout)?;)*
                Some(())
            }

            fn write_fixed(&self, layout: u8, out: &mut Vec<u8>) {
                let _ = (layout, &*out);
                $($crate::table::presence!($([$($there),+])?; $([$($short),+])?).write(self.$field, layout, out);)*
            }

            fn fields(&self, layout: u8) -> Vec<(&'static str, $crate::wire::Value)> {
                let _ = layout;
                let fields: &[Option<(&'static str, $crate::wire::Value)>] = &[
                    $($crate::table::presence!($([$($there),+])?; $([$($short),+])?).list($label, self.$field, layout)),*
                ];
                fields.iter().copied().flatten().collect()
            }

            fn form(&self) -> $crate::table::Form {
                let forms: &[$crate::table::Form] = &[$(self.$form)?];
                forms.first().copied().unwrap_or_default()
            }

            fn set_form(&mut self, form: $crate::table::Form) {
                let _ = form;
                $(self.$form = form;)?
            }

            fn floats(&self) -> &$crate::Floats {
                &self.floats
            }

            fn floats_mut(&mut self) -> &mut $crate::Floats {
                &mut self.floats
            }
        }
    )*};
}

/// A field's presence as a constant.
macro_rules! presence {
    ($([$($there:literal),+])?; $([$($short:literal),+])?) => {
        const { $crate::table::Presence::new(&[$($($there),+)?], &[$($($short),+)?]) }
    };
}

/// A float of a row, with or without its own name and type.
macro_rules! float_row {
    ($tag:ident) => {
        $crate::table::FloatRow {
            tag: $crate::Tag::$tag,
            name: None,
            kind: None,
        }
    };
    ($tag:ident = $label:literal $kind:ident) => {
        $crate::table::FloatRow {
            tag: $crate::Tag::$tag,
            name: Some($label),
            kind: Some($crate::tag::Kind::$kind),
        }
    };
}

pub(crate) use {float_row, messages, presence};
