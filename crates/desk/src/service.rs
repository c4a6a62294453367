//! Whether the desk is in service, as SystemInfo tells it.

use tact_ged188::Protocol;

use crate::input::Side;

/// The state of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Whether requests are taken.
    pub in_service: bool,
    /// Why not; `None` while in service.
    pub reason: Option<OutOfService>,
    /// The server of the session, or of the last one.
    pub side: Option<Side>,
    /// The version that the session speaks.
    pub protocol: Protocol,
    /// The last heartbeat's outcome.
    pub last_heartbeat: Option<Heartbeat>,
}

/// Outcome of a heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heartbeat {
    /// Milliseconds since 1970 of the outcome.
    pub at: i64,
    /// Whether it was answered.
    pub answered: bool,
}

/// Why requests are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutOfService {
    /// No connection to a CTI server.
    #[error("not connected to a CTI server")]
    NotConnected,
    /// The session is being opened.
    #[error("opening a CTI session")]
    Opening,
    /// The configuration is being downloaded.
    #[error("loading the configuration")]
    LoadingConfiguration,
    /// The agents' states are being queried.
    #[error("querying agent states")]
    QueryingStates,
    /// The peripheral is offline.
    #[error("the peripheral is offline")]
    PeripheralOffline,
    /// The central controller is offline.
    #[error("the central controller is offline")]
    CentralControllerOffline,
    /// The CTI server says that it is offline.
    #[error("the CTI server is offline")]
    CtiServerOffline,
    /// We stop ourselves.
    #[error("the server is stopping")]
    Stopping,
}
