//! Desk state as API documents: the only mapping; REST and notifications share it.
//!
//! Pure: the desk and the configuration in, documents out. It decides how a document looks, never what happens.
//!
//! - `system_info`, `user`: the resources
//! - `publish`: an output of the desk as nodes and their documents
//! - `refusal`: the refusals of the desk and of the CTI server

mod publish;
mod refusal;
mod system_info;
mod user;

pub use publish::{client_log_stored, publish};
pub use refusal::{api_errors_for, control_failure};
pub use system_info::{System, system_info};
pub use user::{category_name, mode_name, reason_code, state_name, user};

#[cfg(test)]
mod tests;
