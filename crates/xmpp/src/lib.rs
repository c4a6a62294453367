//! XMPP as values: stanzas, streams, SASL, BOSH bodies, PubSub, and the session machines.
//!
//! Nothing here does I/O, reads a clock or draws randomness. The server drives [`stream::Stream`] and [`bosh::Session`];
//! a client uses the same wire types from its side.
//!
//! - [`element`], [`escape`], [`parser`], [`ns`]: the stanza tree, in and out
//! - [`jid`], [`sasl`], [`error`], [`stanza`], [`query`], [`pubsub`]: what stanzas mean
//! - [`stream`]: the server's side of one stream, over any transport
//! - [`bosh`], [`websocket`]: the two transports that have a wire of their own
//! - [`event`]: events, rendered once for all recipients

pub mod bosh;
pub mod element;
pub mod error;
pub mod escape;
pub mod event;
#[doc(hidden)]
pub mod fuzz;
pub mod jid;
pub mod ns;
pub mod parser;
pub mod pubsub;
pub mod query;
pub mod sasl;
pub mod stanza;
pub mod stream;
pub mod websocket;
