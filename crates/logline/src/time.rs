//! The time stamps of the formats.
