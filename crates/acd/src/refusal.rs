//! How a request is refused: by the CTI server itself or by the peripheral behind it.
//!
//! Knows the two messages (reference ged188, 3.2, 4.1, 4.13, 4.14).

use std::sync::Arc;

use smallvec::smallvec;
use tact_ged188::{
    ControlFailure, ControlFailureConf, FailureConf, FailureEvent, Message, PeripheralError,
    StatusCode,
};

use crate::io::{ClientId, Output};

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// By the CTI server: FAILURE_CONF.
    Server(StatusCode),
    /// By the peripheral: CONTROL_FAILURE_CONF.
    Peripheral {
        failure: ControlFailure,
        peripheral_error: PeripheralError,
    },
}

impl Refusal {
    /// A refusal by the peripheral.
    pub(crate) const fn peripheral(
        failure: ControlFailure,
        peripheral_error: PeripheralError,
    ) -> Self {
        Self::Peripheral {
            failure,
            peripheral_error,
        }
    }
}

impl From<StatusCode> for Refusal {
    fn from(status: StatusCode) -> Self {
        Self::Server(status)
    }
}

/// Sends one message to one client.
pub(crate) fn send(out: &mut Vec<Output>, client: ClientId, message: impl Into<Message>) {
    out.push(Output::Send {
        to: smallvec![client],
        message: Arc::new(message.into()),
    });
}

/// Answers a request with its refusal.
pub(crate) fn refuse(out: &mut Vec<Output>, client: ClientId, invoke_id: u32, refusal: Refusal) {
    match refusal {
        Refusal::Server(status) => send(
            out,
            client,
            FailureConf {
                invoke_id,
                status,
                ..Default::default()
            },
        ),
        Refusal::Peripheral {
            failure,
            peripheral_error,
        } => send(
            out,
            client,
            ControlFailureConf {
                invoke_id,
                failure_code: failure,
                peripheral_error_code: peripheral_error.0,
                ..Default::default()
            },
        ),
    }
}

/// Answers what has no InvokeID, or tells of the session itself.
pub(crate) fn fail_event(out: &mut Vec<Output>, client: ClientId, status: StatusCode) {
    send(
        out,
        client,
        FailureEvent {
            status,
            ..Default::default()
        },
    );
}
