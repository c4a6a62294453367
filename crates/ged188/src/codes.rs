//! Codes and masks: open numbers with names. An unknown value survives as its number.
//!
//! Tables only, no behaviour. Reference section 4.

mod agent;
mod call;
mod control_failure;
mod mask;
mod peripheral_error;
mod status;
mod system;

pub use agent::*;
pub use call::*;
pub use control_failure::ControlFailure;
pub use mask::*;
pub use peripheral_error::PeripheralError;
pub use status::StatusCode;
pub use system::*;

/// Rows of a code: a number on the wire with the names the guides give.
macro_rules! codes {
    ($(
        $(#[$doc:meta])*
        $name:ident($ty:ty) { $($value:literal $constant:ident $wire:literal),* $(,)? }
    )*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default,
            serde::Serialize, serde::Deserialize,
        )]
        pub struct $name(pub $ty);

        impl $name {
            $(
                #[doc = concat!("`", $wire, "`.")]
                pub const $constant: Self = Self($value);
            )*

            /// Every code with a name, in the order of the guides.
            pub const ALL: &'static [Self] = &[$(Self($value)),*];

            /// The name in the guides; `None` for a value they do not list.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($wire),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            /// The name, or the number when there is none.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => self.0.fmt(f),
                }
            }
        }

        $crate::codes::code_scalar!($name, $ty, |code| code.name());
    )*};
}

/// Rows of a mask: bits that combine with `|`.
macro_rules! masks {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($value:literal $constant:ident $wire:literal),* $(,)? }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            $(
                #[doc = concat!("`", $wire, "`.")]
                pub const $constant: Self = Self($value);
            )*
            /// No bit.
            pub const NONE: Self = Self(0);

            /// Whether every bit of `other` is set.
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Whether any bit of `other` is set.
            pub const fn intersects(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }

            /// The bits as a number.
            pub const fn bits(self) -> u32 {
                self.0
            }

            /// Names of the set bits that have one, lowest bit first.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                const NAMES: &[(u32, &str)] = &[$(($value, $wire)),*];
                NAMES.iter().filter(move |(bit, _)| self.0 & bit != 0).map(|(_, name)| *name)
            }
        }

        impl std::ops::BitOr for $name {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl std::ops::BitOrAssign for $name {
            fn bitor_assign(&mut self, other: Self) {
                self.0 |= other.0;
            }
        }

        impl std::ops::BitAnd for $name {
            type Output = Self;
            fn bitand(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:#x})"), self.0)
            }
        }

        $crate::codes::code_scalar!($name, u32, |_mask| None);
    )*};
}

/// A code is read and written as its number.
macro_rules! code_scalar {
    ($name:ident, $ty:ty, $label:expr) => {
        impl $crate::wire::Scalar for $name {
            const SIZE: usize = size_of::<$ty>();

            #[inline]
            fn read(reader: &mut $crate::wire::Reader<'_>) -> Option<Self> {
                <$ty as $crate::wire::Scalar>::read(reader).map(Self)
            }

            #[inline]
            fn write(self, out: &mut Vec<u8>) {
                $crate::wire::Scalar::write(self.0, out);
            }

            fn value(self) -> $crate::wire::Value {
                let label: fn(Self) -> Option<&'static str> = $label;
                $crate::wire::Value {
                    number: i64::from(self.0),
                    name: label(self),
                }
            }
        }
    };
}

pub(crate) use {code_scalar, codes, masks};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_have_the_guides_names() {
        assert_eq!(AgentState::NOT_READY.name(), Some("AGENT_STATE_NOT_READY"));
        assert_eq!(
            ControlFailure(260).name(),
            Some("CF_INVALID_LOGON_DEVICE_SPECIFIED")
        );
        assert_eq!(
            StatusCode(110).to_string(),
            "E_CTI_SERVER_IN_MAINTENANCE_MODE"
        );
        assert_eq!(SystemEventId::PERIPHERAL_ONLINE, SystemEventId(3));
    }

    #[test]
    fn unknown_codes_keep_their_number() {
        assert_eq!(AgentState(77).name(), None);
        assert_eq!(AgentState(77).to_string(), "77");
    }

    #[test]
    fn masks_combine() {
        let services = Services::ALL_EVENTS | Services::SUPERVISOR;
        assert_eq!(services.bits(), 0x90);
        assert!(services.contains(Services::ALL_EVENTS));
        assert!(!services.contains(services | Services::CLIENT_CONTROL));
        assert_eq!(
            services.names().collect::<Vec<_>>(),
            ["CTI_SERVICE_ALL_EVENTS", "CTI_SERVICE_SUPERVISOR"]
        );
    }
}
