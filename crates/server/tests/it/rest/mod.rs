//! The REST API over real sockets, on a real contact centre: store, acd, CTI over TCP, link, desk, HTTP.

mod agent_data;
mod calls;
mod centre;
mod dialogs;
mod http;
mod login;
mod logs;
mod refusals;
mod script;
mod supervisor;
mod teams;
mod wire;
