//! Desk state as API documents: the only mapping; REST and notifications share it.
//!
//! Pure: the desk and the configuration in, documents out. It decides how a document looks, never what happens.
//!
//! - `system_info`, `user`, `team`, `dialog`, `queue`: the resources
//! - `publish`: an output of the desk as nodes and their documents
//! - `refusal`: the refusals of the desk and of the CTI server

mod dialog;
mod publish;
mod queue;
mod refusal;
mod reserved_reason;
mod system_info;
mod team;
mod user;
mod wrap_up_reason;

pub use dialog::{CLASSIFICATIONS, call_type_name, dialog};
pub use publish::{client_log_stored, publish};
pub use queue::queue;
pub use refusal::{api_errors_for, call_failure, control_failure};
pub use system_info::{System, system_info};
pub use team::{team, team_name};
pub use user::{category_name, mode_name, reason_code, state_name, user};
pub use wrap_up_reason::wrap_up_reason;

#[cfg(test)]
mod tests;
