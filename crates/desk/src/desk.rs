//! The desk: everything it knows, and one entry for everything that can happen.

use std::collections::BTreeMap;

use crate::{Agent, Config, Input, OutOfService, Output, Reject, Service};

/// The agent desktop as a pure machine.
#[derive(Debug)]
pub struct Desk {
    agents: BTreeMap<String, Agent>,
    service: Service,
}

impl Desk {
    /// Requests of one agent that may be under way at a time.
    pub const MAX_REQUESTS: usize = 16;

    /// A desk without a connection.
    pub fn new(config: Config) -> Self {
        let service = Service {
            in_service: false,
            reason: Some(OutOfService::NotConnected),
            side: None,
            protocol: config.protocol,
            last_heartbeat: None,
        };
        Self {
            agents: BTreeMap::new(),
            service,
        }
    }

    /// Takes one input and appends what is to be done.
    ///
    /// # Errors
    /// A request that is refused at once; every other input is taken.
    pub fn handle(
        &mut self,
        _now: i64,
        _input: Input,
        _out: &mut Vec<Output>,
    ) -> Result<(), Reject> {
        Err(Reject::OutOfService)
    }

    /// When [`Input::Tick`] is due next, in milliseconds since 1970.
    pub fn next_due(&self) -> Option<i64> {
        None
    }

    /// The agent with this id.
    pub fn agent(&self, id: &str) -> Option<&Agent> {
        self.agents.get(id)
    }

    /// The agent with this login name, whatever the case of its letters.
    pub fn agent_by_login_name(&self, name: &str) -> Option<&Agent> {
        self.agents
            .values()
            .find(|agent| agent.login_name.eq_ignore_ascii_case(name))
    }

    /// Every agent, by id.
    pub fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.agents.values()
    }

    /// Whether the desk is in service.
    pub fn service(&self) -> Service {
        self.service.clone()
    }
}
