//! The desk from outside: dialogues with a scripted CTI server at hand-driven time, recorded bytes,
//! and arbitrary conversations.

mod agents;
mod login;
mod presence;
mod prop;
mod recorded;
mod requests;
mod scene;
mod session;
