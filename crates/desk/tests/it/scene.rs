//! A desk on a stage: time by hand, the CTI server's lines by function, what comes out as short text.

use tact_desk::{
    Action, Change, Config, Desk, Dialog, Input, Keep, Output, Publish, Reject, Request, Side,
};
use tact_ged188::*;

/// A desk and the clock.
pub(crate) struct Scene {
    pub(crate) desk: Desk,
    pub(crate) now: i64,
    /// The last InvokeID that went out.
    pub(crate) invoke: u32,
    /// What the CTI server answers to snapshots: calls by extension, and their answers by id.
    pub(crate) calls_at: Vec<(&'static str, u32)>,
    /// SilentMonitorStatus by extension and call, where there is one.
    pub(crate) monitoring: Vec<(&'static str, u32, u16)>,
    pub(crate) snapshots: Vec<(u32, SnapshotCallConf)>,
    /// What is to outlive the process.
    pub(crate) kept: Vec<String>,
}

impl Scene {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            desk: Desk::new(config),
            now: 1_000_000,
            invoke: 0,
            calls_at: Vec::new(),
            monitoring: Vec::new(),
            snapshots: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// The answer to SNAPSHOT_DEVICE_REQ.
    fn device_snapshot(&self, request: &SnapshotDeviceReq) -> Message {
        let mut conf = SnapshotDeviceConf {
            invoke_id: request.invoke_id,
            ..SnapshotDeviceConf::default()
        };
        let extension = request
            .floats
            .text(Tag::AGENT_INSTRUMENT)
            .unwrap_or_default();
        for (_, id) in self.calls_at.iter().filter(|(at, _)| *at == extension) {
            conf.num_calls += 1;
            conf.floats.push_u32(Tag::CALL_CONN_CALLID, *id);
            conf.floats.push_u16(Tag::CALL_CONN_DEVID_TYPE, 0);
            conf.floats.push_text(Tag::CALL_CONN_DEVID, &extension);
            conf.floats.push_u16(Tag::CALL_STATE, 3);
            for (at, call, status) in &self.monitoring {
                if (*at, call) == (&*extension, id) {
                    conf.floats.push_u16(Tag::SILENT_MONITOR_STATUS, *status);
                }
            }
        }
        conf.into()
    }

    /// The answer to SNAPSHOT_CALL_REQ; a call that nobody prepared is unknown.
    fn call_snapshot(&self, request: &SnapshotCallReq) -> Message {
        let invoke_id = request.invoke_id;
        match self
            .snapshots
            .iter()
            .find(|(id, _)| *id == request.connection_call_id)
        {
            Some((_, conf)) => SnapshotCallConf {
                invoke_id,
                ..conf.clone()
            }
            .into(),
            None => FailureConf {
                invoke_id,
                status: StatusCode::INVALID_CALLID,
                ..FailureConf::default()
            }
            .into(),
        }
    }

    /// A desk in service that knows agents 2001, 2002 (team 5000) and supervisor 2100, all signed out.
    pub(crate) fn in_service() -> Self {
        Self::in_service_with(Config::default())
    }

    pub(crate) fn in_service_with(config: Config) -> Self {
        let mut scene = Self::new(config);
        scene.come_into_service(&[]);
        scene
    }

    /// Opens, downloads and queries; `signed_in` are the agents signed in at their id, NOT_READY.
    pub(crate) fn come_into_service(&mut self, signed_in: &[&str]) -> Vec<String> {
        let outputs = self.outputs_of_service(signed_in);
        self.lines(outputs)
    }

    /// The same; what comes out that is no question.
    pub(crate) fn outputs_of_service(&mut self, signed_in: &[&str]) -> Vec<Output> {
        self.feed(Input::LinkUp { side: Side::A });
        self.cti(open_conf(self.invoke));
        self.cti(team_event(
            TeamOperation::ADD,
            &[("2001", 0), ("2002", 0), ("2100", 4)],
        ));
        self.cti(ConfigKeyEvent::default());
        self.cti(ConfigBeginEvent {
            config_type: ConfigType::SOLICITED,
            config_information: ConfigMask(6),
            ..ConfigBeginEvent::default()
        });
        self.cti(agent_records(&["2001", "2002", "2100"]));
        let mut sent = self.outputs(Input::Cti(ConfigEndEvent::default().into()));
        let mut said = Vec::new();
        while !sent.is_empty() {
            for output in std::mem::take(&mut sent) {
                let answer: Message = match &output {
                    Output::Send(Message::QueryAgentStateReq(request)) => {
                        let id = request
                            .floats
                            .text(Tag::AGENT_ID)
                            .unwrap_or_default()
                            .into_owned();
                        let is_in = signed_in.contains(&id.as_str());
                        let mut conf = QueryAgentStateConf {
                            invoke_id: request.invoke_id,
                            agent_state: if is_in {
                                AgentState::NOT_READY
                            } else {
                                AgentState::LOGOUT
                            },
                            ..QueryAgentStateConf::default()
                        };
                        if is_in {
                            conf.floats.push_text(Tag::AGENT_EXTENSION, &id);
                        }
                        conf.into()
                    }
                    Output::Send(Message::AgentDeskSettingsReq(request)) => {
                        settings(request.invoke_id).into()
                    }
                    Output::Send(Message::SnapshotDeviceReq(request)) => {
                        self.device_snapshot(request)
                    }
                    Output::Send(Message::SnapshotCallReq(request)) => self.call_snapshot(request),
                    other => {
                        said.push(other.clone());
                        continue;
                    }
                };
                sent.extend(self.outputs(Input::Cti(answer)));
            }
        }
        assert!(self.desk.service().in_service, "{:?}", self.desk.service());
        said
    }

    pub(crate) fn outputs(&mut self, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        self.desk
            .handle(self.now, input, &mut out)
            .expect("only requests are refused");
        self.remember(&out);
        out
    }

    pub(crate) fn remember(&mut self, out: &[Output]) {
        for output in out {
            if let Output::Send(message) = output {
                self.invoke = message.invoke_id().unwrap_or(self.invoke);
            }
        }
    }

    /// Hands an input in; what comes out, a line each.
    /// What is to outlive the process goes to `kept` instead.
    pub(crate) fn feed(&mut self, input: Input) -> Vec<String> {
        let outputs = self.outputs(input);
        self.lines(outputs)
    }

    fn lines(&mut self, outputs: Vec<Output>) -> Vec<String> {
        let (kept, other): (Vec<_>, Vec<_>) = outputs
            .into_iter()
            .partition(|output| matches!(output, Output::Keep(_)));
        self.kept.extend(kept.iter().map(line));
        other.iter().map(line).collect()
    }

    pub(crate) fn cti(&mut self, message: impl Into<Message>) -> Vec<String> {
        self.feed(Input::Cti(message.into()))
    }

    /// Lets time pass.
    pub(crate) fn after(&mut self, ms: i64) -> Vec<String> {
        self.now += ms;
        self.feed(Input::Tick)
    }

    pub(crate) fn request(
        &mut self,
        agent: &str,
        action: Action,
        id: &str,
    ) -> Result<Vec<String>, Reject> {
        self.request_by(agent, agent, action, id)
    }

    pub(crate) fn request_by(
        &mut self,
        by: &str,
        agent: &str,
        action: Action,
        id: &str,
    ) -> Result<Vec<String>, Reject> {
        let mut out = Vec::new();
        let request = Request {
            by: by.to_owned(),
            agent: agent.to_owned(),
            action,
            request_id: Some(id.to_owned()),
        };
        self.desk
            .handle(self.now, Input::Request(request), &mut out)?;
        self.remember(&out);
        Ok(out.iter().map(line).collect())
    }

    /// Signs an agent in at an extension, all the way; whatever comes out is dropped.
    pub(crate) fn sign_in(&mut self, agent: &str, extension: &str) {
        self.request(agent, sign_in(extension), "in").unwrap();
        let invoke = self.invoke;
        self.cti(SetAgentStateConf {
            invoke_id: invoke,
            ..SetAgentStateConf::default()
        });
        self.cti(state_event(agent, AgentState::LOGIN, 0, extension));
        self.cti(state_event(agent, AgentState::NOT_READY, 0, extension));
        assert_eq!(self.desk.agent(agent).unwrap().state, AgentState::NOT_READY);
    }

    /// Takes events in, one after the other; what comes out of each, only what is published.
    pub(crate) fn events(&mut self, messages: Vec<Message>) -> Vec<String> {
        let mut lines = Vec::new();
        for message in messages {
            lines.extend(self.feed(Input::Cti(message)));
        }
        lines
    }

    /// What an agent may do on a call, by its words.
    pub(crate) fn actions(&self, dialog: u32, address: &str) -> Vec<&'static str> {
        let dialog = self.desk.dialog(dialog).unwrap();
        let party = dialog.participant(address).unwrap();
        party.actions.iter().map(|action| action.name()).collect()
    }

    /// The agent's calls by id.
    pub(crate) fn dialogs(&self, agent: &str) -> Vec<u32> {
        self.desk
            .dialogs_of(agent)
            .map(|dialog| dialog.id)
            .collect()
    }

    /// Confirms the request that went out last.
    pub(crate) fn confirm(&mut self) -> Vec<String> {
        let invoke_id = self.invoke;
        self.cti(SetAgentStateConf {
            invoke_id,
            ..SetAgentStateConf::default()
        })
    }

    /// Refuses the request that went out last.
    pub(crate) fn refuse(&mut self, failure: ControlFailure, peripheral_error: u32) -> Vec<String> {
        let invoke_id = self.invoke;
        self.cti(ControlFailureConf {
            invoke_id,
            failure_code: failure,
            peripheral_error_code: peripheral_error,
            ..ControlFailureConf::default()
        })
    }

    pub(crate) fn state(&self, agent: &str) -> AgentState {
        self.desk.agent(agent).unwrap().state
    }
}

pub(crate) fn sign_in(extension: &str) -> Action {
    Action::SignIn {
        extension: extension.to_owned(),
        mobile: None,
    }
}

pub(crate) fn ready() -> Action {
    Action::SetState {
        state: AgentState::AVAILABLE,
        reason: None,
    }
}

pub(crate) fn not_ready(reason: u16) -> Action {
    Action::SetState {
        state: AgentState::NOT_READY,
        reason: Some(reason),
    }
}

pub(crate) fn open_conf(invoke_id: u32) -> OpenConf {
    OpenConf {
        invoke_id,
        services_granted: Services(0x021c_0096),
        peripheral_type: PeripheralType::ENTERPRISE_AGENT,
        agent_state: AgentState::UNKNOWN,
        session_type: SessionType::ACTIVE,
        ..OpenConf::default()
    }
}

pub(crate) fn team_event(
    operation: TeamOperation,
    members: &[(&str, u16)],
) -> AgentTeamConfigEvent {
    let mut event = AgentTeamConfigEvent {
        peripheral_id: 5000,
        team_id: 5000,
        number_of_agents: members.len() as u16,
        config_operation: operation,
        ..AgentTeamConfigEvent::default()
    };
    event.floats.push_text(Tag::AGENT_TEAM_NAME, "Minnies_Team");
    for (id, flags) in members {
        event.floats.push_text(Tag::ATC_AGENT_ID, id);
        event.floats.push_u16(Tag::AGENT_FLAGS, *flags);
        event
            .floats
            .push_u16(Tag::ATC_AGENT_STATE, AgentState::LOGOUT.0);
        event.floats.push_u32(Tag::ATC_STATE_DURATION, 60);
    }
    event
}

pub(crate) fn agent_records(ids: &[&str]) -> ConfigAgentEvent {
    let mut event = ConfigAgentEvent {
        num_records: ids.len() as u16,
        ..ConfigAgentEvent::default()
    };
    for id in ids {
        event.floats.push_u16(Tag::RECORD_TYPE, 0);
        event.floats.push_u32(Tag::PERIPHERAL_ID, 5000);
        event
            .floats
            .push_u16(Tag::AGENT_TYPE, if *id == "2100" { 2 } else { 1 });
        event.floats.push_text(Tag::LOGIN_ID, id);
        event
            .floats
            .push_text(Tag::LOGIN_NAME, &format!("User{id}"));
        event.floats.push_text(Tag::LAST_NAME, "Mouse");
        event.floats.push_text(Tag::FIRST_NAME, "Mickey");
        event.floats.push_u32(Tag::AGENT_SKILL_TARGET_ID, 5001);
        event.floats.push_u16(Tag::NUM_SKILLS, 0);
    }
    event
}

pub(crate) fn settings(invoke_id: u32) -> AgentDeskSettingsConf {
    AgentDeskSettingsConf {
        invoke_id,
        peripheral_id: 5000,
        wrapup_data_incoming_mode: 1,
        wrapup_data_outgoing_mode: 2,
        ..AgentDeskSettingsConf::default()
    }
}

pub(crate) fn state_event(
    agent: &str,
    state: AgentState,
    reason: u16,
    extension: &str,
) -> AgentStateEvent {
    let mut event = AgentStateEvent {
        peripheral_id: 5000,
        peripheral_type: PeripheralType::ENTERPRISE_AGENT,
        skill_group_state: state,
        agent_state: state,
        event_reason_code: reason,
        mrd_id: 1,
        ..AgentStateEvent::default()
    };
    event.floats.push_text(Tag::AGENT_ID, agent);
    event.floats.push_text(Tag::AGENT_EXTENSION, extension);
    event.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
    event
}

pub(crate) fn system_event(id: SystemEventId, peripheral: u32) -> SystemEvent {
    SystemEvent {
        system_event_id: id,
        system_event_arg1: peripheral,
        ..SystemEvent::default()
    }
}

/// One output as a line.
pub(crate) fn line(output: &Output) -> String {
    match output {
        Output::Send(Message::SetAgentStateReq(request)) => format!(
            "send SET_AGENT_STATE_REQ {} state {} reason {} at {}",
            request.floats.text(Tag::AGENT_ID).unwrap_or_default(),
            request.agent_state.0,
            request.event_reason_code,
            request
                .floats
                .text(Tag::AGENT_INSTRUMENT)
                .unwrap_or_default(),
        ),
        Output::Send(message) => format!("send {}", message.name()),
        Output::Disconnect { reason } => format!("disconnect: {reason}"),
        Output::Publish(Publish::User { agent, request_id }) => {
            format!("user {agent} {}", request_id.as_deref().unwrap_or("-"))
        }
        Output::Publish(Publish::UserError {
            agent,
            request_id,
            failure,
            peripheral_error,
            ..
        }) => {
            format!(
                "error {agent} {} {} {peripheral_error}",
                request_id.as_deref().unwrap_or("-"),
                failure.0
            )
        }
        Output::Publish(publish) => publish_line(publish),
        Output::Note(note) => format!("note {note:?}"),
        Output::Keep(Keep::Watched { agent, watched }) => format!("watched {agent} {watched}"),
        Output::Keep(Keep::SignedOut {
            agent,
            reason,
            cause,
            ..
        }) => format!("signed out {agent} {reason:?} {cause:?}"),
    }
}

fn publish_line(publish: &Publish) -> String {
    match publish {
        Publish::Dialogs {
            agent,
            event,
            dialog,
            request_id,
        } => {
            let word = match event {
                Change::Post => "POST",
                Change::Delete => "DELETE",
            };
            format!(
                "{word} {agent} {} {}",
                dialog_line(dialog),
                request_id.as_deref().unwrap_or("-")
            )
        }
        Publish::Dialog {
            agent,
            dialog,
            request_id,
        } => format!(
            "PUT {agent} {} {}",
            dialog_line(dialog),
            request_id.as_deref().unwrap_or("-")
        ),
        Publish::DialogError {
            agent,
            dialog,
            request_id,
            failure,
            peripheral_error,
            ..
        } => format!(
            "dialog error {agent} {dialog:?} {} {} {peripheral_error}",
            request_id.as_deref().unwrap_or("-"),
            failure.0
        ),
        Publish::Queue { number } => format!("queue {number}"),
        Publish::SystemInfo => "system".to_owned(),
        Publish::User { .. } | Publish::UserError { .. } => unreachable!("lines of their own"),
    }
}

/// A dialog in short: id, state, each party's address and state.
pub(crate) fn dialog_line(dialog: &Dialog) -> String {
    let parties: Vec<String> = dialog
        .participants
        .iter()
        .map(|party| format!("{}:{:?}", party.address, party.state))
        .collect();
    format!("{} {:?} [{}]", dialog.id, dialog.state, parties.join(" "))
}
