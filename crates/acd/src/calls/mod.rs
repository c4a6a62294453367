//! Calls: who takes part, who hears whom, what is told of it.
//!
//! Knows legs and parties; which agent gets a call is `routing`'s, what an agent's state becomes is
//! `agent`'s. They call each other through few doors:
//!
//! - `routing` has a call ring at an agent's phone with `Acd::offer_call`, takes it back with
//!   `Acd::withdraw_offer` and says with `Acd::call_waits` that it waits again;
//! - a call asks for an agent with `Acd::route_call` and says how each offer ended;
//! - `agent` is told what happened at the agent's phone with `Acd::agent_trigger`, and says with
//!   `Acd::wrap_up_over` when wrap-up is done.
//!
//! - `call`: a call and its parties; `data` and `texts`: what it carries; `registry`: all of them
//! - `arrive`, `dial`, `ring`, `hold`, `leave`, `deadline`: what happens to a call
//! - `media`: who hears whom; `line`: what the agent's state becomes
//! - `request`: who may ask for what; `control`: the plain requests; `consult`, `transfer` and `conference`: those about
//!   two calls, which `merge` joins; `supervise`, `assist`; `tones`; `call_data`; `snapshot`
//! - `preview`: a contact of a campaign at an agent, until the customer is called
//! - `told`: the events
//! - `view`: calls as others see them, and after a restart

mod arrive;
mod assist;
mod call;
mod call_data;
mod conference;
mod consult;
mod control;
mod data;
mod deadline;
mod dial;
mod handled;
mod hold;
mod leave;
mod line;
mod media;
mod merge;
mod preview;
mod registry;
mod request;
mod ring;
mod snapshot;
mod supervise;
mod texts;
mod told;
mod tones;
mod transfer;
mod view;

use serde::{Deserialize, Serialize};

use crate::by_number::Number;

pub(crate) use handled::InHand;
pub(crate) use registry::Calls;
use registry::FIRST_CALL;
pub use view::{CallView, PartyView};

/// ConnectionCallID of a call: from 16,777,217 upward, not used again for a long time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId(pub u32);

impl Number for CallId {
    fn number(self) -> u64 {
        u64::from(self.0.wrapping_sub(FIRST_CALL))
    }

    fn of(number: u64) -> Self {
        Self(
            u32::try_from(number)
                .unwrap_or(u32::MAX)
                .wrapping_add(FIRST_CALL),
        )
    }
}
