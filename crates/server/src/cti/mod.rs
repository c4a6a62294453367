//! GED-188 over TCP: [`link`] is the client of a CTI server, [`listen`] is our own CTI server.

pub(crate) mod frames;
pub mod journal;
pub mod link;
pub mod listen;
pub(crate) mod log;
pub(crate) mod message;
pub(crate) mod outbox;
