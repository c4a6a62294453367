//! The XMPP machines, tested by raw values.

mod bosh;
mod parser;
mod properties;
mod seeds;
mod stream;
