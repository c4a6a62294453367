//! A small centre and clients that talk to it.

use std::net::{Ipv4Addr, SocketAddr};

use tact_acd::config::{AgentConfig, DeskSettings, SkillGroupConfig, TeamConfig};
use tact_acd::{Acd, ClientId, Config, Input, Output};
use tact_ged188::{
    AgentState, AgentStateEvent, DeskSettingsMask, Message, OpenReq, Services, SetAgentStateReq,
    Tag,
};

pub(crate) const PERIPHERAL: u32 = 5000;
/// Desk settings under which reasons are required; agent 2003 works under them.
pub(crate) const STRICT: u32 = 7;

/// Agents 2001 to 2003 and supervisor 2100 in team 5000, agent 2050 in team 5001; phones 3001 to 3004.
pub(crate) fn centre() -> Config {
    let agent = |id: &str, icm_agent_id, team, supervisor| AgentConfig {
        id: id.into(),
        login_name: format!("user{id}"),
        first_name: "First".into(),
        last_name: format!("Last{id}"),
        icm_agent_id,
        supervisor,
        team_id: Some(team),
        skill_groups: vec![101, 102],
        ..AgentConfig::default()
    };
    let mut strict = agent("2003", 5003, 5000, false);
    strict.desk_settings = STRICT;
    strict.skill_groups = Vec::new();
    let team = |id, name: &str, supervisors: &[&str]| TeamConfig {
        id,
        name: name.into(),
        supervisors: supervisors.iter().map(|id| (*id).into()).collect(),
    };
    let group = |number, id, name: &str| SkillGroupConfig {
        number,
        id,
        name: name.into(),
    };
    Config {
        agents: vec![
            agent("2001", 5001, 5000, false),
            agent("2002", 5002, 5000, false),
            strict,
            agent("2050", 5050, 5001, false),
            agent("2100", 5100, 5000, true),
        ],
        teams: vec![team(5000, "Sales", &["2100"]), team(5001, "Support", &[])],
        skill_groups: vec![group(101, 6001, "SG_1"), group(102, 6002, "SG_2")],
        extensions: ["3001", "3002", "3003", "3004"].map(String::from).into(),
        desk_settings: vec![
            DeskSettings::default(),
            DeskSettings {
                id: STRICT,
                mask: DeskSettingsMask::IDLE_REASON_REQUIRED
                    | DeskSettingsMask::LOGOUT_REASON_REQUIRED,
                wrapup_incoming: 0,
                ..DeskSettings::default()
            },
        ],
        ..Config::new(PERIPHERAL)
    }
}

/// A machine and its time.
pub(crate) struct Centre {
    pub(crate) acd: Acd,
    pub(crate) now: i64,
    last_client: u32,
}

impl Centre {
    pub(crate) fn new() -> Centre {
        Centre::of(centre())
    }

    pub(crate) fn of(config: Config) -> Centre {
        let now = 1_700_000_000_000;
        Centre {
            acd: Acd::new(config, now),
            now,
            last_client: 0,
        }
    }

    pub(crate) fn handle(&mut self, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        self.acd.handle(self.now, input, &mut out);
        out
    }

    /// A client that has said nothing yet.
    pub(crate) fn connect(&mut self) -> ClientId {
        self.last_client += 1;
        let client = ClientId(self.last_client);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 40_000));
        assert!(self.handle(Input::Connected { client, address }).is_empty());
        client
    }

    /// A client that may do everything and hears of everyone.
    pub(crate) fn open(&mut self) -> ClientId {
        self.open_with(open_req())
    }

    pub(crate) fn open_with(&mut self, request: OpenReq) -> ClientId {
        let client = self.connect();
        let out = self.send(client, request);
        assert_eq!(name_of(&out, 0), "OPEN_CONF");
        client
    }

    /// Everything that the machine has to say to anyone about a message.
    pub(crate) fn send(&mut self, client: ClientId, message: impl Into<Message>) -> Vec<Output> {
        self.handle(Input::Message {
            client,
            message: message.into(),
        })
    }

    /// The messages to one client that follow from its message.
    pub(crate) fn ask(&mut self, client: ClientId, message: impl Into<Message>) -> Vec<Message> {
        let out = self.send(client, message);
        sent_to(&out, client)
    }

    /// The one answer to a message.
    pub(crate) fn answer(&mut self, client: ClientId, message: impl Into<Message>) -> Message {
        let mut answers = self.ask(client, message);
        assert_eq!(answers.len(), 1, "{answers:?}");
        answers.remove(0)
    }

    /// Signs in; the answer and the events.
    pub(crate) fn sign_in(
        &mut self,
        client: ClientId,
        agent: &str,
        extension: &str,
    ) -> Vec<Message> {
        self.ask(client, login_req(agent, extension))
    }

    /// Asks for a state; the answer and the events.
    pub(crate) fn set(
        &mut self,
        client: ClientId,
        agent: &str,
        state: AgentState,
        reason: u16,
    ) -> Vec<Message> {
        self.ask(client, state_req(agent, state, reason))
    }

    pub(crate) fn state(&self, agent: &str) -> AgentState {
        self.acd.agent(agent).unwrap().state
    }
}

/// An OPEN_REQ of protocol 24 for everything there is.
pub(crate) fn open_req() -> OpenReq {
    let mut request = OpenReq {
        invoke_id: 1,
        version_number: 24,
        idle_timeout: 20,
        peripheral_id: PERIPHERAL,
        services_requested: Services::ALL_EVENTS | Services::CLIENT_CONTROL | Services::SUPERVISOR,
        ..Default::default()
    };
    request.call_msg_mask.0 = 0x0fff_ffff;
    request.agent_state_mask.0 = 0x3fff;
    request.floats.push_text(Tag::CLIENT_ID, "desk");
    request.floats.push_text(Tag::CLIENT_SIGNATURE, "Finesse");
    request
}

/// An OPEN_REQ of a client about one agent.
pub(crate) fn agent_open_req(
    client_id: &str,
    agent: Option<&str>,
    extension: Option<&str>,
) -> OpenReq {
    let mut request = OpenReq {
        services_requested: Services::CLIENT_EVENTS | Services::CLIENT_CONTROL,
        floats: Default::default(),
        ..open_req()
    };
    request.floats.push_text(Tag::CLIENT_ID, client_id);
    for (tag, value) in [(Tag::AGENT_ID, agent), (Tag::AGENT_EXTENSION, extension)] {
        if let Some(value) = value {
            request.floats.push_text(tag, value);
        }
    }
    request
}

pub(crate) fn login_req(agent: &str, extension: &str) -> SetAgentStateReq {
    let mut request = state_req(agent, AgentState::LOGIN, 0);
    request.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
    request.floats.push_text(Tag::AGENT_PASSWORD, "");
    request
}

pub(crate) fn state_req(agent: &str, state: AgentState, reason: u16) -> SetAgentStateReq {
    let mut request = SetAgentStateReq {
        invoke_id: 77,
        peripheral_id: PERIPHERAL,
        agent_state: state,
        event_reason_code: reason,
        ..Default::default()
    };
    request.floats.push_text(Tag::AGENT_ID, agent);
    request
}

/// The messages to one client.
pub(crate) fn sent_to(out: &[Output], client: ClientId) -> Vec<Message> {
    out.iter()
        .filter_map(|output| match output {
            Output::Send { to, message } if to.contains(&client) => Some(Message::clone(message)),
            _ => None,
        })
        .collect()
}

/// The name of the nth message that is sent.
pub(crate) fn name_of(out: &[Output], nth: usize) -> &'static str {
    let messages: Vec<&'static str> = out
        .iter()
        .filter_map(|output| match output {
            Output::Send { message, .. } => Some(message.name()),
            _ => None,
        })
        .collect();
    messages[nth]
}

pub(crate) fn names(messages: &[Message]) -> Vec<&'static str> {
    messages.iter().map(Message::name).collect()
}

/// The status of a FAILURE_CONF or FAILURE_EVENT.
pub(crate) fn status(message: &Message) -> u32 {
    match message {
        Message::FailureConf(failure) => failure.status.0,
        Message::FailureEvent(failure) => failure.status.0,
        other => panic!("no failure: {other:?}"),
    }
}

/// The two codes of a CONTROL_FAILURE_CONF.
pub(crate) fn refusal(message: &Message) -> (u16, u32) {
    match message {
        Message::ControlFailureConf(failure) => {
            assert_eq!(failure.invoke_id, 77);
            (failure.failure_code.0, failure.peripheral_error_code)
        }
        other => panic!("no refusal: {other:?}"),
    }
}

/// The AGENT_STATE_EVENTs among some messages.
pub(crate) fn events(messages: &[Message]) -> Vec<AgentStateEvent> {
    messages
        .iter()
        .filter_map(|message| match message {
            Message::AgentStateEvent(event) => Some(event.clone()),
            _ => None,
        })
        .collect()
}
