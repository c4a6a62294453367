//! BOSH: XMPP in HTTP requests (XEP-0124 1.11, XEP-0206). [`body`] is the wire, for both sides; [`session`] is the server's
//! side of one session.

pub mod body;
pub mod session;

pub use body::{Body, Terminate};
pub use session::{Input, Output, RequestId, Session, Settings};
