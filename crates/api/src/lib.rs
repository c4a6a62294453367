//! REST and event documents to and from XML and JSON; ApiErrors.
//!
//! Each document is described once, as calls on a [`Writer`]; the same description makes its XML and its JSON.
//! Reading goes the other way through one bounded [`Element`] tree, whichever of the two formats came in.
//! Nothing here knows a socket, a clock, a setting or another crate of ours.
//!
//! - [`document`]: the trait of every document, and the writer that it is described to
//! - [`element`]: the tree that documents are read from, its limits and errors
//! - [`xml`] and [`json`]: the two formats
//! - [`timestamp`]: `2024-01-01T10:00:00.123Z` to and from milliseconds
//! - [`system_info`], [`user`], [`team`], [`dialog`], [`dialogs`], [`queue`], [`reason_code`], [`wrap_up_reason`],
//!   [`phone_book`], [`client_log`], [`sign_out`]: the resources
//! - [`dialog_request`]: what is asked of a call
//! - [`api_errors`]: refusals, as HTTP spells them and as notifications spell them
//! - [`update`]: the envelope of a notification

pub mod api_errors;
pub mod client_log;
pub mod dialog;
pub mod dialog_request;
pub mod dialogs;
pub mod document;
pub mod element;
#[doc(hidden)]
pub mod fuzz;
pub mod json;
pub mod phone_book;
pub mod queue;
pub mod reason_code;
pub mod sign_out;
pub mod system_info;
pub mod team;
pub mod timestamp;
pub mod update;
pub mod user;
pub mod wrap_up_reason;
pub mod xml;

pub use api_errors::{ApiError, ApiErrors, AsyncApiError, AsyncApiErrors, PeripheralError};
pub use client_log::ClientLog;
pub use dialog::{CallVariable, Dialog, MediaProperties, Participant, ScheduledCallback};
pub use dialog_request::{ActionParam, CallData, DialogRequest};
pub use dialogs::Dialogs;
pub use document::{Document, Writer};
pub use element::{Element, ReadError};
pub use phone_book::{Contact, Contacts, PhoneBook, PhoneBooks};
pub use queue::{Queue, QueueStatistics, Queues};
pub use reason_code::{ReasonCode, ReasonCodes};
pub use sign_out::{SignOut, SignOuts};
pub use system_info::{CtiServer, Node, SystemInfo};
pub use team::{Team, Teams};
pub use update::{Data, Event, Update};
pub use user::{MobileAgent, Settings, User, UserPut, UserSummary};
pub use wrap_up_reason::{WrapUpReason, WrapUpReasons};
