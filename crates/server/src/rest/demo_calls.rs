//! `POST /tact/demo/calls`: somebody calls the demo centre at once. Not of the original's API, and only there where
//! the phones are simulated and the passwords public: in the demo centre, from this machine, for supervisors and
//! administrators.
//!
//! ```json
//! {"to": "8000", "from": "5550131", "variables": {"callVariable1": "Amara Okafor"}, "hang_up_after_s": 60}
//! ```
//!
//! `to` is a dialled number with a route, or an extension. Without `hang_up_after_s` the caller talks until the agent
//! hangs up; without `patience_s` the caller waits for ever.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use axum::{Extension, Router, middleware};
use serde::Deserialize;
use tact_acd::phones::{Call, Hand, Span};

use super::answer::{Answer, Refusal, Reply};
use super::exchange::{self, Exchange};
use super::{body, refusal};
use crate::acd::AcdHandle;
use crate::http::Connection;

/// Where it is.
pub const PATH: &str = "/tact/demo/calls";
/// The number of a caller who names none; it is of the range that belongs to nobody.
const ANONYMOUS: &str = "5550199";
/// Call variables of one caller, and bytes of each.
const MAX_VARIABLES: usize = 40;
const MAX_VALUE_BYTES: usize = 210;
/// Bytes of a number.
const MAX_NUMBER_BYTES: usize = 40;
/// An hour; nobody talks or waits longer.
const MAX_SECONDS: u32 = 3600;

/// Who calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Caller {
    to: String,
    from: Option<String>,
    #[serde(default)]
    variables: BTreeMap<String, String>,
    hang_up_after_s: Option<u32>,
    patience_s: Option<u32>,
}

/// The API and the centre that is called.
#[derive(Clone)]
struct Demo {
    rest: super::State,
    acd: AcdHandle,
}

/// The door, for a demo centre.
pub fn routes(rest: super::State, acd: AcdHandle) -> Router {
    let exchange = middleware::from_fn_with_state(rest.clone(), exchange::run);
    let methods = post(call).options(|| exchange::options("OPTIONS,POST"));
    Router::new()
        .route(PATH, methods)
        .method_not_allowed_fallback(refusal::wrong_method)
        .layer(exchange)
        .with_state(Demo { rest, acd })
}

async fn call(
    State(demo): State<Demo>,
    Extension(exchange): Extension<Exchange>,
    Extension(connection): Extension<Connection>,
    body: Body,
) -> Answer {
    exchange.understood("Demo-Calls-POST", exchange.user(), "demoCalls.POST", "");
    if !connection.peer.ip().is_loopback() {
        return Err(refusal::not_found(PATH));
    }
    let configuration = demo.rest.configuration.load();
    let may = configuration
        .users
        .get(exchange.user())
        .is_some_and(|user| user.supervisor || user.administrator);
    if !may {
        return Err(refusal::unauthorized(exchange.user()));
    }
    let bytes = body::collect(body, demo.rest.settings.max_body_bytes).await?;
    let caller: Caller = serde_json::from_slice(&bytes)
        .map_err(|error| refusal::bad_request(&error.to_string(), ""))?;
    let hand = Hand::Call(caller.call()?);
    let scheduled = demo.acd.telephony(|now, phones| phones.schedule(now, hand));
    scheduled.map_err(|_full| refusal::out_of_service())?;
    Ok(Reply::Accepted)
}

impl Caller {
    fn call(self) -> Result<Call, Refusal> {
        let from = self.from.unwrap_or_else(|| ANONYMOUS.to_owned());
        for (number, element) in [(&self.to, "to"), (&from, "from")] {
            if number.is_empty() || number.len() > MAX_NUMBER_BYTES {
                let message = format!("a number has 1 to {MAX_NUMBER_BYTES} bytes");
                return Err(refusal::invalid_input(&message, element));
            }
        }
        let fits = |(name, value): (&String, &String)| {
            name.len() <= MAX_VALUE_BYTES && value.len() <= MAX_VALUE_BYTES
        };
        if self.variables.len() > MAX_VARIABLES || !self.variables.iter().all(fits) {
            let message = format!(
                "at most {MAX_VARIABLES} variables, names and values of at most {MAX_VALUE_BYTES} bytes"
            );
            return Err(refusal::invalid_input(&message, "variables"));
        }
        let span = |seconds: Option<u32>, element| match seconds {
            Some(seconds) if seconds > MAX_SECONDS => {
                let message = format!("at most {MAX_SECONDS} seconds");
                Err(refusal::invalid_input(&message, element))
            }
            seconds => Ok(seconds.map(|seconds| Span::Fixed(i64::from(seconds) * 1000))),
        };
        Ok(Call {
            talk: span(self.hang_up_after_s, "hang_up_after_s")?,
            patience: span(self.patience_s, "patience_s")?,
            hold_patience: None,
            from: from.into(),
            dialed: self.to.into(),
            variables: self
                .variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        })
    }
}
