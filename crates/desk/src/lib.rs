//! The agent desktop as a pure machine: what CTI events tell of agents, teams, calls and queues.
//!
//! [`Desk::handle`] takes one [`Input`] at a time and appends [`Output`]s; it never blocks, reads
//! no clock and touches no socket. It is the client of a CTI server (reference section 5): it opens
//! the session, downloads the configuration, mirrors agent states and calls, queues the requests of
//! each agent and joins each request to the event or failure that ends it. A request never changes
//! an agent's state or a call here; only the CTI server's events do.
//!
//! A call walks through `calls` to [`Publish::Dialogs`] and [`Publish::Dialog`]; what is asked of it
//! through `call_rights`, `call_request` and, back, `call_outcome`.
//!
//! The login walks through [`Input::Request`] to `login` (SET_AGENT_STATE_REQ), `request` (the
//! agent's queue) and `state` (AGENT_STATE_EVENT) to [`Publish::User`].

mod agent;
mod backlog;
mod call_action;
mod call_outcome;
mod call_request;
mod call_rights;
mod calls;
mod config;
mod configuration;
mod desk;
mod dialog;
mod directory;
#[doc(hidden)]
pub mod fuzz;
mod input;
mod login;
mod output;
mod presence;
mod query;
mod queue;
mod request;
mod service;
mod session;
mod skill_group;
mod state;
mod statistics;
mod team;
mod timer;

pub use agent::{
    Agent, DeskSettings, Mobile, MobileMode, Pending, ReservedFor, SignOutCause, TeamRef,
    is_on_call,
};
pub use call_action::CallAction;
pub use config::{Config, Load};
pub use desk::Desk;
pub use dialog::{
    Dialog, DialogAction, DialogState, Participant, PartyState, RouterCallKey, StateCause, Variable,
};
pub use input::{Action, Input, Request, Side};
pub use output::{Change, Disconnect, Keep, Note, Output, Publish, Reject};
pub use presence::{Absence, Channel, Loss, Noticed};
pub use queue::{Queue, QueueStatistics};
pub use service::{Heartbeat, OutOfService, Service};
