//! The twelve steps of a login. Every component, log, span, test and picture uses these ids.

/// One step of a login, in the order in which a healthy login takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 1: the browser loads the agent desktop.
    Desktop,
    /// 2: GET SystemInfo: status, domains, both nodes.
    SystemInfo,
    /// 3: BOSH or WebSocket session: SASL, bind.
    EventChannel,
    /// 4: presence reaches the server.
    Presence,
    /// 5: GET User/{id}.
    User,
    /// 6: PUT User/{id} LOGIN with extension and requestId, answered 202.
    SignIn,
    /// 7: SET_AGENT_STATE_REQ.
    CtiRequest,
    /// 8: AGENT_STATE_EVENT, LOGIN then NOT_READY.
    CtiEvent,
    /// 9: the event goes to the node /finesse/api/User/{id}.
    Publish,
    /// 10: the Update with the same requestId reaches the desktop.
    Deliver,
    /// 11: the desktop shows the agent signed in.
    SignedIn,
    /// 12: Dialogs, ReasonCodes, PhoneBooks, from the configuration database.
    AgentData,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Step; 12] = [
        Step::Desktop,
        Step::SystemInfo,
        Step::EventChannel,
        Step::Presence,
        Step::User,
        Step::SignIn,
        Step::CtiRequest,
        Step::CtiEvent,
        Step::Publish,
        Step::Deliver,
        Step::SignedIn,
        Step::AgentData,
    ];

    /// The id used in logs, JSON and tests.
    pub fn id(self) -> &'static str {
        match self {
            Step::Desktop => "desktop",
            Step::SystemInfo => "system_info",
            Step::EventChannel => "event_channel",
            Step::Presence => "presence",
            Step::User => "user",
            Step::SignIn => "sign_in",
            Step::CtiRequest => "cti_request",
            Step::CtiEvent => "cti_event",
            Step::Publish => "publish",
            Step::Deliver => "deliver",
            Step::SignedIn => "signed_in",
            Step::AgentData => "agent_data",
        }
    }

    /// The step with this id.
    pub fn from_id(id: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn ids_are_unique_and_round_trip() {
        for step in Step::ALL {
            assert_eq!(Step::from_id(step.id()), Some(step));
        }
    }
}
