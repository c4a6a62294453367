//! A headless desktop, one or ten thousand of them, and what they measured.
//!
//! - [`target`]: where the server is; [`tls`]: whom to trust; [`http`]: requests to it
//! - [`channel`]: the event channel over BOSH, WebSocket or TCP, one session behind three transports
//! - [`login`]: the walk of a login as a desktop takes it, step by step
//! - [`crowd`]: ten thousand desktops on one thread, and what events cost and take
//! - [`process`]: what a process has cost so far
//! - [`measure`]: many desktops at a time, and their waits as percentiles
//! - [`clientlog`]: the log that a desktop keeps and sends

pub mod channel;
pub mod clientlog;
pub mod clock;
pub mod crowd;
pub mod http;
pub mod login;
pub mod measure;
pub mod process;
pub mod target;
pub mod tls;
