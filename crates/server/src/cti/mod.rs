//! GED-188 over TCP: [`link`] is the client of a CTI server, [`listen`] is our own CTI server.

pub mod link;
pub mod listen;
