//! An agent who is signed in: a REST client and an event channel, and the state changes that go out by the one and
//! come back by the other.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hyper::{Method, StatusCode};
use tact_api::{Data, Document, Update};
use tact_logline::step::Step;
use tokio::time::timeout;

use super::refusal::{asynchronous, refusal};
use super::{EVENT_TIMEOUT, Failure, REST_TIMEOUT};
use crate::channel::Channel;
use crate::clock::request_id;
use crate::http::Client;

/// How long the two answers to a state change took, each from just before the PUT was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Until the 202 was read.
    pub accepted: Duration,
    /// Until the Update with the request's id was read and understood.
    pub event: Duration,
}

/// A signed-in agent.
pub struct Seat {
    rest: Client,
    channel: Channel,
    /// `/finesse/api/User/{id}`.
    path: String,
    state: String,
    reasons: BTreeMap<&'static str, u32>,
}

impl Seat {
    pub(super) fn new(
        rest: Client,
        channel: Channel,
        path: String,
        state: String,
        reasons: BTreeMap<&'static str, u32>,
    ) -> Seat {
        Seat {
            rest,
            channel,
            path,
            state,
            reasons,
        }
    }

    /// The agent's state, as its last event told it.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Asks for a state, with the first reason of its category where there is one, and waits for the 202 and for the
    /// event. The two are awaited together: the event may well come first.
    pub async fn change(&mut self, state: &str) -> Result<Timing, Failure> {
        let id = request_id().map_err(|error| Failure::at(Step::SignIn, error))?;
        let reason = match self.reasons.get(state) {
            Some(reason) => format!("<reasonCodeId>{reason}</reasonCodeId>"),
            None => String::new(),
        };
        let body = format!("<User><state>{state}</state>{reason}</User>");
        let start = Instant::now();
        let accepted = accepted(&self.rest, &self.path, &id, body, start);
        let event = timeout(EVENT_TIMEOUT, event(&mut self.channel, &id, start));
        let event = async {
            event.await.map_err(|_| {
                let cause = format!("no event for {state} within {} s", EVENT_TIMEOUT.as_secs());
                Failure::at(Step::Deliver, cause)
            })?
        };
        let (accepted, (event, update)) = tokio::try_join!(accepted, event)?;
        match update.data {
            Some(Data::ApiErrors(errors)) => {
                return Err(Failure::at(Step::CtiEvent, asynchronous(&errors)));
            }
            Some(Data::User(user)) if user.state == state => self.state = user.state,
            _ => {
                let cause = format!("the event for {state} tells of something else");
                return Err(Failure::at(Step::Deliver, cause));
            }
        }
        Ok(Timing { accepted, event })
    }

    /// Signs out: to NOT_READY first where the state table demands it, each with a reason where one is configured.
    pub async fn sign_out(&mut self) -> Result<(), Failure> {
        if self.state != "NOT_READY" {
            self.change("NOT_READY").await?;
        }
        self.change("LOGOUT").await.map(drop)
    }

    /// Ends the event channel as a desktop does that is closed. The agent stays in its state.
    pub async fn close(self) {
        self.channel.close().await;
    }
}

async fn accepted(
    rest: &Client,
    path: &str,
    id: &str,
    body: String,
    start: Instant,
) -> Result<Duration, Failure> {
    let answer = rest
        .send_xml(Method::PUT, path, id, body, REST_TIMEOUT)
        .await
        .map_err(|error| Failure::at(Step::SignIn, error))?;
    let took = start.elapsed();
    if answer.status != StatusCode::ACCEPTED {
        return Err(Failure::at(Step::SignIn, refusal(&answer)));
    }
    Ok(took)
}

async fn event(
    channel: &mut Channel,
    id: &str,
    start: Instant,
) -> Result<(Duration, Update), Failure> {
    loop {
        let event = channel
            .next_event()
            .await
            .map_err(|error| Failure::at(Step::Deliver, error))?;
        let update = Update::from_xml(event.payload.as_bytes())
            .map_err(|error| Failure::at(Step::Deliver, error))?;
        if update.request_id == id {
            return Ok((start.elapsed(), update));
        }
    }
}
