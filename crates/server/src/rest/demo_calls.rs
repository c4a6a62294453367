//! `POST /tact/demo/calls`: somebody calls the demo centre at once, or is to be called. Not of the original's API, and only there where
//! the phones are simulated and the passwords public: in the demo centre, from this machine, for supervisors and
//! administrators.
//!
//! ```json
//! {"to": "8000", "from": "5550131", "variables": {"callVariable1": "Amara Okafor"}, "hang_up_after_s": 60}
//! ```
//!
//! `to` is a dialled number with a route, or an extension. Without `hang_up_after_s` the caller talks until the agent
//! hangs up; without `patience_s` the caller waits for ever.
//!
//! A campaign's contact, which an agent of the queue looks at before the customer is called:
//!
//! ```json
//! {"preview": {"queue": 2, "to": "5550131", "campaign": "Renewals", "name": "Okafor, Amara", "account": "C-10231"}}
//! ```
//!
//! `queue` is the number of a skill group or precision queue; all but `queue` and `to` may be left out, and `variables`
//! are as above.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::State;
use axum::routing::post;
use axum::{Extension, Router};
use serde::Deserialize;
use tact_acd::Input;
use tact_acd::dialer::{Contact, MAX_CONTACTS};
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

/// The number of the dialer's port, from which agents are called.
const DIALER_PORT: &str = "7000";

/// What is to happen.
#[derive(Debug)]
enum Wish {
    Call(Caller),
    Preview(Preview),
}

/// The body that wishes for a contact.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPreview {
    preview: Preview,
}

/// Whom a campaign wants called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preview {
    queue: u32,
    to: String,
    #[serde(default)]
    campaign: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    variables: BTreeMap<String, String>,
}

impl Wish {
    fn read(bytes: &[u8]) -> serde_json::Result<Wish> {
        let value: serde_json::Value = serde_json::from_slice(bytes)?;
        match value.get("preview") {
            Some(_) => {
                let OfPreview { preview } = serde_json::from_value(value)?;
                Ok(Wish::Preview(preview))
            }
            None => serde_json::from_value(value).map(Wish::Call),
        }
    }
}

/// The API and the centre that is called.
#[derive(Clone)]
struct Demo {
    rest: super::State,
    acd: AcdHandle,
}

/// The door, for a demo centre.
pub fn routes(rest: super::State, acd: AcdHandle) -> Router {
    let methods = post(call).options(|| exchange::options("OPTIONS,POST"));
    let router = Router::new().route(PATH, methods);
    super::beside(rest.clone(), router, Demo { rest, acd })
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
    let wish = Wish::read(&bytes).map_err(|error| refusal::bad_request(&error.to_string(), ""))?;
    match wish {
        Wish::Call(caller) => {
            let hand = Hand::Call(caller.call()?);
            let scheduled = demo.acd.telephony(|now, phones| phones.schedule(now, hand));
            scheduled.map_err(|_full| refusal::out_of_service())?;
        }
        Wish::Preview(preview) => {
            let (known, full) = demo.acd.read(|acd| {
                let full = acd.contacts_waiting() >= MAX_CONTACTS;
                (acd.queue(preview.queue).is_some(), full)
            });
            if !known {
                return Err(refusal::invalid_input("there is no such queue", "queue"));
            }
            if full {
                return Err(refusal::out_of_service());
            }
            demo.acd.step(Input::Preview(preview.contact()?));
        }
    }
    Ok(Reply::Accepted)
}

impl Preview {
    fn contact(self) -> Result<Contact, Refusal> {
        check_number(&self.to, "to")?;
        check_variables(&self.variables)?;
        for (text, element) in [
            (&self.campaign, "campaign"),
            (&self.name, "name"),
            (&self.account, "account"),
        ] {
            if text.len() > MAX_VALUE_BYTES || text.contains('\0') {
                let message = format!("at most {MAX_VALUE_BYTES} bytes");
                return Err(refusal::invalid_input(&message, element));
            }
        }
        Ok(Contact {
            queue: self.queue,
            number: self.to.into(),
            port: DIALER_PORT.into(),
            campaign: self.campaign.into(),
            name: self.name.into(),
            account: self.account.into(),
            variables: pairs(self.variables),
        })
    }
}

fn check_number(number: &str, element: &str) -> Result<(), Refusal> {
    if number.is_empty() || number.len() > MAX_NUMBER_BYTES || number.contains('\0') {
        let message = format!("a number has 1 to {MAX_NUMBER_BYTES} bytes");
        return Err(refusal::invalid_input(&message, element));
    }
    Ok(())
}

fn check_variables(variables: &BTreeMap<String, String>) -> Result<(), Refusal> {
    let fits = |text: &String| text.len() <= MAX_VALUE_BYTES && !text.contains('\0');
    if variables.len() > MAX_VARIABLES
        || !variables
            .iter()
            .all(|(name, value)| fits(name) && fits(value))
    {
        let message = format!(
            "at most {MAX_VARIABLES} variables, names and values of at most {MAX_VALUE_BYTES} bytes"
        );
        return Err(refusal::invalid_input(&message, "variables"));
    }
    Ok(())
}

fn pairs(variables: BTreeMap<String, String>) -> Vec<(Box<str>, Box<str>)> {
    let pairs = variables.into_iter();
    pairs
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

impl Caller {
    fn call(self) -> Result<Call, Refusal> {
        let from = self.from.unwrap_or_else(|| ANONYMOUS.to_owned());
        check_number(&self.to, "to")?;
        check_number(&from, "from")?;
        check_variables(&self.variables)?;
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
            variables: pairs(self.variables),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(body: &str) -> Preview {
        match Wish::read(body.as_bytes()).unwrap() {
            Wish::Preview(preview) => preview,
            Wish::Call(caller) => panic!("{caller:?}"),
        }
    }

    #[test]
    fn a_body_wishes_for_a_caller_or_for_a_contact() {
        let call = Wish::read(br#"{"to": "8000"}"#).unwrap();
        assert!(matches!(call, Wish::Call(_)));
        let contact = preview(r#"{"preview": {"queue": 2, "to": "5550131", "name": "A, B"}}"#);
        let contact = contact.contact().unwrap();
        assert_eq!((contact.queue, &*contact.number), (2, "5550131"));
        assert_eq!((&*contact.name, &*contact.port), ("A, B", DIALER_PORT));
        for wrong in [
            r#"{"preview": {"queue": 2}}"#,
            r#"{"preview": {"queue": 2, "to": "5550131"}, "to": "8000"}"#,
            r#"{"preview": {"queue": 2, "to": "5550131", "more": 1}}"#,
            r#"{"to": "8000", "more": 1}"#,
            "[]",
        ] {
            assert!(Wish::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_no_call_can_carry_is_refused() {
        let long = "x".repeat(MAX_VALUE_BYTES + 1);
        for wrong in [
            r#""queue": 2, "to": """#.to_owned(),
            r#""queue": 2, "to": "55\u00000""#.to_owned(),
            format!(r#""queue": 2, "to": "5550131", "campaign": "{long}""#),
            format!(r#""queue": 2, "to": "5550131", "variables": {{"user.x": "{long}"}}"#),
        ] {
            let contact = preview(&format!("{{\"preview\": {{{wrong}}}}}"));
            assert!(contact.contact().is_err(), "{wrong}");
        }
    }
}
