//! Who hears of an event, and under which MonitorID.
//!
//! ALL_EVENTS sessions share one message with MonitorID 0; whoever hears of something because it is about
//! an own agent or phone, or because of a monitor, gets it with an own MonitorID. Masks are looked at
//! here and nowhere else. Reference ged188, 3 (common fields), 3.11 and 4.8.
//!
//! A call monitor hears what an ALL_EVENTS session hears of that call; a monitor of a phone what the
//! client of that phone would hear; a monitor of a session what that session hears, with its masks.

use std::sync::Arc;

use smallvec::SmallVec;
use tact_ged188::{
    AgentPreCallAbortEvent, AgentPreCallEvent, AgentState, AgentStateEvent, AgentStateMask,
    BeginCallEvent, CallAgentGreetingEvent, CallClearedEvent, CallConferencedEvent,
    CallConnectionClearedEvent, CallDataUpdateEvent, CallDeliveredEvent, CallDequeuedEvent,
    CallDivertedEvent, CallEstablishedEvent, CallFailedEvent, CallHeldEvent, CallMask,
    CallOriginatedEvent, CallQueuedEvent, CallReachedNetworkEvent, CallRetrievedEvent,
    CallServiceInitiatedEvent, CallTransferredEvent, EndCallEvent, Message, RtpStartedEvent,
    RtpStoppedEvent, Services,
};

use crate::audience::Watched;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::{ClientId, Output, Recipients, Trace};
use crate::machine::Acd;
use crate::refusal::send;
use crate::session::Open;
use crate::variables::Registered;

/// Clients that hear under an own MonitorID.
type Own = SmallVec<[(ClientId, u32); 4]>;

/// Who may hear of a call event.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hearers<'a> {
    /// ALL_EVENTS sessions and monitors of the call.
    All,
    /// Clients of these phones and monitors of them.
    Devices(&'a [DeviceIndex]),
    /// Both.
    Everyone(&'a [DeviceIndex]),
}

/// An event about a call.
pub(crate) trait CallEvent: Clone + Into<Message> {
    /// Says under which MonitorID it is told.
    fn set_monitor(&mut self, monitor_id: u32);

    /// The call it is about, for those who monitor calls.
    fn call(&self) -> Option<u32>;

    /// Keeps the call variables that a client registered; most events have none.
    fn keep(&mut self, _variables: &Registered) {}
}

macro_rules! call_events {
    ($($event:ident: $call:ident $(+ $variables:tt)?),* $(,)?) => {
        $(
            impl CallEvent for $event {
                $(call_events!(@ $variables);)?

                fn set_monitor(&mut self, monitor_id: u32) {
                    self.monitor_id = monitor_id;
                }

                fn call(&self) -> Option<u32> {
                    Some(self.$call)
                }
            }
        )*
    };
    (@ variables) => {
        fn keep(&mut self, variables: &Registered) {
            let (scalars, arrays) = variables.filter(&mut self.floats);
            self.num_named_variables = scalars;
            self.num_named_arrays = arrays;
        }
    };
}

call_events! {
    BeginCallEvent: connection_call_id + variables,
    CallDataUpdateEvent: connection_call_id + variables,
    EndCallEvent: connection_call_id,
    CallDeliveredEvent: connection_call_id + variables,
    CallOriginatedEvent: connection_call_id,
    CallEstablishedEvent: connection_call_id,
    CallHeldEvent: connection_call_id,
    CallRetrievedEvent: connection_call_id,
    CallServiceInitiatedEvent: connection_call_id,
    CallFailedEvent: connection_call_id,
    CallConnectionClearedEvent: connection_call_id,
    CallClearedEvent: connection_call_id,
    CallConferencedEvent: primary_call_id,
    CallTransferredEvent: primary_call_id,
    CallDivertedEvent: connection_call_id,
    CallReachedNetworkEvent: connection_call_id,
    CallQueuedEvent: connection_call_id,
    CallDequeuedEvent: connection_call_id,
    CallAgentGreetingEvent: connection_call_id,
    RtpStartedEvent: connection_call_id,
    RtpStoppedEvent: connection_call_id,
}

macro_rules! pre_call_events {
    ($($event:ident $(+ $variables:tt)?),*) => {
        $(
            impl CallEvent for $event {
                $(call_events!(@ $variables);)?

                fn set_monitor(&mut self, monitor_id: u32) {
                    self.monitor_id = monitor_id;
                }

                fn call(&self) -> Option<u32> {
                    None
                }
            }
        )*
    };
}

pre_call_events!(AgentPreCallEvent + variables, AgentPreCallAbortEvent);

impl Acd {
    /// Tells a call event to those who may hear it and want to.
    pub(crate) fn tell_call<E: CallEvent>(
        &self,
        mask: CallMask,
        hearers: Hearers<'_>,
        event: E,
        out: &mut Vec<Output>,
    ) {
        let (centre, devices) = match hearers {
            Hearers::All => (true, &[][..]),
            Hearers::Devices(devices) => (false, devices),
            Hearers::Everyone(devices) => (true, devices),
        };
        let mut all = Recipients::new();
        let mut own = Own::new();
        let mut particular = false;
        if centre {
            for client in self.audience.all() {
                if let Some(open) = self.session(client)
                    && open.call_mask.contains(mask)
                {
                    all.push(client);
                    particular |= open.variables.is_some();
                }
            }
        }
        if !self.audience.only_all() {
            if centre && let Some(call) = event.call() {
                self.add_monitors(Watched::Call(call), mask, &mut own);
            }
            for device in devices {
                let agent = self.agent_heard_at(*device);
                let about_agent = agent.into_iter().flat_map(|it| self.audience.of_agent(it));
                for client in self.audience.of_device(*device).chain(about_agent) {
                    self.add_own(client, |open| open.call_mask.contains(mask), &mut own);
                }
                self.add_monitors(Watched::Device(*device), mask, &mut own);
            }
            self.add_listeners(&all, &mut own);
        }
        if particular {
            // Who registered variables gets a message of its own.
            all.retain(|client| {
                let particular = self.variables(*client).is_some();
                if particular {
                    own.push((*client, 0));
                }
                !particular
            });
        }
        for (client, monitor_id) in own {
            let mut event = event.clone();
            event.set_monitor(monitor_id);
            if let Some(variables) = self.variables(client) {
                event.keep(variables);
            }
            send(out, client, event);
        }
        if !all.is_empty() {
            out.push(Output::Send {
                to: all,
                message: Arc::new(event.into()),
            });
        }
    }

    /// Adds the monitors of something that want to hear of a call event.
    fn add_monitors(&self, watched: Watched, mask: CallMask, own: &mut Own) {
        for (client, id, wish) in self.audience.watching(watched) {
            if wish.calls.contains(mask) {
                own.push((client, id));
            }
        }
    }

    /// What call variables a client wants, if it said so.
    fn variables(&self, client: ClientId) -> Option<&Registered> {
        self.session(client)?.variables.as_ref()
    }

    /// Tells an AGENT_STATE_EVENT (with MonitorID 0) to those who may hear it and want to, and to the log.
    ///
    /// `again` names the client that asked for what others know already.
    pub(crate) fn tell_state(
        &self,
        agent: AgentIndex,
        device: Option<DeviceIndex>,
        event: AgentStateEvent,
        again: Option<ClientId>,
        out: &mut Vec<Output>,
    ) {
        let state = event.agent_state;
        let wants = |client: ClientId, open: &Open| {
            let tired = open
                .services
                .contains(Services::IGNORE_DUPLICATE_AGENT_EVENTS);
            wants_state(open.state_mask, state)
                && !(tired && again.is_some_and(|asked| asked != client))
        };
        let all: Recipients = self
            .audience
            .all()
            .filter(|client| {
                self.session(*client)
                    .is_some_and(|open| wants(*client, open))
            })
            .collect();
        let mut own = Own::new();
        if !self.audience.only_all() {
            let at_device = device
                .into_iter()
                .flat_map(|it| self.audience.of_device(it));
            for client in self.audience.of_agent(agent).chain(at_device) {
                self.add_own(client, |open| wants(client, open), &mut own);
            }
            let team = self.directory.card(agent).and_then(|card| card.team);
            let team = team.map(Watched::Team);
            for watched in team.into_iter().chain(device.map(Watched::Device)) {
                for (client, id, wish) in self.audience.watching(watched) {
                    if wants_state(wish.states, state) {
                        own.push((client, id));
                    }
                }
            }
            self.add_listeners(&all, &mut own);
        }
        for (client, monitor_id) in own {
            let event = AgentStateEvent {
                monitor_id,
                ..event.clone()
            };
            send(out, client, event);
        }
        let message = Arc::new(Message::from(event));
        if !all.is_empty() {
            out.push(Output::Send {
                to: all,
                message: Arc::clone(&message),
            });
        }
        out.push(Output::Trace(Trace::AgentEvent(message)));
    }

    /// Adds a client that an event concerns, once, unless it hears it with all others.
    fn add_own(&self, client: ClientId, wants: impl Fn(&Open) -> bool, own: &mut Own) {
        let Some(open) = self.session(client) else {
            return;
        };
        let entry = (client, open.monitor_id);
        if !open.hears_all() && wants(open) && !own.contains(&entry) {
            own.push(entry);
        }
    }

    /// Adds those who hear what these sessions hear.
    fn add_listeners(&self, all: &Recipients, own: &mut Own) {
        if !self.audience.sessions_watched() {
            return;
        }
        let mut watched: Recipients = all.clone();
        // Copies of what monitors hear are not copied again.
        watched.extend(own.iter().filter_map(|(client, id)| {
            let open = self.session(*client)?;
            (open.monitor_id == *id).then_some(*client)
        }));
        for session in watched {
            let monitors = self.audience.watching(Watched::Session(session));
            own.extend(monitors.map(|(client, id, _)| (client, id)));
        }
    }

    /// The agent whose client hears of calls at a phone: who is signed in there, or was last and is nowhere else.
    fn agent_heard_at(&self, device: DeviceIndex) -> Option<AgentIndex> {
        self.owner(device).or_else(|| {
            let last = self.audience.last_at(device)?;
            let agent = self.agents.get(last.0)?;
            agent.login.is_none().then_some(last)
        })
    }
}

/// Whether a mask has an agent state. State 9 has no bit, so those above are one lower.
pub(crate) fn wants_state(mask: AgentStateMask, state: AgentState) -> bool {
    let bit = match state.0 {
        low @ 0..=8 => low,
        high @ 10..=14 => high - 1,
        _ => return false,
    };
    mask.0 & (1 << bit) != 0
}

#[cfg(test)]
mod tests;
