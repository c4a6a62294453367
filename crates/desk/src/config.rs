//! What a desk is told once, at its start. Knows nothing of agents: those come from the CTI server.

use tact_ged188::Protocol;

/// Settings of one desk. All durations are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The peripheral whose agents this desk serves.
    pub peripheral_id: u32,
    /// The protocol version that OPEN_REQ asks for.
    pub protocol: Protocol,
    /// ClientID and ClientSignature of OPEN_REQ.
    pub client: String,
    /// Time between heartbeats; three unanswered end the session.
    pub heartbeat_ms: i64,
    /// How long OPEN_REQ may go unanswered.
    pub open_timeout_ms: i64,
    /// How long a configuration request may go unanswered, and how long an upload may pause.
    pub configuration_timeout_ms: i64,
    /// How long a state request may go without the event that ends it.
    pub request_timeout_ms: i64,
    /// How long an agent may be without presence before [`load`](Self::load) applies.
    pub presence_grace_ms: i64,
    /// What becomes of an agent whose presence is lost for longer.
    pub load: Load,
    /// Whether there is another side to move to, which maintenance of this one depends on.
    pub has_other_side: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            peripheral_id: 5000,
            protocol: Protocol::CURRENT,
            client: "Finesse".to_owned(),
            heartbeat_ms: 5_000,
            open_timeout_ms: 30_000,
            configuration_timeout_ms: 5_000,
            request_timeout_ms: 15_000,
            presence_grace_ms: 60_000,
            load: Load::SignOut,
            has_other_side: false,
        }
    }
}

/// The desk setting LOAD, "logout on agent disconnect".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Load {
    /// 0: the agent becomes NOT_READY.
    NotReady,
    /// 1: the agent is signed out.
    #[default]
    SignOut,
}
