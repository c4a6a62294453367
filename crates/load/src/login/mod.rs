//! The walk of a login as a desktop takes it: the nine of the twelve steps that a client can see.
//!
//! What happens behind the REST API (`cti_request`, `cti_event`, `publish`) a client only learns of when it fails:
//! the CTI server's refusal arrives as an error with the request's id, and is named `cti_event`.

mod desktop;
mod refusal;
mod report;
mod seat;

use std::time::Duration;

use rustls::Error as TlsError;
use tact_logline::step::Step;

use crate::channel::Transport;
use crate::target::Target;
use desktop::Desktop;
pub use report::{Report, StepTime, Verdict};
pub use seat::{Seat, Timing};

/// Time for one REST answer.
pub const REST_TIMEOUT: Duration = Duration::from_secs(15);
/// Time from the 202 to the event. The server gives a CTI request up 15 s after it was sent.
pub const EVENT_TIMEOUT: Duration = Duration::from_secs(20);

/// Who signs in, where and how.
#[derive(Debug, Clone)]
pub struct LoginSettings {
    /// The server.
    pub server: Target,
    /// Host and port of XMPP over TCP.
    pub xmpp: (String, u16),
    /// Accept any certificate; loopback always does.
    pub insecure: bool,
    /// What carries the event channel.
    pub transport: Transport,
    /// The agent id.
    pub agent: String,
    /// The password.
    pub password: String,
    /// The extension.
    pub extension: String,
    /// Sign out again at the end.
    pub sign_out: bool,
}

/// The step that did not succeed, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {cause}", step.id())]
pub struct Failure {
    /// Which.
    pub step: Step,
    /// In words.
    pub cause: String,
}

impl Failure {
    fn at(step: Step, cause: impl ToString) -> Failure {
        Failure {
            step,
            cause: cause.to_string(),
        }
    }
}

/// Walks a whole login and says how far it came.
pub async fn run(settings: &LoginSettings) -> Result<Report, TlsError> {
    let mut desktop = Desktop::new(settings)?;
    let walked = desktop.sign_in().await;
    let mut report = Report::new(std::mem::take(&mut desktop.steps));
    if let Err(failure) = walked {
        if tells_more(failure.step) {
            // A report of the failure, as an agent sends one with a button. It may be refused like all the rest.
            let _ = desktop.send_client_log().await;
        }
        report.verdict = Verdict::Failed;
        report.broken_at = Some(failure.step);
        report.cause = Some(failure.cause);
        desktop.close().await;
        return Ok(report);
    }
    if let Err(cause) = desktop.send_client_log().await {
        report
            .notes
            .push(format!("the client log could not be sent: {cause}"));
    }
    if !settings.sign_out {
        desktop.close().await;
    } else if let Err(failure) = leave(desktop).await {
        report.verdict = Verdict::Failed;
        report.cause = Some(format!(
            "signed in, but the sign-out failed: {}",
            failure.cause
        ));
    }
    Ok(report)
}

/// Whether the client log of a login that failed here can reach the server and says what no other log does: who tried.
/// Refused credentials are not tried again: that would count as another failure.
fn tells_more(step: Step) -> bool {
    !matches!(step, Step::Desktop | Step::EventChannel)
}

async fn leave(desktop: Desktop<'_>) -> Result<(), Failure> {
    let mut seat = desktop.into_seat()?;
    let signed_out = seat.sign_out().await;
    seat.close().await;
    signed_out
}

/// Walks a whole login, sends no client log, and hands over the agent.
pub async fn sign_in(settings: &LoginSettings) -> Result<Seat, Failure> {
    let mut desktop = Desktop::new(settings).map_err(|error| Failure::at(Step::Desktop, error))?;
    match desktop.sign_in().await {
        Ok(()) => desktop.into_seat(),
        Err(failure) => {
            desktop.close().await;
            Err(failure)
        }
    }
}
